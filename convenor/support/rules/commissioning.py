"""What support comes to over the whole area, told so that no school can be worked out from it. Pure.

Shares of schools are told in the ranges of the review engine (`peer_review.rules.health`): each school once, five schools or more; where
the number of those schools would itself tell how many had support or asked, as a half or a quarter of them, without the number. Days and
money are sums, and a sum can give a school away in three ways, each met here:

* few schools: a sum is told of five schools or more; smaller groups stand together;
* one large school: whoever has the second largest part could subtract it and know the largest nearly. A sum is told only where the others
  together hold at least a fifth of the largest (the p % rule of official statistics, p = 20);
* subtraction: two tellings of one sum (by tier, by priority) could be held against each other. Whatever groups of one are subtracted from
  groups of the other, what is left is no package at all, or again such a sum.

Every sum is told rounded. Sources: the practice of small numbers in the field notes; the p % rule after the handbook on statistical
disclosure control (https://ec.europa.eu/eurostat/cros/content/handbook-statistical-disclosure-control_en); five, p and rounding are ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from convenor.peer_review.rules.health import FEWEST, Measure, measure

#: The others of a sum hold at least this part of the largest, in hundredths.
OTHERS_AT_LEAST: Final = 20
#: Days are told to the nearest five, in halves; money to the nearest hundred pounds, in pence.
HALF_DAYS_ROUNDED_TO: Final = 10
PENCE_ROUNDED_TO: Final = 100_00
#: With more groups than this in two tellings together, the smaller ones are put together first: so every subtraction can be tried.
GROUPS_AT_MOST: Final = 14
#: A need is answered within so many days, each told of the same schools.
WITHIN_DAYS: Final = (7, 14, 28)
TOGETHER: Final = "told together"
SPECIAL_PHASES: Final = ("Special", "PRU")
NO_GROUP: Final = "Not said"
#: From so many schools on a part of them is told in quarters; below, in halves.
IN_QUARTERS: Final = 20
#: How a number of quarters is said, by hundredths.
PARTS: Final = {25: "a quarter", 50: "a half", 75: "three quarters"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one package: for which school, and how much of what is summed (half days, pence). Nought counts as none."""

    package: int
    school: str
    amount: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum as it is told: about `amount`, rounded, of five schools or more. `names` are the groups put together in it."""

    name: str
    amount: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """What is told of one thing: the whole, None where that would tell of a school, and its parts where two or more can be told."""

    whole: int | None
    parts: tuple[Sum, ...] = ()


Groups = list[tuple[tuple[str, ...], list[Piece]]]


def kind_of(phase: str, type_group: str) -> str:
    """The one group in which a school is counted: its phase and whether its council or a trust answers for it; special schools whole.

    >>> kind_of("Primary", "academy"), kind_of("Special", "academy"), kind_of("", "")
    ('Primary, academy', 'Special and alternative provision', 'Other')
    """
    if phase in SPECIAL_PHASES:
        return "Special and alternative provision"
    if phase not in ("Primary", "Secondary", "All-through"):
        return "Other"
    return f"{phase}, {'academy' if type_group in ('academy', 'free school') else 'maintained' if type_group == 'maintained' else 'other'}"


def reach(members: Mapping[str, str], supported: Collection[str]) -> Measure:
    """How many schools of each kind had support. `members` gives each member school's kind (`kind_of`), `supported` are URNs."""
    counts: dict[str, tuple[int, int]] = {}
    for urn, kind in members.items():
        of, done = counts.get(kind, (0, 0))
        counts[kind] = (of + 1, done + (urn in supported))
    told = measure("reach", counts)
    kinds = [replace(each, name=f"{len(each.names)} smaller kinds together") if each.names else each for each in told.groups]
    return replace(told, groups=tuple(kinds))


@dataclass(frozen=True, slots=True)
class Part:
    """About which part of some schools something is true, from `low` to `high` hundredths; of fewer than five schools None, and nothing is
    told. The number of the schools is told nowhere, nor can it be worked back: each part is possible of every number of its kind."""

    low: int | None = None
    high: int | None = None

    @property
    def told(self) -> bool:
        """Whether anything is told."""
        return self.low is not None

    @property
    def says(self) -> str:
        """The part in words.

        >>> Part(25, 50).says, Part(50, 100).says, Part().says
        ('a quarter to a half', 'a half or more', 'too few to say')
        """
        if self.low is None or self.high is None:
            return "too few to say"
        if self.high == 100:
            return f"{PARTS[self.low]} or more"
        return f"{PARTS[self.low]} to {PARTS[self.high]}" if self.low else f"fewer than {PARTS[self.high]}"


