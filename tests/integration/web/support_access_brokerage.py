"""Requests and matching for the table of access: who sees which page, with a request of 990001 that waits for somebody."""

from __future__ import annotations

from typing import Any

from convenor.registers.models import School
from convenor.support.models import Need, Supporter
from tests.factories.partnership import SLUG, World
from tests.factories.support import need
from tests.factories.support_brokerage import offer

WORDS = "A request for the table"
#: Somebody whose days nothing else of the table takes.
GIVES = "Wren Holloway"
CLOSED = "990098"
#: Of the school that asks, 990001. The head of the table is of 990005, the trust's leader of 990002 and 990004.
OWN = frozenset({"school-leader", "chair-of-governors"})
ASKS = OWN | {"head", "trust-lead"}
BROKER = frozenset({"broker"})
MEMBERS = frozenset({
    "head", "school-leader", "chair-of-governors", "clerk", "school-office", "trust-lead", "system-leader",
    "independent-supporter", "reviewer", "cluster-lead", "alliance-lead", "body-member", "board-member", "diocese", "regional-link",
    "officer", "broker", "manager", "auditor",
})  # fmt: skip
PAGES: dict[str, frozenset[str]] = {
    "support-need-ask": ASKS,
    "support-need": OWN | BROKER,
    "support-need-change": OWN,
    "support-need-withdraw": OWN,
    "support-need-unmet": BROKER,
    "support-need-follow": BROKER,
    "support-need-begin": BROKER,
    "support-need-choose": BROKER,
    "support-matching": BROKER,
}
#: Pages that every member may open: each finds there what they have a part in.
FOR_MEMBERS = ("support-needs",)
#: Pages that are only read.
READ = ("support-need",)
#: A member who has no part in a request is told that there is no such page; so is the head of another school.
HIDDEN_FROM = {
    "support-need-ask": MEMBERS - ASKS,
    "support-need": MEMBERS - OWN - BROKER,
    "support-need-change": ASKS - OWN,
    "support-need-withdraw": ASKS - OWN,
}


def begin(everyone: World) -> None:
    """A request that waits, somebody who could serve it, and a request of a school that has closed."""
    need(everyone, words=WORDS, broker=None)
    offer(everyone, GIVES)
    area = School.objects.get(urn="990001").authority
    School.objects.create(urn=CLOSED, name="Old Mill School", authority=area, phase="Primary", status="closed", fictitious=True)
    need(everyone, school=CLOSED, broker=None)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row, shut = Need.objects.get(words=WORDS).pk, Need.objects.get(school_id=CLOSED).pk
    given: dict[str, list[Any]] = {name: [SLUG, row] for name in PAGES}
    given |= {name: [SLUG] for name in ("support-needs", "support-need-ask", "support-matching")}
    offered = Supporter.objects.get(name=GIVES).pk
    return given | {"support-need-follow": [SLUG, shut], "support-need-choose": [SLUG, row, offered]}
