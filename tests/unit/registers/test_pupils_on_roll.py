"""Census, absence, free school meals, destinations and the statistics' own form, from real rows."""

from pathlib import Path

import pytest

from convenor.registers.sources import Refused
from tests.unit.registers.opened import figure, take

TABLES = "performance_tables"


@pytest.mark.parametrize(
    ("year", "roll", "eal", "ever6"),
    [
        ("2018-2019", 197, figure(8.6, cohort=197), figure(5.1)),
        ("2020-2021", 200, figure(6.5, cohort=200), figure(8.5)),
        ("2022-2023", 199, figure(4.5, cohort=199), figure(13.1, cohort=199)),
    ],
)
def test_census_is_read_in_each_years_spelling(data: Path, year: str, roll: int, eal: dict[str, object], ever6: dict[str, object]) -> None:
    taken = take(data / TABLES / year / "england_census.csv")
    assert taken.reading("124937", "pupils_on_roll") == figure(roll)
    assert taken.reading("124937", "eal_percent") == eal
    assert taken.reading("124937", "fsm_ever6_percent") == ever6
    assert taken.refusals == []


def test_share_of_free_school_meals_worked_out_is_the_published_one(data: Path) -> None:
    counted = take(data / TABLES / "2022-2023/england_census.csv")
    published = take(data / TABLES / "2022-2023/school_fsm_2022-23.csv")
    pairs = [
        (counted.reading(urn, "fsm_eligible_percent"), published.reading(urn, "fsm_eligible_percent"))
        for urn in ("124937", "124939", "125259")
    ]
    assert [ours["value"] for ours, _ in pairs] == [theirs["value"] for _, theirs in pairs] == [12.6, 6.7, 8.8]
    assert published.reading("134909", "fsm_eligible_percent") == figure(mark="not_applicable")


def test_noughts_of_independent_schools_in_2020_are_a_question_not_asked(data: Path) -> None:
    taken = take(data / TABLES / "2020-2021/england_census.csv")
    marks = [taken.reading("100001", key)["mark"] for key in ("eal_percent", "fsm_eligible_pupils", "fsm_eligible_percent")]
    assert marks == ["not_applicable"] * 3
    assert taken.reading("100001", "sen_support_percent") == figure(11.4, cohort=769)


def test_school_without_pupils_has_no_shares(data: Path) -> None:
    taken = take(data / TABLES / "2022-2023/england_census.csv")
    assert taken.reading("100044", "pupils_on_roll") == figure(0)
    assert taken.reading("100044", "eal_percent") == figure(mark="no_pupils", cohort=0)


def test_nursery_without_pupils_of_school_age_has_no_share_in_six_years(data: Path) -> None:
    taken = take(data / TABLES / "2022-2023/england_census.csv")
    assert taken.reading("124911", "fsm_ever6_percent") == figure(mark="no_pupils", cohort=0)


def test_short_rows_of_2020_are_taken_with_a_warning(data: Path) -> None:
    taken = take(data / TABLES / "2020-2021/england_census.csv")
    assert (taken.rows_read, taken.parsed.aggregate, taken.refusals) == (12, 2, [])
    assert taken.reading("124911", "fsm_ever6_percent") == figure(mark="blank")


def test_england_stands_by_kind_of_school(data: Path) -> None:
    census = take(data / TABLES / "2022-2023/england_census.csv")
    assert census.area("E92000001", "fsm_ever6_percent.primary") == (25.9, "")
    absence = take(data / TABLES / "2018-2019/england_abs.csv")
    assert absence.area("E92000001", "absence_overall.secondary") == (5.5, "")
    assert absence.area("E92000001", "absence_persistent.special") == (28.8, "")
    assert (absence.rows_read, absence.parsed.aggregate) == (9, 3)


def test_absence_withheld_is_not_nought(data: Path) -> None:
    taken = take(data / TABLES / "2018-2019/england_abs.csv")
    assert taken.reading("100027", "absence_overall") == figure(2.2)
    assert taken.reading("100027", "absence_persistent") == figure(mark="suppressed")


def test_absence_of_a_year_unsaid_is_refused(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "england_abs.csv"
    path.write_bytes((data / TABLES / "2018-2019/england_abs.csv").read_bytes())
    with pytest.raises(Refused, match="--as-at"):
        take(path, folders=())


def test_destinations_are_of_the_pupils_who_left_two_years_before(data: Path) -> None:
    taken = take(data / TABLES / "2022-2023/england_ks4-pupdest.csv")
    assert (taken.facts.period, taken.facts.key) == ("2020-21", "ks4-destinations-2022-23")
    assert taken.reading("139948", "destinations_sustained", "2020-21") == figure(92, cohort=163)
    periods = {row["period"] for row in taken.rows("reading") if row["measure"] == "destinations_sustained"}
    assert periods == {"2020-21", "2019-20", "2018-19"}
    older = take(data / TABLES / "2018-2019/england_ks4-pupdest.csv")
    assert {row["period"] for row in older.rows("reading") if row["measure"] == "destinations_sustained"} == {
        "2016-17",
        "2015-16",
        "2014-15",
    }


def test_destinations_of_a_few_pupils_are_withheld(data: Path) -> None:
    taken = take(data / TABLES / "2022-2023/england_ks4-pupdest.csv")
    assert taken.reading("100381", "destinations_sustained", "2020-21") == figure(mark="suppressed", cohort=4)


def test_destinations_of_another_year_than_the_folder_are_refused(data: Path) -> None:
    with pytest.raises(Refused, match="repeat figures of 2021"):
        take(data / TABLES / "2022-2023/england_ks4-pupdest.csv", folders=("2018-2019",))


def test_statistics_file_says_its_own_year_and_speaks_in_small_letters(data: Path) -> None:
    path = data / TABLES / "2023-2024/202324_information_about_schools_final.csv"
    taken = take(path, folders=())
    assert (taken.family, taken.facts.period) == ("ks4-schools", "2023-24")
    assert taken.reading("100544", "ks4_disadvantaged_percent")["mark"] == "not_applicable"
    assert taken.refusals == []


def test_statistics_file_of_mixed_years_is_refused(data: Path, tmp_path: Path) -> None:
    text = (data / TABLES / "2023-2024/202324_information_about_schools_final.csv").read_text()
    first, second, rest = text.split("\n", 2)
    path = tmp_path / "schools.csv"
    path.write_text("\n".join([first, second.replace('"202324"', '"202223"', 1), rest]))
    with pytest.raises(Refused, match="mixes 2 periods"):
        take(path, folders=())
