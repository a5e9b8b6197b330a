"""The directory for the table of access: who sees which page, with an entry of somebody at 990001 and what they declared."""

from __future__ import annotations

from typing import Any

from convenor.registers.models import School
from convenor.support.models import Assurance, StandingInterest, Supporter
from tests.factories.support_directory import AT, SLUG, World, supporter

NAME, MOVED = "An entry for the table", "An entry of a school that has closed"
CLOSED = "990097"
MEMBERS = frozenset({
    "head", "school-leader", "chair-of-governors", "clerk", "school-office", "trust-lead", "system-leader",
    "independent-supporter", "reviewer", "cluster-lead", "alliance-lead", "body-member", "board-member", "diocese", "regional-link",
    "officer", "broker", "manager", "auditor",
})  # fmt: skip
ANYONE = MEMBERS | {"nobody signed in", "somebody with no post", "manager of elsewhere"}
MANAGER = frozenset({"manager"})
#: Whoever takes part for a school: the head of the table is of 990005, the trust's leader of 990002 and 990004.
ASKS = frozenset({"head", "school-leader", "chair-of-governors", "trust-lead"})
GIVES = ASKS | {"system-leader", "independent-supporter"}
#: The supporter of the entry, who speaks for their school, and whoever keeps the directory.
MAY_CHANGE = frozenset({"school-leader", "chair-of-governors", "manager"})
OWN = frozenset({"school-leader"})
OPEN = ("support-published", "support-published-services", "support-published-service", "support-published-extension")
KEPT = (
    "support-directory-add", "support-designations", "support-take-in", "support-designate", "support-vouch", "support-vouch-withdraw",
    "support-offer-follow",
)  # fmt: skip
PAGES: dict[str, frozenset[str]] = {
    **dict.fromkeys(OPEN, ANYONE),
    **dict.fromkeys(KEPT, MANAGER),
    "support-yours": GIVES,
    "support-answer": ASKS,
    "support-offer-change": MAY_CHANGE,
    "support-offer-leave": MAY_CHANGE,
    "support-private": OWN,
    "support-private-end": OWN,
}
#: Pages that every member may read.
FOR_MEMBERS = ("support-directory", "support-offer", "support-answers")
#: Whoever may not change an entry, and whoever did not declare it, is told that there is no such page.
HIDDEN_FROM = {
    "support-offer-change": MEMBERS - MAY_CHANGE,
    "support-offer-leave": MEMBERS - MAY_CHANGE,
    "support-private": MEMBERS - OWN,
    "support-private-end": MEMBERS - OWN,
}


def begin(everyone: World) -> None:
    """An entry that something vouches for, with a school that they should not work with."""
    row = supporter(everyone, NAME, person=everyone.people["school leader"], school_id="990001")
    gone = School.objects.create(urn=CLOSED, name="Old Lane School", phase="Primary", status="closed", fictitious=True)
    supporter(everyone, MOVED, school_id=gone.urn)
    StandingInterest.objects.create(supporter=row, school_id="990005", kind="family", declared_at=AT)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row = Supporter.objects.get(name=NAME)
    evidence, interest = Assurance.objects.get(supporter=row).pk, StandingInterest.objects.get(supporter=row).pk
    given: dict[str, list[Any]] = {name: [SLUG, row.pk] for name in (*PAGES, *FOR_MEMBERS)}
    given |= {key: [SLUG] for key in (*OPEN, *KEPT[:3], "support-yours", "support-answer", "support-directory", "support-answers")}
    return given | {
        "support-published-service": [SLUG, row.uid],
        "support-offer-follow": [SLUG, Supporter.objects.get(name=MOVED).pk],
        "support-vouch-withdraw": [SLUG, row.pk, evidence],
        "support-private-end": [SLUG, row.pk, interest],
    }
