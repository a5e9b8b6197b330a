"""What each side expects to find, named in private before the visit. Neither side ever reads the other's here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.actions.review_rows import locked
from convenor.peer_review.models import Expectation
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules.gates import said
from convenor.peer_review.rules.mirror import Expected, check_expected
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.preparing import WHILE_EXPECTING
from convenor.peer_review.rules.refusals import NotYours, OutOfTurn
from convenor.peer_review.rules.states import Side


def name_expectations(*, slug: str, review_id: int, findings: Iterable[Expected], by: Viewer, at: datetime) -> Expectation:
    """A side names the three findings that it expects, or names others, until the day before the visit; the team's are the whole team's.

    The journal says that it was done and by which school's review, not which side: who named early would say something too. NotYours
    for whoever is on neither side; OutOfTurn from the visit's first day on.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at)
        side = _side(here, by)
        if here.state not in WHILE_EXPECTING or (row.visit_from_on is not None and day_of(at) >= row.visit_from_on):
            until = f" until {said(row.visit_from_on)}" if row.visit_from_on else ""
            raise OutOfTurn(f"What one expects is named before the visit{until}. Nothing was changed.")
        kept = [each.as_dict() for each in check_expected(findings)]
        assert by.person_id is not None, "whoever sees a review is known"
        made, _ = Expectation.objects.update_or_create(
            review=row, side=side.value, defaults={"findings": kept, "named_at": at, "by_id": by.person_id}
        )
        journal.record(
            by=by, at=at, verb="review.expected", subject_kind="peer-review", subject_key=row.pk, partnership=slug,
            subject_label=row.school.name, urn=row.school_id,
        )  # fmt: skip
    return made


def _side(here: ReviewHere, by: Viewer) -> Side:
    if here.host and by.may(Permission.REVIEW_HOST, urn=here.urn):
        return Side.HOST
    if here.sees(Sight.OWN_EXPECTATION) and not here.host:
        return Side.TEAM
    raise NotYours("The school and the team each say what they expect. Nothing was changed.")
