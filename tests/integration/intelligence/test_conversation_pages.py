"""The pages of early conversations: who may open which, what none of them may show, who looked, and how much they ask of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.intelligence import actions
from convenor.intelligence.models import EarlyConversation, Reply
from convenor.intelligence.queries import conversation_counts as counts
from convenor.intelligence.queries import conversation_people as people
from convenor.intelligence.queries import conversations as queries
from convenor.intelligence.queries import suggestions
from convenor.intelligence.queries.circle import sight_of, sights
from convenor.intelligence.rules.circle import Sight
from convenor.intelligence.rules.conversation import Outcome, ReplyKind
from convenor.journal.models import Look
from convenor.partnership.actions import switch_room
from convenor.partnership.gate import ANYONE
from tests.factories.intelligence_conversations import AT, LATER, NEIGHBOUR, ON, SCHOOL, SLUG, World, circle, conversation, suggested
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
NAME = "Fernhollow Primary School"
SAID = "One cohort of thirty."
AGREED = "Reading in year 3, with Ashwater."


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the newest run says; a test may change it."""
    says = suggested(SCHOOL, NEIGHBOUR)
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {urn: says[urn] for urn in urns if urn in says})
    return says


@pytest.fixture
def here(run: dict[str, Any]) -> World:
    return circle()


@pytest.fixture
def clock() -> Iterator[Any]:
    """The day that the site believes it is; `clock.return_value` may be moved."""
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


def page(name: str, *parts: object) -> str:
    return reverse(name, args=[SLUG, *parts])


def browsers(here: World) -> dict[str, Client]:
    return {who: signed_in(person, code=True) for who, person in here.people.items()} | {"nobody": Client()}


def answers(here: World, address: str, post: dict[str, str] | None = None) -> dict[str, int]:
    got = {}
    for who, client in browsers(here).items():
        got[who] = (client.get(address) if post is None else client.post(address, post)).status_code
    return got


def only(got: dict[str, int], status: int) -> set[str]:
    return {who for who, each in got.items() if each == status}


INSIDE = {"head", "chair of governors", "school leader", "broker of the school", "broker"}


def test_one_conversation_is_opened_by_its_circle_alone(here: World, clock: Any) -> None:
    row = conversation(here, until="triaged")
    clock.return_value = LATER
    got = answers(here, page("early-conversation", row.pk))
    assert only(got, 200) == INSIDE
    assert only(got, 302) == {"nobody"}
    assert only(got, 403) == {"somebody with no post"}
    assert only(got, 404) == set(got) - INSIDE - {"nobody", "somebody with no post"}


def test_the_cluster_lead_reads_along_while_the_school_agrees(here: World, clock: Any) -> None:
    row = conversation(here, until="replied", cluster=True)
    address = page("early-conversation", row.pk)
    assert only(answers(here, address), 200) == INSIDE | {"cluster lead"}
    shown = signed_in(here.people["cluster lead"]).get(address).content.decode()
    assert [each for each in (SAID, "You read along because the school agrees.") if each not in shown] == []
    doors = ("early-share", "early-agree", "early-hand-over", "early-withdraw", "early-cluster", "early-reply", "early-answer")
    assert [name for name in doors if f"/{name.removeprefix('early-')}/" in shown] == []
    actions.let_cluster_lead_see(slug=SLUG, conversation_id=row.pk, agreed=False, by=here["head"], at=AT)
    assert only(answers(here, address), 200) == INSIDE


