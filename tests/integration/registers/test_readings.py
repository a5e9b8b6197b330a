"""Figures of schools and areas, as a page asks for them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from convenor.registers.actions import load
from convenor.registers.queries.readings import area_points, beside, latest, series
from convenor.registers.rules.measures import Interval
from convenor.registers.rules.precedence import Standing
from tests.factories.registers import edition, reading, school

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def tables(data: Path) -> list[str]:
    """Surrey's own results and a copy of the national ones, provisional results, absence and census, loaded."""
    root = data / "performance_tables"
    names = ["2018-2019/2018-2019_936_ks2final.csv", "2018-2019/2018-2019_936_ks4final.csv", "2018-2019/england_ks4provisional.csv",
             "2018-2019/england_abs.csv", "2018-2019/england_census.csv", "copies/2018-2019/2018-2019_england_ks2final.csv",
             "copies/2017-2018/2017-2018_england_ks2final.csv", "copies/2018-2019/2018-2019_england_ks4final.csv"]  # fmt: skip
    reports = load(files=[root / name for name in names], by="the system", at=AT)
    assert [report.status for report in reports] == ["loaded"] * len(names)
    assert [r.rows_read - r.rows_loaded - r.rows_refused - r.rows_aggregate for r in reports] == [0] * len(names)
    return [report.edition for report in reports]


def test_share_comes_with_cohort_interval_year_and_edition(tables: list[str], django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        (found,) = series("145543", ["ks2_rwm_expected"])
    point = found.latest
    assert (point.value, point.cohort, point.period, point.edition_key) == (78, 27, "2018-19", "ks2-final-2018-19-936")
    assert (point.interval, round(point.low or 0), round(point.high or 0), point.small) == (Interval.WORKED_OUT, 59, 90, True)


def test_published_interval_is_never_replaced_by_ours(tables: list[str]) -> None:
    (found,) = series("141200", ["ks4_progress8"])
    point = found.latest
    assert (point.value, point.low, point.high, point.interval, point.cohort) == (-0.15, -0.43, 0.14, Interval.PUBLISHED, 76)


def test_absence_has_no_interval(tables: list[str]) -> None:
    (found,) = series("136755", ["absence_persistent"])
    assert (found.latest.value, found.latest.low, found.latest.interval) == (5.7, None, Interval.NONE)


def test_original_is_believed_before_a_copy_of_the_same_year(tables: list[str]) -> None:
    (found,) = series("145543", ["ks2_reading_progress"])
    assert [(p.period, p.value, p.low, p.edition_key, p.standing) for p in found.points] == [
        ("2018-19", 1.7, -0.6, "ks2-final-2018-19-936", Standing.ORIGINAL)
    ]


def test_final_copy_is_believed_before_provisional(tables: list[str]) -> None:
    (found,) = series("140966", ["ks4_attainment8"])
    assert (found.latest.value, found.latest.edition_key) == (36.5, "ks4-final-extract-2018-19")


def test_withheld_figure_is_told_in_words_and_has_no_value(tables: list[str]) -> None:
    (found,) = series("100027", ["absence_persistent"])
    assert (found.latest.value, found.latest.mark, found.latest.mark_says) == (
        None,
        "suppressed",
        "withheld because few pupils are covered",
    )
    assert found.latest_known is None


def test_series_holds_only_measures_that_are_told_of_in_catalogue_order(tables: list[str]) -> None:
    keys = [each.measure.key for each in series("124937", ["eal_percent", "ks2_reading_progress", "no_such_measure", "ks4_progress8"])]
    assert keys == ["ks2_reading_progress", "eal_percent"]
    assert series("999999") == []


def test_series_follows_the_school_through_its_predecessors() -> None:
    told, other = edition("before"), edition("after")
    old, new = school(urn="800001"), school(urn="800002")
    for of, by, period, value in (
        (old, told, "2016-17", 50),
        (old, told, "2017-18", 55),
        (new, other, "2017-18", 57),
        (new, other, "2018-19", 60),
    ):
        reading(of, by, "ks2_rwm_expected", period, value, cohort=30)
    (found,) = series([new.urn, old.urn], ["ks2_rwm_expected"])
    assert [(p.period, p.value, p.urn) for p in found.points] == [
        ("2016-17", 50, "800001"), ("2017-18", 57, "800002"), ("2018-19", 60, "800002"),
    ]  # fmt: skip
    (alone,) = series(new.urn, ["ks2_rwm_expected"])
    assert [p.period for p in alone.points] == ["2017-18", "2018-19"]


def test_lost_mark_gives_way_to_an_edition_that_says_something() -> None:
    of = school()
    reading(of, edition("copy", family="ks4-final-extract"), "ks4_attainment8", "2018-19", None, mark="unknown")
    reading(of, edition("early", family="ks4-provisional"), "ks4_attainment8", "2018-19", None, mark="suppressed", cohort=4)
    (found,) = series(of.urn, ["ks4_attainment8"])
    assert (found.latest.mark, found.latest.edition_key) == ("suppressed", "early")


def test_later_edition_of_equal_standing_is_believed() -> None:
    of = school()
    reading(of, edition("second", as_at=date(2020, 1, 1)), "absence_overall", "2018-19", 4.2)
    reading(of, edition("first", as_at=date(2019, 8, 31)), "absence_overall", "2018-19", 4.1)
    (found,) = series(of.urn, ["absence_overall"])
    assert found.latest.value == 4.2


def test_mark_that_nobody_knows_is_shown_as_it_stands() -> None:
    of = school()
    reading(of, edition("odd"), "absence_overall", "2018-19", None, mark="QQ")
    (found,) = series(of.urn, ["absence_overall"])
    assert found.latest.mark_says == "QQ"


def test_latest_of_many_schools_never_puts_an_old_figure_for_a_withheld_one(django_assert_num_queries) -> None:
    told = edition("told")
    first, second, third = school(), school(), school()
    reading(first, told, "absence_overall", "2017-18", 4.0)
    reading(first, told, "absence_overall", "2018-19", None, mark="suppressed")
    reading(second, told, "absence_overall", "2018-19", 5.0)
    with django_assert_num_queries(1):
        found = latest([first.urn, second.urn, third.urn], "absence_overall")
    assert {urn: (p.period, p.value, p.mark) for urn, p in found.items()} == {
        first.urn: ("2018-19", None, "suppressed"),
        second.urn: ("2018-19", 5.0, ""),
    }
    assert latest([first.urn], "absence_overall", period="2017-18")[first.urn].value == 4.0
    with pytest.raises(KeyError):
        latest([first.urn], "no_such_measure")


def test_areas_stand_beside_a_school_by_phase(tables: list[str], django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        points = beside(["absence_overall", "ks2_rwm_expected"], phase="Primary", authority_code="936")
    assert [(p.area_kind, p.area_code, p.measure, p.group, p.value) for p in points] == [
        ("authority", "936", "ks2_rwm_expected", "", 70),
        ("england", "E92000001", "absence_overall", "primary", 4),
    ]


def test_area_figure_tells_its_mark_and_edition(data: Path) -> None:
    (report,) = load(files=[data / "performance_tables/2023-2024/england_ks2-mats-performance.csv"], by="the system", at=AT)
    (point,) = area_points([("trust", "2044")], ["ks2_rwm_expected_disadvantaged"])
    assert (point.value, point.mark, point.edition_key) == (None, "suppressed_trust", report.edition)
    assert area_points([("authority", "2044")], ["ks2_rwm_expected_disadvantaged"]) == []
