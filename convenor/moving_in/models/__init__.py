"""The tables of moving in: what was brought, what was said of it, what is remembered, and what was set apart for a school to see first."""

from convenor.moving_in.models.bringing import BroughtFile, BroughtSheet, MoveIn, Said
from convenor.moving_in.models.legacy import LegacyNote
from convenor.moving_in.models.remembering import RememberedAnswer, RememberedColumns

__all__ = ["BroughtFile", "BroughtSheet", "LegacyNote", "MoveIn", "RememberedAnswer", "RememberedColumns", "Said"]
