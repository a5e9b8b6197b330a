"""Results at key stages 2 and 4, from real rows."""

from datetime import date
from pathlib import Path

import pytest

from convenor.registers.sources import Refused
from tests.unit.registers.opened import figure, take

TABLES = "performance_tables"


def test_key_stage_2_share_carries_its_cohort_and_progress_its_interval(data: Path) -> None:
    taken = take(data / TABLES / "2018-2019/2018-2019_936_ks2final.csv")
    assert (taken.family, taken.facts.key, taken.facts.title) == (
        "ks2-final",
        "ks2-final-2018-19-936",
        "Key stage 2 final results, 2018-19, Surrey",
    )
    assert taken.reading("145543", "ks2_rwm_expected") == figure(78, cohort=27)
    assert taken.reading("145543", "ks2_reading_progress") == figure(1.7, low=-0.6, high=4.1, cohort=27)


def test_school_without_results_is_blank_and_never_nought(data: Path) -> None:
    taken = take(data / TABLES / "2018-2019/2018-2019_936_ks2final.csv")
    assert taken.reading("139557", "ks2_rwm_expected") == figure(mark="blank")
    assert taken.refusals == []


def test_group_without_pupils_is_said_to_have_none(tmp_path: Path) -> None:
    path = tmp_path / "2018-2019_ks2final.csv"
    head = "RECTYPE,LEA,ESTAB,URN,TELIG,PTRWM_EXP,TFSM6CLA1A,PTRWM_EXP_FSM6CLA1A"
    path.write_text(f"{head}\n1,936,2008,124937,26,65%,0,\n1,936,2004,145543,27,78%,3,SUPP\n")
    taken = take(path, folders=())
    assert taken.reading("124937", "ks2_rwm_expected_disadvantaged") == figure(mark="no_pupils", cohort=0)
    assert taken.reading("145543", "ks2_rwm_expected_disadvantaged") == figure(mark="suppressed", cohort=3)


def test_rows_of_the_authority_and_of_england_are_figures_of_areas(data: Path) -> None:
    taken = take(data / TABLES / "2018-2019/2018-2019_936_ks2final.csv")
    assert (taken.rows_read, taken.parsed.aggregate) == (8, 2)
    assert taken.area("936", "ks2_rwm_expected") == (70, "")
    assert taken.area("E92000001-all", "ks2_rwm_expected") == (65, "")
    assert [row for row in taken.rows("area_reading") if row["measure"] == "ks2_reading_progress" and row["area_code"] != "936"] == []


def test_the_same_number_of_record_means_another_area_at_key_stage_4(data: Path) -> None:
    """RECTYPE 4 is all England in the tables of key stage 2 and the authority in those of key stage 4."""
    taken = take(data / TABLES / "2018-2019/2018-2019_936_ks4final.csv")
    assert taken.area("936", "ks4_attainment8") == (50.3, "")
    assert taken.area("936", "ks4_progress8.low") == (0.16, "")
    assert taken.area("E92000001-all", "ks4_attainment8") == (44.7, "")


def test_progress_8_carries_the_pupils_it_is_of(data: Path) -> None:
    taken = take(data / TABLES / "2018-2019/2018-2019_936_ks4final.csv")
    assert taken.reading("141200", "ks4_progress8") == figure(-0.15, low=-0.43, high=0.14, cohort=76)
    assert taken.reading("141200", "ks4_attainment8") == figure(39.2, cohort=80)


def test_marks_are_kept_as_what_they_mean(data: Path) -> None:
    final = take(data / TABLES / "2018-2019/2018-2019_936_ks4final.csv")
    assert final.reading("125320", "ks4_progress8") == figure(mark="not_published")
    assert final.reading("145169", "ks4_attainment8") == figure(mark="suppressed", cohort=2)
    early = take(data / TABLES / "2018-2019/england_ks4provisional.csv")
    assert early.family == "ks4-provisional"
    assert early.reading("140966", "ks4_progress8") == figure(mark="low_coverage", cohort=29)
    assert early.reading("100096", "ks4_attainment8") == figure(mark="no_entries", cohort=12)
    assert early.reading("100003", "ks4_cohort") == figure(mark="not_applicable")
    assert early.reading("125315", "ks4_progress8") == figure(0.59, low=0.43, high=0.76, cohort=232)


