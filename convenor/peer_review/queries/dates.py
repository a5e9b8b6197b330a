"""Dates of a round's visits: who can when, what is set and what is proposed; for whoever runs the round, and for those who follow it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.terms import calendars
from convenor.partnership.rules.terms import SchoolCalendar
from convenor.peer_review.models import DateProposal, PeerReview, ReviewStep, RoundOffer, RoundSchool, TeamMember
from convenor.peer_review.queries.rounds import RoundHere, round_here, runs_rounds_of
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.queries.turns import followed_reach, follows_everywhere
from convenor.peer_review.rules.dates import Diary, HostDiary, newcomers_in_the_way
from convenor.peer_review.rules.gates import timings_of
from convenor.peer_review.rules.placing import DAY, days_of
from convenor.peer_review.rules.states import State, Step

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Reviews in these states take nobody's days up.
NO_VISIT = (State.WITHDRAWN.value,)
#: The steps that set the days of a visit.
SETS_DAYS = (Step.SCHEDULED.value, Step.MOVED.value)
#: Before the visit: its days may still be set or moved.
MOVABLE = frozenset({State.DRAFT, State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED, State.POSTPONED})


@dataclass(frozen=True)
class VisitDiary:
    """One review with the days of its host and team. `body` is the cluster in which the host takes part, "" for none.

    `notice_days` is how long before the visit data are shared. `closed` says why a day of its visit is no school day after all, "" while
    all are. `newcomers` are keys of those who joined the team after its days were set.
    """

    pk: int
    state: State
    version: int
    visit_from_on: date | None
    visit_until_on: date | None
    length_days: int
    body: str
    host: HostDiary
    team: tuple[Diary, ...]
    fictitious: bool = False
    notice_days: int = 14
    newcomers: frozenset[str] = frozenset()

    @property
    def urn(self) -> str:
        """The host."""
        return self.host.urn

    @property
    def school(self) -> str:
        """The host's name."""
        return self.host.name

    @property
    def waits(self) -> bool:
        """Whether it has no days yet and may get some."""
        return self.state is State.DRAFT and self.visit_from_on is None

    @property
    def movable(self) -> bool:
        """Whether its days may still be changed."""
        return self.state in MOVABLE

    @property
    def last_on(self) -> date | None:
        """The last day of the visit."""
        return self.visit_until_on - DAY if self.visit_until_on else None

    @property
    def closed(self) -> str:
        """Why a day of the visit is no school day: terms were entered after it was set."""
        if self.visit_from_on is None or self.visit_until_on is None or not self.movable:
            return ""
        days = days_of(self.visit_from_on, (self.visit_until_on - self.visit_from_on).days)
        return next((why for day in days if (why := self.host.calendar.why_closed(day))), "")

    @property
    def in_the_way(self) -> tuple[str, ...]:
        """Why somebody who joined the team after its days were set cannot come, or is to be asked: sentences."""
        if self.visit_from_on is None or self.visit_until_on is None or not self.movable:
            return ()
        return newcomers_in_the_way(self.visit_from_on, self.visit_until_on, [each for each in self.team if each.key in self.newcomers])


