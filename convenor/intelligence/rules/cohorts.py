"""How many pupils a figure is about: as published with it; else as published beside it; else an estimate that is said to be one.

Some published files give results without the number of pupils behind them. An interval then rests on the cohort that the same year's other
files give; failing that, on the neighbouring years' cohort; failing that, on the roll divided by the year groups. An estimate is never
shown as a number of pupils, and its figure is marked to be read with care where it is small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from convenor.england.school_years import SchoolYear, read_school_year
from convenor.registers.rules.columns import TOLD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convenor.intelligence.rules.population import Population

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: Cohorts of neighbouring years are taken from this many years before or after.
NEAR: Final = (1, 2)


def cohorts_of(everyone: Population, measure: str, period: str) -> tuple[Floats, Flags]:
    """The cohort of each school's figure, and whether it is an estimate; nan where nothing tells."""
    column = everyone.column(measure, period)
    own, stage = column.cohort, measure.partition("_")[0]
    whole, guessed = _stage_cohort(everyone, stage, period)
    if measure.endswith("_disadvantaged"):
        whole = np.floor(whole * _disadvantaged_share(everyone, stage, period))
        guessed = np.ones(len(everyone), dtype=bool)
    missing = np.isnan(own) & (column.mark == TOLD)
    cohort = np.where(missing & (whole >= 1), whole, own)
    return cohort, missing & guessed & np.isfinite(cohort)


def _stage_cohort(everyone: Population, stage: str, period: str) -> tuple[Floats, Flags]:
    """The year group at the end of a key stage: published for the year, else a neighbouring year's, else the roll over the year groups."""
    start = read_school_year(period).start_year
    cohort = everyone.column(f"{stage}_cohort", period).value
    guessed = np.isnan(cohort)
    for years in (each for back in NEAR for each in (-back, back)):
        near = everyone.column(f"{stage}_cohort", SchoolYear(start + years).label).value
        cohort = np.where(np.isnan(cohort), near, cohort)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_roll = np.floor(everyone.roll_near(period) / everyone.year_groups)
    return np.where(np.isnan(cohort), by_roll, cohort), guessed


def _disadvantaged_share(everyone: Population, stage: str, period: str) -> Floats:
    """The share of the year group that is disadvantaged, of 1: as published, else of the whole school."""
    start = read_school_year(period).start_year
    share = np.full(len(everyone), np.nan)
    for measure in (f"{stage}_disadvantaged_percent", "fsm_ever6_percent"):
        for years in (0, -1, 1, -2, 2):
            near = everyone.column(measure, SchoolYear(start + years).label).value
            share = np.where(np.isnan(share), near, share)
    return share / 100
