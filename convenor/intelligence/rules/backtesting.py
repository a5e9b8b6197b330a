"""The back-test: how well the score told, from figures known before, which schools inspectors later found weak.

For each school whose first graded inspection fell into a later school year, the score is worked out among all of England's schools of
that year, by the very function that scores schools today (`scoring.score`), on the latest figures of each kind from before the school
year of the inspection. The score is then held against the grades. Nothing is fitted here; every school left out is counted with the reason.

What can mislead, and what is done about it: figures from the year of the inspection or later are never used; the figures of a year are
themselves published from the October to the March after it, so the test is repeated with older figures and by when in the year the
inspection came (`backtest_results.controls`); a school that was converted is joined to the figures of the school it had been; a school
inspected twice counts by the first grade; visits without grades are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from typing import Final

import numpy as np
import numpy.typing as npt

from convenor.england.phases import ALL_THROUGH, PRIMARY, SECONDARY, SPECIAL, counted_as
from convenor.england.school_years import SchoolYear, school_year_of
from convenor.intelligence.rules.plain_tables import FeatureTable, Outcome, OutcomeTable, Reading
from convenor.intelligence.rules.scoring import Figures, score
from convenor.intelligence.rules.weights import CURRENT, Weights

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]

# Why a school, or an outcome, is left out.
NO_FIGURES: Final = "inspected, and no figure of it before that year"
NOT_SCORED: Final = "inspected, and only figures that the score does not use"
TOO_LATE: Final = "inspected, and all its figures are of that year or later"
SECOND: Final = "inspected again: the first grade counts"
NOT_INSPECTED: Final = "figures, and no graded inspection in the window"

#: In whose schools nearly every pupil has a plan: special, whatever else is known.
SPECIAL_PLANS_PERCENT: Final = 50.0
#: Of the state-funded schools whose pupils average so few points in eight subjects, 99 in 100 are special (2015-16 to 2017-18).
SPECIAL_ATTAINMENT8: Final = 20.0
#: Of those in which nobody met the standard in all three of reading, writing and maths, 93 in 100 are special (the same years).
SPECIAL_RWM_PERCENT: Final = 0.0


_NOTHING: Final = Reading(nan, nan)


class BacktestError(ValueError):
    """Nothing can be tested with what was given; the message says why and what to do."""


@dataclass(frozen=True)
class Judged:
    """The schools that were scored and inspected, as parallel columns, and what was left out.

    `phases` as Ofsted counts them, "" where unknown; `weak` what inspectors found; `scores` ours; `values` the figures behind them by
    measure. `excluded` counts what was left out, by reason; `joined` the schools whose figures are those of the school they had been.
    `years` says, by measure, of which school years the figures are.
    """

    urns: list[str]
    phases: Words
    weak: Bools
    inspected: list[date]
    scores: Floats
    uncertainty: Floats
    values: dict[str, Floats]
    excluded: dict[str, int]
    joined: int
    years: dict[str, list[str]]


def phase_of(urn: str, phases: Mapping[str, str], stages: Mapping[str, set[str]], values: Mapping[str, Mapping[str, Reading]]) -> str:
    """A school's phase: the register's word where it has one, else what its figures tell, else ""."""
    known = phases.get(urn, "")
    if known:
        return known
    plans, points, standard = (
        values.get(measure, {}).get(urn, _NOTHING).value for measure in ("ehcp_percent", "ks4_attainment8", "ks2_rwm_expected")
    )
    if plans >= SPECIAL_PLANS_PERCENT or points <= SPECIAL_ATTAINMENT8 or standard <= SPECIAL_RWM_PERCENT:
        return SPECIAL
    has = stages.get(urn, set())
    if {"ks2", "ks4"} <= has:
        return ALL_THROUGH
    return PRIMARY if "ks2" in has else SECONDARY if "ks4" in has else ""


def figures_before(
    table: FeatureTable, year: int, *, phases: Mapping[str, str], not_counted: frozenset[str] = frozenset()
) -> tuple[Figures, dict[str, set[int]]]:
    """The latest figure of each school and measure from before a school year, withheld ones included, and their years by measure."""
    latest: dict[str, dict[str, Reading]] = {}
    years: dict[str, set[int]] = {}
    for each in (each for each in table.years if each < year):
        for measure, by_urn in table.readings[each].items():
            latest.setdefault(measure, {}).update(by_urn)
            years.setdefault(measure, set()).add(each)
    urns = sorted(set().union(*latest.values())) if latest else []
    stages: dict[str, set[str]] = {}
    for measure, by_urn in latest.items():
        if measure[:3] in ("ks2", "ks4"):
            for urn in by_urn:
                stages.setdefault(urn, set()).add(measure[:3])
    values: dict[str, Floats] = {}
    cohorts: dict[str, Floats] = {}
    for measure, by_urn in latest.items():
        readings = [by_urn.get(urn, _NOTHING) for urn in urns]
        values[measure] = np.array([one.value for one in readings], dtype=float)
        cohorts[measure] = np.array([one.cohort for one in readings], dtype=float)
    words = np.array([phase_of(urn, phases, stages, latest) for urn in urns], dtype="<U16")
    counts = np.array([urn not in not_counted for urn in urns], dtype=bool)
    return Figures(urns, words, values, cohorts, counts), years


def first_graded(outcomes: Sequence[Outcome], excluded: Counter[str]) -> list[Outcome]:
    """Each school's first graded inspection; of two judgements of one day the overall grade counts."""
    found: dict[str, Outcome] = {}
    for outcome in sorted(outcomes, key=lambda each: (each.inspected_on, each.kind != "overall", each.urn)):
        first = found.setdefault(outcome.urn, outcome)
        if first.inspected_on != outcome.inspected_on:
            excluded[SECOND] += 1
    return list(found.values())


