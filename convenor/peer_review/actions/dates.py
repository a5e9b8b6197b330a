"""Dates of visits: proposed for a whole round, taken, set one by one, moved. Each takes `by` (a viewer) and `at`.

Every date is held against the same rules (`rules.dates`), whoever sets it: school days, nobody in two places, offered days unless the
coordinator has asked. Host and team receive an invitation that their calendars take in, and a changed one when the visit moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.peer_review.actions.activities import move_agenda
from convenor.peer_review.actions.calendar import invite
from convenor.peer_review.actions.review_rows import locked, pass_gate
from convenor.peer_review.models import DateProposal, PeerReview, ReviewRound
from convenor.peer_review.queries.dates import RoundDates, VisitDiary, round_dates, visit_diary
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.queries.steps import whos
from convenor.peer_review.rules.dates import Diary, HostDiary, check_visit, visit_for, why_unplaced, window_days
from convenor.peer_review.rules.gates import check_who
from convenor.peer_review.rules.placing import Placed, Wanted, days_of, place
from convenor.peer_review.rules.refusals import NoWords, OutOfTurn
from convenor.peer_review.rules.states import RoundState, State, Step

#: The longest reason for a move, characters.
WHY_AT_MOST = 300
#: How many dates of a proposal are taken in one go, so that no page keeps anybody waiting.
TAKEN_AT_ONCE = 25


def set_visit(
    *, slug: str, review_id: int, from_on: date, by: Viewer, at: datetime, asked: bool = False, version: int | None = None, site: str = ""
) -> PeerReview:  # fmt: skip
    """The coordinator sets the days of a visit, which schedules the review; host and team are invited.

    It takes as many school days, one after another, as the way of review says. `asked`: the coordinator has asked those who did not
    offer the day. Raises NotThere, ChangedMeanwhile, what `check_visit` raises (WrongDay, Clash, NotOffered), and what the gate raises.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        check_who(Step.SCHEDULED, whos(here, viewer=by))  # before anybody's days are spoken of
        _place(row, here, from_on, by=by, at=at, asked=asked)
        pass_gate(row, here, Step.SCHEDULED, by=by, at=at)
        invite(row, here, by=by, at=at, site=site)
    return row


def move_visit(
    *, slug: str, review_id: int, from_on: date, why: str, by: Viewer, at: datetime, asked: bool = False, version: int | None = None,
    site: str = "",
) -> PeerReview:  # fmt: skip
    """The coordinator or the host moves a visit that has not begun; its state stays, and calendars are told of the new days.

    A postponed review may be moved too: it goes on when it is resumed, and calendars hear of its days then. A reason is needed; it stays
    with the step. Raises NoWords, and what `set_visit` raises.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    words = " ".join(why.split())
    if not words or len(words) > WHY_AT_MOST:
        raise NoWords(f"Say in a few words why the visit moves (at most {WHY_AT_MOST} characters). Nothing was changed.")
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        check_who(Step.MOVED, whos(here, viewer=by))
        _place(row, here, from_on, by=by, at=at, asked=asked)
        pass_gate(row, here, Step.MOVED, by=by, at=at, why=words)
        if row.state != State.POSTPONED.value:
            invite(row, here, by=by, at=at, site=site)
    return row


def _place(row: PeerReview, here: ReviewHere, from_on: date, *, by: Viewer, at: datetime, asked: bool) -> None:
    """Puts the days into the row, once the rules allow them."""
    diary = visit_diary(here, viewer=by, at=at)
    until_on = check_visit(from_on, diary.length_days, host=diary.host, team=diary.team, today=day_of(at), asked=asked)
    before = {"was_from_on": row.visit_from_on, "was_until_on": row.visit_until_on}
    row.visit_from_on, row.visit_until_on = from_on, until_on
    row.save()
    move_agenda(row, **before, by=by, at=at)


def propose_dates(*, slug: str, round_id: int, by: Viewer, at: datetime) -> DateProposal:
    """Proposes dates for the round's visits that have none yet, beside those that are set: as many as can be, proved where it says so.

    No visit is proposed so soon that data could not be shared in time. Nothing is set, and nobody is told, until the proposal is taken.
    Raises NotThere, NotAllowed; Refused where no visit waits for a date.
    """
    seen = _runs(slug, round_id, by, at)
    waiting = [each for each in seen.visits if each.waits]
    if not waiting:
        raise Refused("No visit of this round waits for a date. Nothing was changed.")
    earliest = max(seen.round.visits_from_on, day_of(at) + timedelta(days=seen.round.way.timings.data_shared_days_before))
    windows = {each.pk: window_days(each.host.calendar, earliest, max(earliest, seen.round.visits_until_on)) for each in waiting}
    visits = tuple(visit_for(str(each.pk), each.length_days, windows[each.pk], host=each.host, team=each.team) for each in waiting)
    people = {diary.key: diary.as_person() for each in waiting for diary in each.team}
    placed = place(Wanted(visits, people, _hosting(waiting), _away(waiting)))
    unplaced = _reasons(waiting, placed, {pk: window.days for pk, window in windows.items()})
    with transaction.atomic():
        ReviewRound.objects.select_for_update(of=("self",)).get(
            pk=round_id
        )  # two coordinators at once get two proposals, one after the other
        number = (DateProposal.objects.filter(round_id=round_id).aggregate(most=Max("number"))["most"] or 0) + 1
        row = DateProposal.objects.create(
            round_id=round_id, number=number, status=placed.status, made_at=at, made_by=by.label[:200], unplaced=unplaced,
            days={key: first.isoformat() for key, first in placed.first_days.items()},
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="dates.proposed", subject_kind="review-round", subject_key=round_id, partnership=slug,
            subject_label=seen.round.name, detail={"placed": len(row.days), "unplaced": len(unplaced), "status": placed.status},
        )  # fmt: skip
    return row


def _runs(slug: str, round_id: int, by: Viewer, at: datetime) -> RoundDates:
    """The round with its dates, for whoever runs it."""
    allow(by, Permission.ROUND_RUN, partnership=slug)
    seen = round_dates(slug, round_id, viewer=by, at=at)
    if seen is None or seen.round.state is RoundState.DRAFT:
        raise NotThere("There is no such round in this partnership. Nothing was changed.")
    if not seen.round.runs:
        raise NotAllowed(f"You cannot {Permission.ROUND_RUN.value}: no post you hold today allows it here. Nothing was changed.")
    return seen


def _hosting(waiting: Iterable[VisitDiary]) -> dict[str, frozenset[date]]:
    """The days on which the reviewers' own schools host visits that are dated already."""
    return {each.home: each.home_hosts for visit in waiting for each in visit.team if each.home}


