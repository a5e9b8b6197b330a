"""The improvement workshop, led by a champion who was not the lead of the review."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.peer_review.actions.review_rows import locked, pass_gate, tell_host
from convenor.peer_review.models import PeerReview
from convenor.peer_review.rules.priorities import WORDS_AT_MOST
from convenor.peer_review.rules.report import words_of
from convenor.peer_review.rules.states import Step


def hold_workshop(
    *, slug: str, review_id: int, held_on: date, by: Viewer, at: datetime, words: str = "", version: int | None = None
) -> PeerReview:
    """The champion writes down that the workshop was held, on which day and, for the host alone, what was worked out; the host is told.

    More than fourteen days after the visit is taken and marked late. Raises SamePerson for a champion who was the lead, WrongDay for
    a day before the visit's end or yet to come, NotYours for anybody else.
    """
    allow(by, Permission.REVIEW_OFFER, partnership=slug)
    said = words_of(words, "what was worked out", WORDS_AT_MOST)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        row.workshop_on, row.workshop_words = held_on, said
        row.save()
        pass_gate(row, here, Step.WORKSHOP_DONE, by=by, at=at)
        tell_host(row, here, by=by, at=at)
    return row
