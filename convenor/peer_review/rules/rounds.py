"""Rounds: what a coordinator plans, what is wrong with a plan, whom it asks, and what can be done with a round where it stands.

How far ahead schools are asked, and how long a round may last, are ours; no source states them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from convenor.england.school_years import school_year_of
from convenor.england.working_days import LAST_DAY, working_days_between
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.rules.terms import SchoolCalendar
from convenor.peer_review.rules.states import Reach, RoundState
from convenor.peer_review.rules.ways import LARGEST_TEAM, SMALLEST_TEAM, Way

#: Schools and reviewers have at least so many working days to answer.
SHORTEST_ANSWERS: Final = 5
#: So many days lie between two reminders to one school or reviewer.
REMIND_AFTER: Final = timedelta(days=7)
#: Visits of one round lie within a year.
LONGEST_WINDOW: Final = timedelta(days=370)
#: Days for matching teams and agreeing dates, between the answers and the sharing of data before the first visit.
TO_MATCH: Final = timedelta(days=7)
#: With fewer schools than this nobody can be reviewed without reviewing back.
FEWEST_SCHOOLS: Final = 3
LONGEST_NAME: Final = 120
#: The usual plan: three weeks to answer, and visits over so many weeks.
USUAL_ANSWERS: Final = timedelta(weeks=3)
USUAL_VISITS: Final = timedelta(weeks=12)

#: What a round can become from where it stands.
NEXT: Final[Mapping[RoundState, frozenset[RoundState]]] = {
    RoundState.DRAFT: frozenset({RoundState.OPEN, RoundState.WITHDRAWN}),
    RoundState.OPEN: frozenset({RoundState.MATCHING, RoundState.WITHDRAWN}),
    RoundState.MATCHING: frozenset({RoundState.OPEN, RoundState.PUBLISHED, RoundState.WITHDRAWN}),
    RoundState.PUBLISHED: frozenset({RoundState.ENDED, RoundState.WITHDRAWN}),
    RoundState.ENDED: frozenset(),
    RoundState.WITHDRAWN: frozenset(),
}

#: Where a round stands, as pages say it.
SAYS: Final[Mapping[RoundState, str]] = {
    RoundState.DRAFT: "a draft: nobody has been asked yet",
    RoundState.OPEN: "open: schools and reviewers answer",
    RoundState.MATCHING: "answers are closed; teams are being matched",
    RoundState.PUBLISHED: "teams are published",
    RoundState.ENDED: "ended",
    RoundState.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a plan: the field to change ("" for the whole) and what to do."""

    field: str
    message: str


class RoundRefused(Refused):
    """A round that cannot be kept or opened as it is planned; `problems` names everything that is wrong. Nothing was changed."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(" ".join(each.message for each in problems))


class OutOfTurnRound(Refused):
    """What was asked does not follow from where the round stands."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a coordinator plans. `body` is the key of a body and "" for the whole partnership; no phases means every phase.

    Visits are half-open: `visits_until_on` is the first day without. `placed` says, for a school in two clusters, in which it
    takes part: {URN: key of the body}.
    """

    name: str
    way: str
    reach: Reach
    answers_by_on: date
    visits_from_on: date
    visits_until_on: date
    team_size: int
    body: str = ""
    phases: tuple[str, ...] = ()
    school_serves_at_most: int = 4
    words: str = ""
    waive_same_trust: bool = False
    waive_why: str = ""
    placed: Mapping[str, str] = field(default_factory=dict)

    def at_place(self, urn: str) -> str:
        """In which body a school of two takes part, as the coordinator said; "" where they have not."""
        return self.placed.get(urn, "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member school of the scope. `clusters` are the bodies of the clusters' tier in which it sits, each with the alliance above it
    ("" for none), by key."""

    urn: str
    name: str
    phase: str
    clusters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a plan asks. `placed` are the schools with their cluster's key ("" for none); `two` sit in two groups of the reach and wait for
    the coordinator's word; `by_hand` had it already; `nowhere` sit in no group of the reach, and are not asked."""

    placed: tuple[tuple[Candidate, str], ...]
    two: tuple[Candidate, ...]
    nowhere: tuple[Candidate, ...]
    by_hand: tuple[Candidate, ...] = ()

    @property
    def schools(self) -> int:
        """How many are asked."""
        return len(self.placed) + len(self.two)

    @property
    def by_cluster(self) -> dict[str, int]:
        """How many schools of each cluster are asked, by its key."""
        return dict(Counter(cluster for _, cluster in self.placed))


