"""Addresses, letters to many and invitations for the table of access: who sees which page, with a line of 990001 and a draft."""

from __future__ import annotations

from typing import Any

from convenor.contacts.actions import set_contact
from convenor.contacts.models import Circular, Contact
from tests.factories.partnership import AT, SLUG, World

MANAGER = frozenset({"manager"})
#: Whoever acts for 990001; the head of the table is of 990005, the trust's leader of 990002 and 990004.
OWN = frozenset({"school-leader", "chair-of-governors", "clerk", "school-office"})
KEPT = (
    "contacts", "contact-add", "contacts-prefill", "contact-change", "contact-remove", "circulars", "circular-write", "circular",
    "circular-change", "circular-drop", "invite-heads", "held-letters",
)  # fmt: skip
PAGES: dict[str, frozenset[str]] = {
    **dict.fromkeys(KEPT, MANAGER),
    **dict.fromkeys(("school-contacts", "school-contact-add", "school-contact-change"), OWN),
}
#: A reader's own page opens by the link in their letter alone; its tests stand in `tests/integration/contacts/test_pages.py`.
DOORS = ("circulars-stop",)
#: Pages that are only read.
READ = ("contacts", "circulars", "held-letters")


def begin(everyone: World) -> None:
    """An address of a school, and a letter that has not left."""
    set_contact(slug=SLUG, urn="990001", role="clerk", name="Cass Wood", email="clerk@fernhollow.example", by="the test", at=AT)
    Circular.objects.create(
        partnership=everyone.partnership, subject="A letter for the table", words="Come.", written_at=AT, written_by="the test"
    )


def addresses() -> dict[str, Any]:
    """The parts of the address of each page."""
    line, letter, school = Contact.objects.get(role="clerk").pk, Circular.objects.get().pk, "990001"
    given: dict[str, Any] = {name: [SLUG] for name in PAGES}
    given |= {name: [SLUG, line] for name in ("contact-change", "contact-remove")}
    given |= {name: [SLUG, letter] for name in ("circular", "circular-change", "circular-drop")}
    given |= {name: [SLUG, school] for name in ("school-contacts", "school-contact-add")}
    return given | {"school-contact-change": [SLUG, school, line]}
