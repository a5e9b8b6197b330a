"""The diamond that several diamonds make together: the Kemeny median, looked for among all 15,120.

It is the diamond whose distances to the entries add up to the least. Often several do equally well; then all of them are the answer, and
none is the better for standing first in a list. One entry is one vote, however many people made it.

For one pair of cards a diamond that says v (1, 0 or -1) is apart from the entries by (up + down) + v (down - up) + |v| level, where up,
down and level count the entries that say 1, -1 and 0. So the total distances of all diamonds are one product of a matrix with a vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convenor.conditions.rules.diamonds import GREATEST_DISTANCE, Pairs, Rows, all_diamonds, pairs_of


@dataclass(frozen=True)
class Consensus:
    """All optimal diamonds (rows of each card, in the order of `all_diamonds`), their total distance to the entries, and how far each entry
    agrees with them: 1 - (mean distance to all of them) / 31, from 1 (it is the only one) to -1 (it is the only one upside down)."""

    optimal: Rows
    total_distance: int
    agreement: NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many diamonds do equally well."""
        return len(self.optimal)


@lru_cache(maxsize=1)
def _every_pair() -> NDArray[np.int32]:
    """The pairs of every diamond, then whether each is not level."""
    pairs = pairs_of(all_diamonds())
    return np.hstack([pairs, np.abs(pairs)]).astype(np.int32)


def _counts(pairs: Pairs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each pair of cards: how many diamonds have it level, and by how many more it is down than up."""
    return (pairs == 0).sum(axis=0, dtype=np.int64), -pairs.sum(axis=0, dtype=np.int64)


def total_distances(rows: Rows) -> NDArray[np.int64]:
    """The total distance from every diamond, in the order of `all_diamonds`, to these."""
    level, down_over_up = _counts(pairs_of(rows))
    apart = int(len(rows) * len(level) - level.sum())
    # Whole numbers, multiplied without the threads of a numeric library: on a busy machine those took 50 ms for what takes 0.1 ms.
    sums = np.einsum("ij,j->i", _every_pair(), np.concatenate([down_over_up, level]).astype(np.int32))
    totals: NDArray[np.int64] = apart + sums.astype(np.int64)
    return totals


def consensus_of(rows: Rows) -> Consensus:
    """What these diamonds say together; at least one."""
    totals = total_distances(rows)
    least = int(totals.min())
    optimal = all_diamonds()[totals == least]
    return Consensus(optimal, least, 1 - _mean_distances(rows, optimal) / (GREATEST_DISTANCE / 2))


def _mean_distances(rows: Rows, optimal: Rows) -> NDArray[np.float64]:
    """The mean distance of each entry to all the optimal diamonds, by the same sum with the two changed about."""
    level, down_over_up = _counts(pairs_of(optimal))
    apart = len(optimal) * len(level) - level.sum()
    pairs = pairs_of(rows).astype(np.int64)
    distances: NDArray[np.float64] = (apart + pairs @ down_over_up + np.abs(pairs) @ level) / len(optimal)
    return distances
