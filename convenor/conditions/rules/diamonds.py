"""Diamond nine: nine cards in five rows of 1, 2, 3, 2 and 1, the top a strength, the bottom where most improvement is needed.

A diamond is an order with fixed ties. It is held here as the row (1 to 5) of each card, in one order of the cards for all diamonds. Two
cards of one row share the mean of the ranks they fill (a mid-rank); one pair of cards stands above, level or below, and that is what
the distance counts (Kemeny and Snell). There are 9!/(1! 2! 3! 2! 1!) = 15,120 diamonds, few enough to look at every one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

CARDS: Final = 9
#: How many cards each row holds, the top row first.
SHAPE: Final = (1, 2, 3, 2, 1)
#: The rank that a card of each row has, the top row first; they add up to 45 over a diamond.
MID_RANKS: Final = (1.0, 2.5, 5.0, 7.5, 9.0)
#: How many diamonds there are.
DIAMONDS: Final = 15_120
#: The distance of a diamond from itself upside down: 31 pairs of cards that are not level, each turned round.
GREATEST_DISTANCE: Final = 62

Rows = NDArray[np.int8]
Pairs = NDArray[np.int8]
#: Twice the mid-rank of each row, so that sums are whole numbers; place 0 is no row.
DOUBLED: Final[NDArray[np.int64]] = np.array([0, *(int(2 * rank) for rank in MID_RANKS)], dtype=np.int64)
_FIRST, _SECOND = np.triu_indices(CARDS, k=1)


def is_diamond(rows: Sequence[int]) -> bool:
    """Whether these rows, one for each card, make the shape 1-2-3-2-1."""
    return len(rows) == CARDS and [list(rows).count(row) for row in range(1, 6)] == list(SHAPE)


def boards(diamonds: Sequence[Sequence[int]]) -> Rows:
    """Diamonds as a matrix, a line for each and a column for each card. Raises ValueError for none at all, and for one of another shape."""
    wrong = [number for number, rows in enumerate(diamonds) if not is_diamond(rows)]
    if wrong or not diamonds:
        raise ValueError(f"not of the shape 1-2-3-2-1: {wrong}" if wrong else "there is no diamond")
    return np.array(diamonds, dtype=np.int8)


def pairs_of(rows: Rows) -> Pairs:
    """For each diamond its 36 pairs of cards: 1 where the first stands above the second, 0 level, -1 below."""
    pairs: Pairs = np.sign(rows[:, _SECOND] - rows[:, _FIRST])
    return pairs


@lru_cache(maxsize=1)
def all_diamonds() -> Rows:
    """Every diamond once, those with the earlier cards in the higher rows first (row 1 decides, then row 2, and so on)."""
    found = np.zeros((1, CARDS), dtype=np.int8)
    free = np.arange(CARDS)[None, :]
    for row, size in enumerate(SHAPE, 1):
        taken = list(combinations(range(free.shape[1]), size))
        left = [[card for card in range(free.shape[1]) if card not in each] for each in taken]
        placed = free[:, taken].reshape(-1, size)
        found = np.repeat(found, len(taken), axis=0)
        np.put_along_axis(found, placed, row, axis=1)
        free = free[:, left].reshape(len(found), -1) if left[0] else free
    found.setflags(write=False)
    return found


def distance(one: Sequence[int], other: Sequence[int]) -> int:
    """How far two diamonds are apart, 0 to 62: each pair of cards counts 1 where it is level in just one of them, 2 where it is turned
    round. Raises ValueError as `boards` does."""
    pairs = pairs_of(boards([one, other]))
    return int(np.abs(pairs[0].astype(int) - pairs[1]).sum())
