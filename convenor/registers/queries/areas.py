"""Areas: their context beside neighbours, region and England, over time; their outline; their schools on a map.

What is published is open to everyone. Fictitious schools never enter a context and never stand on a map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from convenor.england import authorities
from convenor.england.authorities import AUTHORITIES, Area
from convenor.england.inspections import OVERALL_GRADE_ENDED_ON
from convenor.england.regions import ENGLAND_CODE
from convenor.registers.models import AreaContext, AreaMeasure, AreaReading, Boundary, School, StatisticalNeighbour
from convenor.registers.queries.schools import OPEN, STATE_FUNDED
from convenor.registers.rules import context as rule
from convenor.registers.rules.boundaries import DISSOLVED
from convenor.registers.rules.context_words import DEFINITION, KEYS
from convenor.registers.rules.grid import to_longitude_and_latitude

Indicators = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Context:
    """One area's nine figures on a day. `indicators` is as `convenor context` prints it; `run` names the editions it rests on."""

    kind: str
    code: str
    name: str
    as_at: date
    run: str
    indicators: Indicators
    note: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One of an authority's ten statistical neighbours. `context` is None where no loaded edition covers it."""

    code: str
    name: str
    rank: int
    closeness: str
    context: Context | None


@dataclass(frozen=True, slots=True)
class Contexts:
    """An area's context and what stands beside it; each part is None or empty where no loaded edition covers it.

    `neighbour_mean` gives for each figure the plain mean of the neighbours that have a value, and how many those are.
    """

    area: Context | None
    neighbours: tuple[Neighbour, ...] = ()
    neighbour_mean: Indicators = field(default_factory=dict)
    neighbours_edition: str = ""
    region: Context | None = None
    england: Context | None = None
    #: Keys of every edition that any of the figures rests on, for the page's footer.
    editions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One figure on one day. `aged` when the definition had run out by then: kept, and said so."""

    as_at: date
    value: float | None
    numerator: float | None
    denominator: float | None
    not_judged: int | None
    edition: str
    mark: str
    note: str
    aged: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over time, oldest first. `aged` says what became of its definition, where it has aged."""

    key: str
    name: str
    unit: str
    definition: str
    aged: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """An area's outline as GeoJSON in longitude and latitude, with what a reader must know of it."""

    code: str
    name: str
    layer: str
    geometry: dict[str, Any]
    note: str
    edition: str


@dataclass(frozen=True, slots=True)
class PlacedSchool:
    """A school on the map, or (without longitude and latitude) in the list beside it."""

    urn: str
    name: str
    phase: str
    type_group: str
    town: str
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class MapOfSchools:
    """The open schools of an area: those with coordinates, those without, together `total`; never a fictitious one."""

    placed: tuple[PlacedSchool, ...]
    unplaced: tuple[PlacedSchool, ...]
    editions: tuple[str, ...]

    @property
    def total(self) -> int:
        """All of them, as the list says."""
        return len(self.placed) + len(self.unplaced)


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure that a publisher gives for an area as it stands, with its mark and edition."""

    measure: str
    name: str
    unit: str
    period: str
    value: float | None
    mark: str
    edition: str


def area(text: str, *, viewer: Any) -> Area:
    """The authority, region or England that a name or code means, old or new. Raises UnknownAreaError, naming the nearest. No query."""
    return authorities.area(text)


def _newest(areas: Iterable[tuple[str, str]], until: date | None) -> dict[tuple[str, str], Context]:
    """For each area its newest context, not later than a day. One query."""
    wanted = Q()
    for kind in ("authority", "region", "england"):
        codes = [code for each, code in areas if each == kind]
        if codes:
            wanted |= Q(area_kind=kind, area_code__in=codes)
    if not wanted:
        return {}
    rows = AreaContext.objects.filter(wanted)
    if until is not None:
        rows = rows.filter(as_at__lte=until)
    place = Window(
        RowNumber(),
        partition_by=[F("area_kind"), F("area_code")],
        order_by=[F("as_at").desc(), F("computed_at").desc(), F("id").desc()],
    )
    found = rows.annotate(place=place).filter(place=1).values_list("area_kind", "area_code", "as_at", "run", "indicators")
    return {(kind, code): _context(kind, code, as_at, run, indicators) for kind, code, as_at, run, indicators in found}


def _context(kind: str, code: str, as_at: date, run: str, indicators: Indicators) -> Context:
    where = rule.place(kind, code)
    return Context(kind, code, where.name, as_at, run, {key: indicators[key] for key in KEYS if key in indicators}, where.note)


def context(where: Area, *, viewer: Any, at: date | None = None) -> Context | None:
    """An area's context on the newest loaded date, not later than `at`; None where no loaded edition covers it. One query."""
    return _newest([(where.kind, where.code)], at).get((where.kind, where.code))


