"""The most schools that rings of up to four can serve: cycle packing, solved exactly with HiGHS.

A column is the set of schools of one ring; each school may stand in one chosen column. There are too many columns to write down for a
large area, so they are made as they are needed. First the solver answers with fractions allowed, and columns that would better the
answer are looked for until there are none: what it then serves, rounded down, bounds every choice of rings. Then it chooses whole rings
among the columns made. Where these serve fewer than the bound, every column that a better choice could still hold is added, since such
a column's own price cannot fall short by more than what is left between; and the choice is made again. If that is done in full, the
answer is proved. Among rings that serve as many, shorter links are preferred, by too little ever to cost a school; that claims no best.

The solver stops by work counted, never by the clock: the same input and seed give the same rings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from math import floor
from random import Random
from typing import TYPE_CHECKING, Any, Final

from convenor.peer_review.rules.matching.rows import solver
from convenor.support.rules.rings import FAR_KM, RING_AT_MOST, Arc, Member, RingLink, RingsAnswer, links_of, ring_of, why_left

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: How many branches each choice of whole rings may try.
NODES: Final = 500
#: Shorter links are preferred by less than one school in all: the length of every link together counts for at most this much of one.
SHORTER: Final = 0.4
#: A gap of this much proves the number served: a better answer would be better by one whole school less `SHORTER`.
NEAR_ENOUGH: Final = 0.99 - SHORTER
#: How many columns may be added to prove an answer; beyond them it is told as not proved.
NEAR_AT_MOST: Final = 120_000
#: How many steps the search for such columns may take.
STEPS_AT_MOST: Final = 20_000_000
#: How many rounds of columns at most; each makes the fractional answer better or is the last.
ROUNDS: Final = 400
#: Sums of prices are held against each other this closely.
CLOSE: Final = 1e-6
#: What a link of unknown length counts for when shorter ones are preferred, kilometres.
UNKNOWN_KM: Final = 20.0

Column = tuple[int, ...]


def pack(
    members: Sequence[Member], *, far_km: float = FAR_KM, apart: frozenset[frozenset[str]] = frozenset(), seed: int = 1
) -> RingsAnswer:  # fmt: skip
    """The rings that serve the most schools. `seed` chooses among equally good answers. Raises BadRing where a school stands twice."""
    links = links_of(members, far_km=far_km, apart=apart)
    urns = sorted({urn for arc in links for urn in arc})
    Random(seed).shuffle(urns)  # noqa: S311 - chance from a seed, so that nobody is always served first
    chosen, bound, status = _packed(urns, links)
    rings = sorted((ring_of([urns[node] for node in column], links) for column in chosen), key=lambda ring: ring.schools)
    served = sum(len(ring.schools) for ring in rings)
    return RingsAnswer(tuple(rings), served, bound, status, why_left(members, links, rings))


def _packed(urns: list[str], links: Mapping[Arc, RingLink]) -> tuple[list[Column], int, str]:
    """The chosen columns, how many schools no choice could pass, and whether that is proved to be what they serve."""
    graph = Graph.of(urns, links)
    pool = Pool(graph)
    top, prices = _fractional(graph, pool)
    bound = floor(top + CLOSE)
    chosen, proved = pool.whole()
    served = sum(map(len, chosen))
    if served < bound:
        complete = pool.add_near(prices, top - served - 1)
        chosen, proved = pool.whole()
        served = sum(map(len, chosen))
        if complete and proved:
            bound = served
    return chosen, bound, "optimal" if served == bound else "feasible"


@dataclass(frozen=True)
class Graph:
    """Who could help whom, by number: `arcs[giver, receiver]`; and how long each link is, kilometres."""

    arcs: Bools
    km: Floats

    @staticmethod
    def of(urns: list[str], links: Mapping[Arc, RingLink]) -> Graph:
        """The links between schools, numbered as they stand in `urns`."""
        import numpy as np

        number = {urn: at for at, urn in enumerate(urns)}
        arcs, km = np.zeros((len(urns), len(urns)), dtype=bool), np.zeros((len(urns), len(urns)))
        for (giver, receiver), link in links.items():
            arcs[number[giver], number[receiver]] = True
            km[number[giver], number[receiver]] = UNKNOWN_KM if link.km is None else link.km
        return Graph(arcs, km)

    @property
    def size(self) -> int:
        """How many schools there are."""
        return len(self.arcs)

    def shortest(self, nodes: Column) -> Column:
        """The shortest ring through exactly these schools; empty where none goes round."""
        first = min(nodes)
        found: Column = ()
        least = float("inf")
        for rest in permutations(sorted(set(nodes) - {first})):
            round_ = (first, *rest)
            arcs = list(zip(round_, (*rest, first), strict=True))
            length = sum(float(self.km[arc]) for arc in arcs)
            if all(self.arcs[arc] for arc in arcs) and length < least:
                found, least = round_, length
        return found

    def length(self, ring: Column) -> float:
        """How long a ring's links are together, kilometres."""
        return sum(float(self.km[arc]) for arc in zip(ring, (*ring[1:], ring[0]), strict=True))