def test_what_was_taken_back_is_seen_by_the_school_alone(here: World, clock: Any) -> None:
    row = actions.refer_self(slug=SLUG, urn=SCHOOL, words="Falling rolls", by=here["head"], at=AT)
    actions.take_up(slug=SLUG, urn=SCHOOL, by=here["broker"], at=AT)
    actions.reply(slug=SLUG, urn=SCHOOL, kind=ReplyKind.COMMENT, words="In confidence.", by=here["head"], at=AT)
    actions.withdraw(slug=SLUG, conversation_id=row.pk, by=here["head"], at=AT)
    assert only(answers(here, page("early-conversation", row.pk)), 200) == INSIDE - {"broker"}
    again = conversation(here, until="suggested")
    seen = queries.conversation(SLUG, again.pk, viewer=here["broker"], at=AT)
    own = queries.conversation(SLUG, again.pk, viewer=here["head"], at=AT)
    assert seen is not None
    assert own is not None
    assert [[each.words for each in each_.replies] for each_ in (seen, own)] == [[], ["In confidence."]]


def test_there_is_no_such_conversation_in_any_other_place(here: World, clock: Any) -> None:
    row = conversation(here)
    client = signed_in(here.people["head"])
    got = [client.get(address).status_code for address in (page("early-conversation", 0), f"/p/elsewhere/early/conversations/{row.pk}/")]
    assert got == [404, 403]
    assert client.get(page("early-conversation", 2**63)).status_code == 404
    assert queries.conversation("elsewhere", row.pk, viewer=here["head"], at=AT) is None


#: page of a step -> state of the conversation, who opens it
STEPS: dict[str, tuple[str, set[str]]] = {
    "early-share": ("suggested", {"broker"}),
    "early-agree": ("replied", {"broker"}),
    "early-review": ("triaged", {"broker"}),
    "early-hand-over": ("replied", {"broker"}),
    "early-step-aside": ("replied", {"broker"}),
    "early-cluster": ("replied", {"head", "chair of governors"}),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_opened_by_whoever_takes_it(here: World, clock: Any, name: str) -> None:
    until, able = STEPS[name]
    row = conversation(here, until=until)
    assert only(answers(here, page(name, row.pk)), 200) == able
    assert only(answers(here, page(name, row.pk), {}), 200) == set()


def test_a_school_reaches_its_own_pages_alone(here: World, clock: Any) -> None:
    speakers = {"head", "chair of governors"}
    assert only(answers(here, page("early-refer", SCHOOL)), 200) == speakers
    assert only(answers(here, page("early-reply", SCHOOL)), 200) == speakers
    assert only(answers(here, page("early-refer", NEIGHBOUR)), 200) == {"trust lead"}
    row = actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)
    assert only(answers(here, page("early-withdraw", row.pk)), 200) == speakers
    assert only(answers(here, page("early-take-up", SCHOOL)), 200) == {"broker", "other broker"}
    assert only(answers(here, page("early-take-up", "990003")), 200) == set()


def test_the_broker_answers_on_a_page_of_its_own(here: World, clock: Any) -> None:
    row = conversation(here, until="replied")
    said = Reply.objects.get().pk
    assert only(answers(here, page("early-answer", row.pk, said)), 200) == {"broker"}
    assert only(answers(here, page("early-answer", row.pk, 0)), 200) == set()


LISTED = {
    "head", "chair of governors", "school leader", "trust lead", "other head", "broker of the school", "broker", "other broker", "manager",
    "officer", "cluster lead",
}  # fmt: skip


def test_the_list_is_for_those_who_have_a_part(here: World, clock: Any) -> None:
    got = answers(here, page("early-conversations"))
    assert only(got, 200) == LISTED
    assert only(got, 302) == {"nobody"}
    assert only(got, 403) == set(got) - LISTED - {"nobody"}


def named(here: World, *, at: datetime, order: str = "name") -> dict[str, dict[str, list[str]]]:
    """What each is shown in the list: part -> names of schools."""
    found: dict[str, dict[str, list[str]]] = {}
    for who, viewer in here.viewers.items():
        seen = queries.conversations(SLUG, viewer=viewer, at=at, order=order)
        parts = ("own", "held", "waiting", "read_along", "followed", "formal", "ended")
        shown = {part: [each.name for each in getattr(seen, part)] for part in parts} if seen else {}
        found[who] = {part: names for part, names in shown.items() if names}
    return {who: parts for who, parts in found.items() if parts}


