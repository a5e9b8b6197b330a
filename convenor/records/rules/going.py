"""Which rows go when their time has come, which stay although it has, and in what order they are deleted.

A row goes only when its own period is over, nothing holds it back, whatever it stays with goes too, and every row that leans on it goes
too. So a package of support goes whole or not at all, and what the partnership's memory points to stays as long as the memory.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

#: A row: the label of its table and its key.
Row: TypeAlias = tuple[str, Any]

#: About how many rows one transaction deletes.
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Link:
    """`row` points at `to`. `stays`: it is kept at least as long as what it points at."""

    row: Row
    to: Row
    stays: bool


def may_go(past: Set[Row], links: Iterable[Link]) -> set[Row]:
    """The rows that may go, of those whose own period is over and that nothing holds back.

    `links` are all the keys, in any table, that point at one of them, and those by which one of them stays with another. The largest set
    such that no row is left pointing at nothing, and none goes before what it stays with.
    """
    going = set(past)
    asks: dict[Row, list[Row]] = defaultdict(list)  # if the first stays, so do these
    waiting: deque[Row] = deque()
    for link in links:
        if link.stays:
            asks[link.to].append(link.row)
        asks[link.row].append(link.to)
        waiting.extend(each for each in (link.row, link.to) if each not in going)
    while waiting:
        for each in asks[waiting.popleft()]:
            if each in going:
                going.discard(each)
                waiting.append(each)
    return going


def bundles(going: Set[Row], links: Iterable[Link]) -> list[list[Row]]:
    """The rows that go, in groups that hang together: a group goes whole or not at all. In a fixed order."""
    leader = {row: row for row in going}

    def led(row: Row) -> Row:
        while leader[row] != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    for link in links:
        if link.row in leader and link.to in leader:
            leader[led(link.row)] = led(link.to)
    found: dict[Row, list[Row]] = defaultdict(list)
    for row in sorted(going, key=_order):
        found[led(row)].append(row)
    return list(found.values())


def batches(groups: Iterable[Sequence[Row]], *, size: int = BATCH) -> list[list[Row]]:
    """The groups, put together to about `size` rows each; no group is ever parted, however large."""
    found: list[list[Row]] = []
    for group in groups:
        if found and len(found[-1]) + len(group) <= size:
            found[-1].extend(group)
        else:
            found.append(list(group))
    return found


def children_first(points_at: Mapping[str, Set[str]]) -> list[str]:
    """The tables in the order in which they are emptied: each before those that it points at. A table that points at itself stands once.

    `points_at`: for each table those its keys lead to. Tables that point at each other in a ring come in the order of their names, for
    the database checks its keys when all is done.
    """
    left = {label: {to for to in points_at[label] if to != label and to in points_at} for label in points_at}
    done: list[str] = []
    while left:
        pointed_at = set().union(*left.values())
        free = sorted(set(left) - pointed_at) or sorted(left)[:1]
        done += free
        for label in free:
            del left[label]
    return done


def _order(row: Row) -> tuple[str, int, str]:
    """Numbers in their own order, text by its letters."""
    return (row[0], row[1], "") if isinstance(row[1], int) else (row[0], 0, str(row[1]))
