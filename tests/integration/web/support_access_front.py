"""The room of support, for the table of access: who sees which page."""

from __future__ import annotations

from typing import Any

from tests.factories.partnership import SLUG, World

PAGES: dict[str, frozenset[str]] = {
    "support-totals": frozenset(
        {"cluster-lead", "alliance-lead", "board-member", "diocese", "regional-link", "officer", "broker", "manager", "auditor"}
    ),
    "support-costs": frozenset({"manager"}),
}
#: Pages that every member may open: each finds there what they have a part in.
FOR_MEMBERS = ("support",)
#: Pages that are only read.
READ = ("support-totals", "support-costs")


def begin(everyone: World) -> None:
    """Nothing more: what the other parts begin is enough."""


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    return {name: [SLUG] for name in (*PAGES, *FOR_MEMBERS)}