def judged(
    features: FeatureTable,
    outcomes: OutcomeTable,
    *,
    phases: Mapping[str, str],
    before: Mapping[str, Sequence[str]],
    not_counted: frozenset[str] = frozenset(),
    lag_years: int = 0,
    weights: Weights = CURRENT,
) -> Judged:
    """The schools of both tables, scored on what was known before their inspection's school year, less `lag_years`.

    `phases` is the register's word by URN; `before` gives the schools that a school had been, nearest first; `not_counted` are schools that
    are not among England's state-funded ones. Raises BacktestError where no school has both figures and an outcome.
    """
    excluded: Counter[str] = Counter(outcomes.set_aside)
    by_year: dict[int, list[Outcome]] = {}
    for outcome in first_graded(outcomes.outcomes, excluded):
        by_year.setdefault(school_year_of(outcome.inspected_on).start_year, []).append(outcome)
    join = _Join(features, phases, before, not_counted, weights, excluded)
    parts = [join.of_year(year, year - lag_years, here) for year, here in sorted(by_year.items())]
    parts = [each for each in parts if each.outcomes]
    excluded[NOT_INSPECTED] = len(join.told - join.tested)
    if not parts:
        raise BacktestError(_nothing(features, outcomes))
    return _together(parts, join)


@dataclass(frozen=True)
class _Part:
    """The inspected schools of one school year: their places in the figures, their outcomes, and every school's score."""

    figures: Figures
    places: list[int]
    outcomes: list[Outcome]
    scores: Floats
    uncertainty: Floats


