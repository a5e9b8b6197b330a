"""The constitution as a file, with the schools and people that stand in it now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from convenor.partnership.queries.whole import read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules.writing import to_toml

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def constitution_file(slug: str, *, viewer: Viewer, at: datetime) -> str | None:
    """The whole constitution as TOML, as the command `structure check` reads it; None for whoever may not move in.

    Members and people in seats are in it, with the days from which and until which: it is for the manager alone.
    """
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.MOVE_IN):
        return None
    whole = read_whole(slug, members=True)
    return None if whole is None else to_toml(whole.constitution)