OWN = {who: {"own": [NAME]} for who in ("head", "chair of governors", "school leader")}
ASHWATER = "Ashwater Primary School"


def test_each_is_shown_their_part_and_no_more(here: World) -> None:
    waiting = {"waiting": [ASHWATER, NAME]}
    assert named(here, at=AT) == {"broker": waiting, "other broker": waiting, "broker of the school": {"waiting": [ASHWATER]}}
    conversation(here, until="triaged")
    before = named(here, at=AT)
    assert before == OWN | {
        "broker": {"held": [NAME], "waiting": [ASHWATER]}, "other broker": {"waiting": [ASHWATER]},
        "broker of the school": {"own": [NAME], "waiting": [ASHWATER]},
    }  # fmt: skip
    after = named(here, at=LATER)
    assert {who: parts for who, parts in after.items() if before.get(who) != parts} == {"manager": {"followed": [NAME]}}


def test_the_manager_and_the_officer_are_told_after_the_ten_days_alone(here: World) -> None:
    row = conversation(here, until="replied")
    actions.triage(
        slug=SLUG, conversation_id=row.pk, outcome=Outcome.FORMAL_ROUTE, why="A letter under its own powers.", by=here["broker"], at=AT
    )
    assert [who for who in ("manager", "officer") if who in named(here, at=LATER - timedelta(days=1))] == []
    seen = {who: queries.conversations(SLUG, viewer=here[who], at=LATER) for who in ("manager", "officer")}
    told = {who: [(each.name, each.says) for each in (*part.followed, *part.formal)] for who, part in seen.items() if part}
    assert told == {"manager": [(NAME, "agreed what comes next")], "officer": [(NAME, "Formal route noted")]}
    actions.review(slug=SLUG, conversation_id=row.pk, words="Done.", ends=True, by=here["broker"], at=LATER)
    assert [who for who in ("manager", "officer") if who in named(here, at=LATER)] == []
    assert named(here, at=LATER)["broker"] == {"ended": [NAME], "waiting": [ASHWATER]}


def test_the_cluster_lead_is_shown_schools_of_the_cluster_that_agree(here: World) -> None:
    conversation(here, cluster=True)
    asked = actions.refer_self(slug=SLUG, urn="990005", by=here["other head"], at=AT)
    actions.take_up(slug=SLUG, urn="990005", by=here["broker"], at=AT)
    actions.share(slug=SLUG, conversation_id=asked.pk, by=here["broker"], at=AT)
    actions.let_cluster_lead_see(slug=SLUG, conversation_id=asked.pk, agreed=True, by=here["other head"], at=AT)
    assert named(here, at=AT)["cluster lead"] == {"read_along": [NAME]}
    assert "alliance lead" not in named(here, at=AT)


def test_a_list_stands_by_name_or_by_date(here: World) -> None:
    row = actions.take_up(slug=SLUG, urn=SCHOOL, by=here["broker"], at=AT - timedelta(days=3))
    actions.take_up(slug=SLUG, urn=NEIGHBOUR, by=here["broker"], at=AT)
    assert row.opened_on < ON
    orders = [named(here, at=AT, order=order)["broker"]["held"] for order in ("name", "date", "score")]
    assert orders == [[ASHWATER, NAME], [NAME, ASHWATER], [ASHWATER, NAME]]


def test_a_list_says_since_when_each_stands_so(here: World) -> None:
    row = conversation(here, until="replied", at=AT - timedelta(days=30))
    actions.triage(slug=SLUG, conversation_id=row.pk, outcome=Outcome.FORMAL_ROUTE, why="A letter.", by=here["broker"], at=AT)
    actions.review(slug=SLUG, conversation_id=row.pk, words="Going on.", ends=False, by=here["broker"], at=LATER)
    seen = {who: queries.conversations(SLUG, viewer=here[who], at=LATER) for who in ("head", "broker", "manager", "officer")}
    told = {who: [each.since for part in ("own", "held", "followed", "formal") for each in getattr(one, part)] for who, one in seen.items()}
    assert told == {"head": [LATER.date()], "broker": [LATER.date()], "manager": [LATER.date()], "officer": [ON]}


