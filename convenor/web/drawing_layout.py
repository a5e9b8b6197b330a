"""How the bodies of a partnership are packed into a picture. PURE; `convenor.web.drawing` is its public face.

Every body with all that hangs from it is one rectangle (`Block`). Rectangles stand beside each other; a row that does not
fit is wrapped into lines, and the line that joins them is led down a channel kept free at their left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from convenor.web.charts import text_width as _text_width

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
FOLD_AT_LEAST = 6  # bodies under one that are worth a roll
ROLL_AT_MOST = 12  # in one roll; more stand in several beside each other
CHIP_PAD = 9.0
CHIP_NAME, CHIP_SUBTITLE = 13.0, 12.5
CHIP_SEAT = 10.5
CHIP_SEATS_DRAWN = 6
ROLL_WIDTHS = (232, 216, 200, 186, 175, 160)  # beside WIDTHS: the most that a roll may be wide
NAME, NAME_SMALL, SUBTITLE = 15.0, 13.5, 13.0  # the last of WIDTHS sets leaves small
BOLD = 1.04  # bold text is a little wider than the estimate
#: Widths tried for (a root, a body with others beneath it, the least of a leaf, the most of a leaf), widest first.
WIDTHS = ((290, 250, 150, 220), (290, 240, 128, 200), (290, 230, 112, 180), (290, 230, 104, 170), (270, 190, 104, 150), (270, 190, 96, 124))
ENDLESS = 1e9

text_width = lru_cache(maxsize=4096)(_text_width)


@dataclass(frozen=True)
class SchoolDot:
    """A school; its area follows its pupils."""

    x: float
    y: float
    r: float
    name: str


@dataclass
class Node:
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
    children: list[Node] = field(default_factory=list)
    level: int = 0
    width: float = 0.0
    size: float = NAME
    short: str = ""  # the name as a roll says it
    chips: list[Node] = field(default_factory=list)  # a roll: many bodies that report to one, in a list instead of a box each

    @property
    def name_lines(self) -> tuple[str, ...]:
        """The name as it is broken inside the box."""
        return wrap(self.name, self.width - (12 if self.size < NAME else 18), self.size * BOLD)

    @property
    def says(self) -> str:
        held = "seats not described" if self.seats is None else f"{min(self.filled, self.seats)} of {self.seats} seats held"
        return "; ".join(part for part in (self.subtitle, held) if part)


@dataclass
class Block:
    """A laid-out rectangle, its own corner at nought; `anchor` is where a line from above meets it."""

    width: float
    height: float
    anchor: float
    level: int
    boxes: list[tuple[Node, float, float]] = field(default_factory=list)
    joins: list[list[tuple[float, float]]] = field(default_factory=list)
    dots: list[SchoolDot] = field(default_factory=list)
    parts: list[tuple[Block, float, float]] = field(default_factory=list)

    def take(self, other: Block, x: float, y: float) -> None:
        """Put another rectangle into this one at (x, y)."""
        self.parts.append((other, x, y))

    def flat(self, x: float = 0.0, y: float = 0.0) -> Block:
        """The same with everything in it placed by itself, moved by (x, y)."""
        whole = Block(self.width, self.height, self.anchor + x, self.level)
        whole.boxes = [(node, bx + x, by + y) for node, bx, by in self.boxes]
        whole.joins = [[(px + x, py + y) for px, py in join] for join in self.joins]
        whole.dots = [SchoolDot(dot.x + x, dot.y + y, dot.r, dot.name) for dot in self.dots]
        for part, px, py in self.parts:
            inner = part.flat(x + px, y + py)
            whole.boxes += inner.boxes
            whole.joins += inner.joins
            whole.dots += inner.dots
        return whole


def folded(roots: Iterable[Node], at_most: int = ROLL_AT_MOST) -> list[Node]:
    """The same bodies anew; where many with none beneath them report to one, they are in rolls of `at_most` that name each."""
    return [_folded(node, at_most) for node in roots]


def _folded(node: Node, at_most: int) -> Node:
    many = [_folded(child, at_most) for child in node.children]
    if len(many) < FOLD_AT_LEAST or any(child.children for child in many):
        return replace(node, children=many)
    shorten(many)
    rolls = math.ceil(len(many) / at_most)
    starts = [len(many) * n // rolls for n in range(rolls + 1)]
    return replace(node, children=[_roll(node.id, n, many[starts[n] : starts[n + 1]]) for n in range(rolls)])


def _roll(above: str, number: int, chips: list[Node]) -> Node:
    first, schools = chips[0], [school for chip in chips for school in chip.schools]
    return Node(f"{above}/{number}", "", first.hue, first.tier, first.tier_rank, "", None, 0, "", schools, level=first.level, chips=chips)


def shorten(chips: Sequence[Node]) -> None:
    """Leaves out the last word of every name where all end in the same: "North" of "North cluster", in a roll of clusters."""
    names = [chip.name.rpartition(" ") for chip in chips]
    if len({last for _, _, last in names}) == 1 and all(before for before, _, _ in names):
        for chip, (before, _, _) in zip(chips, names, strict=True):
            chip.short = before


def bodies_in(roots: Iterable[Node]) -> int:
    return sum(1 for _ in _walk(roots))


def chip_lines(chip: Node, width: float) -> tuple[str, ...]:
    """A name in a roll, broken so that its seats stand beside it."""
    return wrap(chip.short or chip.name, width - 2 * CHIP_PAD - chip_seats_width(chip), CHIP_NAME * BOLD)


def chip_seats_width(chip: Node) -> float:
    """How wide a chip's seats are: circles up to six, words for more."""
    if not chip.seats:
        return 0.0
    return 6.0 + CHIP_SEAT * chip.seats if chip.seats <= CHIP_SEATS_DRAWN else 8.0 + text_width(chip_seats_said(chip), CHIP_SUBTITLE)


