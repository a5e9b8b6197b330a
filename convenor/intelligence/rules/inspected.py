"""Inspection and the time since: what the latest graded inspection said, in the words of its day, and how long ago that was.

Ofsted's three vocabularies stand side by side and are never converted: a grade of an earlier framework is shown and flags nothing. A
category of concern and safeguarding that was not met are flagged whatever the framework, since they are what they say. A category given to
a school that has since become another (an academy, usually) ended with it: it is shown with the day and flags nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from convenor.england.inspections import (
    CATEGORIES_OF_CONCERN,
    KEY_JUDGEMENTS,
    REPORT_CARD_AREAS,
    InspectionVocabulary,
    grade_word,
    is_good_or_outstanding,
)
from convenor.intelligence.rules.indicators import THRESHOLDS
from convenor.intelligence.rules.lines import Level

URGENT: Final = "Urgent improvement"
ATTENTION: Final = "Needs attention"
LEADERSHIP: Final = "leadership_and_governance"
#: What stands in the safeguarding column when it was not met, or not effective: both vocabularies, none converted.
NOT_SAFE: Final = frozenset({"not met", "no"})
_NAMES: Final = {each.key: each.name for each in (*KEY_JUDGEMENTS, *REPORT_CARD_AREAS)}


@dataclass(frozen=True, slots=True)
class Inspected:
    """One inspection, as published. `of_predecessor` says that it was of the school that this one was before."""

    kind: str
    vocabulary: str
    started_on: date
    overall: str
    outcome: str
    judgements: Mapping[str, str]
    safeguarding: str
    category_of_concern: str
    of_predecessor: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a line says: its level, and one sentence or two. `started_on` is the day of the inspection; None when there was none."""

    level: Level | None
    says: str
    started_on: date | None


def inspection(found: Sequence[Inspected]) -> Found:
    """The line of the latest graded inspection. `found` is newest first, graded and ungraded; nothing is found where none is graded."""
    graded = [each for each in found if each.kind == "graded"]
    if not graded:
        return Found(None, "", None)
    latest, before = graded[0], graded[1] if len(graded) > 1 else None
    level, why = _level(latest, before)
    said = [_in_its_words(latest), *why, *_since(found, latest)]
    return Found(level, " ".join(said), latest.started_on)


def _level(latest: Inspected, before: Inspected | None) -> tuple[Level | None, list[str]]:
    """The level and its reasons."""
    concern = CATEGORIES_OF_CONCERN.get(latest.category_of_concern, latest.category_of_concern)
    if latest.of_predecessor:
        return None, [f"It was put in {_lower(concern)}, which ended when it became this school."] if concern else []
    report_card = latest.vocabulary == InspectionVocabulary.REPORT_CARD
    urgent = [_NAMES.get(key, key) for key, grade in latest.judgements.items() if report_card and grade == URGENT]
    attention = [key for key, grade in latest.judgements.items() if report_card and grade == ATTENTION]
    high = [f"Category of concern: {_lower(concern)}."] if concern else []
    if latest.safeguarding.strip().lower() in NOT_SAFE:
        high.append("Safeguarding was not met." if report_card else "Safeguarding was found not effective.")
    if urgent:
        high.append(f"Urgent improvement in {_listed(urgent)}.")
    if high:
        return Level.HIGH, high
    if not attention:
        return None, []
    why = [f"Needs attention: {_listed([_NAMES.get(key, key) for key in attention])}."]
    if LEADERSHIP in attention and before is not None and below_good(before):
        why.append("Leadership and governance is among them and the inspection before was below good: the school may be stuck.")
    return Level.MEDIUM, why


def below_good(inspected: Inspected) -> bool:
    """Whether an inspection was below good in its own words: grade 3 or 4 overall, or, without one, for the quality of education; an area
    of a report card that needs attention or urgent improvement."""
    if inspected.vocabulary == InspectionVocabulary.REPORT_CARD:
        return any(grade in (ATTENTION, URGENT) for grade in inspected.judgements.values())
    code = inspected.overall or inspected.judgements.get("quality_of_education", "")
    return bool(grade_word(code)) and not is_good_or_outstanding(code)


def _in_its_words(latest: Inspected) -> str:
    """What was found, in the vocabulary of the day."""
    day = f"{latest.started_on.day} {latest.started_on:%B %Y}"
    whose = ", before it became this school" if latest.of_predecessor else ""
    if latest.vocabulary == InspectionVocabulary.REPORT_CARD:
        return f"Report card of {day}{whose}."
    overall = grade_word(latest.overall, latest.started_on)
    if overall:
        return f"{overall} overall, inspected on {day}{whose}{',' if whose else ''} under a framework that is no longer in use."
    quality = grade_word(latest.judgements.get("quality_of_education", ""), latest.started_on)
    word = f"Quality of education: {_lower(quality)}; i" if quality else "I"
    return f"{word}nspected on {day}{whose} without an overall grade."


def _since(found: Sequence[Inspected], latest: Inspected) -> list[str]:
    """What an ungraded visit after it said."""
    visit = next((each for each in found if each.kind != "graded" and each.started_on > latest.started_on), None)
    if visit is None:
        return []
    what = f": {visit.outcome.strip().rstrip('.')}" if visit.outcome.strip() else ""
    return [f"An ungraded visit followed on {visit.started_on.day} {visit.started_on:%B %Y}{what}."]


def years_since(found: Sequence[Inspected], *, opened_on: date | None, as_at: date) -> tuple[float | None, date | None]:
    """How many years before `as_at` the last graded inspection began, and its day.

    A school that was never inspected is counted from the day it opened, where that is known; None where nothing tells.
    """
    day = next((each.started_on for each in found if each.kind == "graded"), None)
    since = day or opened_on
    if since is None or since > as_at:
        return None, day
    return round((as_at - since).days / 365.25, 1), day


def age(found: Sequence[Inspected], *, opened_on: date | None, as_at: date) -> tuple[Found, float | None]:
    """The line of the time since inspection, and the years. `as_at` is the day up to which inspections are known, not today."""
    years, day = years_since(found, opened_on=opened_on, as_at=as_at)
    if years is None:
        return Found(None, "", None), None
    known = f"as far as the list of {as_at.day} {as_at:%B %Y} tells"
    if day is None:
        said = f"The list of {as_at.day} {as_at:%B %Y} has no graded inspection of this school, which opened {years:g} years before."
    else:
        said = f"The last graded inspection was {years:g} years before, {known}."
    return Found(Level.MEDIUM if years > THRESHOLDS.age_years else None, said, day or opened_on), years


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _listed(names: Sequence[str]) -> str:
    lowered = [_lower(name) for name in names]
    return lowered[0] if len(lowered) == 1 else f"{', '.join(lowered[:-1])} and {lowered[-1]}"
