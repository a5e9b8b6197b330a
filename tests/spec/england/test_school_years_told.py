"""School years.

Figures are given by school year. It runs from 1 September to 31 August and is written 2022-23.
"""

import pytest

from convenor.england.school_years import NotASchoolYearError, SchoolYear, read_school_year, school_year_of
from tests.spec.telling import day, table, written


def test_a_day_lies_in_one_school_year_and_one_term() -> None:
    """A day lies in one school year and one term.

    Autumn runs to the end of December, spring to Easter, summer to the end of August, as the Department's absence statistics count.
    Your own school's term dates may differ.
    """
    for row in table("""
        | Day              | School year | Term   |
        | 31 August 2022   | 2021-22     | summer |
        | 1 September 2022 | 2022-23     | autumn |
        | 1 January 2023   | 2022-23     | spring |
        | 8 April 2023     | 2022-23     | spring |
        | 9 April 2023     | 2022-23     | summer |
    """):
        on = day(row["Day"])
        year = school_year_of(on)
        names = [term.name for term in year.terms if term.starts_on <= on < term.ends_before]
        assert (year.label, names) == (row["School year"], [row["Term"]])


def test_every_publishers_spelling_means_the_same_year() -> None:
    """Every publisher's spelling means the same year.

    A single year is refused: 2022 could be the end of one school year or the start of the next, and we do not guess.
    """
    for row in table("""
        | As written   | Read as |
        | 202223       | 2022-23 |
        | 2022/23      | 2022-23 |
        | 2022-2023    | 2022-23 |
        | 2022 to 2023 | 2022-23 |
        | 2022         | refused |
        | 2022-24      | refused |
    """):
        if row["Read as"] == "refused":
            with pytest.raises(NotASchoolYearError):
                read_school_year(row["As written"])
        else:
            assert read_school_year(row["As written"]).label == row["Read as"]


def test_pupil_numbers_describe_the_spring_census_day() -> None:
    """Pupil numbers describe the day of the spring census.

    It is the third Thursday of January.
    """
    for row in table("""
        | School year | Census day      |
        | 2018-19     | 17 January 2019 |
        | 2022-23     | 19 January 2023 |
        | 2024-25     | 16 January 2025 |
    """):
        assert written(SchoolYear(int(row["School year"][:4])).census_on) == row["Census day"]