def contexts(where: Area, *, viewer: Any, at: date | None = None) -> Contexts:
    """An area's context beside its statistical neighbours, its region and England, on the newest loaded date not later than `at`.

    What stands beside the area is of the area's day at the latest, so that nothing newer is held against it. At most three queries.
    """
    own = context(where, viewer=viewer, at=at)
    near, edition = _neighbours(where.code) if where.kind == "authority" else ([], "")
    beside = [("authority", code) for code, *_ in near]
    region_code = AUTHORITIES[where.code].region_code if where.kind == "authority" else ""
    if region_code:
        beside.append(("region", region_code))
    if where.kind != "england":
        beside.append(("england", ENGLAND_CODE))
    found = _newest(beside, own.as_at if own else at)
    neighbours = tuple(
        Neighbour(code, AUTHORITIES[code].name, rank, closeness, found.get(("authority", code))) for code, rank, closeness in near
    )
    known = [each.context.indicators for each in neighbours if each.context]
    region, england = found.get(("region", region_code)), found.get(("england", ENGLAND_CODE))
    every = [each for each in (own, region, england, *(one.context for one in neighbours)) if each]
    keys = {key for each in every for key in rule.rests_on(each.indicators)} | ({edition} if edition else set())
    return Contexts(
        own, neighbours, rule.mean_of(known) if known else {}, edition, region, england, tuple(sorted(keys))
    )  # fmt: skip


def _neighbours(code: str) -> tuple[list[tuple[str, int, str]], str]:
    """An authority's statistical neighbours in order, from the newest edition that has them, and that edition's key. One query."""
    rows = (
        StatisticalNeighbour.objects.filter(authority_code=code, edition__withdrawn_at=None)
        .order_by("-edition__as_at", "-edition__id", "rank")
        .values_list("neighbour_code", "rank", "closeness", "edition__key")[:10]
    )
    found = list(rows)
    edition = found[0][3] if found else ""
    return [(near, rank, closeness) for near, rank, closeness, key in found if key == edition and near in AUTHORITIES], edition


def days(where: Area, *, viewer: Any) -> list[date]:
    """The loaded dates on which something is known of an area, newest first: what a reader may choose. One query."""
    rows = AreaContext.objects.filter(area_kind=where.kind, area_code=where.code)
    return list(rows.order_by("-as_at").values_list("as_at", flat=True).distinct())


def series(where: Area, *, viewer: Any) -> list[Series]:
    """Each of the nine figures over every loaded date, oldest first, each under its own definition. One query.

    Where a definition has aged its points are kept and marked; they are never carried on with another definition's.
    """
    place = Window(RowNumber(), partition_by=[F("as_at")], order_by=[F("computed_at").desc(), F("id").desc()])
    rows = AreaContext.objects.filter(area_kind=where.kind, area_code=where.code).annotate(place=place).filter(place=1)
    points: dict[str, dict[date, Point]] = {key: {} for key in KEYS}
    for indicators in rows.order_by("as_at").values_list("indicators", flat=True):
        for key in KEYS:
            line = indicators.get(key)
            if line and line["as_at"]:
                point = _point(key, line)
                points[key][point.as_at] = point
    return [
        Series(key, each.name, each.unit, each.words, each.aged, tuple(point for _, point in sorted(points[key].items())))
        for key, each in DEFINITION.items()
    ]


