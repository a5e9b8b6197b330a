"""The actions of contacts, by part."""

from convenor.contacts.actions.contacts import note_bounce, remove_contact, set_contact, verify_contact, verify_school

__all__ = ["note_bounce", "remove_contact", "set_contact", "verify_contact", "verify_school"]
