"""An area of excellence that a host offers for others to come and see, in words it approved; it takes it back any time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions.review_rows import locked
from convenor.peer_review.models import ExcellenceOffer, PeerReview
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.refusals import Missing, NotYours, OutOfTurn
from convenor.peer_review.rules.report import FINDING_AT_MOST, words_of
from convenor.peer_review.rules.themes import THEMES


def offer_excellence(*, slug: str, review_id: int, theme: str, words: str, by: Viewer, at: datetime) -> ExcellenceOffer:
    """Whoever speaks for the host offers an area of excellence to the partnership, in words of their own; offered again, it is replaced.

    Raises OutOfTurn before the report is final, Missing without a theme, NoWords without words, NotYours for anybody else.
    """
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug)
    if theme not in THEMES:
        raise Missing("Choose a theme. Nothing was changed.")
    said = words_of(words, "what others can come and see", FINDING_AT_MOST, needed=True)
    with transaction.atomic():
        row = _of_host(slug, review_id, by, at)
        offer, _ = ExcellenceOffer.objects.update_or_create(
            review=row, defaults={"theme": theme, "words": said, "offered_at": at, "withdrawn_at": None}
        )
        _journal(row, "review.excellence-offered", slug, by, at)
    return offer


def take_back_excellence(*, slug: str, review_id: int, by: Viewer, at: datetime) -> ExcellenceOffer:
    """Whoever speaks for the host takes its offer back; from this moment nobody else reads it. Raises NotThere where none stands."""
    with transaction.atomic():
        row = _of_host(slug, review_id, by, at)
        offer = ExcellenceOffer.objects.filter(review=row, withdrawn_at=None).first()
        if offer is None:
            raise NotThere("Nothing is offered. Nothing was changed.")
        offer.withdrawn_at = at
        offer.save()
        _journal(row, "review.excellence-taken-back", slug, by, at)
    return offer


def _of_host(slug: str, review_id: int, by: Viewer, at: datetime) -> PeerReview:
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug)
    row, here = locked(slug, review_id, by=by, at=at)
    if not by.may(Permission.SCHOOL_SPEAK, urn=row.school_id):
        raise NotYours("The school itself says what it offers. Nothing was changed.")
    if not here.sees(Sight.REPORT):
        raise OutOfTurn("The report is not final yet. Nothing was changed.")
    return row


def _journal(row: PeerReview, verb: str, slug: str, by: Viewer, at: datetime) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="peer-review", subject_key=row.pk, partnership=slug, subject_label=row.school.name,
        urn=row.school_id,
    )  # fmt: skip
