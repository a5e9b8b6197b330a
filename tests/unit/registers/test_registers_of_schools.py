"""Ofsted's lists, the Department's register, groups, links and the list of schools of the performance tables."""

import csv
from datetime import date
from pathlib import Path

import pytest

from convenor.registers.rules.recognise import UnknownEditionError
from convenor.registers.sources import Refused
from convenor.registers.sources.registry import all_sources
from tests.unit.registers.opened import take

NAMES_PEOPLE = ("HeadTitle (name)", "HeadFirstName", "HeadLastName", "HeadPreferredJobTitle")


def test_management_information_gives_schools_and_each_inspection_in_its_vocabulary(data: Path) -> None:
    taken = take(data / "ofsted" / "management_information_2025-08-31.parquet")
    assert (taken.family, taken.facts.as_at, taken.rows_read) == ("ofsted-mi", date(2025, 8, 31), 16)
    assert [each.reason for each in taken.refusals] == ["blank row"]
    schools, inspections = taken.rows("school_record"), taken.rows("inspection")
    assert len(schools) == 15
    assert {each["status"] for each in schools} == {"open"}
    vocabularies = {(each["vocabulary"], bool(each["overall"])) for each in inspections if each["kind"] == "graded"}
    assert vocabularies == {("overall_effectiveness", True), ("key_judgements", False)}
    new = [each for each in inspections if each["vocabulary"] == "key_judgements" and each["kind"] == "graded"]
    assert min(each["started_on"] for each in new) >= "2024-09-01"


def test_management_information_is_the_same_as_parquet_and_as_cp1252_text(data: Path) -> None:
    one = take(data / "ofsted" / "management_information_2025-08-31.parquet")
    two = take(data / "ofsted" / "management_information_2025-08-31.csv")
    assert one.rows("school_record") == two.rows("school_record")
    assert one.rows("inspection") == two.rows("inspection")


def test_predecessors_inspection_keeps_the_urn_that_was_inspected(data: Path) -> None:
    inspections = take(data / "ofsted" / "management_information_2025-08-31.csv").rows("inspection")
    inherited = [each for each in inspections if each["urn"] != each["urn_at_inspection"]]
    assert len(inherited) >= 1
    assert all(len(each["urn_at_inspection"]) == 6 for each in inherited)


def changed(source: Path, target: Path, line: int, column: str, value: str) -> Path:
    """A copy of a CSV with one cell changed; line 2 is the first below the header."""
    with source.open(encoding="cp1252", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[line - 1][rows[0].index(column)] = value
    with target.open("w", encoding="cp1252", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return target


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("URN", "10000", ""),
        ("URN", "NAT", "'NAT' is not a URN: a URN has six digits"),
        ("Overall effectiveness", "7", "'7' is no grade: 1 to 4, or 0, 8, 9, 'Not judged' or blank where there is none"),
        ("Inspection start date", "31/02/2024", "'31/02/2024' is not a date we can read (dd/mm/yyyy, dd-mm-yyyy, yyyy-mm-dd or yyyymmdd)"),
        ("Total number of pupils", "-3", "'-3' is not a whole number that can be right here"),
    ],
)
def test_row_that_cannot_be_right_is_refused_by_field_and_reason(data: Path, tmp_path: Path, column: str, value: str, reason: str) -> None:
    source = data / "ofsted" / "management_information_2025-08-31.csv"
    taken = take(changed(source, tmp_path / source.name, 2, column, value))
    assert [(each.row, each.field, each.reason) for each in taken.refusals if each.row == 2] == ([(2, column, reason)] if reason else [])


