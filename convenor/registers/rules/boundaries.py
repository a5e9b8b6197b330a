"""Outlines: from TopoJSON to GeoJSON, and authorities drawn from the districts they were made of. Pure.

TopoJSON keeps each shared border once, as an "arc" of whole-number steps; an outline is a list of arcs, a negative number meaning
the arc walked backwards (~n). Source: https://github.com/topojson/topojson-specification, sections 2.1.4 and 2.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convenor.england.authorities import AUTHORITIES, MADE_OF_DISTRICTS

#: Decimals kept of a degree: five are about a metre.
DECIMALS = 5
DISSOLVED = "dissolved"

Point = tuple[float, float]
Geometry = dict[str, Any]


class BrokenTopologyError(ValueError):
    """The file is no TopoJSON that can be drawn."""


@dataclass(frozen=True)
class Outline:
    """One area's outline in longitude and latitude, as GeoJSON."""

    layer: str
    code: str
    name: str
    geometry: Geometry
    note: str = ""


def arcs_of(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Every arc in degrees. Raises BrokenTopologyError when the arcs are not lists of steps."""
    transform = topology.get("transform") or {}
    scale_x, scale_y = transform.get("scale", (1, 1))
    shift_x, shift_y = transform.get("translate", (0, 0))
    arcs = []
    try:
        for steps in topology["arcs"]:
            x = y = 0
            points = []
            for step in steps:
                x, y = (x + step[0], y + step[1]) if transform else (step[0], step[1])
                points.append((round(x * scale_x + shift_x, DECIMALS), round(y * scale_y + shift_y, DECIMALS)))
            arcs.append(points)
    except (KeyError, TypeError, IndexError) as reason:
        raise BrokenTopologyError("the borders of the boundary file cannot be read") from reason
    return arcs


def _ring(numbers: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """One closed line, its arcs put end to end: the first point of each but the first is the last of the one before."""
    points: list[Point] = []
    for number in numbers:
        arc = list(arcs[number]) if number >= 0 else list(reversed(arcs[~number]))
        points.extend(arc[1:] if points else arc)
    return points


def _geometry(shape: Mapping[str, Any], arcs: Sequence[Sequence[Point]]) -> Geometry:
    """The GeoJSON of one TopoJSON shape."""
    try:
        if shape["type"] == "Polygon":
            return {"type": "Polygon", "coordinates": [_ring(ring, arcs) for ring in shape["arcs"]]}
        if shape["type"] == "MultiPolygon":
            return {"type": "MultiPolygon", "coordinates": [[_ring(ring, arcs) for ring in part] for part in shape["arcs"]]}
    except (KeyError, TypeError, IndexError) as reason:
        raise BrokenTopologyError("an outline of the boundary file names borders that it does not hold") from reason
    raise BrokenTopologyError(f"the boundary file holds a shape of the kind '{shape['type']}', which is no area")


def outlines(topology: Mapping[str, Any], layer: str, arcs: Sequence[Sequence[Point]]) -> list[Outline]:
    """The English outlines of a layer, in the file's order. Raises BrokenTopologyError."""
    try:
        shapes = topology["objects"][layer]["geometries"]
        named = [(shape["properties"]["AREACD"], shape["properties"]["AREANM"], shape) for shape in shapes]
    except (KeyError, TypeError) as reason:
        raise BrokenTopologyError(f"the layer {layer} of the boundary file names no areas") from reason
    return [Outline(layer, code, name, _geometry(shape, arcs)) for code, name, shape in named if code.startswith("E")]


def dissolve(geometries: Iterable[Geometry]) -> Geometry:
    """One outline round several that touch: their inner borders fall away."""
    from shapely import make_valid, union_all
    from shapely.geometry import mapping, shape

    joined = union_all([make_valid(shape(geometry)) for geometry in geometries])
    whole: dict[str, Any] = mapping(joined)
    return {"type": whole["type"], "coordinates": _rounded(whole["coordinates"])}


def _rounded(value: Any) -> Any:
    """Nested coordinates as lists, each number rounded."""
    if isinstance(value, (tuple, list)):
        return [_rounded(each) for each in value]
    return round(value, DECIMALS)


def made_since(districts: Mapping[str, Outline], drawn: Iterable[str]) -> list[Outline]:
    """Authorities made since the boundaries were drawn, each dissolved from its districts and marked so.

    `districts` by their ONS code, `drawn` the ONS codes that have an outline of their own already. An authority of which a district
    is missing is left out: half an outline would mislead.
    """
    held = set(drawn)
    found = []
    for code, parts in MADE_OF_DISTRICTS.items():
        authority = AUTHORITIES[code]
        if authority.gss_codes[0] in held or not set(parts) <= set(districts):
            continue
        names = [districts[part].name for part in parts]
        note = f"drawn by us from the districts it was made of: {', '.join(names[:-1])} and {names[-1]}"
        found.append(Outline(DISSOLVED, authority.gss_codes[0], authority.name, dissolve(districts[part].geometry for part in parts), note))
    return found