def asked_by(plan: Plan, candidates: Iterable[Candidate]) -> Asked:
    """Whom a plan asks, of the members of its scope. A school counts once, whatever it sits in."""
    placed: list[tuple[Candidate, str]] = []
    two: list[Candidate] = []
    nowhere: list[Candidate] = []
    by_hand: list[Candidate] = []
    for each in candidates:
        if plan.phases and each.phase not in plan.phases:
            continue
        said = plan.at_place(each.urn)
        keys = [key for key, _ in each.clusters]
        if said in keys:
            placed.append((each, said))
            by_hand.append(each)
        elif plan.reach is not Reach.AREA and not _groups(each, plan.reach):
            nowhere.append(each)
        elif plan.reach is not Reach.AREA and len(_groups(each, plan.reach)) > 1:
            two.append(each)
        else:
            placed.append((each, keys[0] if keys else ""))
    return Asked(tuple(placed), tuple(two), tuple(nowhere), tuple(by_hand))


def newcomers(plan: Plan, candidates: Iterable[Candidate], asked: Collection[str]) -> Asked:
    """Whom an open round would ask besides: members of its scope who joined since. `asked` are the URNs that stand in it already, whatever
    they answered. Those in two groups of the reach wait for the coordinator's word, as at the opening."""
    return asked_by(plan, [each for each in candidates if each.urn not in asked])


def _groups(school: Candidate, reach: Reach) -> frozenset[str]:
    """The groups within which a school could be matched."""
    if reach is Reach.CLUSTER:
        return frozenset(key for key, _ in school.clusters)
    return frozenset(alliance for _, alliance in school.clusters if alliance)


def problems(
    plan: Plan,
    asked: Asked,
    *,
    on: date,
    way: Way,
    calendar: SchoolCalendar,
    cluster_names: Mapping[str, str],
    other_names: Collection[str],
    answers_before: date | None = None,
) -> tuple[Problem, ...]:
    """Everything that keeps a plan from being opened today. `answers_before` is the closing day as it stood, for a round that is open."""
    found = [*_of_days(plan, on, way, calendar, answers_before)]
    folded = {each.strip().casefold() for each in other_names}
    if not plan.name.strip():
        found.append(Problem("name", "Give the round a name, such as the school year and term."))
    elif plan.name.strip().casefold() in folded:
        found.append(Problem("name", f"There is a round called “{plan.name.strip()}” already. Give this one another name."))
    if not SMALLEST_TEAM <= plan.team_size <= LARGEST_TEAM:
        found.append(Problem("team_size", f"A team is from {SMALLEST_TEAM} to {LARGEST_TEAM} people, the lead among them."))
    if plan.waive_same_trust and not plan.waive_why.strip():
        found.append(Problem("waive_why", "Say why people may review schools of their own trust in this round: everybody reads it."))
    if not asked.schools:
        found.append(Problem("body", "No member school is in this scope, so nobody would be asked. Choose a wider scope or more phases."))
    found.extend(
        Problem("placed", f"{each.name} sits in {_said(cluster_names.get(key, key) for key, _ in each.clusters)}. "
                "Say in which of them it takes part in this round.")
        for each in asked.two
    )  # fmt: skip
    return tuple(found)


