"""Workshops for the table of access: who sees which page, with workshops that the lead of the north cluster leads.

The manager leads any workshop; the alliance's lead runs workshops too, but not these: for them there is no such page.
"""

from __future__ import annotations

from typing import Any

from convenor.conditions.models import CanvasNote, Participant, Workshop
from tests.factories.partnership import SLUG, World
from tests.factories.workshops import note, paper, twelve_cards, workshop

RUNNERS = frozenset({"manager", "cluster-lead", "alliance-lead"})
LEADS = frozenset({"manager", "cluster-lead"})
#: Of a workshop that is led: the console, its buttons, the wall, the sheets.
OF_LEADER = (
    "workshop-lead", "workshop-open", "workshop-step", "workshop-show", "workshop-hide", "workshop-close", "workshop-wall",
    "workshop-note-hide", "workshop-paper", "workshop-paper-change", "workshop-paper-remove", "workshop-choose", "workshop-change",
    "workshop-withdraw",
)  # fmt: skip
PAGES: dict[str, frozenset[str]] = dict.fromkeys(OF_LEADER, LEADS) | {"workshop-plan": RUNNERS}
#: Pages that every member may open, where the workshop has been opened; its canvases where they were shown.
FOR_MEMBERS = ("workshops", "workshop", "workshop-canvases", "workshop-board")
HIDDEN_FROM = dict.fromkeys(OF_LEADER, RUNNERS - LEADS)
#: Pages that are only read.
READ = ("workshop-wall", "workshop-lead")
OPEN, PLANNED, TWELVE = "A room for the table", "A plan for the table", "Twelve cards for the table"


def begin(everyone: World) -> None:
    """One that is open, with a line and a sheet in it; one that is planned; one whose room picks its cards."""
    row = workshop(everyone, title=OPEN, facilitator="cluster lead", shown=["levels"])
    note(paper(row, label="Table for the table"))
    workshop(everyone, title=PLANNED, facilitator="cluster lead", state="planned")
    workshop(everyone, title=TWELVE, facilitator="cluster lead", cards=twelve_cards(), step="pick")


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row, plan, twelve = (Workshop.objects.get(title=title).pk for title in (OPEN, PLANNED, TWELVE))
    line, sheet = CanvasNote.objects.get(participant__workshop=row).pk, Participant.objects.get(workshop=row).pk
    given: dict[str, list[Any]] = {name: [SLUG, row] for name in (*OF_LEADER, *FOR_MEMBERS)}
    return given | {
        "workshops": [SLUG], "workshop-plan": [SLUG], "workshop-change": [SLUG, plan], "workshop-withdraw": [SLUG, plan],
        "workshop-open": [SLUG, plan], "workshop-choose": [SLUG, twelve], "workshop-note-hide": [SLUG, row, line],
        "workshop-paper-change": [SLUG, row, sheet], "workshop-paper-remove": [SLUG, row, sheet],
    }  # fmt: skip
