"""School years, terms, working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from convenor.england.school_years import (
    NotASchoolYearError,
    SchoolYear,
    easter_sunday,
    read_school_year,
    school_year_in,
    school_year_of,
)
from convenor.england.working_days import (
    BANK_HOLIDAYS,
    BeyondTheListError,
    add_working_days,
    is_working_day,
    working_days_between,
)


@pytest.mark.parametrize(
    "text",
    ["202223", "2022/23", "2022-23", "2022-2023", "2022/2023", "2022_23", "20222023", "2022 to 2023", "2022–23", "AY2022/23", "202223.0"],
)
def test_school_year_is_read_in_every_spelling(text: str) -> None:
    assert read_school_year(text) == SchoolYear(2022)


@pytest.mark.parametrize("text", ["2022", "2022-24", "2022/21", "202213", "", "next year", "3022-23"])
def test_school_year_refuses_what_is_none(text: str) -> None:
    with pytest.raises(NotASchoolYearError, match="is not a school year"):
        read_school_year(text)


def test_school_year_crosses_the_century() -> None:
    assert read_school_year("1999-00").label == "1999-00"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("2018-2019_936_ks4final.csv", "2018-19"),
        ("202324_information_about_schools_final.csv", "2023-24"),
        ("links_edubasealldata20250422.csv", None),
        ("2016-17_and_2017-18.csv", None),
        ("england_census.csv", None),
    ],
)
def test_school_year_is_found_in_a_name_when_it_is_the_only_one(name: str, label: str | None) -> None:
    found = school_year_in(name)
    assert (found.label if found else None) == label


@given(some.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_school_year_holds_its_days_and_its_terms_fill_it(day: date) -> None:
    year = school_year_of(day)
    assert year.starts_on <= day <= year.ends_on
    assert [term.name for term in year.terms if term.starts_on <= day < term.ends_before] == [
        "autumn" if day.month >= 9 else "spring" if day < easter_sunday(day.year) else "summer"
    ]


@pytest.mark.parametrize(
    ("year", "day"), [(2022, date(2023, 1, 19)), (2020, date(2021, 1, 21)), (2018, date(2019, 1, 17)), (2024, date(2025, 1, 16))]
)
def test_census_is_on_the_third_thursday_of_january(year: int, day: date) -> None:
    assert SchoolYear(year).census_on == day
    assert day.weekday() == 3


@pytest.mark.parametrize(
    ("year", "day"), [(2019, date(2019, 4, 21)), (2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))]
)
def test_easter_is_when_the_calendar_says(year: int, day: date) -> None:
    assert easter_sunday(year) == day


def test_bank_holidays_follow_easter_and_never_fall_on_a_weekend() -> None:
    for year in range(2015, 2029):
        easter = easter_sunday(year)
        assert {easter - timedelta(days=2), easter + timedelta(days=1)} <= BANK_HOLIDAYS
    assert {day.weekday() for day in BANK_HOLIDAYS} <= {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    "day", [date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8), date(2026, 12, 28)]
)
def test_bank_holiday_is_no_working_day(day: date) -> None:
    assert not is_working_day(day)


def test_day_that_was_moved_is_a_working_day() -> None:
    assert is_working_day(date(2020, 5, 4))


def test_ten_working_days_pass_over_christmas() -> None:
    assert add_working_days(date(2025, 12, 19), 10) == date(2026, 1, 7)
    assert add_working_days(date(2026, 1, 7), -10) == date(2025, 12, 19)


def test_no_working_days_ahead_is_the_next_working_day_from_a_holiday() -> None:
    assert add_working_days(date(2025, 12, 25), 0) == date(2025, 12, 29)


def test_working_days_refuse_years_beyond_the_list() -> None:
    with pytest.raises(BeyondTheListError, match="2029"):
        add_working_days(date(2028, 12, 29), 1)


@given(some.dates(date(2016, 1, 1), date(2027, 12, 31)), some.integers(-150, 150))
def test_adding_and_counting_working_days_agree(day: date, count: int) -> None:
    start = add_working_days(day, 0)
    assert working_days_between(start, add_working_days(start, count)) == count
