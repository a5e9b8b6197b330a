"""Lists of areas, outlines, neighbours, area measures and deprivation, read from cuts of the published files."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from convenor.registers.sources import Refused
from tests.unit.registers.opened import take

GEOGRAPHY = Path(__file__).parents[2] / "data" / "geography"
AREA_TOOL = Path(__file__).parents[2] / "data" / "area_tool"


def rewritten(path: Path, tmp_path: Path, old: str, new: str, name: str = "") -> Path:
    """A copy of a text file with one thing changed."""
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    copy = tmp_path / (name or path.name)
    copy.write_text(text.replace(old, new, 1))
    return copy


def test_list_of_authorities_gives_each_once_under_its_newest_code() -> None:
    taken = take(GEOGRAPHY / "las.csv")
    assert (taken.family, taken.facts.as_at) == ("authorities", date(2025, 5, 1))
    rows = {row["code"]: row for row in taken.rows("local_authority")}
    assert sorted(rows) == ["359", "370", "702", "800", "802", "803", "909", "916", "933", "942", "943"]
    assert rows["370"]["gss_code"] == "E08000038"
    assert rows["909"] == {
        "code": "909", "gss_code": "E10000006", "name": "Cumbria", "region": "North West", "region_code": "E12000002",
        "opened_on": None, "closed_on": "2023-04-01",
    }  # fmt: skip
    assert (taken.rows_read, taken.parsed.aggregate, taken.refusals) == (14, 1, [])


def test_list_of_authorities_refuses_an_unknown_code_and_a_broken_date(tmp_path: Path) -> None:
    unknown = take(rewritten(GEOGRAPHY / "las.csv", tmp_path, "E08000010,Wigan", "E99999999,Wigan").rename(tmp_path / "a.csv"))
    assert unknown.refusals == []  # the Department's own code still tells
    broken = take(rewritten(GEOGRAPHY / "las.csv", tmp_path, "Wigan,01/01/2009", "Wigan,31/02/2009"))
    assert [(each.row, each.field) for each in broken.refusals] == [(9, "date_of_operation")]
    strange = take(rewritten(GEOGRAPHY / "las.csv", tmp_path, "E08000010,Wigan,01/01/2009,,E12000002,E08,Metropolitan Districts,live,359",
                             "E99999999,Wigan,01/01/2009,,E12000002,E08,Metropolitan Districts,live,999"))  # fmt: skip
    assert [each.reason for each in strange.refusals] == ["no authority with the codes 999 and E99999999 is known"]


def test_list_without_any_day_is_refused(tmp_path: Path) -> None:
    header = (GEOGRAPHY / "las.csv").read_text().splitlines()[0]
    path = tmp_path / "las.csv"
    path.write_text(f"{header}\nz,British Forces Post Office overseas establishments,,,,,,live,702\n")
    with pytest.raises(Refused, match="names no day"):
        take(path)


def test_regions_are_checked_against_our_own_list(tmp_path: Path) -> None:
    taken = take(GEOGRAPHY / "region_la_hierarchy.csv")
    assert (taken.family, taken.facts.as_at, taken.refusals) == ("regions", date(2023, 4, 1), [])
    assert "893" in {row["code"] for row in taken.rows("local_authority")}  # named only by its older ONS code and 893
    assert (taken.rows_read, taken.parsed.aggregate) == (15, 6)
    wrong = take(rewritten(GEOGRAPHY / "region_la_hierarchy.csv", tmp_path, "E12000002,North West,359", "E12000009,South West,359"))
    assert [each.reason for each in wrong.refusals] == ["Wigan does not lie in South West"]
    unknown = take(rewritten(GEOGRAPHY / "region_la_hierarchy.csv", tmp_path, "359,Wigan,E08000010", "999,Nowhere,E08999999"))
    assert [each.reason for each in unknown.refusals] == ["no authority with the code 999 is known"]


def test_tables_that_swap_two_authorities_are_warned_of() -> None:
    taken = take(GEOGRAPHY / "2022-2023_la_and_region_codes_meta.csv")
    assert taken.facts.period == "2022-23"
    assert taken.parsed.warnings == [
        "row 4 calls 940 'West Northamptonshire'; the Department's register, and so we, call it North Northamptonshire",
        "row 5 calls 941 'North Northamptonshire'; the Department's register, and so we, call it West Northamptonshire",
    ]
    assert {row["code"]: row["name"] for row in taken.rows("local_authority")}["940"] == "North Northamptonshire"


def test_tables_list_needs_its_year(tmp_path: Path) -> None:
    copy = rewritten(GEOGRAPHY / "la_and_region_codes_meta_2018-19.csv", tmp_path, "Wigan", "Nowhere", "codes.csv")
    with pytest.raises(Refused, match="--as-at"):
        take(copy, folders=())
    taken = take(copy, folders=(), as_at=date(2019, 1, 1))
    assert taken.facts.period == "2018-19"
    assert taken.parsed.warnings == ["row 3 calls 359 'Nowhere'; the Department's register, and so we, call it Wigan"]
    unknown = take(rewritten(GEOGRAPHY / "la_and_region_codes_meta_2018-19.csv", tmp_path, "359,", "999,"))
    assert [each.reason for each in unknown.refusals] == ["no authority with the code 999 is known"]


def test_districts_are_gathered_from_wards_with_their_years(tmp_path: Path) -> None:
    taken = take(GEOGRAPHY / "ward_lad_la_pcon_hierarchy.csv")
    assert (taken.family, taken.facts.as_at) == ("districts", date(2024, 1, 1))
    rows = {(row["code"], row["authority_gss_code"]): (row["first_year"], row["last_year"]) for row in taken.rows("district")}
    assert rows["E07000030", "E10000006"] == (2017, 2022)
    broken = take(rewritten(GEOGRAPHY / "ward_lad_la_pcon_hierarchy.csv", tmp_path, "2024,2024", "2024,2023"))
    assert [each.field for each in broken.refusals] == ["first_available_year_included"]
    strange = take(rewritten(GEOGRAPHY / "ward_lad_la_pcon_hierarchy.csv", tmp_path, ",E07000082,", ",nowhere,"))
    assert [each.reason for each in strange.refusals] == ["'nowhere' is not a district's code"]


def test_boundaries_keep_english_outlines_and_draw_new_authorities() -> None:
    taken = take(GEOGRAPHY / "boundaries_2022_made_by_hand.json")
    rows = [(row["layer"], row["name"]) for row in taken.rows("boundary")]
    assert (taken.family, taken.facts.as_at, taken.parsed.rows_read) == ("boundaries", date(2022, 1, 1), 10)
    assert rows[:2] == [("UTLA", "Cumbria"), ("UTLA", "Barnsley")]
    assert rows[-2:] == [("dissolved", "Cumberland"), ("dissolved", "Westmorland and Furness")]
    assert taken.parsed.keep is not None
    assert taken.parsed.keep.num_rows == 12


def test_boundaries_need_their_year(tmp_path: Path) -> None:
    copy = tmp_path / "boundaries.json"
    copy.write_text((GEOGRAPHY / "boundaries_2022_made_by_hand.json").read_text())
    with pytest.raises(Refused, match="--as-at"):
        take(copy)
    assert take(copy, as_at=date(2022, 6, 1)).facts.as_at == date(2022, 6, 1)


def test_boundaries_that_name_borders_they_do_not_hold_are_refused(tmp_path: Path) -> None:
    copy = rewritten(GEOGRAPHY / "boundaries_2022_made_by_hand.json", tmp_path, '"arcs": [[6]]', '"arcs": [[66]]')
    with pytest.raises(Refused, match="cannot be drawn"):
        take(copy)


def test_deprivation_is_read_by_small_area() -> None:
    taken = take(GEOGRAPHY / "File_1_IoD2025_Index_of_Multiple_Deprivation.xlsx")
    assert (taken.family, taken.facts.as_at, taken.rows_read) == ("deprivation", date(2025, 1, 1), 8)
    assert taken.rows("small_area")[0] == {"lsoa_code": "E01000001", "imd_rank": 26525, "imd_decile": 8}


def changed_workbook(path: Path, tmp_path: Path, cells: dict[str, Any], *, title: str = "") -> Path:
    """A copy of a workbook with some cells changed."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for place, value in cells.items():
        sheet[place] = value
    sheet.title = title or sheet.title
    copy = tmp_path / path.name
    book.save(copy)
    return copy


