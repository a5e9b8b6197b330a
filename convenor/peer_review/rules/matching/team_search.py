"""Whole teams: where people as columns leave a gap, every team that could still stand in an optimal round is written out and chosen from.

A team's excess is what it adds to the relaxation's bound: its columns' reduced costs and the unused worth of its host's rows. Excesses are
never negative and add up, so a round no dearer than the best known uses no team whose excess is above the gap. These teams, as columns,
have a tighter relaxation; its prices drop most of them; what remains is searched to the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convenor.peer_review.rules.matching.columns import LEAD, Columns
from convenor.peer_review.rules.matching.relaxation import Relaxed
from convenor.peer_review.rules.matching.rows import ENDLESS, run, solver
from convenor.peer_review.rules.matching.whole import SEEDS, Chosen, Effort

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Host:
    """What one host's teams are made of: its columns in the order of their reduced cost, and the worth of its own rows."""

    number: int
    size: int
    leads: list[int]
    members: list[int]
    phase_price: float
    focus_prices: list[float]
    pair_worth: dict[int, float]


class _Facts:
    """The columns' arrays as plain lists: walking one by one is quicker so."""

    def __init__(self, relaxed: Relaxed) -> None:
        import numpy as np

        columns = relaxed.rows.columns
        self.phase_missing, self.focus_missing, _ = columns.slack_cost
        # No less than nothing: what is below is the solver's rounding, and the bound has already paid for it.
        self.reduced: list[float] = np.maximum(relaxed.reduced, 0.0).tolist()
        self.pair: list[int] = columns.pair.tolist()
        self.of_phase: list[bool] = columns.of_phase.tolist()
        self.covers: list[list[bool]] = columns.covers.tolist()

    def rest(self, host: _Host, team: tuple[int, ...]) -> float:
        """What a full team leaves unused of its host's rows: never negative."""
        serving = sum(self.of_phase[column] for column in team)
        extra = (serving - 1) * host.phase_price if serving else self.phase_missing - host.phase_price
        for position, price in enumerate(host.focus_prices):
            knowing = sum(self.covers[column][position] for column in team)
            extra += (knowing - 1) * price if knowing else self.focus_missing - price
        if host.pair_worth:
            taken = {self.pair[column] for column in team}
            extra += sum(worth for pair, worth in host.pair_worth.items() if pair not in taken)
        return extra


def teams_within(relaxed: Relaxed, gap: float, *, at_most: int) -> list[tuple[int, tuple[int, ...]]] | None:
    """Every team (host, columns with the lead's first) whose excess is at most `gap`; None where there are more than `at_most`."""
    facts, found = _Facts(relaxed), []
    for host in _hosts(relaxed, gap):
        for team in _teams_of(facts, host, gap):
            found.append((host.number, team))
            if len(found) > at_most:
                return None
    return found


def _hosts(relaxed: Relaxed, gap: float) -> Iterator[_Host]:
    """Each host with the columns that could stand in a team within the gap."""
    import numpy as np

    rows, columns = relaxed.rows, relaxed.rows.columns
    within = np.flatnonzero(relaxed.reduced <= gap)
    within = within[np.lexsort((relaxed.reduced[within], columns.host[within]))]
    parts = np.split(within, np.searchsorted(columns.host[within], np.arange(1, len(columns.hosts))))
    worth: dict[int, dict[int, float]] = {}
    for pair, price in relaxed.pair_price.items():
        if price < 0:
            worth.setdefault(pair % len(columns.hosts), {})[pair] = -price
    for number, own in enumerate(parts):
        first, end = int(columns.focus_start[number]), int(columns.focus_start[number + 1])
        prices = np.maximum(relaxed.prices, 0.0)
        yield _Host(
            number=number,
            size=int(columns.team_size[number]),
            leads=own[columns.part[own] == LEAD].tolist(),
            members=own[columns.part[own] != LEAD].tolist(),
            phase_price=float(prices[rows.starts["phase"] + number]),
            focus_prices=prices[rows.starts["focus"] + first : rows.starts["focus"] + end].tolist(),
            pair_worth=worth.get(number, {}),
        )


