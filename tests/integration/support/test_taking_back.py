"""What a head takes back, what rests and what was sent twice: visits wait, words say why, nothing is booked or written a second time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions.agreements import agree, withdraw
from convenor.support.actions.lessons import share_lesson, take_back_lesson
from convenor.support.actions.notes import write_note
from convenor.support.actions.package_beside import pause, resume
from convenor.support.actions.plan import set_plan
from convenor.support.actions.progress import hold_review
from convenor.support.actions.visits import move, plan_visit
from convenor.support.models import CapacityYear, Evaluation, NoteOfVisit, Package, ProgressReview, Visit
from convenor.support.queries.evaluation import lesson_stands, own_lesson
from convenor.support.queries.standing import package_here
from convenor.support.rules.progress import Rating, Review
from convenor.support.rules.refusals import ChangedMeanwhile, Missing, OutOfTurn
from convenor.support.rules.states import Progress, ReviewDecision
from tests.factories.support import SLUG, World, package, supporting
from tests.factories.support_deployments import GOAL, NOW, TODAY, WORDS, visit
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
AHEAD = date(2026, 11, 18)
LESSON = "Begin with one class."


@pytest.fixture
def here() -> World:
    return supporting()


def shown(here: World, who: str, name: str, *parts: object, at: datetime = NOW) -> str:
    with patch("django.utils.timezone.now", return_value=at):
        return signed_in(here.people[who], code=True).get(reverse(name, args=[SLUG, *parts])).content.decode()


# An agreement taken back


@pytest.mark.parametrize("who", ["head", "lender"])
def test_no_visit_is_planned_after_a_head_took_the_agreement_back(here: World, who: str) -> None:
    row = package(here)
    planned = visit(here, row, on=AHEAD)
    withdraw(slug=SLUG, package_id=row.pk, by=here[who], at=NOW)
    with pytest.raises(Missing, match="taken back"):
        visit(here, row, on=AHEAD + timedelta(days=7), by="head")
    move(slug=SLUG, visit_id=planned.pk, on=date(2026, 11, 19), by=here["head"], at=NOW)
    assert Visit.objects.count() == 1


def test_the_page_of_visits_says_why_none_is_planned(here: World) -> None:
    row = package(here)
    before = shown(here, "head", "support-visits", row.pk)
    withdraw(slug=SLUG, package_id=row.pk, by=here["lender"], at=NOW)
    after = shown(here, "head", "support-visits", row.pk)
    words = (
        "Plan a visit",
        "An agreement to the plan was taken back. Visits are planned again once both heads agree; those planned before",
    )
    assert [[each in text for each in words] for text in (before, after)] == [[True, False], [False, True]]


def test_visits_are_planned_again_once_both_heads_agree(here: World) -> None:
    row = package(here)
    withdraw(slug=SLUG, package_id=row.pk, by=here["head"], at=NOW)
    agree(slug=SLUG, package_id=row.pk, plan_version=1, by=here["head"], at=NOW)
    assert visit(here, row, on=AHEAD).on == AHEAD


def test_a_plan_that_is_changed_stops_no_visit(here: World) -> None:
    row = package(here)
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW)
    assert visit(here, row, on=AHEAD).on == AHEAD


# A form sent twice


def test_a_visit_sent_twice_is_booked_once(here: World) -> None:
    row = package(here)
    assert row.supporter is not None
    sent = {"on": AHEAD.isoformat(), "half_days": "1", "what": "Lessons", "version": str(row.version)}
    with patch("django.utils.timezone.now", return_value=NOW):
        browser = signed_in(here.people["supporter"])
        got = [browser.post(reverse("support-visit-new", args=[SLUG, row.pk]), sent) for _ in range(2)]
    assert [each.status_code for each in got] == [302, 422]
    assert "perhaps by your own first press. Look at its visits before you press again" in got[1].content.decode()
    assert (Visit.objects.count(), CapacityYear.objects.get(supporter=row.supporter, year="2026-27").half_days_booked) == (1, 1)


def test_a_visit_planned_from_what_was_read_long_ago_is_refused(here: World) -> None:
    row = package(here)
    with pytest.raises(ChangedMeanwhile) as told:
        plan_visit(slug=SLUG, package_id=row.pk, on=AHEAD, half_days=1, by=here["head"], at=NOW, version=row.version - 1)
    assert (told.value.now, Visit.objects.count()) == (row.version, 0)


def test_the_very_same_note_is_sent_once(here: World) -> None:
    held = visit(here, package(here))
    given = {"slug": SLUG, "visit_id": held.pk, "held_on": TODAY, "by": here["supporter"], "at": NOW}
    write_note(words=WORDS, **given)
    with pytest.raises(OutOfTurn, match="already"):
        write_note(words=WORDS, **given)
    assert NoteOfVisit.objects.count() == 1


# A package that is paused

REVIEW = Review(TODAY, (Rating(1, Progress.GREEN, ""),), ReviewDecision.CONTINUE, "Goes well.", TODAY + timedelta(days=60))


def test_a_paused_package_takes_no_visits_and_no_reviews(here: World) -> None:
    row = package(here)
    pause(slug=SLUG, package_id=row.pk, until_on=date(2026, 12, 1), by=here["head"], at=NOW)
    for doing in (
        lambda: visit(here, row, on=AHEAD),
        lambda: hold_review(slug=SLUG, package_id=row.pk, review=REVIEW, by=here["supporter"], at=NOW),
    ):
        with pytest.raises(OutOfTurn, match=r"is paused until Tuesday 1 December 2026\. A head or its broker presses “Go on"):
            doing()
    assert (Visit.objects.count(), ProgressReview.objects.count()) == (0, 0)


def test_it_takes_them_again_once_it_goes_on(here: World) -> None:
    row = package(here)
    pause(slug=SLUG, package_id=row.pk, by=here["head"], at=NOW)
    resume(slug=SLUG, package_id=row.pk, by=here["head"], at=NOW)
    hold_review(slug=SLUG, package_id=row.pk, review=REVIEW, by=here["supporter"], at=NOW)
    assert visit(here, row, on=AHEAD).on == AHEAD


def test_what_was_held_before_the_pause_is_written_down_still(here: World) -> None:
    row = package(here)
    planned = visit(here, row)
    pause(slug=SLUG, package_id=row.pk, by=here["head"], at=NOW)
    later = NOW + timedelta(days=8)
    write_note(slug=SLUG, visit_id=planned.pk, words=WORDS, held_on=TODAY, by=here["supporter"], at=later)
    assert visit(here, row, on=date(2026, 11, 4), at=later).delivered_on == date(2026, 11, 4)
    with pytest.raises(OutOfTurn):
        visit(here, row, on=TODAY + timedelta(days=1), at=later)


def test_a_visit_planned_for_a_day_of_the_pause_was_not_held(here: World) -> None:
    row = package(here)
    planned = visit(here, row, on=AHEAD)
    pause(slug=SLUG, package_id=row.pk, by=here["head"], at=NOW)
    with pytest.raises(OutOfTurn):
        write_note(slug=SLUG, visit_id=planned.pk, words=WORDS, held_on=AHEAD, by=here["supporter"], at=NOW + timedelta(days=9))


def test_the_pages_say_how_a_paused_package_goes_on(here: World) -> None:
    row = package(here)
    pause(slug=SLUG, package_id=row.pk, by=here["head"], at=NOW)
    for name in ("support-visits", "support-progress"):
        text = shown(here, "head", name, row.pk)
        assert (text.count("Go on with the support"), "Plan a visit" in text, "Hold a review" in text) == (1, False, False)


# A lesson taken back

ENDED = datetime.fromisoformat("2026-12-17T09:00:00+00:00")
LONG_AFTER = ENDED + timedelta(days=400)


def shared(here: World) -> Package:
    """A package that ended with a lesson that both heads shared."""
    row = package(here, "after")
    Evaluation.objects.create(package=row, side="supplying", moment="end", words="", objectives=[], at=ENDED, by=here.people["supporter"])
    share_lesson(slug=SLUG, package_id=row.pk, words=LESSON, read="", by=here["head"], at=ENDED)
    share_lesson(slug=SLUG, package_id=row.pk, words=LESSON, read=LESSON, by=here["lender"], at=ENDED)
    assert lesson_stands(row.pk, viewer=here["head"]).shared
    return row


def test_who_lent_takes_a_lesson_back_long_after_the_package_closed_to_them(here: World) -> None:
    row = shared(here)
    assert package_here(SLUG, row.pk, viewer=here["lender"], at=LONG_AFTER) is None
    text = shown(here, "lender", "support-directory", at=LONG_AFTER)
    address = reverse("support-lesson-back", args=[SLUG, row.pk])
    with patch("django.utils.timezone.now", return_value=LONG_AFTER):
        browser = signed_in(here.people["lender"])
        page = browser.get(address).content.decode()
        done = browser.post(address)
    assert (LESSON in text, address in text, LESSON in page) == (True, True, True)
    assert done.headers["Location"] == reverse("support-directory", args=[SLUG])
    assert LESSON not in shown(here, "lender", "support-directory", at=LONG_AFTER)


def test_nobody_else_takes_it_back_or_finds_the_way(here: World) -> None:
    row = shared(here)
    mine = {who: own_lesson(SLUG, row.pk, viewer=viewer) is not None for who, viewer in here.viewers.items()}
    assert {who for who, may in mine.items() if may} == {"head", "chair of governors", "lender"}
    for who in ("supporter", "broker", "manager", "other head", "school leader"):
        with pytest.raises(NotThere):
            take_back_lesson(slug=SLUG, package_id=row.pk, by=here[who], at=LONG_AFTER)
    assert "Take this lesson back" not in shown(here, "other head", "support-directory")
    assert lesson_stands(row.pk, viewer=here["head"]).shared
