"""Forum votes: which there are, one of them with its declared rules, and its result once it has closed. Totals, never who voted how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.consultation.models import Ballot, Consultation, ForumVote
from convenor.consultation.queries.voters import Voter, ballots_of, count_of, voters_now
from convenor.consultation.rules.states import Constituency, Silence, VoteState
from convenor.consultation.rules.votes import CHOICES, Came, Outcome, needed
from convenor.partnership.models import Body
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """One vote that is the viewer's to cast, and how it was cast where it was, by whom in the school."""

    key: str
    name: str
    choice: str

    @property
    def said(self) -> str:
        """In words; "" while it is not cast."""
        return CHOICES.get(self.choice, "")


@dataclass(frozen=True, slots=True)
class VoteSeen:
    """A vote. `outcome` is told once it has closed; until then `returned` says how many have voted, to whoever runs it."""

    pk: int
    words: str
    state: VoteState
    opens_on: date
    closes_on: date
    takes: bool
    constituency: Constituency
    body: str
    body_key: str
    phases: tuple[str, ...]
    voters: int
    needed: int
    quorum_percent: int
    majority_percent: int
    silence: Silence
    consultation_id: int | None
    consultation: str
    own: tuple[OwnBallot, ...]
    outcome: Outcome | None
    returned: int | None
    written_down: bool
    runs: bool
    may_decide: bool

    @property
    def carried(self) -> bool:
        """Whether it carried, once it has closed."""
        return self.outcome is not None and self.outcome.came is Came.CARRIED

    @property
    def quorate(self) -> bool:
        """Whether enough voted, once it has closed."""
        return self.outcome is not None and self.outcome.came is not Came.NOT_QUORATE


def forum_votes(slug: str, *, viewer: Viewer, at: date | datetime) -> tuple[VoteSeen, ...] | None:
    """Every vote, newest first; those being declared only for whoever runs them. None for somebody of no post here. A few queries each."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    rows = ForumVote.objects.filter(partnership__slug=slug).select_related("body", "consultation")
    if not viewer.may(Permission.CONSULTATION_RUN):
        rows = rows.exclude(state=VoteState.DRAFT.value)
    return tuple(_seen(each, viewer, at) for each in rows)


def forum_vote(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> VoteSeen | None:
    """One vote; None where there is none, or it is being declared and the viewer does not run it."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    row = ForumVote.objects.filter(partnership__slug=slug, pk=pk).select_related("body", "consultation").first()
    if row is None or (row.state == VoteState.DRAFT.value and not viewer.may(Permission.CONSULTATION_RUN)):
        return None
    return _seen(row, viewer, at)


def bodies_that_vote(slug: str, *, viewer: Viewer, at: date | datetime) -> list[tuple[str, str]]:
    """The bodies of today, key and name, the highest tier first. Bodies are public. One query."""
    rows = Body.objects.filter(in_force(day_of(at)), partnership__slug=slug).order_by("tier__level", "name")
    return list(rows.values_list("key", "name"))


def consultations_to_vote_on(slug: str, *, viewer: Viewer) -> list[tuple[str, str]]:
    """The partnership's consultations, key and title, for whoever declares a vote. One query."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.CONSULTATION_RUN):
        return []
    rows = Consultation.objects.filter(partnership__slug=slug).exclude(state__in=("draft", "withdrawn"))
    return [(str(pk), title) for pk, title in rows.values_list("pk", "title")]


def _seen(row: ForumVote, viewer: Viewer, at: date | datetime) -> VoteSeen:
    state, on, runs = VoteState(row.state), day_of(at), viewer.may(Permission.CONSULTATION_RUN)
    mine: list[Voter] = ballots_of(row, viewer=viewer, at=at) if state is not VoteState.DRAFT else []
    cast = dict(Ballot.objects.filter(vote=row, voter__in=[each.key for each in mine]).values_list("voter", "choice")) if mine else {}
    voters = len(row.voters) if state is not VoteState.DRAFT else len(voters_now(row, viewer=viewer, at=at))
    count = count_of(row, viewer=viewer) if state is VoteState.CLOSED or (runs and state is VoteState.OPEN) else None
    return VoteSeen(
        row.pk, row.words, state, row.opens_on, row.closes_on, state is VoteState.OPEN and row.opens_on <= on <= row.closes_on,
        Constituency(row.constituency), row.body.name if row.body else "", row.body.key if row.body else "", tuple(row.phases), voters,
        needed(voters, row.quorum_percent), row.quorum_percent, row.majority_percent, Silence(row.silence), row.consultation_id,
        row.consultation.title if row.consultation else "",
        tuple(OwnBallot(each.key, each.name, cast.get(each.key, "")) for each in mine),
        count if state is VoteState.CLOSED else None, count.returned if count is not None and state is VoteState.OPEN else None,
        row.decision_id is not None, runs, viewer.may(Permission.PRIORITY_SET),
    )  # fmt: skip
