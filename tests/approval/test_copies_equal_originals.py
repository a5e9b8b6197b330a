"""Third parties' copies and our own arithmetic against what the Department published, over whole files."""

from pathlib import Path

import pytest

from convenor.registers.rules.measures import measures_for
from tests.unit.registers.opened import Taken, take

pytestmark = [pytest.mark.shared, pytest.mark.slow]
YEARS = ("2016-2017", "2017-2018", "2018-2019")
Key = tuple[str, str]


def figures(taken: Taken) -> dict[Key, tuple[float | None, str, int | None]]:
    """Value, mark and cohort of every reading by school and measure."""
    return {(row["urn"], row["measure"]): (row["value"], row["mark"], row["cohort"]) for row in taken.rows("reading")}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("stage", ["ks2", "ks4"])
def test_copy_gives_the_departments_figures(shared: Path, year: str, stage: str) -> None:
    """Every figure that the copy has and the original has too is the same; for every school of Surrey."""
    original = figures(take(shared / f"performance_tables/surrey_936/{year}_936_{stage}final.csv"))
    copy = figures(take(shared / f"converted/performance_tables/{year}/{year}_england_{stage}final.csv"))
    both = [key for key in original.keys() & copy.keys() if original[key][0] is not None and copy[key][0] is not None]
    assert {key: (original[key][0], copy[key][0]) for key in both if original[key][0] != copy[key][0]} == {}
    cohorts = [key for key in both if original[key][2] is not None and copy[key][2] is not None]
    assert {key: (original[key][2], copy[key][2]) for key in cohorts if original[key][2] != copy[key][2]} == {}
    assert len({urn for urn, _ in both}) > (190 if stage == "ks2" else 60)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("stage", ["ks2", "ks4"])
def test_copy_never_has_a_figure_that_the_department_withheld(shared: Path, year: str, stage: str) -> None:
    original = figures(take(shared / f"performance_tables/surrey_936/{year}_936_{stage}final.csv"))
    copy = figures(take(shared / f"converted/performance_tables/{year}/{year}_england_{stage}final.csv"))
    withheld = [key for key in original.keys() & copy.keys() if original[key][0] is None]
    assert [key for key in withheld if copy[key][0] is not None] == []
    assert len(withheld) > 0


def test_share_of_free_school_meals_worked_out_is_that_published_for_every_school(shared: Path) -> None:
    counted = figures(take(shared / "performance_tables/2022-2023/england_census.csv"))
    published = figures(take(shared / "census/school_fsm_2022-23.csv"))
    pairs = {
        urn: (counted[urn, measure][0], value)
        for (urn, measure), (value, _mark, _cohort) in published.items()
        if value is not None and (urn, measure) in counted and counted[urn, measure][0] is not None
    }
    assert {urn: pair for urn, pair in pairs.items() if abs((pair[0] or 0) - (pair[1] or 0)) > 0.0501} == {}
    assert len(pairs) == 21_983
    assert sum(1 for ours, theirs in pairs.values() if ours == theirs) / len(pairs) > 0.999


def test_every_school_row_of_every_performance_table_is_loaded_or_refused(shared: Path) -> None:
    left = {}
    for path in sorted([*(shared / "performance_tables").rglob("*.csv"), *(shared / "converted").rglob("*final.csv")]):
        if "la_and_region" in path.name:
            continue
        taken = take(path)
        schools = {row["urn"] for row in taken.rows("reading")} or {(r["area_code"]) for r in taken.rows("area_reading")}
        refused = len({(each.sheet, each.row) for each in taken.refusals})
        if taken.family != "field-meanings" and taken.rows_read - refused - taken.parsed.aggregate != len(schools):
            left[path.name] = (taken.rows_read, refused, taken.parsed.aggregate, len(schools))
    assert left == {}


METADATA = [
    ("2018-2019/ks2_meta.csv", "ks2-final", set()),
    ("surrey_936/2016-2017_ks2_meta.csv", "ks2-final", set()),
    ("2018-2019/ks4_final_meta.csv", "ks4-final", {"PTL2BASICS_LL_PTQ_EE"}),  # the measure of 2015-16
    ("2022-2023/ks4_meta.xlsx", "ks4-final", {"PTL2BASICS_LL_PTQ_EE"}),
    ("2022-2023/census_meta.csv", "census", {"PNUMFSM"}),  # worked out by us
    ("2022-2023/abs_meta.csv", "absence", set()),
    ("2022-2023/ks4-pupdest_meta.csv", "ks4-destinations", set()),
]


@pytest.mark.parametrize(("file", "family", "not_there"), METADATA, ids=[file for file, _, _ in METADATA])
def test_publisher_explains_every_column_we_take(shared: Path, file: str, family: str, not_there: set[str]) -> None:
    explained = {row["field"].upper() for row in take(shared / "performance_tables" / file).rows("field_meaning")}
    wanted = {
        column
        for measure in measures_for(family)
        for column in (measure.column, measure.low, measure.high, *measure.cohort_columns[:1])
        if column
    }
    assert {column for column in wanted if column.upper() not in explained} == not_there
