"""Writes of the archive: a change taken back whole; a partnership's everything, taken out and taken in; the installation backed up."""

from convenor.archive.actions.backing_up import BackedUp, Restored, back_up, restore
from convenor.archive.actions.loading import Loaded, load_archive
from convenor.archive.actions.saving import Saved, save_archive
from convenor.archive.actions.taking import ask_archive, fetch_archive, forget_archives, make_waiting, note_worker, remove_archive
from convenor.archive.actions.taking_back import TakenBack, take_back

__all__ = [
    "BackedUp", "Loaded", "Restored", "Saved", "TakenBack", "ask_archive", "back_up", "fetch_archive", "forget_archives", "load_archive",
    "make_waiting", "note_worker", "remove_archive", "restore", "save_archive", "take_back",
]  # fmt: skip