def _point(key: str, line: Mapping[str, Any]) -> Point:
    day = date.fromisoformat(line["as_at"])
    aged = key.endswith("good_or_outstanding_percent") and day >= OVERALL_GRADE_ENDED_ON
    return Point(
        day,
        line["value"],
        line["numerator"],
        line["denominator"],
        line["not_judged"],
        line["edition"],
        line["mark"],
        line.get("note", ""),
        aged,
    )


def published(where: Area, measures: Sequence[str], *, viewer: Any) -> list[PublishedFigure]:
    """What a publisher says of an area itself, such as the interactive tool's figures, by measure and period. At most two queries.

    Where several editions give the same figure the newest speaks.
    """
    rows = (
        AreaReading.objects.filter(area_code=where.code, measure__in=list(measures), edition__withdrawn_at=None)
        .order_by("edition__as_at", "id")
        .values_list("measure", "period", "value", "mark", "edition__key")
    )
    newest = {(measure, period): (value, mark, key) for measure, period, value, mark, key in rows}
    if not newest:
        return []
    meanings = AreaMeasure.objects.filter(key__in=list(measures), edition__withdrawn_at=None).order_by("edition__as_at", "id")
    words = {key: (name, unit) for key, name, unit in meanings.values_list("key", "name", "unit")}
    order = {measure: place for place, measure in enumerate(measures)}
    figures = []
    for measure, period in sorted(newest, key=lambda each: (order[each[0]], each[1])):
        (name, unit), (value, mark, key) = words.get(measure, (measure, "")), newest[measure, period]
        figures.append(PublishedFigure(measure, name, unit, period, value, mark, key))
    return figures


def boundary(where: Area, *, viewer: Any) -> Outline | None:
    """An area's outline, or None where no loaded edition draws it. One query.

    An authority's newest code goes first; where only an older code is drawn, the note says so.
    """
    codes = AUTHORITIES[where.code].gss_codes if where.kind == "authority" else (where.code,)
    layers = {"authority": ("UTLA", DISSOLVED), "region": ("RGN",), "england": ("CTRY",)}[where.kind]
    found = Boundary.objects.filter(code__in=codes, layer__in=layers, edition__withdrawn_at=None).order_by("edition__as_at", "id")
    drawn = {each[0]: each for each in found.values_list("code", "name", "layer", "geometry", "note", "edition__key")}
    for place, code in enumerate(codes):
        if code in drawn:
            outline = Outline(*drawn[code])
            if place and not outline.note:
                note = f"drawn as it was under its earlier code {code}; its border has changed a little since"
                return Outline(outline.code, where.name, outline.layer, outline.geometry, note, outline.edition)
            return Outline(outline.code, where.name, *drawn[code][2:])
    return None


def schools_on_map(where: Area, *, viewer: Any) -> MapOfSchools:
    """The open schools of an area with longitude and latitude, and apart those of which no edition gives coordinates. One query.

    The same schools as the list gives, sorted by name; fictitious schools are never among them.
    """
    rows = list(
        School.objects.filter(authority_id__in=where.codes, status__in=OPEN, type_group__in=STATE_FUNDED, fictitious=False)
        .order_by("name", "urn")
        .values_list("urn", "name", "phase", "type_group", "town", "easting", "northing", "described_by")
    )
    with_place = [row for row in rows if row[5] and row[6]]
    places = to_longitude_and_latitude([(row[5] or 0, row[6] or 0) for row in with_place])
    keys = {row[7]["place"] for row in with_place if row[7].get("place")}
    return MapOfSchools(
        tuple(PlacedSchool(*row[:5], *place) for row, place in zip(with_place, places, strict=True)),
        tuple(PlacedSchool(*row[:5]) for row in rows if not (row[5] and row[6])),
        tuple(sorted(keys)),
    )
