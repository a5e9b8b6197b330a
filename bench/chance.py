"""How many schools would be suggested by chance alone: a thousand simulated areas in which no school does better or worse than another.

    python -m bench.chance [AREAS] [--seed N]

Every results indicator is present at once: attainment over three years, progress, trend, disadvantaged pupils, overall, persistent and
severe absence. Pupils are drawn one by one, and go through the very rules that a run uses. Two worlds: in the first all pupils of England
are alike; in the second pupils differ by disadvantage as they do in England, and schools still add nothing, so that a school with an
unusual intake is held against neighbours who are not quite like it. Beside ours stands the careless rule: the point beyond the worst fifth
of the phase, each indicator counted by itself, three of them enough; and the same with absence counted once.

The aim: at most 5 % of schools suggested by results alone. A rule that never suggests would reach it too, so a third world has schools
that truly fell: in one of twenty, pupils do a third of a standard deviation worse in the second year and twice that in the third, and miss
half as much school again. There the share of those schools that are suggested is shown.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convenor.england.school_years import SchoolYear
from convenor.intelligence.rules.indicators import RESULTS
from convenor.intelligence.rules.lines import suggested_by
from convenor.intelligence.rules.population import Population
from convenor.intelligence.rules.similar import similar_schools
from convenor.intelligence.rules.telling import tell_all
from convenor.intelligence.rules.told import LEVELS
from convenor.registers.rules.columns import TOLD, Column, empty

Floats = NDArray[np.float64]
#: An area of middling size, and the areas of one simulated England.
SCHOOLS, AREAS_AT_ONCE = 140, 100
YEARS = ("2020-21", "2021-22", "2022-23")
#: The share of primaries; the middling sizes of year groups and their spread on the logarithm, as in the tables of 2017-18.
PRIMARY_SHARE, PRIMARY_COHORT, SECONDARY_COHORT, COHORT_SPREAD = 0.84, 33.0, 165.0, 0.55
#: Pupils' absence as shares: a beta distribution of England's mean of 2022-23 and the spread that the rules state.
ABSENCE = {"Primary": (0.059, 0.10), "Secondary": (0.090, 0.15)}


@dataclass(frozen=True)
class World:
    """`gap`: how far disadvantaged pupils lie behind others, in standard deviations of pupils; `absent`: how much more often they miss;
    `fallen`: the share of schools that truly fell."""

    name: str
    gap: float
    absent: float
    fallen: float = 0.0


WORLDS = (
    World("all pupils alike", 0.0, 1.0),
    World("pupils differ by disadvantage, schools add nothing", 0.45, 1.5),
    World("the same, and one school of twenty truly fell", 0.45, 1.5, 0.05),
)
#: How much worse the pupils of a fallen school do in each year, in standard deviations, and how much more they miss in the last.
FALL, MISSES = dict(zip(YEARS, (0.0, 0.33, 0.66), strict=True)), 1.5


def told(value: Floats, cohort: Floats | None = None, half: Floats | None = None) -> Column:
    """A column in which every school has a figure, but those with fewer than six pupils, whose figure is withheld."""
    found = empty(len(value))
    pupils = np.full(len(value), np.nan) if cohort is None else cohort
    known = np.isfinite(value) & ~(pupils < 6)
    found.value[known], found.cohort[:], found.mark[known] = value[known], pupils, TOLD
    found.mark[~known] = 2  # suppressed
    if half is not None:
        found.low[known], found.high[known] = (value - half)[known], (value + half)[known]
    return found


def means(of: Floats, school: NDArray[np.int64], schools: int, among: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
    """The mean over the pupils of each school, and how many there are."""
    weights = np.ones(len(of)) if among is None else among.astype(float)
    pupils = np.bincount(school, weights, schools)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.bincount(school, of * weights, schools) / pupils, pupils


def england(world: World, chance: np.random.Generator, schools: int) -> tuple[Population, NDArray[np.bool_]]:
    """An England of pupils drawn by chance, and which of its schools fell."""
    primary = np.arange(schools) < PRIMARY_SHARE * schools
    phases = np.where(primary, "Primary", "Secondary")
    middling = np.where(primary, PRIMARY_COHORT, SECONDARY_COHORT)
    size = np.maximum(4, np.round(middling * np.exp(chance.normal(0, COHORT_SPREAD, schools))))
    size = np.minimum(size, np.where(primary, 120, 330))
    share = chance.beta(1.6, 4.9, schools)
    fallen = chance.random(schools) < world.fallen
    columns: dict[tuple[str, str], Column] = {}
    for year in YEARS:
        _results(world, chance, columns, year, primary, size, share, FALL[year] * fallen)
    _absence(world, chance, columns, primary, size, share, np.where(fallen, MISSES, 1.0))
    roll = size * np.where(primary, 7, 5)
    columns["pupils_on_roll", YEARS[-1]] = told(roll)
    features = {
        "pupils_on_roll": roll, "fsm_ever6_percent": np.round(100 * chance.binomial(roll.astype(int), share) / roll, 1),
        "eal_percent": 100 * chance.beta(1, 5, schools), "sen_support_percent": 100 * chance.beta(8, 52, schools),
    }  # fmt: skip
    urns = [f"{100000 + number}" for number in range(schools)]
    counts = np.ones(schools, dtype=bool)
    similar = similar_schools(urns, phases, features, counts)
    return Population(urns, phases, counts, similar.indices, columns, np.where(primary, 7.0, 5.0), SchoolYear(2023)), fallen


def _results(
    world: World, chance: np.random.Generator, columns: dict[tuple[str, str], Column], year: str, primary: NDArray[np.bool_], size: Floats,
    share: Floats, worse: Floats,
) -> None:  # fmt: skip
    """One year group at the end of each school: every pupil a draw, the disadvantaged shifted by the world's gap."""
    schools = len(size)
    cohort = np.maximum(2, chance.poisson(size)).astype(int)
    school = np.repeat(np.arange(schools), cohort)
    poor = chance.random(len(school)) < share[school]
    able = chance.normal(0, 1, len(school)) - world.gap * poor - worse[school]
    came = 0.75 * (able + world.gap * poor) + np.sqrt(1 - 0.75**2) * chance.normal(0, 1, len(school))
    met = np.where(primary[school], 100.0 * (able > -0.3), 46.0 + 22.0 * able)
    value, pupils = means(met, school, schools)
    theirs, few = means(met, school, schools, poor)
    progress, _ = means(came, school, schools)
    for phase, keys, scale in (
        (primary, ("ks2_rwm_expected", "ks2_rwm_expected_disadvantaged", "ks2_maths_progress"), 5.6),
        (~primary, ("ks4_attainment8", "ks4_attainment8_disadvantaged", "ks4_progress8"), 1.27),
    ):
        columns[keys[0], year] = told(np.where(phase, np.round(value), np.nan), pupils)
        columns[keys[1], year] = told(np.where(phase, np.round(theirs), np.nan), few)
        columns[keys[2], year] = told(np.where(phase, scale * progress, np.nan), pupils, 1.96 * scale / np.sqrt(pupils))