def test_blank_of_a_copy_is_not_known(data: Path) -> None:
    taken = take(data / TABLES / "copies/2017-2018/2017-2018_england_ks2final.csv")
    assert (taken.family, taken.facts.publisher) == ("ks2-final-extract", "Department for Education, in a third party's copy")
    assert taken.reading("145561", "ks2_rwm_expected") == figure(mark="unknown")
    assert taken.reading("143648", "ks2_reading_progress") == figure(mark="low_coverage", cohort=21)
    assert taken.reading("142083", "ks2_rwm_expected") == figure(33, cohort=42)


def test_year_of_the_columns_must_be_the_year_of_the_name(data: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "2016-2017_936_ks2final.csv"
    wrong.write_bytes((data / TABLES / "2018-2019/2018-2019_936_ks2final.csv").read_bytes())
    with pytest.raises(Refused, match="content is of 2018-19, and its name or folder says 2016-17"):
        take(wrong, folders=())


def test_year_is_read_from_columns_that_repeat_earlier_years(data: Path, tmp_path: Path) -> None:
    nameless = tmp_path / "results.csv"
    nameless.write_bytes((data / TABLES / "2018-2019/2018-2019_936_ks2final.csv").read_bytes())
    assert take(nameless, folders=()).facts.period == "2018-19"


def test_year_that_nothing_says_is_refused_with_the_remedy(data: Path, tmp_path: Path) -> None:
    nameless = tmp_path / "results.csv"
    nameless.write_bytes((data / TABLES / "copies/2017-2018/2017-2018_england_ks4final.csv").read_bytes())
    with pytest.raises(Refused, match="--as-at"):
        take(nameless, folders=())
    assert take(nameless, folders=(), as_at=date(2018, 3, 1)).facts.period == "2017-18"


def test_measure_that_the_year_had_not_yet_is_refused(data: Path, tmp_path: Path) -> None:
    early = tmp_path / "2014-2015_results.csv"
    early.write_bytes((data / TABLES / "copies/2017-2018/2017-2018_england_ks4final.csv").read_bytes())
    with pytest.raises(Refused, match="EBACCAPS was first published for 2017-18"):
        take(early, folders=())


def test_year_after_the_one_without_results_is_asked_for(tmp_path: Path) -> None:
    """Columns that repeat 2019 stand in the tables of 2021-22 and later: no school's results were published in between."""
    text = "RECTYPE,LEA,ESTAB,URN,ATT8SCR,ATT8SCR_19,ATT8SCR_FSM6CLA1A,EBACCAPS\n1,936,4001,100001,46.5,45.0,38.1,4.1\n"
    (tmp_path / "2021-2022_ks4final.csv").write_text(text)
    (tmp_path / "ks4final.csv").write_text(text)
    assert take(tmp_path / "2021-2022_ks4final.csv", folders=()).facts.period == "2021-22"
    with pytest.raises(Refused, match="--as-at"):
        take(tmp_path / "ks4final.csv", folders=())


HEAD = "RECTYPE,LEA,ESTAB,URN,SCHNAME,TELIG,PTRWM_EXP,READPROG\n"


def refused(tmp_path: Path, *rows: str) -> list[tuple[int, str, str, str]]:
    """Row, URN, field and reason of what is refused in a file of these rows, beside one good row."""
    path = tmp_path / "2017-2018_ks2final.csv"
    path.write_text(HEAD + "1,936,2001,100001,Good,20,50%,1.0\n" + "".join(f"{row}\n" for row in rows))
    taken = take(path, folders=())
    assert taken.reading("100001", "ks2_rwm_expected") == figure(50, cohort=20)
    return [(each.row, each.urn, each.field, each.reason) for each in taken.refusals]


def test_share_outside_nought_to_a_hundred_is_refused(tmp_path: Path) -> None:
    words = "'101%' is not a share: a percentage lies between 0 and 100"
    assert refused(tmp_path, "1,936,2002,100002,Odd,20,101%,1.0") == [(3, "100002", "PTRWM_EXP", words)]


def test_impossible_progress_is_refused(tmp_path: Path) -> None:
    words = "'99' is outside -40 to 40, the bounds of this measure"
    assert refused(tmp_path, "1,936,2002,100002,Odd,20,50%,99") == [(3, "100002", "READPROG", words)]


def test_text_that_is_neither_number_nor_mark_is_refused(tmp_path: Path) -> None:
    words = "'many' is neither a number nor a mark of this publisher"
    assert refused(tmp_path, "1,936,2002,100002,Odd,20,many,1.0") == [(3, "100002", "PTRWM_EXP", words)]


def test_cohort_that_is_no_number_of_pupils_is_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, "1,936,2002,100002,Odd,20.5,50%,1.0")
    assert found == [(3, "100002", "TELIG", "'20.5' is not a number of pupils")]


