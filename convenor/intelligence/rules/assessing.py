"""All schools, all indicators, the score and the suggestion: what one run finds. Pure; the run's action reads, calls this, and writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from convenor.england.phases import PHASES
from convenor.intelligence.rules.compact import Lists, Row, packed, plain
from convenor.intelligence.rules.indicators import CODES, INDICATORS
from convenor.intelligence.rules.inspected import Found, Inspected, age, inspection
from convenor.intelligence.rules.levels import weighted_mean, worst_bound
from convenor.intelligence.rules.lines import suggested_by
from convenor.intelligence.rules.population import Population
from convenor.intelligence.rules.ranks import raw_ranks, similar_ranks
from convenor.intelligence.rules.scoring import Figures, Scored, score
from convenor.intelligence.rules.sentences import POINTS_FROM
from convenor.intelligence.rules.telling import tell_all
from convenor.intelligence.rules.told import LEVELS, Told, Why
from convenor.intelligence.rules.weights import CURRENT, LIKE_INTAKE, STARTING_POINT, Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: The rules' version: part of a run's name, so that changed rules make a new run. Change it with any rule that changes a figure, a
#: flag, or a similar school by either method: the sets are written with the run.
VERSION: Final = "2026-2"


@dataclass(frozen=True, slots=True)
class Inspections:
    """What is known of the inspections of each school of a population, in its order.

    `known_until` is the day up to which the list of inspections tells, None where no list is loaded; `editions` its number.
    """

    found: Sequence[Sequence[Inspected]]
    opened: Sequence[date | None]
    known_until: Sequence[date | None]
    editions: Sequence[int]


@dataclass(frozen=True, slots=True)
class OneSchool:
    """One school's part of a run. `rows` are compact lines; ranks are 0 where there is none."""

    place: int
    rows: list[list[Any]]
    contributions: list[Any]
    score: float
    score_maximum: int
    uncertainty: float
    rank_raw: int
    rank_similar: int
    suggested_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessed:
    """A whole run. `measures` and `periods` are the lists that rows point into."""

    everyone: Population
    told: dict[str, Told]
    findings: list[tuple[tuple[Found, int], tuple[Found, float | None, int]]]
    scored: Scored
    weights: Weights
    rank_raw: NDArray[np.int32]
    rank_similar: NDArray[np.int32]
    measures: list[str]
    periods: list[str]

    def lists(self, editions: Mapping[int, str]) -> Lists:
        """The lists that compact rows point into; of the editions only those that a row names."""
        named = {int(number) for told in self.told.values() for number in np.unique(told.edition) if number >= 0}
        named |= {number for (_, one), (_, _, other) in self.findings for number in (one, other) if number >= 0}
        scored = tuple((family.code, family.maximum) for family in self.weights.families)
        kept = {number: editions[number] for number in sorted(named)}
        return Lists(CODES, tuple(self.measures), tuple(self.periods), kept, scored)


def assess_all(everyone: Population, inspections: Inspections, weights: Weights = CURRENT) -> Assessed:
    """Everything that a run finds of every school."""
    measures: list[str] = []
    periods: list[str] = []
    told = tell_all(everyone, measures, periods)
    scored = score(figures_of(everyone, weights), weights)
    findings = [_inspected(place, inspections) for place in range(len(everyone))]
    days = {found.started_on for (one, _), (other, _, _) in findings for found in (one, other) if found.started_on is not None}
    periods += [day.isoformat() for day in sorted(days)]
    return Assessed(
        everyone, told, findings, scored, weights, raw_ranks(scored.score, everyone.phases, everyone.counts, scored.known),
        similar_ranks(scored.score, everyone.similar, scored.known), measures, periods,
    )  # fmt: skip


def _inspected(place: int, inspections: Inspections) -> tuple[tuple[Found, int], tuple[Found, float | None, int]]:
    """What is found of one school's inspections, and of the time since, each with its edition."""
    found, until, edition = inspections.found[place], inspections.known_until[place], inspections.editions[place]
    if until is None:
        nothing = Found(None, "", None)
        return (nothing, -1), (nothing, None, -1)
    since, years = age(found, opened_on=inspections.opened[place], as_at=until)
    return (inspection(found), edition), (since, years, edition)


def figures_of(everyone: Population, weights: Weights) -> Figures:
    """The published figures that the score may use: of each measure the newest school year with national figures, phase by phase."""
    wanted = {measure for family in weights.families for slot in family.slots for measure in slot}
    wanted |= {measure for slot in (*STARTING_POINT, *LIKE_INTAKE) for measure in slot} | {"ks2_cohort", "ks4_cohort"}
    values: dict[str, Floats] = {}
    cohorts: dict[str, Floats] = {}
    phases = [str(phase) for phase in np.unique(everyone.phases)]
    for measure in sorted(wanted):
        for phase in phases:
            year = everyone.newest_national(measure, phase)
            rows = everyone.phases == phase
            if not year or not rows.any():
                continue
            column = everyone.column(measure, year)
            for kept, said in ((values, column.value), (cohorts, column.cohort)):
                kept.setdefault(measure, np.full(len(everyone), np.nan))[rows] = said[rows]
    return Figures(everyone.urns, everyone.phases, values, cohorts, everyone.counts)