def test_deprivation_refuses_what_cannot_be(tmp_path: Path) -> None:
    cells = {"A3": "W01000001", "A4": "E01000001", "F5": 11}
    taken = take(changed_workbook(GEOGRAPHY / "File_1_IoD2025_Index_of_Multiple_Deprivation.xlsx", tmp_path, cells))
    assert [each.row for each in taken.refusals] == [3, 4, 5]
    assert len(taken.rows("small_area")) == 5


def test_deprivation_needs_its_year(tmp_path: Path) -> None:
    copy = changed_workbook(GEOGRAPHY / "File_1_IoD2025_Index_of_Multiple_Deprivation.xlsx", tmp_path, {}, title="Sheet1")
    with pytest.raises(Refused, match="--as-at"):
        take(copy)
    assert take(copy, as_at=date(2025, 10, 30)).facts.title == "English indices of deprivation 2025"


def test_neighbours_are_ten_in_order_under_three_header_rows() -> None:
    taken = take(AREA_TOOL / "sn_may_2025.xlsx")
    assert (taken.family, taken.facts.as_at) == ("statistical-neighbours", date(2025, 5, 31))
    wigan = [(row["rank"], row["neighbour_code"]) for row in taken.rows("statistical_neighbour") if row["authority_code"] == "359"]
    assert len(wigan) == 10
    assert [rank for rank, _ in wigan] == list(range(1, 11))
    assert {row["closeness"] for row in taken.rows("statistical_neighbour")} <= {"Extremely close", "Very close", "Close", "Somewhat close"}
    assert [each.reason for each in taken.refusals] == ["a heading inside the table, not an authority"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"A5": 999}, "no authority with the code 999 is known"),
        ({"F5": 999}, "neighbours that are no authority: 999"),
        ({"F5": None}, "neighbours that are no authority: blank"),
    ],
)
def test_neighbours_refuse_what_is_no_authority(tmp_path: Path, cells: dict[str, Any], reason: str) -> None:
    taken = take(changed_workbook(AREA_TOOL / "sn_may_2025.xlsx", tmp_path, cells))
    assert reason in [each.reason for each in taken.refusals]


