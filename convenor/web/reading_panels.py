"""A school's published figures as small charts and one table: value, cohort, interval, year and edition, England beside.

Nothing here judges: a finding repeats the figure and what chance alone could do; a figure withheld says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from convenor.registers.queries import readings
from convenor.registers.queries.readings import AreaPoint, Point, Series
from convenor.registers.rules.measures import MEASURES, Measure, Unit
from convenor.web.charts import SMALL_COHORT
from convenor.web.words import number, school_year

#: What a page draws first, by phase; the rest stands in the table.
HEADLINES: Final[dict[str, tuple[str, ...]]] = {
    "Primary": (
        "ks2_rwm_expected", "ks2_reading_progress", "ks2_maths_progress", "absence_overall", "absence_persistent", "pupils_on_roll",
    ),
    "Secondary": (
        "ks4_attainment8", "ks4_progress8", "ks4_basics_95", "absence_overall", "absence_persistent", "pupils_on_roll",
    ),
    "All-through": (
        "ks2_rwm_expected", "ks4_attainment8", "ks4_progress8", "absence_overall", "absence_persistent", "pupils_on_roll",
    ),
}  # fmt: skip
INVENTED: Final = "Invented for the demonstration, of realistic shape"
OTHERS: Final = ("absence_overall", "absence_persistent", "pupils_on_roll")
#: School years for which the Department published no results by school: tests and examinations were cancelled in 2020 and 2021,
#: and key stage 2 results of 2022 were not published by school. https://www.gov.uk/school-performance-tables
NOT_PUBLISHED: Final[dict[str, tuple[str, ...]]] = {"ks2_": ("2019-20", "2020-21", "2021-22"), "ks4_": ("2019-20", "2020-21")}
_SUFFIX: Final = {Unit.PERCENT: "%", Unit.PUPILS: "", Unit.SCALED_SCORE: "", Unit.PROGRESS: "", Unit.POINTS: "", Unit.GRADES: ""}


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One point as the chart and its table show it; `period` is written 2018/19."""

    period: str
    value: float | None
    low: float | None
    high: float | None
    cohort: int | None
    mark: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One small chart: a title, what it says, the points, and England's line as a band without width."""

    title: str
    finding: str
    caption: str
    unit: str
    points: list[ChartPoint]
    band: list[dict[str, Any]]
    small_cohort: int
    rows: list[tuple[str, tuple[str, str, str, str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """The newest figure of one measure, in words, for the table of all."""

    name: str
    says: str
    value: str
    absent: bool
    year: str
    cohort: str
    interval: str
    england: str
    source: str
    edition: str


@dataclass(frozen=True, slots=True)
class ReadingsPanel:
    """A school's figures: the charts, the table of all measures, and the editions they come from."""

    charts: list[Chart]
    lines: list[Line]
    figures: int
    edition_keys: frozenset[str]


def figure(measure: Measure, value: float | None) -> str:
    """A value as it is written: 52%, 104, −0.31."""
    if value is None:
        return ""
    places = measure.decimals if measure.unit is not Unit.PUPILS else 0
    return f"{number(value, places)}{_SUFFIX[measure.unit]}"


def interval(measure: Measure, point: Point) -> str:
    """The ends of a figure's 95 % interval in words; empty where there is none."""
    if point.low is None or point.high is None:
        return ""
    return f"{figure(measure, point.low)} to {figure(measure, point.high)}"


def finding(series: Series, england: dict[str, float]) -> str:
    """The newest figure in a sentence, with its cohort, what chance could do, and England's; why there is none, where there is none."""
    newest, measure = series.latest, series.measure
    if newest.value is None:
        known = series.latest_known
        before = f" Last known: {figure(measure, known.value)} in {school_year(known.period)}." if known else ""
        return f"{school_year(newest.period)}: {newest.mark_says or 'no figure'}.{before}"
    said = f"{figure(measure, newest.value)} in {school_year(newest.period)}"
    if newest.cohort is not None and measure.unit is not Unit.PUPILS:
        said += f", {number(newest.cohort)} pupils"
    if newest.low is not None:
        said += f"; chance alone could make it {interval(measure, newest)}"
    if newest.period in england:
        said += f". England {figure(measure, england[newest.period])}"
    return said + "."


def chart(series: Series, england: dict[str, float], urn: str, *, source: str = "") -> Chart:
    """One small chart. Years in which nothing was published by school stand as gaps with a word."""
    measure = series.measure
    found = {point.period: point for point in series.points}
    periods = school_years_between(min(found), max(found))
    points = []
    for period in periods:
        point = found.get(period)
        if point is None:
            points.append(ChartPoint(school_year(period), None, None, None, None, _absent(measure, period)))
        else:
            word = "" if point.value is not None else _short(point)
            points.append(ChartPoint(school_year(period), point.value, _r(point.low), _r(point.high), point.cohort, word))
    beside = [{"period": school_year(period), "low": england[period], "high": england[period]} for period in periods if period in england]
    earlier = sorted({school_year(point.period) for point in series.points if point.urn != urn})
    caption = "Broad line: England. " if beside else ""
    if earlier:
        years = earlier[0] if len(earlier) == 1 else f"{earlier[0]} to {earlier[-1]}"
        caption += f"{years}: as published for the school before it. "
    return Chart(
        title=measure.name,
        finding=finding(series, england),
        caption=f"{caption}{source or measure.source}.",
        unit=_SUFFIX[measure.unit],
        points=points,
        band=beside,
        small_cohort=SMALL_COHORT,
        rows=[_cells(measure, point, england) for point in series.points],
    )


def _cells(measure: Measure, point: Point, england: dict[str, float]) -> tuple[str, tuple[str, str, str, str]]:
    """One year in the table beneath a chart: year; figure or its mark, interval, pupils, England."""
    value = figure(measure, point.value) if point.value is not None else point.mark_says or "no figure"
    pupils = number(point.cohort) if point.cohort is not None and measure.unit is not Unit.PUPILS else "–"
    beside = figure(measure, england[point.period]) if point.period in england else "–"
    return school_year(point.period), (value, interval(measure, point) or "–", pupils, beside)


def school_years_between(first: str, last: str) -> list[str]:
    """Every school year from one to another, both included: 2018-19, 2019-20 ..."""
    return [f"{year}-{(year + 1) % 100:02d}" for year in range(int(first[:4]), int(last[:4]) + 1)]


def _absent(measure: Measure, period: str) -> str:
    """What stands in a year of which no loaded edition tells."""
    cancelled = any(measure.key.startswith(prefix) and period in years for prefix, years in NOT_PUBLISHED.items())
    return "not published" if cancelled else "no figure"


def _r(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _short(point: Point) -> str:
    """A mark as the chart's gap says it: few words."""
    return {"suppressed": "withheld: few pupils", "not_published": "not published", "blank": "no figure"}.get(
        point.mark, point.mark_says or "no figure"
    )


def line(series: Series, england: dict[str, float]) -> Line:
    """One measure's newest figure for the table."""
    measure, newest = series.measure, series.latest
    return Line(
        name=measure.name,
        says=measure.says,
        value=figure(measure, newest.value) if newest.value is not None else newest.mark_says or "no figure",
        absent=newest.value is None,
        year=school_year(newest.period),
        cohort=number(newest.cohort) if newest.cohort is not None and measure.unit is not Unit.PUPILS else "",
        interval=interval(measure, newest),
        england=figure(measure, england[newest.period]) if newest.period in england else "",
        source=measure.source,
        edition=newest.edition_title,
    )


def england_of(points: Sequence[AreaPoint]) -> dict[str, dict[str, float]]:
    """England's figures by measure and year; one for the school's own phase is preferred to one for all schools."""
    found: dict[str, dict[str, float]] = {}
    for point in sorted(points, key=lambda one: bool(one.group)):
        if point.area_kind == "england" and point.value is not None:
            found.setdefault(point.measure, {})[point.period] = point.value
    return found


def panel(urns: Sequence[str], *, phase: str, viewer: Any, invented: bool = False) -> ReadingsPanel:
    """The figures of a school (its URN first, then its predecessors', nearest first). Two queries.

    `invented` figures, a fictitious school's, are said to be so wherever a publisher would be named.
    """
    every = readings.series(urns, viewer=viewer)
    keys = [one.measure.key for one in every]
    beside = england_of(
        readings.beside([key for key in keys if MEASURES[key].unit is not Unit.PUPILS], phase=phase, viewer=viewer) if keys else []
    )
    by_key = {one.measure.key: one for one in every}
    drawn = [by_key[key] for key in HEADLINES.get(phase, OTHERS) if key in by_key]
    return ReadingsPanel(
        charts=[chart(one, beside.get(one.measure.key, {}), urns[0], source=INVENTED if invented else "") for one in drawn],
        lines=[line(one, beside.get(one.measure.key, {})) for one in every],
        figures=sum(1 for one in every for point in one.points if point.value is not None),
        edition_keys=frozenset(point.edition_key for one in every for point in one.points),
    )
