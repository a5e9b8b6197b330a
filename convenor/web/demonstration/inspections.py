"""Inspections of invented schools, each in the vocabulary of its day. Pure, from a seed."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from convenor.england.inspections import REPORT_CARD_AREAS, REPORT_CARD_GRADES, InspectionVocabulary, vocabulary_on
from convenor.web.demonstration.schools import InventedSchool

#: One school in so many has had a report card, which began only in November 2025.
REPORT_CARDS = 0.12
#: The year in which a school that has slipped since was last judged, and found good.
LONG_AGO = 2017


def inspections(school: InventedSchool, on: date) -> Iterator[dict[str, Any]]:
    """Two graded inspections, sometimes an ungraded visit between or since, and for a few a report card. Fields of the table by name."""
    chance = Random(f"inspections {school.urn}")
    first = date(chance.randint(2009, 2014), chance.randint(1, 12), chance.randint(1, 28))
    second = date(chance.randint(2015, 2025), chance.choice((1, 2, 3, 5, 6, 10, 11)), chance.randint(1, 28))
    if school.slipping:
        second = second.replace(year=LONG_AGO)
    for number, day in enumerate((first, second)):
        level = min(4, max(1, round(2.15 - 0.55 * school.strength + chance.gauss(0, 0.45))))
        yield _graded(school, day, 2 if school.slipping else level, chance, number)
    if second.year <= 2019 and chance.random() < 0.7:
        day = date(second.year + chance.randint(3, 5), chance.choice((2, 3, 5, 11)), chance.randint(1, 28))
        words = "School remains Good" if day < date(2024, 9, 1) else "Standards maintained"
        yield _event(school, day, f"INV{school.urn}U", "ungraded", outcome=words)
    if chance.random() < REPORT_CARDS and not school.slipping:
        day = date(2026, chance.choice((1, 2, 3, 5, 6, 9, 10)), chance.randint(1, 28))
        if day < on:
            grades = {area.key: _card_grade(school, chance) for area in REPORT_CARD_AREAS[:6]}
            yield _event(school, day, f"INV{school.urn}R", "graded", judgements=grades, safeguarding="Met")


def _graded(school: InventedSchool, day: date, level: int, chance: Random, number: int) -> dict[str, Any]:
    keys = ("quality_of_education", "behaviour_and_attitudes", "personal_development", "leadership_and_management")
    judged = {key: str(min(4, max(1, level + chance.choice((-1, 0, 0, 0, 0))))) for key in keys} if day >= date(2019, 9, 1) else {}
    overall = str(level) if vocabulary_on(day) is InspectionVocabulary.OVERALL_EFFECTIVENESS else ""
    return _event(school, day, f"INV{school.urn}{number}", "graded", overall=overall, judgements=judged, safeguarding="Yes")


def _card_grade(school: InventedSchool, chance: Random) -> str:
    return REPORT_CARD_GRADES[min(3, max(0, round(1.8 - 0.5 * school.strength + chance.gauss(0, 0.5))))]


def _event(school: InventedSchool, day: date, number: str, kind: str, **said: Any) -> dict[str, Any]:
    return {
        "urn": school.urn, "urn_at_inspection": school.urn, "number": number, "kind": kind, "vocabulary": vocabulary_on(day).value,
        "started_on": day, "published_on": date(day.year + (day.month == 12), day.month % 12 + 1, day.day), **said,
    }  # fmt: skip