def _teams_of(facts: _Facts, host: _Host, gap: float) -> Iterator[tuple[int, ...]]:
    """The host's teams within the gap, depth first; members in ascending reduced cost, so that a branch ends where the rest is dearer."""
    for lead in host.leads:
        waiting: list[tuple[tuple[int, ...], float, int]] = [((lead,), facts.reduced[lead], 0)]
        while waiting:
            team, so_far, begin = waiting.pop()
            to_come = host.size - len(team)
            if not to_come:
                if so_far + facts.rest(host, team) <= gap:
                    yield team
                continue
            taken = {facts.pair[column] for column in team}
            for at in range(begin, len(host.members)):
                column = host.members[at]
                if so_far + to_come * facts.reduced[column] > gap:
                    break
                if facts.pair[column] not in taken:
                    waiting.append(((*team, column), so_far + facts.reduced[column], at + 1))


def search_teams(
    relaxed: Relaxed, best: Chosen, teams: list[tuple[int, tuple[int, ...]]], *, tolerance: float, effort: Effort, seed: int
) -> Chosen:
    """The best round made of `teams`, which must hold every team within the gap to `best`; at worst `best` itself. Raises SolverError."""
    import numpy as np

    master = _Master(relaxed, teams)
    bound, reduced = master.relax()
    bound = max(bound, relaxed.bound)
    if best.cost - bound <= tolerance:
        return Chosen(best.columns, best.cost, best.cost, 0)
    keep = np.flatnonzero(reduced <= best.cost - bound + tolerance)
    found = master.search(keep, best, effort, seed)
    if found is None or found.cost > best.cost - tolerance:
        better = best.cost if found is None else min(found.bound, best.cost)
        return Chosen(best.columns, best.cost, max(bound, better), 0)
    return Chosen(found.columns, found.cost, max(bound, found.bound), 0)


