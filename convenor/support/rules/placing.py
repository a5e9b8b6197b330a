"""Matching over the whole area: which offers serve which needs best, under every rule; exact, explained, seeded."""

from __future__ import annotations

from convenor.support.rules.placing_types import (
    Answer,
    BrokersOwn,
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

__all__ = [
    "Answer",
    "BrokersOwn",
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
    "km_between",
    "pence_for",
    "serves_phase",
]