def chip_seats_said(chip: Node) -> str:
    return f"{min(chip.filled, chip.seats or 0)} of {chip.seats}"


def chip_height(chip: Node, width: float) -> float:
    return 8.0 + 16.0 * len(chip_lines(chip, width)) + 15.0 * len(wrap(chip.subtitle, width - 2 * CHIP_PAD, CHIP_SUBTITLE))


def best(roots: list[Node], region: float) -> tuple[Plan, Block]:
    """The widest boxes with which nothing wraps; when all would wrap, the widths that give the lowest picture."""
    lowest = (ENDLESS, WIDTHS[-1])
    for widths in WIDTHS:
        plan = Plan(roots, widths)
        if plan.forest(ENDLESS).width <= region:
            return plan, plan.forest(region)
        lowest = min(lowest, (plan.forest(region).height, widths), key=lambda one: one[0])
    plan = Plan(roots, lowest[1])
    return plan, plan.forest(region)


def read(source: Any, name: str, otherwise: Any = None) -> Any:
    found = source.get(name, otherwise) if isinstance(source, Mapping) else getattr(source, name, otherwise)
    return otherwise if found is None else found


def tree(tiers: Iterable[Any], bodies: Iterable[Any], schools: Mapping[str, Sequence[Any]]) -> tuple[list[Node], list[Any]]:
    """The bodies as trees. A body that reports to nobody known, or in a circle, stands by itself: the drawing never fails."""
    ranked = list(tiers)
    rank = {read(tier, "key"): n for n, tier in enumerate(ranked)}
    nodes: dict[str, Node] = {}
    above: dict[str, str] = {}
    for body in bodies:
        n = rank.get(read(body, "tier"), len(ranked))
        tier = ranked[n] if n < len(ranked) else {}
        seats = read(body, "seats")
        key = str(read(body, "id"))
        nodes[key] = Node(
            id=key,
            name=str(read(body, "name", "")),
            hue=str(read(tier, "hue", "")),
            tier=str(read(tier, "name", "")),
            tier_rank=n,
            subtitle=str(read(body, "subtitle", "")),
            seats=None if seats is None else int(seats),
            filled=int(read(body, "filled", 0)),
            href=str(read(body, "href", "")),
            schools=[(str(read(s, "name", "")), read(s, "pupils")) for s in schools.get(key, ())],
        )
        above[key] = str(read(body, "reports_to", ""))
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


