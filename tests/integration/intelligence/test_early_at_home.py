"""What early identification adds to homes and to School-at-a-glance: to the school and its broker, and to nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.test import Client

from convenor.intelligence import actions
from convenor.intelligence.queries import suggestions
from convenor.intelligence.queries.waiting import AtBroker, at_broker, at_school
from convenor.intelligence.rules.circle import Sight
from convenor.partnership.gate import ANYONE, viewer_for
from convenor.partnership.models import Partnership
from convenor.web.early_parts import broker_things, school_things
from convenor.web.todo import Weight
from tests.factories.intelligence_conversations import LATER, SCHOOL, World, circle, conversation, suggested
from tests.factories.partnership import AT, ON, SLUG
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

GLANCE = f"/schools/{SCHOOL}/"


@pytest.fixture(autouse=True)
def run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that suggests a conversation for one school."""

    def stand_in(urns: Any, *rest: Any) -> dict[str, Any]:
        return {urn: found for urn, found in suggested(SCHOOL).items() if urn in set(urns)}

    monkeypatch.setattr(suggestions, "_assessed", stand_in)


@pytest.fixture
def here() -> World:
    return circle()


def page(here: World, who: str, path: str, at: datetime = AT) -> str:
    """A page as somebody gets it on a day."""
    with patch("django.utils.timezone.now", return_value=at):
        client = signed_in(here.people[who], code=True) if who else Client()
        return str(client.get(path).content.decode())


def titles(here: World, who: str, at: datetime = AT) -> list[str]:
    """What waits at the school for somebody."""
    return [thing.title for thing in school_things(here[who], at.date(), SCHOOL, "Ashwater")]


def test_head_is_told_first_that_a_conversation_is_suggested(here: World) -> None:
    [thing] = school_things(here["head"], ON, SCHOOL, "Ashwater")
    assert (thing.title, thing.weight, thing.minutes) == ("See the lines of Ashwater first", Weight.OPEN, 3)
    assert thing.links[0].href == f"/p/{SLUG}/early/schools/{SCHOOL}/"


def test_head_is_asked_to_reply_in_four_minutes_within_ten_working_days(here: World) -> None:
    row = conversation(here)
    [thing] = school_things(here["head"], ON, SCHOOL, "Ashwater")
    assert (thing.title, thing.minutes, thing.by_on) == ("Reply about the lines of Ashwater", 4, row.shared_on + timedelta(days=14))
    assert thing.links[0].href == f"/p/{SLUG}/early/conversations/{row.pk}/"
    [later] = school_things(here["head"], LATER.date(), SCHOOL, "Ashwater")
    assert (later.by_on, later.weight) == (None, Weight.OPEN)


def test_deputy_is_asked_to_read_and_not_to_reply(here: World) -> None:
    conversation(here)
    assert titles(here, "school leader") == ["Read the lines of Ashwater"]


@pytest.mark.parametrize("until", ["suggested", "replied", "triaged", "reviewed"])
def test_nothing_waits_for_the_school_while_the_broker_is_to_act(here: World, until: str) -> None:
    conversation(here, until=until)
    assert titles(here, "head") == []


def test_a_conversation_that_ended_makes_room_for_a_new_suggestion(here: World) -> None:
    conversation(here, until="closed")
    assert titles(here, "head") == ["See the lines of Ashwater first"]


def test_whoever_may_not_open_the_schools_record_is_told_nothing(here: World) -> None:
    conversation(here)
    others = ("clerk", "school office", "manager", "officer", "other head")
    assert [who for who in others if titles(here, who)] == []


def test_brokers_home_counts_and_names_no_school(here: World) -> None:
    assert [thing.title for thing in broker_things(here["broker"], ON)] == ["A school waits for a broker"]
    conversation(here, until="suggested")
    assert [thing.title for thing in broker_things(here["broker"], ON)] == ["Share the lines with a school"]
    row = here.partnership.early_conversations.get()
    actions.share(slug=SLUG, conversation_id=row.pk, by=here["broker"], at=AT)
    assert broker_things(here["broker"], ON) == []
    assert [thing.title for thing in broker_things(here["broker"], LATER.date())] == ["Agree what comes next with a school"]


def test_broker_is_told_of_words_to_answer_and_of_reviews(here: World) -> None:
    conversation(here, until="triaged")
    assert [(thing.title, thing.weight) for thing in broker_things(here["broker"], ON)] == [
        ("Answer a correction or dispute", Weight.OVERDUE)
    ]
    due = here.partnership.early_conversations.get().review_due_on
    things = {thing.key: thing for thing in broker_things(here["broker"], due - timedelta(days=21))}
    assert (things["early-review"].weight, things["early-review"].by_on) == (Weight.DATED, due)
    late = {thing.key: thing for thing in broker_things(here["broker"], due + timedelta(days=1))}
    assert late["early-review"].weight is Weight.OVERDUE
    assert "Ashwater" not in page(here, "broker", "/")


def test_other_brokers_hear_nothing_of_a_conversation_that_is_held(here: World) -> None:
    conversation(here, until="triaged")
    assert at_broker(viewer=here["other broker"], at=ON) == AtBroker(0, 0, 0, 0, 0, None)
    assert broker_things(here["head"], ON) == []


def test_nothing_is_said_where_the_room_is_off(here: World) -> None:
    Partnership.objects.filter(slug=SLUG).update(rooms_off=["early-identification"])
    head, broker = (viewer_for(here.people[who], on=ON) for who in ("head", "broker"))
    assert (at_school(SCHOOL, viewer=head, at=ON), at_broker(viewer=broker, at=ON)) == (None, None)
    assert "Early identification" not in page(here, "head", GLANCE)


INSIDE, OUTSIDE = ("head", "school leader", "chair of governors"), (
    "", "other head", "clerk", "school office", "trust lead", "system leader", "reviewer", "diocese", "regional link", "officer", "manager",
    "auditor", "board member", "cluster lead", "alliance lead", "other broker", "somebody with no post",
)  # fmt: skip


@pytest.mark.parametrize("until", ["", "suggested", "shared", "triaged"])
def test_panel_on_the_schools_page_is_for_the_circle_alone(here: World, until: str) -> None:
    if until:
        conversation(here, until=until)
    seen = {who: 'id="early"' in page(here, who, GLANCE, LATER) for who in (*INSIDE, "broker", *OUTSIDE)}
    assert seen == dict.fromkeys(INSIDE, True) | {"broker": bool(until)} | dict.fromkeys(OUTSIDE, False)


def test_whoever_could_never_see_costs_no_query(here: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert [at_school(SCHOOL, viewer=who, at=ON) for who in (ANYONE, here["manager"], here["board member"])] == [None] * 3


def test_cluster_lead_is_led_there_while_the_school_agrees(here: World) -> None:
    conversation(here, cluster=True)
    found = at_school(SCHOOL, viewer=here["cluster lead"], at=ON)
    assert found is not None
    assert (found.sight, found.broker) == (Sight.READS, "Bea Marlow")


def test_search_reaches_no_conversation(here: World) -> None:
    """Nor anything that is said in one."""
    conversation(here, until="triaged")
    for asked in ("Ashwater", "Reading", "One cohort of thirty", "conversation"):
        for who in ("", "head", "broker", "manager", "board member"):
            found = page(here, who, f"/search/?q={quote(asked)}").split("<main")[1].split("</main>")[0]
            assert ("/early/" in found, "with Ashwater." in found, "cohort of thirty.<" in found) == (False, False, False)
