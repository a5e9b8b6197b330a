"""The calendar of a round as a picture: weeks by cluster, how many visits are set and how many proposed. Counts, never a school's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.partnership.rules.terms import DAY, WEEK, SchoolCalendar, each_day
from convenor.peer_review.rules.placing import week_of

#: The longest picture, weeks; a round's window may be longer, and the list tells the rest.
WEEKS_AT_MOST: Final = 44
#: Under this name stand schools that take part in no cluster.
NO_BODY: Final = "In no cluster"


@dataclass(frozen=True, slots=True)
class Dated:
    """A visit as the picture counts it: in which cluster, from which day, and whether that day is only proposed."""

    body: str
    from_on: date
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """One week. `school_days` as the area's calendar has them; `says` is empty, or why nothing can be in it."""

    monday: date
    school_days: int
    edge: bool = False

    @property
    def closed(self) -> bool:
        """Whether schools are closed all week."""
        return self.school_days == 0


@dataclass(frozen=True, slots=True)
class Cell:
    """The visits of one cluster in one week."""

    dated: int = 0
    proposed: int = 0

    @property
    def many(self) -> int:
        """All of them."""
        return self.dated + self.proposed


@dataclass(frozen=True, slots=True)
class Line:
    """One cluster's weeks."""

    body: str
    cells: tuple[Cell, ...]

    @property
    def many(self) -> int:
        """All its visits in the picture."""
        return sum(each.many for each in self.cells)


@dataclass(frozen=True, slots=True)
class Picture:
    """Weeks by cluster, and all clusters together."""

    weeks: tuple[Week, ...]
    lines: tuple[Line, ...]
    whole: tuple[Cell, ...]

    @property
    def most(self) -> int:
        """The most visits that one week has."""
        return max((each.many for each in self.whole), default=0)


def picture(visits: Iterable[Dated], calendar: SchoolCalendar, from_on: date, until_on: date, edges: Iterable[date]) -> Picture:
    """The picture of a window, which grows where a visit was set outside it."""
    found = list(visits)
    first = min([week_of(from_on), *(week_of(each.from_on) for each in found)])
    last = max([week_of(until_on - DAY), *(week_of(each.from_on) for each in found)])
    mondays = [first + WEEK * ahead for ahead in range(min((last - first) // timedelta(weeks=1) + 1, WEEKS_AT_MOST))]
    at_edge = {week_of(day) for day in edges}
    weeks = tuple(
        Week(monday, sum(calendar.open_on(day) for day in each_day(monday, monday + WEEK)), monday in at_edge) for monday in mondays
    )  # fmt: skip
    bodies = sorted({each.body or NO_BODY for each in found}, key=lambda name: (name == NO_BODY, name))
    lines = tuple(Line(body, _cells([each for each in found if (each.body or NO_BODY) == body], mondays)) for body in bodies)
    return Picture(weeks, lines, _cells(found, mondays))


def _cells(visits: Sequence[Dated], mondays: Sequence[date]) -> tuple[Cell, ...]:
    counted = {monday: [0, 0] for monday in mondays}
    for each in visits:
        if (monday := week_of(each.from_on)) in counted:
            counted[monday][each.proposed] += 1
    return tuple(Cell(*counted[monday]) for monday in mondays)