@dataclass(frozen=True)
class ProposalSeen:
    """The newest proposal of dates: first days by review, and why others have none. `open` while it has not been taken."""

    pk: int
    number: int
    days: dict[int, date]
    unplaced: dict[int, str]
    optimal: bool
    made_at: datetime
    taken_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it still waits to be taken."""
        return self.taken_at is None


@dataclass(frozen=True)
class RoundDates:
    """A round's visits with everybody's days, and the area's school days. `unknown` are school years of its window for which nobody has
    entered terms."""

    round: RoundHere
    visits: tuple[VisitDiary, ...]
    area: SchoolCalendar
    unknown: tuple[str, ...]
    proposal: ProposalSeen | None = None


def round_dates(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> RoundDates | None:
    """The dates of a round, for whoever runs it; for those who follow it, of the schools that they follow. None for anybody else.

    At most twelve queries, however many visits there are.
    """
    here = round_here(slug, pk, viewer=viewer, at=at)
    if here is None or not here.follows:
        return None
    rows = PeerReview.objects.filter(round_id=pk)
    if not here.runs:
        reach = followed_reach(viewer, day_of(at))
        rows = rows if reach is None else rows.filter(reach)
    proposal = _proposal(pk) if here.runs else None
    area = calendars(slug, viewer=viewer).area
    unknown = tuple(area.unknown_years(here.visits_from_on, here.visits_until_on))
    return RoundDates(here, _diaries(rows, slug, viewer, day_of(at)), area, unknown, proposal)


def visit_diary(here: ReviewHere, *, viewer: Viewer, at: date | datetime) -> VisitDiary:
    """One review that the viewer sees, with the days of its host and team: for whoever sets or moves its visit. Nine queries."""
    [found] = _diaries(PeerReview.objects.filter(pk=here.pk), here.slug, viewer, day_of(at))
    return found


def visits_in_the_way(
    slug: str, round_id: int, *, viewer: Viewer, at: date | datetime, only: Collection[str] = ()
) -> tuple[VisitDiary, ...]:
    """The visits to come of a round (of the schools in `only`, where any is named) that somebody who joined their team since cannot keep.

    For whoever runs the round; nothing for anybody else. Two queries, and nine more where a visit has a day.
    """
    here = round_here(slug, round_id, viewer=viewer, at=at)
    if here is None or not here.runs:
        return ()
    rows = PeerReview.objects.filter(round_id=round_id, visit_from_on__gte=day_of(at), state__in=[each.value for each in MOVABLE])
    rows = rows.filter(school_id__in=only) if only else rows
    return tuple(each for each in _diaries(rows, slug, viewer, day_of(at)) if each.in_the_way) if rows.exists() else ()


def _proposal(round_id: int) -> ProposalSeen | None:
    row = DateProposal.objects.filter(round_id=round_id).order_by("-number").first()
    if row is None:
        return None
    days = {int(pk): date.fromisoformat(day) for pk, day in row.days.items()}
    unplaced = {int(pk): words for pk, words in row.unplaced.items()}
    return ProposalSeen(row.pk, row.number, days, unplaced, row.status == "optimal", row.made_at, row.taken_at)


@dataclass
class _Taken:
    """Days that dated visits take up: whose, at which school, by the visit that does."""

    people: dict[int, dict[date, list[tuple[int, str]]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    away: dict[str, dict[date, list[tuple[int, str]]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    hosts: dict[str, dict[date, int]] = field(default_factory=lambda: defaultdict(dict))

    def busy(self, reviewer_id: int, pk: int) -> dict[date, str]:
        """At which school a reviewer is, by day, but for the visit `pk` itself."""
        taken = self.people.get(reviewer_id, {})
        return {day: school for day, visits in taken.items() for review, school in visits if review != pk}

    def away_from(self, urn: str, pk: int) -> dict[date, tuple[str, ...]]:
        """Who of a school is on another visit, by day."""
        found = {day: tuple(name for review, name in rows if review != pk) for day, rows in self.away.get(urn, {}).items()}
        return {day: names for day, names in found.items() if names}

    def hosting(self, urn: str, pk: int) -> frozenset[date]:
        """The days on which a school hosts another visit."""
        return frozenset(day for day, review in self.hosts.get(urn, {}).items() if review != pk)


def _taken(slug: str, reviewers: set[int], schools: set[str], on: date, named: frozenset[int] | None) -> _Taken:
    """What dated visits of the partnership take up, from a day on: of these reviewers, and of everybody of these schools. Two queries.

    At which school somebody is on another visit is told for rounds in `named`, or all where that is None.
    """
    found = _Taken()
    dated = PeerReview.objects.filter(partnership__slug=slug, visit_until_on__gt=on).exclude(state__in=NO_VISIT)
    for pk, urn, first, until in dated.filter(school_id__in=schools).values_list("pk", "school_id", "visit_from_on", "visit_until_on"):
        for day in _days(first, until):
            found.hosts[urn][day] = pk
    rows = TeamMember.objects.filter(Q(reviewer_id__in=reviewers) | Q(reviewer__school_id__in=schools), left_on=None, review__in=dated)
    fields = (
        "review_id", "reviewer_id", "reviewer__person__name", "reviewer__school_id", "review__school__name", "review__visit_from_on",
        "review__visit_until_on", "review__round_id",
    )  # fmt: skip
    for pk, reviewer, name, home, school, first, until, round_id in rows.order_by("pk").values_list(*fields):
        for day in _days(first, until):
            found.people[reviewer][day].append((pk, school if named is None or round_id in named else ""))
            if home and (pk, name) not in found.away[home][day]:
                found.away[home][day].append((pk, name))
    return found


def _days(first: Any, until: Any) -> tuple[date, ...]:
    return days_of(first, (until - first).days)


def _diaries(rows: Any, slug: str, viewer: Viewer, on: date) -> tuple[VisitDiary, ...]:
    """The reviews by school, each with everybody's days."""
    reviews = list(rows.select_related("school", "round").order_by("school__name", "pk"))
    rounds = {each.round_id for each in reviews}
    members = TeamMember.objects.filter(review__in=[each.pk for each in reviews], left_on=None)
    team: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    names = ("review_id", "reviewer_id", "reviewer__person__name", "reviewer__school_id", "from_on")
    since, new = _changed_since(reviews), defaultdict[int, set[str]](set)
    for pk, reviewer, name, home, joined_on in members.order_by("reviewer__person__name", "pk").values_list(*names):
        team[pk][reviewer] = (name, home or "")
        if pk in since and joined_on >= since[pk]:
            new[pk].add(str(reviewer))
    people = {reviewer for each in team.values() for reviewer in each}
    schools = {each.school_id for each in reviews} | {home for each in team.values() for _, home in each.values() if home}
    offered = _offered(rounds, people)
    hosts = _hosts(rounds)
    named = (
        None
        if follows_everywhere(viewer)
        else frozenset(each.round_id for each in reviews if runs_rounds_of(each.round.body_id, viewer=viewer))
    )
    taken, terms = _taken(slug, people, schools, on, named), calendars(slug, viewer=viewer)
    found = []
    for row in reviews:
        days, body = hosts.get((row.round_id, row.school_id), (None, ""))
        calendar = terms.of(row.school.authority_id or "")
        host = HostDiary(row.school_id, row.school.name, calendar, days, taken.away_from(row.school_id, row.pk))
        diaries = tuple(
            Diary(
                str(reviewer), name, home, offered.get((row.round_id, reviewer)), taken.busy(reviewer, row.pk), taken.hosting(home, row.pk)
            )
            for reviewer, (name, home) in team[row.pk].items()
        )
        length = int(row.round.way.get("visit_days", 1))
        found.append(
            VisitDiary(
                row.pk, State(row.state), row.version, row.visit_from_on, row.visit_until_on, length, body, host, diaries,
                row.school.fictitious, timings_of(row.round.way).data_shared_days_before, frozenset(new[row.pk]),
            )
        )  # fmt: skip
    return tuple(found)


