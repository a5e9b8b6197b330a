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
from dataclasses import dataclass, field
from typing import Any

from convenor.web.charts import text_width

GUTTER = 132.0  # left of the wide picture, for the tiers' names and what they are for
ROW_GAP = 52.0  # between a body and those that report to it
LINE_GAP = 34.0  # between the lines of a wrapped row
SIBLING_GAP = 12.0
CHANNEL = 18.0  # kept free at the left of wrapped rows
DOT_CELL = 19.0
DOT_LARGEST = 8.6
DOT_SMALLEST = 2.8
DOT_UNKNOWN = 3.6
SEAT_CELL = 13.0
SEATS_DRAWN_AT_MOST = 48
NAME, SUBTITLE = 15.0, 13.0
#: Widths tried for (a root, a body with others beneath it, the least of a leaf, the most of a leaf), widest first.
WIDTHS = ((290, 250, 150, 220), (290, 240, 128, 200), (290, 230, 112, 180), (290, 230, 104, 170), (270, 190, 104, 150))
ENDLESS = 1e9


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
class Box:
    """A body: its frame, words and seats. `says` is all of it in one sentence."""

    id: str
    x: float
    y: float
    width: float
    height: float
    hue: str
    href: str
    name: tuple[Line, ...]
    subtitle: tuple[Line, ...]
    seats: tuple[Seat, ...]
    seats_said: Line | None
    says: str


@dataclass(frozen=True)
class SchoolDot:
    """A school; its area follows its pupils."""

    x: float
    y: float
    r: float
    name: str


@dataclass(frozen=True)
class TierLabel:
    """A tier's name beside its first row, with what the tier is for."""

    name: Line
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


@dataclass
class _Node:
    """A body and those that report to it."""

    id: str
    name: str
    hue: str
    tier: str
    tier_rank: int
    subtitle: str
    seats: int | None
    filled: int
    href: str
    schools: list[tuple[str, float | None]]
    children: list[_Node] = field(default_factory=list)
    level: int = 0
    width: float = 0.0

    @property
    def says(self) -> str:
        held = "seats not described" if self.seats is None else f"{min(self.filled, self.seats)} of {self.seats} seats held"
        return "; ".join(part for part in (self.subtitle, held) if part)


@dataclass
class _Block:
    """A laid-out rectangle, its own corner at nought; `anchor` is where a line from above meets it."""

    width: float
    height: float
    anchor: float
    level: int
    boxes: list[tuple[_Node, float, float]] = field(default_factory=list)
    joins: list[list[tuple[float, float]]] = field(default_factory=list)
    dots: list[SchoolDot] = field(default_factory=list)

    def take(self, other: _Block, x: float, y: float) -> None:
        """Put another rectangle's content into this one at (x, y)."""
        self.boxes += [(node, bx + x, by + y) for node, bx, by in other.boxes]
        self.joins += [[(px + x, py + y) for px, py in join] for join in other.joins]
        self.dots += [SchoolDot(dot.x + x, dot.y + y, dot.r, dot.name) for dot in other.dots]


def structure_drawing(tiers: Iterable[Any], bodies: Iterable[Any], schools: Mapping[str, Sequence[Any]] | None = None, *, width: float = 1056) -> Drawing:
    """The wide picture, `width` units across. Bodies keep the order given among those that report to the same body."""
    roots, ranked = _tree(tiers, bodies, schools or {})
    region = width - GUTTER
    plans = [_Plan(roots, widths) for widths in WIDTHS]
    fitting = next((one for one in plans if one.forest(ENDLESS).width <= region), None)
    plan, whole = (fitting, fitting.forest(region)) if fitting else min(((one, one.forest(region)) for one in plans), key=lambda pair: pair[1].height)
    plan.measure()
    shift = GUTTER + max(0.0, (region - whole.width) / 2)
    placed = [(node, x + shift, y + 2.0) for node, x, y in whole.boxes]
    dots = [SchoolDot(round(d.x + shift, 1), round(d.y + 2.0, 1), d.r, d.name) for d in whole.dots]
    boxes = tuple(_box(node, x, y, node.width, plan.heights[node.level]) for node, x, y in placed)
    labels, foot = _tier_labels(ranked, placed, dots)
    joins = tuple(_path([(x + shift, y + 2.0) for x, y in join]) for join in whole.joins)
    height = math.ceil(max(whole.height + 6, foot))
    return Drawing(max(width, math.ceil(whole.width + GUTTER + 2)), height, boxes, joins, tuple(dots), labels, _outline(roots), len(dots))


