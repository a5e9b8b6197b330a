"""Matching over the whole area: which offers serve which needs best, under every rule; exact, explained, seeded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from convenor.support.rules.placing_rules import APART, NOBODYS_OWN, barred_by, costs_of, folded, may_serve, of_broker
from convenor.support.rules.placing_solver import solve
from convenor.support.rules.placing_types import (
    Answer,
    BrokersOwn,
    Cause,
    Costs,
    Gap,
    LeantOn,
    Need,
    Offer,
    Placed,
    Reason,
    Rule,
    Unmet,
    Weights,
    km_between,
    pence_for,
    serves_phase,
)
from convenor.support.rules.placing_words import why
from convenor.support.rules.unmet import gaps_by_phase, gaps_by_place, gaps_by_theme, houses, leant_on, unmet

__all__ = [
    "APART",
    "Answer",
    "BrokersOwn",
    "Cause",
    "Costs",
    "Gap",
    "LeantOn",
    "Need",
    "Offer",
    "Placed",
    "Reason",
    "Rule",
    "Unmet",
    "Weights",
    "barred_by",
    "fitting",
    "folded",
    "km_between",
    "may_serve",
    "of_broker",
    "pence_for",
    "place",
    "serves_phase",
    "unmet",
]

Row = TypeVar("Row", Need, Offer)
USUAL: Final = Weights()


def place(
    needs: Sequence[Need], offers: Sequence[Offer], weights: Weights = USUAL, seed: int = 0, *, own: BrokersOwn = NOBODYS_OWN
) -> Answer:  # fmt: skip
    """Which offers serve which needs at the least cost that every rule allows, over the whole area at once, and what that leaves.

    Each need is served by one offer or by none, and nobody gives more half days than they have left. `own` is what the broker belongs to:
    nobody of it is placed. The order of the input does not matter; among equally good answers `seed` decides. Raises ValueError where an
    id is given twice or a need asks for no half day, SolverError where the solver proves nothing.
    """
    asked, given = _each_once(needs), _each_once(offers)
    if any(need.half_days < 1 for need in asked):
        raise ValueError("A need asks for at least one half day.")
    parts = {
        (i, j): costs_of(need, offer, weights)
        for i, need in enumerate(asked)
        for j, offer in enumerate(given)
        if may_serve(need, offer, own)
    }
    solved = solve(asked, given, {pair: costs.total for pair, costs in parts.items()}, weights, seed)
    pairs = [(asked[i], given[j]) for i, j in solved.pairs]
    served, met = houses(pairs), frozenset(need.id for need, _ in pairs)
    return Answer(
        status="optimal" if solved.optimal else "feasible",
        objective=solved.objective,
        bound=solved.bound,
        seed=seed,
        placed=tuple(
            Placed(asked[i].id, given[j].id, parts[i, j], why(asked[i], given[j], parts[i, j], served[given[j].house]))
            for i, j in solved.pairs
        ),
        unmet=tuple(unmet(need, given, own) for need in asked if need.id not in met),
        overused=leant_on(pairs, given),
        by_theme=gaps_by_theme(asked, given, met),
        by_phase=gaps_by_phase(asked, given, met),
        by_place=gaps_by_place(asked, given, met),
        weights=weights,
    )


def fitting(need: Need, offers: Sequence[Offer], weights: Weights = USUAL, *, own: BrokersOwn = NOBODYS_OWN) -> tuple[Placed, ...]:
    """Every offer that may serve one need, the least cost first: what a broker chooses from by hand, each with why it fits."""
    able = [(costs_of(need, offer, weights), offer) for offer in offers if may_serve(need, offer, own)]
    able.sort(key=lambda each: (each[0].total, each[1].id))
    return tuple(Placed(need.id, offer.id, costs, why(need, offer, costs)) for costs, offer in able)


def _each_once(rows: Sequence[Row]) -> list[Row]:
    """The rows in the order of their ids. Raises ValueError where an id is given twice."""
    found = {row.id: row for row in rows}
    if len(found) != len(rows):
        raise ValueError("An id is given twice.")
    return [found[key] for key in sorted(found)]
