"""What moving in adds to a head's home: that earlier records speak of their school, and wait for its word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from convenor.moving_in.queries.legacy import legacy_of_school
from convenor.partnership.gate import Permission
from convenor.web.addresses import address
from convenor.web.todo import Door, Thing, Weight, Work, said

READ = Work(words=160, presses=3, choices=2, thought_seconds=40)


def school_things(viewer: Any, at: datetime, urn: str, name: str) -> list[Thing]:
    """What was set apart of one school and waits for whoever speaks for it; what it kept or replied to waits no longer. One query."""
    if not viewer.may(Permission.SCHOOL_SPEAK, urn=urn):
        return []
    waiting = [
        each for each in legacy_of_school(viewer.partnership.slug, urn, viewer=viewer, at=at) if not (each.kept_at or each.replied_at)
    ]
    if not waiting:
        return []
    until = min(each.until_on for each in waiting)
    why = f"Nobody else here reads it before you. Without your word it is deleted on {said(until)}."
    door = Door("Read it", address("set-apart", viewer.partnership.slug, urn), main=True)
    return [Thing(f"set-apart-{urn}", f"Read what earlier records say of {name}", why, READ.minutes, (door,), Weight.DATED, until)]


def held(viewer: Any, at: datetime, urn: str) -> list[tuple[str, str]]:
    """What of earlier records is held about a school, for its own people: kind and file, never the words. One query."""
    here = viewer.partnership
    found = legacy_of_school(here.slug, urn, viewer=viewer, at=at) if here is not None else []
    return [(each.field, each.file) for each in found]