def structure_column(tiers: Iterable[Any], bodies: Iterable[Any], schools: Mapping[str, Sequence[Any]] | None = None, *, width: float = 320) -> Drawing:
    """The picture for a phone: one body beneath another, each indented under the body it reports to."""
    roots, _ = _tree(tiers, bodies, schools or {})
    largest = _largest(roots)
    boxes: list[Box] = []
    joins: list[str] = []
    dots: list[SchoolDot] = []

    def put(node: _Node, depth: int, y: float) -> float:
        x = 1.0 + 16.0 * min(depth, 5)
        node.width = width - x - 1.0
        height = _box_height(node, node.width)
        boxes.append(_box(node, x, y, node.width, height, centred=False))
        foot = y + height
        if node.schools:
            block = _dots(node.schools, node.width - 24.0, largest, centred=False)
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
    return Drawing(width, math.ceil(foot), tuple(boxes), tuple(joins), tuple(dots), (), _outline(roots), len(dots))


def _read(source: Any, name: str, otherwise: Any = None) -> Any:
    found = source.get(name, otherwise) if isinstance(source, Mapping) else getattr(source, name, otherwise)
    return otherwise if found is None else found


def _tree(tiers: Iterable[Any], bodies: Iterable[Any], schools: Mapping[str, Sequence[Any]]) -> tuple[list[_Node], list[Any]]:
    """The bodies as trees. A body that reports to nobody known, or in a circle, stands by itself: the drawing never fails."""
    ranked = list(tiers)
    rank = {_read(tier, "key"): n for n, tier in enumerate(ranked)}
    nodes: dict[str, _Node] = {}
    above: dict[str, str] = {}
    for body in bodies:
        n = rank.get(_read(body, "tier"), len(ranked))
        tier = ranked[n] if n < len(ranked) else {}
        seats = _read(body, "seats")
        key = str(_read(body, "id"))
        nodes[key] = _Node(
            id=key,
            name=str(_read(body, "name", "")),
            hue=str(_read(tier, "hue", "")),
            tier=str(_read(tier, "name", "")),
            tier_rank=n,
            subtitle=str(_read(body, "subtitle", "")),
            seats=None if seats is None else int(seats),
            filled=int(_read(body, "filled", 0)),
            href=str(_read(body, "href", "")),
            schools=[(str(_read(s, "name", "")), _read(s, "pupils")) for s in schools.get(key, ())],
        )
        above[key] = str(_read(body, "reports_to", ""))
    roots = []
    for key, node in nodes.items():
        seen, up = {key}, above[key]
        while up in nodes and up not in seen:
            seen.add(up)
            up = above[up]
        if above[key] not in nodes or up == key:
            roots.append(node)
        else:
            nodes[above[key]].children.append(node)
    _set_levels(roots)
    for node in nodes.values():
        node.children.sort(key=lambda child: child.level)
    return sorted(roots, key=lambda node: node.tier_rank), ranked


def _set_levels(roots: Sequence[_Node]) -> None:
    """A level is a row of the picture: the tier, then how deep within the tier."""
    depth: dict[str, tuple[int, int]] = {}

    def visit(node: _Node, above: tuple[int, int]) -> None:
        depth[node.id] = (node.tier_rank, above[1] + 1 if above[0] == node.tier_rank else 0)
        for child in node.children:
            visit(child, depth[node.id])

    for root in roots:
        visit(root, (-1, 0))
    order = {place: n for n, place in enumerate(sorted(set(depth.values())))}

    def name(node: _Node) -> None:
        node.level = order[depth[node.id]]
        for child in node.children:
            name(child)

    for root in roots:
        name(root)


def _walk(nodes: Iterable[_Node]) -> Iterable[_Node]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def _largest(roots: Iterable[_Node]) -> float:
    return max((pupils or 0 for node in _walk(roots) for _, pupils in node.schools), default=0) or 1.0


