"""Results of trusts, and what publishers say their columns mean."""

from pathlib import Path

from openpyxl import Workbook

from tests.unit.registers.opened import take

TABLES = "performance_tables"


def test_trust_has_its_results_as_an_area_of_its_own(data: Path) -> None:
    taken = take(data / TABLES / "2023-2024/england_ks2-mats-performance.csv")
    assert (taken.family, taken.facts.period, taken.rows_read) == ("trusts-ks2", "2023-24", 6)
    assert taken.area("2044", "ks2_rwm_expected") == (72, "")
    assert taken.area("2044", "ks2_rwm_expected_disadvantaged") == (None, "suppressed_trust")
    assert taken.area("2044", "ks2_cohort") == (141, "")
    assert {row["area_kind"] for row in taken.rows("area_reading")} == {"trust"}


def test_trust_whose_uid_is_broken_is_refused(data: Path) -> None:
    taken = take(data / TABLES / "2023-2024/england_ks4-mats-performance.csv")
    assert [(each.field, each.reason) for each in taken.refusals] == [("TRUST_UID", "'16752X' is not a trust's UID")]
    assert taken.area("2046", "ks4_progress8") == (0.14, "")
    assert (taken.area("2046", "ks4_progress8.low"), taken.area("2046", "ks4_progress8.high")) == ((0.02, ""), (0.25, ""))


def meanings(path: Path) -> dict[str, str]:
    return {row["field"]: row["meaning"] for row in take(path).rows("field_meaning")}


def test_each_form_of_metadata_gives_field_and_meaning(data: Path) -> None:
    tables = data / TABLES
    assert meanings(tables / "2018-2019/ks2_meta.csv")["TELIG"] == "Published eligible pupil number"
    assert meanings(tables / "2018-2019/ks4_final_meta.csv")["TPUP"] == "Number of pupils at the end of key stage 4"
    assert meanings(tables / "2020-2021/census_meta.csv")["NOR"] == "Total number of pupils on roll"
    assert meanings(tables / "2022-2023/abs_meta.csv")["PERCTOT"] == (
        "Percentage of overall absence. Percentage of overall absence (authorised and unauthorised) for the full 2022/23 academic year."
    )


def test_metadata_is_named_after_what_it_explains(data: Path) -> None:
    keys = [
        take(data / TABLES / name).facts.key
        for name in ("2018-2019/ks2_meta.csv", "2018-2019/ks4_final_meta.csv", "2020-2021/census_meta.csv")
    ]
    assert keys == ["field-meanings-ks2-2018-19", "field-meanings-ks4-2018-19", "field-meanings-census-2020-21"]


def test_abbreviations_are_taken_as_pairs_and_headings_refused(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["2019 Performance Tables"],
        ["Abbreviations used in the csv and excel files."],
        [],
        ["AC", "Academy"],
        ["General:"],
        ["SUPP", "Suppressed"],
    ):
        sheet.append(row)
    path = tmp_path / "abbreviations_2018-19.xlsx"
    book.save(path)
    taken = take(path, folders=())
    assert [(row["field"], row["meaning"]) for row in taken.rows("field_meaning")] == [("AC", "Academy"), ("SUPP", "Suppressed")]
    assert [each.reason for each in taken.refusals] == ["'General:' is a heading, or a meaning without a code"]
