"""The priorities that a school agrees after its review: one to three, each with owner, day, measure and where it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.actions.review_rows import locked, pass_gate
from convenor.peer_review.models import AgreedPriority, PeerReview
from convenor.peer_review.queries.steps import whos
from convenor.peer_review.rules.gates import check_who
from convenor.peer_review.rules.priorities import Priority, check_priorities
from convenor.peer_review.rules.states import State, Step


def agree_priorities(
    *, slug: str, review_id: int, priorities: Sequence[Priority], by: Viewer, at: datetime, version: int | None = None
) -> PeerReview:
    """The host agrees its priorities; until the impact visit it may mend them, and the review stays where it stands.

    Raises what `rules.priorities.check_priorities` raises; OutOfTurn before the workshop or after the impact visit.
    """
    allow(by, Permission.REVIEW_HOST, partnership=slug)
    chosen = check_priorities(priorities, on=day_of(at))
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        check_who(Step.ACTIONS_AGREED, whos(here, viewer=by))
        mending = here.state is State.ACTIONS_AGREED
        if mending or here.state is State.WORKSHOP_DONE:
            _replace(row, chosen)
        if not mending:
            pass_gate(row, here, Step.ACTIONS_AGREED, by=by, at=at)
            return row
        row.version += 1
        row.save()
        journal.record(
            by=by, at=at, verb="review.actions-mended", subject_kind="peer-review", subject_key=row.pk, partnership=slug,
            subject_label=row.school.name, urn=row.school_id,
        )  # fmt: skip
    return row


def _replace(row: PeerReview, chosen: Sequence[Priority]) -> None:
    """The priorities in place of those that were there: each keeps its number, and none has a result yet."""
    AgreedPriority.objects.filter(review=row).delete()
    for number, each in enumerate(chosen, 1):
        assert each.by_on is not None, "checked priorities have a day"
        AgreedPriority.objects.create(
            review=row, number=number, title=each.title, theme=each.theme, owner=each.owner, by_on=each.by_on,
            measure=each.measure, baseline=each.baseline,
        )  # fmt: skip
