"""The set-up journey, for the table of access: whoever runs the partnership, and nobody else."""

from __future__ import annotations

from typing import Any

from convenor.consultation.actions.set_up import start_set_up
from convenor.consultation.models import SetUpPlan
from tests.factories.partnership import AT, ON, SLUG, World

MANAGER = frozenset({"manager"})
PAGES: dict[str, frozenset[str]] = {"set-up": MANAGER, "set-up-start": frozenset(), "set-up-step": MANAGER}
#: The set-up has begun; it begins once.
HIDDEN_FROM = {"set-up-start": MANAGER}
READ = ("set-up",)


def begin(everyone: World) -> None:
    """A set-up that has begun."""
    if not SetUpPlan.objects.exists():
        start_set_up(slug=SLUG, starts_on=ON, by=everyone["manager"], at=AT)


def addresses() -> dict[str, list[Any]]:
    """Where the pages are."""
    return {"set-up": [SLUG], "set-up-start": [SLUG], "set-up-step": [SLUG, "interviews"]}
