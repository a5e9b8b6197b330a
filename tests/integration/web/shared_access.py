"""Similar schools, good but long ago, and shared problems, for the table of access: who sees which page, and a figure that is told of."""

from __future__ import annotations

from typing import Any

from convenor.intelligence.models import PhaseBound
from convenor.partnership.models import Membership
from tests.factories.partnership import ON, SLUG, World
from tests.factories.registers import edition, reading, school

#: Whoever sees totals; brokers see names of long ago on the same page.
TOTALS = frozenset({
    "cluster-lead", "alliance-lead", "board-member", "diocese", "regional-link", "officer", "manager", "auditor", "broker",
})  # fmt: skip
PAGES: dict[str, frozenset[str]] = {
    "early-long-ago": TOTALS,
    "early-shared": TOTALS,
    "early-shared-priority": frozenset({"manager"}),
}
#: Pages that every member may read: all of it is published.
FOR_MEMBERS = ("early-similar",)
#: Pages that are only read.
READ = ("early-long-ago", "early-shared")


def begin(everyone: World) -> None:
    """Six member schools with a figure, and where England's weakest fifth begins."""
    told_by = edition("absence", family="absence")
    for _ in range(6):
        one = school(fictitious=True)
        Membership.objects.create(partnership=everyone.partnership, school=one, from_on=ON)
        reading(one, told_by, "absence_overall", "2022-23", 7.0)
    PhaseBound.objects.create(
        run="run", phase="Primary", measure="absence_overall", period="2022-23", schools=16_000, of_schools=16_700, bound=6.8, share=0.2
    )  # fmt: skip


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    return {
        "early-similar": [SLUG, "990001"],
        "early-long-ago": [SLUG],
        "early-shared": [SLUG],
        "early-shared-priority": [SLUG, "primary", "absence_overall"],
    }
