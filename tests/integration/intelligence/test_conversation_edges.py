"""Where the circle of a conversation might leak: schools that left, brokers that are none any more, what is said after the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.intelligence import actions
from convenor.intelligence.models import Reply
from convenor.intelligence.queries import conversation_counts as counts
from convenor.intelligence.queries import conversations as queries
from convenor.intelligence.queries import school_lines, suggestions
from convenor.intelligence.queries.circle import sight_of
from convenor.intelligence.queries.entered import entered_lines
from convenor.intelligence.queries.runs import RunShort, SchoolAssessment
from convenor.intelligence.queries.suggestions import LinesNow
from convenor.intelligence.rules.circle import Sight
from convenor.intelligence.rules.conversation import Outcome, ReplyKind
from convenor.intelligence.rules.lines import SOFT_SIGNAL
from convenor.journal.models import Look
from convenor.partnership.actions import leave, leave_post, take_post
from convenor.partnership.gate import record_look, viewer_for
from convenor.partnership.models import Tenure
from convenor.partnership.rules.refusals import AlreadyThere, NotThere, Refused
from convenor.registers.models import LocalAuthority, School
from tests.factories.intelligence_conversations import AT, LATER, ON, SCHOOL, SLUG, World, circle, conversation, lines, suggested
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> World:
    says = suggested()
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {urn: says[urn] for urn in urns if urn in says})
    return circle()


@pytest.fixture
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


def words(here: World, who: str, pk: int, at: date | datetime = LATER) -> list[str]:
    seen = queries.conversation(SLUG, pk, viewer=here[who], at=at)
    return [text for each in seen.replies for text in (each.words, *(one.words for one in each.answers))] if seen else []


def say(here: World, text: str, at: datetime = LATER) -> Reply:
    return actions.reply(slug=SLUG, urn=SCHOOL, kind=ReplyKind.COMMENT, words=text, by=here["head"], at=at)


def test_whoever_held_an_ended_conversation_reads_nothing_that_was_said_later(here: World) -> None:
    ended = conversation(here, until="closed")
    before = words(here, "broker", ended.pk)
    say(here, "To nobody in particular.")
    actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=LATER)
    actions.take_up(slug=SLUG, urn=SCHOOL, by=here["other broker"], at=LATER)
    later = say(here, "To our new broker.")
    actions.answer(slug=SLUG, reply_id=later.pk, words="Understood.", by=here["other broker"], at=LATER)
    assert before == ["One cohort of thirty."]
    assert words(here, "broker", ended.pk) == before
    assert words(here, "head", ended.pk) == [*before, "To nobody in particular.", "To our new broker.", "Understood."]


def test_nobody_but_its_own_people_sees_a_school_that_has_left(here: World) -> None:
    row = conversation(here, until="replied", cluster=True)
    on = LATER.date()
    watchers = ("broker", "cluster lead", "manager")
    assert [sight_of(SCHOOL, viewer=here[who], at=on) for who in watchers] == [Sight.HOLDS, Sight.READS, Sight.STATE]
    leave(slug=SLUG, urn=SCHOOL, until_on=on, why="It joins another.", by="the test", at=LATER)
    assert [sight_of(SCHOOL, viewer=here[who], at=on) for who in watchers] == [Sight.NOTHING] * 3
    assert [queries.conversation(SLUG, row.pk, viewer=here[who], at=on) for who in watchers] == [None] * 3
    assert [queries.open_conversation_of(SCHOOL, viewer=here[who], at=on) for who in watchers] == [None] * 3
    assert queries.to_take_up(SCHOOL, viewer=here["other broker"], at=on) is None
    for act in (
        lambda: actions.triage(slug=SLUG, conversation_id=row.pk, outcome=Outcome.SUPPORT, why="x", by=here["broker"], at=LATER),
        lambda: actions.take_up(slug=SLUG, urn=SCHOOL, by=here["other broker"], at=LATER),
        lambda: actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=LATER),
    ):
        with pytest.raises(Refused):
            act()


def test_another_takes_up_what_a_broker_held_who_is_none_any_more(here: World) -> None:
    row = conversation(here, until="replied")
    assert queries.to_take_up(SCHOOL, viewer=here["other broker"], at=LATER) is None
    tenure = Tenure.objects.get(person=here.people["broker"], post__role="broker")
    leave_post(slug=SLUG, tenure_id=tenure.pk, until_on=LATER.date(), by="the test", at=LATER)
    assert queries.to_take_up(SCHOOL, viewer=here["other broker"], at=LATER) is not None
    seen = queries.open_conversation_of(SCHOOL, viewer=here["head"], at=LATER)
    assert seen is not None
    assert seen.broker == ""
    row = actions.take_up(slug=SLUG, urn=SCHOOL, by=here["other broker"], at=LATER)
    assert (row.broker_id, row.state) == (here.people["other broker"].pk, "replied")


def test_another_takes_up_what_a_broker_held_who_came_to_act_for_the_school(here: World) -> None:
    row = conversation(here, until="replied")
    take_post(
        slug=SLUG, role="clerk", title="Clerk to the governors", person_id=here.people["broker"].pk, urn=SCHOOL, from_on=ON,
        by="the test", at=AT,
    )  # fmt: skip
    before = viewer_for(here.people["broker"], on=ON)
    assert queries.conversation(SLUG, row.pk, viewer=before, at=ON) is None
    row = actions.take_up(slug=SLUG, urn=SCHOOL, by=here["other broker"], at=LATER)
    assert row.broker_id == here.people["other broker"].pk


def test_an_officer_is_told_of_a_formal_route_by_their_own_authority_alone(here: World) -> None:
    row = conversation(here, until="replied")
    actions.triage(slug=SLUG, conversation_id=row.pk, outcome=Outcome.FORMAL_ROUTE, why="Noted.", by=here["broker"], at=AT)
    assert sight_of(SCHOOL, viewer=here["officer"], at=LATER) is Sight.FORMAL
    other = LocalAuthority.objects.exclude(code="998").first() or LocalAuthority.objects.create(code="997", name="Othershire")
    School.objects.filter(urn=SCHOOL).update(authority=other)
    assert sight_of(SCHOOL, viewer=here["officer"], at=LATER) is Sight.NOTHING


def test_what_is_done_on_the_counting_day_itself_changes_no_total(here: World) -> None:
    row = conversation(here, until="triaged")
    first = datetime(2026, 12, 1, 11, 0, tzinfo=AT.tzinfo)
    viewer = here["board member"]
    before = counts.states_on(first.date(), viewer=viewer)
    actions.review(slug=SLUG, conversation_id=row.pk, words="All is well.", ends=True, by=here["broker"], at=first)
    assert before == {SCHOOL: "triaged"}
    assert counts.states_on(first.date(), viewer=viewer) == before
    assert counts.states_on(first.date() + DAY, viewer=viewer) == {}


def test_words_sent_twice_stand_once(here: World) -> None:
    conversation(here)
    said = say(here, "One cohort of thirty.")
    with pytest.raises(AlreadyThere):
        say(here, " One cohort of thirty. ")
    actions.answer(slug=SLUG, reply_id=said.pk, words="So it is.", by=here["broker"], at=LATER)
    with pytest.raises(AlreadyThere):
        actions.answer(slug=SLUG, reply_id=said.pk, words="So it is.", by=here["broker"], at=LATER)
    assert Reply.objects.count() == 2


def test_a_school_that_is_no_member_asks_for_nothing(here: World) -> None:
    leave(slug=SLUG, urn=SCHOOL, until_on=ON, why="It joins another.", by="the test", at=AT)
    with pytest.raises(NotThere):
        actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)


@pytest.mark.parametrize(("who", "role"), [("broker", "Broker"), ("cluster lead", "Cluster lead")])
def test_where_it_stands_is_not_read_at_a_glance_unseen(here: World, clock: Any, who: str, role: str) -> None:
    conversation(here, cluster=True)
    client = signed_in(here.people[who], code=True)
    for _ in range(2):
        assert client.get(reverse("school", args=[SCHOOL])).status_code == 200
    assert list(Look.objects.values_list("urn", "role", "record")) == [(SCHOOL, role, "where its early conversation stands")]


def test_a_look_at_signals_is_written_down_by_the_role_that_allowed_it(here: World, clock: Any) -> None:
    conversation(here, cluster=True)
    for who in ("broker", "cluster lead"):
        tenure = take_post(
            slug=SLUG, role="clerk", title="Clerk to the governors", person_id=here.people[who].pk, urn="990005",
            from_on=date(2020, 9, 1), by="the test", at=AT,
        )  # fmt: skip
        client = signed_in(here.people[who], code=True)
        session = client.session
        session["post"] = tenure.post_id  # they chose this post: it names them
        session.save()
        assert client.get(reverse("early-signals", args=[SLUG, SCHOOL])).status_code == 200
    assert list(Look.objects.order_by("id").values_list("role", flat=True)) == ["Broker", "Cluster lead"]


def test_whoever_reads_along_learns_nothing_of_what_is_for_the_broker_alone(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, Any] = {"slug": SLUG, "urn": SCHOOL, "happened_on": ON, "confidence": "seen", "at": AT}
    said = "The post of deputy head has been vacant since 1 September."
    actions.note_signal(**known, kind="posts", words=said, sensitivity="broker", by=here["broker"])
    actions.note_signal(**known, kind="places", words="Seventeen of thirty places were taken.", sensitivity="circle", by=here["broker"])
    soft = tuple(entered_lines([SCHOOL], partnership_id=here.partnership.id, at=ON)[SCHOOL])
    whole = replace(lines(), lines=(*lines().lines, *soft))
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {SCHOOL: LinesNow(whole, "run", "2026")})
    row = conversation(here, cluster=True)
    run = RunShort(1, "run", ON, 2026, "1", (), 1, 1, AT)
    monkeypatch.setattr(school_lines, "assessed", lambda *_, **__: {SCHOOL: SchoolAssessment(run, whole)})

    def kinds(who: str) -> list[list[str]]:
        page = queries.conversation(SLUG, row.pk, viewer=here[who], at=ON)
        live = school_lines.school_lines(SLUG, SCHOOL, viewer=here[who], at=ON)
        found = [each.assessment for each in (page, live) if each is not None and each.assessment is not None]
        return [[line.says.split(":")[0] for line in one.lines if line.code == SOFT_SIGNAL] for one in found]

    assert kinds("head") == kinds("broker") == [["Posts at the top", "Places and admissions"]] * 2
    assert kinds("cluster lead") == [["Places and admissions"]] * 2


def test_a_look_at_signals_is_told_however_many_others_came_after(here: World, clock: Any) -> None:
    conversation(here)
    broker, address = signed_in(here.people["broker"], code=True), reverse("early-signals", args=[SLUG, SCHOOL])
    assert broker.get(address).status_code == 200
    for _ in range(51):
        record_look(here["broker"], urn=SCHOOL, record="something else", at=LATER)
    shown = signed_in(here.people["head"], code=True).get(address).content.decode()
    assert ("Nobody but your own school" in shown, "Bea Marlow" in shown) == (False, True)
