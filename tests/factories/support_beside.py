"""What stands beside packages, in Fernshire: notes, others, a mentor, a call, schools that would join a ring."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.support.models import (
    ContactNote,
    InspectionCall,
    Mentoring,
    OtherSupport,
    Ring,
    RingLink,
    RingPlan,
    SchoolAnswer,
    Supporter,
)
from tests.factories.partnership import AT, ON, SLUG, World
from tests.factories.support import RECEIVER, supporter, supporting

__all__ = [
    "AT", "CALL_FROM", "CALL_UNTIL", "NOTE", "ON", "OUTCOME", "RECEIVER", "SLUG", "World", "answer", "beside", "call", "mentor",
    "mentoring", "note", "other", "plan", "ring",
]  # fmt: skip

NOTE = "She asked who has moved to one phonics scheme."
OUTCOME = "Stronger than we dared to hope."
CALL_FROM, CALL_UNTIL = date(2026, 11, 18), date(2026, 11, 20)


def beside() -> World:
    """Fernshire with "lender" and "supporter"; "head" is of the receiving school, "other head" and "lender" of others."""
    return supporting()


def note(here: World, by: str = "broker", *, school: str = RECEIVER, **more: Any) -> ContactNote:
    """A note of a call with a school."""
    given = {"kind": "call", "on": ON, "words": NOTE, "next_step": "Send the list of hubs", "at": AT}
    return ContactNote.objects.create(
        partnership=here.partnership, school_id=school, by=here.people[by], by_label=here[by].label, **given | more
    )  # fmt: skip


def other(here: World, **more: Any) -> OtherSupport:
    """A hub that works with the receiving school on mathematics."""
    given = {
        "school_id": RECEIVER, "kind": "hub", "name": "Invented Maths Hub", "about": ["mathematics"], "words": "Two teachers a term",
        "from_on": date(2026, 9, 1), "source": "the head", "recorded_at": AT, "recorded_by": "the test",
    }  # fmt: skip
    return OtherSupport.objects.create(partnership=here.partnership, **given | more)


def mentor(here: World) -> Supporter:
    """The supporter of the factory, who offers to mentor."""
    row = supporter(here)
    row.formats = ["mentoring"]
    row.save()
    return row


def mentoring(here: World, **more: Any) -> Mentoring:
    """A mentor offered to the head of the receiving school."""
    given = {
        "school_id": RECEIVER, "head": here.people["head"], "mentor": mentor(here), "why": ["Knows primary schools."], "offered_at": AT,
        "offered_by": here.people["broker"], "from_on": ON, "until_on": date(2027, 11, 17),
    }  # fmt: skip
    return Mentoring.objects.create(partnership=here.partnership, **given | more)


def call(here: World, by: str = "head", **more: Any) -> InspectionCall:
    """A call at the receiving school, of which only the head knows."""
    given = {
        "school_id": RECEIVER, "called_at": AT, "from_on": CALL_FROM, "until_on": CALL_UNTIL, "outcome": OUTCOME,
        "steps": [{"what": "called", "at": AT.isoformat()}],
    }  # fmt: skip
    return InspectionCall.objects.create(partnership=here.partnership, by=here.people[by], **given | more)


def answer(here: World, urn: str, offers: str, wants: str, **more: Any) -> SchoolAnswer:
    """What a school offers and wants in 2026-27: keys of themes, with spaces between."""
    given = {"year": "2026-27", "half_days": 4, "answered_at": AT, "answered_by": "the test"}
    return SchoolAnswer.objects.create(
        partnership=here.partnership, school_id=urn, offers=offers.split(), wants=wants.split(), **given | more
    )  # fmt: skip


def ring(here: World, *urns: str, begun_on: date | None = None, themes: tuple[str, ...] = ("reading", "writing", "science")) -> Ring:
    """A ring through these schools; where it has begun, all have agreed."""
    row = Ring.objects.create(partnership=here.partnership, proposed_at=AT, by=here.people["broker"], begun_on=begun_on)
    for at, (giver, receiver) in enumerate(zip(urns, (*urns[1:], urns[0]), strict=True)):
        RingLink.objects.create(
            ring=row, giver_id=giver, receiver_id=receiver, theme=themes[at], giver_agreed_at=AT if begun_on else None
        )  # fmt: skip
    return row


def plan(here: World, by: str = "broker", *urns: str) -> RingPlan:
    """A reckoning that found one ring through these schools."""
    links = [
        {"giver": giver, "receiver": receiver, "theme": "reading", "km": None}
        for giver, receiver in zip(urns, (*urns[1:], urns[0]), strict=True)
    ]
    found = {"rings": [links], "served": len(urns), "bound": len(urns), "of": len(urns), "status": "optimal", "left": []}
    return RingPlan.objects.create(partnership=here.partnership, asked={}, answer=found, seed=1, at=AT, by=here.people[by])