def _changed_since(reviews: Iterable[PeerReview]) -> dict[int, date]:
    """The day on which each team first changed after the days of its visit were set last, for those where it did. One query."""
    steps = ReviewStep.objects.filter(review__in=reviews, step__in=(*SETS_DAYS, Step.TEAM_CHANGED.value)).order_by("at", "pk")
    found: dict[int, date | None] = {}
    for pk, step, moment in steps.values_list("review_id", "step", "at"):
        if step in SETS_DAYS:
            found[pk] = None
        elif pk in found:
            found[pk] = found[pk] or day_of(moment)
    return {pk: on for pk, on in found.items() if on is not None}


def _offered(rounds: set[int], people: set[int]) -> dict[tuple[int, int], frozenset[date] | None]:
    """The days that reviewers offered, None for any school day. Who made no offer to the round is asked in person: any."""
    rows = RoundOffer.objects.filter(round_id__in=rounds, reviewer_id__in=people)
    return {
        (round_id, reviewer): None if any_day else frozenset(map(date.fromisoformat, days))
        for round_id, reviewer, any_day, days in rows.values_list("round_id", "reviewer_id", "any_day", "days")
    }


def _hosts(rounds: set[int]) -> dict[tuple[int, str], tuple[frozenset[date] | None, str]]:
    """The days on which schools can host, None for any school day, and the cluster in which they take part."""
    rows = RoundSchool.objects.filter(round_id__in=rounds).values_list("round_id", "school_id", "any_day", "days", "body__name")
    return {
        (round_id, urn): (None if any_day else frozenset(map(date.fromisoformat, days)), body or "")
        for round_id, urn, any_day, days, body in rows
    }
