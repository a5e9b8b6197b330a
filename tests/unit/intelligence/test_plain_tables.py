"""Plain tables: what is taken, what is set aside and why."""

from __future__ import annotations

import math
from datetime import date

import pytest

from convenor.intelligence.rules import plain_tables
from convenor.intelligence.rules.plain_tables import Outcome, PlainTableError, Reading, read_features, read_outcomes

HEAD = "urn,period,indicator,value,cohort,mark"
NEEDS = "It needs a header line with urn,period,indicator,value, in any order."


def features(*rows, head=HEAD):
    return read_features([head, *rows])


def outcomes(*rows, head="urn,inspected_on,kind,grade"):
    return read_outcomes([head, *rows])


def only(table, measure, urn="100001", year=2017):
    return table.readings[year][measure][urn]


def test_figure_is_taken_by_the_publishers_own_column_name():
    table = features("100001,2017-18,PTRWM_EXP,65,30,", "100001,2017-18,P8MEA,-0.31,180,")
    assert only(table, "ks2_rwm_expected") == Reading(65.0, 30.0)
    assert only(table, "ks4_progress8") == Reading(-0.31, 180.0)
    assert (table.rows, table.left, table.set_aside, table.years) == (2, 0, {}, [2017])


def test_percent_signs_other_spellings_of_years_and_a_byte_order_mark_are_taken():
    table = features("100001.0,2017/18,ptrwm_exp,65%,30.0,", "100002,201718,PERCTOT, 5.2 ,,", head="\ufeff" + HEAD.upper())
    assert only(table, "ks2_rwm_expected") == Reading(65.0, 30.0)
    assert only(table, "absence_overall", "100002").value == 5.2
    assert math.isnan(only(table, "absence_overall", "100002").cohort)


@pytest.mark.parametrize(
    "row", ["100001,2017-18,PTRWM_EXP,,3,SUPP", "100001,2017-18,PTRWM_EXP,0,3,SUPP", "100001,2017-18,PTRWM_EXP,SUPP,3,",
            "100001,2017-18,PTRWM_EXP,0,3,suppressed", "100001,2017-18,PTRWM_EXP,0,3,k", "100001,2017-18,PTRWM_EXP,,3,"],
)  # fmt: skip
def test_withheld_figure_is_missing_whatever_number_stands_beside_its_mark(row):
    assert math.isnan(only(features(row), "ks2_rwm_expected").value)


def test_blank_lines_are_passed_over():
    assert features("100001,2017-18,PTRWM_EXP,65,30,", "", ",,,,,", "100002,2017-18,PTRWM_EXP,66,30,").rows == 2


def test_cohort_and_mark_may_be_left_out():
    table = features("100001,2017-18,PTRWM_EXP,65", head="urn,period,indicator,value")
    assert only(table, "ks2_rwm_expected").value == 65.0


def test_indicators_that_are_not_used_are_counted_and_left():
    table = features("100001,2017-18,PTRWM_EXP,65,30,", "100001,2017-18,PTEBACC_95,12,30,", "100001,2017-18,MADE_UP,1,,", ",,NOTHING,,,")
    assert (table.rows, table.left) == (4, 3)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("10001,2017-18,PERCTOT,5,,", plain_tables.BAD_URN),
        ("NAT,2017-18,PERCTOT,5,,", plain_tables.BAD_URN),
        (",2017-18,PERCTOT,5,,", plain_tables.BAD_URN),
        ("100001,2017,PERCTOT,5,,", plain_tables.BAD_PERIOD),
        ("100001,2017-19,PERCTOT,5,,", plain_tables.BAD_PERIOD),
        ("100001,2017-18,PERCTOT,five,,", plain_tables.BAD_VALUE),
        ("100001,2017-18,PERCTOT,nan,,", plain_tables.BAD_VALUE),
        ("100001,2017-18,PERCTOT,140,,", plain_tables.IMPOSSIBLE),
        ("100001,2017-18,PERCTOT,-1,,", plain_tables.IMPOSSIBLE),
        ("100001,2017-18,P8MEA,55,,", plain_tables.IMPOSSIBLE),
        ("100001,2017-18,PERCTOT,5,many,", plain_tables.BAD_COHORT),
        ("100001,2017-18,PERCTOT,5,-3,", plain_tables.BAD_COHORT),
        ("100001,2017-18,PERCTOT,5,,whatever", plain_tables.UNKNOWN_MARK),
    ],
)
def test_row_that_cannot_be_true_is_set_aside_with_the_reason(row, reason):
    table = features("100009,2017-18,PERCTOT,5,,", row)
    assert table.set_aside == {reason: 1}
    assert list(table.readings[2017]["absence_overall"]) == ["100009"]


