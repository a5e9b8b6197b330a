"""The people of a review by name, for a document that is brought back by an operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convenor.partnership.models import Tenure
from convenor.peer_review.models import TeamMember

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def names_of(review_id: int, urn: str, *, viewer: Viewer | None) -> dict[str, tuple[int, ...]]:
    """Whoever was ever on the team or held a post at the school: name to keys. For an operator's action, never for a page. Two queries."""
    team = TeamMember.objects.filter(review_id=review_id).values_list("reviewer__person__name", "reviewer__person_id")
    school = Tenure.objects.filter(post__school_id=urn).values_list("person__name", "person_id")
    found: dict[str, set[int]] = {}
    for name, pk in (*team, *school):
        found.setdefault(name, set()).add(pk)
    return {name: tuple(sorted(some)) for name, some in found.items()}
