"""Agreements for the table of access: who sees which page, with a version that stands, a draft, and 990001 that agreed."""

from __future__ import annotations

from typing import Any

from tests.factories.agreements import adopted, all_of
from tests.factories.partnership import SLUG, World

MANAGER = frozenset({"manager"})
#: Whoever acts for 990001; and of them, whoever speaks for it. The head of the table is of 990005, the trust's leader of 990002 and 990004.
OWN = frozenset({"school-leader", "chair-of-governors", "clerk", "school-office"})
SPEAKS = frozenset({"chair-of-governors"})
ANYONE = frozenset({
    "head", "school-leader", "chair-of-governors", "clerk", "school-office", "trust-lead", "system-leader",
    "independent-supporter", "reviewer", "cluster-lead", "alliance-lead", "body-member", "board-member", "diocese", "regional-link",
    "officer", "broker", "manager", "auditor", "nobody signed in", "somebody with no post", "manager of elsewhere",
})  # fmt: skip
PAGES: dict[str, frozenset[str]] = {
    "agreements": MANAGER,
    "agreements-file": MANAGER,
    "agreement-begin": MANAGER,
    "agreement-write": MANAGER,
    "agreement-adopt": MANAGER,
    "agreement-drop": MANAGER,
    "agreement-text": ANYONE,
    "agreement-privacy": ANYONE,
    "agreement-school": OWN,
    "agreement-agree": SPEAKS,
    "agreement-withdraw": SPEAKS,
}
#: Pages that are only read.
READ = ("agreements", "agreements-file", "agreement-school")


def begin(everyone: World) -> None:
    """A text that stands, one that is being written, and a school that agreed."""
    adopted(everyone)
    all_of(everyone, "990001")
    adopted(everyone, 2, agree_by_on=None)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    own = ("agreement-school", "agreement-agree", "agreement-withdraw")
    return {name: [SLUG, "990001"] if name in own else [SLUG] for name in PAGES}
