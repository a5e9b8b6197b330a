"""Who reviews whom, drawn: lines between schools on a map, and a grid for each circle. PURE: places and teams in, coordinates out.

Places are metres of the national grid, so the map needs no projection; an outline may be given in the same metres. A line bends to its
left from the sending school to the host, so that two lines between the same schools never lie on one another. The lead's lines are in
ink, the others' grey; the templates set both.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720.0
HEIGHT_MOST: Final = 640.0
HEIGHT_LEAST: Final = 120.0
MARGIN: Final = 18.0
#: Places nearer to each other than this are not drawn larger than life.
LEAST_ACROSS_M: Final = 2_000.0
#: How far a line bends, as a share of its length.
BEND: Final = 0.14
#: Lines end so far from the middle of the host's dot.
SHORT_OF: Final = 8.0
#: A grid of single schools has at most so many; larger circles are drawn as a grid of their clusters.
GRID_MOST: Final = 16
#: With more lines than this arrow heads would hide the schools.
HEADS_MOST: Final = 90

CELL: Final = 22.0
NUMBER_ROW: Final = 22.0
#: Room for a school's name beside its row, units of the drawing; names are cut to fit.
NAMES: Final = 230.0
LETTERS: Final = 32
LABEL_LETTERS: Final = 24

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's way: from which place (a URN, or a key of their own) to which host, and whether they lead."""

    from_key: str
    host: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map; `kind` is host, sender (sends people, does not host) or person (an independent reviewer).

    `label` is what stands beside it, "" where there are too many to read; it stands to the left where `left`.
    """

    x: float
    y: float
    name: str
    kind: str
    label: str
    left: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One way on the map, as an SVG path, with what it says."""

    path: str
    leads: bool
    says: str


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The map: its size, lines (the leads' last, so that they lie above), dots, a bar of so many kilometres, and a summary."""

    width: float
    height: float
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    bar_km: float
    bar: float
    heads: bool
    says: str


def map_of(visits: Sequence[Visit], places: Mapping[str, Place], names: Mapping[str, str]) -> MapPicture | None:
    """The map of these ways; None where fewer than two places are known. A way from or to nowhere known is left out and counted."""
    drawn = [each for each in visits if each.from_key in places and each.host in places]
    keys = list(dict.fromkeys(key for each in drawn for key in (each.host, each.from_key)))
    if len(keys) < 2:
        return None
    flat, height, scale = _flat([places[key] for key in keys])
    at = {key: flat(places[key]) for key in keys}
    hosts = {each.host for each in drawn}
    lines = [
        Line(_bent(at[each.from_key], at[each.host]), each.leads, f"{names.get(each.from_key, '')} to {names.get(each.host, '')}")
        for each in sorted(drawn, key=lambda each: each.leads)
    ]
    dots = [
        Dot(
            *at[key], names.get(key, key), "host" if key in hosts else "person" if key.startswith("r") else "sender",
            _cut(names.get(key, key), LABEL_LETTERS) if len(keys) <= GRID_MOST else "", at[key][0] > WIDTH / 2,
        )
        for key in keys
    ]  # fmt: skip
    bar_km = _round_km(WIDTH / 5 / scale / 1000)
    return MapPicture(
        WIDTH, height, tuple(lines), tuple(sorted(dots, key=lambda dot: dot.kind == "host")), bar_km, bar_km * 1000 * scale,
        len(lines) <= HEADS_MOST, _map_says(drawn, places, len(visits) - len(drawn)),
    )  # fmt: skip


def _flat(points: Sequence[Place]) -> tuple[_Flat, float, float]:
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across, up = max(east - west, LEAST_ACROSS_M), max(north - south, 1.0)
    scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT_MOST - 2 * MARGIN) / up)
    height = max(HEIGHT_LEAST, round(up * scale + 2 * MARGIN, 1))
    left, top = (WIDTH - across * scale) / 2, (height - up * scale) / 2
    return _Flat(west, north, scale, left, top), height, scale


@dataclass(frozen=True, slots=True)
class _Flat:
    """Metres to places of the drawing; north is up."""

    west: float
    north: float
    scale: float
    left: float
    top: float

    def __call__(self, place: Place) -> Place:
        return round(self.left + (place[0] - self.west) * self.scale, 1), round(self.top + (self.north - place[1]) * self.scale, 1)


def _bent(start: Place, end: Place) -> str:
    """A line bent to its left, ending just before the host's dot."""
    (x0, y0), (x1, y1) = start, end
    long = math.hypot(x1 - x0, y1 - y0)
    if long < 1.0:
        return f"M{x0:g} {y0:g}L{x1:g} {y1:g}"
    bend_x, bend_y = (x0 + x1) / 2 + (y1 - y0) * BEND, (y0 + y1) / 2 - (x1 - x0) * BEND
    near = math.hypot(x1 - bend_x, y1 - bend_y)
    cut = min(SHORT_OF, near / 2) / near
    end_x, end_y = x1 - (x1 - bend_x) * cut, y1 - (y1 - bend_y) * cut
    return f"M{x0:g} {y0:g}Q{bend_x:.1f} {bend_y:.1f} {end_x:.1f} {end_y:.1f}"


