"""How the engine runs, told so that no school can be worked out from it. Pure.

A share is told of schools, each counted once: "21 to 25 of 42 schools". Two dangers are met, small numbers and subtraction:

* a share is told only of five schools or more; smaller clusters stand together. Every school is in one group only;
* a count is told as a range that follows from the number of schools alone, never from the count. No range lets anybody be sure of a
  school, not even somebody who knows of one school of the group themselves: it always leaves two schools open at either end;
* the whole is told in a range that narrows no group's range, not even for somebody who knows one whole group exactly (its lead): so
  nothing comes of subtracting. The tests attack it with every count of small worlds and with chance ones of large.

Groups stand in the order of their names: this is no league table. Fewest five: requirement H2 of the field notes; the ranges are ours.
The interval around a share is Wilson's at 95 %, taken at both ends of the range, so that it holds rounding and chance together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from convenor.registers.rules.intervals import wilson

#: Of fewer schools than this nothing is told.
FEWEST: Final = 5
#: From this many schools on, counts are told in ranges of five; below, in halves.
IN_FIVES: Final = 10
#: How wide a range of a large group is.
WIDTH: Final = 5
TOGETHER: Final = "smaller clusters together"


@dataclass(frozen=True, slots=True)
class Share:
    """A count as it is told: somewhere from `least` to `most` of the `schools` there are. `names` are the groups put together in it.

    `unit` says what is counted, in the plural: schools, actions.
    """

    name: str
    schools: int
    least: int
    most: int
    names: tuple[str, ...] = ()
    unit: str = "schools"

    @property
    def told(self) -> bool:
        """Whether anything is told."""
        return (self.least, self.most) != (0, self.schools)

    @property
    def says(self) -> str:
        """The count in words: "21 to 25 of 42"; "too few to say" where nothing is told."""
        return f"{self.least} to {self.most} of {self.schools}" if self.told else "too few to say"

    @property
    def middle_percent(self) -> float | None:
        """The middle of the range as a share, 0 to 100; None where nothing is told."""
        return 50 * (self.least + self.most) / self.schools if self.told else None

    @property
    def interval_percent(self) -> tuple[float, float] | None:
        """What rounding and chance leave open together, 0 to 100; None where nothing is told."""
        if not self.told:
            return None
        low, _ = wilson(100 * self.least / self.schools, self.schools)
        _, high = wilson(100 * self.most / self.schools, self.schools)
        return low, high


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing told of the engine: the whole, and by group where there are two groups or more that can be told."""

    key: str
    whole: Share
    groups: tuple[Share, ...] = ()


def bands(schools: int) -> tuple[tuple[int, int], ...]:
    """The ranges in which a count among so many schools is told. One range, all there could be, tells nothing.

    >>> bands(4), bands(7)
    (((0, 4),), ((0, 3), (4, 7)))
    >>> bands(16)
    ((0, 4), (5, 9), (10, 16))
    """
    if schools < FEWEST:
        return ((0, schools),)
    starts = [0, (schools + 1) // 2] if schools < IN_FIVES else [*range(0, schools - WIDTH + 2, WIDTH)]
    return tuple(zip(starts, [*(start - 1 for start in starts[1:]), schools], strict=True))


def told(name: str, count: int, schools: int, *, names: tuple[str, ...] = (), unit: str = "schools") -> Share:
    """One count in its range."""
    least, most = next((low, high) for low, high in bands(schools) if low <= count <= high)
    return Share(name, schools, least, most, names, unit)


def measure(key: str, counts: Mapping[str, tuple[int, int]], *, unit: str = "schools") -> Measure:
    """What is told of one thing. `counts` gives for each cluster how many schools it is about, and how many of those did it.

    Schools in no cluster come under a name of their own. The groups are told in the order of their names.
    """
    parts = {name: part for name, part in counts.items() if part[0]}
    shares = [_of_group(names, parts, unit) for names in together({name: schools for name, (schools, _) in parts.items()})]
    shares.sort(key=lambda share: (bool(share.names), share.name))
    whole = whole_of(shares, sum(done for _, done in parts.values()), unit=unit)
    return Measure(key, whole, tuple(shares) if len(shares) > 1 else ())


def _of_group(names: tuple[str, ...], parts: Mapping[str, tuple[int, int]], unit: str) -> Share:
    schools, done = (sum(parts[name][i] for name in names) for i in (0, 1))
    if len(names) == 1:
        return told(names[0], done, schools, unit=unit)
    return told(f"{len(names)} {TOGETHER}", done, schools, names=names, unit=unit)


def together(sizes: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Which clusters are told together, from their sizes alone: those under five become one group, which takes the next smallest
    until it is large enough."""
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    alone = [name for name in ordered if sizes[name] >= FEWEST]
    small = [name for name in ordered if sizes[name] < FEWEST]
    while small and alone and sum(sizes[name] for name in small) < FEWEST:
        small.insert(0, alone.pop())
    return [*((name,) for name in alone), *([tuple(sorted(small))] if small else [])]


def whole_of(shares: Sequence[Share], count: int, *, unit: str = "schools") -> Share:
    """The whole, told so that it narrows no group's range for anybody, nor for somebody who knows one whole group exactly.

    Its lowest range reaches so far above the least that the groups could sum to, and its highest begins so far below the most, that any
    two groups could still stand anywhere in their own ranges. A whole too small for that is told as the sum of its groups and no closer.
    """
    schools = sum(share.schools for share in shares)
    if len(shares) == 1:
        only = shares[0]
        return Share("All", schools, only.least, only.most, unit=unit)
    lowest, highest = sum(share.least for share in shares), sum(share.most for share in shares)
    margin = sum(sorted((share.most - share.least for share in shares), reverse=True)[:2])
    first, last = lowest + margin + 1, highest - margin
    starts = [0, *(start for start in range(WIDTH, schools, WIDTH) if first <= start <= last)]
    for low, high in zip(starts, [*(start - 1 for start in starts[1:]), schools], strict=True):
        if low <= count <= high:
            return Share("All", schools, max(low, lowest), min(high, highest), unit=unit)
    raise ValueError(f"{count} of {schools} cannot be")


def actions(key: str, *, done: int, agreed: int, schools: int) -> Measure:
    """How many agreed actions came to something, of all that were agreed by so many schools. A school agrees three at most.

    Told only of five schools and ten actions or more: then no school, knowing its own three, is sure of another's.
    """
    if schools < FEWEST or agreed < IN_FIVES:
        return Measure(key, Share("All", agreed, 0, agreed, unit="actions"))
    return Measure(key, told("All", done, agreed, unit="actions"))


def people(key: str, *, count: int, of: int) -> Measure:
    """How many people of the register, of all that stand on it."""
    return Measure(key, told("All", count, of, unit="people"))
