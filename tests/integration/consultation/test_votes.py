"""A forum vote from its declaration to the decision: voters fixed, one ballot each, silence as declared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from convenor.consultation.actions import run_due
from convenor.consultation.actions import votes as actions
from convenor.consultation.models import Ballot, Consultation, ForumVote
from convenor.consultation.queries.votes import bodies_that_vote, consultations_to_vote_on, forum_vote, forum_votes
from convenor.consultation.rules.refusals import AlreadySent, BadProposition, NotOpen, WrongDay
from convenor.consultation.rules.states import Constituency, Silence
from convenor.governance.models import Decision
from convenor.journal.models import Entry
from convenor.partnership.actions import leave
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.models import Appointment
from convenor.partnership.rules.refusals import NotThere
from tests.factories.consultation import AT, ON, SLUG, World, ballot, consultation, day, vote
from tests.factories.partnership import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def plan(here: World, who: str = "manager", **more: Any) -> ForumVote:
    given = {
        "words": "That we begin", "constituency": Constituency.SCHOOLS, "quorum_percent": 50, "silence": Silence.NOT_COUNTED,
        "opens_on": ON, "closes_on": day(14),
    }  # fmt: skip
    return actions.plan_vote(slug=SLUG, by=here[who], at=AT, **given | more)


def test_voters_are_fixed_on_opening_and_stay_whoever_leaves(here: World) -> None:
    row = actions.open_vote(slug=SLUG, vote_id=plan(here, phases=("Primary",)).pk, by=here["manager"], at=AT)
    assert (row.state, sorted(row.voters)) == ("open", ["990001", "990002", "990003"])
    leave(slug=SLUG, urn="990001", until_on=ON + timedelta(days=1), why="", by=here["manager"], at=AT)
    actions.cast(slug=SLUG, vote_id=row.pk, voter="990001", choice="for", by=here["head"], at=AT)
    with pytest.raises(BadProposition, match=r"^This school or seat is not among those who may vote"):
        actions.cast(slug=SLUG, vote_id=row.pk, voter="990005", choice="for", by=here["other head"], at=AT)
    with pytest.raises(NotOpen):
        actions.open_vote(slug=SLUG, vote_id=row.pk, by=here["manager"], at=AT)


def test_one_vote_a_school_by_who_speaks_for_it(here: World) -> None:
    row = vote(here)
    known: dict[str, Any] = {"slug": SLUG, "vote_id": row.pk, "voter": "990001", "at": AT}
    with pytest.raises(NotAllowed):
        actions.cast(**known, choice="for", by=here["school leader"])
    with pytest.raises(NotAllowed):
        actions.cast(**known, choice="for", by=here["other head"])
    actions.cast(**known, choice="against", by=here["head"])
    with pytest.raises(AlreadySent, match=r"^This vote was cast already"):
        actions.cast(**known, choice="for", by=here["chair of governors"])
    assert Ballot.objects.get().choice == "against"
    assert Entry.objects.get(verb="vote.cast").detail == {}


def test_seats_vote_by_who_holds_them(here: World) -> None:
    row = plan(here, constituency=Constituency.SEATS, body="board")
    actions.open_vote(slug=SLUG, vote_id=row.pk, by=here["manager"], at=AT)
    row.refresh_from_db()
    chair = str(Appointment.objects.get(seat__body__key="board", seat__key="chair").pk)
    assert chair in row.voters
    with pytest.raises(NotAllowed, match=r"^You do not hold this seat today"):
        actions.cast(slug=SLUG, vote_id=row.pk, voter=chair, choice="for", by=here["other head"], at=AT)
    actions.cast(slug=SLUG, vote_id=row.pk, voter=chair, choice="for", by=here["board member"], at=AT)
    seen = forum_vote(SLUG, row.pk, viewer=here["board member"], at=ON)
    assert seen is not None
    assert [(each.name, each.said) for each in seen.own] == [("Independent chair", "For")]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"closes_on": date(2026, 11, 1)}, WrongDay),
        ({"opens_on": day(20)}, WrongDay),
        ({"constituency": Constituency.SEATS}, NotThere),
        ({"body": "moon"}, NotThere),
        ({"consultation_id": 0}, NotThere),
        ({"words": ""}, BadProposition),
    ],
)
def test_vote_that_cannot_be_is_not_declared(here: World, change: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        plan(here, **change)
    assert ForumVote.objects.count() == 0


def test_nobody_else_declares_one_and_none_opens_without_voters_or_late(here: World) -> None:
    with pytest.raises(NotAllowed):
        plan(here, "board member")
    row = plan(here, phases=("Nursery",))
    with pytest.raises(BadProposition, match=r"^Nobody could vote"):
        actions.open_vote(slug=SLUG, vote_id=row.pk, by=here["manager"], at=AT)
    with pytest.raises(WrongDay):
        actions.open_vote(slug=SLUG, vote_id=row.pk, by=here["manager"], at=AT + timedelta(days=30))
    with pytest.raises(NotThere):
        actions.open_vote(slug=SLUG, vote_id=0, by=here["manager"], at=AT)


def test_it_closes_by_itself_and_becomes_a_decision_once(here: World) -> None:
    row = vote(here, closes_on=day(1), consultation=consultation(here))
    for urn, choice in (("990001", "for"), ("990002", "for"), ("990003", "against")):
        ballot(here, row, urn, choice)
    with pytest.raises(WrongDay, match=r"^Its last day has not passed"):
        actions.close_vote(slug=SLUG, vote_id=row.pk, by=here["manager"], at=AT)
    with pytest.raises(NotOpen, match=r"^A vote that has closed"):
        actions.record_outcome(slug=SLUG, vote_id=row.pk, body="board", by=here["manager"], at=AT)
    run_due(by="the system", at=AT + timedelta(days=2))
    done = actions.record_outcome(slug=SLUG, vote_id=row.pk, body="board", by=here["manager"], at=AT + timedelta(days=2))
    said = Decision.objects.get()
    assert (done.decision_id, said.words, said.decided_on) == (said.pk, f"Agreed: {row.words}", day(1))
    assert said.why == (
        "By a vote that closed on 3 November 2026: 2 for, 1 against, 0 abstained, 3 not returned. "
        "Carried: 2 of 3 counted for it; more than 50 per cent had to."
    )
    with pytest.raises(NotOpen):
        actions.record_outcome(slug=SLUG, vote_id=row.pk, body="board", by=here["manager"], at=AT + timedelta(days=2))
    with pytest.raises(NotOpen, match=r"^It is not open"):
        actions.close_vote(slug=SLUG, vote_id=row.pk, by=here["manager"], at=AT)


def test_vote_that_is_not_quorate_decides_nothing_and_a_full_one_closes_early(here: World) -> None:
    few = vote(here, "closed")
    ballot(here, few, "990001")
    with pytest.raises(BadProposition, match=r"^Not quorate: 1 of 6 voted, and 3 had to\."):
        actions.record_outcome(slug=SLUG, vote_id=few.pk, body="board", by=here["manager"], at=AT)
    full = vote(here, voters=["990001"], words="A full one")
    ballot(here, full, "990001", "against")
    actions.close_vote(slug=SLUG, vote_id=full.pk, by=here["manager"], at=AT)
    with pytest.raises(BadProposition, match=r"^There is no such body"):
        actions.record_outcome(slug=SLUG, vote_id=full.pk, body="moon", by=here["manager"], at=AT)
    done = actions.record_outcome(slug=SLUG, vote_id=full.pk, body="board", by=here["manager"], at=AT)
    assert done.decision is not None
    assert done.decision.words == "Not agreed: A full one"


def test_who_voted_how_is_told_to_nobody_and_the_count_only_after_closing(here: World) -> None:
    row = vote(here)
    ballot(here, row, "990005", "against")
    seen = {who: forum_vote(SLUG, row.pk, viewer=here[who], at=ON) for who in ("manager", "head", "other head", "board member")}
    assert {who: (each.outcome, each.returned) for who, each in seen.items() if each} == {
        "manager": (None, 1), "head": (None, None), "other head": (None, None), "board member": (None, None),
    }  # fmt: skip
    assert {who: [(one.name, one.said) for one in each.own] for who, each in seen.items() if each} == {
        "manager": [], "head": [("Fernhollow Primary School", "")], "other head": [("Dunmarsh High School", "Against")], "board member": [],
    }  # fmt: skip


def test_votes_are_for_members_and_drafts_for_who_runs_them(here: World) -> None:
    consultation(here)
    vote(here, "draft", words="A draft")
    vote(here, "closed")
    found = {who: forum_votes(SLUG, viewer=here[who], at=ON) for who in ("manager", "head")}
    assert {who: [(each.state.value, each.quorate, each.carried) for each in some] for who, some in found.items() if some} == {
        "manager": [("closed", False, False), ("draft", False, False)], "head": [("closed", False, False)],
    }  # fmt: skip
    draft = ForumVote.objects.get(state="draft").pk
    assert [forum_vote(SLUG, draft, viewer=each, at=ON) for each in (here["head"], ANYONE)] == [None, None]
    assert (forum_votes(SLUG, viewer=ANYONE, at=ON), consultations_to_vote_on(SLUG, viewer=here["head"])) == (None, [])
    assert [key for key, _ in bodies_that_vote(SLUG, viewer=here["manager"], at=ON)][-1] == "south-cluster"
    assert consultations_to_vote_on(SLUG, viewer=here["manager"]) == [
        (str(Consultation.objects.get().pk), Consultation.objects.get().title)
    ]