def part(schools: Mapping[str, bool]) -> Part:
    """Which part of these schools something is true of: in halves, from twenty schools on in quarters."""
    if len(schools) < FEWEST:
        return Part()
    wide = 25 if len(schools) >= IN_QUARTERS else 50
    low = min(100 - wide, 100 * sum(schools.values()) // len(schools) // wide * wide)
    return Part(low, low + wide)


def matched_within(days: Mapping[str, int | None]) -> tuple[Part, ...]:
    """Which part of the schools had a supporter chosen within a week, a fortnight, four weeks. `days` from the asking to the choice of each
    school's newest need; None while nobody is chosen, which is within no time."""
    return tuple(part({urn: took is not None and took <= most for urn, took in days.items()}) for most in WITHIN_DAYS)


def safe(pieces: Iterable[Piece]) -> bool:
    """Whether a sum of these tells of no school: five schools or more, and the largest does not stand out."""
    held: dict[str, int] = defaultdict(int)
    for piece in pieces:
        held[piece.school] += piece.amount
    amounts = sorted((amount for amount in held.values() if amount), reverse=True)
    if len(amounts) < FEWEST:
        return False
    return 100 * sum(amounts[2:]) >= OTHERS_AT_LEAST * amounts[0]


def sums(cells: Mapping[str, Sequence[Piece]], *, rounded_to: int) -> Sums:
    """Sums by group, those that could not be told alone put together; and the whole, which is what the groups come to."""
    groups = _told(cells)
    return _sums(groups, rounded_to)


def two_sums(
    first: Mapping[str, Sequence[Piece]], second: Mapping[str, Sequence[Piece]], *, rounded_to: int
) -> tuple[Sums, Sums]:  # fmt: skip
    """The same packages summed in two ways, such that nothing comes of holding one against the other: the second gives way, group by group.

    Both must be of the same pieces. Where nothing of the second can be told beside the first, its parts are left out.
    """
    one, two = _told(first), _told(second)
    while len(one) + len(two) > GROUPS_AT_MOST:
        larger = one if len(one) >= len(two) else two
        _join_smallest(larger)
    while len(two) > 1 and not _apart(one, two):
        _join_smallest(two)
    return _sums(one, rounded_to), _sums(two, rounded_to)


def _told(cells: Mapping[str, Sequence[Piece]]) -> Groups:
    """The groups that are told: each safe by itself; the rest together, with the next smallest until that is safe too; or none at all."""
    alone: Groups = []
    rest: list[str] = []
    pooled: list[Piece] = []
    for name, pieces in sorted(cells.items()):
        counted = [each for each in pieces if each.amount]
        if safe(counted):
            alone.append(((name,), counted))
        elif counted:
            rest.append(name)
            pooled += counted
    alone.sort(key=lambda group: (-len({each.school for each in group[1]}), group[0]))
    while pooled and not safe(pooled) and alone:
        names, pieces = alone.pop()
        rest += names
        pooled += pieces
    if pooled and safe(pooled):
        alone.append((tuple(sorted(rest)), pooled))
    elif pooled:
        return []
    return alone


def _join_smallest(groups: Groups) -> None:
    """Puts the two groups of fewest schools together. Two safe sums of different packages together are a safe sum."""
    groups.sort(key=lambda group: (-len({each.school for each in group[1]}), group[0]))
    (names, pieces), (more, others) = groups.pop(), groups.pop()
    groups.append((tuple(sorted((*names, *more))), [*pieces, *others]))


def _apart(one: Groups, two: Groups) -> bool:
    """Whether no groups of the one, subtracted from groups of the other that hold them all, leave a sum that is not safe."""
    by_package = {piece.package: piece for _, pieces in one for piece in pieces}
    left, right = _unions(one), _unions(two)
    return all(
        safe(by_package[each] for each in outer - inner)
        for inner, outer in (*product(left, right), *product(right, left))
        if inner and inner < outer
    )


def _unions(groups: Groups) -> list[frozenset[int]]:
    """Every union of these groups' packages, the empty one among them."""
    found = [frozenset[int]()]
    for _, pieces in groups:
        here = frozenset(piece.package for piece in pieces)
        found += [each | here for each in found]
    return found


def _sums(groups: Groups, rounded_to: int) -> Sums:
    if not groups:
        return Sums(None)
    whole = rounded(sum(piece.amount for _, pieces in groups for piece in pieces), rounded_to)
    if len(groups) == 1:
        return Sums(whole)
    parts = []
    for names, pieces in groups:
        name = names[0] if len(names) == 1 else f"{len(names)} {TOGETHER}"
        parts.append(Sum(name, rounded(sum(each.amount for each in pieces), rounded_to), names if len(names) > 1 else ()))
    return Sums(whole, tuple(sorted(parts, key=lambda part: (bool(part.names), part.name))))


def rounded(amount: int, to: int) -> int:
    """An amount to the nearest of `to`, halves upward."""
    return to * ((2 * amount + to) // (2 * to))
