"""An inspection said in words, in the vocabulary of its day; nothing is ever converted from one vocabulary into another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from convenor.england.inspections import (
    CATEGORIES_OF_CONCERN,
    KEY_JUDGEMENTS,
    REPORT_CARD_AREAS,
    InspectionVocabulary,
    grade_word,
)

BEFORE_SEPTEMBER_2024: Final = "as judged before September 2024"
KINDS: Final[dict[str, str]] = {"graded": "Graded", "ungraded": "Ungraded", "short": "Short (ungraded)"}
_NAMES: Final[dict[str, str]] = {one.key: one.name for one in (*REPORT_CARD_AREAS, *KEY_JUDGEMENTS)}


def area_name(key: str) -> str:
    """The publisher's name of an inspected area; one that we do not know stands in its own words."""
    return _NAMES.get(key) or key.replace("_", " ").capitalize()


def judgements(said: Mapping[str, str], *, vocabulary: str, started_on: date | None) -> list[tuple[str, str]]:
    """Each inspected area with its grade in words, in the publisher's order.

    A code that is no grade (9, 8, 0) is left out: it says that the area was not judged, not how. A report card's words stand
    as they are.
    """
    card = vocabulary == InspectionVocabulary.REPORT_CARD
    found = [(key, str(code).strip() if card else grade_word(str(code).strip(), started_on)) for key, code in said.items()]
    order = list(_NAMES)
    found.sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    return [(area_name(key), word) for key, word in found if word]


def finding(*, vocabulary: str, overall: str, outcome: str, started_on: date | None) -> tuple[str, str]:
    """What the inspection found, and what must be said beside it: ("Good", "as judged before September 2024").

    Key judgements and report cards have no overall grade, and none is made up: the first part then names what was given.
    """
    if vocabulary == InspectionVocabulary.OVERALL_EFFECTIVENESS:
        word = grade_word(overall, started_on) or outcome.strip()
        return (word, BEFORE_SEPTEMBER_2024) if word else ("No overall grade published", "")
    if outcome.strip():
        return outcome.strip(), ""
    if vocabulary == InspectionVocabulary.REPORT_CARD:
        return "Report card", "each area has its own grade; there is no overall one"
    return "Key judgements", "no overall grade since September 2024"


def concern(category: str) -> str:
    """The category of concern in words; empty when the school was in none."""
    return CATEGORIES_OF_CONCERN.get(category.strip(), category.strip())


def safeguarding(said: str) -> str:
    """The judgement of safeguarding: effective or not effective; on report cards met or not met; empty when none is published."""
    return {"yes": "effective", "no": "not effective", "met": "met", "not met": "not met"}.get(said.strip().lower(), said.strip())