def _round_km(km: float) -> float:
    """The largest of 1, 2, 5, 10, 20 ... that is no more; a half below one."""
    if km < 1:
        return 0.5
    power = 10 ** math.floor(math.log10(km))
    return float(max(step * power for step in (1, 2, 5) if step * power <= km))


def _map_says(visits: Sequence[Visit], places: Mapping[str, Place], left_out: int) -> str:
    """The map in sentences."""
    km = sorted(math.dist(places[each.from_key], places[each.host]) / 1000 for each in visits)
    hosts = len({each.host for each in visits})
    people = f"{len(visits)} person goes" if len(visits) == 1 else f"{len(visits)} people go"
    to = "1 host" if hosts == 1 else f"{hosts} hosts"
    said = f"{people} to {to}: half of them {km[len(km) // 2]:.0f} km or less in a straight line, the farthest {km[-1]:.0f} km."
    return f"{said} {left_out} more could not be drawn: no place is known." if left_out else said


@dataclass(frozen=True, slots=True)
class Cell:
    """One person (or several) from the column's school in the row's team; `says` it in words."""

    x: float
    y: float
    leads: bool
    count: int
    says: str


@dataclass(frozen=True, slots=True)
class Head:
    """A name beside a row, or a number above a column."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Hosts down, sending schools across, one mark for each person. `own` are the squares where a school would meet itself."""

    title: str
    width: float
    height: float
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: tuple[Cell, ...]
    own: tuple[Place, ...]
    counts: bool
    says: str


def grids(groups: Mapping[str, Sequence[Visit]], names: Mapping[str, str], cluster_of: Mapping[str, str]) -> tuple[Grid, ...]:
    """A grid for each group of hosts, by title; a group of more schools than fit is drawn as one grid of clusters with counts.

    A sending place of no cluster (an independent reviewer) stands under "independent".
    """
    return tuple(
        each
        for title, visits in groups.items()
        if visits
        for each in [_schools(title, visits, names) if len(_ends(visits, names)) <= GRID_MOST else _clusters(title, visits, cluster_of)]
    )


def _ends(visits: Iterable[Visit], names: Mapping[str, str]) -> list[str]:
    listed = list(visits)
    ends = {key for each in listed for key in (each.host, each.from_key)}
    return sorted(ends, key=lambda key: (key.startswith("r"), names.get(key, key), key))


def _schools(title: str, visits: Sequence[Visit], names: Mapping[str, str]) -> Grid:
    """Single schools: each has the number of its row, and the same number above its column."""
    ends = _ends(visits, names)
    number = {key: n for n, key in enumerate(ends)}
    labels = [f"{n + 1}  {_cut(names.get(key, key))}" for n, key in enumerate(ends)]
    cells = [
        Cell(
            *_middle(number[each.from_key], number[each.host]), each.leads, 1,
            f"{names.get(each.from_key, each.from_key)} {'leads at' if each.leads else 'goes to'} {names.get(each.host, each.host)}",
        )
        for each in visits
    ]  # fmt: skip
    hosts = {each.host for each in visits}
    from_schools = len({each.from_key for each in visits})
    says = f"{title}: {len(hosts)} hosts, {len(visits)} places on teams, filled from {from_schools} schools."
    return _grid(title, labels, [str(n + 1) for n in range(len(ends))], cells, says, counts=False)


def _clusters(title: str, visits: Sequence[Visit], cluster_of: Mapping[str, str]) -> Grid:
    """Whole clusters: how many people each sends to the hosts of each."""
    counted = Counter((cluster_of.get(each.from_key) or "independent", cluster_of.get(each.host) or "no cluster") for each in visits)
    ends = sorted({end for pair in counted for end in pair}, key=lambda end: (end == "independent", end))
    number = {key: n for n, key in enumerate(ends)}
    cells = [
        Cell(*_middle(number[sends], number[host]), False, count, f"{count} from {sends} to {host}")
        for (sends, host), count in sorted(counted.items())
    ]
    inside = sum(count for (sends, host), count in counted.items() if sends == host)
    says = f"{title}: of {len(visits)} places on teams {inside} are filled from the host's own cluster."
    return _grid(
        title, [f"{n + 1}  {_cut(end)}" for n, end in enumerate(ends)], [str(n + 1) for n in range(len(ends))], cells, says, counts=True
    )


def _grid(title: str, labels: Sequence[str], numbers: Sequence[str], cells: Iterable[Cell], says: str, *, counts: bool) -> Grid:
    size = len(labels)
    return Grid(
        title, NAMES + size * CELL + 2, NUMBER_ROW + size * CELL + 2,
        tuple(Head(0.0, NUMBER_ROW + (n + 0.5) * CELL + 4, text) for n, text in enumerate(labels)),
        tuple(Head(NAMES + (n + 0.5) * CELL, NUMBER_ROW - 6, text) for n, text in enumerate(numbers)),
        tuple(cells), () if counts else tuple((NAMES + n * CELL, NUMBER_ROW + n * CELL) for n in range(size)), counts, says,
    )  # fmt: skip


def _middle(column: int, row: int) -> Place:
    return NAMES + (column + 0.5) * CELL, NUMBER_ROW + (row + 0.5) * CELL


def _cut(text: str, letters: int = LETTERS) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
