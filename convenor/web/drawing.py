"""The partnership drawn as people draw it on a wall. PURE: bodies in, boxes, lines and dots out.

`structure_drawing` is the wide picture: the board above, what reports to it beneath, schools as dots sized by pupils at
the foot. `structure_column` is the same on a phone, one body beneath another. Both return a `Drawing`, whose `outline` is
the nested list that a screen reader and paper get. Nothing overlaps: every body with all that hangs from it is laid out
as one rectangle, rectangles stand beside each other, and rows that do not fit are wrapped, with the line that joins them
led down a channel kept free at their left. ``components/structure.jinja`` draws it.

Only these attributes (or keys) are read. Tier: key, name, hue, purpose. Body: id, name, tier, reports_to, subtitle,
seats (None: not described), filled, href. School: name, pupils (None: not known).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convenor.web.drawing_layout import (
    BOLD,
    CHIP_PAD,
    CHIP_SEAT,
    CHIP_SEATS_DRAWN,
    CHIP_SUBTITLE,
    NAME,
    SEAT_CELL,
    SUBTITLE,
    Block,
    Node,
    Plan,
    SchoolDot,
    best,
    bodies_in,
    box_height,
    chip_height,
    chip_lines,
    chip_seats_said,
    dots_of,
    folded,
    largest_school,
    read,
    roll_height,
    seat_rows,
    seats_in_words,
    tree,
    wrap,
)

FOLD_ABOVE = 36  # bodies: with more, those that report to one and have none beneath them are listed in a roll
FOLD_TALLER = 1200.0  # and so they are in a picture that would be taller than this
FOLD_ABOVE_ON_PHONE = 24
TIER_NAME = 14.0
GUTTER = 132.0  # left of the wide picture, for the tiers' names and what they are for


@dataclass(frozen=True)
class Line:
    """A line of text; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Seat:
    """A seat's circle: filled when held, open when empty."""

    x: float
    y: float
    empty: bool


@dataclass(frozen=True)
class Chip:
    """A body as a line of a roll: its place, words and seats."""

    id: str
    x: float
    y: float
    width: float
    height: float
    href: str
    name: tuple[Line, ...]
    subtitle: tuple[Line, ...]
    seats: tuple[Seat, ...]
    seats_said: Line | None
    says: str


@dataclass(frozen=True)
class Box:
    """A body: its frame, words and seats. `says` is all of it in one sentence. A roll has no words of its own but `chips`."""

    id: str
    x: float
    y: float
    width: float
    height: float
    hue: str
    href: str
    small: bool
    name: tuple[Line, ...]
    subtitle: tuple[Line, ...]
    seats: tuple[Seat, ...]
    seats_said: Line | None
    says: str
    chips: tuple[Chip, ...] = ()


@dataclass(frozen=True)
class TierLabel:
    """A tier's name beside its first row, with what the tier is for."""

    name: tuple[Line, ...]
    purpose: tuple[Line, ...]
    hue: str


@dataclass(frozen=True)
class OutlineItem:
    """A body in the nested list."""

    name: str
    href: str
    tier: str
    hue: str
    says: str
    schools: int
    children: tuple[OutlineItem, ...]


