"""What is entered, noted and agreed, for the table of access: who sees which page, and one of each thing that a page is about."""

from __future__ import annotations

from typing import Any

from convenor.intelligence import actions
from convenor.intelligence.models import EnteredFigure, SoftSignal
from tests.factories.intelligence_entered import entered, noted, switched_on
from tests.factories.partnership import AT, SLUG, World

SCHOOL = "990001"
OWN = frozenset({"school-leader", "chair-of-governors"})
LEADS = frozenset({"cluster-lead", "alliance-lead"})
#: Whoever may enter a figure or note a fact about the school.
WRITERS = OWN | LEADS | {"officer", "broker"}
MANAGER, OFFICER = frozenset({"manager"}), frozenset({"officer"})
#: The officer noted and entered what these pages are about; categories are on and the school was drawn to be moderated.
PAGES: dict[str, frozenset[str]] = {
    "early-enter": WRITERS,
    "early-signals": WRITERS,
    "early-signal-note": WRITERS,
    "early-signal-answer": OWN,
    "early-signal-renew": OFFICER,
    "early-signal-withdraw": OFFICER,
    "early-entered-answer": OWN,
    "early-entered-renew": OFFICER,
    "early-entered-withdraw": OFFICER,
    "categories-switch-on": MANAGER,
    "categories-switch-off": MANAGER,
    "categories-draw": MANAGER,
    "category-school": OWN | LEADS | {"broker", "system-leader", "reviewer"},
    "category-judge": frozenset({"broker"}),
}
#: Pages that every member may read.
FOR_MEMBERS = ("early-records", "categories")
#: Who is told that there is no such thing, where others are refused: those who may note about schools, and see nothing noted of this one.
HIDDEN_FROM = {f"early-{kind}-{what}": LEADS | {"head", "trust-lead"} for kind in ("signal", "entered") for what in ("renew", "withdraw")}
#: Pages that are only read.
READ = ("early-signals", "category-school")


def begin(everyone: World) -> None:
    """One of each thing that a page is about."""
    noted(everyone, "officer")
    entered(everyone, "officer", FIN=["deficit"])
    switched_on(everyone)
    actions.draw_moderation(slug=SLUG, seed="00000000000000000000000000000002", by=everyone["manager"], at=AT)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    signal, figure = SoftSignal.objects.get().pk, EnteredFigure.objects.get().pk
    given: dict[str, list[Any]] = {name: [SLUG] for name in (*FOR_MEMBERS, "categories-switch-off", "categories-draw")}
    given |= {name: [SLUG, SCHOOL] for name in ("early-enter", "early-signals", "early-signal-note", "category-school")}
    given |= {f"early-signal-{what}": [SLUG, SCHOOL, signal] for what in ("answer", "renew", "withdraw")}
    given |= {f"early-entered-{what}": [SLUG, SCHOOL, figure] for what in ("answer", "renew", "withdraw")}
    return given | {"categories-switch-on": [SLUG, "surrey"], "category-judge": [SLUG, SCHOOL, "broker"]}
