"""Intervals and bounds of many schools at once: the arithmetic on which every flag stands.

A figure is flagged only when the school's whole 95 % interval lies on the far side of what it is held against. The interval of a share of
pupils is Wilson's (`registers.rules.intervals`, here for whole columns). A mean over pupils has the published interval where there is one;
else the normal one, with a stated spread between single pupils (`SPREADS`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from convenor.england.phases import ALL_THROUGH, PRIMARY, PRU, SECONDARY, SPECIAL
from convenor.intelligence.rules.volatility import SPREADS as _RESULT_SPREADS
from convenor.registers.rules.intervals import Z_95

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int32]

#: The spread (standard deviation) of overall absence between single pupils of a school, in percentage points, by phase. Set from England's
#: figures of 2022-23: of a beta distribution with the published mean and the published share of pupils at a tenth or more (secondary 9.0 %
#: and 26.5 %: 15; special 12.9 % and 36.2 %: 18). Two such distributions fit primary schools (4.5 and 14); how schools of different sizes
#: moved between 2018-19 and 2022-23 gives 6: 10 is on the careful side. For referral units nothing is published that would tell: 30, wide
#: on purpose (the widest that absence can have is 50).
ABSENCE_SPREADS: Final[dict[str, float]] = {PRIMARY: 10.0, SECONDARY: 15.0, ALL_THROUGH: 15.0, SPECIAL: 18.0, PRU: 30.0}
#: The spread of results between single pupils, by measure of the registers.
SPREADS: Final = _RESULT_SPREADS


def wilson_many(share_percent: Floats, cohort: Floats) -> tuple[Floats, Floats]:
    """The 95 % intervals of many shares of pupils, in percentage points; nan where the share or the cohort is not known, or impossible.

    A share outside 0 to 100 and a cohort under 1 have no interval: such a figure can never be flagged.
    """
    possible = (share_percent >= 0) & (share_percent <= 100) & (cohort >= 1)
    share = np.where(possible, share_percent, np.nan) / 100
    pupils = np.where(possible, cohort, np.nan)
    z2 = Z_95 * Z_95
    middle = share + z2 / (2 * pupils)
    half = Z_95 * np.sqrt(share * (1 - share) / pupils + z2 / (4 * pupils * pupils))
    whole = 1 + z2 / pupils
    return np.maximum(0.0, 100 * (middle - half) / whole), np.minimum(100.0, 100 * (middle + half) / whole)


def normal_many(mean: Floats, cohort: Floats, spread: float) -> tuple[Floats, Floats]:
    """The 95 % intervals of many means over `cohort` pupils whose values lie `spread` about them; nan where either is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        half = Z_95 * spread / np.sqrt(np.where(cohort >= 1, cohort, np.nan))
    return mean - half, mean + half


def similar_mean(values: Floats, weights: Floats, similar: Places, fewest: int) -> tuple[Floats, Places]:
    """For each school the mean of its similar schools, weighted by pupils, and of how many; nan where fewer than `fewest` have a figure.

    `similar` holds places of schools, -1 where there are no more. A school whose cohort is not known weighs as the middle one.
    """
    middle = np.nanmedian(weights) if np.isfinite(weights).any() else 1.0
    weighing = np.where(np.isnan(values), 0.0, np.where(np.isnan(weights), middle, weights))
    known = np.append(np.where(np.isnan(values), 0.0, values) * weighing, 0.0)
    sums = known[similar].sum(axis=1)
    totals = np.append(weighing, 0.0)[similar].sum(axis=1)
    number = np.append(~np.isnan(values), False)[similar].sum(axis=1).astype(np.int32)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where((number >= fewest) & (totals > 0), sums / totals, np.nan)
    return mean, number


def similar_bound(values: Floats, similar: Places, share: float, fewest: int) -> tuple[Floats, Places]:
    """For each school the value beyond which the highest `share` of its similar schools lie, and among how many; nan where too few.

    The bound is the value of the school at that place, counted from below: of 50 schools with a share of a fifth, the 40th.
    """
    among = np.append(values, np.nan)[similar]
    number = np.isfinite(among).sum(axis=1).astype(np.int32)
    among = np.sort(np.where(np.isnan(among), np.inf, among), axis=1)
    place = np.clip(np.ceil(number * (1 - share)).astype(np.int32) - 1, 0, None)
    bound = np.take_along_axis(among, place[:, None], axis=1)[:, 0]
    return np.where(number >= fewest, bound, np.nan), number


def worst_bound(values: Floats, share: float) -> float:
    """The value beyond which the highest `share` of schools lie; nan of nobody. The value of the school at that place, as above."""
    known = np.sort(values[np.isfinite(values)])
    if not known.size:
        return float("nan")
    return float(known[max(0, int(np.ceil(known.size * (1 - share))) - 1)])


def weighted_mean(values: Floats, weights: Floats) -> float:
    """The mean of schools weighted by pupils; a school whose cohort is not known weighs as the middle one; nan of nobody."""
    known = np.isfinite(values)
    if not known.any():
        return float("nan")
    middle = float(np.nanmedian(weights[known])) if np.isfinite(weights[known]).any() else 1.0
    weighing = np.where(np.isnan(weights[known]), middle, weights[known])
    return float((values[known] * weighing).sum() / weighing.sum())