def _of_days(plan: Plan, on: date, way: Way, calendar: SchoolCalendar, before: date | None) -> Iterable[Problem]:
    """What is wrong with the days."""
    if plan.visits_until_on > LAST_DAY or plan.answers_by_on > LAST_DAY:
        yield Problem("visits_until_on", f"Bank holidays are known until {LAST_DAY.year}. Plan the round before the end of that year.")
        return
    moved = plan.answers_by_on != before
    if moved and before is None and working_days_between(on, plan.answers_by_on) < SHORTEST_ANSWERS:
        yield Problem("answers_by_on", f"That is too short for answers: give schools at least {SHORTEST_ANSWERS} working days.")
    elif moved and plan.answers_by_on < on:
        yield Problem("answers_by_on", "That day has passed. Choose today or a later day.")
    if plan.visits_from_on <= plan.answers_by_on:
        yield Problem("visits_from_on", "Visits would begin before answers end. Begin them later, or end answers earlier.")
    if plan.visits_until_on <= plan.visits_from_on:
        yield Problem("visits_until_on", "Visits would end before they begin.")
    elif plan.visits_until_on - plan.visits_from_on > LONGEST_WINDOW:
        yield Problem("visits_until_on", "A round lasts a year at the most. End the visits earlier.")
    elif len(calendar.days(plan.visits_from_on, plan.visits_until_on)) < way.visit_days:
        yield Problem("visits_from_on", "There are too few school days between these two days for one visit: they lie in the holidays.")


def warnings(plan: Plan, asked: Asked, *, way: Way, calendar: SchoolCalendar, cluster_names: Mapping[str, str]) -> tuple[str, ...]:
    """What a coordinator should know before opening, though nothing forbids it."""
    found = []
    data_on = plan.visits_from_on - timedelta(days=way.timings.data_shared_days_before)
    if plan.answers_by_on < plan.visits_from_on and data_on < plan.answers_by_on + TO_MATCH:
        found.append(
            f"The first hosts share their data {way.timings.data_shared_days_before} days before a visit: with visits from that day, that "
            "leaves less than a week to match teams. The first visits would be a little later, or their data late."
        )
    if asked.nowhere:
        what = "cluster" if plan.reach is Reach.CLUSTER else "alliance"
        names = _said(each.name for each in asked.nowhere[:5]) + (" and others" if len(asked.nowhere) > 5 else "")
        found.append(f"{len(asked.nowhere)} in no {what}, and so not asked: {names}. Place them first, or choose a wider reach.")
    if plan.reach is Reach.CLUSTER:
        small = [cluster_names.get(key, key) for key, count in asked.by_cluster.items() if 0 < count < FEWEST_SCHOOLS]
        if small:
            found.append(
                f"Fewer than {FEWEST_SCHOOLS} schools in {_said(small)}: they could only review each other. A wider reach mends it."
            )
    elif 0 < asked.schools < FEWEST_SCHOOLS:
        found.append(f"Fewer than {FEWEST_SCHOOLS} schools: they could only review each other.")
    years = calendar.unknown_years(plan.visits_from_on, plan.visits_until_on) if plan.visits_until_on > plan.visits_from_on else []
    if years:
        found.append(f"Nobody has entered the terms of {_said(years)}: half-terms are not known, and dates may fall in them.")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class UsualDays:
    """The days of a usual plan: until when schools answer, and when visits are (half-open)."""

    answers_by_on: date
    visits_from_on: date
    visits_until_on: date


def usual_days(on: date, way: Way, calendar: SchoolCalendar) -> UsualDays:
    """A usual plan made today: three weeks to answer, a week to match, data before the first visit, twelve weeks of visits, all of them
    bounded by school days."""
    answers = _school_day(on + USUAL_ANSWERS, calendar)
    first = _school_day(answers + TO_MATCH + timedelta(days=way.timings.data_shared_days_before), calendar)
    first = _school_day(first + timedelta(days=(7 - first.weekday()) % 7), calendar)
    last = first + USUAL_VISITS
    inside = calendar.days(first, last)
    return UsualDays(answers, first, inside[-1] + timedelta(days=1) if inside else last)