def test_what_ended_is_suggested_again_by_a_new_run_alone(here: World, run: dict[str, Any]) -> None:
    conversation(here, until="closed")
    assert named(here, at=AT)["other broker"] == {"waiting": [ASHWATER]}
    run |= suggested(SCHOOL, run="2027-02-01")
    seen = queries.conversations(SLUG, viewer=here["other broker"], at=AT)
    assert seen is not None
    assert [(each.name, each.lines, each.again) for each in seen.waiting] == [(ASHWATER, 3, False), (NAME, 3, True)]


def test_a_school_whose_broker_stepped_aside_waits_again(here: World) -> None:
    row = conversation(here, until="replied")
    actions.step_aside(slug=SLUG, conversation_id=row.pk, why="A friend works there.", by=here["broker"], at=AT)
    assert named(here, at=AT)["other broker"] == {"waiting": [ASHWATER, NAME]}


def test_the_list_tells_nobody_what_is_not_theirs(here: World, clock: Any) -> None:
    conversation(here, until="triaged")
    clock.return_value = LATER
    secrets = {"words": SAID, "agreed": AGREED, "code": "ATT", "line": "Attainment", "figure": "52", "score": "12.4"}
    for who in ("manager", "officer", "other broker", "cluster lead", "other head"):
        shown = signed_in(here.people[who], code=True).get(page("early-conversations")).content.decode()
        assert [name for name, secret in secrets.items() if f">{secret}" in shown or f" {secret} " in shown] == []
        assert (NAME in shown) == (who == "manager")
    other = signed_in(here.people["broker"], code=True).get(page("early-conversations")).content.decode()
    assert (NAME in other, SAID in other) == (True, False)


def test_the_page_shows_what_was_shared_said_and_agreed(here: World, clock: Any) -> None:
    row = conversation(here, until="triaged")
    shown = signed_in(here.people["head"]).get(page("early-conversation", row.pk)).content.decode()
    told = (
        SAID, AGREED, "Bea Marlow", "Support from other schools", "4 March 2027", "16 November 2026", "since 2 November" not in shown,
        "You may ask" not in shown, "freedom of information", "Ring me when it suits.", "Attainment",
    )  # fmt: skip
    assert [each for each in told if isinstance(each, str) and each not in shown] == []


def test_each_look_from_outside_is_written_down_before_the_page(here: World, clock: Any) -> None:
    row = conversation(here, until="replied", cluster=True)
    address = page("early-conversation", row.pk)
    for who in ("head", "school leader", "broker", "cluster lead", "manager", "other broker"):
        signed_in(here.people[who], code=True).get(address)
    record = "the early conversation, its lines and replies"
    assert list(Look.objects.order_by("id").values_list("by_label", "role", "urn", "record", "partnership")) == [
        ("Bea Marlow, broker, Fernshire Education Partnership", "Broker", SCHOOL, record, SLUG),
        ("Ben Marsh, cluster lead, North cluster", "Cluster lead", SCHOOL, record, SLUG),
    ]


def test_a_list_is_written_down_once_a_day_for_each_school_it_names(here: World, clock: Any) -> None:
    conversation(here)
    clock.return_value = LATER
    manager, broker = (signed_in(here.people[who], code=True) for who in ("manager", "other broker"))
    for client in (manager, manager, broker, broker):
        client.get(page("early-conversations"))
    looked = list(Look.objects.order_by("id").values_list("role", "urn"))
    assert looked == [("Partnership manager", SCHOOL), ("Broker", NEIGHBOUR)]
    clock.return_value = LATER + timedelta(days=1)
    manager.get(page("early-conversations"))
    assert Look.objects.count() == 3
    signed_in(here.people["head"]).get(page("early-conversations"))
    assert Look.objects.count() == 3


