"""The result of a workshop, for the table of access: members read what was shown, whoever leads takes words out, the manager takes on."""

from __future__ import annotations

from typing import Any

from convenor.conditions.models import DiamondNine, Workshop
from tests.factories.partnership import SLUG, World
from tests.factories.workshops import room

TITLE = "A result for the table"
MANAGER = frozenset({"manager"})
PAGES: dict[str, frozenset[str]] = {"workshop-words-hide": MANAGER, "workshop-priorities": MANAGER}
FOR_MEMBERS = ("workshop-results", "workshop-results-table", "workshop-results-slide")
#: They may lead workshops, but lead another's no more than anybody.
HIDDEN_FROM = {"workshop-words-hide": frozenset({"cluster-lead", "alliance-lead"})}


def begin(everyone: World) -> None:
    """A workshop led by the manager, whose result was shown."""
    room(everyone, title=TITLE, shown=["diamond"])


def addresses() -> dict[str, list[Any]]:
    """Where the pages are."""
    row = Workshop.objects.get(title=TITLE)
    diamond = DiamondNine.objects.exclude(comments={}).get(participant__workshop=row)
    given: dict[str, list[Any]] = {name: [SLUG, row.pk] for name in (*FOR_MEMBERS, "workshop-priorities")}
    return given | {"workshop-words-hide": [SLUG, row.pk, diamond.pk, "trust"]}
