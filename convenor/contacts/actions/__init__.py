"""The actions of contacts, by part."""

from convenor.contacts.actions.circulars import drop_circular, send_circular, stop_circulars, write_circular
from convenor.contacts.actions.contacts import note_bounce, remove_contact, set_contact, verify_contact, verify_school
from convenor.contacts.actions.heads import prefill_heads
from convenor.contacts.actions.inviting import begin_practice, end_practice, end_practice_and_invite, invite_heads

__all__ = [
    "begin_practice", "drop_circular", "end_practice", "end_practice_and_invite", "invite_heads", "note_bounce", "prefill_heads",
    "remove_contact", "send_circular", "set_contact", "stop_circulars", "verify_contact", "verify_school", "write_circular",
]  # fmt: skip
