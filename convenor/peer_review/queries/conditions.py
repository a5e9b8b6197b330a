"""What peer review adds beside the nine conditions: its totals, as its own page tells them to whoever sees totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from convenor.conditions.rules.evidence import EvidenceLine
from convenor.partnership.roles import Permission
from convenor.peer_review.queries.engine import engine

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer
    from convenor.peer_review.rules.health import Measure

SOURCE: Final = "Peer review, in ranges that name no school"
NEEDS: Final = Permission.REVIEW_TOTALS_SEE.value
TOO_FEW: Final = "too few to say"


def evidence(slug: str, *, viewer: Viewer, at: date | datetime) -> Iterable[EvidenceLine]:
    """Visits held, actions that came to something, reviewers trained and days given; nothing for whoever sees no totals. Seven queries."""
    seen = engine(slug, viewer=viewer, at=at)
    if seen is None:
        return

    def line(condition: str, says: str, told: Measure, unit: str) -> EvidenceLine:
        whole = told.whole
        if not whole.told:
            return EvidenceLine(condition, says, "", "", seen.on, SOURCE, TOO_FEW, NEEDS)
        return EvidenceLine(condition, says, whole.says, unit, seen.on, SOURCE, "", NEEDS)

    yield line("engagement", "Peer reviews with their visit held", seen.milestones[1], "schools in a round of eighteen months")
    yield line("capacity", "Reviewed schools’ agreed actions done or begun at six months", seen.actions_begun, "actions")
    yield line("leadership", "Reviewers with training in date", seen.trained, "people")
    if seen.days is None:
        yield EvidenceLine("capacity", "Reviewer days given in twelve months", "", "", seen.on, SOURCE, TOO_FEW, NEEDS)
    else:
        words = f"about {seen.days.days}, to about {seen.days.schools} schools"
        yield EvidenceLine("capacity", "Reviewer days given in twelve months", words, "", seen.on, SOURCE, "", NEEDS)
