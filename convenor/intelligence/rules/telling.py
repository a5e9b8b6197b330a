"""Every computed indicator for all schools at once: attainment, progress, trend, disadvantaged pupils, absence, movement, rolls.

Each function takes the population and gives one `Told`. All work phase by phase: a school is only ever held against schools of its phase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convenor.intelligence.rules.cohorts import cohorts_of
from convenor.intelligence.rules.indicators import INDICATORS, THRESHOLDS, measures_of
from convenor.intelligence.rules.levels import (
    ABSENCE_SPREADS,
    SPREADS,
    normal_many,
    similar_bound,
    similar_mean,
    weighted_mean,
    wilson_many,
    worst_bound,
)
from convenor.intelligence.rules.pooling import Pooled, Year, pool
from convenor.intelligence.rules.population import Population
from convenor.intelligence.rules.told import MEDIUM, Told, Why, nothing, years_before
from convenor.intelligence.rules.trends import drift
from convenor.registers.rules.columns import ABSENT, TOLD, Column
from convenor.registers.rules.measures import MEASURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


def tell_all(everyone: Population, measures: list[str], periods: list[str]) -> dict[str, Told]:
    """All computed indicators but inspection, by code. Measures and school years that are named are added to the two lists."""
    told = {
        "ATT": below_similar("ATT", everyone, measures, periods),
        "PRG": below_similar("PRG", everyone, measures, periods),
        "TRD": fell_behind(everyone, measures, periods),
        "DIS": below_similar("DIS", everyone, measures, periods),
    }
    for code in ("ABS", "PAB", "SEV", "MOB"):
        told[code] = beyond_worst(code, everyone, measures, periods)
    told["ROL"] = rolls(everyone, measures, periods)
    return told


def _phases(code: str, everyone: Population) -> list[tuple[str, Flags]]:
    """The phases of which an indicator is told and that have any school, each with its schools."""
    found = ((phase, everyone.phases == phase) for phase in INDICATORS[code].phases)
    return [(phase, rows) for phase, rows in found if rows.any()]


def _choose(code: str, phase: str, rows: Flags, everyone: Population, told: Told) -> tuple[str, str]:
    """The first measure with national figures and its newest such year. Where there is none, these schools are told why."""
    measures = measures_of(code, phase)
    for measure in measures:
        year = everyone.newest_national(measure, phase)
        if year:
            return measure, year
    known = {
        (year, measure): int((everyone.column(measure, year).mark[everyone.peers(measure, phase)] == TOLD).sum())
        for measure in measures
        for year in everyone.periods(measure)
    }
    newest = max((where for where, schools in known.items() if schools), default=None)
    if newest is not None:
        told.silence(rows, Why.NO_NATIONAL)
        told.period[rows], told.measure[rows] = told.period_place(newest[0]), told.measure_place(newest[1])
        told.other[rows] = known[newest]
    else:
        older = any(measure == key for key, _ in everyone.columns for measure in measures) and not known
        told.silence(rows, Why.TOO_OLD if older else Why.NOT_LOADED)
    return "", ""


def _place(told: Told, rows: Flags, measure: str, period: str, column: Column) -> None:
    """Which measure, year and edition these schools' figures are of, and why those without a figure have none."""
    told.measure[rows] = told.measure_place(measure)
    told.period[rows] = told.period_place(period)
    told.edition[rows] = column.edition[rows]
    missing = rows & (column.mark != TOLD)
    told.silence(missing & (column.mark == ABSENT), Why.NO_FIGURE)
    marked = missing & (column.mark != ABSENT)
    told.silence(marked, Why.MARKED)
    told.why[marked] = Why.MARKED + column.mark[marked]


def below_similar(code: str, everyone: Population, measures: list[str], periods: list[str]) -> Told:
    """Attainment, progress and disadvantaged pupils: flagged when the interval lies wholly below the mean of similar schools.

    Progress must besides lie wholly below England's average, 0.
    """
    told = nothing(code, len(everyone), measures, periods)
    for phase, rows in _phases(code, everyone):
        measure, newest = _choose(code, phase, rows, everyone, told)
        if not measure:
            continue
        years, estimated, number = _years(everyone, measure, newest, phase, rows)
        pooled = pool(years)
        column = everyone.column(measure, newest)
        low, high = _interval(measure, pooled, column)
        against = np.minimum(pooled.against, 0.0) if code == "PRG" else pooled.against
        for kept, said in (
            (told.value, pooled.value), (told.low, low), (told.high, high), (told.cohort, pooled.cohort), (told.comparator, against),
            (told.other, number.astype(float)), (told.years, pooled.years), (told.estimated, estimated),
        ):  # fmt: skip
            kept[rows] = said[rows]
        _place(told, rows, measure, newest, column)
        here = rows & (column.mark == TOLD)
        below = here & (high < against)
        told.why[here] = np.where(below, Why.BELOW_SIMILAR, Why.NOT_BELOW_SIMILAR)[here]
        told.level[below] = MEDIUM
        told.silence(here & np.isnan(years[0].against), Why.FEW_SIMILAR)
        told.silence(here & np.isnan(high), Why.NO_COHORT)
        told.silence(here & pooled.alone, Why.TOO_FEW_ALONE)
        told.silence(here & pooled.hidden, Why.TOO_FEW)
        told.other[here & pooled.alone] = years[0].cohort[here & pooled.alone]
    return told


