"""Six months on: what had come of each priority, and how the review ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions.review_rows import locked, pass_gate, tell_host
from convenor.peer_review.models import AgreedPriority, PeerReview
from convenor.peer_review.queries.steps import whos
from convenor.peer_review.rules.gates import check_who
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.priorities import WORDS_AT_MOST, check_results
from convenor.peer_review.rules.refusals import WrongDay
from convenor.peer_review.rules.report import NOTHING, words_of
from convenor.peer_review.rules.states import Outcome, Step


def hold_impact_visit(
    *, slug: str, review_id: int, held_on: date, results: Mapping[int, tuple[str, str]], by: Viewer, at: datetime, words: str = "",
    version: int | None = None,
) -> PeerReview:  # fmt: skip
    """Lead, champion or host writes down what had come of each priority: its number to result and words. The host is told.

    Refused before five months after the visit, marked late after seven (TooSoon). Whoever of the team does it was let back in by the
    host first (NotYours): the priorities are the school's. Raises Missing where one is not said of, WrongDay for a day yet to come.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    said = words_of(words, "what you saw", WORDS_AT_MOST)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        check_who(Step.IMPACT_REVIEWED, whos(here, viewer=by))
        if not here.sees(Sight.PRIORITIES):
            raise NotThere(f"The school lets whoever comes back read its priorities first. Ask its head. {NOTHING}")
        if held_on > day_of(at):
            raise WrongDay(f"The impact visit is written down once it was held. {NOTHING}")
        rows = {each.number: each for each in AgreedPriority.objects.filter(review=row)}
        for number, (result, on_it) in check_results(sorted(rows), results).items():
            rows[number].result, rows[number].result_words = result.value, on_it
            rows[number].save()
        row.impact_on, row.impact_words = held_on, said
        row.save()
        pass_gate(row, here, Step.IMPACT_REVIEWED, by=by, at=at)
        tell_host(row, here, by=by, at=at)
    return row


def close_review(*, slug: str, review_id: int, outcome: Outcome, by: Viewer, at: datetime, version: int | None = None) -> PeerReview:
    """The host says how its review ends: done, going on by itself, or with help from others, which it then asks for itself."""
    allow(by, Permission.REVIEW_HOST, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        row.outcome = outcome.value
        row.save()
        pass_gate(row, here, Step.CLOSED, by=by, at=at)
    return row
