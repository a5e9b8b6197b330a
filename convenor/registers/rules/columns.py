"""Figures of many schools side by side: one measure of one school year as parallel arrays, in the order of a list of schools.

What a page reads by key, a computation over all schools reads by column. Marks stay beside the values: a figure that was withheld is not a
number, and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from convenor.england.marks import Mark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int32]
    Small = NDArray[np.int8]

#: Why there is no number, by its place in `Column.mark`. The first two are ours: there is one, or no edition tells of the school.
MARKS: Final = ("", "absent", *(mark.value for mark in Mark))
TOLD: Final = 0
ABSENT: Final = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One measure of one school year. All arrays are parallel to the list of schools; `value` is nan wherever `mark` is not TOLD.

    `edition` is the number of the edition that gave the figure, -1 where none did.
    """

    value: Floats
    low: Floats
    high: Floats
    cohort: Floats
    mark: Small
    edition: Whole


def empty(schools: int) -> Column:
    """A column of which no edition tells."""
    import numpy as np

    nothing = np.full(schools, np.nan)
    return Column(
        nothing, nothing.copy(), nothing.copy(), nothing.copy(),
        np.full(schools, ABSENT, dtype=np.int8), np.full(schools, -1, dtype=np.int32),
    )  # fmt: skip


def mark_number(mark: str, value: float | None) -> int:
    """The place of a mark in MARKS. A figure with a value has none; one that has neither is unknown."""
    if value is not None:
        return TOLD
    return MARKS.index(mark) if mark in MARKS and mark else MARKS.index(Mark.UNKNOWN.value)
