"""Teams for the table of access: who sees which page, with a round whose teams are published."""

from __future__ import annotations

from typing import Any

from convenor.peer_review.models import Matching, PeerReview, ReviewRound
from convenor.peer_review.rules.states import State
from convenor.peer_review.rules.teams import reviewer_key
from tests.factories.partnership import AT, SLUG, World
from tests.factories.peer_review import HOST, LEAD_SCHOOL, review, review_round, reviewers

ROUND = "Teams for the table"
MANAGER = frozenset({"manager"})
ON_TEAM = frozenset({"head", "system-leader", "reviewer"})
#: Pages of a round's teams, and of the team of one review.
OF_ROUND = ("review-matching", "review-matching-run", "review-matching-replan", "review-matching-publish", "review-matching-change")
OF_REVIEW = ("review-team-leave", "review-champion")
PAGES: dict[str, frozenset[str]] = {**dict.fromkeys((*OF_ROUND, *OF_REVIEW), MANAGER), "review-why": ON_TEAM}
READ = ("review-matching", "review-why")
#: Who leads another body, or reviews elsewhere, is told that there is no such page.
HIDDEN_FROM = {
    **dict.fromkeys((*OF_ROUND, *OF_REVIEW), frozenset({"cluster-lead", "alliance-lead"})),
    "review-why": frozenset({"school-leader", "chair-of-governors", "trust-lead"}),
}


def begin(everyone: World) -> None:
    """A round of the whole partnership with one review, whose team is the one that was matched."""
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        everyone.people.setdefault(who, everyone.people[known])
        everyone.viewers.setdefault(who, everyone.viewers[known])
    found = review_round(everyone, name=ROUND)
    review(everyone, until=State.DRAFT, round=found)
    keys = {who: reviewer_key(row.pk) for who, row in reviewers(everyone).items()}
    schools = [
        {"id": urn, "phase": "primary", "easting": 400_000 + 4_000 * n, "northing": 200_000, "hosts": urn == HOST}
        for n, urn in enumerate((HOST, "990003", LEAD_SCHOOL))
    ]
    people = [
        {"id": keys[who], "school": urn, "easting": 404_000, "northing": 204_000, "can_lead": True, "reviews_left": 1}
        | {"trained_until": "2028-01-11"}
        for who, urn in (("lead", LEAD_SCHOOL), ("second", "990003"), ("champion", None))
    ]  # fmt: skip
    team = {"host": HOST, "lead": keys["lead"], "members": [keys[who] for who in ("lead", "second", "champion")]}
    Matching.objects.create(
        round=found, number=1, kind="solved", status="optimal", objective=20.0, bound=20.0, made_at=AT, made_by="the test", published_at=AT,
        asked={"on": "2026-11-09", "team_size": 3, "waive": [], "schools": schools, "people": people},
        answer={"teams": [team], "infeasible": [], "waived": []},
    )  # fmt: skip


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    pk = ReviewRound.objects.get(name=ROUND).pk
    one = PeerReview.objects.get(round_id=pk).pk
    given: dict[str, list[Any]] = {name: [SLUG, pk] for name in OF_ROUND} | {name: [SLUG, one] for name in (*OF_REVIEW, "review-why")}
    return given | {"review-matching-change": [SLUG, pk, HOST]}
