"""Rounds in Fernshire: a plan as a coordinator makes it, a round that is open, and people who can review."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from convenor.accounts.models import Person
from convenor.partnership.models import Membership
from convenor.peer_review.actions import register
from convenor.peer_review.actions import rounds as actions
from convenor.peer_review.models import Reviewer, ReviewRound
from convenor.peer_review.rules.rounds import Plan
from convenor.peer_review.rules.states import Reach, TrainingKind
from convenor.registers.models import School
from tests.factories.partnership import AT, ON, SLUG, World, world
from tests.factories.remembered import remembered

__all__ = ["AT", "LATER", "ON", "PLAN", "SLUG", "World", "open_round", "plan", "reviewer", "rounds_world"]

#: A week and a day after the round was opened.
LATER = AT + timedelta(days=8)
PLAN = Plan(
    name="Spring 2027", way="clusters", reach=Reach.AREA, answers_by_on=date(2026, 11, 27), visits_from_on=date(2027, 1, 11),
    visits_until_on=date(2027, 3, 27), team_size=3, words="Bring your question.",
)  # fmt: skip


def plan(**more: Any) -> Plan:
    """The usual plan, with something different."""
    from dataclasses import replace

    return replace(PLAN, **more)


@remembered
def rounds_world() -> World:
    """Fernshire with addresses for its heads, and places for its schools."""
    here = world()
    Person.objects.filter(name="Ada Example").update(email="ada.example@example.org")
    for number, urn in enumerate(Membership.objects.order_by("school_id").values_list("school_id", flat=True)):
        School.objects.filter(urn=urn).update(easting=385000 + 4000 * number, northing=215000)
    return here


def open_round(here: World, *, at: datetime = AT, **more: Any) -> ReviewRound:
    """A round that the manager has just opened."""
    return actions.keep_round(slug=SLUG, plan=plan(**more), by=here["manager"], at=at, opens=True, site="https://convenor.example")


def reviewer(here: World, who: str, *, urn: str = "", near: str = "990001", trained: bool = True, **more: Any) -> Reviewer:
    """Somebody of the world on the register, trained half a year ago."""
    row = register.add_reviewer(
        slug=SLUG, person_id=here.people[who].pk, urn=urn, near="" if urn else near, by=here["manager"], at=AT, **more
    )
    if trained:
        register.record_training(
            slug=SLUG, reviewer_ids=[row.pk], kind=TrainingKind.INITIAL, trained_on=date(2026, 5, 4), by=here["manager"], at=AT
        )
    return row
