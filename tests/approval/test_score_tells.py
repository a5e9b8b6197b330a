"""What the score must reach on the published files of 2022-23 and the inspections of the year after."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convenor.england.phases import read_phase
from convenor.intelligence.rules.backtest_results import part, result
from convenor.intelligence.rules.backtesting import Judged, judged
from convenor.intelligence.rules.discrimination import permuted
from convenor.intelligence.rules.plain_tables import read_features, read_outcomes

pytestmark = [pytest.mark.shared, pytest.mark.slow]

COLUMNS = ("PERCTOT", "PPERSABS10", "NOR", "PNUMFSMEVER", "PNUMEAL", "PSENELK", "PSENELSE", "ATT8SCR", "P8MEA")
FILES = ("england_abs.csv", "england_census.csv", "england_filtered_ks4_abs_census_info.csv")
BLOCKS = (
    ("URN at time of latest graded inspection", "Inspection start date", "Overall effectiveness"),
    ("URN at time of previous graded inspection", "Previous inspection start date", "Previous graded inspection overall effectiveness"),
)


def figures(folder: Path) -> Iterator[str]:
    """The three files of 2022-23 as a plain table, each figure from the first file that has it."""
    yield "urn,period,indicator,value,cohort,mark"
    seen: set[tuple[str, str]] = set()
    for name in FILES:
        with (folder / "performance_tables" / "2022-2023" / name).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                for column in COLUMNS:
                    if column in row and (row["URN"], column) not in seen:
                        seen.add((row["URN"], column))
                        yield f"{row['URN']},2022-23,{column},{row[column]},,"


def number(value: Any) -> str:
    """A URN or a grade of the list, whose whole numbers became floats."""
    return str(value or "").removesuffix(".0")


@pytest.fixture(scope="module")
def rows(shared: Path) -> Judged:
    """Scored and inspected schools, phases as Ofsted's list gives them."""
    import pyarrow.parquet as pq

    listed = pq.read_table(shared / "ofsted" / "ofsted_mi_latest_inspections_2025-08-31.parquet").to_pylist()
    phases: dict[str, str] = {}
    graded = ["urn,inspected_on,kind,grade"]
    for row in listed:
        for urn, day, grade in BLOCKS:
            if row[urn]:
                phases.setdefault(number(row[urn]), read_phase(str(row["Ofsted phase"])))
            if row[urn] and str(row[day] or "")[3:] and "2023-09-01" <= "-".join(reversed(str(row[day]).split("/"))) <= "2024-08-31":
                graded.append(f"{number(row[urn])},{row[day]},overall,{number(row[grade])}")
        if row["URN"]:
            phases[number(row["URN"])] = read_phase(str(row["Ofsted phase"]))
    return judged(read_features(figures(shared)), read_outcomes(graded), phases=phases, before={})


@pytest.fixture(scope="module")
def said(rows: Judged) -> dict[str, Any]:
    return result(rows, features="2022-23", outcomes="2023-24")


def test_all_schools_with_figures_are_used(said: dict[str, Any]) -> None:
    assert (said["n"], said["positives"]) == (3919, 671)
    assert {phase: each["n"] for phase, each in said["phases"].items()} == {"Primary": 3077, "Secondary": 687, "Special": 155}


def test_score_comes_near_the_reference_overall_and_in_both_phases(said: dict[str, Any]) -> None:
    assert [each["ratio"] >= 0.97 for each in (said, said["phases"]["Primary"], said["phases"]["Secondary"])] == [True] * 3


def test_score_beats_absence_alone(said: dict[str, Any]) -> None:
    assert said["auc"] > 0.71
    assert said["phases"]["Secondary"]["auc"] > 0.81


def test_score_is_not_worse_than_progress_8_alone_in_secondaries(said: dict[str, Any]) -> None:
    (progress,) = [each for each in said["phases"]["Secondary"]["singles"] if each["indicator"] == "P8MEA"]
    assert (progress["n"], round(progress["auc"], 3)) == (591, 0.865)
    assert progress["difference_interval"][0] > -0.02


def test_top_tenth_holds_two_and_a_half_times_what_chance_finds(said: dict[str, Any]) -> None:
    assert said["at"][1]["lift"] >= 2.5


def test_phase_of_some_schools_can_be_told_by_itself(rows: Judged) -> None:
    assert (
        part(rows, rows.phases == "Special", None)["auc_interval"][0] < 0.5 < part(rows, rows.phases == "Primary", None)["auc_interval"][0]
    )


def test_grades_by_chance_tell_nothing(rows: Judged) -> None:
    assert permuted(rows.weak, rows.scores)[0] == pytest.approx(0.5, abs=0.005)
    assert np.isfinite(rows.scores).all()
