"""What a withdrawal hides, and from whom: leak tests with something to leak, for each class of record. The school always sees its own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from convenor.agreements.actions import withdraw
from convenor.agreements.models import Agreed
from convenor.agreements.rules.classes import DataClass
from convenor.intelligence.models import EnteredFigure, SoftSignal
from convenor.intelligence.queries import conversations, suggestions
from convenor.intelligence.queries.entered import entered_lines, school_entries
from convenor.intelligence.queries.soft_signals import school_signals
from convenor.intelligence.rules.lines import with_entered
from convenor.partnership.gate import Viewer
from convenor.peer_review.models import Grant, Report
from convenor.peer_review.queries.reports import report
from convenor.peer_review.queries.reviews_of_school import reviews_of_school
from convenor.peer_review.queries.standing import review_here
from convenor.peer_review.queries.themes import round_table
from convenor.peer_review.rules.states import State
from convenor.support.models import Evaluation, NoteOfVisit, OtherSupport
from convenor.support.queries.others import others_at
from convenor.support.queries.packages import seen_by
from convenor.support.queries.standing import package_here
from convenor.support.rules.ownership import Sight
from tests.factories import intelligence_conversations as talking
from tests.factories import support as supported
from tests.factories.agreements import adopted, all_of
from tests.factories.intelligence_conversations import LinesNow, circle, conversation, lines
from tests.factories.intelligence_entered import AT, ON, SCHOOL, SLUG, World, entered, noted
from tests.factories.peer_review import HOST, MOMENTS, SECRETS, review, reviewing
from tests.factories.review_reports import ended_round
from tests.factories.support import RECEIVER, package, supporting

pytestmark = pytest.mark.django_db


def agree_then_withdraw(here: World, urn: str, data_class: DataClass, at: datetime = AT) -> None:
    """The school had agreed to everything, and withdraws from one class."""
    adopted(here)
    all_of(here, urn)
    withdraw(slug=SLUG, urn=urn, classes=[data_class], by=here["head"], at=at)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> World:
    """A head entered a vacancy, a lead noted a signal; both are among the lines that the broker shared."""
    here = circle()
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {SCHOOL: LinesNow(lines(), "run", "2026")})
    entered(here, HD=["vacant"])
    noted(here)
    found = entered_lines([SCHOOL], partnership_id=here.partnership.pk, at=ON)[SCHOOL]
    whole = with_entered(lines(), found, [line.code for line in lines().lines])
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {SCHOOL: LinesNow(whole, "run", "2026")})
    conversation(here, cluster=True)
    return here


def seen_of_entered(here: World, who: str) -> tuple[int, int, int]:
    """How many figures, signals and entered lines of the frozen conversation somebody sees."""
    figures = school_entries(SLUG, SCHOOL, viewer=here[who], at=AT)
    signals = school_signals(SLUG, SCHOOL, viewer=here[who], at=AT)
    row = here.partnership.pk and conversations.EarlyConversation.objects.get().pk
    page = conversations.conversation(SLUG, row, viewer=here[who], at=AT)
    frozen = [line for line in page.assessment.lines if line.told and not line.edition] if page and page.assessment else []
    return len(figures.figures if figures else ()), len(signals.signals if signals else ()), len(frozen)


def test_what_was_entered_is_hidden_beyond_the_school_and_from_nobody_of_it(told: World) -> None:
    before = {who: seen_of_entered(told, who) for who in ("head", "school leader", "broker", "cluster lead", "officer")}
    agree_then_withdraw(told, SCHOOL, DataClass.ENTERED)
    after = {who: seen_of_entered(told, who) for who in before}
    assert before == {
        "head": (1, 1, 2), "school leader": (1, 1, 2), "broker": (1, 1, 2), "cluster lead": (1, 1, 2), "officer": (0, 0, 0),
    }  # fmt: skip
    assert after == {
        "head": (1, 1, 2), "school leader": (1, 1, 2), "broker": (0, 0, 0), "cluster lead": (0, 1, 0), "officer": (0, 0, 0),
    }  # fmt: skip  # the lead noted the signal, and still sees it
    assert (EnteredFigure.objects.count(), SoftSignal.objects.count()) == (1, 1)


def test_withdrawn_entries_make_no_line_for_anybody_but_the_school(told: World) -> None:
    agree_then_withdraw(told, SCHOOL, DataClass.ENTERED)
    viewers = {"nobody": None} | {who: told[who] for who in ("head", "broker", "manager", "board member")}
    made = {who: len(entered_lines([SCHOOL], partnership_id=told.partnership.pk, at=AT, viewer=each)) for who, each in viewers.items()}
    assert made == {"nobody": 0, "head": 1, "broker": 0, "manager": 0, "board member": 0}


def test_agreeing_again_shows_it_again(told: World) -> None:
    agree_then_withdraw(told, SCHOOL, DataClass.ENTERED)
    Agreed.objects.exclude(withdrawn_at=None).update(withdrawn_at=None)
    assert seen_of_entered(told, "broker") == (1, 1, 2)


def test_another_class_withdrawn_hides_nothing_of_this_one(told: World) -> None:
    agree_then_withdraw(told, SCHOOL, DataClass.SUPPORT)
    assert seen_of_entered(told, "broker") == (1, 1, 2)


def reads_report(here: World, who: str, pk: int, at: datetime) -> tuple[bool, bool]:
    """Whether somebody still finds the review, and whether the report's words reach them."""
    found = review_here(SLUG, pk, viewer=here[who], at=at)
    page = report(found, viewer=here[who], at=at) if found else None
    return found is not None, page is not None and SECRETS["draft"] in repr(page)


