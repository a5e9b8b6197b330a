"""Reviews before their report for the table of access: who sees which page, with one review at each stage that a page is for."""

from __future__ import annotations

from typing import Any

from convenor.peer_review.models import Activity, PeerReview
from convenor.peer_review.rules.states import State
from tests.factories.partnership import SLUG, World
from tests.factories.peer_review import HOST as HOST_SCHOOL
from tests.factories.peer_review import review, review_round

#: In the table the head of 990005 leads the team; a system leader and a reviewer are of it.
LEAD = frozenset({"head"})
TEAM = LEAD | {"system-leader", "reviewer"}
#: Of the host school, 990001.
HOST = frozenset({"school-leader", "chair-of-governors"})
FOLLOWING = frozenset({"cluster-lead", "alliance-lead", "manager"})
#: Those who may host for a school, or review, elsewhere: they are told that there is no such page, where others are refused.
HOSTS_ELSEWHERE = frozenset({"head", "trust-lead"})
REVIEWS_ELSEWHERE = frozenset({"school-leader", "chair-of-governors", "trust-lead", "system-leader", "reviewer"})
#: page -> where the review stands for which it is, who sees it
STAGES: dict[str, tuple[State, frozenset[str]]] = {
    "review": (State.SCHEDULED, TEAM | HOST | FOLLOWING),
    "review-focus": (State.SCHEDULED, HOST),
    "review-self": (State.SCHEDULED, HOST),
    "review-self-save": (State.SCHEDULED, HOST),
    "review-share": (State.FOCUS_AGREED, HOST),
    "review-activities": (State.SCHEDULED, TEAM | HOST),
    "review-activity-add": (State.SCHEDULED, LEAD | HOST),
    "review-activities-suggest": (State.SCHEDULED, LEAD | HOST),
    "review-activity-change": (State.DATA_SHARED, LEAD | HOST),
    "review-activity-remove": (State.DATA_SHARED, LEAD | HOST),
    "review-expect": (State.SCHEDULED, TEAM | HOST),
    "review-start": (State.DATA_SHARED, LEAD | HOST),
    "review-fed-back": (State.ON_SITE, LEAD),
    "review-postpone": (State.SCHEDULED, HOST | FOLLOWING),
    "review-resume": (State.POSTPONED, HOST | FOLLOWING),
    "review-withdraw": (State.SCHEDULED, HOST),
    "review-follow": (State.SCHEDULED, HOST | FOLLOWING),
    "review-end-closed": (State.SCHEDULED, FOLLOWING),
}
PAGES: dict[str, frozenset[str]] = {name: who for name, (_, who) in STAGES.items()}
OF_THE_HOST = ("review-focus", "review-self-save", "review-share", "review-withdraw")
HIDDEN_FROM = dict.fromkeys(OF_THE_HOST, HOSTS_ELSEWHERE) | {"review-fed-back": REVIEWS_ELSEWHERE}
#: A member who has no part in a review is told that there is no such page.
HIDDEN_FROM_MEMBERS = tuple(name for name in PAGES if name not in (*HIDDEN_FROM, "review-end-closed"))
READ = ("review", "review-activities")


def begin(everyone: World) -> None:
    """One review of the host school for each stage, each in a round of its own."""
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        everyone.people.setdefault(who, everyone.people[known])
        everyone.viewers.setdefault(who, everyone.viewers[known])
    for stage in {stage for stage, _ in STAGES.values()}:
        found = review_round(everyone, name=_named(stage))
        resumes = State.SCHEDULED if stage is State.POSTPONED else None
        review(everyone, until=stage, resumes=resumes, round=found, school=HOST_SCHOOL)


def _named(stage: State) -> str:
    return f"Steps for the table, {stage.value}"


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    rows = dict(PeerReview.objects.filter(round__name__startswith="Steps for the table").values_list("round__name", "pk"))
    given: dict[str, list[Any]] = {name: [SLUG, rows[_named(stage)]] for name, (stage, _) in STAGES.items()}
    for name in ("review-activity-change", "review-activity-remove"):
        given[name].append(Activity.objects.get(review_id=given[name][1]).pk)
    return given
