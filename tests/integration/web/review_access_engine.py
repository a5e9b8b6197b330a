"""The room of peer review and its totals, for the table of access: who sees which page."""

from __future__ import annotations

from typing import Any

from tests.factories.partnership import SLUG, World

RUN = frozenset({"cluster-lead", "alliance-lead", "manager"})
PAGES: dict[str, frozenset[str]] = {
    "review-engine": RUN | {"board-member", "diocese", "regional-link", "officer", "auditor"},
    "review-fairness": RUN,
}
#: Pages that every member may open: each finds there what they have a part in.
FOR_MEMBERS = ("reviews",)
#: Pages that are only read.
READ = ("review-engine", "review-fairness")


def begin(everyone: World) -> None:
    """Nothing more: the reviews of the other parts are enough."""


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    return {name: [SLUG] for name in (*PAGES, *FOR_MEMBERS)}
