"""The tables of contacts."""

from convenor.contacts.models.addresses import Contact, LeftOut
from convenor.contacts.models.circulars import Circular
from convenor.contacts.models.invitations import HeadInvitation

__all__ = ["Circular", "Contact", "HeadInvitation", "LeftOut"]
