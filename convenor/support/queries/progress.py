"""Progress reviews of a package as somebody may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.support.models import ProgressReview
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.ownership import Sight
from convenor.support.rules.progress import Rating, rating_from
from convenor.support.rules.states import ReviewDecision

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class ReviewSeen:
    """One progress review."""

    pk: int
    held_on: date
    ratings: tuple[Rating, ...]
    decision: ReviewDecision
    words: str
    next_on: date | None
    at: datetime
    by: str


def reviews(here: PackageHere, *, viewer: Viewer) -> tuple[ReviewSeen, ...] | None:
    """The progress reviews of a package, newest first; None for whoever may not see them. One query."""
    if not here.sees(Sight.REVIEWS):
        return None
    rows = ProgressReview.objects.filter(package_id=here.pk).select_related("by").order_by("-held_on", "-id")
    return tuple(
        ReviewSeen(
            each.pk, each.held_on, tuple(rating_from(raw) for raw in each.ratings), ReviewDecision(each.decision), each.words,
            each.next_on, each.at, each.by.name,
        )
        for each in rows
    )  # fmt: skip