def _away(waiting: Iterable[VisitDiary]) -> dict[str, frozenset[date]]:
    """The days on which somebody of a host is on a visit that is dated already."""
    return {each.urn: frozenset(each.host.away) for each in waiting}


def _reasons(waiting: list[VisitDiary], placed: Placed, windows: dict[int, tuple[date, ...]]) -> dict[str, str]:
    """For each visit without a date, why, and what would place it beside the others as they are proposed."""
    at_home, on_visit = dict[str, set[date]](), dict[str, dict[date, str]]()
    away = dict[str, dict[date, tuple[str, ...]]]()
    for each in waiting:
        first = placed.first_days.get(str(each.pk))
        for day in days_of(first, each.length_days) if first else ():
            at_home.setdefault(each.urn, set()).add(day)
            for person in each.team:
                on_visit.setdefault(person.key, {})[day] = each.school
                if person.home:
                    away.setdefault(person.home, {})[day] = (*away.get(person.home, {}).get(day, ()), person.name)
    by_key = {str(each.pk): each for each in waiting}
    found = {}
    for key in placed.unplaced:
        visit = by_key[key]
        team = [_busier(each, on_visit, at_home) for each in visit.team]
        absent = {**visit.host.away, **away.get(visit.urn, {})}
        host: HostDiary = replace(visit.host, away=absent)
        found[key] = why_unplaced(visit.length_days, windows[visit.pk], host=host, team=team).words
    return found


def _busier(diary: Diary, on_visit: dict[str, dict[date, str]], at_home: dict[str, set[date]]) -> Diary:
    """A diary with the days that the proposal takes up."""
    return replace(
        diary, busy={**diary.busy, **on_visit.get(diary.key, {})}, home_hosts=diary.home_hosts | at_home.get(diary.home, set())
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakenDates:
    """How far the taking of a proposal has come: dates set just now, dates still to be set, what was refused just now, in
    words, and how many dates of the proposal were left out in all."""

    taken: int
    left: int
    refused: tuple[str, ...]
    left_out: int


def take_dates(*, slug: str, round_id: int, by: Viewer, at: datetime, site: str = "", at_once: int = TAKEN_AT_ONCE) -> TakenDates:
    """Sets the dates of the newest proposal, some at a time: call it until none is left. Host and team of each are invited.

    A date that no longer fits, since something changed after it was proposed, is left out and told; that visit waits for another. A visit
    dated by hand meanwhile keeps its date. Raises NotThere, NotAllowed; Refused where there is no proposal to take.
    """
    seen = _runs(slug, round_id, by, at)
    if seen.proposal is None or not seen.proposal.open:
        raise Refused("There is no proposal of dates to take. Nothing was changed.")
    refused_before = set(seen.proposal.unplaced)
    todo = [each for each in seen.visits if each.waits and each.pk in seen.proposal.days and each.pk not in refused_before]
    refused: dict[int, str] = {}
    for each in todo[:at_once]:
        try:
            with transaction.atomic():
                set_visit(slug=slug, review_id=each.pk, from_on=seen.proposal.days[each.pk], by=by, at=at, site=site)
        except OutOfTurn:  # another coordinator set it this very moment, or its school took the review back
            continue
        except Refused as error:
            refused[each.pk] = f"{error}".removesuffix(" Nothing was changed.")
    left = len(todo[at_once:])
    with transaction.atomic():
        row = DateProposal.objects.select_for_update(of=("self",)).get(pk=seen.proposal.pk)
        row.unplaced = {**row.unplaced, **{str(pk): words for pk, words in refused.items()}}
        row.taken_at = None if left else at
        row.save()
        if not left:
            journal.record(
                by=by, at=at, verb="dates.taken", subject_kind="review-round", subject_key=round_id, partnership=slug,
                subject_label=seen.round.name, detail={"proposal": row.number},
            )  # fmt: skip
    names = {each.pk: each.school for each in todo}
    words = tuple(f"{names[pk]}: {said}" for pk, said in refused.items())
    return TakenDates(len(todo[:at_once]) - len(refused), left, words, len(set(row.days) & set(row.unplaced)))
