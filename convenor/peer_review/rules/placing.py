"""Dates of visits for a whole round, chosen exactly: as many visits as can be, spread over the weeks, nobody in two places on a day.

Always kept: a visit takes school days one after another, without a weekend or holiday between; on each of them the school can host
and every member of the team can come; nobody is on two visits on one day, nor on one while their own school hosts. Weighed, after as
many visits as possible are placed: no visit in the first or last week of a term, and about as many in each week as it has school days.

The solver (HiGHS) stops by work counted, never by the clock, so that the same input gives the same dates. `optimal` is proved;
`feasible` says that a better choice was not ruled out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

DAY: Final = timedelta(days=1)
#: What a visit without a date costs: more than every wish together can, for rounds of up to ten thousand visits.
UNPLACED: Final = 100_000.0
#: What it costs to visit in the first or last week of a term.
EDGE_WEEK: Final = 4.0
#: What each visit costs that a week has beyond its share, up to half as many again, and beyond that.
CROWDED: Final = 2.0
VERY_CROWDED: Final = 5.0
#: Costs are whole numbers: a gap below one proves the best.
NEAR: Final = 0.999
#: How many branches the search may try.
NODES: Final = 2_000
ENDLESS: Final = 1e30


@dataclass(frozen=True, slots=True)
class Person:
    """A reviewer: their own school ("" for none), the days on which they can (None: any school day), and days that are taken already."""

    key: str
    home: str = ""
    days: frozenset[date] | None = None
    busy: frozenset[date] = frozenset()

    def can(self, day: date) -> bool:
        """Whether they can come on a day."""
        return day not in self.busy and (self.days is None or day in self.days)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to be dated: its host and team, how many days it takes, and the days on which the host can have it.

    `days` are the school days of the window by the host's own calendar, those it named where it named any; `edges` are those in the
    first or last week of a term.
    """

    key: str
    host: str
    length_days: int
    people: tuple[str, ...]
    days: frozenset[date]
    edges: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """What is to be placed: the visits and the people on their teams, beside the visits that are dated already.

    By school, `hosting` are the days on which it hosts one of those, `away` those on which somebody of it is on one.
    """

    visits: tuple[Visit, ...]
    people: Mapping[str, Person]
    hosting: Mapping[str, frozenset[date]] = field(default_factory=dict)
    away: Mapping[str, frozenset[date]] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """First days by visit. `unplaced` are the visits that found none. `bound`: no choice costs less."""

    first_days: Mapping[str, date]
    unplaced: tuple[str, ...]
    status: str
    objective: float
    bound: float

    @property
    def optimal(self) -> bool:
        """Whether no better choice exists: proved."""
        return self.status == "optimal"


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - DAY * day.weekday()


def days_of(first: date, length_days: int) -> tuple[date, ...]:
    """The days of a visit that begins on `first`."""
    return tuple(first + DAY * ahead for ahead in range(length_days))


def starts(visit: Visit, wanted: Wanted) -> list[date]:
    """The days on which a visit could begin, were it the only one: school, team and calendar allow each of its days."""
    team = [wanted.people[key] for key in visit.people]
    away = wanted.away.get(visit.host, frozenset())

    def fits(day: date) -> bool:
        return day in visit.days - away and all(person.can(day) and day not in wanted.hosting.get(person.home, ()) for person in team)

    return [first for first in sorted(visit.days) if all(fits(day) for day in days_of(first, visit.length_days))]