class _Master:
    """Teams as columns: each host one team, each group its reviews, each place its teams, no swap."""

    def __init__(self, relaxed: Relaxed, teams: list[tuple[int, tuple[int, ...]]]) -> None:
        import numpy as np

        self.columns, self.teams = relaxed.rows.columns, teams
        given = self.columns
        hosts, groups, places = len(given.hosts), len(given.groups), given.places
        self.second = np.maximum(given.reviews - [len(group.people) for group in given.groups], 0)
        self.swaps: dict[int, int] = {}
        group, place, swap = given.group.tolist(), given.place.tolist(), given.swap.tolist()
        base = hosts + groups + places + 1
        rows: list[list[int]] = []
        for host, team in teams:
            own = [host, *(hosts + group[column] for column in team), *(hosts + groups + place[column] for column in team)]
            if swap[team[0]] >= 0:
                own.append(base + self.swaps.setdefault(swap[team[0]], len(self.swaps)))
            rows.append(own)
        self.rows = rows
        ceiling = ENDLESS if given.at_most is None else given.at_most
        people = [float(len(g.people)) for g in given.groups]
        self.low = np.concatenate([np.ones(hosts), np.full(groups + places + 1 + len(self.swaps), -ENDLESS)])
        self.high = np.concatenate([np.ones(hosts), people, given.serves, [ceiling], np.ones(len(self.swaps))])
        self.ceiling_row = base - 1
        self.cost = np.array([_cost(given, host, team) for host, team in teams], dtype=np.float64)
        self.change = np.array([given.change[list(team)].sum() for _, team in teams], dtype=np.float64)

    def _model(self, keep: Any, *, whole: bool) -> Any:
        """The solver's model of the teams `keep`, then the groups' second reviews."""
        import highspy
        import numpy as np

        hosts, groups = len(self.columns.hosts), len(self.columns.groups)
        index: list[int] = []
        starts = [0]
        value: list[float] = []
        for team in keep.tolist():
            index += [*self.rows[team], self.ceiling_row]
            value += [*([1.0] * len(self.rows[team])), float(self.change[team])]
            starts.append(len(index))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(keep) + groups, len(self.low)
        model.col_cost_ = np.concatenate([self.cost[keep], np.full(groups, self.columns.slack_cost[2])])
        model.col_lower_ = np.zeros(len(keep) + groups)
        model.col_upper_ = np.concatenate([np.ones(len(keep)), self.second.astype(np.float64)])
        model.row_lower_, model.row_upper_ = self.low, self.high
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate([starts, starts[-1] + 1 + np.arange(groups)])
        model.a_matrix_.index_ = np.concatenate([np.array(index, dtype=np.int64), hosts + np.arange(groups)]).astype(np.int64)
        model.a_matrix_.value_ = np.concatenate([value, -np.ones(groups)])
        if whole:
            kinds = highspy.HighsVarType
            model.integrality_ = [kinds.kInteger] * len(keep) + [kinds.kContinuous] * groups
        return model

    def relax(self) -> tuple[float, Floats]:
        """The bound over these teams and each one's reduced cost, from the prices alone, so that the solver's tolerances do not enter."""
        import numpy as np

        highs = solver()
        highs.passModel(self._model(np.arange(len(self.teams)), whole=False))
        run(highs)
        dual = np.asarray(highs.getSolution().row_dual, dtype=np.float64)
        dual = np.where(((dual > 0) & ~np.isfinite(self.low)) | ((dual < 0) & ~np.isfinite(self.high)), 0.0, dual)
        limit = np.where(dual > 0, self.low, self.high)
        paid = float(np.sum(dual[dual != 0] * limit[dual != 0]))
        reduced = np.array([dual[rows].sum() for rows in self.rows])
        reduced = self.cost - reduced - dual[self.ceiling_row] * self.change
        hosts, groups = len(self.columns.hosts), len(self.columns.groups)
        spare = np.minimum(self.columns.slack_cost[2] + dual[hosts : hosts + groups], 0.0) * self.second
        return paid + float(spare.sum()) + float(np.minimum(reduced, 0.0).sum()), reduced

    def search(self, keep: Any, best: Chosen, effort: Effort, seed: int) -> Chosen | None:
        """The best round of the teams `keep`, searched from `best`; None where they make none."""
        import numpy as np

        highs = solver(mip_max_nodes=effort.nodes, mip_rel_gap=effort.near, mip_abs_gap=1e-7, random_seed=seed % SEEDS)
        highs.passModel(self._model(keep, whole=True))
        chosen = set(best.columns.tolist())
        known = [at for at, team in enumerate(keep.tolist()) if chosen.issuperset(self.teams[team][1])]
        highs.setSolution(len(known), np.array(known, dtype=np.int32), np.ones(len(known)))
        if run(highs, ("stopped", "infeasible")) == "infeasible":
            return None
        info = highs.getInfo()
        values = np.asarray(highs.getSolution().col_value, dtype=np.float64)[: len(keep)]
        taken = [column for at in np.flatnonzero(values > 0.5) for column in self.teams[int(keep[at])][1]]
        return Chosen(np.array(taken, dtype=np.int64), float(info.objective_function_value), float(info.mip_dual_bound), 0)


def _cost(columns: Columns, host: int, team: tuple[int, ...]) -> float:
    """A team's cost: its columns and what it misses of phase and focus."""
    phase_missing, focus_missing, _ = columns.slack_cost
    own = list(team)
    focuses = int(columns.focus_start[host + 1] - columns.focus_start[host])
    known = int(columns.covers[own, :focuses].any(axis=0).sum())
    missing = (0.0 if columns.of_phase[own].any() else phase_missing) + focus_missing * (focuses - known)
    return float(columns.cost[own].sum()) + missing
