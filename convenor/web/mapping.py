"""Where an area's outline and its schools stand on a drawn map. PURE: longitudes and latitudes in, coordinates out.

The map is flat: degrees of longitude are shortened by the cosine of the middle latitude, which is right to within a part in
a hundred across an English county. Phases are told apart by shape and then by colour, never by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 720.0
HEIGHT_MAXIMUM: Final = 860.0
MARGIN: Final = 14.0
#: Points of the outline nearer than this (in units of the drawing) are drawn as one.
FINEST: Final = 0.6

Place = tuple[float, float]

#: Shape of each phase; a phase that is not here is drawn as "other".
SHAPES: Final[dict[str, str]] = {
    "Nursery": "diamond",
    "Primary": "circle",
    "Secondary": "square",
    "All-through": "star",
    "Special": "triangle",
    "PRU": "cross",
    "16 plus": "pentagon",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One school on the drawing; `shape` is drawn as an SVG path around the origin."""

    x: float
    y: float
    shape: str
    urn: str
    name: str
    phase: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn map: its size, the outlines as SVG paths, the schools, and what stands where (for a key)."""

    width: float
    height: float
    outlines: tuple[str, ...]
    marks: tuple[Mark, ...]
    shapes: tuple[tuple[str, str], ...]


def shape_of(phase: str) -> str:
    """The shape that stands for a phase."""
    return SHAPES.get(phase, "ring")


def _around(count: int, radius: float, turn: float = -math.pi / 2) -> list[Place]:
    return [(radius * math.cos(turn + math.tau * n / count), radius * math.sin(turn + math.tau * n / count)) for n in range(count)]


def _closed(places: Iterable[Place]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) + "Z"


def _star(outer: float, inner: float) -> str:
    points = [place for pair in zip(_around(5, outer), _around(5, inner, -math.pi / 2 + math.pi / 5), strict=True) for place in pair]
    return _closed(points)


#: Each shape as an SVG path around the origin, about the same ink each.
PATHS: Final[dict[str, str]] = {
    "circle": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
    "ring": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0ZM-2 0a2 2 0 1 1 4 0a2 2 0 1 1 -4 0Z",
    "square": "M-4.4 -4.4H4.4V4.4H-4.4Z",
    "diamond": _closed(_around(4, 5.6)),
    "triangle": _closed(_around(3, 6.2)),
    "pentagon": _closed(_around(5, 5.4)),
    "star": _star(7.4, 3.2),
    "cross": "M-2 -5.4H2V-2H5.4V2H2V5.4H-2V2H-5.4V-2H-2Z",
}


def rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    """Every ring of a GeoJSON polygon or multipolygon, holes among them; nothing for other kinds."""
    if geometry.get("type") == "Polygon":
        yield from geometry["coordinates"]
    elif geometry.get("type") == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield from polygon
    elif geometry.get("type") == "GeometryCollection":
        for part in geometry.get("geometries", ()):
            yield from rings(part)


class _Flat:
    """The projection of one drawing: everything given fits inside."""

    def __init__(self, places: Sequence[Place]) -> None:
        west, east = min(x for x, _ in places), max(x for x, _ in places)
        south, north = min(y for _, y in places), max(y for _, y in places)
        self.squeeze = math.cos(math.radians((south + north) / 2))
        across = max((east - west) * self.squeeze, 1e-6)
        up = max(north - south, 1e-6)
        self.scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT_MAXIMUM - 2 * MARGIN) / up)
        self.west, self.north = west, north
        self.width = round(across * self.scale + 2 * MARGIN, 1)
        self.height = round(up * self.scale + 2 * MARGIN, 1)

    def __call__(self, longitude: float, latitude: float) -> Place:
        x = MARGIN + (longitude - self.west) * self.squeeze * self.scale
        y = MARGIN + (self.north - latitude) * self.scale
        return round(x, 1), round(y, 1)


def _outline(geometry: Mapping[str, Any], flat: _Flat) -> str:
    parts = []
    for ring in rings(geometry):
        kept: list[Place] = []
        for longitude, latitude, *_height in ring:
            place = flat(longitude, latitude)
            if not kept or math.dist(place, kept[-1]) >= FINEST:
                kept.append(place)
        if len(kept) > 2:
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z")
    return "".join(parts)


def draw(geometries: Sequence[Mapping[str, Any]], schools: Iterable[Any]) -> Drawing | None:
    """The map of these outlines and schools (each with longitude, latitude, urn, name, phase); None when there is nothing to draw.

    A school outside the outline (its grid reference lies over the border) is drawn where it stands.
    """
    points = [one for one in schools if one.longitude is not None and one.latitude is not None]
    places = [(x, y) for geometry in geometries for ring in rings(geometry) for x, y, *_ in ring]
    places += [(one.longitude, one.latitude) for one in points]
    if not places:
        return None
    flat = _Flat(places)
    marks = tuple(
        Mark(*flat(one.longitude, one.latitude), shape_of(one.phase), one.urn, one.name, one.phase)
        for one in sorted(points, key=lambda one: (one.phase != "Primary", one.phase, one.name))
    )
    phases = dict.fromkeys(mark.phase for mark in marks)
    return Drawing(
        width=flat.width,
        height=flat.height,
        outlines=tuple(path for path in (_outline(geometry, flat) for geometry in geometries) if path),
        marks=marks,
        shapes=tuple((phase, shape_of(phase)) for phase in phases),
    )
