"""Which year and day a file is of, and two files in one."""

from datetime import date

import pytest

from convenor.registers.rules.recognise import UnknownEditionError, as_at_day, day_in, school_year, second_header


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("links_edubasealldata20250422.csv", date(2025, 4, 22)),
        ("mi_2025-08-31.csv", date(2025, 8, 31)),
        ("allgroupsdata_2022-07.csv", date(2022, 7, 31)),
        ("2015-2016_england_ks2final.csv", None),
        ("file_20251399.csv", None),
        ("england_abs.csv", None),
    ],
)
def test_day_is_read_from_a_name(name: str, day: date | None) -> None:
    assert day_in(name) == day


def test_year_comes_from_content_then_name_then_folder_then_operator() -> None:
    assert school_year(content="202324", file_name="x.csv").label == "2023-24"
    assert school_year(file_name="2017-2018_ks4.csv", folders=("2018-2019",)).label == "2017-18"
    assert school_year(file_name="england_abs.csv", folders=("a", "2022-2023")).label == "2022-23"
    assert school_year(file_name="x.csv", as_at=date(2019, 1, 17)).label == "2018-19"


def test_year_that_nothing_tells_is_refused_with_the_remedy() -> None:
    with pytest.raises(UnknownEditionError, match="say it with --as-at"):
        school_year(file_name="england_abs.csv")


def test_content_of_another_year_than_the_name_is_refused() -> None:
    with pytest.raises(UnknownEditionError, match=r"content is of 2023-24, and its name or folder says 2022-23"):
        school_year(content="202324", file_name="2022-2023_schools.csv")
    with pytest.raises(UnknownEditionError, match=r"The file is of 2022-23, and --as-at 2019-01-01 lies in 2018-19"):
        school_year(file_name="2022-2023_schools.csv", as_at=date(2019, 1, 1))


def test_day_that_nothing_tells_or_two_tell_differently_is_refused() -> None:
    assert as_at_day(file_name="x_2025-08-31.csv", as_at=date(2025, 8, 30)) == date(2025, 8, 30)
    with pytest.raises(UnknownEditionError, match="say it with --as-at"):
        as_at_day(file_name="x.csv")
    with pytest.raises(UnknownEditionError, match=r"describes 2025-08-31, and --as-at says 2019-01-01"):
        as_at_day(file_name="x_2025-08-31.csv", as_at=date(2019, 1, 1))


def test_second_header_is_found_whether_the_same_or_another() -> None:
    names = ("URN", "NAME", "PHASE")
    rows = [(4, ("100001", "NAME School", "Primary")), (9, ("URN", "NAME", "PHASE"))]
    assert second_header(names, rows, lambda cells: False) == 9
    assert second_header(names, [(5, ("URN", "LinkURN", "LinkType"))], lambda cells: cells == ("URN", "LinkURN", "LinkType")) == 5
    assert second_header(names, rows[:1], lambda cells: False) is None