class _Join:
    """Joins outcomes to the figures known before them, and counts what is left out."""

    def __init__(
        self,
        features: FeatureTable,
        phases: Mapping[str, str],
        before: Mapping[str, Sequence[str]],
        not_counted: frozenset[str],
        weights: Weights,
        excluded: Counter[str],
    ) -> None:
        self.features, self.phases, self.before, self.not_counted, self.weights = features, phases, before, not_counted, weights
        self.excluded = excluded
        self.at_any_time = {urn for measures in features.readings.values() for by_urn in measures.values() for urn in by_urn}
        self.told: set[str] = set()
        self.tested: set[str] = set()
        self.years: dict[str, set[int]] = {}
        self.joined = 0

    def of_year(self, year: int, known_before: int, outcomes: Sequence[Outcome]) -> _Part:
        """The inspected schools of a school year, scored on what is of a school year earlier than `known_before`."""
        figures, years = figures_before(self.features, known_before, phases=self.phases, not_counted=self.not_counted)
        for measure, found in years.items():
            self.years.setdefault(measure, set()).update(found)
        place = {urn: number for number, urn in enumerate(figures.urns)}
        self.told |= place.keys()
        scored = score(figures, self.weights)
        places: list[int] = []
        kept: list[Outcome] = []
        for outcome in outcomes:
            line = [place[urn] for urn in (outcome.urn, *self.before.get(outcome.urn, ())) if urn in place]
            known = [number for number in line if scored.known[number]]
            if known:
                places.append(known[0])
                kept.append(outcome)
                self.tested.add(figures.urns[known[0]])
                self.joined += figures.urns[known[0]] != outcome.urn
            else:
                self.excluded[NOT_SCORED if line else TOO_LATE if outcome.urn in self.at_any_time else NO_FIGURES] += 1
        return _Part(figures, places, kept, scored.score, scored.uncertainty)


def _nothing(features: FeatureTable, outcomes: OutcomeTable) -> str:
    """Why there is nothing to test, and what to do."""
    of = ", ".join(SchoolYear(year).label for year in features.years) or "no year"
    when = sorted({school_year_of(each.inspected_on).label for each in outcomes.outcomes})
    return (
        f"No school has both a figure from before its inspection's school year and a grade: the figures are of {of}, the inspections of "
        f"{', '.join(when)}. Give figures of an earlier school year, of the same schools."
    )


def _together(parts: Sequence[_Part], join: _Join) -> Judged:
    """The outcomes of several school years as one set of columns."""
    outcomes = [outcome for part in parts for outcome in part.outcomes]
    measures = sorted({measure for part in parts for measure in part.figures.values})

    def column(measure: str) -> Floats:
        return np.concatenate([part.figures.values.get(measure, np.full(len(part.figures.urns), nan))[part.places] for part in parts])

    return Judged(
        urns=[outcome.urn for outcome in outcomes],
        phases=np.array([counted_as(str(phase)) for part in parts for phase in part.figures.phases[part.places]], dtype="<U16"),
        weak=np.array([outcome.weak for outcome in outcomes], dtype=bool),
        inspected=[outcome.inspected_on for outcome in outcomes],
        scores=np.concatenate([part.scores[part.places] for part in parts]),
        uncertainty=np.concatenate([part.uncertainty[part.places] for part in parts]),
        values={measure: column(measure) for measure in measures},
        excluded={reason: number for reason, number in join.excluded.items() if number},
        joined=join.joined,
        years={measure: [SchoolYear(year).label for year in sorted(found)] for measure, found in join.years.items()},
    )


def conversions(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The schools that each school had been, nearest first, from pairs of a school and what became of it.

    Only plain conversions are followed: one school became one other. A merger's figures are nobody's, and a circle ends where it closes.
    """
    became: dict[str, set[str]] = {}
    came: dict[str, set[str]] = {}
    for earlier, later in pairs:
        if earlier != later:
            became.setdefault(earlier, set()).add(later)
            came.setdefault(later, set()).add(earlier)
    found: dict[str, tuple[str, ...]] = {}
    for urn in came:
        line: list[str] = []
        here = urn
        while len(came.get(here, ())) == 1:
            (earlier,) = came[here]
            if len(became[earlier]) != 1 or earlier in line or earlier == urn:
                break
            line.append(earlier)
            here = earlier
        if line:
            found[urn] = tuple(line)
    return found


def phases_back(phases: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The phases of schools, with those of schools that had none taken from what became of them, however many steps on.

    `pairs` are of a school and what became of it. Where what became of it has several phases, none is taken.
    """
    became: dict[str, set[str]] = {}
    for earlier, later in pairs:
        became.setdefault(earlier, set()).add(later)
    found = dict(phases)
    unknown = [urn for urn in became if urn not in found]
    while unknown:
        told = {urn: said for urn in unknown if len(said := {found[later] for later in became[urn] if later in found}) == 1}
        if not told:
            break
        found.update({urn: next(iter(said)) for urn, said in told.items()})
        unknown = [urn for urn in unknown if urn not in found]
    return found