def test_steps_are_taken_on_their_pages(here: World, clock: Any) -> None:
    head, broker = (signed_in(here.people[who], code=True) for who in ("head", "broker"))
    client = head.post(page("early-refer", SCHOOL), {"about": ["staff", "money"], "words": "Falling rolls"})
    row = EarlyConversation.objects.get()
    here_, stands = page("early-conversation", row.pk), []
    assert (client["Location"], row.asked_about) == (here_, ["staff", "money"])
    assert "open already" in head.get(page("early-refer", SCHOOL)).content.decode()
    said = {"kind": "correction", "line": "ROL", "words": "We have 214.", "source": "October census"}
    for client, address, given in (
        (broker, page("early-take-up", SCHOOL), {}),
        (broker, page("early-share", row.pk), {"words": "I ring on Monday."}),
        (head, page("early-reply", SCHOOL), said),
        (head, page("early-cluster", row.pk), {"agreed": "yes"}),
        (broker, page("early-agree", row.pk), {"outcome": "watch", "watch_until_on": "2027-01-20", "why": "See the January count."}),
        (broker, page("early-review", row.pk), {"words": "Numbers are up.", "ends": "no"}),
        (broker, page("early-agree", row.pk), {"outcome": "no-action", "why": "All is well."}),
        (broker, page("early-review", row.pk), {"words": "Numbers are up.", "ends": "yes"}),
    ):
        got = client.post(address, given)
        row.refresh_from_db()
        stands.append((got["Location"] == here_, row.state))
    assert stands == [(True, each) for each in ("suggested", "shared", "replied", "replied", "triaged", "reviewed", "triaged", "closed")]
    answered = broker.post(page("early-answer", row.pk, Reply.objects.get().pk), {"words": "x"})
    assert answered.status_code == 404


def test_the_broker_answers_and_hands_over_on_their_pages(here: World, clock: Any) -> None:
    row = conversation(here, until="replied")
    broker = signed_in(here.people["broker"], code=True)
    broker.post(page("early-answer", row.pk, Reply.objects.get().pk), {"words": "We look at three years."})
    assert Reply.objects.filter(kind="answer").get().words == "We look at three years."
    form = broker.get(page("early-hand-over", row.pk)).content.decode()
    assert ("Bo Ridge" in form, "Sia Brook" in form, ">Bea Marlow</option>" in form) == (True, False, False)
    got = broker.post(page("early-hand-over", row.pk), {"person": str(here.people["other broker"].pk), "why": "Holiday"})
    assert got["Location"] == page("early-conversations")
    got = signed_in(here.people["other broker"], code=True).post(page("early-step-aside", row.pk), {"why": "Illness"})
    row.refresh_from_db()
    assert (got["Location"], row.broker_id) == (page("early-conversations"), None)


def test_a_school_takes_its_request_back_on_its_page(here: World, clock: Any) -> None:
    row = actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)
    got = signed_in(here.people["head"]).post(page("early-withdraw", row.pk), {"why": ""})
    row.refresh_from_db()
    assert (got["Location"], row.state) == (page("early-conversation", row.pk), "withdrawn")


def test_what_is_wrong_is_said_above_the_form(here: World, clock: Any) -> None:
    row = conversation(here)
    head, broker = (signed_in(here.people[who], code=True) for who in ("head", "broker"))
    wrong = head.post(page("early-reply", SCHOOL), {"kind": "correction", "line": "ATT", "words": "It is 61", "source": ""})
    soon = broker.post(page("early-agree", row.pk), {"outcome": "support", "why": "x"})
    assert [each.status_code for each in (wrong, soon)] == [422, 422]
    said = ("Say where the right figure stands", "The school has until 16 November 2026 to reply")
    assert [words in each.content.decode() for words, each in zip(said, (wrong, soon), strict=True)] == [True, True]
    actions.refer_self(slug=SLUG, urn="990005", by=here["other head"], at=AT)
    again = signed_in(here.people["other head"]).post(page("early-refer", "990005"), {})
    assert again.status_code == 422


