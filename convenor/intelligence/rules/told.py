"""What one indicator tells of many schools, before it is put into words: parallel columns, and for each school why it is flagged or not."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from convenor.england.school_years import SchoolYear, read_school_year
from convenor.intelligence.rules.lines import Level

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: Levels as they stand in a column.
LEVELS: Final[tuple[Level | None, ...]] = (None, Level.NOTE, Level.MEDIUM, Level.HIGH)
MEDIUM: Final = LEVELS.index(Level.MEDIUM)


class Why(IntEnum):
    """Why a line is flagged, not flagged, or cannot be told. Numbers are kept in runs and never change their meaning."""

    NOT_FOR_PHASE = 0
    BELOW_SIMILAR = 1
    NOT_BELOW_SIMILAR = 2
    FELL_BEHIND = 3
    HELD_UP = 4
    WITHIN_CHANCE = 5
    BEYOND_WORST = 6
    NOT_BEYOND_WORST = 7
    ROLL_FELL = 8
    ROLL_STANDS = 9
    SAID = 10
    # From here on nothing can be said.
    NOT_LOADED = 20
    NO_NATIONAL = 21
    NO_FIGURE = 22
    TOO_FEW = 23
    TOO_FEW_ALONE = 24
    NO_COHORT = 25
    FEW_SIMILAR = 26
    NO_THREE_YEARS = 27
    NO_EARLIER_ROLL = 28
    NOT_ENTERED = 29
    NOT_INSPECTED = 30
    TOO_OLD = 31
    #: And from here on by a publisher's mark: 100 and its place in `registers.rules.columns.MARKS`.
    MARKED = 100


#: The first of the reasons for which nothing can be said.
FIRST_SILENT: Final = Why.NOT_LOADED


def is_silent(why: int) -> bool:
    """Whether nothing can be said for this reason."""
    return why >= FIRST_SILENT or why == Why.NOT_FOR_PHASE


def years_before(period: str, number: int) -> tuple[str, ...]:
    """A school year and those before it, newest first: 2018-19 and 3 give 2018-19, 2017-18, 2016-17."""
    start = read_school_year(period).start_year
    return tuple(SchoolYear(start - back).label for back in range(number))


@dataclass(slots=True)
class Told:
    """One indicator for all schools. `level` is a place in LEVELS, `why` one of Why; numbers are nan where there is none.

    `comparator` is what decided; `other` a second number that the sentence needs. `measure` and `period` are places in lists that the run
    keeps, -1 for none; `years` tells which years are pooled (bit 0 the newest); `edition` is the number of the edition.
    """

    code: str
    level: NDArray[np.int8]
    why: NDArray[np.int16]
    value: Floats
    low: Floats
    high: Floats
    cohort: Floats
    comparator: Floats
    other: Floats
    measure: NDArray[np.int16]
    period: NDArray[np.int16]
    years: NDArray[np.int8]
    edition: NDArray[np.int32]
    estimated: Flags
    measures: list[str] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)

    def silence(self, rows: Flags, why: int) -> None:
        """Nothing can be said of these schools: their figures are taken away, whatever stood there."""
        self.why[rows] = why
        self.level[rows] = 0
        for column in (self.value, self.low, self.high, self.cohort, self.comparator):
            column[rows] = math.nan

    def measure_place(self, measure: str) -> int:
        """The place of a measure in the list, added where it is new."""
        return _place(self.measures, measure)

    def period_place(self, period: str) -> int:
        """The place of a school year in the list, added where it is new."""
        return _place(self.periods, period)


def _place(known: list[str], one: str) -> int:
    if one not in known:
        known.append(one)
    return known.index(one)


def nothing(code: str, schools: int, measures: list[str], periods: list[str], why: int = Why.NOT_FOR_PHASE) -> Told:
    """An indicator of which nothing is told yet."""
    import numpy as np

    def blank() -> Floats:
        return np.full(schools, np.nan)

    return Told(
        code=code, level=np.zeros(schools, dtype=np.int8), why=np.full(schools, why, dtype=np.int16), value=blank(), low=blank(),
        high=blank(), cohort=blank(), comparator=blank(), other=blank(), measure=np.full(schools, -1, dtype=np.int16),
        period=np.full(schools, -1, dtype=np.int16), years=np.zeros(schools, dtype=np.int8), edition=np.full(schools, -1, dtype=np.int32),
        estimated=np.zeros(schools, dtype=bool), measures=measures, periods=periods,
    )  # fmt: skip