def _school_day(day: date, calendar: SchoolCalendar) -> date:
    """The day itself, or the next school day within a summer; the day where there is none that far."""
    return next((day + timedelta(days=ahead) for ahead in range(80) if calendar.open_on(day + timedelta(days=ahead))), day)


def usual_name(visits_from_on: date, taken: Collection[str]) -> str:
    """A name that nobody has used: "Peer review 2026/27", then "Peer review 2026/27, second round" and so on."""
    year = str(school_year_of(visits_from_on)).replace("-", "/")
    known = {each.strip().casefold() for each in taken}
    names = [f"Peer review {year}", *(f"Peer review {year}, {nth} round" for nth in ("second", "third", "fourth", "fifth"))]
    return next((each for each in names if each.casefold() not in known), names[0])


def check_step(state: RoundState, to: RoundState) -> None:
    """Whether a round can become this from where it stands. Raises OutOfTurnRound."""
    if to not in NEXT[state]:
        raise OutOfTurnRound(f"The round is {SAYS[state]}. That cannot be done now. Nothing was changed.")


def check_reason(why: str) -> str:
    """The reason for withdrawing a round, which everybody asked will read. Raises RoundRefused without one."""
    said = " ".join(why.split())
    if not said:
        raise RoundRefused(Problem("why", "Say why, in a sentence: everybody who was asked reads it. Nothing was changed."))
    return said[:300]


def differences(read: Plan, now: Plan) -> tuple[str, ...]:
    """What a plan says now that differs from how it was read, in words."""
    names = {
        "name": "name", "way": "way of review", "reach": "reach", "answers_by_on": "answers by", "visits_from_on": "first day of visits",
        "visits_until_on": "last day of visits", "team_size": "people in a team", "body": "scope", "phases": "phases",
        "school_serves_at_most": "places of one school", "words": "your words", "waive_same_trust": "reviews within a trust",
        "waive_why": "reason", "placed": "schools in two clusters",
    }  # fmt: skip
    return tuple(f"{said}: {_shown(now, name)}" for name, said in names.items() if getattr(read, name) != getattr(now, name))


def _shown(plan: Plan, name: str) -> str:
    """One value of a plan as a sentence says it."""
    value = getattr(plan, name)
    if isinstance(value, date):
        day = value - timedelta(days=1) if name == "visits_until_on" else value
        return f"{day.day} {day:%B %Y}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return f"{len(value)} placed"
    if isinstance(value, tuple):
        return ", ".join(value) or "all"
    return str(value) or "none"


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a round stands in numbers. `needed` are places on teams of the schools that host; `offered` reviews that trained reviewers
    offer; `leads_offered` those of them by people who can lead."""

    asked: int
    answered: int
    hosting: int
    needed: int
    offered: int
    leads_needed: int
    leads_offered: int
    reviewers: int
    reviewers_answered: int
    untrained_offers: int

    @property
    def not_heard(self) -> int:
        """Schools not yet heard from."""
        return self.asked - self.answered

    @property
    def short(self) -> tuple[str, ...]:
        """What is short, in words; empty when there is enough of everything."""
        found = []
        if self.offered < self.needed:
            found.append(f"Teams need {_count(self.needed, 'place')}; {_count(self.offered, 'review')} {_is(self.offered)} offered.")
        if self.leads_offered < self.leads_needed:
            need = "needs" if self.leads_needed == 1 else "need"
            leads = f"reviews by people who can lead: {self.leads_offered}"
            found.append(f"{_count(self.leads_needed, 'team')} {need} a lead; {leads}.")
        return tuple(found)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def due_for_reminder(last: date | None, on: date) -> bool:
    """Whether somebody may be reminded today: not within a week of the invitation or the last reminder."""
    return last is None or on - last >= REMIND_AFTER


def _said(parts: Iterable[str]) -> str:
    """Parts as a sentence lists them."""
    found = list(parts)
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)
