"""Good but long ago: who fits the pattern, who does not, and of whom it cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from convenor.intelligence.rules.long_ago import (
    CannotTell,
    Figure,
    Fits,
    FitsNot,
    Held,
    LastGraded,
    Side,
    full_years,
    held_against,
    look,
    newest_common_period,
    phases_looked_at,
)

ON = date(2026, 11, 21)
GOOD = LastGraded(date(2019, 3, 5), "2")
RWM = Figure("ks2_rwm_expected", "2022-23", 35.0, 60.0, cohort=60)
MATHS = Figure("ks2_maths_progress", "2022-23", -3.0, 0.0, cohort=58, low=-4.4, high=-1.6)
READING = Figure("ks2_reading_progress", "2022-23", 0.5, 0.0, cohort=58, low=-1.1, high=2.1)


def test_good_school_of_long_ago_below_england_in_both_fits() -> None:
    found = look(graded=GOOD, attainment=RWM, progress=[MATHS, READING], on=ON)
    assert isinstance(found, Fits)
    assert (found.years, found.attainment.side, [each.side for each in found.progress]) == (7, Side.BELOW, [Side.BELOW, Side.NOT_BELOW])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"graded": None}, "no graded inspection is known"),
        ({"graded": LastGraded(GOOD.on, "3")}, "its last graded inspection gave no overall grade of good or outstanding"),
        ({"graded": LastGraded(date(2025, 1, 14), "")}, "its last graded inspection gave no overall grade of good or outstanding"),
        ({"graded": LastGraded(date(2022, 1, 14), "1")}, "its last graded inspection was less long ago"),
        ({"attainment": replace(RWM, value=61.0)}, "its attainment is not below England"),
        ({"attainment": replace(RWM, value=50.0)}, "its attainment is below England only within what chance does"),
        ({"progress": [READING]}, "its progress is not below England, or only within what chance does"),
        ({"progress": [replace(MATHS, high=0.2)]}, "its progress is not below England, or only within what chance does"),
        ({"progress": [MATHS, replace(READING, value=3.2)]}, "its progress is not below England, or only within what chance does"),
        ({"attainment": None, "progress": [READING]}, "its progress is not below England, or only within what chance does"),
    ],
)
def test_school_that_does_not_fit_says_what_decided(change: dict[str, object], reason: str) -> None:
    given: dict[str, object] = {"graded": GOOD, "attainment": RWM, "progress": [MATHS], "on": ON}
    assert look(**(given | change)) == FitsNot(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"progress": []}, "progress: not published for 2023/24"),
        ({"attainment": None}, "attainment: not published for 2023/24"),
        ({"attainment": replace(RWM, value=None, mark_says="withheld because few pupils are covered")},
         "attainment: withheld because few pupils are covered"),
        ({"attainment": replace(RWM, cohort=5)}, "attainment: 5 pupils: too few"),
        ({"attainment": replace(RWM, england=None)}, "attainment: no national figure for 2022/23 is loaded"),
        ({"progress": [replace(MATHS, value=None), replace(READING, value=None)]}, "progress: not published for 2022/23"),
        ({"progress": [replace(MATHS, england=None), replace(READING, cohort=3)]},
         "progress: no national figure for 2022/23 is loaded; 3 pupils: too few"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_set_aside_with_its_reason(change: dict[str, object], reason: str) -> None:
    given: dict[str, object] = {"graded": GOOD, "attainment": RWM, "progress": [MATHS], "on": ON, "period": "2023-24"}
    assert look(**(given | change)) == CannotTell(GOOD, 7, reason)  # type: ignore[arg-type]


def test_suppressed_figure_is_never_taken_for_a_good_one() -> None:
    told = look(graded=GOOD, attainment=replace(RWM, value=None), progress=[MATHS], on=ON)
    assert isinstance(told, CannotTell)


def test_results_older_than_the_inspection_tell_nothing_of_since() -> None:
    found = look(graded=GOOD, attainment=RWM, progress=[MATHS], on=ON, period="2017-18")
    assert found == CannotTell(GOOD, 7, "the results of 2017/18 are older than that inspection")
    assert isinstance(look(graded=GOOD, attainment=RWM, progress=[MATHS], on=ON, period="2018-19"), Fits)


def test_years_asked_for_decide_what_long_ago_is() -> None:
    assert isinstance(look(graded=GOOD, attainment=RWM, progress=[MATHS], on=ON, years=7), Fits)
    assert isinstance(look(graded=GOOD, attainment=RWM, progress=[MATHS], on=ON, years=8), FitsNot)
    with pytest.raises(ValueError, match="one year"):
        look(graded=GOOD, attainment=RWM, progress=[MATHS], on=ON, years=0)


@pytest.mark.parametrize(("until", "years"), [(date(2024, 3, 4), 4), (date(2024, 3, 5), 5), (date(2019, 3, 5), 0)])
def test_full_years_count_whole_ones(until: date, years: int) -> None:
    assert full_years(date(2019, 3, 5), until) == years


@pytest.mark.parametrize(
    ("figure", "low", "high", "told"),
    [
        (replace(RWM, value=50.0), 37.7, 62.3, True),
        (replace(MATHS, low=None, high=None), -4.4, -1.6, True),
        (Figure("ks4_attainment8", "2022-23", 40.0, 46.3, cohort=150), 36.0, 44.0, True),
        (Figure("ks4_attainment8", "2022-23", 40.0, 46.3), None, None, False),
        (Figure("another", "2022-23", 40.0, 46.3, cohort=30), None, None, False),
    ],
)
def test_interval_is_published_or_worked_out_or_said_to_be_none(figure: Figure, low: float, high: float, told: bool) -> None:
    held = held_against(figure)
    assert isinstance(held, Held)
    ends = [None if end is None else round(end, 1) for end in (held.low, held.high)]
    assert (ends, held.told_by_interval) == ([low, high], told)


def test_figure_without_interval_decides_alone() -> None:
    held = held_against(Figure("ks4_attainment8", "2022-23", 46.2, 46.3))
    assert isinstance(held, Held)
    assert held.side is Side.BELOW


def test_phases_looked_at() -> None:
    assert [phases_looked_at(phase) for phase in ("Primary", "All-through", "Special")] == [("Primary",), ("Primary", "Secondary"), ()]


def test_newest_common_period_needs_both() -> None:
    years = {"ks2_rwm_expected": ["2018-19", "2023-24"], "ks2_maths_progress": ["2017-18", "2018-19"]}
    assert newest_common_period(years, "Primary") == "2018-19"
    assert newest_common_period(years, "Secondary") == ""
