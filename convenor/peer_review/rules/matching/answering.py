"""The answer to a round, in the fixed shape that other programs read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from convenor.peer_review.rules.matching.clash import Clash, find_clash
from convenor.peer_review.rules.matching.clash_words import Explained, explain
from convenor.peer_review.rules.matching.columns import columns_of
from convenor.peer_review.rules.matching.costs import second_reviews, team_cost
from convenor.peer_review.rules.matching.mending import Mend, mends
from convenor.peer_review.rules.matching.round import Round
from convenor.peer_review.rules.matching.solving import NoTeamsError, Solution, Work, shortfall, solve


@dataclass(frozen=True)
class Impossible:
    """Why a round cannot be matched, and what would mend it."""

    clash: Clash
    lines: tuple[Explained, ...]
    mends: tuple[Mend, ...]
    empty_seats: int  #: so many places at the least stay empty in the whole round, however it is matched


@dataclass(frozen=True)
class Answer:
    """Either teams with their bound, or why there are none."""

    found: Round
    solution: Solution | None
    impossible: Impossible | None

    @property
    def status(self) -> str:
        """optimal: proved; feasible: the bound tells how far from the optimum it can be; infeasible: proved that there are no teams."""
        if self.solution is None:
            return "infeasible"
        return "optimal" if self.solution.optimal else "feasible"


def match(found: Round, *, work: Work | None = None, watch: Callable[[str], None] = lambda _: None) -> Answer:
    """The teams of least cost, or the clash that forbids any. Raises UndecidedError where the work allowed told neither."""
    try:
        return Answer(found, solve(found, work=work, watch=watch), None)
    except NoTeamsError:
        watch("no teams keep every rule: finding which clash")
        clash = find_clash(found)
        watch("trying what would mend it")
        empty = shortfall(columns_of(found), work=work)
        return Answer(found, None, Impossible(clash, tuple(explain(found, clash)), tuple(mends(found, clash)), empty))


def shape(answer: Answer, *, seconds: float) -> dict[str, Any]:
    """The answer as `convenor match` prints it (shapes of the command line); `seconds` is what the caller measured."""
    found, solution, impossible = answer.found, answer.solution, answer.impossible
    teams = [
        {"host": t.host, "lead": t.lead, "members": list(t.members), "cost": asdict(team_cost(found, t))}
        for t in (solution.teams if solution else ())
    ]
    said: dict[str, Any] = {
        "status": answer.status,
        "objective": solution.cost if solution else None,
        "bound": solution.bound if solution else None,
        "seconds": seconds,
        "teams": teams,
        "second_reviews": second_reviews(solution.teams) if solution else 0,
        "waived": sorted(rule.value for rule in found.waive),
        "infeasible": [
            {"rule": line.rule.value, "schools": list(line.schools), "explanation": line.explanation}
            for line in (impossible.lines if impossible else ())
        ],
        "lead_rest_cycles": found.rest_cycles,
        "ignored": list(found.ignored),
    }
    if impossible:
        clash = impossible.clash
        said["clash"] = {"hosts": list(clash.hosts), "irreducible": clash.irreducible, "smallest": clash.smallest}
        said["empty_seats_at_least"] = impossible.empty_seats
        said["mends"] = [asdict(mend) for mend in impossible.mends]
    return said