class _Plan:
    """One try at the wide picture, with one set of box widths."""

    def __init__(self, roots: list[_Node], widths: tuple[int, int, int, int]) -> None:
        self.roots = roots
        self.widths = widths
        self.largest = _largest(roots)
        self.heights: dict[int, float] = {}
        self.least: dict[str, float] = {}
        self.natural: dict[str, float] = {}
        self.measure()

    def measure(self) -> None:
        """Set each box's width (alike among leaves that report to one body) and each row's height."""
        root_width, inner, leaf_least, leaf_most = self.widths
        for family in [self.roots, *(node.children for node in _walk(self.roots))]:
            leaves = [node for node in family if not node.children]
            wanted = max((text_width(node.name, NAME) * 1.04 + 26 for node in leaves), default=0.0)
            for node in family:
                wide = root_width if node in self.roots and node.children else inner if node.children else min(max(wanted, leaf_least), leaf_most)
                longest = max((text_width(word, NAME) * 1.04 for word in node.name.split()), default=0.0)
                node.width = round(max(wide, longest + 20), 1)
            common = max((node.width for node in leaves), default=0.0)
            for node in leaves:
                node.width = common
        self.heights = {}
        for node in _walk(self.roots):
            self.heights[node.level] = max(self.heights.get(node.level, 0.0), _box_height(node, node.width))

    def forest(self, room: float) -> _Block:
        """All roots: those of one row beside each other, rows beneath rows."""
        whole = _Block(0.0, 0.0, 0.0, 0)
        rows = sorted({node.level for node in self.roots})
        placed: list[tuple[_Block, float]] = []
        y = 0.0
        for level in rows:
            row = _Block(0.0, 0.0, 0.0, level)
            self._shelves(row, [node for node in self.roots if node.level == level], room, y=0.0, join_from=None)
            placed.append((row, y))
            y += row.height + ROW_GAP
        whole.width = max((row.width for row, _ in placed), default=0.0)
        whole.height = max(0.0, y - ROW_GAP)
        for row, top in placed:
            whole.take(row, (whole.width - row.width) / 2, top)
        return whole

    def lay(self, node: _Node, room: float) -> _Block:
        """A body with all beneath it, at most `room` wide if that can be."""
        height = self.heights[node.level]
        if not node.children:
            return self._leaf(node, height, room)
        under = _Block(0.0, 0.0, 0.0, node.level)
        anchors = self._shelves(under, node.children, room, y=0.0, join_from=node)
        own = _dots(node.schools, max(node.width, 8 * DOT_CELL), self.largest) if node.schools else None
        beside = max(0.0, (node.width - under.width) / 2)
        width = max(under.width, node.width)
        centre = min(max((anchors[0] + anchors[-1]) / 2 + beside, node.width / 2), width - node.width / 2)
        block = _Block(width, height + ROW_GAP + under.height, centre, node.level)
        block.boxes.append((node, centre - node.width / 2, 0.0))
        block.take(under, beside, height + ROW_GAP)
        bar = height + ROW_GAP / 2
        block.joins.append([(centre, height), (centre, bar)])
        block.joins.append([(min(anchors[0] + beside, centre), bar), (max(anchors[-1] + beside, centre), bar)])
        if own:  # schools that belong to this body itself stand at the foot of its rectangle
            block.take(own, 0.0, block.height + 16)
            block.height += own.height + 16
            block.width = max(block.width, own.width)
        return block

    def _leaf(self, node: _Node, height: float, room: float) -> _Block:
        widest = max(node.width, min(room, math.sqrt(len(node.schools) * 2.5) * DOT_CELL))
        dots = _dots(node.schools, widest, self.largest)
        width = max(node.width, dots.width)
        block = _Block(width, height, width / 2, node.level, boxes=[(node, (width - node.width) / 2, 0.0)])
        if node.schools:
            block.take(dots, (width - dots.width) / 2, height + 14)
            block.height += 14 + dots.height
        return block

    def _shelves(self, row: _Block, nodes: Sequence[_Node], room: float, *, y: float, join_from: _Node | None) -> list[float]:
        """Lay `nodes` out in lines of at most `room` and return where the lines from above come down to the first line."""
        least = [self._least(node) for node in nodes]
        gap = SIBLING_GAP if all(not node.children for node in nodes) else 2 * SIBLING_GAP
        one_line = sum(least) + gap * (len(nodes) - 1) <= room
        channel = 0.0 if one_line or join_from is None else CHANNEL
        lines = [list(nodes)] if one_line else _lines(nodes, least, room - channel, gap)
        first: list[float] = []
        trunk = -ROW_GAP / 2
        for number, line in enumerate(lines):
            blocks = self._fit(line, room - channel, gap)
            highest = min(block.level for block in blocks)
            x, tall, anchors = channel, 0.0, []
            for block in blocks:
                down = sum(self.heights.get(level, 0.0) + ROW_GAP for level in range(highest, block.level))
                row.take(block, x, y + down)
                anchors.append(x + block.anchor)
                bar = y - (ROW_GAP if number == 0 else LINE_GAP) / 2
                if join_from is not None:
                    row.joins.append([(x + block.anchor, bar), (x + block.anchor, y + down)])
                tall = max(tall, down + block.height)
                x += block.width + gap
            if number and join_from is not None:
                start = y - LINE_GAP / 2
                row.joins.append([(CHANNEL / 2, trunk), (CHANNEL / 2, start), (anchors[-1], start)])
                trunk = start
            first = first or ([CHANNEL / 2, *anchors] if channel else anchors)
            row.width = max(row.width, x - gap)
            row.height = y + tall
            y += tall + LINE_GAP
        return first

    def _fit(self, line: Sequence[_Node], room: float, gap: float) -> list[_Block]:
        """Lay out one line: as wide as each would like when there is room, otherwise what is left shared by their wishes."""
        natural = [self._natural(node) for node in line]
        spare = room - gap * (len(line) - 1)
        if sum(natural) <= spare:
            return [self.lay(node, ENDLESS) for node in line]
        least = [self._least(node) for node in line]
        wish = [max(0.0, n - m) for n, m in zip(natural, least, strict=True)]
        extra = max(0.0, spare - sum(least))
        total = sum(wish) or 1.0
        return [self.lay(node, m + extra * w / total) for node, m, w in zip(line, least, wish, strict=True)]

    def _natural(self, node: _Node) -> float:
        if node.id not in self.natural:
            self.natural[node.id] = self.lay(node, ENDLESS).width
        return self.natural[node.id]

    def _least(self, node: _Node) -> float:
        if node.id not in self.least:
            self.least[node.id] = self.lay(node, 0.0).width
        return self.least[node.id]