def commitments(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """The visits that take each person up: those of their teams, and the one at their own school. Only people with two or more."""
    at_home: dict[str, list[str]] = defaultdict(list)
    for visit in wanted.visits:
        at_home[visit.host].append(visit.key)
    found: dict[str, list[str]] = defaultdict(list)
    for visit in wanted.visits:
        for key in visit.people:
            found[key].append(visit.key)
    for key, keys in found.items():
        keys.extend(each for each in at_home.get(wanted.people[key].home, ()) if each not in keys)
    return {key: tuple(keys) for key, keys in found.items() if len(keys) > 1}


def shares(visits: Iterable[Visit]) -> dict[date, int]:
    """How many visits each week (its Monday) has when they are spread evenly by school days; weeks at the edge of a term have none."""
    many, calm = 0, set[date]()
    for visit in visits:
        many += 1
        calm |= visit.days - visit.edges
    by_week: dict[date, int] = defaultdict(int)
    for day in calm:
        by_week[week_of(day)] += 1
    return {week: -(-many * count // len(calm)) for week, count in by_week.items()}


def place(wanted: Wanted, *, nodes: int = NODES) -> Placed:
    """The best dates: the most visits placed; of those choices, one with the least wished-away weeks and crowding."""
    order = sorted(wanted.visits, key=lambda each: each.key)
    columns = [(number, first) for number, visit in enumerate(order) for first in starts(visit, wanted)]
    if not order:
        return Placed({}, (), "optimal", 0.0, 0.0)
    model, sizes = _model(order, columns, wanted)
    chosen, status, objective, bound = _solve(model, nodes)
    first_days = {order[number].key: first for (number, first), value in zip(columns, chosen[: sizes[0]], strict=True) if value > 0.5}
    unplaced = tuple(visit.key for visit in order if visit.key not in first_days)
    return Placed(dict(sorted(first_days.items())), unplaced, status, objective, bound)


class _Rows:
    """Rows of the model as they come to be needed."""

    def __init__(self) -> None:
        self.number: dict[tuple[str, Any], int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.column: list[int] = []
        self.row: list[int] = []
        self.value: list[float] = []

    def add(self, key: tuple[str, Any], column: int, value: float, *, low: float = -ENDLESS, high: float = 1.0) -> None:
        """One entry; the row is made when it is first named."""
        if key not in self.number:
            self.number[key] = len(self.number)
            self.low.append(low)
            self.high.append(high)
        self.column.append(column)
        self.row.append(self.number[key])
        self.value.append(value)


def _model(order: list[Visit], columns: list[tuple[int, date]], wanted: Wanted) -> tuple[Any, tuple[int, int]]:
    """The solver's model: a column for each visit and first day, one for each visit left without, two of crowding for each week."""
    taken_up = defaultdict(list)
    for person, keys in sorted(commitments(wanted).items()):  # the solver heeds the order of rows
        for key in keys:
            taken_up[key].append(person)
    share = shares(order)
    rows, cost, high = _Rows(), [], []
    for column, (number, first) in enumerate(columns):
        visit = order[number]
        rows.add(("visit", number), column, 1.0, low=1.0)
        week = week_of(first)
        if first in visit.edges or week not in share:
            cost.append(EDGE_WEEK)
        else:
            cost.append(0.0)
            rows.add(("week", week), column, 1.0, high=float(share[week]))
        for day in days_of(first, visit.length_days):
            for person in taken_up[visit.key]:
                rows.add(("day", (person, day)), column, 1.0)
        high.append(1.0)
    whole = len(columns)
    for number in range(len(order)):
        rows.add(("visit", number), len(cost), 1.0, low=1.0)
        cost.append(UNPLACED)
        high.append(1.0)
    for week in sorted(share):
        if ("week", week) in rows.number:
            for dear, most in ((CROWDED, float(share[week] // 2)), (VERY_CROWDED, ENDLESS)):
                rows.add(("week", week), len(cost), -1.0)
                cost.append(dear)
                high.append(most)
    return _as_model(rows, cost, high, whole), (whole, len(order))


def _as_model(rows: _Rows, cost: list[float], high: list[float], whole: int) -> Any:
    import highspy
    import numpy as np
    from scipy.sparse import csc_matrix

    matrix = csc_matrix((rows.value, (rows.row, rows.column)), shape=(len(rows.number), len(cost)))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(rows.number)
    model.col_cost_, model.col_lower_, model.col_upper_ = np.array(cost), np.zeros(len(cost)), np.array(high)
    model.row_lower_, model.row_upper_ = np.array(rows.low), np.array(rows.high)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger] * whole + [kinds.kContinuous] * (len(cost) - whole)
    return model


def _solve(model: Any, nodes: int) -> tuple[list[float], str, float, float]:
    """The values, whether they are proved the best, what they cost, and the bound."""
    import highspy

    from convenor.peer_review.rules.matching.rows import solver

    highs = solver(mip_max_nodes=nodes, mip_abs_gap=NEAR, mip_rel_gap=0.0, random_seed=1)
    highs.passModel(model)
    highs.run()
    info, optimal = highs.getInfo(), highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    objective = round(float(info.objective_function_value), 6)
    bound = objective if optimal else float(info.mip_dual_bound)
    return list(highs.getSolution().col_value), "optimal" if optimal else "feasible", objective, bound
