"""The matching itself: relaxation, a first good round, then the exact search on what can still matter.

Every stop is by work counted (nodes, teams, columns), none by the clock: the same input and seed give the same teams.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from convenor.peer_review.rules.matching.columns import LEAD, Columns, Wishes, columns_of
from convenor.peer_review.rules.matching.costs import total_cost
from convenor.peer_review.rules.matching.relaxation import Relaxed, cheapest, relax
from convenor.peer_review.rules.matching.round import EVERY_RULE, Person, Round, Rule, Team
from convenor.peer_review.rules.matching.team_search import search_teams, teams_within
from convenor.peer_review.rules.matching.whole import Chosen, Effort, search

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

    Watch = Callable[[str], None]

#: Two rounds whose costs differ by less than this are equally good.
TOLERANCE = 1e-6
#: Times that an empty seat is made dearer, and the first search harder, before it stays open whether the round can be filled.
ATTEMPTS = 3


@dataclass(frozen=True)
class Work:
    """How much may be tried, in counts. The usual figures prove a county of 600 schools; less gives an honest gap sooner."""

    first_columns_per_host: int = 16
    first_nodes: int = 5
    first_near: float = 5e-4
    teams_per_host: int = 250
    teams_at_least: int = 20_000
    nodes: int = 2_000
    columns: int = 60_000

    def harder(self, attempt: int) -> Work:
        """More work for the first round, where the usual left a seat empty that need not be."""
        return replace(
            self,
            first_columns_per_host=self.first_columns_per_host * 8**attempt,
            first_nodes=self.first_nodes * 20**attempt,
        )


@dataclass(frozen=True)
class Solution:
    """Teams, their cost and the bound: no round that keeps the rules costs less than `bound`."""

    teams: tuple[Team, ...]
    cost: float
    bound: float

    @property
    def optimal(self) -> bool:
        """Whether the bound meets the cost."""
        return self.cost - self.bound <= TOLERANCE * max(1.0, abs(self.cost))


class NoTeamsError(Exception):
    """No round keeps the rules: proved."""


class UndecidedError(Exception):
    """Within the work allowed, neither a round that keeps the rules was found nor proved that there is none."""

    def __init__(self) -> None:
        super().__init__(
            "Within the work allowed no teams were found, nor was it proved that there are none. "
            "Match it in parts, such as cluster by cluster, or let schools serve in more teams."
        )


def _silent(_: str) -> None:
    """Nobody is watching."""


def solve(found: Round, *, wishes: Wishes | None = None, work: Work | None = None, watch: Watch = _silent) -> Solution:
    """The teams of least cost. Raises NoTeamsError where there are none, UndecidedError where that stayed open."""
    columns = columns_of(found, wishes=wishes or Wishes())
    if not columns.hosts:
        return Solution((), 0.0, 0.0)
    chosen = _choose(columns, work or Work(), found.seed, watch)
    teams = people_of(columns, chosen.columns, found.seed)
    if wishes:
        return Solution(teams, chosen.cost, min(chosen.bound, chosen.cost))
    cost = total_cost(found, teams)
    solution = Solution(teams, cost, min(chosen.bound, cost))
    return replace(solution, bound=cost) if solution.optimal else solution


def _choose(columns: Columns, work: Work, seed: int, watch: Watch) -> Chosen:
    """The best columns with their bound; an empty seat is made dearer until none is left or it is proved that one must be."""
    phase, focus, second = columns.slack_cost
    dearest = float(columns.cost.max(initial=0.0)) + phase + focus * columns.covers.shape[1] + second
    empty_seat = 20.0 * (1.0 + dearest)
    for attempt in range(ATTEMPTS):
        watch("pricing people against every host")
        relaxed = relax(columns, empty_seat=empty_seat)
        # A seat that stays empty even for people in parts is asked about before anything is searched.
        if relaxed.empty_seats > TOLERANCE and shortfall(columns, work=work) > 0:
            raise NoTeamsError
        best = _first(relaxed, work.harder(attempt), seed, watch)
        if not best.empty_seats:
            return _finish(relaxed, best, work, seed, watch)
        if not attempt and shortfall(columns, work=work) > 0:
            raise NoTeamsError
        empty_seat *= 20.0
    raise UndecidedError


def _first(relaxed: Relaxed, work: Work, seed: int, watch: Watch) -> Chosen:
    """A good whole round from the columns that the relaxation likes best."""
    import numpy as np

    watch("finding a first good round")
    many = work.first_columns_per_host * len(relaxed.rows.columns.hosts)
    among = np.sort(np.argsort(relaxed.reduced, kind="stable")[:many])
    return search(relaxed, among, effort=Effort(work.first_nodes, work.first_near), seed=seed)


def _finish(relaxed: Relaxed, best: Chosen, work: Work, seed: int, watch: Watch) -> Chosen:
    """Closes the gap, or narrows it as far as the work allowed goes."""
    import numpy as np

    tolerance = TOLERANCE * max(1.0, abs(best.cost)) / 2
    enough = 1.0 - TOLERANCE if relaxed.rows.columns.in_ones else tolerance
    if best.cost - best.bound <= enough:
        return replace(best, bound=best.cost)
    gap = best.cost - relaxed.bound + tolerance
    hosts = len(relaxed.rows.columns.hosts)
    teams = teams_within(relaxed, gap, at_most=max(work.teams_at_least, work.teams_per_host * hosts))
    if teams is not None:
        watch(f"choosing among {len(teams):,} teams that could still be best")
        return search_teams(relaxed, best, teams, tolerance=tolerance, effort=Effort(work.nodes), seed=seed)
    order = np.argsort(relaxed.reduced, kind="stable")[: work.columns]
    within = np.sort(order[relaxed.reduced[order] <= gap])
    watch(f"choosing among {len(within):,} places that could still be best")
    found = search(relaxed, within, effort=Effort(work.nodes), seed=seed, start=best)
    better = found if found.cost < best.cost and not found.empty_seats else best
    return replace(better, bound=min(max(best.bound, found.bound), better.cost))


def shortfall(columns: Columns, *, work: Work | None = None) -> int:
    """How many seats must at the least stay empty under the rules of `columns`: 0 means that they can be kept.

    The true number may be larger, never 0 where this is not. Raises UndecidedError where the work allowed did not tell.
    """
    import numpy as np

    allowed = work or Work()
    free = replace(columns, cost=np.zeros(columns.count), slack_cost=(0.0, 0.0, 0.0), at_most=None)
    if not free.hosts:
        return 0
    relaxed = relax(free, empty_seat=1.0, prefer=columns.cost)
    if relaxed.bound > TOLERANCE:
        return int(np.ceil(relaxed.bound - TOLERANCE))
    # The relaxation's own columns first: mostly they will do, and few are searched sooner than many.
    near = allowed.columns // (2 * len(free.hosts))
    for among in (relaxed.handed_over, np.sort(cheapest(columns, columns.cost, np.arange(free.count), near, near))):
        found = search(relaxed, among, effort=Effort(allowed.nodes), seed=0)
        if not found.empty_seats or found.bound > TOLERANCE:
            return found.empty_seats
    raise UndecidedError


def can_be_kept(found: Round, *, rules: frozenset[Rule] = EVERY_RULE, hosts: frozenset[str] | None = None) -> bool:
    """Whether teams exist for `hosts` (all by default) under `rules` alone. Raises UndecidedError."""
    chosen = found if hosts is None else only_hosts(found, hosts)
    return shortfall(columns_of(chosen, enforced=rules & found.enforced)) == 0


def only_hosts(found: Round, hosts: frozenset[str]) -> Round:
    """The same round in which only `hosts` host; the others may still send people."""
    return replace(found, schools=tuple(replace(school, hosts=school.hosts and school.id in hosts) for school in found.schools))


@dataclass
class _Diary:
    """What a group's people have taken on so far."""

    people: list[Person]
    taken: dict[str, int] = field(default_factory=dict)

    def next(self) -> Person:
        """Whoever of the group has done least and still has a review left; at equal counts in the order drawn."""
        free = [person for person in self.people if self.taken.get(person.id, 0) < person.reviews_left]
        chosen = min(free, key=lambda person: self.taken.get(person.id, 0))
        self.taken[chosen.id] = self.taken.get(chosen.id, 0) + 1
        return chosen


def people_of(columns: Columns, chosen: Ints, seed: int) -> tuple[Team, ...]:
    """The teams of the columns chosen: of like people, the seed draws who goes first, then each in turn."""
    chance = random.Random(seed)  # noqa: S311 # a draw among equals, not a secret
    diaries = [_Diary(chance.sample(group.people, len(group.people))) for group in columns.groups]
    members: dict[int, list[str]] = {number: [] for number in range(len(columns.hosts))}
    leads: dict[int, str] = {}
    for column in sorted(chosen.tolist(), key=lambda c: (int(columns.host[c]), -int(columns.part[c]), c)):
        host, person = int(columns.host[column]), diaries[int(columns.group[column])].next()
        members[host].append(person.id)
        if columns.part[column] == LEAD:
            leads[host] = person.id
    return tuple(Team(host.id, leads[number], tuple(members[number])) for number, host in enumerate(columns.hosts))