@dataclass
class Pool:
    """The columns made so far: sets of schools through which a ring goes, each once, with the shortest ring through it."""

    graph: Graph
    columns: dict[Column, Column] = field(default_factory=dict)

    def add(self, nodes: Sequence[int]) -> bool:
        """Adds the ring through these schools; False where it stands already."""
        key = tuple(sorted(nodes))
        if key in self.columns:
            return False
        self.columns[key] = self.graph.shortest(key)
        return True

    def relaxed(self) -> tuple[float, Floats]:
        """What the columns serve with fractions allowed, and the price of each school."""
        import numpy as np

        highs = solver(random_seed=1)
        highs.passModel(self._model([-float(len(nodes)) for nodes in self.columns], whole=False))
        highs.run()
        prices = -np.asarray(highs.getSolution().row_dual, dtype=np.float64)
        return -float(highs.getInfo().objective_function_value), prices

    def whole(self) -> tuple[list[Column], bool]:
        """Whole rings among the columns that serve the most schools, and whether that is proved of these columns."""
        import highspy

        if not self.columns:
            return [], True
        each = SHORTER / max(1.0, float(self.graph.km.max()) * self.graph.size)
        highs = solver(mip_max_nodes=NODES, random_seed=1, mip_rel_gap=0.0, mip_abs_gap=NEAR_ENOUGH)
        highs.passModel(self._model([each * self.graph.length(ring) - len(ring) for ring in self.columns.values()], whole=True))
        highs.run()
        values = list(highs.getSolution().col_value)
        chosen = [ring for ring, value in zip(self.columns.values(), values, strict=False) if value > 0.5]
        return chosen, highs.getModelStatus() == highspy.HighsModelStatus.kOptimal

    def _model(self, cost: list[float], *, whole: bool) -> Any:
        """The solver's model: a row for each school, which stands in one column at most."""
        import highspy
        import numpy as np

        model, endless = highspy.HighsLp(), highspy.kHighsInf
        model.num_col_, model.num_row_ = len(self.columns), self.graph.size
        model.col_cost_, model.col_lower_ = np.array(cost), np.zeros(len(cost))
        model.col_upper_ = np.full(len(cost), 1.0 if whole else endless)
        model.row_lower_, model.row_upper_ = np.full(self.graph.size, -endless), np.ones(self.graph.size)
        index = [node for nodes in self.columns for node in nodes]
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.cumsum([0, *map(len, self.columns)])
        model.a_matrix_.index_, model.a_matrix_.value_ = np.array(index), np.ones(len(index))
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
        return model

    def add_near(self, prices: Floats, short: float) -> bool:
        """Adds every ring whose schools' prices are together at most `short` more than their number. False where there are too many."""
        gains, graph = 1.0 - prices, self.graph
        lowest, best = -short - CLOSE, max(0.0, float(gains.max()))
        after = [[int(node) for node in row.nonzero()[0]] for row in graph.arcs]
        steps, room = 0, len(self.columns) + NEAR_AT_MOST
        for first in range(graph.size):
            paths: list[tuple[Column, float]] = [((first,), float(gains[first]))]
            while paths:
                path, gain = paths.pop()
                steps += len(after[path[-1]])
                if steps > STEPS_AT_MOST or len(self.columns) > room:
                    return False
                if len(path) > 1 and gain >= lowest and graph.arcs[path[-1], first]:
                    self.add(path)
                room_left = RING_AT_MOST - len(path)
                if room_left and gain + room_left * best >= lowest:
                    further = (node for node in after[path[-1]] if node > first and node not in path)
                    paths += [((*path, node), gain + float(gains[node])) for node in further]
        return True


