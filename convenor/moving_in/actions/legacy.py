"""What becomes of ratings and notes of concern that an old file held: the school's word comes first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.moving_in.actions._rows import label_of
from convenor.moving_in.models import LegacyNote
from convenor.moving_in.rules.states import Legacy, OfSchool
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere, Refused

GONE = "It is not held any more. Nothing was changed."


def decide_legacy(*, slug: str, legacy_id: int, decision: Legacy, by: Viewer | str, at: datetime) -> None:
    """The manager has one thing that was set apart deleted now, or leaves it to the school. Raises NotThere, NotAllowed."""
    allow(by, Permission.MOVE_IN, partnership=slug)
    with transaction.atomic():
        row = _held(slug, legacy_id)
        if decision is Legacy.DELETE:
            if row.kept_at is not None or row.replied_at is not None:
                raise Refused("The school has answered: it alone says now whether it is deleted. Nothing was changed.")
            _delete(row, slug=slug, by=by, at=at, why="deleted by whoever brought it")


def answer_legacy(*, slug: str, legacy_id: int, decision: OfSchool, by: Viewer, at: datetime, words: str = "") -> LegacyNote | None:
    """Whoever speaks for the school replies, keeps what was set apart, or has it deleted; None where it is deleted.

    Raises NotThere for one of another school, as for one that is not there; Refused for a reply without words.
    """
    with transaction.atomic():
        row = LegacyNote.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=legacy_id).first()
        if row is None or row.school_id not in by.urns:
            raise NotThere(GONE)
        allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=row.school_id)
        if decision is OfSchool.DELETE:
            _delete(row, slug=slug, by=by, at=at, why="deleted by the school")
            return None
        if decision is OfSchool.REPLY:
            if not words.strip():
                raise Refused("Write your reply first. Nothing was changed.")
            row.reply, row.replied_at, row.replied_by = words.strip(), at, label_of(by)
        if decision is OfSchool.KEEP:
            row.kept_at, row.kept_by = at, label_of(by)
        row.save()
        journal.record(
            by=by, at=at, verb=f"legacy.{'kept' if decision is OfSchool.KEEP else 'replied'}", subject_kind="legacy", subject_key=row.pk,
            subject_label="Set apart from an old file", partnership=slug, urn=row.school_id,
        )  # fmt: skip
    return row


def forget_due(*, by: Viewer | str, at: datetime) -> int:
    """Deletes what was set apart and no school kept, once its ten working days are over; how many."""
    with transaction.atomic():
        due = LegacyNote.objects.select_for_update(of=("self",)).select_related("partnership")
        rows = list(due.filter(kept_at=None, until_on__lte=day_of(at)))
        for row in rows:
            _delete(row, slug=row.partnership.slug, by=by, at=at, why="ten working days without the school's word")
    return len(rows)


def _held(slug: str, legacy_id: int) -> LegacyNote:
    row = LegacyNote.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=legacy_id).first()
    if row is None:
        raise NotThere(GONE)
    return row


def _delete(row: LegacyNote, *, slug: str, by: Viewer | str, at: datetime, why: str) -> None:
    journal.record(
        by=by, at=at, verb="legacy.deleted", subject_kind="legacy", subject_key=row.pk, subject_label="Set apart from an old file",
        partnership=slug, urn=row.school_id, why=why,
    )  # fmt: skip
    row.delete()
