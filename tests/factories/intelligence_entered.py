"""What people enter, note and agree in Fernshire: the circle of the early conversations, a decision of the board, a scheme switched on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from convenor.governance.actions import record_decision
from convenor.governance.models import Decision
from convenor.intelligence import actions
from convenor.intelligence.models import CategoryJudgement, EnteredFigure, SchemeInUse, SoftSignal
from convenor.intelligence.rules.categories import SCHEMES, Voice
from tests.factories.intelligence_conversations import SCHOOL, circle
from tests.factories.partnership import AT, ON, SLUG, World

__all__ = [
    "AT", "CRITERIA", "FACT", "ON", "REASON", "SCHOOL", "SLUG", "World", "circle", "decided", "entered", "in_days", "judged", "noted",
    "switched_on",
]  # fmt: skip

FACT = "Two of nine class teachers left in July."
REASON = "The plan of May has been met in full, and was seen by two schools."
CRITERIA = "The school meets what its own improvement plan set out."


def in_days(days: int) -> datetime:
    """So many days after the day on which Fernshire's tests stand."""
    return AT + timedelta(days=days)


def noted(here: World, by: str = "cluster lead", *, at: datetime = AT, **more: Any) -> SoftSignal:
    """A soft signal about Fernhollow."""
    known: dict[str, Any] = {
        "slug": SLUG, "urn": SCHOOL, "kind": "staffing", "words": FACT, "confidence": "seen", "sensitivity": "circle",
        "happened_on": date(2026, 10, 20),
    }  # fmt: skip
    return actions.note_signal(**known | more, by=here[by], at=at)


def entered(here: World, by: str = "head", *, at: datetime = AT, **ticks: list[str]) -> list[EnteredFigure]:
    """Answers about Fernhollow: `entered(here, HD=["vacant"])`."""
    entries = [(code, chosen, {}) for code, chosen in ticks.items()]
    return actions.enter_figures(slug=SLUG, urn=SCHOOL, entries=entries, as_of_on=at.date(), by=here[by], at=at)


def decided(*, body: str = "board", words: str = "Categories are used for two years.") -> Decision:
    """A decision of the board, or of another body, of October."""
    return record_decision(slug=SLUG, body=body, words=words, decided_on=date(2026, 10, 1), by="the test", at=AT)


def switched_on(here: World, scheme: str = "surrey") -> SchemeInUse:
    """Surrey's four categories, on."""
    return actions.switch_categories_on(
        slug=SLUG, scheme=scheme, categories=[(each.name, CRITERIA) for each in SCHEMES[scheme].categories], decision_id=decided().pk,
        consulted_on=date(2026, 9, 20), said="Nineteen answered: eleven for it, five against, three unsure.", by=here["manager"], at=AT,
    )  # fmt: skip


def judged(
    here: World, by: str, voice: Voice, category: str = "light-touch", *, urn: str = SCHOOL, at: datetime = AT, why: str = REASON
) -> CategoryJudgement:
    """What one voice says of Fernhollow's category, or of another school's."""
    return actions.judge_category(slug=SLUG, urn=urn, voice=voice, category=category, why=why, by=here[by], at=at)
