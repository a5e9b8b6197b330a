"""Support that a school had before the partnership kept its records here: for the school's own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from convenor.support.models import EarlierSupport

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class EarlierSeen:
    """One line of an older log, as its school reads it."""

    from_on: date
    until_on: date | None
    who: str
    what: str
    half_days: int | None
    pence: int | None
    note: str
    status: str
    source: str


def earlier_support(slug: str, urn: str, *, viewer: Viewer) -> tuple[EarlierSeen, ...]:
    """What an older log says of support for a school, newest first: for its own people, and nothing for anybody else. One query."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.sees_record(urn):
        return ()
    rows = EarlierSupport.objects.filter(partnership__slug=slug, school_id=urn).order_by("-from_on", "-pk")
    fields = ("from_on", "until_on", "who", "what", "half_days", "pence", "note", "status", "source")
    return tuple(EarlierSeen(*row) for row in rows.values_list(*fields))