def _absence(
    world: World, chance: np.random.Generator, columns: dict[tuple[str, str], Column], primary: NDArray[np.bool_], size: Floats,
    share: Floats, more: Floats,
) -> None:  # fmt: skip
    """A year's absence of every pupil on roll: overall, persistent and severe from the same pupils."""
    schools = len(size)
    school = np.repeat(np.arange(schools), (size * np.where(primary, 7, 5)).astype(int))
    poor = chance.random(len(school)) < share[school]
    missed = np.zeros(len(school))
    for phase, here in (("Primary", primary[school]), ("Secondary", ~primary[school])):
        mean, spread = ABSENCE[phase]
        mean = more[school[here]] * mean * np.where(poor[here], world.absent, 1.0) / (1 + (world.absent - 1) * share.mean())
        strength = mean * (1 - mean) / spread**2 - 1
        missed[here] = chance.beta(mean * strength, (1 - mean) * strength)
    for key, figure in (
        ("absence_overall", 100 * missed), ("absence_persistent", 100.0 * (missed >= 0.1)), ("absence_severe", 100.0 * (missed >= 0.5)),
    ):  # fmt: skip
        columns[key, YEARS[-1]] = told(np.round(means(figure, school, schools)[0], 1))


def suggested(everyone: Population) -> tuple[NDArray[np.bool_], dict[str, float]]:
    """By our rule, from results alone; and the share flagged by each indicator."""
    found = tell_all(everyone, [], [])
    levels = {code: found[code].level.tolist() for code in RESULTS}
    by = [
        bool(suggested_by((code, LEVELS[levels[code][place]]) for code in RESULTS))
        for place in range(len(everyone))
    ]  # fmt: skip
    return np.array(by), {code: float((found[code].level > 0).mean()) for code in RESULTS}