def _years(everyone: Population, measure: str, newest: str, phase: str, rows: Flags) -> tuple[list[Year], Flags, NDArray[np.int32]]:
    """The newest year and those before it with national figures, each with the mean of similar schools; the newest's cohorts estimated or
    not, and how many similar schools it has."""
    found, flags, counted = [], np.zeros(len(everyone), dtype=bool), np.zeros(len(everyone), dtype=np.int32)
    similar = everyone.similar[rows]
    for back, year in enumerate(years_before(newest, THRESHOLDS.pooled_years)):
        column = everyone.column(measure, year)
        against = np.full(len(everyone), np.nan)
        cohort, estimated = cohorts_of(everyone, measure, year)
        if everyone.national(measure, year, phase):
            among = np.where(everyone.counts, column.value, np.nan)
            against[rows], number = similar_mean(among, cohort, similar, everyone.thresholds.fewest_similar)
            if back == 0:
                counted[rows] = number
        if back == 0:
            flags = estimated
        found.append(Year(column.value, cohort if back == 0 else np.where(estimated, np.nan, cohort), against))
    return found, flags, counted


def _interval(measure: str, pooled: Pooled, column: Column) -> tuple[Floats, Floats]:
    """The 95 % intervals: Wilson's for shares; for means the published one of a single year, else the normal one."""
    if MEASURES[measure].is_share:
        return wilson_many(pooled.value, pooled.cohort)
    low, high = normal_many(pooled.value, pooled.cohort, SPREADS[measure])
    published = (pooled.years == 1) & np.isfinite(column.low) & np.isfinite(column.high)
    return np.where(published, column.low, low), np.where(published, column.high, high)


def fell_behind(everyone: Population, measures: list[str], periods: list[str]) -> Told:
    """Trend: flagged when the gap to England grew twice running, and by more than chance over both years together."""
    told = nothing("TRD", len(everyone), measures, periods)
    for phase, rows in _phases("TRD", everyone):
        measure, newest = _choose("TRD", phase, rows, everyone, told)
        if not measure:
            continue
        three = years_before(newest, 3)[::-1]
        if not all(everyone.national(measure, year, phase) for year in three):
            told.silence(rows, Why.NO_THREE_YEARS)
            told.measure[rows], told.period[rows] = told.measure_place(measure), told.period_place(newest)
            continue
        columns = [everyone.column(measure, year) for year in three]
        cohorts = [cohorts_of(everyone, measure, year) for year in three]
        peers = everyone.peers(measure, phase)
        england = [weighted_mean(column.value[peers], cohort[peers]) for column, (cohort, _) in zip(columns, cohorts, strict=True)]
        spread = None if MEASURES[measure].is_share else SPREADS[measure]
        found = drift(
            _three([c.value for c in columns]), _three([c for c, _ in cohorts]), (england[0], england[1], england[2]), spread=spread
        )
        fewest = np.min([c for c, _ in cohorts], axis=0)
        told.value[rows], told.low[rows], told.high[rows] = found.change[rows], found.low[rows], found.high[rows]
        told.comparator[rows], told.cohort[rows], told.years[rows] = 0.0, fewest[rows], 7
        told.estimated[rows] = np.any([flags for _, flags in cohorts], axis=0)[rows]
        _place(told, rows, measure, newest, columns[2])
        here = rows & (columns[2].mark == TOLD)
        worse = here & found.twice & (found.high < 0)
        told.why[here] = np.where(worse, Why.FELL_BEHIND, np.where(found.twice, Why.WITHIN_CHANCE, Why.HELD_UP))[here]
        told.level[worse] = MEDIUM
        told.silence(here & np.isnan(found.change), Why.NO_THREE_YEARS)
        few = here & (fewest < THRESHOLDS.pooled_under)
        told.silence(few, Why.TOO_FEW_ALONE)
        told.other[few] = fewest[few]
        told.silence(here & (fewest < THRESHOLDS.hidden_under), Why.TOO_FEW)
    return told


