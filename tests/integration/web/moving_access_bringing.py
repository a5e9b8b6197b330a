"""Bringing in what a partnership has, for the table of access: the manager alone; what was set apart of a school, its own people alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.moving_in.models import BroughtFile, BroughtSheet, LegacyNote, MoveIn
from tests.factories.partnership import AT, SLUG, World

MANAGER = frozenset({"manager"})
#: Of the school, 990001, of which something was set apart; in the table the head is of 990005.
OWN = frozenset({"school-leader", "chair-of-governors"})
SPEAKS = frozenset({"chair-of-governors"})
OPEN_PAGES = (
    "move-in", "move-in-questions", "move-in-changes", "move-in-changes-csv", "move-in-save", "move-in-drop", "move-in-apart",
)  # fmt: skip
PAGES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("move-ins", "move-in-constitution", "move-in-file-drop", "move-in-sheet", "move-in-undo", *OPEN_PAGES), MANAGER),
    "set-apart": OWN,
    "set-apart-answer": SPEAKS,
    "set-apart-delete": SPEAKS,
}
#: Pages that are only read.
READ = ("move-in-constitution", "move-in-changes-csv", "set-apart")
HEADING = ["School", "URN", "Headteacher", "Email"]


def begin(everyone: World) -> None:
    """A move-in that is open, with a file; one that is saved; and a note that it set apart for 990001 to read first."""
    here = everyone.partnership
    row = MoveIn.objects.create(partnership=here, begun_at=AT, begun_by="the test")
    file = BroughtFile.objects.create(
        move_in=row, name="contacts.csv", kind_of_file="csv", digest="a" * 64, brought_at=AT, brought_by="the test"
    )
    BroughtSheet.objects.create(file=file, name="contacts", rows=[HEADING, ["Fernhollow", "990001", "Ada Example", ""]], kind="contacts")
    saved = MoveIn.objects.create(partnership=here, begun_at=AT, begun_by="the test", state="saved", saved_at=AT, saved_by="the test")
    LegacyNote.objects.create(
        partnership=here, move_in=saved, school_id="990001", field="note", words="Said long ago", file="log.csv", sheet_key=1, row=1,
        column=1, shown_from_on=AT.date(), until_on=date(2027, 1, 4),
    )  # fmt: skip


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row, saved = MoveIn.objects.get(state="open").pk, MoveIn.objects.get(state="saved").pk
    note = LegacyNote.objects.get().pk
    given: dict[str, list[Any]] = {name: [SLUG, row] for name in OPEN_PAGES}
    return given | {
        "move-ins": [SLUG],
        "move-in-constitution": [SLUG],
        "move-in-file-drop": [SLUG, row, BroughtFile.objects.get().pk],
        "move-in-sheet": [SLUG, row, BroughtSheet.objects.get().pk],
        "move-in-undo": [SLUG, saved],
        "set-apart": [SLUG, "990001"],
        "set-apart-answer": [SLUG, "990001", note],
        "set-apart-delete": [SLUG, "990001", note],
    }
