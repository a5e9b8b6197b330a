"""Inspection in three vocabularies side by side, none converted."""

from datetime import date

import pytest

from convenor.england.inspections import InspectionVocabulary
from convenor.intelligence.rules.inspected import Inspected, age, below_good, inspection
from convenor.intelligence.rules.lines import Level

OVERALL, KEY, CARD = InspectionVocabulary.OVERALL_EFFECTIVENESS, InspectionVocabulary.KEY_JUDGEMENTS, InspectionVocabulary.REPORT_CARD


def visit(vocabulary: InspectionVocabulary = OVERALL, day: str = "2022-03-09", **changed: object) -> Inspected:
    given = {
        "kind": "graded", "vocabulary": vocabulary.value, "started_on": date.fromisoformat(day), "overall": "", "outcome": "",
        "judgements": {}, "safeguarding": "", "category_of_concern": "", "of_predecessor": False,
    }  # fmt: skip
    return Inspected(**given | changed)  # type: ignore[arg-type]


def card(**judgements: str) -> Inspected:
    return visit(CARD, "2026-02-03", judgements=judgements, safeguarding="Met")


@pytest.mark.parametrize("grade", ["1", "2", "3", "4"])
def test_grades_of_an_earlier_framework_flag_nothing(grade: str) -> None:
    assert inspection([visit(overall=grade)]).level is None


@pytest.mark.parametrize(
    ("found", "level", "says"),
    [
        (visit(overall="2"), None, "Good overall, inspected on 9 March 2022 under a framework that is no longer in use."),
        (
            visit(KEY, "2025-01-14", judgements={"quality_of_education": "3"}), None,
            "Quality of education: requires improvement; inspected on 14 January 2025 without an overall grade.",
        ),
        (visit(KEY, "2025-01-14"), None, "Inspected on 14 January 2025 without an overall grade."),
        (card(achievement="Strong standard"), None, "Report card of 3 February 2026."),
        (
            visit(overall="4", category_of_concern="SM"), Level.HIGH,
            "Inadequate overall, inspected on 9 March 2022 under a framework that is no longer in use. "
            "Category of concern: special measures.",
        ),
        (
            visit(KEY, "2025-01-14", safeguarding="No"), Level.HIGH,
            "Inspected on 14 January 2025 without an overall grade. Safeguarding was found not effective.",
        ),
        (visit(CARD, "2026-02-03", safeguarding="Not met"), Level.HIGH, "Report card of 3 February 2026. Safeguarding was not met."),
        (
            card(achievement="Urgent improvement", inclusion="Urgent improvement", early_years="Needs attention"), Level.HIGH,
            "Report card of 3 February 2026. Urgent improvement in achievement and inclusion.",
        ),
        (card(achievement="Needs attention"), Level.MEDIUM, "Report card of 3 February 2026. Needs attention: achievement."),
        (
            visit(overall="4", category_of_concern="SWK", of_predecessor=True), None,
            "Inadequate overall, inspected on 9 March 2022, before it became this school, under a framework that is no longer in use. "
            "It was put in serious weaknesses, which ended when it became this school.",
        ),
        (
            visit(CARD, "2026-02-03", of_predecessor=True), None, "Report card of 3 February 2026, before it became this school.",
        ),
    ],
)  # fmt: skip
def test_inspection_is_told_in_the_words_of_its_day(found: Inspected, level: Level | None, says: str) -> None:
    told = inspection([found])
    assert (told.level, told.says, told.started_on) == (level, says, found.started_on)


def test_school_below_good_twice_in_leadership_may_be_stuck() -> None:
    latest = card(leadership_and_governance="Needs attention", achievement="Needs attention")
    stuck = inspection([latest, visit(overall="3")])
    alone, before_good = inspection([latest]), inspection([latest, visit(overall="2")])
    assert (stuck.level, alone.level, before_good.level) == (Level.MEDIUM, Level.MEDIUM, Level.MEDIUM)
    assert ["stuck" in each.says for each in (stuck, alone, before_good)] == [True, False, False]


@pytest.mark.parametrize(
    ("found", "below"),
    [
        (visit(overall="3"), True),
        (visit(overall="2"), False),
        (visit(overall="9"), False),
        (visit(KEY, judgements={"quality_of_education": "4"}), True),
        (visit(KEY, judgements={"quality_of_education": "1"}), False),
        (card(inclusion="Urgent improvement"), True),
        (card(inclusion="Expected standard"), False),
    ],
)
def test_below_good_is_read_in_its_own_words(found: Inspected, below: bool) -> None:
    assert below_good(found) is below


def test_ungraded_visit_is_told_beside_the_graded_one() -> None:
    later = visit(day="2024-06-05", kind="ungraded", outcome="School remains Good.")
    silent = visit(day="2025-06-05", kind="ungraded")
    words = "Good overall, inspected on 9 March 2022 under a framework that is no longer in use."
    assert inspection([later, visit(overall="2")]).says == f"{words} An ungraded visit followed on 5 June 2024: School remains Good."
    assert inspection([silent, visit(overall="2")]).says == f"{words} An ungraded visit followed on 5 June 2025."


def test_school_with_ungraded_visits_alone_has_no_line() -> None:
    assert inspection([visit(kind="ungraded")]).started_on is None


@pytest.mark.parametrize(
    ("found", "opened", "as_at", "level", "years"),
    [
        ([visit(day="2019-01-10")], None, "2025-08-31", Level.MEDIUM, 6.6),
        ([visit(day="2022-01-10")], None, "2025-08-31", None, 3.6),
        ([visit(day="2020-08-31")], None, "2025-08-31", None, 5.0),
        ([], "2012-09-01", "2025-08-31", Level.MEDIUM, 13.0),
        ([], "2023-09-01", "2025-08-31", None, 2.0),
        ([], None, "2025-08-31", None, None),
        ([visit(day="2026-01-10")], None, "2025-08-31", None, None),
        ([visit(day="2024-05-01", kind="ungraded"), visit(day="2018-05-01")], None, "2025-08-31", Level.MEDIUM, 7.3),
    ],
)
def test_time_since_inspection_is_counted_to_the_day_of_the_list(
    found: list[Inspected], opened: str | None, as_at: str, level: Level | None, years: float | None
) -> None:
    told, counted = age(found, opened_on=date.fromisoformat(opened) if opened else None, as_at=date.fromisoformat(as_at))
    assert (told.level, counted) == (level, years)


def test_time_since_inspection_says_how_far_the_list_tells() -> None:
    told, _ = age([visit(day="2019-01-10")], opened_on=None, as_at=date(2025, 8, 31))
    never, _ = age([], opened_on=date(2012, 9, 1), as_at=date(2025, 8, 31))
    assert told.says == "The last graded inspection was 6.6 years before, as far as the list of 31 August 2025 tells."
    assert never.says == "The list of 31 August 2025 has no graded inspection of this school, which opened 13 years before."
