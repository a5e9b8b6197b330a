"""Placing legal holds, and ending them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.records.models import Hold
from convenor.records.queries.holds import people_to_hold
from convenor.records.rules.holds import HoldKind, check_end, check_hold
from convenor.registers.queries.schools import school


def place_hold(
    *, slug: str, kind: HoldKind, urn: str, person_id: int | None, record_class: str, reason: str, from_on: date, by: Viewer, at: datetime
) -> Hold:
    """From now on nothing that is held about this school, about this person, or in this class of record is deleted.

    Only what `kind` names is looked at. Raises NotAllowed, NotThere for a school or person that is not known, and what `check_hold` raises.
    """
    allow(by, Permission.RETENTION_RUN, partnership=slug)
    said = check_hold(kind, record_class=record_class, reason=reason, from_on=from_on, today=day_of(at))
    if kind is HoldKind.SCHOOL and (not urn or school(urn, viewer=by) is None):
        raise NotThere("Choose a school from the list. Nothing was changed.")
    if kind is HoldKind.PERSON and person_id not in {key for key, _ in people_to_hold(slug, viewer=by, at=at)}:
        raise NotThere("Choose somebody from the list. Nothing was changed.")
    assert by.partnership is not None
    with transaction.atomic():
        row = Hold.objects.create(
            partnership_id=by.partnership.id, kind=kind.value, school_id=urn if kind is HoldKind.SCHOOL else None,
            person_id=person_id if kind is HoldKind.PERSON else None, record_class=record_class if kind is HoldKind.CLASS else "",
            reason=said, from_on=from_on, placed_at=at, placed_by=by.label[:200],
        )  # fmt: skip
        _journal(row, "hold.placed", slug, by, at)
    return row


def end_hold(*, slug: str, hold_id: int, why: str, by: Viewer, at: datetime) -> Hold:
    """The hold ends today; what is past its period goes in the next run. Raises NotAllowed, NotThere, and what `check_end` raises."""
    allow(by, Permission.RETENTION_RUN, partnership=slug)
    with transaction.atomic():
        row = Hold.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=hold_id).first()
        if row is None:
            raise NotThere("There is no such hold in this partnership. Nothing was changed.")
        row.ended_why = check_end(row.until_on, why=why, today=day_of(at))
        row.until_on, row.ended_by, row.version = day_of(at), by.label[:200], row.version + 1
        row.save()
        _journal(row, "hold.ended", slug, by, at)
    return row


def _journal(row: Hold, verb: str, slug: str, by: Viewer, at: datetime) -> None:
    """By its number and kind: about whom it is, is for those who keep the holds."""
    journal.record(
        by=by, at=at, verb=verb, subject_kind="hold", subject_key=row.pk, subject_label=f"Legal hold {row.pk}: {row.kind}", partnership=slug
    )
