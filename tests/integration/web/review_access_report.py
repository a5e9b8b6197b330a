"""Reports and what comes of them for the table of access: who sees which page, with one review at each stage that a page is for."""

from __future__ import annotations

from typing import Any

from convenor.peer_review.models import ExcellenceOffer, Grant, PeerReview, ReviewRound
from convenor.peer_review.rules.states import RoundState, State
from tests.factories.partnership import AT, SLUG, World
from tests.factories.peer_review import review, review_round

#: In the table the head of 990005 leads the team; a reviewer is its champion, a system leader is of it.
LEAD = frozenset({"head"})
CHAMPION = frozenset({"reviewer"})
TEAM = LEAD | CHAMPION | {"system-leader"}
#: Of the host school, 990001; the head of the table is of another.
HOST = frozenset({"school-leader", "chair-of-governors"})
SPEAKS = frozenset({"chair-of-governors"})
#: Those who may host, speak or review elsewhere: they are told that there is no such page, where others are refused.
HOSTS_ELSEWHERE = frozenset({"head", "trust-lead"})
REVIEWS = TEAM | HOST | {"trust-lead"}
#: page -> where the review stands for which it is, who sees it, from whom it is hidden (the rest is refused; None: hidden from all members)
STAGES: dict[str, tuple[State, frozenset[str], frozenset[str] | None]] = {
    "review-report": (State.REPORT_DRAFT, TEAM | HOST, None),
    "review-document": (State.REPORT_FINAL, TEAM | HOST, None),
    "review-draft": (State.FED_BACK, LEAD, REVIEWS - LEAD),
    "review-draft-save": (State.FED_BACK, LEAD, REVIEWS - LEAD),
    "review-check": (State.REPORT_DRAFT, HOST, HOSTS_ELSEWHERE),
    "review-final": (State.REPORT_DRAFT, LEAD, REVIEWS - LEAD),
    "review-scale": (State.FED_BACK, HOST, HOSTS_ELSEWHERE),
    "review-workshop": (State.REPORT_FINAL, CHAMPION, REVIEWS - CHAMPION),
    "review-priorities": (State.WORKSHOP_DONE, HOST, HOSTS_ELSEWHERE),
    "review-impact": (State.ACTIONS_AGREED, HOST, None),
    "review-close": (State.IMPACT_REVIEWED, HOST, HOSTS_ELSEWHERE),
    "review-access": (State.REPORT_FINAL, HOST, HOSTS_ELSEWHERE),
    "review-access-give": (State.REPORT_FINAL, SPEAKS, HOSTS_ELSEWHERE),
    "review-access-back": (State.CLOSED, SPEAKS, HOSTS_ELSEWHERE),
    "review-excellence-offer": (State.REPORT_FINAL, SPEAKS, HOSTS_ELSEWHERE),
    "review-excellence-back": (State.CLOSED, SPEAKS, HOSTS_ELSEWHERE),
}
PAGES: dict[str, frozenset[str]] = {name: who for name, (_, who, _) in STAGES.items()} | {
    "review-themes": frozenset({
        "board-member", "cluster-lead", "alliance-lead", "diocese", "regional-link", "officer", "manager", "auditor",
    }),
    "review-themes-tell": frozenset({"manager"}),
}  # fmt: skip
#: Pages that every member may open.
FOR_MEMBERS = ("review-excellence",)
HIDDEN_FROM = {name: hidden for name, (_, _, hidden) in STAGES.items() if hidden is not None}
HIDDEN_FROM |= {"review-themes-tell": frozenset({"cluster-lead", "alliance-lead"})}
#: A member who has no part in a review is told that there is no such page.
HIDDEN_FROM_MEMBERS = tuple(name for name, (_, _, hidden) in STAGES.items() if hidden is None)
READ = ("review-report", "review-document", "review-access", "review-themes")
ENDED = "Ended for the table"


def begin(everyone: World) -> None:
    """One review of the host school for each stage, each in a round of its own; somebody let in; an offer; a round that has ended."""
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        everyone.people.setdefault(who, everyone.people[known])
        everyone.viewers.setdefault(who, everyone.viewers[known])
    for stage in {stage for stage, _, _ in STAGES.values()}:
        row = review(everyone, until=stage, round=review_round(everyone, name=_named(stage)))
        if stage is State.CLOSED:
            Grant.objects.create(review=row, person=everyone.people["officer"], granted_at=AT, granted_by="the test")
            ExcellenceOffer.objects.create(review=row, theme="reading", words="The story corner.", offered_at=AT)
    review_round(everyone, name=ENDED, state=RoundState.ENDED.value)


def _named(stage: State) -> str:
    return f"Reports for the table, {stage.value}"


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    rows = dict(PeerReview.objects.filter(round__name__startswith="Reports for the table").values_list("round__name", "pk"))
    given: dict[str, list[Any]] = {name: [SLUG, rows[_named(stage)]] for name, (stage, _, _) in STAGES.items()}
    given["review-document"] += ["report", "html"]
    given["review-access-back"].append(Grant.objects.get(review_id=given["review-access-back"][1]).pk)
    given["review-access-give"].append(Grant.objects.get(granted_by="the test", review_id=given["review-access-back"][1]).person_id)
    given |= {"review-themes": [SLUG], "review-excellence": [SLUG]}
    return given | {"review-themes-tell": [SLUG, ReviewRound.objects.get(name=ENDED).pk]}