def _fractional(graph: Graph, pool: Pool) -> tuple[float, Floats]:
    """What rings serve at most with fractions allowed, and the prices that prove it. Columns are added until none would better it."""
    import numpy as np

    for one, other in np.argwhere(np.triu(graph.arcs & graph.arcs.T)):
        pool.add((int(one), int(other)))
    top, prices = (0.0, np.zeros(graph.size))
    for _ in range(ROUNDS):
        if pool.columns:
            top, prices = pool.relaxed()
        better = [ring for ring in dearest(graph, prices) if pool.add(ring)]
        if not better:
            return top, prices
    return float(graph.size), np.ones(graph.size)  # pragma: no cover - every school served bounds any answer


def dearest(graph: Graph, prices: Floats) -> list[Column]:
    """For each school that has one, the rings of three and of four through it that gain most over the prices, where they gain at all."""
    import numpy as np

    if not graph.size:
        return []
    order = np.argsort(prices, kind="stable")  # the cheapest first, so that the first that fits gains most
    arcs, gains = graph.arcs[np.ix_(order, order)], (1.0 - prices)[order]
    first, second = _between(arcs)
    found = []
    for ring, gain in (*_of_three(arcs, gains, first), *_of_four(gains, first, second)):
        if gain > CLOSE:
            found.append(tuple(int(order[node]) for node in ring))
    return found


def _between(arcs: Bools) -> tuple[Ints, Ints]:
    """For each two schools, the first and the second that one helps and that helps the other; -1 for none."""
    import numpy as np

    size = len(arcs)
    first, second = np.full((size, size), -1), np.full((size, size), -1)
    for giver in range(size):
        through = arcs[giver][:, None] & arcs
        best = through.argmax(axis=0)
        known = through[best, np.arange(size)]
        first[giver] = np.where(known, best, -1)
        through[best, np.arange(size)] = False
        next_best = through.argmax(axis=0)
        second[giver] = np.where(through[next_best, np.arange(size)], next_best, -1)
    return first, second


def _of_three(arcs: Bools, gains: Floats, first: Ints) -> list[tuple[Column, float]]:
    """For each school, the ring of three through it that gains most."""
    import numpy as np

    back = first.T  # back[giver, receiver]: who carries help from the receiver home to the giver
    value = np.where(arcs & (back >= 0), gains[:, None] + gains[None, :] + gains[back], -np.inf)
    best, nodes = value.argmax(axis=1), np.arange(len(arcs))
    gain = value[nodes, best]
    return [((int(node), int(best[node]), int(back[node, best[node]])), float(gain[node])) for node in nodes if np.isfinite(gain[node])]


def _of_four(gains: Floats, first: Ints, second: Ints) -> list[tuple[Column, float]]:
    """For each school, the ring of four through it that gains most."""
    import numpy as np

    nodes = np.arange(len(gains))
    there, home = first, first.T
    pairs = [(there, home), (there, second.T), (second, home)]
    found: list[tuple[Column, float]] = []
    for out, back in pairs:
        known = (out >= 0) & (back >= 0) & (out != back)
        value = np.where(known, gains[:, None] + gains[None, :] + gains[out] + gains[back], -np.inf)
        np.fill_diagonal(value, -np.inf)
        best = value.argmax(axis=1)
        gain = value[nodes, best]
        found += [
            ((int(node), int(out[node, best[node]]), int(best[node]), int(back[node, best[node]])), float(gain[node]))
            for node in nodes
            if np.isfinite(gain[node])
        ]
    return found
