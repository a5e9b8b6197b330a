"""Saving a move-in, all or nothing, and undoing it whole."""

from __future__ import annotations

from datetime import datetime

from convenor.moving_in.models import MoveIn
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import Refused


def save(*, slug: str, move_in_id: int, by: Viewer | str, at: datetime, version: int) -> MoveIn:
    """Saves a move-in in one transaction, through the features' own actions, and posts no letter.

    `version` is that of the preview that was read. Raises Refused in words when questions are open, when it was saved meanwhile, or when
    what stands has changed so that the preview no longer fits: the plan is then made anew, to be looked at again.
    """
    allow(by, Permission.MOVE_IN, partnership=slug)
    raise Refused("Saving is not built yet. Nothing was changed.")


def undo(*, slug: str, move_in_id: int, by: Viewer | str, at: datetime) -> MoveIn:
    """Undoes a saved move-in whole. Raises Refused (ChangedSince names what) when something that it brought was changed since."""
    allow(by, Permission.MOVE_IN, partnership=slug)
    raise Refused("Undoing is not built yet. Nothing was changed.")