@dataclass(frozen=True)
class Drawing:
    """All that is drawn, inside a view box of `width` by `height`. `joins` are SVG paths."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    joins: tuple[str, ...]
    dots: tuple[SchoolDot, ...]
    tiers: tuple[TierLabel, ...]
    outline: tuple[OutlineItem, ...]
    schools: int


def structure_drawing(
    tiers: Iterable[Any], bodies: Iterable[Any], schools: Mapping[str, Sequence[Any]] | None = None, *, width: float = 1056
) -> Drawing:
    """The wide picture, `width` units across. Bodies keep the order given among those that report to the same body."""
    roots, ranked = tree(tiers, bodies, schools or {})
    outline, different = _outline(roots), _different(schools or {})
    region = width - GUTTER
    plan, packed = _best_of(roots, region)
    whole = packed.flat()
    shift = GUTTER + max(0.0, (region - whole.width) / 2)
    placed = [(node, x + shift, y + 2.0) for node, x, y in whole.boxes]
    dots = [SchoolDot(round(d.x + shift, 1), round(d.y + 2.0, 1), d.r, d.name) for d in whole.dots]
    boxes = tuple(_box(node, x, y, node.width, plan.height(node)) for node, x, y in placed)
    labels, foot = _tier_labels(ranked, placed, dots, different)
    joins = tuple(_path([(x + shift, y + 2.0) for x, y in join]) for join in whole.joins)
    height = math.ceil(max(whole.height + 6, foot))
    return Drawing(max(width, math.ceil(whole.width + GUTTER + 2)), height, boxes, joins, tuple(dots), labels, outline, different)


def _best_of(roots: list[Node], region: float) -> tuple[Plan, Block]:
    """With a box for each body, or with rolls: where there are very many, and where that makes a tall picture lower."""
    if bodies_in(roots) <= FOLD_ABOVE:
        boxed = best(roots, region)
        if boxed[1].height <= FOLD_TALLER:
            return boxed
        rolled = best(folded(roots), region)
        return rolled if rolled[1].height < boxed[1].height else boxed
    return best(folded(roots), region)


def _different(schools: Mapping[str, Sequence[Any]]) -> int:
    """How many schools there are: one that sits in two bodies is drawn twice and counted once."""
    return len({str(read(school, "urn", "") or (key, n)) for key, many in schools.items() for n, school in enumerate(many)})


def structure_column(
    tiers: Iterable[Any], bodies: Iterable[Any], schools: Mapping[str, Sequence[Any]] | None = None, *, width: float = 320
) -> Drawing:
    """The picture for a phone: one body beneath another, each indented under the body it reports to."""
    roots, _ = tree(tiers, bodies, schools or {})
    outline, different = _outline(roots), _different(schools or {})
    if bodies_in(roots) > FOLD_ABOVE_ON_PHONE:
        roots = folded(roots, at_most=1000)
    largest = largest_school(roots)
    boxes: list[Box] = []
    joins: list[str] = []
    dots: list[SchoolDot] = []

    def put(node: Node, depth: int, y: float) -> float:
        x = 1.0 + 16.0 * min(depth, 5)
        node.width, node.size = width - x - 1.0, NAME
        height = roll_height(node, node.width) if node.chips else box_height(node, node.width)
        boxes.append(_box(node, x, y, node.width, height, centred=False))
        foot = y + height
        if node.schools:
            block = dots_of(node.schools, node.width - 24.0, largest, centred=False)
            dots.extend(SchoolDot(round(d.x + x + 24.0, 1), round(d.y + foot + 8.0, 1), d.r, d.name) for d in block.dots)
            foot += block.height + 8.0
        after = foot + 12.0
        for child in node.children:
            child_x = 1.0 + 16.0 * min(depth + 1, 5)
            if child_x > x:
                joins.append(_path([(x + 8.0, y + height), (x + 8.0, after + 20.0), (child_x, after + 20.0)]))
            after = put(child, depth + 1, after)
        return after

    foot = 1.0
    for root in roots:
        foot = put(root, 0, foot) + 8.0
    return Drawing(width, math.ceil(foot), tuple(boxes), tuple(joins), tuple(dots), (), outline, different)


def _box(node: Node, x: float, y: float, width: float, height: float, *, centred: bool = True) -> Box:
    if node.chips:
        hue, chips = node.hue, _chips(node, x, y, width)
        return Box(node.id, round(x, 1), round(y, 1), width, height, hue, "", True, (), (), (), None, "", chips)
    at, anchor = (x + width / 2, "middle") if centred else (x + 12.0, "start")
    line = y + 25.0
    names = []
    for text in node.name_lines:
        names.append(Line(round(at, 1), round(line, 1), text, anchor))
        line += 19.0
    subtitles = []
    for text in wrap(node.subtitle, width - 18, SUBTITLE):
        subtitles.append(Line(round(at, 1), round(line, 1), text, anchor))
        line += 17.0
    words = seats_in_words(node)
    said = (
        Line(round(at, 1), round(y + height - 14, 1), f"{min(node.filled, node.seats or 0)} of {node.seats} seats held", anchor)
        if words
        else None
    )
    seats = () if words else _seats(node, x, y, width, height, centred)
    return Box(
        node.id,
        round(x, 1),
        round(y, 1),
        width,
        height,
        node.hue,
        node.href,
        node.size < NAME,
        tuple(names),
        tuple(subtitles),
        seats,
        said,
        f"{node.name}: {node.says}",
    )


def _chips(roll: Node, x: float, y: float, width: float) -> tuple[Chip, ...]:
    """The lines of a roll, one beneath another: name and seats, and beneath it who leads."""
    found = []
    top = y + 4.0
    left, right = round(x + CHIP_PAD, 1), x + width - CHIP_PAD
    for chip in roll.chips:
        line, count = top + 17.0, chip.seats or 0
        names = tuple(Line(left, round(line + 16.0 * n, 1), text, "start") for n, text in enumerate(chip_lines(chip, width)))
        under = line + 16.0 * len(names) - 1.0
        told = wrap(chip.subtitle, width - 2 * CHIP_PAD, CHIP_SUBTITLE)
        subtitles = tuple(Line(left, round(under + 15.0 * n, 1), text, "start") for n, text in enumerate(told))
        circles = range(count if count <= CHIP_SEATS_DRAWN else 0)
        seats = tuple(Seat(round(right - CHIP_SEAT * (count - n - 0.5), 1), round(line - 4.5, 1), n >= chip.filled) for n in circles)
        said = Line(round(right, 1), round(line, 1), chip_seats_said(chip), "end") if count > CHIP_SEATS_DRAWN else None
        height = chip_height(chip, width)
        says = f"{chip.name}: {chip.says}"
        found.append(Chip(chip.id, round(x, 1), round(top, 1), width, round(height, 1), chip.href, names, subtitles, seats, said, says))
        top += height
    return tuple(found)


def _seats(node: Node, x: float, y: float, width: float, height: float, centred: bool) -> tuple[Seat, ...]:
    """Circles along the foot of the box, the held ones first."""
    total = node.seats or 0
    rows = seat_rows(node, width)
    per_row = math.ceil(total / rows) if rows else 0
    seats = []
    for n in range(total):
        row, place = divmod(n, per_row)
        in_row = min(per_row, total - row * per_row)
        left = x + (width - in_row * SEAT_CELL) / 2 if centred else x + 11.0
        top = y + height - 16.0 - SEAT_CELL * (rows - 1 - row)
        seats.append(Seat(round(left + (place + 0.5) * SEAT_CELL, 1), round(top, 1), n >= node.filled))
    return tuple(seats)


def _tier_labels(
    ranked: Sequence[Any], placed: Sequence[tuple[Node, float, float]], dots: Sequence[SchoolDot], schools: int
) -> tuple[tuple[TierLabel, ...], float]:
    """The tiers' names at the left, each at its first row and none on another; and where the last one ends."""
    wanted = []
    for rank, tier in enumerate(ranked):
        tops = [y for node, _, y in placed if node.tier_rank == rank]
        if tops:
            wanted.append((min(tops) + 16.0, str(read(tier, "name", "")), str(read(tier, "purpose", "")), str(read(tier, "hue", ""))))
    if dots:
        noun = "school" if schools == 1 else "schools"
        wanted.append((min(dot.y for dot in dots) + 5.0, "Schools", f"{schools} {noun}, sized by pupils", "cluster"))
    labels, foot = [], 0.0
    for top, name, purpose, hue in sorted(wanted):
        line = max(top, foot + 14.0)
        names, lines = wrap(name, GUTTER - 16, TIER_NAME * BOLD), wrap(purpose, GUTTER - 16, SUBTITLE)
        names_said = tuple(Line(0.0, round(line + 18.0 * n, 1), text, "start") for n, text in enumerate(names))
        line += 18.0 * max(0, len(names) - 1)
        said = tuple(Line(0.0, round(line + 18.0 * (n + 1), 1), text, "start") for n, text in enumerate(lines))
        labels.append(TierLabel(names_said, said, hue))
        foot = line + 18.0 * len(lines) + 8.0
    return tuple(labels), foot


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in places)


def _outline(nodes: Sequence[Node]) -> tuple[OutlineItem, ...]:
    return tuple(OutlineItem(n.name, n.href, n.tier, n.hue, n.says, len(n.schools), _outline(n.children)) for n in nodes)