def test_urn_that_is_none_is_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, "1,936,2002,12AB,Odd,20,50%,1.0", "1,936,2003,,Blank,20,50%,1.0")
    assert found == [(3, "12AB", "URN", "'12AB' is not a URN"), (4, "", "URN", "the row names no school")]


def test_row_that_lost_a_value_is_refused_and_not_read_one_column_off(data: Path, tmp_path: Path) -> None:
    """Short rows are known of these files, so a lost value is not told by the length of its row: it is told by what stands where."""
    lines = (data / TABLES / "2018-2019/2018-2019_936_ks2final.csv").read_text(encoding="utf-8-sig").splitlines()
    again = [lines[1].replace("145543", str(145600 + number)) for number in range(8)]
    cells = lines[1].replace("145543", "145699").split(",")
    del cells[30]
    path = tmp_path / "2018-2019_936_ks2final.csv"
    path.write_text("\n".join([lines[0], *again, ",".join(cells), ""]))
    taken = take(path, folders=())
    assert [(each.row, each.urn) for each in taken.refusals] == [(10, "145699")]
    assert "out of place" in taken.refusals[0].reason
    assert taken.reading("145600", "ks2_rwm_expected") == figure(78, cohort=27)


def test_same_row_twice_counts_once(tmp_path: Path) -> None:
    assert refused(tmp_path, "1,936,2001,100001,Good,20,50%,1.0") == [(3, "100001", "URN", "the same row as row 2")]


def test_school_given_twice_with_other_figures_is_refused_both_times(tmp_path: Path) -> None:
    found = refused(tmp_path, "1,936,2002,100002,Twice,20,50%,1.0", "1,936,2002,100002,Twice,20,60%,1.0")
    words = "the file gives this URN more than once, with different figures"
    assert found == [(3, "100002", "URN", words), (4, "100002", "URN", words)]


def test_kind_of_record_that_is_unknown_is_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, "9,936,2002,100002,Odd,20,50%,1.0")
    words = "'9' is a kind of record that this table does not have, or an authority without its code"
    assert found == [(3, "100002", "RECTYPE", words)]


def test_columns_of_a_third_party_are_never_kept(tmp_path: Path) -> None:
    path = tmp_path / "2018-2019_ks4.csv"
    path.write_text(
        "RECTYPE,URN,SCHNAME,P8MEA,ATT8SCR,EBACCAPS,OFSTEDRATING,INSPECTIONDT,LATITUDE,COLOUR1\n1,100001,Good,0.1,46.5,4.1,Good,20190301,51.5,red\n"
    )
    taken = take(path, folders=())
    assert taken.parsed.keep is not None
    assert taken.parsed.keep.column_names == ["RECTYPE", "URN", "SCHNAME", "P8MEA", "ATT8SCR", "EBACCAPS", "_row"]
    assert taken.facts.key == "ks4-final-extract-2018-19-places"


def test_join_is_read_without_the_grade_that_tells_the_outcome(tmp_path: Path) -> None:
    path = tmp_path / "england_filtered_2022-23.csv"
    head = "URN,SCHNAME.x,LEA,ATT8SCR,P8MEA,P8MEA_NFSM6CLA1A,PTFSM6CLA1A,PERCTOT,OFSTEDRATING"
    path.write_text(f"{head}\n100053,A School,202,50.3,-0.16,0.33999999999999997,37,8.1,Good\n100054,Another,202,NA,NA,NA,NA,NA,NA\n")
    taken = take(path, folders=())
    assert (taken.family, "OFSTEDRATING" in (taken.parsed.keep or path).column_names) == ("ks4-join", False)  # type: ignore[union-attr]
    assert taken.reading("100053", "ks4_progress8_others") == figure(0.34)
    assert taken.reading("100054", "ks4_attainment8") == figure(mark="unknown")
