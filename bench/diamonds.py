"""Several diamonds together: how fast, how W behaves by chance, and whether groups are found where there are none.

`python -m bench.diamonds` times the consensus and p beside plain Python; `points` makes the table of 95 % points; `groups` holds the
opinion groups against noise and against planted groups (`groups 100` for a shorter look).
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from convenor.conditions.rules.concordance import spread_of
from convenor.conditions.rules.diamonds import DIAMONDS, DOUBLED, all_diamonds

MILLION = 1_000_000
TOLD = (*range(2, 51), 60, 70, 80, 90, 100, 150, 200, 250, 300)


def point_of(spreads: NDArray[np.int64]) -> int:
    """The least value that at most one in twenty reaches."""
    values, times = np.unique(spreads, return_counts=True)
    reach = times[::-1].cumsum()[::-1]
    return int(values[np.argmax(reach * 20 <= len(spreads))])


def exact_points() -> dict[int, int]:
    """For 2 and 3 entries every set counts: the first diamond may stand for any, since renaming the cards changes nothing."""
    ranks = DOUBLED[all_diamonds()].astype(np.int16)
    two = ranks[0] + ranks
    counts: dict[int, int] = {}
    for third in ranks:
        values, times = np.unique(np.square(two + third - 30, dtype=np.int32).sum(axis=1), return_counts=True)
        for value, many in zip(values.tolist(), times.tolist(), strict=True):
            counts[value] = counts.get(value, 0) + many
    reach, three = 0, max(counts)
    for value in sorted(counts, reverse=True):
        reach += counts[value]
        if reach * 20 > DIAMONDS**2:
            break
        three = value
    return {2: point_of(spread_of(two.astype(np.int64), 2)), 3: three}


def points() -> dict[int, int]:
    """The 95 % points of four times S: exact for 2 and 3 entries, a million drawn sets for the others, one entry added at a time."""
    found = exact_points()
    chance = np.random.default_rng(57)
    ranks = DOUBLED[all_diamonds()].astype(np.int32)
    sums = np.zeros((MILLION, 9), dtype=np.int32)
    for entries in range(1, max(TOLD) + 1):
        sums += ranks[chance.integers(0, DIAMONDS, MILLION)]
        if entries in TOLD and entries not in found:
            found[entries] = point_of(spread_of(sums.astype(np.int64), entries))
    return found


def main() -> None:
    """Prints what was asked for."""
    if sys.argv[1:2] == ["points"]:
        print(", ".join(f"{entries}: {point}" for entries, point in points().items()))


if __name__ == "__main__":
    main()