def _three(columns: list[Floats]) -> tuple[Floats, Floats, Floats]:
    return columns[0], columns[1], columns[2]


def beyond_worst(code: str, everyone: Population, measures: list[str], periods: list[str]) -> Told:
    """Absence and movement: flagged when the interval lies wholly beyond the bound of England's schools and of similar schools.

    The bound is where the highest fifth begins; for movement, the highest twentieth. Movement is what non-mobile pupils leave of a hundred.
    """
    told = nothing(code, len(everyone), measures, periods)
    share = everyone.thresholds.exceptional_share if code == "MOB" else everyone.thresholds.worst_share
    for phase, rows in _phases(code, everyone):
        measure, newest = _choose(code, phase, rows, everyone, told)
        if not measure:
            continue
        column = everyone.column(measure, newest)
        value = 100 - column.value if code == "MOB" else column.value
        cohort = column.cohort if code == "MOB" else everyone.roll_near(newest)
        low, high = normal_many(value, cohort, ABSENCE_SPREADS[phase]) if code == "ABS" else wilson_many(value, cohort)
        nation = worst_bound(value[everyone.peers(measure, phase)], share)
        among = np.where(everyone.counts, value, np.nan)
        bound, number = similar_bound(among, everyone.similar[rows], share, everyone.thresholds.fewest_similar)
        told.value[rows], told.cohort[rows], told.years[rows] = value[rows], cohort[rows], 1
        told.low[rows], told.high[rows] = np.maximum(low, 0.0)[rows], np.minimum(high, 100.0)[rows]
        told.comparator[rows] = np.maximum(bound, nation)
        told.other[rows] = np.where(bound > nation, number, -1.0)
        _place(told, rows, measure, newest, column)
        here = rows & (column.mark == TOLD)
        beyond = here & (told.low > told.comparator)
        told.why[here] = np.where(beyond, Why.BEYOND_WORST, Why.NOT_BEYOND_WORST)[here]
        told.level[beyond] = MEDIUM
        told.silence(here & np.isnan(told.comparator), Why.FEW_SIMILAR)
        told.silence(here & np.isnan(low), Why.NO_COHORT)
        few = here & (cohort < everyone.thresholds.pooled_under)
        told.silence(few, Why.TOO_FEW_ALONE)
        told.other[few] = cohort[few]
        told.silence(here & (cohort < everyone.thresholds.hidden_under), Why.TOO_FEW)
    return told


def rolls(everyone: Population, measures: list[str], periods: list[str]) -> Told:
    """Rolls: flagged when the newest roll is a tenth or more below the oldest of the three years before it."""
    told = nothing("ROL", len(everyone), measures, periods, Why.NOT_LOADED)
    if not everyone.periods("pupils_on_roll"):
        return told
    told.why[:] = Why.NO_FIGURE
    left = np.ones(len(everyone), dtype=bool)
    for period in everyone.periods("pupils_on_roll"):
        column = everyone.column("pupils_on_roll", period)
        rows = left & (column.mark == TOLD) & (column.value > 0)
        left &= ~rows
        before, back = np.full(len(everyone), np.nan), np.zeros(len(everyone), dtype=np.int8)
        for years, year in enumerate(years_before(period, everyone.thresholds.rolls_years + 1)):
            earlier = everyone.column("pupils_on_roll", year).value
            known = (earlier > 0) & (years > 0)
            before, back = np.where(known, earlier, before), np.where(known, years, back)
        change = 100 * (column.value - before) / before
        told.value[rows], told.cohort[rows], told.other[rows] = change[rows], column.value[rows], before[rows]
        told.comparator[rows] = -everyone.thresholds.rolls_fall_percent
        told.edition[rows], told.measure[rows] = column.edition[rows], told.measure_place("pupils_on_roll")
        told.period[rows], told.years[rows] = told.period_place(period), (1 + 2 ** back.astype(np.int8))[rows]
        fell = rows & (change <= -everyone.thresholds.rolls_fall_percent)
        told.why[rows] = np.where(fell, Why.ROLL_FELL, Why.ROLL_STANDS)[rows]
        told.level[fell] = MEDIUM
        told.silence(rows & np.isnan(change), Why.NO_EARLIER_ROLL)
        told.silence(rows & (column.value < everyone.thresholds.hidden_under), Why.TOO_FEW)
    return told
