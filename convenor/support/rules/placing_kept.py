"""A proposal as it is kept: what went in, without what was declared in private, and what came out; and read again for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from convenor.support.rules.placing_types import Answer, Cause, Costs, Gap, LeantOn, Need, Offer, Placed, Reason, Unmet, Weights


def asked_kept(needs: Sequence[Need], offers: Sequence[Offer]) -> dict[str, Any]:
    """What the matching read, for the record: everything but declared interests, with which it could be reckoned again."""
    return {
        "needs": [_plain(asdict(each)) for each in needs],
        "offers": [_plain({name: value for name, value in asdict(each).items() if name != "interests"}) for each in offers],
    }


def answer_kept(answer: Answer) -> dict[str, Any]:
    """What the matching gave, as a dictionary that JSON holds."""
    kept: dict[str, Any] = _plain(asdict(answer))
    return kept


def answer_from(kept: dict[str, Any]) -> Answer:
    """The same again. Raises KeyError for what was never kept so."""
    return Answer(
        status=kept["status"], objective=kept["objective"], bound=kept["bound"], seed=kept["seed"],
        placed=tuple(Placed(each["need"], each["offer"], Costs(**each["costs"]), tuple(each["why"])) for each in kept["placed"]),
        unmet=tuple(
            Unmet(each["need"], each["says"], tuple(Reason(Cause(one["cause"]), one["offers"], one["says"]) for one in each["reasons"]))
            for each in kept["unmet"]
        ),
        overused=tuple(LeantOn(**each) for each in kept["overused"]),
        by_theme=tuple(Gap(**each) for each in kept["by_theme"]),
        by_phase=tuple(Gap(**each) for each in kept["by_phase"]),
        by_place=tuple(Gap(**each) for each in kept["by_place"]),
        weights=Weights(**kept["weights"]),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """Sets as sorted lists, tuples as lists, words of an enumeration as text: what JSON holds."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, Cause) else value
