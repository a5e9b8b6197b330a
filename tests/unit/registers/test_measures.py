"""The catalogue of measures holds together, and agrees with the publisher's own descriptions."""

import csv
from pathlib import Path

import pytest

from convenor.registers.rules.measures import (
    MEASURES,
    Direction,
    Interval,
    Measure,
    Unit,
    measure_of_column,
    measures_for,
    measures_of_phase,
)

ALL = list(MEASURES.values())


@pytest.mark.parametrize("measure", ALL, ids=lambda m: m.key)
def test_measure_says_all_that_a_page_needs(measure: Measure) -> None:
    said = (measure.name, measure.says, measure.source, measure.columns, measure.families, measure.phases)
    assert [bool(each) for each in said] == [True] * 6
    assert measure.says.endswith(".")
    assert len(measure.key) <= 40  # the width of the table's column


@pytest.mark.parametrize("measure", [m for m in ALL if m.is_share], ids=lambda m: m.key)
def test_share_lies_between_nought_and_a_hundred(measure: Measure) -> None:
    assert (measure.least, measure.most) == (0, 100)


def test_key_is_the_key_of_its_measure() -> None:
    assert [measure.key for measure in ALL] == list(MEASURES)


def test_interval_has_both_ends_or_none() -> None:
    assert [m.key for m in ALL if bool(m.low) != bool(m.high)] == []


def test_progress_carries_the_published_interval() -> None:
    assert {m.key for m in ALL if m.interval is Interval.PUBLISHED} == {m.key for m in ALL if "progress" in m.key}


def test_absence_gets_no_interval_being_a_share_of_sessions() -> None:
    assert MEASURES["absence_overall"].interval is Interval.NONE


def test_make_up_of_a_school_is_counted_and_has_no_interval() -> None:
    assert {m.interval for m in ALL if m.direction is Direction.CONTEXT} == {Interval.NONE}


def test_make_up_of_a_school_has_no_better_way() -> None:
    assert MEASURES["fsm_ever6_percent"].direction is Direction.CONTEXT
    assert MEASURES["eal_percent"].direction is Direction.CONTEXT


def test_columns_of_the_back_test_are_all_kept() -> None:
    named = ("PTRWM_EXP", "MATPROG", "READPROG", "WRITPROG", "P8MEA", "ATT8SCR", "PERCTOT", "PPERSABS10", "PNUMFSMEVER")
    found = [measure_of_column(name) for name in named]
    assert [m.column if m else "" for m in found] == list(named)


def test_column_is_found_whatever_its_case_and_unknown_is_none() -> None:
    found = measure_of_column(" ptnotfsm6cla1a ")
    assert found is None
    same = measure_of_column("ptrwm_exp_notfsm6cla1a")
    assert same is MEASURES["ks2_rwm_expected_others"]


def test_family_takes_only_its_own_measures() -> None:
    assert [m.key for m in measures_for("absence")] == ["absence_overall", "absence_persistent"]
    assert measures_for("no such family") == ()


def test_phase_leads_to_the_measures_of_its_pupils() -> None:
    primary = {m.key for m in measures_of_phase("Primary")}
    assert ("ks2_cohort" in primary, "ks4_cohort" in primary, "pupils_on_roll" in primary) == (True, False, True)
    assert len(measures_of_phase("a phase unheard of")) == len(MEASURES)
    assert (MEASURES["ks2_cohort"].phase, MEASURES["ks4_cohort"].phase, MEASURES["eal_percent"].phase) == ("primary", "secondary", "all")


@pytest.mark.parametrize(
    ("file", "column", "unit"),
    [
        ("2018-2019/ks2_meta.csv", "TELIG", Unit.PUPILS),
        ("2018-2019/ks4_final_meta.csv", "ATT8SCR", Unit.POINTS),
        ("2022-2023/abs_meta.csv", "PERCTOT", Unit.PERCENT),
    ],
)
def test_publisher_describes_the_columns_we_take(data: Path, file: str, column: str, unit: Unit) -> None:
    with (data / "performance_tables" / file).open(encoding="utf-8-sig", newline="") as lines:
        described = {cell for row in csv.reader(lines) for cell in row}
    measure = measure_of_column(column)
    assert measure is not None
    assert (column in described, measure.unit) == (True, unit)
