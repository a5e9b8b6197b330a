"""Places in the queue: raw among a phase, and among the similar schools. For the data and the command; no screen shows them.

Ranks count from 1, the highest score, and schools of the same score share the better place. Only England's schools take a place; an
invented school is told the place that it would have. A school of which nothing is known has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int32]


def raw_ranks(score: Floats, phases: NDArray[np.str_], counts: Flags, known: Flags) -> Places:
    """The place of each school among England's schools of its phase; 0 where it has none."""
    ranks = np.zeros(len(score), dtype=np.int32)
    for phase in np.unique(phases):
        here = (phases == phase) & known
        among = np.sort(score[here & counts])
        ranks[here] = 1 + among.size - np.searchsorted(among, score[here], side="right")
    return ranks


def similar_ranks(score: Floats, similar: Places, known: Flags) -> Places:
    """The place of each school among itself and its similar schools; 0 where it has no similar schools of which anything is known."""
    padded = np.append(np.where(known, score, np.nan), np.nan)
    others = padded[similar]
    with np.errstate(invalid="ignore"):
        above = (others > score[:, None]).sum(axis=1).astype(np.int32)
    return np.where(known & np.isfinite(others).any(axis=1), above + 1, 0).astype(np.int32)
