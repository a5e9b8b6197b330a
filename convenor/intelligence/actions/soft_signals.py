"""Noting a soft signal about a school, saying that it is still so, taking it back, and answering it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.intelligence.actions.entering import about, holder_of, mine, note, said_by_school, take_back, tell_school
from convenor.intelligence.models import Response, SoftSignal
from convenor.intelligence.rules.entered import fresh
from convenor.intelligence.rules.soft_signals import SignalRefused, refuse_signal
from convenor.intelligence.rules.wording import tidy
from convenor.partnership.gate import Viewer, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission


def note_signal(
    *,
    slug: str,
    urn: str,
    kind: str,
    words: str,
    confidence: str,
    sensitivity: str,
    happened_on: date,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> SoftSignal:
    """Notes a dated fact about a school. The school sees it at once, with the role of whoever noted it, and is told that something waits.

    Raises SignalRefused, with what is put back to the writer, for judgement, a person, or a wrong day; NotAllowed or NotThere for
    who may not or no such school. Either way nothing is kept.
    """
    school, place = about(slug, urn, Permission.SIGNAL_NOTE, by=by, at=at)
    refuse_signal(
        kind=kind, words=words, confidence=confidence, sensitivity=sensitivity, source=source, happened_on=happened_on, today=day_of(at),
        school=school.name,
    )  # fmt: skip
    same = SoftSignal.objects.filter(partnership__slug=slug, school_id=urn, by_key=str(by.person_id), words=tidy(words), withdrawn_at=None)
    if same.exists():
        raise SignalRefused("You noted this already. Say of that one that it is still so. Nothing was changed.")
    with transaction.atomic():
        row = SoftSignal.objects.create(
            partnership_id=partnership_id(slug), school_id=urn, kind=kind, words=tidy(words), happened_on=happened_on, as_of_on=happened_on,
            confidence=confidence, source=source, sensitivity=sensitivity, own=place.own, source_role=place.role, noted_at=at,
            by_key=str(by.person_id), **holder_of("soft-signal"),
        )  # fmt: skip
        note("signal.noted", row, school, slug=slug, by=by, at=at, kind=kind)
        if not place.own:
            tell_school(slug, urn, by=by, at=at)
    return row


def renew_signal(*, slug: str, urn: str, signal_id: int, as_of_on: date, by: Viewer, at: datetime) -> SoftSignal:
    """Says of a signal that it was still so on a later day, which begins its twelve months anew. Only whoever noted it may.

    Raises SignalRefused for a day to come, one before the last, or one a year gone.
    """
    school, _ = about(slug, urn, Permission.SIGNAL_NOTE, by=by, at=at)
    with transaction.atomic():
        row = mine(SoftSignal, signal_id, slug=slug, urn=urn, by=by)
        if as_of_on > day_of(at) or as_of_on <= row.as_of_on or not fresh(as_of_on, on=day_of(at)):
            raise SignalRefused(
                "Enter the day on which it was last seen to be so, later than the last. Nothing was changed.", field="as_of_on"
            )
        row.as_of_on, row.renewed_at = as_of_on, at
        row.save()
        note("signal.renewed", row, school, slug=slug, by=by, at=at, kind=row.kind)
        if not row.own:
            tell_school(slug, urn, by=by, at=at)
    return row


def withdraw_signal(*, slug: str, urn: str, signal_id: int, why: str, by: Viewer, at: datetime) -> SoftSignal:
    """Takes a signal back, with the reason: it stays on record, and weighs nothing any more. Only whoever noted it may."""
    return take_back(SoftSignal, signal_id, slug=slug, urn=urn, why=why, by=by, at=at)


def answer_signal(*, slug: str, urn: str, signal_id: int, words: str, disputes: bool, by: Viewer, at: datetime) -> Response:
    """The school says something to a signal, or that it is not so; a disputed one weighs nothing. Its words stand beside it for ever."""
    return said_by_school(SoftSignal, signal_id, slug=slug, urn=urn, words=words, disputes=disputes, by=by, at=at)
