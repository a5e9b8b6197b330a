"""Small cohorts: what is shown, what only several years together, what with a word of care.

In a group of ten one pupil is ten points. Three years of a small school together tell more than its last: numerators and cohorts are
summed, which for means is the mean weighted by cohort. What they are held against is summed in the same way, year by year, so that a year
in which all of England did better does not count against a school.

Fewer than 6 pupils: never shown. 6 to 10: only several years together. 11 to 29: with care, several years together where there are any.
30 and more: the newest year alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convenor.intelligence.rules.indicators import THRESHOLDS, Thresholds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Year:
    """One school year of a figure for many schools: values, cohorts, and what each is held against; nan where not known."""

    value: Floats
    cohort: Floats
    against: Floats


@dataclass(frozen=True, slots=True)
class Pooled:
    """What stands for many schools: value, cohort, comparator, and which years are in it (bit 0 the newest, bit 1 the one before, ...).

    `hidden` and `alone` mark schools of which nothing may be shown: too few pupils, or too few with no earlier year to add.
    """

    value: Floats
    cohort: Floats
    against: Floats
    years: NDArray[np.int8]
    hidden: Flags
    alone: Flags


def pool(years: Sequence[Year], thresholds: Thresholds = THRESHOLDS) -> Pooled:
    """The newest year, or for small cohorts it and the years before, newest first.

    A school without a figure in the newest year has none, whatever earlier years say: an old figure never stands in for a withheld one.
    A year in which the school, its cohort or its comparator is not known is left out.
    """
    newest = years[0]
    small = newest.cohort < thresholds.care_under
    weight = np.where(np.isnan(newest.value), np.nan, np.where(np.isnan(newest.cohort), 1.0, newest.cohort))
    numerator, cohort, against = newest.value * weight, weight.copy(), newest.against * weight
    bits = np.where(np.isnan(newest.value), 0, 1).astype(np.int8)
    for back, year in enumerate(years[1 : thresholds.pooled_years], start=1):
        adds = small & ~(np.isnan(year.value) | np.isnan(year.cohort) | np.isnan(year.against)) & (bits > 0)
        numerator[adds] += (year.value * year.cohort)[adds]
        against[adds] += (year.against * year.cohort)[adds]
        cohort[adds] += year.cohort[adds]
        bits[adds] |= 1 << back
    with np.errstate(invalid="ignore"):
        value, held = numerator / cohort, against / cohort
    hidden = newest.cohort < thresholds.hidden_under
    alone = ~hidden & ((newest.cohort < thresholds.pooled_under) & (bits == 1) | (cohort < thresholds.pooled_under) & small)
    gone = hidden | alone
    cohort = np.where(np.isnan(newest.cohort), np.nan, cohort)
    bits_kept = np.where(gone, 0, bits).astype(np.int8)
    return Pooled(
        np.where(gone, np.nan, value), np.where(gone, np.nan, cohort), np.where(gone, np.nan, held), bits_kept,
        hidden & (bits > 0), alone & (bits > 0),
    )  # fmt: skip