def test_figure_given_twice_alike_is_taken_once():
    table = features(
        "100001,2017-18,PERCTOT,5,30,", "100001,2017-18,PERCTOT,5,30,", "100002,2017-18,PERCTOT,,,SUPP", "100002,2017-18,PERCTOT,,,"
    )
    assert table.set_aside == {plain_tables.AGAIN: 2}
    assert only(table, "absence_overall").value == 5.0


def test_figure_given_twice_with_different_values_is_nobodys():
    table = features("100001,2017-18,PERCTOT,5,,", "100001,2017-18,PERCTOT,6,,", "100001,2017-18,PERCTOT,5,,")
    assert table.set_aside == {plain_tables.TWICE: 3}
    assert math.isnan(only(table, "absence_overall").value)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], f"has no column urn, period, indicator, value. {NEEDS}"),
        (["urn,period,value"], f"has no column indicator. {NEEDS}"),
        ([HEAD], "holds no figure that we can use (no rows)."),
        ([HEAD, "100001,2017-18,MADE_UP,5,,"], "holds no figure that we can use (1 rows of indicators that we do not use)."),
        ([HEAD, "1,2017-18,PERCTOT,5,,"], "holds no figure that we can use (1 rows: the URN is not six digits)."),
    ],
)  # fmt: skip
def test_table_that_cannot_be_used_is_refused_whole(lines, message):
    with pytest.raises(PlainTableError) as refused:
        read_features(lines)
    assert str(refused.value) == f"the table of figures {message}"


def test_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_bytes(b"urn,period,indicator,value\n\xff\xfe\xfa,1,1,1\n")
    with path.open(encoding="utf-8") as lines, pytest.raises(PlainTableError, match="is not text in UTF-8"):
        read_features(lines)


def test_line_too_long_for_a_table_is_refused():
    with pytest.raises(PlainTableError, match="is not a comma-separated table"):
        features("100001,2017-18,PERCTOT," + "5" * 200_000 + ",,")


def test_outcome_is_taken_in_any_spelling():
    table = outcomes("100001,14/11/2017,overall,3", "100002,2017-11-14,Overall,Good", "100003,20241114,quality of education,2.0")
    assert table.outcomes == (
        Outcome("100001", date(2017, 11, 14), "overall", 3),
        Outcome("100002", date(2017, 11, 14), "overall", 2),
        Outcome("100003", date(2024, 11, 14), "quality_of_education", 2),
    )
    assert [each.weak for each in table.outcomes] == [True, False, False]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,2017-11-14,overall,3", plain_tables.BAD_URN),
        ("100001,yesterday,overall,3", plain_tables.BAD_DATE),
        ("100001,,overall,3", plain_tables.BAD_DATE),
        ("100001,2017-11-14,ungraded,3", plain_tables.NOT_GRADED),
        ("100001,2017-11-14,overall,9", plain_tables.NO_GRADE),
        ("100001,2017-11-14,overall,Not judged", plain_tables.NO_GRADE),
        ("100001,2023-11-14,quality_of_education,3", plain_tables.QUALITY_BEFORE),
    ],
)
def test_outcome_that_cannot_be_used_is_set_aside_with_the_reason(row, reason):
    table = outcomes("100009,2017-11-14,overall,2", row)
    assert table.set_aside == {reason: 1}
    assert [each.urn for each in table.outcomes] == ["100009"]


def test_outcome_given_twice_counts_once_and_two_that_differ_count_not_at_all():
    same = ["100001,2017-11-14,overall,3"] * 2
    differing = ["100002,2017-11-14,overall,3", "100002,2017-11-14,overall,2", "100002,2017-11-14,overall,2"]
    table = outcomes(*same, *differing)
    assert [each.urn for each in table.outcomes] == ["100001"]
    assert table.set_aside == {plain_tables.AGAIN: 1, plain_tables.TWICE: 3}


def test_outcomes_of_which_none_can_be_used_are_refused():
    with pytest.raises(PlainTableError) as refused:
        outcomes("100001,2017-11-14,overall,9")
    assert str(refused.value) == "the table of outcomes holds no outcome that we can use (1 rows: the grade is not 1 to 4)."
    with pytest.raises(PlainTableError, match=r"\(no rows\)"):
        outcomes()
