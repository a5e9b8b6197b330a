"""The round with people cut into parts: its least cost is a bound that no choice of whole people can beat.

Few columns are handed to the solver at first; every other is priced against its answer and handed over where it could still help, until
none can. Rows for pairs (one of a school) and swaps are added where the answer breaks them. The bound is then computed from the prices
themselves over *all* columns, so that the solver's own tolerances cannot make it too good (weak duality: any prices of the right sign
will do).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convenor.peer_review.rules.matching.columns import LEAD, Columns
from convenor.peer_review.rules.matching.rows import ENDLESS, Rows, model_of, run, solver, sparse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: Columns handed over at first and in each round of pricing, for each host and part.
FIRST_MEMBERS, FIRST_LEADS, MORE = 12, 6, 8
#: A reduced cost below this is worth a further round; above, it cannot move the answer by what we print.
WORTH = -1e-7
#: How much the preference among columns alike in price counts: less than any price that matters.
NUDGE = 1e-6


@dataclass(frozen=True)
class Relaxed:
    """The bound, and each column's reduced cost: a team with it costs at least `bound` + `reduced`."""

    rows: Rows
    bound: float
    reduced: Floats
    prices: Floats  # of the standing rows
    pair_price: dict[int, float]  # of Columns.pair, zero or less
    swap_price: dict[int, float]  # of Columns.swap, zero or less
    empty_seats: float  # parts of seats that stay empty even so
    handed_over: Ints  # the columns that the solver was given: they hold an optimum of the relaxation


def relax(columns: Columns, *, empty_seat: float, prefer: Floats | None = None) -> Relaxed:
    """Solves the relaxation of `columns`, an empty seat costing `empty_seat`. Raises SolverError.

    Of columns alike in price those low in `prefer` are handed over first; it changes the time taken, never the bound.
    """
    return _Pricing(Rows(columns, empty_seat), columns.cost if prefer is None else prefer).solve()


def cheapest(columns: Columns, by: Floats, among: Ints, members: int, leads: int) -> Ints:
    """The few columns of each host and part, of those `among` (parallel to `by`), that are cheapest."""
    import numpy as np

    host, part = columns.host[among], columns.part[among]
    order = np.lexsort((by, host, part))
    box = (part * len(columns.hosts) + host)[order]
    begins = np.flatnonzero(np.diff(box, prepend=-1))
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    return np.asarray(among[order[rank < np.where(part[order] == LEAD, leads, members)]], dtype=np.int64)


