"""A forum vote: declared, opened with its voters fixed, cast once by each, closed on its day, and the decision that came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from convenor.consultation.models import Ballot, Consultation, ForumVote
from convenor.consultation.queries.voters import ballots_of, count_of, voters_now
from convenor.consultation.rules.refusals import AlreadySent, BadProposition, NotOpen, WrongDay
from convenor.consultation.rules.states import Constituency, Silence, VoteState
from convenor.consultation.rules.votes import Came, check_cast, check_vote
from convenor.governance.actions import record_decision
from convenor.governance.rules import Refused as DecisionRefused
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.queries.keys import body_row, partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere

NOT_THERE = "There is no such vote in this partnership. Nothing was changed."


def plan_vote(
    *, slug: str, words: str, constituency: Constituency, quorum_percent: int, silence: Silence, opens_on: date, closes_on: date,
    by: Viewer, at: datetime, majority_percent: int = 50, body: str = "", phases: tuple[str, ...] = (), consultation_id: int | None = None,
) -> ForumVote:  # fmt: skip
    """Declares a vote: on what, who votes (member schools, or the seats of a body), the quorum, the majority, what silence means.

    Raises NotAllowed, BadProposition, WrongDay, NotThere for a body or a consultation that is not this partnership's.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    check_vote(words=words, quorum_percent=quorum_percent, majority_percent=majority_percent)
    if closes_on < opens_on or closes_on < day_of(at):
        raise WrongDay("A vote closes on the day it opens or later, and not in the past. Choose another day.")
    row = body_row(slug, body) if body else None
    if (constituency is Constituency.SEATS or body) and row is None:
        raise NotThere("Choose the body whose seats vote. Nothing was changed.")
    if consultation_id is not None and not Consultation.objects.filter(partnership__slug=slug, pk=consultation_id).exists():
        raise NotThere("There is no such consultation in this partnership. Nothing was changed.")
    with transaction.atomic():
        vote = ForumVote(
            partnership_id=partnership_id(slug), consultation_id=consultation_id, words=words.strip()[:400],
            constituency=constituency.value, body_id=row.pk if row else None, phases=list(phases), quorum_percent=quorum_percent,
            majority_percent=majority_percent, silence=silence.value, state=VoteState.DRAFT.value, opens_on=opens_on, closes_on=closes_on,
            made_by=by.label[:200], made_at=at, version=0,
        )  # fmt: skip
        _kept(vote, "declared", slug=slug, by=by, at=at)
    return vote


def open_vote(*, slug: str, vote_id: int, by: Viewer | str, at: datetime) -> ForumVote:
    """Opens it: who may vote is fixed from now on, and so is everything declared. Raises NotAllowed, NotThere, NotOpen, BadProposition
    where nobody could vote, WrongDay where its last day is past."""
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = _locked(slug, vote_id)
        if row.state != VoteState.DRAFT.value:
            raise NotOpen("It has opened already. Nothing was changed.")
        if row.closes_on < day_of(at):
            raise WrongDay("Its last day is past. Declare it anew. Nothing was changed.")
        row.voters = [each.key for each in voters_now(row, viewer="the system", at=at)]
        if not row.voters:
            raise BadProposition("Nobody could vote: no school or seat is of that constituency today. Nothing was changed.")
        row.state, row.opens_on = VoteState.OPEN.value, min(row.opens_on, day_of(at))
        _kept(row, "opened", slug=slug, by=by, at=at, detail={"voters": len(row.voters)})
    return row


