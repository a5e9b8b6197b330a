"""Figures of schools and areas as a page shows them: each with its value, cohort, interval, mark, year and edition.

Published figures are open to everyone. Several editions may give the same figure: `rules.precedence` says which is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from convenor.england.marks import Mark
from convenor.england.regions import ENGLAND_CODE
from convenor.registers.models import AreaReading, Reading
from convenor.registers.rules.intervals import wilson
from convenor.registers.rules.measures import MEASURES, Direction, Interval, Measure
from convenor.registers.rules.precedence import Rank, Standing, rank, standing_of

_READING = (
    "urn", "measure", "period", "value", "low", "high", "cohort", "mark", "edition_id", "edition__family", "edition__as_at",
    "edition__key", "edition__title",
)  # fmt: skip
_AREA = (
    "area_kind", "area_code", "measure", "period", "value", "mark", "edition_id", "edition__family", "edition__as_at", "edition__key",
    "edition__title",
)  # fmt: skip
#: The kind of school that England's census and absence rows are of, by phase.
_GROUP = {"Primary": "primary", "Secondary": "secondary", "Special": "special"}


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of one year. Either `value` or `mark` is set; `mark_says` is the mark in words.

    `low` and `high` are the ends of the 95 % interval, whose origin is `interval`; both are None where there is none. `urn` is the school
    that the figure was published for: the school itself or a predecessor. `small` says that one pupil weighs much in it.
    """

    urn: str
    period: str
    value: float | None
    low: float | None
    high: float | None
    interval: Interval
    cohort: int | None
    mark: str
    mark_says: str
    edition_key: str
    edition_title: str
    edition_as_at: date
    standing: Standing
    small: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one measure, oldest first, one for each year that any edition tells of."""

    measure: Measure
    points: tuple[Point, ...]

    @property
    def latest(self) -> Point:
        """The newest year's figure, withheld or not."""
        return self.points[-1]

    @property
    def latest_known(self) -> Point | None:
        """The newest figure that has a value; None when every year's is withheld. It must be shown with its year."""
        return next((point for point in reversed(self.points) if point.value is not None), None)


def says(mark: str) -> str:
    """A mark in words; a mark that we do not know is shown as it stands, since a page must not fail for it."""
    return Mark(mark).says if mark in set(Mark) else mark


@dataclass(slots=True)
class _Best:
    """The most believed of what editions say, by any key."""

    found: dict[Any, tuple[Rank, Any]] = field(default_factory=dict)

    def offer(self, key: Any, how: Rank, what: Any) -> None:
        if key not in self.found or how > self.found[key][0]:
            self.found[key] = (how, what)


def _point(measure: Measure, row: tuple[Any, ...]) -> Point:
    urn, _key, period, value, low, high, cohort, mark, _edition_id, family, as_at, key, title = row
    interval = Interval.NONE
    if value is None:
        low = high = None
    elif low is not None and high is not None:
        interval = Interval.PUBLISHED
    elif measure.interval is Interval.WORKED_OUT and cohort and 0 <= value <= 100:
        low, high = wilson(value, cohort)
        interval = Interval.WORKED_OUT
    else:
        low = high = None
    small = cohort is not None and cohort < measure.small_cohort and measure.direction is not Direction.CONTEXT
    return Point(urn, period, value, low, high, interval, cohort, mark, says(mark), key, title, as_at, standing_of(family), small)


def series(urns: str | Sequence[str], measures: Iterable[str] | None = None, *, viewer: Any = None) -> list[Series]:
    """The figures of one school over the years, by measure in the catalogue's order. One query.

    `urns` is the school, or the school followed by its predecessors, nearest first: a year in which the school has no figure of its own
    shows its predecessor's. `measures` are keys of the catalogue, all when None; unknown keys are passed over. A measure of which no
    edition tells is absent.
    """
    line = [urns] if isinstance(urns, str) else list(dict.fromkeys(urns))
    wanted = list(MEASURES) if measures is None else [key for key in measures if key in MEASURES]
    place = {urn: number for number, urn in enumerate(line)}
    best = _Best()
    for row in Reading.objects.filter(urn__in=line, measure__in=wanted).order_by().values_list(*_READING):
        how = rank(mark=row[7], place=place[row[0]], edition_id=row[8], family=row[9], as_at=row[10])
        best.offer((row[1], row[2]), how, row)
    points: dict[str, list[Point]] = {}
    for (key, _period), (_how, row) in sorted(best.found.items(), key=lambda item: item[0][1]):
        points.setdefault(key, []).append(_point(MEASURES[key], row))
    return [Series(measure, tuple(points[key])) for key, measure in MEASURES.items() if key in points]


