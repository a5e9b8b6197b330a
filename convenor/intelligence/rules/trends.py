"""Trend: whether a school drifts away from England, and whether more than chance is in it.

Schools are held against England year by year, so that an easier paper or a hard year for all moves nobody. Flagged is only what fell
further behind twice running, and by more, over both years together, than chance moves cohorts of this size in 95 of 100 cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convenor.registers.rules.intervals import Z_95

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Drift:
    """The change of the gap to England over three successive years, in the measure's unit: below 0 is further behind.

    `low` and `high` are its 95 % interval; `twice` says that the gap grew in both years; nan and False where a year is missing.
    """

    change: Floats
    low: Floats
    high: Floats
    twice: Flags


def drift(values: tuple[Floats, Floats, Floats], cohorts: tuple[Floats, Floats, Floats], england: tuple[float, float, float],
          *, spread: float | None) -> Drift:  # fmt: skip
    """The drift of many schools; the tuples are oldest first. `spread` is between single pupils; None for a share of pupils.

    The spread of a share comes from the three years together, with two pupils more on either side (Agresti and Coull, 1998), so that it
    never vanishes at 0 or 100.
    """
    gaps = [value - nation for value, nation in zip(values, england, strict=True)]
    change = gaps[2] - gaps[0]
    known = np.isfinite(gaps[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        if spread is None:
            pupils = cohorts[0] + cohorts[1] + cohorts[2]
            met = sum(value * cohort / 100 for value, cohort in zip(values, cohorts, strict=True))
            share = (met + 2) / (pupils + 4)
            between = 100 * np.sqrt(share * (1 - share))
        else:
            between = np.full(change.shape, spread)
        half = Z_95 * between * np.sqrt(1 / cohorts[0] + 1 / cohorts[2])
        twice = (gaps[1] < gaps[0]) & (gaps[2] < gaps[1])
    change = np.where(known & np.isfinite(half), change, np.nan)
    return Drift(change, change - half, change + half, twice & np.isfinite(change))
