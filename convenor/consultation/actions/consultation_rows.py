"""What every action on a consultation shares: the locked row, its version, the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from convenor.consultation.models import Consultation
from convenor.consultation.rules.refusals import ChangedMeanwhile, NotOpen
from convenor.consultation.rules.states import ConsultationState
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer
from convenor.partnership.rules.refusals import NotThere

NOT_THERE = "There is no such consultation in this partnership. Nothing was changed."
CHANGED = "Somebody changed this while you had it open. What you wrote stands below: look again, then press the button again."


def locked(slug: str, pk: int, *, version: int | None = None) -> Consultation:
    """The consultation, held until the transaction ends. Raises NotThere, and ChangedMeanwhile where it was changed since `version`."""
    row = Consultation.objects.select_for_update(of=("self",)).select_related("partnership").filter(partnership__slug=slug, pk=pk).first()
    if row is None:
        raise NotThere(NOT_THERE)
    if version is not None and version != row.version:
        raise ChangedMeanwhile(CHANGED, now=row.version)
    return row


def only_draft(row: Consultation) -> None:
    """Raises NotOpen once schools were asked."""
    if row.state != ConsultationState.DRAFT.value:
        raise NotOpen("Schools have been asked: questions and opening day stand. Nothing was changed.")


def kept(row: Consultation, verb: str, *, by: Viewer | str, at: datetime, why: str = "", detail: dict[str, Any] | None = None) -> None:
    """Saves the consultation under its next version, and records that it was done."""
    row.version += 1
    row.save()
    journal.record(
        by=by, at=at, verb=f"consultation.{verb}", subject_kind="consultation", subject_key=row.pk, subject_label=row.title,
        partnership=row.partnership.slug, why=why, detail=detail,
    )  # fmt: skip