def test_neighbours_refuse_a_row_that_stands_twice_or_repeats_a_neighbour(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(AREA_TOOL / "sn_may_2025.xlsx")
    sheet = book.worksheets[0]
    sheet["A5"] = sheet["A4"].value
    again = tmp_path / "sn_may_2025.xlsx"
    book.save(again)
    assert f"the authority {sheet['A4'].value} stands twice; its first row is kept" in [each.reason for each in take(again).refusals]
    sheet["A5"], sheet["F5"] = 803, sheet["H5"].value
    book.save(again)
    assert "its neighbours are not ten different other authorities" in [each.reason for each in take(again).refusals]


def test_neighbours_take_their_day_from_name_folder_or_operator(tmp_path: Path) -> None:
    copy = tmp_path / "neighbours.xlsx"
    copy.write_bytes((AREA_TOOL / "sn_may_2025.xlsx").read_bytes())
    with pytest.raises(Refused, match="--as-at"):
        take(copy, folders=())
    assert take(copy, folders=("2025-05-01",)).facts.as_at == date(2025, 5, 1)
    assert take(copy, folders=(), as_at=date(2025, 5, 2)).facts.as_at == date(2025, 5, 2)


def test_area_figures_are_kept_with_their_marks() -> None:
    taken = take(AREA_TOOL / "bds_long_0.parquet")
    rows = {(row["area_kind"], row["area_code"], row["period"]): (row["value"], row["mark"]) for row in taken.rows("area_reading")}
    assert (taken.family, taken.facts.as_at, taken.rows_read) == ("area-measures", date(2023, 1, 1), 13)
    assert rows["authority", "359", "2023"] == (27.7, "")
    assert rows["england", "E92000001", "2018"] == (13.8, "")
    assert rows["region", "E12000009", "2023"] == (20.1, "")
    assert rows["region", "E13000001", "2018"] == (None, "unavailable")
    assert [(each.field, each.reason) for each in taken.refusals] == [("Years", "the row names no year ('0')")]


def changed_parquet(tmp_path: Path, row: int, **values: Any) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(AREA_TOOL / "bds_long_0.parquet")
    rows = table.to_pylist()
    rows[row] |= values
    copy = tmp_path / "bds_long_0.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), copy)
    return copy


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"Values": "lots"}, "neither a number nor a mark that the tool uses ('lots')"),
        ({"LA Number": 999.0}, "no authority, region or country has this code ('999')"),
        ({"Short Desc": ""}, "the row names no measure ('')"),
        ({"Years": "2018", "LA Number": 909.0}, "909, PriFSM, 2018 stands twice; its first row is kept"),
    ],
)
def test_area_figures_refuse_what_cannot_be_read(tmp_path: Path, values: dict[str, Any], reason: str) -> None:
    taken = take(changed_parquet(tmp_path, 1, **values))
    assert reason in [each.reason for each in taken.refusals]
    assert len(taken.rows("area_reading")) == 11