class _Pricing:
    """One run: the solver, which columns it has, and which rows were added."""

    def __init__(self, rows: Rows, prefer: Floats) -> None:
        import numpy as np

        self.rows, self.columns = rows, rows.columns
        self.has = np.zeros(self.columns.count, dtype=bool)
        self.order = np.zeros(0, dtype=np.int64)
        self.added: dict[str, dict[int, int]] = {"pair": {}, "swap": {}}
        self.slots = [np.ascontiguousarray(slot) for slot in rows.of_column.T]
        self.highs = solver(solver="simplex")
        self.prefer = prefer / max(1.0, float(prefer.max(initial=0.0)))
        first = cheapest(self.columns, prefer, np.arange(self.columns.count), FIRST_MEMBERS, FIRST_LEADS)
        self.has[first], self.order = True, first
        self.highs.passModel(model_of(rows, first, rows.of_column[first], 0, whole=False))

    def solve(self) -> Relaxed:
        """Solve, cut, price; until nothing is left to add."""
        import numpy as np

        while True:
            run(self.highs)
            solution = self.highs.getSolution()
            values = np.asarray(solution.col_value, dtype=np.float64)
            found = self._priced(np.asarray(solution.row_dual, dtype=np.float64), values)
            cuts = self._cut(values[self.rows.slack_count :])
            helpful = np.flatnonzero((found.reduced < WORTH) & ~self.has)
            if not cuts and not len(helpful):
                return found
            self._hand_over(cheapest(self.columns, found.reduced[helpful] + self.prefer[helpful] * NUDGE, helpful, MORE, MORE))

    def _hand_over(self, more: Ints) -> None:
        """Gives the solver further columns, in the rows added so far too."""
        import numpy as np

        if not len(more):
            return
        extra = [self._lookup(name, getattr(self.columns, name)[more], self.added[name], -1) for name in ("pair", "swap")]
        starts, index, value = sparse(np.column_stack([self.rows.of_column[more], *extra]).astype(np.int64), self.rows, more)
        zero = np.zeros(len(more))
        self.highs.addCols(
            len(more),
            self.columns.cost[more],
            zero,
            zero + ENDLESS,
            len(index),
            starts[:-1].astype(np.int32),
            index.astype(np.int32),
            value,
        )
        self.has[more] = True
        self.order = np.concatenate([self.order, more])

    def _lookup(self, name: str, keys: Ints, table: dict[int, Any], otherwise: float) -> Floats:
        """The table's value for each key. Keys are dense enough for an array to be the quickest table."""
        import numpy as np

        # One place more than keys, so that the key -1 finds what stands for "no key".
        values = np.full(1 + int(getattr(self.columns, name).max(initial=-1) + 1), otherwise)
        values[np.fromiter(table, dtype=np.int64)] = np.fromiter(table.values(), dtype=np.float64)
        return np.asarray(values[keys], dtype=np.float64)

    def _cut(self, values: Floats) -> int:
        """Adds a row for each pair or swap that the answer breaks; how many."""
        import numpy as np

        cuts = 0
        for name in ("pair", "swap"):
            keys = getattr(self.columns, name)[self.order]
            counted = keys >= 0
            different, which = np.unique(keys[counted], return_inverse=True)
            total = np.bincount(which, values[counted], minlength=len(different))
            # A row that is there already can be broken by the solver's tolerance only.
            for key in sorted(set(different[total > 1 + 1e-7].tolist()) - set(self.added[name])):
                members = np.flatnonzero(keys == key) + self.rows.slack_count
                self.added[name][key] = self.rows.starts["end"] + sum(map(len, self.added.values()))
                self.highs.addRow(-ENDLESS, 1.0, len(members), members.astype(np.int32), np.ones(len(members)))
                cuts += 1
        return cuts

    def _priced(self, dual: Floats, values: Floats) -> Relaxed:
        """The bound and reduced costs that these prices prove, over every column."""
        import numpy as np

        rows, end = self.rows, self.rows.starts["end"]
        low = np.concatenate([rows.limits[0], np.full(len(dual) - end, -ENDLESS)])
        high = np.concatenate([rows.limits[1], np.ones(len(dual) - end)])
        dual = np.where(((dual > 0) & ~np.isfinite(low)) | ((dual < 0) & ~np.isfinite(high)), 0.0, dual)
        limit = np.where(dual > 0, low, high)
        paid = float(np.sum(dual[dual != 0] * limit[dual != 0]))
        reduced, prices = self.columns.cost.copy(), np.append(dual[:end], 0.0)
        for slot in self.slots:
            reduced -= prices[slot]
        if self.columns.at_most is not None:
            reduced -= dual[rows.starts["ceiling"]] * self.columns.change
        price = {name: {key: float(dual[row]) for key, row in added.items()} for name, added in self.added.items()}
        for name in [each for each, known in price.items() if known]:
            reduced -= self._lookup(name, getattr(self.columns, name), price[name], 0.0)
        cost, most, row, sign = rows.slacks
        spare = np.minimum(cost - sign * dual[row], 0.0) * most
        bound = paid + float(spare.sum()) + float(np.minimum(reduced, 0.0).sum())
        empty = float(values[rows.slack_count - 2 * len(self.columns.hosts) : rows.slack_count].sum())
        return Relaxed(rows, bound, reduced, dual[:end], price["pair"], price["swap"], empty, np.sort(self.order))
