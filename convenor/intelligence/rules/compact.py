"""Lines as a run keeps them: a list of short lists for each school, about half a kilobyte, from which every line can be made again.

A row is [code, level, why, measure, period, value, edition, cohort, low, high, comparator, other, years, estimated, says], cut off after
the last that says anything. Codes, measures, school years and editions are places in lists that the run keeps. Nothing that only a sentence
needs is kept as text, except what an inspection said. What each indicator adds to the score is kept beside the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from convenor.intelligence.rules.indicators import CODES, INDICATORS, THRESHOLDS, Origin, applies
from convenor.intelligence.rules.lines import Assessment, Line, NotAssessable, silent
from convenor.intelligence.rules.sentences import POINTS_FROM, Facts, held_against, sentence, unit_of
from convenor.intelligence.rules.told import LEVELS, Why, is_silent, years_before

#: The version of this shape. Runs of another are not read.
VERSION: Final = 1


class Row(NamedTuple):
    """One line, compact."""

    code: int
    level: int = 0
    why: int = 0
    measure: int = -1
    period: int = -1
    value: float | None = None
    edition: int = -1
    cohort: float | None = None
    low: float | None = None
    high: float | None = None
    comparator: float | None = None
    other: float | None = None
    years: int = 0
    estimated: int = 0
    says: str = ""


_DEFAULTS: Final = tuple(Row(0))


def packed(row: Sequence[Any]) -> list[Any]:
    """A row without what stands at its end and says nothing."""
    kept = list(row)
    while len(kept) > 1 and kept[-1] == _DEFAULTS[len(kept) - 1]:
        kept.pop()
    return kept


def plain(values: Sequence[float]) -> list[int | float | None]:
    """Numbers as they are kept: those that are not known become None, whole ones lose their point."""
    return [None if each != each else int(each) if each.is_integer() else each for each in values]


class Lists(NamedTuple):
    """The lists that the places in rows point into, kept with the run. `scored` names the scored indicators with their maxima."""

    codes: tuple[str, ...]
    measures: tuple[str, ...]
    periods: tuple[str, ...]
    editions: Mapping[int, str]
    scored: tuple[tuple[str, int], ...]

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Lists:
        """As `as_dict` wrote them."""
        editions = {int(number): key for number, key in kept["editions"].items()}
        return cls(
            tuple(kept["codes"]), tuple(kept["measures"]), tuple(kept["periods"]), editions, tuple((c, m) for c, m in kept["scored"])
        )

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold them."""
        return {
            "codes": list(self.codes), "measures": list(self.measures), "periods": list(self.periods),
            "editions": {str(number): key for number, key in self.editions.items()}, "scored": [list(each) for each in self.scored],
        }  # fmt: skip


#: For a scored indicator its contribution, the most it can be, and where it comes from in words.
Points = Mapping[str, tuple[float, int, str]]
_NO_POINTS: Final = (0.0, 0, "")


def line_of(row: Sequence[Any], lists: Lists, phase: str, points: Points) -> tuple[Line, str]:
    """The line of a compact row, and the reason for which nothing can be said, "" where something can."""
    one = Row(*row)
    code = lists.codes[one.code]
    measure = lists.measures[one.measure] if one.measure >= 0 else ""
    period = lists.periods[one.period] if one.period >= 0 else ""
    summed = one.years & (one.years - 1) != 0 and code not in ("ROL", "TRD")
    facts = Facts(
        code, phase, one.why, measure, period, one.value, one.low, one.high, one.cohort, one.comparator, one.other, summed,
        bool(one.estimated),
    )  # fmt: skip
    given, maximum, source = points.get(code, _NO_POINTS)
    said = one.says or sentence(facts)
    if is_silent(one.why):
        unit = unit_of(code, measure)
        return silent(code, unit=unit, reason=said, maximum=maximum, contribution=given, points_says=source), said
    cohort = None if one.cohort is None or one.estimated else int(one.cohort)
    care = one.cohort is not None and code != "ROL" and one.cohort < THRESHOLDS.care_under
    line = Line(
        code=code, level=LEVELS[one.level], value=one.value, unit=unit_of(code, measure), period=period, cohort=cohort, low=one.low,
        high=one.high, comparator=one.comparator, comparator_says=held_against(facts), contribution=given, maximum=maximum,
        edition=lists.editions.get(one.edition, ""), measure=measure, periods=_periods(one.years, period), pooled=summed, care=care,
        says=said, points_says=source,
    )  # fmt: skip
    return line, ""


def _periods(years: int, period: str) -> tuple[str, ...]:
    """The school years behind a figure, oldest first."""
    if years <= 1:
        return (period,) if period else ()
    back = years_before(period, years.bit_length())
    return tuple(year for place, year in reversed(list(enumerate(back))) if years >> place & 1)


@dataclass(frozen=True, slots=True)
class Kept:
    """One school's part of a run, as it is kept.

    `contributions` are points in the order of the scored indicators, and last a word of digits: where each comes from, as a place in
    POINTS_FROM.
    """

    urn: str
    phase: str
    rows: Sequence[Sequence[Any]]
    contributions: Sequence[Any]
    score: float
    score_maximum: int
    uncertainty: float
    suggested_by: Sequence[str]


def assessment_of(kept: Kept, lists: Lists) -> Assessment:
    """A school's assessment as its run found it: every indicator has a line, also those that nobody published or entered."""
    points = points_of(kept.contributions, lists)
    told = {lists.codes[row[0]]: line_of(row, lists, kept.phase, points) for row in kept.rows}
    lines, missing = [], []
    for code in CODES:
        line, reason = told[code] if code in told else _untold(code, kept.phase, points)
        lines.append(line)
        if reason:
            missing.append(NotAssessable(code, reason))
    by = tuple(kept.suggested_by)
    return Assessment(
        kept.urn, kept.phase, tuple(lines), tuple(missing), kept.score, kept.score_maximum, kept.uncertainty, bool(by), by
    )  # fmt: skip


def points_of(contributions: Sequence[Any], lists: Lists) -> dict[str, tuple[float, int, str]]:
    """The points of each scored indicator, with their maximum and where they come from."""
    number, said = len(lists.scored), tuple(POINTS_FROM.values())
    sources = contributions[number] if len(contributions) > number else "0" * number
    together = zip(lists.scored, contributions[:number], sources, strict=True)
    return {code: (given, most, said[int(source)]) for (code, most), given, source in together}


def _untold(code: str, phase: str, points: Points) -> tuple[Line, str]:
    """The line of an indicator of which the run keeps nothing: it is not told of the phase, or only people can enter it."""
    indicator = INDICATORS[code]
    why = Why.NOT_ENTERED if indicator.origin is not Origin.COMPUTED and applies(code, phase) else Why.NOT_FOR_PHASE
    reason = sentence(Facts(code, phase, why, "", "", None, None, None, None, None, None, False, False))
    given, maximum, source = points.get(code, _NO_POINTS)
    return silent(code, unit=indicator.unit, reason=reason, contribution=given, maximum=maximum, points_says=source), reason
