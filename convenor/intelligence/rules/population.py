"""All schools together, as the rules need them: whom a school is held against, and which school years may be held against anything.

A school year without national figures is refused: without England's schools there is nothing to hold a figure against, and a figure held
against a handful of neighbours would tell of the handful.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from convenor.england.phases import ALL_THROUGH, PRIMARY, SECONDARY
from convenor.england.school_years import SchoolYear, read_school_year
from convenor.intelligence.rules.indicators import THRESHOLDS, Thresholds
from convenor.registers.rules.columns import TOLD, Column, empty

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int32]

#: Of the schools of a phase, this share must have a figure for it to be England's: infant schools have no results, and some are withheld.
ENOUGH: Final = 0.5
#: A newest figure older than this many school years before the newest edition says nothing of today.
OLDEST_YEARS: Final = 6


@dataclass(frozen=True, slots=True)
class Population:
    """The schools that are scored, in the order of their URNs, and what is published of them.

    `columns` holds a column for each measure and school year of which any edition tells. `similar` holds, for each school, the places of
    its similar schools, nearest first, -1 where there are no more. `counts` is False for an invented school: it is held against England's
    schools and is in nobody's comparison. `year` is the newest school year of which any edition speaks.
    """

    urns: list[str]
    phases: NDArray[np.str_]
    counts: Flags
    similar: Places
    columns: Mapping[tuple[str, str], Column]
    year_groups: Floats
    year: SchoolYear
    thresholds: Thresholds = THRESHOLDS
    _nothing: list[Column] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.urns)

    def column(self, measure: str, period: str) -> Column:
        """The figures of a measure in a school year; a column of which no edition tells where there is none."""
        found = self.columns.get((measure, period))
        if found is not None:
            return found
        if not self._nothing:
            self._nothing.append(empty(len(self)))
        return self._nothing[0]

    def peers(self, measure: str, phase: str) -> Flags:
        """England's schools that a school of this phase is held against in a measure.

        At the end of key stage 4 all-through schools are secondary schools, as Ofsted counts them; otherwise each phase is itself.
        """
        if measure.startswith("ks4"):
            alike = np.isin(self.phases, (SECONDARY, ALL_THROUGH))
        else:
            alike = self.phases == (PRIMARY if measure.startswith("ks2") else phase)
        return np.logical_and(self.counts, alike)

    def periods(self, measure: str) -> list[str]:
        """The school years of which any edition tells and that are not too old, newest first."""
        oldest = SchoolYear(self.year.start_year - OLDEST_YEARS).label
        return sorted((year for key, year in self.columns if key == measure and year >= oldest), reverse=True)

    def national(self, measure: str, period: str, phase: str) -> bool:
        """Whether England's schools of the phase have figures enough to hold a school against."""
        peers = self.peers(measure, phase)
        known = int((self.column(measure, period).mark[peers] == TOLD).sum())
        return known >= self.thresholds.fewest_schools and known >= ENOUGH * int(peers.sum())

    def newest_national(self, measure: str, phase: str) -> str:
        """The newest school year with national figures; "" where there is none."""
        return next((year for year in self.periods(measure) if self.national(measure, year, phase)), "")

    def roll_near(self, period: str) -> Floats:
        """Pupils on roll in a school year, or in the nearest within two years; nan where none is published."""
        year = read_school_year(period).start_year
        found = np.full(len(self), np.nan)
        for start in (year, year - 1, year + 1, year - 2, year + 2):
            near = self.column("pupils_on_roll", SchoolYear(start).label).value
            found = np.where(np.isnan(found), near, found)
        return found