def test_final_report_is_read_by_its_host_alone_once_it_withdrew() -> None:
    here, at = reviewing(), MOMENTS[State.ACTIONS_AGREED] + timedelta(hours=1)
    row = review(here, until=State.ACTIONS_AGREED)
    Grant.objects.create(review=row, person=here.people["officer"], granted_at=at, granted_by="Ada Example")
    people = ("head", "school leader", "lead", "second", "officer", "manager", "other head")
    before = {who: reads_report(here, who, row.pk, at) for who in people}
    agree_then_withdraw(here, HOST, DataClass.REVIEWS, at)
    after = {who: reads_report(here, who, row.pk, at) for who in people}
    assert before == {
        "head": (True, True), "school leader": (True, True), "lead": (True, True), "second": (True, True), "officer": (True, True),
        "manager": (True, False), "other head": (True, True),
    }  # fmt: skip  # the other head leads the team
    assert after == dict.fromkeys(people, (True, False)) | {"head": (True, True), "school leader": (True, True)}
    assert [each.reports for each in reviews_of_school(HOST, viewer=here["officer"], at=at)] == [False]
    assert Report.objects.filter(review=row).count() > 0


def test_review_under_way_is_finished_with_its_team() -> None:
    here, at = reviewing(), MOMENTS[State.REPORT_FINAL] + timedelta(hours=1)
    row = review(here, until=State.REPORT_FINAL)
    Grant.objects.create(review=row, person=here.people["officer"], granted_at=at, granted_by="Ada Example")
    agree_then_withdraw(here, HOST, DataClass.REVIEWS, at)
    assert {who: reads_report(here, who, row.pk, at) for who in ("head", "lead", "officer")} == {
        "head": (True, True), "lead": (True, True), "officer": (True, False),
    }  # fmt: skip


def test_reviews_of_schools_that_do_not_agree_count_in_no_new_themes() -> None:
    here = reviewing()
    row = ended_round(here, reports=12, reading=6)
    assert round_table(row, viewer=here["manager"], at=AT).reports == 12
    adopted(here)
    assert round_table(row, viewer=here["manager"], at=AT).reports == 0


def sees(here: World, who: str, pk: int, at: datetime) -> set[Sight]:
    found = package_here(SLUG, pk, viewer=here[who], at=at)
    return set(found.sights) if found else set()


def test_package_that_ended_is_read_by_its_school_alone_once_it_withdrew() -> None:
    here, at = supporting(), supported.MOMENTS["after"] + timedelta(days=1)
    row = package(here, "after")
    people = ("head", "broker", "supporter", "lender", "manager")
    before = {who: sees(here, who, row.pk, at) for who in people}
    agree_then_withdraw(here, RECEIVER, DataClass.SUPPORT, at)
    after = {who: sees(here, who, row.pk, at) for who in people}
    assert all(Sight.EVALUATION in before[who] for who in people)
    assert {who: after[who] == before[who] for who in people} == dict.fromkeys(people, False) | {"head": True}
    assert set().union(*(after[who] for who in people if who != "head")) == {Sight.STATES, Sight.MONEY}
    assert (Evaluation.objects.count() > 0, NoteOfVisit.objects.count() > 0) == (True, True)


def test_package_that_runs_is_still_worked_with_by_those_who_work_in_it() -> None:
    here, at = supporting(), supported.MOMENTS["active"] + timedelta(days=20)
    row = package(here, "active")
    people = ("head", "broker", "supporter", "lender")
    before = {who: sees(here, who, row.pk, at) for who in people}
    agree_then_withdraw(here, RECEIVER, DataClass.SUPPORT, at)
    assert {who: sees(here, who, row.pk, at) for who in people} == before
    assert sees(here, "manager", row.pk, at) == {Sight.STATES, Sight.MONEY}
    assert list(seen_by(viewer=here["manager"], at=at).values_list("pk", flat=True)) == [row.pk]


def test_who_else_works_with_a_school_is_told_to_its_running_broker_alone() -> None:
    here = supporting()
    OtherSupport.objects.create(
        partnership=here.partnership, school_id=RECEIVER, kind="hub", name="A hub of elsewhere", from_on=ON - timedelta(days=9),
        recorded_at=AT, recorded_by="the test",
    )  # fmt: skip

    def entries(viewer: Viewer) -> int:
        return sum(not each.standing for each in others_at(RECEIVER, viewer=viewer, at=AT))

    people = ("head", "broker", "manager")
    assert {who: entries(here[who]) for who in people} == dict.fromkeys(people, 1)
    agree_then_withdraw(here, RECEIVER, DataClass.SUPPORT)
    assert {who: entries(here[who]) for who in people} == {"head": 1, "broker": 0, "manager": 0}
    package(here, "active")
    assert {who: entries(here[who]) for who in people} == {"head": 1, "broker": 1, "manager": 0}


def test_without_a_text_everything_stays_as_it_was(told: World) -> None:
    assert (talking.SLUG, seen_of_entered(told, "broker")) == (SLUG, (1, 1, 2))
