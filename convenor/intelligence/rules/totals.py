"""Totals of early conversations, made so that no school's name can be worked out from them. Pure.

Who sees only totals must not learn of any school, by whatever they subtract. So:

* only conversations count whose ten working days have passed: nothing is told, not even in sum, before the school had its time;
* they are counted once a month, as at its first day: two looks in one month differ in nothing, and there are no filters to subtract;
* every school stands in exactly one group (its phase; a large phase by place), so there are no overlapping sums to hold against each other;
* a count under five is told as "fewer than 5", any other to the nearest five, and never so high that it would mean most of a group;
* groups too small for two such ranges are put together; the whole, and the states, are told only as high as no group could be filled up
  by subtracting the others (complementary suppression).

In which ranges anything may be told follows from the numbers of schools alone, which are public, and never from the counts: what is held
back therefore tells nothing either. The tests hold it to that: for every output of small worlds, over all counts that lead to it, no school
stands without doubt, nor does any to another school of its group that knows of itself. The ranges are ours, from the field's practice for
small numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

#: A count under this is never told.
FEWEST: Final = 5
#: Any other is told to the nearest of these.
ROUNDED_TO: Final = 5
#: A group needs so many schools to be told in more than one range.
TELLING: Final = 2 * FEWEST
#: How many schools of a group must stay in doubt: one that knows of itself must learn nothing of another.
IN_DOUBT: Final = 2
#: What a group of several is called.
REST: Final = "smaller groups together"


@dataclass(frozen=True, slots=True)
class Standing:
    """A member school on the counting day: its phase, its place (cluster or alliance), and where its conversation stands, "" for none."""

    urn: str
    phase: str
    place: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One count as it is told: somewhere from `least` to `most` of the `schools` there are. `names` are the groups put together in it."""

    name: str
    schools: int
    least: int
    most: int
    names: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        """Whether anything is told: a range that is all there could be tells nothing."""
        return (self.least, self.most) != (0, self.schools)

    @property
    def says(self) -> str:
        """The count in words."""
        if not self.told:
            return "not told"
        if self.least == 0:
            return f"fewer than {self.most + 1}"
        return f"{_nearest(self.least)} or more" if self.most == self.schools else f"about {_nearest(self.least)}"


@dataclass(frozen=True, slots=True)
class Totals:
    """What is told on a counting day, of conversations that are open. Where `groups` or `states` is empty there are too few schools."""

    on: date
    whole: Cell
    groups: tuple[Cell, ...]
    states: tuple[Cell, ...]


def counting_day(on: date) -> date:
    """The day as at which totals are counted: the first of the month."""
    return on.replace(day=1)


def ranges(schools: int, at_most: int) -> tuple[tuple[int, int], ...]:
    """The ranges in which a count among so many schools may be told; the last one begins no higher than `at_most`.

    >>> ranges(22, 11)
    ((0, 4), (5, 7), (8, 22))
    >>> ranges(9, 4)
    ((0, 9),)
    """
    starts = [0]
    start = FEWEST
    while start <= min(at_most, schools):
        starts.append(start)
        start = _nearest(start) + ROUNDED_TO - ROUNDED_TO // 2
    return tuple(zip(starts, [*(one - 1 for one in starts[1:]), schools], strict=True))


def _told(name: str, count: int, schools: int, at_most: int, names: tuple[str, ...] = ()) -> Cell:
    least, most = next((low, high) for low, high in ranges(schools, at_most) if low <= count <= high)
    return Cell(name, schools, least, most, names)


def _nearest(count: int) -> int:
    return ROUNDED_TO * ((count + ROUNDED_TO // 2) // ROUNDED_TO)


def together(sizes: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Which groups are told together: name as told to the groups in it, largest first. It follows from their sizes alone.

    Groups under TELLING schools become one, and it takes the next smallest until it is large enough; with fewer schools than that in all,
    everything is one group.
    """
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    alone = [name for name in ordered if sizes[name] >= TELLING]
    small = [name for name in ordered if sizes[name] < TELLING]
    while small and alone and sum(sizes[name] for name in small) < TELLING:
        small.insert(0, alone.pop())
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in alone}
    if small:
        found[small[0] if len(small) == 1 else f"{len(small)} {REST}"] = tuple(small)
    return found


def groups_of(schools: Sequence[Standing]) -> dict[str, list[Standing]]:
    """Every school in exactly one group, by the name it is told under: its phase, or phase and place where parts are large enough."""
    kinds = Counter((school.phase, school.place) for school in schools)
    phases = Counter(school.phase for school in schools)
    name_of: dict[tuple[str, str], str] = {}
    parted: dict[str, int] = {}
    for phase in phases:
        places = together({place: count for (one, place), count in kinds.items() if one == phase})
        for name, inside in places.items():
            said = f"{phase}, {name}" if len(places) > 1 and name else phase
            parted[said] = sum(kinds[phase, place] for place in inside)
            name_of |= {(phase, place): said for place in inside}
    joined = {part: name for name, parts in together(parted).items() for part in parts}
    found: dict[str, list[Standing]] = {}
    for school in schools:
        found.setdefault(joined[name_of[school.phase, school.place]], []).append(school)
    return found


def highest(sizes: Iterable[int]) -> int:
    """How high the whole may be told to be at least, so that no group is filled up by subtracting the others at the most they could be.

    The others hold at least FEWEST - 1 each, as far as is ever told; so a sum of what is left never reaches all of a group but IN_DOUBT.
    """
    counts = list(sizes)
    return min((size - IN_DOUBT + (FEWEST - 1) * (len(counts) - 1) for size in counts), default=0)


def tell(schools: Sequence[Standing], *, on: date, states: Sequence[str]) -> Totals:
    """The totals of these schools. `states` are those that are told, in this order; any other counts in the whole alone."""
    parts = groups_of(schools)
    everyone = len(schools)
    at_most = min(highest(len(part) for part in parts.values()), everyone // 2)
    counted = Counter(school.state for school in schools if school.state)
    cells = tuple(
        _told(name, sum(bool(one.state) for one in part), len(part), len(part) // 2, _names(part) if REST in name else ())
        for name, part in parts.items()
    )
    cells = tuple(sorted(cells, key=lambda cell: (bool(cell.names), cell.name)))
    by_state = tuple(_told(state, counted[state], everyone, FEWEST) for state in states) if FEWEST * len(states) <= at_most else ()
    return Totals(on, _told("All", counted.total(), everyone, at_most), cells if len(cells) > 1 else (), by_state)


def _names(part: Sequence[Standing]) -> tuple[str, ...]:
    """What is in a group of several."""
    return tuple(sorted({", ".join(word for word in (one.phase, one.place) if word) for one in part}))
