"""The rows that tie the columns together, and the solver's form of them.

Standing rows, in this order: members of each host's team; its lead; its phase; each focus; each group's first reviews; each place's teams;
and, while planning again, one ceiling on changes. Standing columns besides the groups' own ("slacks"): no phase, a focus missing, second
reviews, and the empty seats by which a round that cannot be filled still has an answer to look at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from convenor.peer_review.rules.matching.columns import LEAD, Columns
from convenor.peer_review.rules.matching.round import Rule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: What the solver takes for endless.
ENDLESS = float("inf")


class SolverError(RuntimeError):
    """The solver stopped in a way that proves nothing. It should not happen; nothing is answered when it does."""


@dataclass(frozen=True)
class Rows:
    """Standing rows and slacks of one set of columns. `empty_seat` is what an empty seat costs."""

    columns: Columns
    empty_seat: float

    @cached_property
    def starts(self) -> dict[str, int]:
        """The first row of each kind, and how many there are ("end")."""
        hosts, focuses = len(self.columns.hosts), int(self.columns.focus_start[-1])
        groups, places = len(self.columns.groups), self.columns.places
        sizes = (("member", hosts), ("lead", hosts), ("phase", hosts), ("focus", focuses), ("group", groups), ("place", places))
        starts, at = {}, 0
        for name, size in (*sizes, ("ceiling", int(self.columns.at_most is not None))):
            starts[name] = at
            at += size
        return starts | {"end": at}

    @cached_property
    def limits(self) -> tuple[Floats, Floats]:
        """Lowest and highest value of each standing row."""
        import numpy as np

        given = self.columns
        hosts, focuses = len(given.hosts), int(given.focus_start[-1])
        leads = np.full(hosts, 1.0 if Rule.LEAD in given.enforced else 0.0)
        groups = np.array([len(group.people) for group in given.groups], dtype=np.float64)
        ceiling = np.array([] if given.at_most is None else [given.at_most], dtype=np.float64)
        wanted = np.ones(hosts + focuses)
        low = [given.team_size, leads, wanted, np.full(len(groups) + given.places + len(ceiling), -ENDLESS)]
        high = [given.team_size, leads, np.full(hosts + focuses, ENDLESS), groups, given.serves, ceiling]
        return np.concatenate(low).astype(np.float64), np.concatenate(high).astype(np.float64)

    @cached_property
    def of_column(self) -> Ints:
        """Columns x slots: the standing rows in which each column stands with 1; -1 where a slot is empty."""
        import numpy as np

        given, starts = self.columns, self.starts
        slots = [
            starts["member"] + given.host,
            np.where(given.part == LEAD, starts["lead"] + given.host, -1),
            np.where(given.of_phase, starts["phase"] + given.host, -1),
            starts["group"] + given.group,
            np.where(np.isfinite(given.serves[given.place]), starts["place"] + given.place, -1),
        ]
        for position in range(given.covers.shape[1]):
            slots.append(np.where(given.covers[:, position], starts["focus"] + given.focus_start[given.host] + position, -1))
        return np.stack(slots, axis=1).astype(np.int64)

    @cached_property
    def slacks(self) -> tuple[Floats, Floats, Ints, Floats]:
        """Cost, highest value, row and sign of each slack."""
        import numpy as np

        given, starts = self.columns, self.starts
        hosts, focuses, groups = len(given.hosts), int(given.focus_start[-1]), len(given.groups)
        phase, focus, second = given.slack_cost
        people = np.array([len(group.people) for group in given.groups], dtype=np.int64)
        cost = [np.full(hosts, phase), np.full(focuses, focus), np.full(groups, second), np.full(2 * hosts, self.empty_seat)]
        high = [np.ones(hosts + focuses), np.maximum(given.reviews - people, 0), given.team_size, np.ones(hosts)]
        row = [starts["phase"] + np.arange(hosts + focuses), starts["group"] + np.arange(groups), np.arange(2 * hosts)]
        sign = [np.ones(hosts + focuses), -np.ones(groups), np.ones(2 * hosts)]
        return (
            np.concatenate(cost).astype(np.float64),
            np.concatenate(high).astype(np.float64),
            np.concatenate(row).astype(np.int64),
            np.concatenate(sign).astype(np.float64),
        )

    @property
    def slack_count(self) -> int:
        """How many slacks there are; the last two for each host are its empty seats."""
        return len(self.slacks[0])


def sparse(slots: Ints, rows: Rows, chosen: Ints) -> tuple[Ints, Ints, Floats]:
    """The columns `chosen` with their `slots` in the solver's form: starts, rows, values. The ceiling's row is added where there is one."""
    import numpy as np

    counted = slots >= 0
    values = np.ones(slots.shape)
    if rows.columns.at_most is not None:
        change = rows.columns.change[chosen]
        slots = np.column_stack([slots, np.full(len(chosen), rows.starts["ceiling"])])
        values = np.column_stack([values, change])
        counted = np.column_stack([counted, change != 0])
    starts = np.concatenate([[0], np.cumsum(counted.sum(axis=1))]).astype(np.int64)
    return starts, slots[counted], values[counted]


def solver(**options: Any) -> Any:
    """A fresh HiGHS, silent, on one thread: the same input gives the same steps."""
    import highspy

    make: Any = highspy.Highs
    highs = make()
    for name, value in {"output_flag": False, "threads": 1, "parallel": "off", **options}.items():
        highs.setOptionValue(name, value)
    return highs


def model_of(rows: Rows, chosen: Ints, slots: Ints, extra: int, *, whole: bool) -> Any:
    """The solver's model of the slacks and the columns `chosen`; `extra` rows beyond the standing ones allow one each."""
    import highspy
    import numpy as np

    cost, high, row, sign = rows.slacks
    low_rows, high_rows = rows.limits
    starts, index, value = sparse(slots, rows, chosen)
    size = rows.slack_count
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = size + len(chosen), rows.starts["end"] + extra
    model.col_cost_ = np.concatenate([cost, rows.columns.cost[chosen]])
    model.col_lower_ = np.zeros(size + len(chosen))
    # A column needs no ceiling of its own in the relaxation: its pair's row is added where it goes beyond one.
    model.col_upper_ = np.concatenate([high, np.full(len(chosen), 1.0 if whole else ENDLESS)])
    model.row_lower_ = np.concatenate([low_rows, np.full(extra, -ENDLESS)])
    model.row_upper_ = np.concatenate([high_rows, np.ones(extra)])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([np.arange(size), size + starts])
    model.a_matrix_.index_ = np.concatenate([row, index])
    model.a_matrix_.value_ = np.concatenate([sign, value])
    if whole:
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kContinuous] * size + [kinds.kInteger] * len(chosen)
    return model


def run(highs: Any, allowed: Iterable[str] = ()) -> str:
    """Solves, and says how it ended: "optimal", or one of `allowed`. Raises SolverError for anything else."""
    import highspy

    highs.run()
    status = highs.getModelStatus()
    names = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kSolutionLimit: "stopped",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
    }
    name = names.get(status, str(status))
    if name != "optimal" and name not in allowed:
        raise SolverError(f"the solver ended as {name}")
    return name