def test_a_reply_without_a_conversation_leads_back_to_the_lines(here: World, clock: Any) -> None:
    got = signed_in(here.people["head"]).post(page("early-reply", SCHOOL), {"kind": "comment", "words": "We know."})
    assert got["Location"] == page("early-school", SCHOOL)
    assert signed_in(here.people["head"]).get(page("early-refer", SCHOOL)).status_code == 200


def test_the_room_can_be_switched_off(here: World, clock: Any) -> None:
    row = conversation(here)
    switch_room(slug=SLUG, room="early-identification", on=False, by=here["manager"], at=AT)
    client = signed_in(here.people["head"])
    addresses = (
        page("early-conversations"),
        page("early-conversation", row.pk),
        page("early-refer", SCHOOL),
        page("early-cluster", row.pk),
    )
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404, 404]


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("head", "early-conversation"), ("broker", "early-conversation"), ("cluster lead", "early-conversation"),
        ("broker", "early-conversations"), ("manager", "early-conversations"), ("head", "early-conversations"),
        ("cluster lead", "early-conversations"), ("broker", "early-hand-over"), ("head", "early-cluster"), ("broker", "early-agree"),
    ],
)  # fmt: skip
def test_a_page_takes_few_queries(here: World, clock: Any, who: str, name: str) -> None:
    row = conversation(here, until="replied", cluster=True)
    for urn, head in ((NEIGHBOUR, "trust lead"), ("990005", "other head")):
        actions.refer_self(slug=SLUG, urn=urn, by=here[head], at=AT)
    clock.return_value = LATER
    client = signed_in(here.people[who], code=True)
    address = page(name) if name == "early-conversations" else page(name, row.pk)
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    asked = [each["sql"] for each in taken.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(asked) <= 16, asked


def test_sight_is_asked_for_schools_by_other_pages(here: World) -> None:
    assert {urn: sight_of(urn, viewer=here["broker"], at=AT, suggested=True) for urn in (SCHOOL, NEIGHBOUR)} == {
        SCHOOL: Sight.SUGGESTED, NEIGHBOUR: Sight.SUGGESTED,
    }  # fmt: skip
    conversation(here, cluster=True)
    seen = {who: sights([SCHOOL, NEIGHBOUR], viewer=viewer, at=LATER) for who, viewer in here.viewers.items()}
    own, none = Sight.OWN, Sight.NOTHING
    told = {who: (each[SCHOOL], each[NEIGHBOUR]) for who, each in seen.items() if set(each.values()) != {none}}
    assert told == {
        "head": (own, none), "chair of governors": (own, none), "school leader": (own, none), "broker of the school": (own, none),
        "trust lead": (none, own), "broker": (Sight.HOLDS, none), "cluster lead": (Sight.READS, none), "manager": (Sight.STATE, none),
    }  # fmt: skip
    assert sight_of(SCHOOL, viewer=ANYONE, at=AT) is none


def test_replies_are_read_by_those_who_read_the_lines(here: World) -> None:
    conversation(here, until="replied", cluster=True)
    read = {who: [each.words for each in queries.replies(SCHOOL, viewer=viewer, at=LATER)] for who, viewer in here.viewers.items()}
    assert {who for who, words in read.items() if words == [SAID]} == INSIDE | {"cluster lead"}
    assert {who for who, words in read.items() if words} == INSIDE | {"cluster lead"}
    opened = {who for who, viewer in here.viewers.items() if queries.open_conversation_of(SCHOOL, viewer=viewer, at=LATER)}
    assert opened == INSIDE | {"cluster lead"}
    assert queries.open_conversation_of(NEIGHBOUR, viewer=here["head"], at=AT) is None
    assert queries.open_conversation_of(SCHOOL, viewer=ANYONE, at=AT) is None


def test_only_brokers_and_the_school_know_whom_a_letter_reaches(here: World) -> None:
    conversation(here)
    known = {who for who, viewer in here.viewers.items() if people.speakers(SCHOOL, viewer=viewer, at=AT)}
    asked = {who for who, viewer in here.viewers.items() if people.brokers(SCHOOL, viewer=viewer, at=AT)}
    assert known == asked == INSIDE | {"other broker"}
    assert [each.name for each in people.brokers(NEIGHBOUR, viewer=here["broker"], at=AT)] == ["Bea Marlow", "Bo Ridge", "Sia Brook"]
    assert people.speakers(SCHOOL, viewer=ANYONE, at=AT) == people.brokers(SCHOOL, viewer=ANYONE, at=AT) == []


def test_states_are_counted_only_after_the_ten_days_and_only_for_totals(here: World) -> None:
    conversation(here, until="replied")
    actions.refer_self(slug=SLUG, urn="990005", by=here["other head"], at=AT + timedelta(days=10))
    assert counts.states_on(ON, viewer=here["board member"]) == {}
    assert counts.states_on(LATER.date(), viewer=here["board member"]) == {SCHOOL: "replied"}
    assert counts.states_on(LATER.date() + timedelta(days=30), viewer=here["board member"]) == {SCHOOL: "replied", "990005": "suggested"}
    able = {who for who, viewer in here.viewers.items() if counts.states_on(LATER.date(), viewer=viewer)}
    assert able == {  # the head among them sits on the board
        "head", "board member", "officer", "manager", "regional link", "auditor", "diocese", "cluster lead", "alliance lead", "broker",
        "other broker", "broker of the school",
    }  # fmt: skip
    assert counts.states_on(LATER.date(), viewer=ANYONE) == {}


def test_who_asked_themselves_is_known_to_the_lines(here: World) -> None:
    row = actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)
    known = {"viewer": here["head"], "at": AT, "partnership_id": here.partnership.pk}
    assert counts.asked_themselves([SCHOOL, NEIGHBOUR], **known) == {SCHOOL: ON}
    actions.withdraw(slug=SLUG, conversation_id=row.pk, by=here["head"], at=AT)
    assert counts.asked_themselves([SCHOOL, NEIGHBOUR], **known) == {}