def each_school(assessed: Assessed) -> Iterator[OneSchool]:
    """The run school by school, in the order of the population."""
    size = len(assessed.everyone)
    columns = [_rows(number, code, assessed) for number, code in enumerate(CODES) if code in assessed.told]
    contributions = np.round(np.column_stack([assessed.scored.contributions[f.code] for f in assessed.weights.families]), 2).tolist()
    sources = _sources(assessed)
    scored = np.round(assessed.scored.score, 1).tolist()
    uncertain = np.round(assessed.scored.uncertainty, 1).tolist()
    days = {day: place for place, day in enumerate(assessed.periods)}
    inspection_code, age_code = CODES.index("INS"), CODES.index("AGE")
    for place in range(size):
        rows = [row for column in columns if (row := column[place]) is not None]
        rows += _inspection_rows(assessed, place, days, inspection_code, age_code)
        by = suggested_by((CODES[row[0]], LEVELS[row[1]] if len(row) > 1 else None) for row in rows)
        yield OneSchool(
            place=place, rows=rows, contributions=[*contributions[place], sources[place]], score=scored[place],
            score_maximum=assessed.weights.maximum,
            uncertainty=uncertain[place], rank_raw=int(assessed.rank_raw[place]), rank_similar=int(assessed.rank_similar[place]),
            suggested_by=by,
        )  # fmt: skip


def _sources(assessed: Assessed) -> list[str]:
    """Where each school's points come from: a digit for each scored indicator, its place in POINTS_FROM."""
    words = list(POINTS_FROM)
    digits = [[str(words.index(word)) for word in assessed.scored.basis[family.code].tolist()] for family in assessed.weights.families]
    return ["".join(each) for each in zip(*digits, strict=True)]


def _rows(number: int, code: str, assessed: Assessed) -> list[list[Any] | None]:
    """One indicator's compact rows, None for schools of whose phase it is not told."""
    told = assessed.told[code]

    def numbers(column: Floats) -> list[int | float | None]:
        return plain(np.round(column, 2).tolist())

    together = zip(
        told.level.tolist(), told.why.tolist(), told.measure.tolist(), told.period.tolist(), numbers(told.value), told.edition.tolist(),
        numbers(told.cohort), numbers(told.low), numbers(told.high), numbers(told.comparator), numbers(told.other), told.years.tolist(),
        told.estimated.astype(int).tolist(), strict=True,
    )  # fmt: skip
    return [None if row[1] == Why.NOT_FOR_PHASE else packed((number, *row)) for row in together]


def _inspection_rows(assessed: Assessed, place: int, days: dict[str, int], inspection_code: int, age_code: int) -> list[list[Any]]:
    """The lines of inspection and of the time since."""
    phase = str(assessed.everyone.phases[place])
    if phase not in INDICATORS["INS"].phases:
        return []
    (found, edition), (since, years, its) = assessed.findings[place]
    missing = Why.NOT_LOADED if edition < 0 else Why.NOT_INSPECTED
    if found.started_on is None:
        first = packed(Row(inspection_code, why=missing))
    else:
        day = days[found.started_on.isoformat()]
        first = packed(Row(inspection_code, LEVELS.index(found.level), Why.SAID, period=day, edition=edition, says=found.says))
    if since.started_on is None or years is None:
        return [first, packed(Row(age_code, why=missing))]
    day = days[since.started_on.isoformat()]
    comparator = assessed.everyone.thresholds.age_years
    return [first, packed(Row(age_code, LEVELS.index(since.level), Why.SAID, period=day, value=years, edition=its, comparator=comparator,
                              says=since.says))]  # fmt: skip


def england(assessed: Assessed) -> dict[str, dict[str, Any]]:
    """England's distribution as the run used it: for each phase and measured indicator the year, the schools, their mean and the bounds."""
    found: dict[str, dict[str, Any]] = {}
    everyone = assessed.everyone
    for phase in PHASES:
        rows = (everyone.phases == phase) & everyone.counts
        for code, told in assessed.told.items():
            known = rows & np.isfinite(told.value)
            if not known.any():
                continue
            first = int(np.flatnonzero(known)[0])
            values = told.value[known]
            low, middle, high = (round(float(each), 2) for each in np.percentile(values, (20, 50, 80)))
            found.setdefault(phase, {})[code] = {
                "measure": told.measures[told.measure[first]], "period": told.periods[told.period[first]], "schools": int(known.sum()),
                "mean": round(weighted_mean(values, told.cohort[known]), 2), "percentiles": {"20": low, "50": middle, "80": high},
                "worst_fifth_from": round(worst_bound(values, everyone.thresholds.worst_share), 2),
                "flagged": int((told.level[known] > 0).sum()),
            }  # fmt: skip
    return found