def test_list_with_inspections_after_its_day_is_refused(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "management_information_2023-08-31.csv"
    path.write_bytes((data / "ofsted" / "management_information_2025-08-31.csv").read_bytes())
    with pytest.raises(Refused, match="after 2023-08-31, the day it is said to describe"):
        take(path)


def test_list_whose_day_nothing_tells_is_refused_with_the_remedy(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((data / "ofsted" / "management_information_2025-08-31.csv").read_bytes())
    with pytest.raises(UnknownEditionError, match="say it with --as-at"):
        take(path)
    assert take(path, as_at=date(2025, 8, 31)).facts.as_at == date(2025, 8, 31)


def test_same_school_twice_is_refused_as_repeat_or_as_contradiction(data: Path, tmp_path: Path) -> None:
    lines = (data / "ofsted" / "management_information_2025-08-31.csv").read_bytes().split(b"\r\n")
    path = tmp_path / "list_2025-08-31.csv"
    path.write_bytes(b"\r\n".join([*lines[:3], lines[1], lines[2][:-1] + b"1"]) + b"\r\n")
    taken = take(path)
    urn = lines[2].decode().split(",")[1]
    assert [(each.row, each.reason) for each in taken.refusals] == [
        (3, f"{urn} stands in row 5 too, with other values: neither can be trusted"),
        (4, "says the same as row 2"),
        (5, f"{urn} stands in row 3 too, with other values: neither can be trusted"),
    ]
    assert len(taken.rows("school_record")) == 1


def test_outcomes_of_2018_never_take_the_latest_visit_for_the_date_of_the_grade(data: Path) -> None:
    taken = take(data / "ofsted" / "2017-2018_england_ofsted-schools_2018-07-31.xlsx")
    assert (taken.family, taken.facts.as_at) == ("ofsted-outcomes", date(2018, 7, 31))
    inspections = taken.rows("inspection")
    assert {(each["kind"], each["started_on"], each["vocabulary"]) for each in inspections} == {("graded", None, "overall_effectiveness")}
    assert all(each["outcome"].startswith("as it stood on 31 July 2018; latest visit, graded or short, ") for each in inspections)


def test_report_cards_keep_their_own_words_and_refuse_older_ones(data: Path) -> None:
    taken = take(data / "ofsted" / "report_cards_2026-01-31_made_by_hand.csv")
    assert (taken.family, taken.facts.as_at) == ("ofsted-report-cards", date(2026, 1, 31))
    assert [(each.row, each.field) for each in taken.refusals] == [(5, "Inspection start date"), (6, "Inclusion")]
    cards = taken.rows("inspection")
    assert [(each["urn"], each["overall"], each["vocabulary"], each["safeguarding"]) for each in cards] == [
        ("990001", "", "report_card", "Met"),
        ("990002", "", "report_card", "Not met"),
        ("990003", "", "report_card", "Met"),
    ]
    assert cards[1]["judgements"] == {
        "inclusion": "Needs attention",
        "curriculum_and_teaching": "Needs attention",
        "achievement": "Urgent improvement",
        "attendance_and_behaviour": "Needs attention",
        "personal_development_and_well_being": "Expected standard",
        "leadership_and_governance": "Needs attention",
        "post_16": "Expected standard",
    }
    assert cards[1]["category_of_concern"] == "Requires significant improvement"


def test_register_takes_its_day_from_its_newest_change_and_says_so(data: Path) -> None:
    taken = take(data / "gias" / "2021_936_gias_all_columns.csv")
    assert taken.family == "gias"
    assert taken.facts.as_at <= date(2021, 4, 22)
    assert taken.facts.warnings == (f"the file does not say its day; taken as that of the newest change it holds, {taken.facts.as_at}",)
    records = taken.rows("school_record")
    assert {each["authority_code"] for each in records} == {"936"}
    assert {each["status"] for each in records} == {"open", "proposed to close"}
    assert taken.rows("head_of_school") == []


def test_heads_names_are_kept_only_for_a_partnerships_own_schools(data: Path, tmp_path: Path) -> None:
    with (data / "gias" / "2021_936_gias_all_columns.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    for row in rows[1:]:
        for column, value in zip(NAMES_PEOPLE, ("Ms", "Ada", "Example", "Headteacher"), strict=True):
            row[rows[0].index(column)] = value
    path = tmp_path / "register_2021-05-31.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    mine = rows[-1][0]
    assert take(path).rows("head_of_school") == []
    assert take(path, heads_for=frozenset({mine})).rows("head_of_school") == [
        {"urn": mine, "title": "Ms", "first_name": "Ada", "last_name": "Example", "job_title": "Headteacher"}
    ]


def test_links_keep_their_kind_and_day(data: Path) -> None:
    taken = take(data / "gias" / "links_edubasealldata20250422.csv")
    assert (taken.family, taken.facts.as_at, len(taken.rows("school_link"))) == ("gias-links", date(2025, 4, 22), 9)


def test_academies_group_links_are_filled_where_every_row_is_one_short(data: Path) -> None:
    taken = take(data / "gias" / "grouplinks_edubaseallacademiesandfree20190601.csv")
    assert (taken.family, taken.rows_read, taken.refusals) == ("gias-group-links", 12, [])
    assert len(taken.rows("group_membership")) == 12
    assert {each["authority_code"] for each in taken.rows("school_record")} == {"359"}


def test_groups_get_their_lost_zeros_back(data: Path) -> None:
    groups = take(data / "gias" / "allgroupsdata_2022-07.csv").rows("group_record")
    assert len(groups) == 13
    numbers = [each["facts"]["companies_house_number"] for each in groups if "companies_house_number" in each["facts"]]
    assert {len(number) for number in numbers} == {8}


def test_third_partys_join_gives_only_the_register(data: Path) -> None:
    taken = take(data / "gias" / "england_secondary_schools_2026-03.csv")
    assert (taken.family, len(taken.rows("school_record")), taken.rows("inspection")) == ("gias-secondaries", 8, [])
    assert {each["phase"] for each in taken.rows("school_record")} <= {"Secondary", "All-through"}


def test_list_of_the_tables_is_of_the_newest_day_it_holds(data: Path) -> None:
    taken = take(data / "performance_tables" / "2017-2018" / "2017-2018_england_spine.xlsx")
    assert (taken.family, taken.facts.period) == ("pt-spine", "2017-18")
    statuses = [each["status"] for each in taken.rows("school_record")]
    assert (statuses.count("closed"), statuses.count("")) == (3, 2)
    assert {each["phase"] for each in taken.rows("school_record")} <= {
        "Nursery",
        "Primary",
        "Secondary",
        "Special",
        "All-through",
        "PRU",
        "16 plus",
    }


def test_r_data_frame_refuses_its_placeholder(tmp_path: Path) -> None:
    path = tmp_path / "dim_school_2022-08.csv"
    path.write_text(
        "urn,establishment_number,establishment_name,establishment_type,establishment_status,education_phase,administrative_district,"
        "easting,northing,lsoa_code,head_last_name\n"
        "0,0,Not reported,Not reported,Not reported,Not reported,Not reported,,,Not reported,\n"
        '106400,2004,Made-up School,Community school,"Open, but proposed to close",Primary,Wigan,358000,405000,E01006201,Example\n'
        "106401,2005,Made-up Two,Community school,Open,Primary,Guildford,500000,150000,E01030421,Example\n"
    )
    taken = take(path)
    assert taken.family == "gias-extract"
    assert [(each.row, each.reason) for each in taken.refusals] == [(2, "a placeholder of the data frame, no school")]
    assert [(each["authority_code"], each["status"]) for each in taken.rows("school_record")] == [
        ("359", "proposed to close"),
        ("", "open"),
    ]
    assert taken.rows("head_of_school") == []


def test_every_family_tells_what_it_takes_and_leaves() -> None:
    silent = [
        each.family for each in all_sources() if not (each.publisher and each.licence and each.cadence and each.takes and each.leaves)
    ]
    assert silent == []


def test_families_have_names_of_their_own() -> None:
    families = [each.family for each in all_sources()]
    assert len(families) == len(set(families))