def test_the_next_day_that_matters_is_said_to_each_in_their_words(here: World) -> None:
    def next_for(who: str, at: datetime) -> tuple[str, str]:
        seen = queries.conversations(SLUG, viewer=here[who], at=at)
        assert seen is not None
        one = (*seen.own, *seen.held)[0]
        return one.says, f"{one.next_says} {one.next_on or ''}".strip()

    row = actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)
    told = [next_for("head", AT)]
    actions.take_up(slug=SLUG, urn=SCHOOL, by=here["broker"], at=AT)
    told += [next_for("head", AT), next_for("broker", AT)]
    actions.share(slug=SLUG, conversation_id=row.pk, by=here["broker"], at=AT)
    told += [next_for("head", AT), next_for("broker", AT), next_for("broker", LATER)]
    actions.triage(slug=SLUG, conversation_id=row.pk, outcome=Outcome.SUPPORT, why="Agreed.", by=here["broker"], at=AT)
    told += [next_for("broker", AT), next_for("broker", AT + timedelta(days=150))]
    actions.review(slug=SLUG, conversation_id=row.pk, words="Well.", ends=False, by=here["broker"], at=AT)
    told += [next_for("broker", AT)]
    assert told == [
        ("suggested", "a broker takes it up"), ("suggested", "your broker shares the lines with you"),
        ("suggested", "to be shared with the school"), ("shared with you", "say what you think by 2026-11-16"),
        ("shared with the school", "the school replies by 2026-11-16"),
        ("shared with the school", "the ten working days ended on 2026-11-16"),
        ("agreed what comes next", "reviewed by 2027-03-04"), ("agreed what comes next", "was to be reviewed by 2027-03-04"),
        ("reviewed, and goes on", "agree what comes next"),
    ]  # fmt: skip
