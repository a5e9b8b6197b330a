"""What was set apart of a school from old files: for the school's own people alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.moving_in.models import LegacyNote
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

FIELDS = {"rating": "Rating", "note": "Note", "what": "What was done"}


@dataclass(frozen=True, slots=True)
class LegacySeen:
    """A rating or note of an old file, as its school sees it. It is deleted on `until_on` unless the school keeps it."""

    id: int
    field: str
    words: str
    file: str
    shown_from_on: date
    until_on: date
    reply: str
    replied_at: datetime | None
    replied_by: str
    kept_at: datetime | None
    kept_by: str
    may_say: bool


def legacy_of_school(slug: str, urn: str, *, viewer: Viewer, at: datetime) -> list[LegacySeen]:
    """What was set apart of a school, oldest first: for its own people, and for nobody else, the manager included. One query."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.sees_record(urn) or urn not in viewer.urns:
        return []
    speaks = viewer.may(Permission.SCHOOL_SPEAK, urn=urn)
    rows = LegacyNote.objects.filter(partnership__slug=slug, school_id=urn).order_by("pk")
    return [
        LegacySeen(
            row.pk, FIELDS.get(row.field, row.field), row.words, row.file, row.shown_from_on, row.until_on, row.reply, row.replied_at,
            row.replied_by, row.kept_at, row.kept_by, speaks,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LegacyWaiting:
    """One thing that was set apart, as the manager sees it: of which school and until when, never its words."""

    id: int
    urn: str
    school: str
    field: str
    file: str
    until_on: date
    replied: bool
    kept: bool


def legacy_waiting(slug: str, move_in_id: int, *, viewer: Viewer) -> list[LegacyWaiting]:
    """What a move-in set apart, by school; empty for whoever may not move in. One query."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.MOVE_IN):
        return []
    rows = LegacyNote.objects.filter(partnership__slug=slug, move_in_id=move_in_id).select_related("school").order_by("school__name", "pk")
    return [
        LegacyWaiting(
            row.pk, row.school_id, row.school.name, FIELDS.get(row.field, row.field), row.file, row.until_on, row.replied_at is not None,
            row.kept_at is not None,
        )
        for row in rows
    ]  # fmt: skip
