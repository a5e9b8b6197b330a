"""Writes of the archive: a change taken back whole; a partnership's everything, taken out and taken in."""

from convenor.archive.actions.taking_back import TakenBack, take_back

__all__ = ["TakenBack", "take_back"]