def _set_levels(roots: Sequence[Node]) -> None:
    """A level is a row of the picture: the tier, then how deep within the tier."""
    depth: dict[str, tuple[int, int]] = {}

    def visit(node: Node, above: tuple[int, int]) -> None:
        depth[node.id] = (node.tier_rank, above[1] + 1 if above[0] == node.tier_rank else 0)
        for child in node.children:
            visit(child, depth[node.id])

    for root in roots:
        visit(root, (-1, 0))
    order = {place: n for n, place in enumerate(sorted(set(depth.values())))}

    def name(node: Node) -> None:
        node.level = order[depth[node.id]]
        for child in node.children:
            name(child)

    for root in roots:
        name(root)


def _walk(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def largest_school(roots: Iterable[Node]) -> float:
    return max((pupils or 0 for node in _walk(roots) for _, pupils in node.schools), default=0) or 1.0


class Plan:
    """One try at the wide picture, with one set of box widths."""

    def __init__(self, roots: list[Node], widths: tuple[int, int, int, int]) -> None:
        self.roots = roots
        self.widths = widths
        self.largest = largest_school(roots)
        self.heights: dict[int, float] = {}
        self.laid: dict[tuple[str, float], Block] = {}
        self.least: dict[str, float] = {}
        self.natural: dict[str, float] = {}
        self.rolls: dict[int, float] = {}
        self.measure()

    def measure(self) -> None:
        """Set each box's width (alike among leaves that report to one body) and each row's height."""
        root_width, inner, leaf_least, leaf_most = self.widths
        for family in [self.roots, *(node.children for node in _walk(self.roots))]:
            leaves = [node for node in family if not node.children]
            size, pad = (NAME_SMALL, 14) if self.widths == WIDTHS[-1] else (NAME, 20)
            wanted = max((text_width(node.name, size * BOLD) + pad + 6 for node in leaves), default=0.0)
            for node in family:
                wide = (
                    root_width
                    if node in self.roots and node.children
                    else inner
                    if node.children
                    else min(max(wanted, leaf_least), leaf_most)
                )
                node.size = NAME if node.children else size
                longest = max((text_width(word, node.size * BOLD) for word in node.name.split()), default=0.0)
                node.width = round(max(wide, longest + (pad if not node.children else 20)), 1)
            common = max((node.width for node in leaves), default=0.0)
            for node in leaves:
                node.width = common
        self._measure_rolls()
        self.heights, self.rolls = {}, {}
        for node in _walk(self.roots):
            rows, height = (self.rolls, roll_height(node, node.width)) if node.chips else (self.heights, box_height(node, node.width))
            rows[node.level] = max(rows.get(node.level, 0.0), height)

    def _measure_rolls(self) -> None:
        """A roll is as wide as its longest line asks, within what this try allows; the body above it stands as wide as it."""
        most = ROLL_WIDTHS[WIDTHS.index(self.widths)]
        above = [node for node in _walk(self.roots) if node.children and node.children[0].chips]
        chips = [chip for node in above for roll in node.children for chip in roll.chips]
        lines = [text_width(chip.short or chip.name, CHIP_NAME * BOLD) + chip_seats_width(chip) for chip in chips]
        lines += [text_width(chip.subtitle, CHIP_SUBTITLE) for chip in chips]
        wanted = 2 * CHIP_PAD + 2 + max(lines, default=0.0)
        for node in above:
            for roll in node.children:
                roll.width = round(min(max(wanted, 130.0), most), 1)
            if len(node.children) == 1:
                longest = max((text_width(word, NAME * BOLD) for word in node.name.split()), default=0.0)
                node.width = round(max(node.children[0].width, longest + 20), 1)

    def height(self, node: Node) -> float:
        """A body's height: that of its row, or, for a roll, that of the longest roll of its row."""
        return self.rolls[node.level] if node.chips else self.heights[node.level]

    def forest(self, room: float) -> Block:
        """All roots: those of one row beside each other, rows beneath rows."""
        whole = Block(0.0, 0.0, 0.0, 0)
        rows = sorted({node.level for node in self.roots})
        placed: list[tuple[Block, float]] = []
        y = 0.0
        for level in rows:
            row = Block(0.0, 0.0, 0.0, level)
            self._shelves(row, [node for node in self.roots if node.level == level], room, y=0.0, join_from=None)
            placed.append((row, y))
            y += row.height + ROW_GAP
        whole.width = max((row.width for row, _ in placed), default=0.0)
        whole.height = max(0.0, y - ROW_GAP)
        for row, top in placed:
            whole.take(row, (whole.width - row.width) / 2, top)
        return whole

    def lay(self, node: Node, room: float) -> Block:
        """A body with all beneath it, at most `room` wide if that can be."""
        if not node.children:
            crowded = node.chips and sum(bool(each.chips) for each in _walk(self.roots)) > 2  # else rolls would not fit beside each other
            room = node.width if crowded else max(node.width, min(room, math.sqrt(len(node.schools) * 2.5) * DOT_CELL))
        key = (node.id, round(room, 1))
        if key not in self.laid:
            self.laid[key] = self._above(node, room) if node.children else self._leaf(node, room)
        return self.laid[key]

    def _above(self, node: Node, room: float) -> Block:
        height = self.heights[node.level]
        under = Block(0.0, 0.0, 0.0, node.level)
        anchors = self._shelves(under, node.children, room, y=0.0, join_from=node)
        own = dots_of(node.schools, max(node.width, 8 * DOT_CELL), self.largest) if node.schools else None
        beside = max(0.0, (node.width - under.width) / 2)
        width = max(under.width, node.width)
        middle = under.width / 2 if anchors[0] == CHANNEL / 2 else (anchors[0] + anchors[-1]) / 2
        centre = min(max(middle + beside, node.width / 2), width - node.width / 2)
        block = Block(width, height + ROW_GAP + under.height, centre, node.level)
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

    def _leaf(self, node: Node, room: float) -> Block:
        height = self.height(node)
        dots = dots_of(node.schools, room, self.largest)
        width = max(node.width, dots.width)
        block = Block(width, height, width / 2, node.level, boxes=[(node, (width - node.width) / 2, 0.0)])
        if node.schools:
            block.take(dots, (width - dots.width) / 2, height + 14)
            block.height += 14 + dots.height
        return block

    def _shelves(self, row: Block, nodes: Sequence[Node], room: float, *, y: float, join_from: Node | None) -> list[float]:
        """Lay `nodes` out in lines of at most `room` and return where the lines from above come down to the first line."""
        least = [self._least(node) for node in nodes]
        gap = (
            SIBLING_GAP
            if all(not node.children or (len(node.children) == 1 and node.children[0].chips) for node in nodes)
            else 2 * SIBLING_GAP
        )
        spare = room - gap * (len(nodes) - 1)
        one_tier = len({node.level for node in nodes}) == 1
        one_line = sum(least) <= spare and (one_tier or sum(self._natural(node) for node in nodes) <= spare)
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

    def _fit(self, line: Sequence[Node], room: float, gap: float) -> list[Block]:
        """Lay out one line: as wide as each would like when there is room, otherwise what is left shared by
        their wishes or evenly, whichever makes the lower picture."""
        natural = [self._natural(node) for node in line]
        spare = room - gap * (len(line) - 1)
        if sum(natural) <= spare:
            return [self.lay(node, ENDLESS) for node in line]
        least = [self._least(node) for node in line]
        wish = [max(0.0, n - m) for n, m in zip(natural, least, strict=True)]
        extra = max(0.0, spare - sum(least))
        total = sum(wish) or 1.0
        wishing = sum(1 for w in wish if w) or 1
        shares = [[extra * w / total for w in wish], [extra / wishing if w else 0.0 for w in wish]]
        tries = [[self.lay(node, m + more) for node, m, more in zip(line, least, share, strict=True)] for share in shares]
        return min(tries, key=lambda blocks: max(block.height for block in blocks))

    def _natural(self, node: Node) -> float:
        if node.id not in self.natural:
            self.natural[node.id] = self.lay(node, ENDLESS).width
        return self.natural[node.id]

    def _least(self, node: Node) -> float:
        if node.id not in self.least:
            self.least[node.id] = self.lay(node, 0.0).width
        return self.least[node.id]


def _lines(nodes: Sequence[Node], least: Sequence[float], room: float, gap: float) -> list[list[Node]]:
    """Break a row into lines of about the same number that each fit into `room`: a line holds one tier, and at least one body."""
    levels = sorted({node.level for node in nodes})
    if len(levels) > 1:
        kept = [[(node, width) for node, width in zip(nodes, least, strict=True) if node.level == level] for level in levels]
        return [line for pairs in kept for line in _lines([node for node, _ in pairs], [width for _, width in pairs], room, gap)]
    many = max(1, math.ceil((sum(least) + gap * len(nodes)) / max(room + gap, 1.0)))
    per_line = max(1, math.ceil(len(nodes) / many))
    lines: list[list[Node]] = []
    used = ENDLESS
    for node, width in zip(nodes, least, strict=True):
        if used + gap + width > room or len(lines[-1]) >= per_line:
            lines.append([node])
            used = width
        else:
            lines[-1].append(node)
            used += gap + width
    return lines


def dots_of(schools: Sequence[tuple[str, float | None]], width: float, largest: float, *, centred: bool = True) -> Block:
    """Schools as dots in rows within `width`, each area in proportion to its pupils."""
    across = max(1, min(len(schools), int(width // DOT_CELL)))
    rows = math.ceil(len(schools) / across) if schools else 0
    across = math.ceil(len(schools) / rows) if rows and centred else across
    block = Block(across * DOT_CELL if schools else 0.0, rows * DOT_CELL, 0.0, 0)
    for n, (name, pupils) in enumerate(schools):
        r = DOT_UNKNOWN if pupils is None else max(DOT_SMALLEST, DOT_LARGEST * math.sqrt(max(pupils, 0) / largest))
        block.dots.append(SchoolDot((n % across + 0.5) * DOT_CELL, (n // across + 0.5) * DOT_CELL, round(r, 1), name))
    return block


@lru_cache(maxsize=4096)
def wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """`text` in lines of about `width`; a single word that is wider stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def box_height(node: Node, width: float) -> float:
    names, subtitles = node.name_lines, wrap(node.subtitle, width - 18, SUBTITLE)
    seats = 20.0 if seats_in_words(node) else 8.0 + SEAT_CELL * seat_rows(node, width) if node.seats else 4.0
    return round(20.0 + 19.0 * len(names) + 17.0 * len(subtitles) + seats, 1)


def roll_height(roll: Node, width: float) -> float:
    return 8.0 + sum(chip_height(chip, width) for chip in roll.chips)


def seats_in_words(node: Node) -> bool:
    return node.seats is not None and node.seats > SEATS_DRAWN_AT_MOST


def seat_rows(node: Node, width: float) -> int:
    return math.ceil((node.seats or 0) / max(1, int((width - 20) // SEAT_CELL)))
