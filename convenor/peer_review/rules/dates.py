"""Dates of one visit: whether it can be on a day, who is in the way, and what would place a visit that found none; all in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from convenor.partnership.rules.terms import DAY, LOOKED_FOR, WEEK, SchoolCalendar, each_day, said
from convenor.peer_review.rules.placing import Person, Visit, days_of, week_of
from convenor.peer_review.rules.refusals import Clash, ReviewRefused, WrongDay

NOTHING: Final = "Nothing was changed."
#: A gap between two stretches of school days that is longer than this ends a term; a shorter one is a half-term, days.
HALF_TERM_AT_MOST: Final = timedelta(days=10)
COUNT_WORDS: Final = {1: "one school day", 2: "two school days", 3: "three school days"}


class NotOffered(ReviewRefused):
    """Somebody has not offered that day, or their own school hosts on it: ask them first, then say that you have."""


@dataclass(frozen=True)
class Diary:
    """A reviewer's days as a page may tell them. `days`: those they offered, None for any school day; `busy`: at which school, by day, ""
    where the reader is not to know; `home_hosts`: when their own school hosts."""

    key: str
    name: str
    home: str = ""
    days: frozenset[date] | None = None
    busy: Mapping[date, str] = field(default_factory=dict)
    home_hosts: frozenset[date] = frozenset()

    def as_person(self) -> Person:
        """The same, as placing reads it."""
        return Person(self.key, self.home, self.days, frozenset(self.busy))


@dataclass(frozen=True)
class HostDiary:
    """A host's days. `days`: those on which it can host, None for any school day; `away`: who of it is on another visit, by day."""

    urn: str
    name: str
    calendar: SchoolCalendar
    days: frozenset[date] | None = None
    away: Mapping[date, tuple[str, ...]] = field(default_factory=dict)


def check_visit(
    first: date, length_days: int, *, host: HostDiary, team: Sequence[Diary], today: date, asked: bool = False
) -> date:  # fmt: skip
    """The first day after a visit that begins on `first`. Raises why it cannot be then, in words, and then nothing is changed.

    WrongDay for a day in the past, or no run of school days, with the nearest that are; Clash where somebody is on another visit;
    NotOffered where somebody has not offered a day or is wanted at their own school, unless the coordinator has asked them (`asked`).
    """
    if first < today:
        raise WrongDay(f"{said(first)} has passed. {NOTHING}")
    days = days_of(first, length_days)
    closed = next((day for day in days if host.calendar.why_closed(day)), None)
    if closed is not None:
        raise WrongDay(
            f"{_closed_words(closed, length_days, host.calendar)} {_nearest_words(first, length_days, host.calendar, today)} {NOTHING}"
        )
    in_two_places = double_booked(days, team)
    if in_two_places:
        raise Clash(f"{' '.join(in_two_places)} Nobody can be on two visits on one day. {NOTHING}")
    unasked = not_offered(days, host, team)
    if unasked and not asked:
        raise NotOffered(f"{' '.join(unasked)} Ask them first; then tick that you have. {NOTHING}")
    return days[-1] + DAY


def newcomers_in_the_way(first: date, until: date, newcomers: Sequence[Diary]) -> tuple[str, ...]:
    """A sentence for each who joined a team after its visit was set (half-open), and is on another visit or was not asked for a day of it.

    The same rules as for setting a date. What stood in the way of the others was asked when it was set. Empty: nothing is.
    """
    days = days_of(first, (until - first).days)
    return (*double_booked(days, newcomers), *(words for day in days for words in _unasked(day, newcomers)))


def double_booked(days: Iterable[date], team: Iterable[Diary]) -> list[str]:
    """A sentence for each member of the team who is on another visit on one of the days."""
    return [
        f"{each.name} is {f'at {each.busy[day]}' if each.busy[day] else 'on another visit'} on {said(day)}."
        for each in team
        for day in days
        if day in each.busy
    ]


def not_offered(days: Sequence[date], host: HostDiary, team: Sequence[Diary]) -> list[str]:
    """A sentence for each who has not offered one of the days, or is wanted at their own school."""
    found = []
    for day in days:
        if host.days is not None and day not in host.days:
            found.append(f"{host.name} has not offered {said(day)}.")
        found += [f"{name} of {host.name} is on another visit on {said(day)}." for name in host.away.get(day, ())]
        found += _unasked(day, team)
    return found


def _unasked(day: date, team: Iterable[Diary]) -> list[str]:
    """A sentence for each of the team who has not offered a day, or is wanted at their own school."""
    found = []
    for each in team:
        if each.days is not None and day not in each.days:
            found.append(f"{each.name} has not offered {said(day)}.")
        if day in each.home_hosts:
            found.append(f"{each.name} is needed at their own school on {said(day)}: it hosts a visit.")
    return found


def _closed_words(day: date, length_days: int, calendar: SchoolCalendar) -> str:
    after = f" A visit of {COUNT_WORDS[length_days]} takes days one after another." if length_days > 1 else ""
    return f"{said(day)} is no school day: {calendar.why_closed(day)}.{after}"


def _nearest_words(first: date, length_days: int, calendar: SchoolCalendar, today: date) -> str:
    near = nearest_starts(first, length_days, calendar, not_before=today)
    if not near:
        return "No school day is known near it."
    return f"The nearest {'day' if len(near) == 1 else 'days'} on which it could begin: {' and '.join(said(day) for day in near)}."


