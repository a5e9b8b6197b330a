"""The exact search: whole needs on whole offers at the least cost, with what is proved of any other choice.

Columns are the pairs that every rule allows. Rows: each need is served once at the most; nobody gives more half days than they have left;
and a column of its own for each further need that one school (or other employer) serves. What the relaxation prices out of reach is left
out with a proof, as in the matching of peer reviews.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from convenor.peer_review.rules.matching.rows import ENDLESS, run, solver
from convenor.support.rules.placing_types import Need, Offer, Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: Pairs as (number of the need, number of the offer) with what each costs.
Pair = tuple[int, int]
#: How much of its tree the search may look at before it answers "feasible".
NODES: Final = 20_000
#: The largest seed that the solver takes.
SEEDS: Final = 2**31 - 1
#: Pairs whose price is so near to nothing are searched first.
NEAR: Final = 5.0
#: How near two costs are the same.
TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Solved:
    """Chosen pairs, their objective, and the least that any other choice could have."""

    pairs: tuple[Pair, ...]
    objective: float
    bound: float

    @property
    def optimal(self) -> bool:
        """Whether nothing better exists, proved."""
        return self.objective - self.bound <= TOLERANCE * max(1.0, abs(self.objective))


def solve(needs: Sequence[Need], offers: Sequence[Offer], costs: dict[Pair, float], weights: Weights, seed: int) -> Solved:
    """The pairs of `costs` (those that every rule allows) of least objective. The same input and seed give the same answer.

    Raises SolverError (of the matching of peer reviews) where the solver stops in a way that proves nothing.
    """
    everything = weights.unmet * len(needs)
    worth = [pair for pair, cost in sorted(costs.items()) if cost < weights.unmet]
    if not worth:
        return Solved((), everything, everything)
    random.Random(seed).shuffle(worth)  # noqa: S311 - among equally good answers, chance from a seed decides
    model = _Model(needs, offers, worth, [costs[pair] - weights.unmet for pair in worth], weights)
    chosen, bound = model.best(seed)
    pairs = tuple(sorted(worth[column] for column in chosen))
    found = objective(pairs, needs, offers, costs, weights)
    return Solved(pairs, found, min(found, bound + everything))


def objective(pairs: Sequence[Pair], needs: Sequence[Need], offers: Sequence[Offer], costs: dict[Pair, float], weights: Weights) -> float:
    """What a choice of pairs costs: its pairs, each further need of one house, and every need left unmet."""
    served: dict[str, int] = defaultdict(int)
    for _, offer in pairs:
        served[offers[offer].house] += 1
    again = sum(times - 1 for times in served.values())
    parts = [costs[pair] for pair in pairs]
    return math.fsum([*parts, weights.again * again, weights.unmet * (len(needs) - len(pairs))])


class _Model:
    """The pairs as columns, then one column for each house that could serve more than one need."""

    def __init__(
        self, needs: Sequence[Need], offers: Sequence[Offer], pairs: Sequence[Pair], gains: Sequence[float], weights: Weights
    ) -> None:
        import numpy as np

        self.cost: Floats = np.array(gains, dtype=np.float64)
        self.again = weights.again
        self.rows: list[list[tuple[int, float]]] = [[] for _ in pairs]
        high: list[float] = []
        by_need, by_offer, by_house = defaultdict(list), defaultdict(list), defaultdict(list)
        for column, (need, offer) in enumerate(pairs):
            by_need[need].append(column)
            by_offer[offer].append(column)
            by_house[offers[offer].house].append(column)
        for columns in by_need.values():
            self._row(columns, [1.0] * len(columns), high, 1.0)
        for offer, columns in by_offer.items():
            asked = [float(needs[pairs[column][0]].half_days) for column in columns]
            left = offers[offer].half_days_left
            if sum(asked) > left:
                self._row(columns, asked, high, float(left))
        self.house_row: list[int] = []
        for columns in by_house.values():
            if self.again and len({pairs[column][0] for column in columns}) > 1:
                self.house_row.append(len(high))
                self._row(columns, [1.0] * len(columns), high, 1.0)
        self.high: Floats = np.array(high, dtype=np.float64)

    def _row(self, columns: Sequence[int], values: Sequence[float], high: list[float], most: float) -> None:
        for column, value in zip(columns, values, strict=True):
            self.rows[column].append((len(high), value))
        high.append(most)

    def _lp(self, keep: Sequence[int], *, whole: bool) -> Any:
        """The solver's model of the pairs `keep` and of the houses."""
        import highspy
        import numpy as np

        index, value, starts = [], [], [0]
        for column in keep:
            index += [row for row, _ in self.rows[column]]
            value += [amount for _, amount in self.rows[column]]
            starts.append(len(index))
        for row in self.house_row:
            index.append(row)
            value.append(-1.0)
            starts.append(len(index))
        houses = len(self.house_row)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(keep) + houses, len(self.high)
        model.col_cost_ = np.concatenate([self.cost[list(keep)], np.full(houses, self.again)])
        model.col_lower_ = np.zeros(len(keep) + houses)
        model.col_upper_ = np.concatenate([np.ones(len(keep)), np.full(houses, ENDLESS)])
        model.row_lower_, model.row_upper_ = np.full(len(self.high), -ENDLESS), self.high
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(value, dtype=np.float64)
        if whole:
            kinds = highspy.HighsVarType
            model.integrality_ = [kinds.kInteger] * len(keep) + [kinds.kContinuous] * houses
        return model

    def best(self, seed: int) -> tuple[list[int], float]:
        """The columns of the best choice, and what is proved of every choice.

        First the relaxation, which prices every pair; then a search among the pairs that cost nearly nothing at those prices; then, where
        that does not meet the bound, among all that could still matter.
        """
        import numpy as np

        everything = np.arange(len(self.cost))
        highs = solver(random_seed=seed % SEEDS)
        highs.passModel(self._lp(everything.tolist(), whole=False))
        run(highs)
        bound, reduced = self._priced(np.asarray(highs.getSolution().row_dual, dtype=np.float64))
        keep = reduced <= NEAR
        chosen, cost, proved = self._search(everything[keep], seed)
        proved = max(bound, min(proved, bound + float(reduced[~keep].min(initial=np.inf))))
        if cost - proved <= TOLERANCE:
            return chosen, proved
        keep = reduced <= cost - bound + TOLERANCE
        chosen, _, proved = self._search(everything[keep], seed)
        return chosen, max(bound, min(proved, bound + float(reduced[~keep].min(initial=np.inf))))

    def _search(self, keep: Ints, seed: int) -> tuple[list[int], float, float]:
        """The best whole choice among the pairs `keep`: its columns, its cost, and the bound over those pairs."""
        import numpy as np

        highs = solver(random_seed=seed % SEEDS, mip_max_nodes=NODES, mip_rel_gap=0.0, mip_abs_gap=TOLERANCE / 10)
        highs.passModel(self._lp(keep.tolist(), whole=True))
        run(highs, ("stopped",))
        info = highs.getInfo()
        values = np.asarray(highs.getSolution().col_value, dtype=np.float64)[: len(keep)]
        return keep[values > 0.5].tolist(), float(info.objective_function_value), float(info.mip_dual_bound)

    def _priced(self, dual: Floats) -> tuple[float, Floats]:
        """The bound that the rows' prices prove by themselves, whatever the solver's tolerances, and each pair's reduced cost."""
        import numpy as np

        price = np.maximum(-dual, 0.0)
        price[self.house_row] = np.minimum(price[self.house_row], self.again)
        paid = np.array([sum(price[row] * amount for row, amount in rows) for rows in self.rows])
        reduced = self.cost + paid
        return float(np.minimum(reduced, 0.0).sum() - (price * self.high).sum()), reduced
