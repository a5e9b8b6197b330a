"""A school's figures in words and in points: nothing withheld looks like nought, and no year is passed over in silence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.registers.queries.readings import AreaPoint, Point, Series
from convenor.registers.rules.measures import MEASURES, Interval
from convenor.registers.rules.precedence import standing_of
from convenor.web import reading_panels

STANDING = standing_of("ks2-final")
RWM = MEASURES["ks2_rwm_expected"]


def point(period: str, value: float | None, **more: Any) -> Point:
    """One point of school 700001."""
    given = {"low": None, "high": None, "cohort": None, "mark": "", "mark_says": "", "urn": "700001"} | more
    return Point(
        given["urn"], period, value, given["low"], given["high"], Interval.NONE, given["cohort"], given["mark"], given["mark_says"],
        "ks2", "Key stage 2 results", date(2024, 8, 31), STANDING,
    )  # fmt: skip


def test_finding_of_a_figure_says_its_cohort_its_chance_and_englands() -> None:
    series = Series(RWM, (point("2022-23", 60.0, cohort=10, low=31.27, high=83.18),))
    assert (
        reading_panels.finding(series, {"2022-23": 59.6})
        == "60% in 2022/23, 10 pupils; chance alone could make it 31% to 83%. England 60%."
    )


def test_finding_of_a_figure_withheld_says_why_and_what_was_last_known() -> None:
    withheld = point("2022-23", None, mark="suppressed", mark_says="withheld because few pupils are covered")
    series = Series(RWM, (point("2018-19", 52.0), withheld))
    assert reading_panels.finding(series, {}) == "2022/23: withheld because few pupils are covered. Last known: 52% in 2018/19."


def test_chart_gives_every_year_between_a_point_or_a_word() -> None:
    series = Series(RWM, (point("2018-19", 52.0), point("2022-23", 60.0), point("2023-24", None, mark="suppressed", mark_says="withheld")))
    chart = reading_panels.chart(series, {"2018-19": 65.0}, "700001")
    assert [(one.period, one.value, one.mark) for one in chart.points] == [
        ("2018/19", 52.0, ""),
        ("2019/20", None, "not published"),
        ("2020/21", None, "not published"),
        ("2021/22", None, "not published"),
        ("2022/23", 60.0, ""),
        ("2023/24", None, "withheld: few pupils"),
    ]
    assert chart.band == [{"period": "2018/19", "low": 65.0, "high": 65.0}]


def test_chart_names_a_gap_of_which_no_edition_tells() -> None:
    series = Series(MEASURES["absence_overall"], (point("2018-19", 4.0), point("2020-21", 5.0)))
    assert [one.mark for one in reading_panels.chart(series, {}, "700001").points] == ["", "no figure", ""]


def test_chart_says_which_years_were_the_school_before() -> None:
    series = Series(RWM, (point("2016-17", 52.0, urn="700000"), point("2017-18", 55.0, urn="700000"), point("2018-19", 60.0)))
    assert reading_panels.chart(series, {}, "700001").caption.startswith("2016/17 to 2017/18: as published for the school before it.")


def test_chart_of_invented_figures_names_no_publisher() -> None:
    caption = reading_panels.chart(Series(RWM, (point("2018-19", 52.0),)), {}, "700001", source=reading_panels.INVENTED).caption
    assert caption == "Invented for the demonstration, of realistic shape."


def test_england_of_a_phase_is_preferred_to_england_of_all() -> None:
    def england(group: str, value: float | None) -> AreaPoint:
        return AreaPoint("england", "E92000001", "absence_overall", group, "2022-23", value, "", "", "absence", "Absence")

    assert reading_panels.england_of([england("primary", 6.0), england("", 7.4)]) == {"absence_overall": {"2022-23": 6.0}}
    assert reading_panels.england_of([england("", None)]) == {}


@given(st.integers(2000, 2090), st.integers(0, 9))
def test_school_years_between_are_each_one_later(first: int, more: int) -> None:
    years = reading_panels.school_years_between(f"{first}-{(first + 1) % 100:02d}", f"{first + more}-{(first + more + 1) % 100:02d}")
    assert [int(year[:4]) for year in years] == list(range(first, first + more + 1))


@pytest.mark.parametrize(
    ("key", "value", "written"),
    [("ks2_rwm_expected", 60.4, "60%"), ("ks4_progress8", -0.314, "−0.31"), ("pupils_on_roll", 1097.0, "1,097")],
)
def test_figure_is_written_with_its_unit(key: str, value: float, written: str) -> None:
    assert reading_panels.figure(MEASURES[key], value) == written
