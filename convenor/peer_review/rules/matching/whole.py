"""Whole people: an exact search over the columns that can still matter.

What the relaxation prices out of reach is left out with a proof: a round that uses a column left out costs at least the relaxation's bound
plus that column's reduced cost. So the least of that and of the search's own bound holds for the whole round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convenor.peer_review.rules.matching.columns import Columns
from convenor.peer_review.rules.matching.relaxation import Relaxed
from convenor.peer_review.rules.matching.rows import model_of, run, solver

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

#: The largest seed that the solver takes.
SEEDS = 2**31 - 1


@dataclass(frozen=True)
class Effort:
    """How much work a search may take, counted in nodes of its tree, and how near to the optimum it may stop (a share)."""

    nodes: int
    near: float = 0.0


@dataclass(frozen=True)
class Chosen:
    """Columns chosen, their cost, what is proved of any other choice, and how many seats stayed empty."""

    columns: Ints
    cost: float
    bound: float
    empty_seats: int


def search(relaxed: Relaxed, among: Ints, *, effort: Effort, seed: int, start: Chosen | None = None) -> Chosen:
    """The best whole choice among the columns `among`, with a bound that holds for *all* columns. Raises SolverError."""
    import numpy as np

    rows, columns = relaxed.rows, relaxed.rows.columns
    slots, extra = with_pairs_and_swaps(columns, rows.of_column, among, rows.starts["end"])
    highs = solver(
        mip_max_nodes=effort.nodes,
        mip_rel_gap=effort.near,
        mip_abs_gap=1e-7,
        random_seed=seed % SEEDS,
        mip_heuristic_run_rins=False,
        mip_heuristic_run_rens=False,
        mip_heuristic_run_root_reduced_cost=False,
    )
    highs.passModel(model_of(rows, among, slots, extra, whole=True))
    if start is not None:
        taken = np.flatnonzero(np.isin(among, start.columns)) + rows.slack_count
        highs.setSolution(len(taken), taken.astype(np.int32), np.ones(len(taken)))
    run(highs, ("stopped",))
    info = highs.getInfo()
    values = np.asarray(highs.getSolution().col_value, dtype=np.float64)
    taken = np.flatnonzero(values[rows.slack_count :] > 0.5)
    empty = values[rows.slack_count - 2 * len(columns.hosts) : rows.slack_count]
    left_out = np.delete(relaxed.reduced, among)
    bound = min(float(info.mip_dual_bound), relaxed.bound + float(left_out.min(initial=np.inf)))
    cost = float(info.objective_function_value)
    return Chosen(among[taken], cost, min(max(bound, relaxed.bound), cost), round(float(empty.sum())))


def with_pairs_and_swaps(columns: Columns, slots: Ints, among: Ints, end: int) -> tuple[Ints, int]:
    """The slots of the columns `among` with a row for each pair that holds two of them and each swap that they allow; how many rows."""
    import numpy as np

    pair, swap, first_way = columns.pair[among], columns.swap[among], columns.host[among] * len(columns.hosts) > columns.swap[among]
    _, which, times = np.unique(pair, return_inverse=True, return_counts=True)
    numbered = np.cumsum(times > 1) - 1
    pair_row = np.where(times[which] > 1, end + numbered[which], -1)
    pairs = int((times > 1).sum())
    _, which = np.unique(swap, return_inverse=True)
    ways = [np.bincount(which, (swap >= 0) & way) > 0 for way in (first_way, ~first_way)]
    both = ways[0] & ways[1]
    swap_row = np.where(both[which], end + pairs + (np.cumsum(both) - 1)[which], -1)
    return np.column_stack([slots[among], pair_row, swap_row]).astype(np.int64), pairs + int(both.sum())
