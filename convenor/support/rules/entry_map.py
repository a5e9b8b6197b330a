"""The directory on a map: the schools of the area as a quiet ground, and whoever was found as numbered dots. PURE: metres in, drawing out.

The national grid is drawn as it is, one metre east as long as one metre north. What stands at one place shares a dot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 480.0
HEIGHT_AT_MOST: Final = 560.0
MARGIN: Final = 24.0

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Dot:
    """Entries at one place: where it is drawn, their numbers in the list, and the words that name them."""

    x: float
    y: float
    numbers: tuple[int, ...]
    says: str


@dataclass(frozen=True, slots=True)
class EntryMap:
    """A drawn map. `ground` are the area's schools; `own` is the school from which distances are told, if it has a place."""

    width: float
    height: float
    ground: tuple[tuple[float, float], ...]
    dots: tuple[Dot, ...]
    own: tuple[float, float] | None


def draw(ground: Iterable[Place], entries: Iterable[tuple[Place, int, str]], own: Place | None = None) -> EntryMap | None:
    """The map of the schools and of the entries (place, number in the list, name); None when there is nothing to draw."""
    schools, listed = list(dict.fromkeys(ground)), list(entries)
    places = [*schools, *(place for place, _, _ in listed), *([own] if own else [])]
    if not places:
        return None
    flat = _Flat(places)
    together: dict[Place, list[tuple[int, str]]] = {}
    for place, number, name in listed:
        together.setdefault(place, []).append((number, name))
    dots = tuple(
        Dot(*flat.at(place), tuple(number for number, _ in some), "; ".join(f"{number}. {name}" for number, name in some))
        for place, some in together.items()
    )
    return EntryMap(flat.width, flat.height, tuple(flat.at(each) for each in schools), dots, flat.at(own) if own else None)


class _Flat:
    """Metres to the drawing, so that everything fits with a margin."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.west, self.north = min(x for x, _ in places), max(y for _, y in places)
        across = max(max(x for x, _ in places) - self.west, 1)
        up = max(self.north - min(y for _, y in places), 1)
        self.scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT_AT_MOST - 2 * MARGIN) / up)
        self.width, self.height = WIDTH, round(up * self.scale + 2 * MARGIN, 1)
        self.aside = (WIDTH - 2 * MARGIN - across * self.scale) / 2

    def at(self, place: Place) -> tuple[float, float]:
        x, y = MARGIN + self.aside + (place[0] - self.west) * self.scale, MARGIN + (self.north - place[1]) * self.scale
        return round(x, 1), round(y, 1)
