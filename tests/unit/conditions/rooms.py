"""Rooms of diamonds made from a seed, and the same arithmetic by plain loops."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import permutations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from convenor.conditions.rules.diamonds import Rows, all_diamonds

PLACES = (1, 2, 2, 3, 3, 3, 4, 4, 5)
RANK = {1: 1.0, 2: 2.5, 3: 5.0, 4: 7.5, 5: 9.0}
ITEMS = tuple("ABCDEFGHI")

#: Enough examples where each looks at all 15,120 diamonds.
some_examples = settings(max_examples=15, deadline=None)
#: Any diamond, as the rows of its nine cards.
diamonds = st.permutations(PLACES).map(tuple)
#: A few of them.
several = st.lists(diamonds, min_size=1, max_size=6)


def at_random(entries: int, seed: int = 1) -> Rows:
    """So many random diamonds."""
    return all_diamonds()[np.random.default_rng(seed).integers(0, 15_120, entries)]


def in_order(feelings: np.ndarray) -> Rows:
    """The diamonds of people who feel so about nine cards, the least at the top."""
    rows = np.empty(feelings.shape, dtype=np.int8)
    np.put_along_axis(rows, np.argsort(feelings, axis=1), np.broadcast_to(np.array(PLACES, dtype=np.int8), feelings.shape), axis=1)
    return rows


def apart(one: Sequence[int], other: Sequence[int]) -> int:
    """The distance of two diamonds by its definition: half the sum over all ordered pairs of cards of how their relations differ."""

    def relation(rows: Sequence[int], i: int, j: int) -> int:
        return (rows[i] < rows[j]) - (rows[i] > rows[j])

    return sum(abs(relation(one, i, j) - relation(other, i, j)) for i in range(9) for j in range(9)) // 2


@cache
def every_diamond() -> list[tuple[int, ...]]:
    """All diamonds, found another way."""
    return sorted(set(permutations(PLACES)))


def table(entries: dict[str, Sequence[int]], *, sizes: dict[str, int] | None = None, roles: dict[str, str] | None = None) -> str:
    """Entries as a table."""
    lines = ["entry,group_size,role,item,row"]
    for name, rows in entries.items():
        about = f"{name},{(sizes or {}).get(name, 1)},{(roles or {}).get(name, 'Head')}"
        lines += [f"{about},{item},{row}" for item, row in zip(ITEMS, rows, strict=True)]
    return "\n".join(lines) + "\n"