def nearest_starts(first: date, length_days: int, calendar: SchoolCalendar, *, not_before: date) -> list[date]:
    """The nearest days on which a visit could begin by the calendar alone: one before and one after, or what there is of them."""

    def fits(day: date) -> bool:
        return day >= not_before and all(calendar.open_on(each) for each in days_of(day, length_days))

    before = next((day for ahead in range(1, LOOKED_FOR) if fits(day := first - DAY * ahead)), None)
    after = next((day for ahead in range(1, LOOKED_FOR) if fits(day := first + DAY * ahead)), None)
    return [day for day in (before, after) if day is not None]


class WindowDays(NamedTuple):
    """The school days of a window, and those of them in the first or last week of a term."""

    days: tuple[date, ...]
    edges: frozenset[date]


def window_days(calendar: SchoolCalendar, from_on: date, until_on: date) -> WindowDays:
    """The school days from a day until (without) another. The first and last week of a term are known by the long holidays beside them."""
    days = calendar.days(from_on, until_on)
    edges = {day for day in days if _at_edge(day, calendar)}
    return WindowDays(tuple(days), frozenset(edges))


def _at_edge(day: date, calendar: SchoolCalendar) -> bool:
    """Whether a day lies in the first or the last week of a term: beside its week lies a break longer than a half-term's."""
    stretch = calendar.stretch_of(day)
    if stretch is None:  # pragma: no cover - school days lie in a term
        return False
    monday = week_of(day)
    begins, ends = monday <= stretch.from_on < monday + WEEK, monday <= stretch.last_on < monday + WEEK
    before = each_day(stretch.from_on - HALF_TERM_AT_MOST - DAY, stretch.from_on)
    after = each_day(stretch.until_on, stretch.until_on + HALF_TERM_AT_MOST + DAY)
    return (begins and not any(calendar.stretch_of(each) for each in before)) or (
        ends and not any(calendar.stretch_of(each) for each in after)
    )


@dataclass(frozen=True)
class Unplaced:
    """Why a visit found no date, and what would place it: sentences."""

    why: str
    mend: str

    @property
    def words(self) -> str:
        """Both."""
        return f"{self.why} {self.mend}".strip()


def why_unplaced(
    length_days: int, window: Sequence[date], *, host: HostDiary, team: Sequence[Diary]
) -> Unplaced:  # fmt: skip
    """Why a visit found no date in a window of school days, beside the visits that did, and the smallest change that would place it.

    The diaries hold the visits as they are proposed. The change named is enough by itself; there may be others.
    """
    school_days = frozenset(window)
    runs = [first for first in window if school_days.issuperset(days_of(first, length_days))]
    if not runs:
        return Unplaced(f"The window holds no run of {COUNT_WORDS[length_days]}.", "Give the round a longer window.")
    blocked = {first: _blockers(days_of(first, length_days), host, team) for first in runs}
    best = min(runs, key=lambda first: (len(blocked[first]), first))
    needed = "; and ".join(blocked[best])
    return Unplaced(_why(length_days, runs, host, team), f"It could begin on {said(best)} if {needed}.")


def _blockers(days: Sequence[date], host: HostDiary, team: Sequence[Diary]) -> list[str]:
    """What stands in the way on these days, each as a change that would help."""
    found = []
    if host.days is not None and any(day not in host.days for day in days):
        found.append(f"{host.name} could host then")
    found += list(dict.fromkeys(f"{name} of {host.name} were not on another visit then" for day in days for name in host.away.get(day, ())))
    for each in team:
        if each.days is not None and any(day not in each.days for day in days):
            found.append(f"{each.name} could come then")
        found += list(
            dict.fromkeys(f"{each.name} were not at {each.busy[day] or 'another school'} then" for day in days if day in each.busy)
        )
        if any(day in each.home_hosts for day in days):
            found.append(f"{each.name}’s own school did not host then")
    return found


def _why(length_days: int, runs: Sequence[date], host: HostDiary, team: Sequence[Diary]) -> str:
    """The narrowest true reason."""

    def open_to(day: date, days: frozenset[date] | None) -> bool:
        return days is None or day in days

    hosted = [first for first in runs if all(open_to(day, host.days) for day in days_of(first, length_days))]
    if not hosted:
        return f"{host.name} can host on none of the school days of the window."
    alone = [each.name for each in team if not any(all(open_to(day, each.days) for day in days_of(first, length_days)) for first in hosted)]
    if alone:
        return f"{_names(alone)} can come on none of the days on which {host.name} can host."
    together = [first for first in hosted if all(open_to(day, each.days) for each in team for day in days_of(first, length_days))]
    if not together:
        return f"{host.name} and its team share no day on which all of them can."
    return "On each day that all of them offered, one of them is on another visit, or at their own."


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def visit_for(
    key: str, length_days: int, window: WindowDays, *, host: HostDiary, team: Iterable[Diary]
) -> Visit:  # fmt: skip
    """A visit as placing reads it."""
    days = frozenset(window.days) if host.days is None else frozenset(window.days) & host.days
    return Visit(key, host.urn, length_days, tuple(each.key for each in team), days, window.edges)


def open_starts(
    length_days: int, window: Sequence[date], *, host: HostDiary, team: Sequence[Diary], near: date, at_most: int = 8
) -> list[date]:  # fmt: skip
    """The days of a window nearest to a day on which a visit could begin with nobody to be asked, in their order: for whoever sets or
    moves one by hand."""
    school_days = frozenset(window)

    def fits(first: date) -> bool:
        days = days_of(first, length_days)
        return school_days.issuperset(days) and not double_booked(days, team) and not not_offered(days, host, team)

    found = [first for first in window if fits(first)]
    return sorted(sorted(found, key=lambda first: (abs(first - near), first))[:at_most])
