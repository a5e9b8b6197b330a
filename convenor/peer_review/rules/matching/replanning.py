"""Planning again after someone or some school dropped out: the fewest changes first, and of those the least cost.

A change is a person who joins a team they were not in, or a lead who did not lead there. Whoever keeps their place is told nothing new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convenor.peer_review.rules.matching.columns import LEAD, MEMBER, Wishes
from convenor.peer_review.rules.matching.costs import total_cost
from convenor.peer_review.rules.matching.round import Round, Team
from convenor.peer_review.rules.matching.solving import Solution, Work, solve


@dataclass(frozen=True)
class Replanned:
    """The new teams, how many changes they need, and whether fewer were proved impossible; then whether cheaper was."""

    teams: tuple[Team, ...]
    changes: int
    fewest: bool
    cost: float
    cheapest: bool


def replan(found: Round, before: Sequence[Team], *, work: Work | None = None) -> Replanned:
    """Teams for `found`, the round as it is now, nearest to the teams `before`. People and hosts that have left need not be in it.

    Raises NoTeamsError where no teams keep the rules any more, UndecidedError where that stayed open.
    """
    prices = _prices(before)
    apart = frozenset(member for team in before for member in team.members)
    counted = solve(found, wishes=Wishes(change=prices, apart=apart), work=work)
    least = changes_between(before, counted.teams)
    wishes = Wishes(change=prices, apart=apart, at_most=float(least))
    best = solve(found, wishes=wishes, work=work)
    teams = best.teams if changes_between(before, best.teams) <= least else counted.teams
    return Replanned(
        teams=teams,
        changes=changes_between(before, teams),
        fewest=_proved(counted, least),
        cost=total_cost(found, teams),
        cheapest=best.optimal and teams == best.teams,
    )


def _proved(counted: Solution, least: int) -> bool:
    """Whether no plan has fewer changes: they are whole, so a bound above the next lower number is enough."""
    return counted.bound > least - 1 + 1e-6


def changes_between(before: Sequence[Team], after: Sequence[Team]) -> int:
    """How many people join a team they were not in, and how many leads are new where they lead."""
    prices = _prices(before)
    usual = {MEMBER: prices["", "", MEMBER], LEAD: prices["", "", LEAD]}
    parts = [(member, team.host, LEAD if member == team.lead else MEMBER) for team in after for member in team.members]
    return round(sum(prices.get(part, usual[part[2]]) for part in parts))


def _prices(before: Sequence[Team]) -> dict[tuple[str, str, int], float]:
    """What each part costs in changes; under two empty names what it costs anybody else."""
    prices: dict[tuple[str, str, int], float] = {("", "", MEMBER): 1.0, ("", "", LEAD): 2.0}
    for team in before:
        for member in team.members:
            prices[member, team.host, MEMBER] = 0.0
            prices[member, team.host, LEAD] = 0.0 if member == team.lead else 1.0
    return prices
