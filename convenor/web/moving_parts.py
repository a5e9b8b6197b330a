"""What moving in adds to a head's home and to what is held about a school: what earlier records of the partnership say of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from convenor.moving_in.queries.legacy import legacy_of_school
from convenor.web.addresses import address
from convenor.web.todo import Door, Thing, Weight, Work, said

READ = Work(words=160, presses=3, choices=2, thought_seconds=40)


def set_apart_thing(urn: str, name: str, until: date, slug: str) -> Thing:
    """That something was set apart of a school and waits for whoever speaks for it."""
    why = f"Nobody else here reads it before you. Without your word it is deleted on {said(until)}."
    door = Door("Read it", address("set-apart", slug, urn), main=True)
    return Thing(f"set-apart-{urn}", f"Read what earlier records say of {name}", why, READ.minutes, (door,), Weight.DATED, until)


def held(viewer: Any, at: datetime, urn: str) -> list[tuple[str, str]]:
    """What of earlier records is held about a school, for its own people: kind and file, never the words. One query."""
    here = viewer.partnership
    found = legacy_of_school(here.slug, urn, viewer=viewer, at=at) if here is not None else []
    return [(each.field, each.file) for each in found]