def test_area_figures_without_any_year_are_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(AREA_TOOL / "bds_long_0.parquet")
    copy = tmp_path / "bds_long_0.parquet"
    pq.write_table(table.set_column(table.column_names.index("Years"), "Years", pa.array(["0"] * table.num_rows)), copy)
    with pytest.raises(Refused, match="no year"):
        take(copy)


def test_dictionary_says_what_measures_mean_and_refuses_repeats() -> None:
    taken = take(AREA_TOOL / "lait_data_dictionary.csv")
    rows = {row["key"]: row for row in taken.rows("area_measure")}
    assert (taken.family, len(rows)) == ("area-measure-dictionary", 5)
    assert (rows["InfMort"]["name"], rows["InfMort"]["polarity"], rows["InfMort"]["source"]) == (
        "Infant Mortality",
        "lower is better",
        "ONS",
    )
    assert rows["PriFSM"]["polarity"] == "neither"
    assert [each.reason for each in taken.refusals] == ["the measure SusEd_All stands twice; its first row is kept"]


def test_dictionary_without_a_day_needs_one(tmp_path: Path) -> None:
    import csv

    with (AREA_TOOL / "lait_data_dictionary.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    place = rows[0].index("Last Update")
    copy = tmp_path / "dictionary.csv"
    with copy.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([rows[0], *([*row[:place], "TBC", *row[place + 1 :]] for row in rows[1:])])
    with pytest.raises(Refused, match="--as-at"):
        take(copy)
    assert take(copy, as_at=date(2026, 4, 1)).facts.as_at == date(2026, 4, 1)


def test_tools_list_counts_regions_and_england_as_aggregates(tmp_path: Path) -> None:
    taken = take(AREA_TOOL / "la_code_list.xlsx")
    assert (taken.family, taken.rows_read, taken.parsed.aggregate) == ("area-list", 7, 3)
    assert [row["code"] for row in taken.rows("local_authority")] == ["359", "909", "916", "942"]
    broken = take(changed_workbook(AREA_TOOL / "la_code_list.xlsx", tmp_path, {"A2": 999}))
    assert [each.reason for each in broken.refusals] == ["no area with the code 999 is known"]


def test_exclusions_keep_small_numbers_as_withheld_and_noughts_as_noughts() -> None:
    taken = take(AREA_TOOL / "exclusions_by_reason_2016-17.csv")
    rows = {(row["area_code"], row["measure"], row["period"]): (row["value"], row["mark"]) for row in taken.rows("area_reading")}
    assert (taken.family, taken.facts.as_at, taken.facts.period) == ("exclusions-by-reason", date(2017, 8, 31), "2016-17")
    assert rows["359", "perm_physical_pupils:total", "2016-17"] == (None, "suppressed")
    assert rows["359", "perm_physical_adult:total", "2016-17"] == (0.0, "")
    assert rows["E92000001", "perm_physical_pupils:total", "2015-16"] == (825.0, "")
    assert rows["E12000001", "perm_bullying:total", "2016-17"] == (None, "suppressed")
    assert len(rows) == 12 * 24


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("North West,359,", "North West,999,", "no area is known for '999'"),
        ("201617,national", "201617,galaxy", "no area is known for 'galaxy'"),
        ("Total,1025,", "Total,many,", "'many' is neither a number nor a mark that this publisher uses"),
    ],
)
def test_exclusions_refuse_what_cannot_be_read(tmp_path: Path, old: str, new: str, reason: str) -> None:
    taken = take(rewritten(AREA_TOOL / "exclusions_by_reason_2016-17.csv", tmp_path, old, new))
    assert [each.reason for each in taken.refusals] == [reason]


def test_exclusions_of_no_school_year_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no school year"):
        take(rewritten(AREA_TOOL / "exclusions_by_reason_2016-17.csv", tmp_path, "academic year,201617", "academic year,2016"))
