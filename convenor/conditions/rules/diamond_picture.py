"""Where the marks of a diamond stand. PURE: cards in, coordinates out; `conditions/_picture.jinja` draws it, on a page, a wall and a slide.

Each card is a box in its row, with its name and, beneath it, a line from rank 1 (left, a strength) to rank 9 (right, most improvement
needed): the thick part holds the middle half of the entries, the dot is their mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from convenor.conditions.rules.diamonds import SHAPE

#: The ranks at both ends of a card's line.
FIRST, LAST = 1.0, 9.0
_NARROW_LETTERS: Final = {**dict.fromkeys("iljI.,'|!:;’", 0.3), **dict.fromkeys("frt()-/ ", 0.41), **dict.fromkeys("mwMW%&", 0.92)}
_LINE: Final = 1.22


@dataclass(frozen=True, slots=True)
class Size:
    """How large the parts are, in units of the view box; type sizes from the largest to the least."""

    card: float
    height: float
    across: float
    down: float
    margin: float
    types: tuple[float, ...]
    lines: int
    dot: float


#: For a desk and a wall, and for a phone.
WIDE: Final = Size(178, 68, 14, 14, 2, (16, 14.5, 13, 12), 2, 4.5)
NARROW: Final = Size(106, 74, 8, 10, 1, (13.5, 12.5, 11.5, 11), 3, 4)


@dataclass(frozen=True, slots=True)
class Marked:
    """One card to draw: its name, the mean of its ranks and between which the middle half of them lies (1 to 9), all of it in words."""

    name: str
    mean: float
    low: float
    high: float
    says: str


@dataclass(frozen=True, slots=True)
class NameLine:
    """One line of a name."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class CardDrawn:
    """One card, placed. `start` to `end` is the whole line, `low` to `high` its thick part, `mean` the dot, all at `line`."""

    row: int
    x: float
    y: float
    middle: float
    names: tuple[NameLine, ...]
    type_size: float
    line: float
    start: float
    end: float
    low: float
    high: float
    mean: float
    says: str


@dataclass(frozen=True, slots=True)
class End:
    """What an end of the diamond means, beside it."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class DiamondPicture:
    """A diamond, placed. `says` is all of it in words."""

    width: float
    height: float
    card: float
    card_height: float
    dot: float
    cards: tuple[CardDrawn, ...]
    ends: tuple[End, ...]
    says: str


def text_width(text: str, size: float) -> float:
    """About how wide bold words are, in the unit of `size`; rather too wide than too narrow."""
    return sum(size * _NARROW_LETTERS.get(each, 0.74 if each.isupper() else 0.6) for each in text)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The words of a name in lines of at most that width; a word that is too long for one is broken."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, width, size):
            joined = f"{lines[-1]} {piece}".strip()
            if text_width(joined, size) <= width or not lines[-1]:
                lines[-1] = joined
            else:
                lines.append(piece)
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter + "-", size) > width and text_width(word, size) > width:
            pieces[-1] += "-"
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _named(name: str, size: Size) -> tuple[list[str], float]:
    """The lines of a name and the largest type in which it fits; in the least, what is too much ends in dots."""
    room = size.card - 16
    for each in size.types:
        lines = wrapped(name, room, each)
        if len(lines) <= size.lines and not any(line.endswith("-") for line in lines[:-1]):
            return lines, each
    least = size.types[-1]
    lines = wrapped(name, room, least)
    if len(lines) > size.lines:
        lines = [*lines[: size.lines - 1], lines[size.lines - 1].rstrip("-")[:-1].rstrip() + "…"]
    return lines, least


def diamond_picture(
    rows: Sequence[Sequence[Marked]], *, size: Size = WIDE, top: str = "Strength", bottom: str = "Most to improve"
) -> DiamondPicture:
    """The cards of a diamond's five rows, placed; `top` and `bottom` say what its ends mean. Raises ValueError for rows that are none."""
    if tuple(len(row) for row in rows) != SHAPE:
        raise ValueError(f"not of the shape 1-2-3-2-1: {[len(row) for row in rows]}")
    broadest = max(SHAPE)
    width = 2 * size.margin + broadest * size.card + (broadest - 1) * size.across
    cards = []
    for number, row in enumerate(rows, 1):
        left = (width - len(row) * size.card - (len(row) - 1) * size.across) / 2
        y = size.margin + (number - 1) * (size.height + size.down)
        cards += [_placed(each, number, left + place * (size.card + size.across), y, size) for place, each in enumerate(row)]
    height = 2 * size.margin + len(SHAPE) * size.height + (len(SHAPE) - 1) * size.down
    ends = (End(size.margin, size.margin + 14, top), End(size.margin, height - size.margin - 6, bottom))
    return DiamondPicture(width, height, size.card, size.height, size.dot, tuple(cards), ends, _said(rows, top, bottom))


def _placed(card: Marked, row: int, x: float, y: float, size: Size) -> CardDrawn:
    lines, type_size = _named(card.name, size)
    line, start, end = y + size.height - 13, x + 12, x + size.card - 12

    def at(rank: float) -> float:
        return round(start + (min(max(rank, FIRST), LAST) - FIRST) / (LAST - FIRST) * (end - start), 1)

    middle_of_names = y + (size.height - 20) / 2 + 1
    first = middle_of_names - (len(lines) - 1) * type_size * _LINE / 2 + type_size * 0.36
    names = tuple(NameLine(round(first + place * type_size * _LINE, 1), text) for place, text in enumerate(lines))
    return CardDrawn(
        row, round(x, 1), round(y, 1), round(x + size.card / 2, 1), names, type_size, round(line, 1), round(start, 1), round(end, 1),
        at(card.low), at(card.high), at(card.mean), card.says,
    )  # fmt: skip


def _said(rows: Sequence[Sequence[Marked]], top: str, bottom: str) -> str:
    """The whole diamond in words, row by row."""
    ends = {1: f" ({top.lower()})", len(rows): f" ({bottom.lower()})"}
    told = (f"Row {number}{ends.get(number, '')}: {'; '.join(each.says for each in row)}." for number, row in enumerate(rows, 1))
    return "A diamond of nine cards in five rows. " + " ".join(told)
