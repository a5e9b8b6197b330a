"""An area's context in words: plainly said, never judged."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.registers.queries.areas import Context, Contexts, Point, Series
from convenor.registers.rules.context_words import DEFINITION, KEYS
from convenor.web import context_pages as pages

TITLES = {"register": "Department for Education, Register"}


def context(code: str = "359", name: str = "Wigan", kind: str = "authority", **values: float) -> Context:
    """A context in which only the figures named have a value."""
    lines: dict[str, dict[str, Any]] = {
        key: {
            "value": values.get(key), "numerator": 9, "denominator": 40, "not_judged": 3 if "good" in key else None, "note": "",
            "unit": DEFINITION[key].unit, "definition": DEFINITION[key].words, "as_at": "2025-08-31", "edition": "register",
            "mark": "" if key in values else "no edition loaded covers it",
        }
        for key in KEYS
    }  # fmt: skip
    return Context(kind, code, name, date(2025, 8, 31), "run", lines)


def test_sentence_says_schools_meals_and_academies_beside_the_others() -> None:
    own = context(
        nursery_schools=2,
        primary_schools=99,
        secondary_schools=19,
        fsm_percent=27.0,
        primary_academies_percent=23.2,
        secondary_academies_percent=47.4,
    )
    england = context("E92000001", "England", "england", fsm_percent=23.8, primary_academies_percent=47.6, secondary_academies_percent=83.4)
    found = Contexts(own, neighbour_mean={"fsm_percent": {"value": 22.4, "areas": 10, "unit": "percent"}}, england=england)
    assert pages.sentence(found) == (
        "Wigan has 2 nursery, 99 primary and 19 secondary schools. "
        "27.0% of its pupils are eligible for free school meals, against 22.4% among its statistical neighbours and 23.8% in England. "
        "23% of its primary and 47% of its secondary schools are academies (England: 48% and 83%)."
    )


def test_sentence_leaves_out_what_is_not_known() -> None:
    assert pages.sentence(Contexts(context(primary_schools=99))) == "Wigan has 99 primary schools."
    assert pages.sentence(Contexts(None)) == ""


def test_sentence_of_one_school_is_in_the_singular() -> None:
    assert pages.sentence(Contexts(context(secondary_schools=1))) == "Wigan has 1 secondary school."


def test_figure_without_a_value_says_its_mark() -> None:
    line = context().indicators["fsm_percent"]
    assert (pages.said(line), pages.said(None)) == ("no edition loaded covers it", "not loaded")


def test_comparison_counts_those_not_judged_apart() -> None:
    found = pages.comparison("primary_good_or_outstanding_percent", Contexts(context(primary_good_or_outstanding_percent=90.0)), TITLES)
    assert found is not None
    assert found.finding == "90.0%: 9 of 40 primary schools with an overall grade. 3 more were not judged."
    assert found.caption == "Department for Education, Register, as at 31 August 2025"


def test_comparison_of_a_neighbour_that_nobody_loaded_has_no_value() -> None:
    region = context("E12000002", "North West", "region", fsm_percent=25.0)
    found = pages.comparison("fsm_percent", Contexts(context(fsm_percent=20.0), region=region), TITLES)
    assert found is not None
    assert [(row["label"], row["value"], row["kind"]) for row in found.rows] == [("Wigan", 20.0, "own"), ("North West", 25.0, "reference")]


def test_over_time_keeps_an_aged_series_and_says_so() -> None:
    def at(year: int, value: float | None, aged: bool = False) -> Point:
        return Point(date(year, 8, 31), value, 9, 10, 1, "register", "" if value else "not covered", "", aged)

    key = "primary_good_or_outstanding_percent"
    one = DEFINITION[key]
    points = (at(2018, 90.0), at(2022, None), at(2025, 94.0, aged=True))
    shown = pages.over_time([Series(key, one.name, one.unit, one.words, one.aged, points)], TITLES)
    assert shown[0].finding == f"90.0% in August 2018, 94.0% in August 2025. {one.aged}"
    assert [(p["period"], p["value"], p["mark"]) for p in shown[0].points] == [
        ("2018", 90.0, ""),
        ("2022", None, "not covered"),
        ("2025", 94.0, ""),
    ]


def test_over_time_of_a_single_day_is_no_series() -> None:
    one = DEFINITION["primary_schools"]
    point = Point(date(2025, 8, 31), 99, 99, None, None, "register", "", "", False)
    assert pages.over_time([Series(one.key, one.name, one.unit, one.words, one.aged, (point,))], TITLES) == []
