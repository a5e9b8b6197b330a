"""Rounds, answers and the register for the table of access: who sees which page, with rows present that could leak."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.peer_review.actions import answers, register
from convenor.peer_review.actions import rounds as actions
from convenor.peer_review.models import DeclaredInterest, Objection, Reviewer, ReviewRound
from convenor.peer_review.rules.rounds import Plan
from convenor.peer_review.rules.states import Interest, Reach
from tests.factories.partnership import AT, SLUG, World
from tests.factories.peer_review import reviewer

MANAGER = frozenset({"manager"})
RUNNING = MANAGER | {"cluster-lead", "alliance-lead"}
CHAIR = frozenset({"chair-of-governors"})  # who alone of the table speaks for 990001
#: Of schools that the round asks; everybody of them answers for their own.
SPEAKING = CHAIR | {"head", "trust-lead"}
OFFERING = SPEAKING | {"school-leader", "system-leader", "reviewer"}
NAME = "Rounds for the table"
#: Who of the table comes from which school, on the register.
REVIEWERS = {
    "other head": "990005", "school leader": "990001", "chair of governors": "990001", "trust lead": "990002", "system leader": "990003",
    "reviewer": None,
}  # fmt: skip

PAGES: dict[str, frozenset[str]] = {
    "review-round-open": RUNNING,
    **dict.fromkeys(
        (
            "review-round-csv", "review-round-change", "review-round-remind", "review-round-close", "review-round-reopen",
            "review-round-withdraw", "review-round-end", "review-round-newcomers",
            "reviewers", "reviewer-add", "reviewer-training", "reviewer-change",
            "reviewer-end",
        ),
        MANAGER,
    ),
    "review-round-answer": SPEAKING | {"school-leader"},
    "review-round-withdraw-host": SPEAKING,
    "review-offer": OFFERING,
    "review-offer-withdraw": OFFERING,
    "reviewer-me": OFFERING,
    "reviewer-interest": OFFERING,
    "reviewer-leave": OFFERING,
    "reviewer-interest-end": frozenset({"school-leader"}),
    "review-objections": CHAIR,
    "review-objection-end": CHAIR,
}  # fmt: skip
FOR_MEMBERS = ("review-rounds", "review-round")
HIDDEN_FROM = {"reviewer-interest-end": OFFERING - {"school-leader"}}
READ = ("review-round-csv", "reviewers")


def begin(everyone: World) -> None:
    """A round of the whole partnership, which all asked answer; everybody on the register offers; one interest, one objection."""
    plan = Plan(
        name=NAME, way="clusters", reach=Reach.AREA, answers_by_on=date(2026, 11, 27), visits_from_on=date(2027, 1, 11),
        visits_until_on=date(2027, 3, 27), team_size=3,
    )  # fmt: skip
    row = actions.keep_round(slug=SLUG, plan=plan, by=everyone["manager"], at=AT, opens=True)
    for urn, who in (("990001", "head"), ("990002", "trust lead"), ("990004", "trust lead"), ("990005", "other head")):
        answers.answer_round(slug=SLUG, pk=row.pk, urn=urn, hosts=True, by=everyone[who], at=AT)
    for who, urn in REVIEWERS.items():
        person = reviewer(everyone, who, school=urn)
        answers.offer_reviews(slug=SLUG, pk=row.pk, reviewer_id=person.pk, reviews=1, by=everyone[who], at=AT)
    register.declare_interest(slug=SLUG, urn="990004", kind=Interest.FAMILY, by=everyone["school leader"], at=AT)
    register.declare_objection(slug=SLUG, urn="990001", objects_to="990004", by=everyone["head"], at=AT)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row = ReviewRound.objects.get(name=NAME).pk
    somebody = Reviewer.objects.get(person__name="Sia Brook").pk
    named = (name for name in (*PAGES, "review-round") if name != "review-round-open")
    of_round = [name for name in named if name.startswith(("review-round", "review-offer"))]
    of_place = ("review-rounds", "review-round-open", "reviewers", "reviewer-add", "reviewer-training", "reviewer-me", "reviewer-interest")
    return {
        **{name: [SLUG, row] for name in of_round},
        **{name: [SLUG] for name in (*of_place, "reviewer-leave")},
        "reviewer-change": [SLUG, somebody],
        "reviewer-end": [SLUG, somebody],
        "reviewer-interest-end": [SLUG, DeclaredInterest.objects.get(school_id="990004").pk],
        "review-objections": [SLUG, "990001"],
        "review-objection-end": [SLUG, "990001", Objection.objects.get(objects_to_id="990004").pk],
    }
