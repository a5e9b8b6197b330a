"""Evidence for the table of access: who sees which page, with a review whose log holds a note and whose host has the draft."""

from __future__ import annotations

from typing import Any

from convenor.partnership.roles import ROLES
from convenor.peer_review.models import EvidenceNote, EvidenceText, PeerReview
from convenor.peer_review.rules.states import State
from tests.factories.partnership import SLUG, World
from tests.factories.peer_review import MOMENTS, SECRETS, review, review_round

ROUND = "Evidence for the table"
#: In the table the head of 990005 leads the team; a system leader and a reviewer are of it.
TEAM = frozenset({"head", "system-leader", "reviewer"})
#: Of the host school, 990001.
HOST = frozenset({"school-leader", "chair-of-governors"})
ANYONE = frozenset({*ROLES, "nobody signed in", "somebody with no post", "manager of elsewhere"})
PAGES: dict[str, frozenset[str]] = {
    "review-evidence": TEAM | HOST,
    "review-evidence-sync": TEAM,
    "review-evidence-offline": ANYONE,
    "review-evidence-worker": ANYONE,
}
#: A member who has no part in a review is told that there is no such page.
HIDDEN_FROM_MEMBERS = ("review-evidence", "review-evidence-sync")
READ: tuple[str, ...] = ()


def begin(everyone: World) -> None:
    """A review whose draft is with the host, and one note in its log."""
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        everyone.people.setdefault(who, everyone.people[known])
        everyone.viewers.setdefault(who, everyone.viewers[known])
    at, lead = MOMENTS[State.ON_SITE], everyone.people["lead"]
    row = review(everyone, until=State.REPORT_DRAFT, round=review_round(everyone, name=ROUND))
    note = EvidenceNote.objects.create(uid="5f0c0000-0000-4000-8000-000000000001", review=row, begun_at=at, received_at=at, by=lead)
    EvidenceText.objects.create(
        uid="5f0c0000-0000-4000-8000-000000000002", note=note, words=SECRETS["evidence"], written_at=at, received_at=at, by=lead
    )


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    pk = PeerReview.objects.get(round__name=ROUND).pk
    return {name: [SLUG, pk] for name in PAGES}