def _lines(nodes: Sequence[_Node], least: Sequence[float], room: float, gap: float) -> list[list[_Node]]:
    """Break a row into lines of about the same number that each fit into `room`: a line holds one tier, and at least one body."""
    levels = sorted({node.level for node in nodes})
    if len(levels) > 1:
        kept = [[(node, width) for node, width in zip(nodes, least, strict=True) if node.level == level] for level in levels]
        return [line for pairs in kept for line in _lines([node for node, _ in pairs], [width for _, width in pairs], room, gap)]
    many = max(1, math.ceil((sum(least) + gap * len(nodes)) / max(room + gap, 1.0)))
    per_line = max(1, math.ceil(len(nodes) / many))
    lines: list[list[_Node]] = []
    used = ENDLESS
    for node, width in zip(nodes, least, strict=True):
        if used + gap + width > room or len(lines[-1]) >= per_line:
            lines.append([node])
            used = width
        else:
            lines[-1].append(node)
            used += gap + width
    return lines


def _dots(schools: Sequence[tuple[str, float | None]], width: float, largest: float, *, centred: bool = True) -> _Block:
    """Schools as dots in rows within `width`, each area in proportion to its pupils."""
    across = max(1, min(len(schools), int(width // DOT_CELL)))
    rows = math.ceil(len(schools) / across) if schools else 0
    across = math.ceil(len(schools) / rows) if rows and centred else across
    block = _Block(across * DOT_CELL if schools else 0.0, rows * DOT_CELL, 0.0, 0)
    for n, (name, pupils) in enumerate(schools):
        r = DOT_UNKNOWN if pupils is None else max(DOT_SMALLEST, DOT_LARGEST * math.sqrt(max(pupils, 0) / largest))
        block.dots.append(SchoolDot((n % across + 0.5) * DOT_CELL, (n // across + 0.5) * DOT_CELL, round(r, 1), name))
    return block


def wrap(text: str, width: float, size: float) -> list[str]:
    """`text` in lines of about `width`; a single word that is wider stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _box_height(node: _Node, width: float) -> float:
    names, subtitles = wrap(node.name, width - 18, NAME * 1.04), wrap(node.subtitle, width - 18, SUBTITLE)
    seats = 20.0 if _seats_in_words(node) else 8.0 + SEAT_CELL * _seat_rows(node, width) if node.seats else 4.0
    return round(20.0 + 19.0 * len(names) + 17.0 * len(subtitles) + seats, 1)


def _seats_in_words(node: _Node) -> bool:
    return node.seats is not None and node.seats > SEATS_DRAWN_AT_MOST


def _seat_rows(node: _Node, width: float) -> int:
    return math.ceil((node.seats or 0) / max(1, int((width - 20) // SEAT_CELL)))


def _box(node: _Node, x: float, y: float, width: float, height: float, *, centred: bool = True) -> Box:
    at, anchor = (x + width / 2, "middle") if centred else (x + 12.0, "start")
    line = y + 25.0
    names = []
    for text in wrap(node.name, width - 18, NAME * 1.04):
        names.append(Line(round(at, 1), round(line, 1), text, anchor))
        line += 19.0
    subtitles = []
    for text in wrap(node.subtitle, width - 18, SUBTITLE):
        subtitles.append(Line(round(at, 1), round(line, 1), text, anchor))
        line += 17.0
    words = _seats_in_words(node)
    said = Line(round(at, 1), round(y + height - 14, 1), f"{min(node.filled, node.seats or 0)} of {node.seats} seats held", anchor) if words else None
    seats = () if words else _seats(node, x, y, width, height, centred)
    return Box(
        node.id, round(x, 1), round(y, 1), width, height, node.hue, node.href, tuple(names), tuple(subtitles), seats, said, f"{node.name}: {node.says}"
    )


def _seats(node: _Node, x: float, y: float, width: float, height: float, centred: bool) -> tuple[Seat, ...]:
    """Circles along the foot of the box, the held ones first."""
    total = node.seats or 0
    rows = _seat_rows(node, width)
    per_row = math.ceil(total / rows) if rows else 0
    seats = []
    for n in range(total):
        row, place = divmod(n, per_row)
        in_row = min(per_row, total - row * per_row)
        left = x + (width - in_row * SEAT_CELL) / 2 if centred else x + 11.0
        top = y + height - 16.0 - SEAT_CELL * (rows - 1 - row)
        seats.append(Seat(round(left + (place + 0.5) * SEAT_CELL, 1), round(top, 1), n >= node.filled))
    return tuple(seats)


def _tier_labels(ranked: Sequence[Any], placed: Sequence[tuple[_Node, float, float]], dots: Sequence[SchoolDot]) -> tuple[tuple[TierLabel, ...], float]:
    """The tiers' names at the left, each at its first row and none on another; and where the last one ends."""
    wanted = []
    for rank, tier in enumerate(ranked):
        tops = [y for node, _, y in placed if node.tier_rank == rank]
        if tops:
            wanted.append((min(tops) + 16.0, str(_read(tier, "name", "")), str(_read(tier, "purpose", "")), str(_read(tier, "hue", ""))))
    if dots:
        noun = "school" if len(dots) == 1 else "schools"
        wanted.append((min(dot.y for dot in dots) + 5.0, "Schools", f"{len(dots)} {noun}, sized by pupils", "cluster"))
    labels, foot = [], 0.0
    for top, name, purpose, hue in sorted(wanted):
        line = max(top, foot + 14.0)
        lines = wrap(purpose, GUTTER - 16, SUBTITLE)
        said = tuple(Line(0.0, round(line + 18.0 * (n + 1), 1), text, "start") for n, text in enumerate(lines))
        labels.append(TierLabel(Line(0.0, round(line, 1), name, "start"), said, hue))
        foot = line + 18.0 * len(lines) + 8.0
    return tuple(labels), foot


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in places)


def _outline(nodes: Sequence[_Node]) -> tuple[OutlineItem, ...]:
    return tuple(OutlineItem(n.name, n.href, n.tier, n.hue, n.says, len(n.schools), _outline(n.children)) for n in nodes)
