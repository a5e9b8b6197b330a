"""How far several diamonds agree: Kendall's W, and what chance alone would do.

W is 0 where the cards' ranks add up alike, and 1 where all diamonds are the same. With the fixed ties of a diamond it is S / (57 m²), where
m is the number of entries and S adds up, over the cards, the square of the sum of a card's mid-ranks less 5 m (Kendall's W corrected for
ties: <https://en.wikipedia.org/wiki/Kendall%27s_W>). Chance alone means diamonds drawn at random, each of the 15,120 as likely as another.
Few entries agree a good deal by chance, so W never stands without the point that chance reaches in one case of twenty.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from convenor.conditions.rules.diamonds import CARDS, DIAMONDS, DOUBLED, Rows, all_diamonds

#: How many sets of random diamonds an agreement is held against.
DRAWS: Final = 10_000
#: Where the draws begin: the same entries give the same p on every machine.
SEED: Final = 20_190_607
#: A whole number for each W: four times S, since ranks are doubled to be whole.
Spread = NDArray[np.int64]

#: The table of 95 % points by number of entries, as four times S: the least that at most one in twenty sets of random diamonds reaches. For
#: 2 and 3 entries all sets were counted; from 4 on a million were drawn (`python -m bench.diamonds points`): two figures of W are sure.
POINTS: Final = {
    2: 726, 3: 1184, 4: 1632, 5: 2080, 6: 2524, 7: 2968, 8: 3414, 9: 3860, 10: 4300, 11: 4746, 12: 5190, 13: 5628, 14: 6066, 15: 6514,
    16: 6956, 17: 7390, 18: 7836, 19: 8286, 20: 8726, 21: 9162, 22: 9614, 23: 10050, 24: 10490, 25: 10926, 26: 11374, 27: 11820,
    28: 12254, 29: 12696, 30: 13140, 31: 13586, 32: 14010, 33: 14470, 34: 14902, 35: 15346, 36: 15804, 37: 16244, 38: 16678, 39: 17126,
    40: 17562, 41: 18002, 42: 18434, 43: 18868, 44: 19316, 45: 19752, 46: 20200, 47: 20646, 48: 21090, 49: 21526, 50: 21978, 60: 26430,
    70: 30824, 80: 35262, 90: 39710, 100: 44138, 150: 66138, 200: 88260, 250: 110330, 300: 132370,
}  # fmt: skip
#: Four times S over this and the square of the number of entries is W.
_EACH: Final = 4 * 57
#: What W times the number of entries comes to where there are very many: the 95 % point of chi-squared with 8 degrees of freedom, by 8.
LIMIT: Final = 15.507313 / 8


def spread_of(sums: NDArray[np.int64], entries: int) -> Spread:
    """Four times S, from the sums of the doubled ranks of each card (its last axis)."""
    spread: Spread = np.square(sums - 10 * entries).sum(axis=-1)
    return spread


def _sums(rows: Rows) -> NDArray[np.int64]:
    sums: NDArray[np.int64] = DOUBLED[rows].sum(axis=0)
    return sums


def kendall_w(rows: Rows) -> float:
    """Kendall's W of these diamonds, 0 to 1; at least one. A single entry agrees with itself: 1."""
    return int(spread_of(_sums(rows), len(rows))) / (_EACH * len(rows) ** 2)


@lru_cache(maxsize=32)
def by_chance(entries: int) -> Spread:
    """Four times S of as many sets of random diamonds as DRAWS, each of this many entries, the least first; always the same."""
    chance = np.random.default_rng([SEED, entries])
    ranks = DOUBLED[all_diamonds()].astype(np.int32)
    sums = np.zeros((DRAWS, CARDS), dtype=np.int32)
    for _ in range(entries):
        sums += np.take(ranks, chance.integers(0, DIAMONDS, DRAWS), axis=0)
    drawn = np.sort(spread_of(sums.astype(np.int64), entries))
    drawn.setflags(write=False)
    return drawn


def p_value(rows: Rows) -> float | None:
    """How often chance alone agrees at least so well: (1 + draws that do) / (1 + draws). None for one entry, which has nobody to agree
    with."""
    if len(rows) < 2:
        return None
    drawn = by_chance(len(rows))
    return (1 + DRAWS - int(np.searchsorted(drawn, spread_of(_sums(rows), len(rows))))) / (1 + DRAWS)


def point_95_percent(entries: int) -> float | None:
    """The W that chance alone reaches in at most one case of twenty; None for one entry.

    From the table; for numbers that it leaves out, and those beyond it, W times the number of entries is read between its neighbours in
    proportion to 1 / entries, up to its limit.
    """
    if entries < 2:
        return None
    known = sorted(POINTS, reverse=True)
    return float(np.interp(1 / entries, [0.0, *(1 / m for m in known)], [LIMIT, *(POINTS[m] / (_EACH * m) for m in known)])) / entries