def cast(*, slug: str, vote_id: int, voter: str, choice: str, by: Viewer, at: datetime) -> Ballot:
    """One vote for a school (by whoever speaks for it) or from a seat (by who holds it). It stands once cast.

    Raises NotAllowed, NotThere, NotOpen, BadProposition for no voter or no choice, AlreadySent for a second one.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row = _locked(slug, vote_id)
        if row.constituency == Constituency.SCHOOLS.value:
            allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=voter)
        elif voter not in {each.key for each in ballots_of(row, viewer=by, at=at)}:
            raise NotAllowed("You do not hold this seat today. Nothing was counted.")
        takes = row.opens_on <= day_of(at) <= row.closes_on
        check_cast(VoteState(row.state), takes=takes, voter=voter, voters=row.voters, choice=choice)
        try:
            with transaction.atomic():
                ballot = Ballot.objects.create(
                    vote=row, voter=voter, school_id=voter if row.constituency == Constituency.SCHOOLS.value else None, choice=choice,
                    person_id=by.person_id or 0, cast_at=at,
                )  # fmt: skip
        except IntegrityError as error:
            raise AlreadySent("This vote was cast already, and stands as it was cast. Nothing was counted a second time.") from error
        journal.record(
            by=by, at=at, verb="vote.cast", subject_kind="forum-vote", subject_key=row.pk, subject_label=row.words[:80], partnership=slug,
            urn=ballot.school_id or "",
        )  # fmt: skip
    return ballot


def close_vote(*, slug: str, vote_id: int, by: Viewer | str, at: datetime) -> ForumVote:
    """Closes it after its last day, or before where everybody has voted. Raises NotAllowed, NotThere, NotOpen, WrongDay."""
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = _locked(slug, vote_id)
        if row.state != VoteState.OPEN.value:
            raise NotOpen("It is not open. Nothing was changed.")
        if day_of(at) <= row.closes_on and row.ballots.count() < len(row.voters):
            raise WrongDay("Its last day has not passed, and not everybody has voted. Nothing was changed.")
        row.state = VoteState.CLOSED.value
        _kept(row, "closed", slug=slug, by=by, at=at, detail={"result": count_of(row, viewer="the system").words})
    return row


def record_outcome(*, slug: str, vote_id: int, body: str, by: Viewer, at: datetime) -> ForumVote:
    """Writes what came of a closed vote down as a decision of a body (its key), with its count and rule. Not where it was not quorate.

    Raises NotAllowed, NotThere, NotOpen where it has not closed or is written down already, BadProposition.
    """
    allow(by, Permission.PRIORITY_SET, partnership=slug)
    with transaction.atomic():
        row = _locked(slug, vote_id)
        if row.state != VoteState.CLOSED.value or row.decision_id is not None:
            raise NotOpen("A vote that has closed is written down once. Nothing was changed.")
        count = count_of(row, viewer="the system")
        if count.came is Came.NOT_QUORATE:
            raise BadProposition(f"{count.words} There is nothing to write down.")
        said = "Agreed" if count.came is Came.CARRIED else "Not agreed"
        try:
            row.decision = record_decision(
                slug=slug, body=body, words=f"{said}: {row.words}", decided_on=min(row.closes_on, day_of(at)), by=by, at=at,
                why=f"By a vote that closed on {row.closes_on.day} {row.closes_on:%B %Y}: {count.votes_for} for, {count.votes_against} "
                f"against, {count.abstained} abstained, {count.silent} not returned. {count.words}",
            )  # fmt: skip
        except DecisionRefused as error:
            raise BadProposition(str(error)) from error
        _kept(row, "written-down", slug=slug, by=by, at=at)
    return row


def run_votes(*, by: str, at: datetime) -> int:
    """Closes votes whose last day has passed; how many. What the worker calls."""
    due = ForumVote.objects.filter(state=VoteState.OPEN.value, closes_on__lt=day_of(at)).values_list("partnership__slug", "pk")
    for slug, pk in list(due):
        close_vote(slug=slug, vote_id=pk, by=by, at=at)
    return len(due)


def _locked(slug: str, pk: int) -> ForumVote:
    row = ForumVote.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=pk).first()
    if row is None:
        raise NotThere(NOT_THERE)
    return row


def _kept(row: Any, verb: str, *, slug: str, by: Viewer | str, at: datetime, detail: dict[str, Any] | None = None) -> None:
    row.version += 1
    row.save()
    journal.record(
        by=by, at=at, verb=f"vote.{verb}", subject_kind="forum-vote", subject_key=row.pk, subject_label=row.words[:80], partnership=slug,
        detail=detail,
    )  # fmt: skip