def latest(urns: Iterable[str], measure: str, *, period: str = "", viewer: Any = None) -> dict[str, Point]:
    """The newest figure of one measure for each of many schools, or that of one school year, by URN. One query.

    A withheld figure is given as such: an older one is never put in its place. A school of which no edition tells is absent. Raises
    KeyError for a measure that is not in the catalogue.
    """
    what, best = MEASURES[measure], _Best()
    rows = Reading.objects.filter(urn__in=list(urns), measure=measure).order_by()
    if period:
        rows = rows.filter(period=period)
    newest: dict[str, str] = {}
    for row in rows.values_list(*_READING):
        how = rank(mark=row[7], place=0, edition_id=row[8], family=row[9], as_at=row[10])
        best.offer((row[0], row[2]), how, row)
        newest[row[0]] = max(newest.get(row[0], ""), row[2])
    return {urn: _point(what, best.found[urn, year][1]) for urn, year in newest.items()}


def by_year(
    urns: Iterable[str], measures: Iterable[str], *, viewer: Any = None, before: Mapping[str, str] | None = None
) -> dict[tuple[str, str, str], Point]:
    """The figures of many schools by URN, measure and school year, withheld ones among them. One query.

    `before` gives former URNs, each with the school's URN of today: where a school has no figure of its own in a year, that of its former
    URN stands, and `Point.urn` says so. Raises KeyError for a measure that is not in the catalogue.
    """
    former, best = dict(before or {}), _Best()
    rows = Reading.objects.filter(urn__in=[*urns, *former], measure__in=list(measures)).order_by()
    for row in rows.values_list(*_READING):
        now = former.get(row[0], row[0])
        how = rank(mark=row[7], place=int(now != row[0]), edition_id=row[8], family=row[9], as_at=row[10])
        best.offer((now, *row[1:3]), how, row)
    return {key: _point(MEASURES[key[1]], row) for key, (_how, row) in best.found.items()}


@dataclass(frozen=True, slots=True)
class AreaPoint:
    """One figure of an area in one year; `group` is the kind of school it is of, or nothing for all."""

    area_kind: str
    area_code: str
    measure: str
    group: str
    period: str
    value: float | None
    mark: str
    mark_says: str
    edition_key: str
    edition_title: str


def area_points(areas: Iterable[tuple[str, str]], measures: Iterable[str], *, viewer: Any = None) -> list[AreaPoint]:
    """Figures of areas, as (kind, code) with kinds authority, region, england and trust, oldest first. One query.

    `measures` are keys as they are kept: a measure's, one with a kind of school (absence_overall.primary), or an end of an interval
    (ks4_progress8.low).
    """
    wanted = set(areas)
    best = _Best()
    rows = AreaReading.objects.filter(area_code__in={code for _, code in wanted}, measure__in=list(measures)).order_by()
    for row in rows.values_list(*_AREA):
        if (row[0], row[1]) in wanted:
            how = rank(mark=row[5], place=0, edition_id=row[6], family=row[7], as_at=row[8])
            best.offer(row[:4], how, row)
    points = []
    for _key, (_how, row) in sorted(best.found.items(), key=lambda item: (item[0][3], item[0])):
        measure, _, group = row[2].partition(".")
        points.append(AreaPoint(row[0], row[1], measure, group, row[3], row[4], row[5], says(row[5]), row[9], row[10]))
    return points


def beside(measures: Iterable[str], *, phase: str, authority_code: str = "", viewer: Any = None) -> list[AreaPoint]:
    """What a school's figures may be held against: England's state-funded schools, of its phase where published, and its authority. One
    query.

    For a measure that England's files give by phase only the row of this phase comes.
    """
    areas = [("england", ENGLAND_CODE), *([("authority", authority_code)] if authority_code else [])]
    group = _GROUP.get(phase, "")
    keys = [key for measure in measures for key in (measure, *([f"{measure}.{group}"] if group else []))]
    return area_points(areas, keys, viewer=viewer)
