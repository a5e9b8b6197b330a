"""Asking for support: who may, from what it begins, what is told to whom, and what is refused with words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from convenor.governance.models import Priority
from convenor.intelligence.models import EarlyConversation
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Membership
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.models import PeerReview
from convenor.peer_review.rules.states import Outcome, State
from convenor.post.models import Letter
from convenor.registers.models import School, SchoolLink
from convenor.support.actions import needs as actions
from convenor.support.models import Need, SchoolAnswer
from convenor.support.queries.need_beginnings import beginning, beginnings
from convenor.support.queries.needs import asking_school, need_here, needs_page
from convenor.support.rules.refusals import ChangedMeanwhile, Conflict, Missing, NoWords, OutOfTurn, WrongSum
from convenor.support.rules.states import NeedOrigin, NeedState
from tests.factories.peer_review import review, reviewing
from tests.factories.registers import edition
from tests.factories.support_brokerage import ASKED, AT, ON, SLUG, SPLIT, World, brokerage, need

pytestmark = pytest.mark.django_db
URN = "990001"
WORDS = ASKED.words


@pytest.fixture
def here() -> World:
    return brokerage()


def ask(here: World, who: str = "head", **more: Any) -> Need:
    given: dict[str, Any] = {"slug": SLUG, "urn": URN, "asked": ASKED, "by": here[who], "at": AT}
    return actions.ask_for_support(**given | more)


def letters() -> list[str]:
    return sorted(Letter.objects.values_list("to_name", flat=True))


def test_a_school_asks_and_brokers_who_are_not_of_it_are_told(here: World) -> None:
    row = ask(here)
    assert (row.school_id, row.origin, row.state, row.themes, row.words, row.version) == (URN, "school", "open", ["reading"], WORDS, 1)
    assert letters() == ["Bea Marlow", "Ida Marsh"]
    assert [WORDS in body for body in Letter.objects.values_list("body", flat=True)] == [False, False]
    told = Entry.objects.filter(subject_kind="support-need").values_list("verb", "urn")
    assert list(told) == [("need.asked", URN)]


def test_a_request_of_a_brokers_own_school_is_told_to_other_brokers_alone(here: World) -> None:
    actions.ask_for_support(slug=SLUG, urn=SPLIT, asked=ASKED, by=here["split"], at=AT)
    assert letters() == ["Bea Marlow"]


@pytest.mark.parametrize("who", ["head", "school leader", "chair of governors"])
def test_a_schools_leaders_may_ask(here: World, who: str) -> None:
    assert ask(here, who).asked_by.startswith(here.people[who].name)


@pytest.mark.parametrize(
    "who", ["clerk", "school office", "other head", "manager", "auditor", "diocese", "officer", "somebody with no post"]
)
def test_nobody_else_asks_for_a_school(here: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        ask(here, who)
    assert Need.objects.count() == 0


def test_what_cannot_be_kept_is_refused(here: World) -> None:
    with pytest.raises(WrongSum, match=r"^Ask for between 1 and 80 half days"):
        ask(here, asked=replace(ASKED, half_days=0))
    Membership.objects.filter(school_id=URN).update(until_on=ON)
    with pytest.raises(NotThere, match=r"^This school is no member"):
        ask(here)
    assert Need.objects.count() == 0


def test_a_closed_school_asks_for_nothing(here: World) -> None:
    School.objects.filter(urn=URN).update(status="closed")
    with pytest.raises(OutOfTurn, match=r"^The register says that this school has closed\."):
        ask(here)


def conversation(here: World, outcome: str = "support", broker: str = "broker") -> EarlyConversation:
    return EarlyConversation.objects.create(
        partnership=here.partnership, school_id=URN, origin="school", state="triaged", opened_on=date(2026, 10, 1),
        asked_about=["attendance"], asked_words="Mondays are hard.", broker=here.people[broker], shared_on=date(2026, 10, 2),
        outcome=outcome, triaged_on=date(2026, 10, 20), holder="The partnership", record_class="self-referral",
    )  # fmt: skip


def test_a_conversation_whose_outcome_is_support_fills_the_form(here: World) -> None:
    row = conversation(here)
    begun = beginning(SLUG, URN, "conversation", str(row.pk), viewer=here["head"], at=ON)
    assert begun is not None
    assert (begun.origin, begun.asked.themes, begun.asked.words) == (NeedOrigin.CONVERSATION, ("attendance",), "Mondays are hard.")
    made = ask(here, origin="conversation", key=str(row.pk))
    assert (made.origin, made.origin_key) == ("conversation", str(row.pk))


def test_its_broker_asks_with_the_heads_agreement_and_the_school_is_told(here: World) -> None:
    key = str(conversation(here).pk)
    with pytest.raises(Missing, match=r"^Ask the head first"):
        ask(here, "broker", origin="conversation", key=key)
    made = ask(here, "broker", origin="conversation", key=key, agreed=True)
    assert (made.origin, letters()) == ("conversation", ["Gwen Ford", "Ida Marsh"])


def test_a_request_begins_from_no_conversation_of_another_outcome_school_or_broker(here: World) -> None:
    key = str(conversation(here, outcome="watch").pk)
    with pytest.raises(NotThere, match=r"^A request for this school cannot begin from there"):
        ask(here, origin="conversation", key=key)
    EarlyConversation.objects.update(outcome="support")
    for who, urn in (("split", URN), ("broker", "990002"), ("other head", "990005")):
        with pytest.raises(NotThere):
            ask(here, who, urn=urn, origin="conversation", key=key, agreed=True)
    for bad in ("", "x", "9" * 30, "²"):
        assert beginning(SLUG, URN, "conversation", bad, viewer=here["head"], at=ON) is None
    assert Need.objects.count() == 0


def test_a_broker_asks_for_a_school_only_from_a_conversation_or_a_priority(here: World) -> None:
    for origin in ("school", "peer-review", "nowhere"):
        with pytest.raises(NotThere):
            ask(here, "broker", origin=origin, key="1" if origin == "peer-review" else "", agreed=True)
    with pytest.raises(NotAllowed):
        ask(here, "manager", origin="priority", key="1", agreed=True)


def test_a_priority_of_the_partnership_is_kept_with_the_request(here: World) -> None:
    row = Priority.objects.create(
        partnership=here.partnership, title="Every child reads", from_on=ON - timedelta(days=30), until_on=ON + timedelta(days=300)
    )
    made = ask(here, "broker", origin="priority", key=str(row.pk), agreed=True)
    assert (made.origin, made.priority_id) == ("priority", row.pk)
    Priority.objects.update(until_on=ON)
    with pytest.raises(NotThere):
        ask(here, origin="priority", key=str(row.pk))


def test_a_peer_review_that_asks_for_help_fills_the_form_for_its_school_alone() -> None:
    world = reviewing()
    row = review(world, until=State.CLOSED)
    assert beginning(SLUG, URN, "peer-review", str(row.pk), viewer=world["head"], at=ON) is None
    PeerReview.objects.update(outcome=Outcome.BROKERAGE.value)
    begun = beginning(SLUG, URN, "peer-review", str(row.pk), viewer=world["head"], at=ON)
    assert begun is not None
    assert (begun.asked.themes, begun.asked.words) == (("reading",), "Daily reading for every child in year 2")
    assert [beginning(SLUG, URN, "peer-review", str(row.pk), viewer=world[who], at=ON) for who in ("broker", "lead", "manager")] == [
        None
    ] * 3
    assert beginning(SLUG, "990002", "peer-review", str(row.pk), viewer=world["head"], at=ON) is None


def test_a_schools_own_wish_begins_with_what_it_wanted_to_learn(here: World) -> None:
    SchoolAnswer.objects.create(
        partnership=here.partnership, school_id=URN, year="2026-27", wants=["staff", "science", "reading", "writing"], answered_at=AT,
        answered_by="the test",
    )  # fmt: skip
    begun = beginning(SLUG, URN, "school", "", viewer=here["head"], at=ON)
    assert begun is not None
    assert (begun.asked.themes, begun.from_year) == (("staff", "science", "reading"), "2026-27")
    assert beginning(SLUG, URN, "school", "7", viewer=here["head"], at=ON) is None
    assert beginning("elsewhere", URN, "school", "", viewer=here["head"], at=ON) is None


def test_every_way_in_is_listed_for_the_school_and_its_broker(here: World) -> None:
    conversation(here)
    Priority.objects.create(
        partnership=here.partnership, title="Every child reads", from_on=ON - timedelta(days=30), until_on=ON + timedelta(days=300)
    )
    row = review(_with_reviewers(here), until=State.CLOSED)
    PeerReview.objects.filter(pk=row.pk).update(outcome=Outcome.BROKERAGE.value)

    def ways(who: str) -> list[NeedOrigin]:
        return [each.origin for each in beginnings(SLUG, URN, viewer=here[who], at=ON)]

    assert ways("head") == [NeedOrigin.CONVERSATION, NeedOrigin.PEER_REVIEW, NeedOrigin.PRIORITY]
    assert ways("broker") == [NeedOrigin.CONVERSATION, NeedOrigin.PRIORITY]
    assert ways("split") == [NeedOrigin.PRIORITY]


def _with_reviewers(here: World) -> World:
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        here.people[who], here.viewers[who] = here.people[known], here.viewers[known]
    return here


def test_a_school_changes_and_takes_back_what_it_asked_for(here: World) -> None:
    row = ask(here)
    changed = actions.change_need(slug=SLUG, need_id=row.pk, asked=replace(ASKED, half_days=8), version=1, by=here["head"], at=AT)
    assert (changed.half_days, changed.version) == (8, 2)
    with pytest.raises(ChangedMeanwhile):
        actions.change_need(slug=SLUG, need_id=row.pk, asked=ASKED, version=1, by=here["school leader"], at=AT)
    back = actions.withdraw_need(slug=SLUG, need_id=row.pk, why=" Sorted. ", by=here["head"], at=AT)
    assert (back.state, back.ended_on, back.ended_why) == ("withdrawn", ON, "Sorted.")
    for step in (actions.change_need, actions.withdraw_need):
        more = {"asked": ASKED} if step is actions.change_need else {}
        with pytest.raises(OutOfTurn):
            step(slug=SLUG, need_id=row.pk, by=here["head"], at=AT, **more)


def test_nobody_but_the_school_changes_or_takes_back_its_request(here: World) -> None:
    row = ask(here)
    for who, error in (("broker", NotAllowed), ("other head", NotThere), ("manager", NotAllowed), ("split", NotAllowed)):
        with pytest.raises(error):
            actions.withdraw_need(slug=SLUG, need_id=row.pk, by=here[who], at=AT)
    assert Need.objects.get().state == "open"


def test_a_broker_tells_the_school_that_nobody_was_found_yet(here: World) -> None:
    row = ask(here)
    Letter.objects.all().delete()
    with pytest.raises(NoWords):
        actions.say_unmet(slug=SLUG, need_id=row.pk, why=" ", by=here["broker"], at=AT)
    told = actions.say_unmet(slug=SLUG, need_id=row.pk, why="Everybody who knows it is booked until spring.", by=here["broker"], at=AT)
    assert (told.state, told.ended_on, letters()) == ("unmet", None, ["Gwen Ford"])
    seen = need_here(SLUG, row.pk, viewer=here["head"], at=ON)
    assert seen is not None
    assert (seen.ended_why, seen.state.waits) == ("Everybody who knows it is booked until spring.", True)
    with pytest.raises(NotAllowed):
        actions.say_unmet(slug=SLUG, need_id=row.pk, why="No.", by=here["head"], at=AT)
    own = need(here, school=SPLIT)
    with pytest.raises(NotThere):
        actions.say_unmet(slug=SLUG, need_id=own.pk, why="No.", by=here["split"], at=AT)


def closed(urn: str, *, became: str = "") -> None:
    School.objects.filter(urn=urn).update(status="closed", closed_on=ON)
    if became:
        SchoolLink.objects.create(edition=edition(), urn=urn, linked_urn=became, kind="Successor", established_on=ON)


def test_a_request_follows_a_school_that_converts(here: World) -> None:
    row = ask(here)
    with pytest.raises(OutOfTurn, match=r"^This school stands"):
        actions.follow_need(slug=SLUG, need_id=row.pk, by=here["broker"], at=AT)
    closed(URN, became="990003")
    Letter.objects.all().delete()
    moved = actions.follow_need(slug=SLUG, need_id=row.pk, by=here["broker"], at=AT)
    assert (moved.school_id, moved.state, letters()) == ("990003", "open", ["Hal Rivers"])
    told = Entry.objects.filter(subject_kind="support-need").order_by("id").values_list("verb", "urn")
    assert list(told) == [("need.asked", URN), ("need.left", URN), ("need.followed", "990003")]


def test_a_request_ends_with_a_school_that_nothing_followed(here: World) -> None:
    row = ask(here)
    closed(URN)
    ended = actions.follow_need(slug=SLUG, need_id=row.pk, by=here["broker"], at=AT)
    assert (ended.state, ended.ended_on, ended.ended_why) == ("withdrawn", ON, "The school closed.")
    with pytest.raises(NotAllowed):
        actions.follow_need(slug=SLUG, need_id=row.pk, by=here["head"], at=AT)


def test_a_request_is_seen_by_its_school_and_brokers_and_by_nobody_else(here: World) -> None:
    row = ask(here)
    reads = {who for who in here.viewers if need_here(SLUG, row.pk, viewer=here[who], at=ON) is not None}
    assert reads == {"head", "school leader", "chair of governors", "broker", "split"}
    assert need_here("elsewhere", row.pk, viewer=here["head"], at=ON) is None
    assert need_here(SLUG, 2**70, viewer=here["head"], at=ON) is None


def test_once_chosen_its_words_are_for_its_broker_alone(here: World) -> None:
    row = ask(here)
    Need.objects.filter(pk=row.pk).update(state=NeedState.CHOSEN.value, broker=here.people["broker"])
    read = {who: need_here(SLUG, row.pk, viewer=here[who], at=ON) for who in ("head", "broker", "split")}
    assert {who: seen.words if seen else None for who, seen in read.items()} == {"head": WORDS, "broker": WORDS, "split": ""}


def test_a_list_shows_a_broker_the_area_without_words_and_a_head_their_own(here: World) -> None:
    mine, other = ask(here), need(here, school="990004", themes=["attendance"])
    need(here, school=SPLIT)
    head, broker = needs_page(SLUG, viewer=here["head"], at=ON), needs_page(SLUG, viewer=here["broker"], at=ON)
    split, nobody = needs_page(SLUG, viewer=here["split"], at=ON), needs_page(SLUG, viewer=here["manager"], at=ON)
    assert head
    assert broker
    assert split
    assert nobody
    assert ([each.pk for each in head.own], head.area, head.brokers) == ([mine.pk], (), False)
    assert [(each.urn, each.words, each.asked_by) for each in broker.area] == [("990004", "", ""), (SPLIT, "", ""), (URN, "", "")]
    assert ([each.urn for each in split.own], [each.urn for each in split.area]) == ([SPLIT], ["990004", URN])
    assert (nobody.own, nobody.area, nobody.schools) == ((), (), ())
    assert needs_page("elsewhere", viewer=here["broker"], at=ON) is None
    only = needs_page(SLUG, viewer=here["broker"], at=ON, theme="attendance")
    assert only
    assert [each.pk for each in only.area] == [other.pk]
    Need.objects.filter(pk=other.pk).update(state="withdrawn")
    left = needs_page(SLUG, viewer=here["broker"], at=ON, state=NeedState.WITHDRAWN)
    assert left
    assert ([each.pk for each in left.area], left.counts[NeedState.OPEN]) == ([other.pk], 2)


def test_published_facts_of_the_school_are_never_asked_again(here: World) -> None:
    school = asking_school(SLUG, URN, viewer=here["head"], at=ON)
    assert school is not None
    assert (school.school, school.phase, school.others) == ("Fernhollow Primary School", "Primary", ())
    assert [asking_school(SLUG, URN, viewer=here[who], at=ON) for who in ("manager", "other head")] == [None, None]
    assert asking_school(SLUG, "100000", viewer=here["broker"], at=ON) is None


def test_a_broker_who_is_clerk_of_a_school_neither_asks_for_it_nor_brokers_it(here: World) -> None:
    row = ask(here)
    clerk = replace(here["broker"], holdings=(*here["broker"].holdings, *here["clerk"].holdings))
    with pytest.raises(Conflict, match=r"^You hold a post at this school"):
        actions.ask_for_support(slug=SLUG, urn=URN, asked=ASKED, by=clerk, at=AT, origin="priority", key="1", agreed=True)
    page = needs_page(SLUG, viewer=clerk, at=ON)
    assert (need_here(SLUG, row.pk, viewer=clerk, at=ON), page.area if page else None) == (None, ())
    assert beginning(SLUG, URN, "priority", "1", viewer=clerk, at=ON) is None
