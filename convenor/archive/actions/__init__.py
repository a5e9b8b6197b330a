"""Writes of the archive: a change taken back whole; a partnership's everything, taken out and taken in."""

from convenor.archive.actions.loading import Loaded, load_archive
from convenor.archive.actions.saving import Saved, save_archive
from convenor.archive.actions.taking_back import TakenBack, take_back

__all__ = ["Loaded", "Saved", "TakenBack", "load_archive", "save_archive", "take_back"]