def careless(everyone: Population, *, absence_once: bool = False) -> NDArray[np.bool_]:
    """By the point alone: beyond the worst fifth of the phase, each indicator by itself (or absence once), three enough."""
    flags, absent = np.zeros(len(everyone), dtype=int), np.zeros(len(everyone), dtype=int)
    for phase, results in (("Primary", "ks2_rwm_expected"), ("Secondary", "ks4_attainment8")):
        rows = everyone.phases == phase
        three = [everyone.column(results, year).value for year in YEARS]
        gaps = [value - np.nanmean(value[rows]) for value in three]
        progress = "ks2_maths_progress" if phase == "Primary" else "ks4_progress8"
        lower = [three[2], everyone.column(f"{results}_disadvantaged", YEARS[2]).value, everyone.column(progress, YEARS[2]).value]
        higher = [everyone.column(key, YEARS[2]).value for key in ("absence_overall", "absence_persistent", "absence_severe")]
        with np.errstate(invalid="ignore"):
            flags += (gaps[1] < gaps[0]) & (gaps[2] < gaps[1]) & rows
            for value in lower:
                flags += (value < np.nanpercentile(value[rows], 20)) & rows
            for value in higher:
                absent += (value > np.nanpercentile(value[rows], 80)) & rows
    return flags + (np.minimum(absent, 1) if absence_once else absent) >= 3


def main() -> None:
    """Both worlds, as a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("areas", nargs="?", type=int, default=1000, help="simulated areas of 140 schools, in each world (default 1000)")
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    for number, world in enumerate(WORLDS):
        _tell(world, number, max(1, asked.areas // AREAS_AT_ONCE), asked.seed)


def _tell(world: World, number: int, englands: int, seed: int) -> None:
    """One world: each rule's share of schools suggested, over all areas and in the highest; of schools that fell, apart."""
    began, flagged = time.perf_counter(), []
    shares: dict[str, list[Floats]] = {"our rule": [], "careless": [], "careless, absence once": []}
    seen: dict[str, list[float]] = {name: [] for name in shares}
    for england_number in range(englands):
        chance = np.random.default_rng([seed, number, england_number])
        everyone, fallen = england(world, chance, SCHOOLS * AREAS_AT_ONCE)
        areas = chance.permutation(len(everyone)).reshape(AREAS_AT_ONCE, SCHOOLS)
        ours, each = suggested(everyone)
        flagged.append(each)
        rules = (ours, careless(everyone), careless(everyone, absence_once=True))
        for name, by in zip(shares, rules, strict=True):
            shares[name].append(np.where(fallen, np.nan, by)[areas])
            if fallen.any():
                seen[name].append(by[fallen].mean())
    print(f"{world.name}: {englands * AREAS_AT_ONCE:,} areas of {SCHOOLS} schools, {time.perf_counter() - began:.0f} s")
    for name, found in shares.items():
        by_area = 100 * np.nanmean(np.concatenate(found), axis=1)
        others = f"; {100 * np.mean(seen[name]):.0f} % of the schools that fell" if seen[name] else ""
        print(f"  {name:23} {by_area.mean():6.2f} % of schools suggested; the highest area {by_area.max():.2f} %{others}")
    mean = {code: 100 * np.mean([one[code] for one in flagged]) for code in RESULTS}
    print("  flagged by our rule:", ", ".join(f"{code} {share:.2f} %" for code, share in mean.items()))


if __name__ == "__main__":
    main()
