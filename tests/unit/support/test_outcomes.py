"""Outcomes as data: each is a measure of the registers, its runs follow one another, and each break has its words."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from convenor.england.school_years import SchoolYear
from convenor.registers.rules.measures import MEASURES, Direction
from convenor.support.rules.outcomes import OUTCOMES, never_measured, outcome_called, outcomes_for


def test_every_outcome_is_a_measure_with_a_better_way() -> None:
    assert [key for key in OUTCOMES if MEASURES[key].direction is Direction.CONTEXT] == []
    assert {each.key for each in OUTCOMES.values()} == set(OUTCOMES)


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_runs_follow_one_another_and_only_the_last_is_open(outcome) -> None:  # type: ignore[no-untyped-def]
    runs = outcome.runs
    assert [run.until for run in runs[:-1] if run.until is None] == []
    assert [(one, other) for one, other in pairwise(runs) if not one.until < other.since] == []
    assert [run for run in runs if not run.broken_by] == []
    assert (runs[-1].until is None) or outcome.ends_because, "where the last run ends, it is said why"


@pytest.mark.parametrize(
    ("key", "year", "words"),
    [
        ("ks2_rwm_expected", 2016, ""),
        ("ks2_rwm_expected", 2019, "no results were published for 2019-20 and 2020-21: tests and examinations were cancelled"),
        ("ks2_rwm_expected", 2020, ""),
        ("ks2_rwm_expected", 2021, "no results were published for 2019-20 and 2020-21: tests and examinations were cancelled"),
        ("ks2_rwm_expected", 2015, "the measure begins in 2015-16: before, something else was measured"),
        ("ks4_progress8", 2024, "there is no Progress 8 for 2024-25 and 2025-26: those pupils took no tests at the age of eleven"),
        (
            "ks2_maths_progress", 2023,
            "there is no primary progress for 2023-24 and 2024-25: those pupils were not assessed at the age of seven",
        ),
        ("ks2_maths_progress", 2027, "from 2027-28 primary progress is counted from another beginning, the first weeks of reception"),
        ("ks4_attainment8", 2016, "grades 9 to 1 replaced letters in English and maths in 2016-17, and the points changed"),
        ("absence_overall", 2024, "attendance has been recorded under other codes since August 2024"),
    ],
)  # fmt: skip
def test_a_break_stands_between_two_meanings(key: str, year: int, words: str) -> None:
    assert OUTCOMES[key].break_before(SchoolYear(year)) == words


def test_figures_come_out_after_the_year() -> None:
    year = SchoolYear(2017)
    assert OUTCOMES["ks2_rwm_expected"].published_on(year) == date(2018, 12, 15)
    assert OUTCOMES["ks4_progress8"].published_on(year) == date(2019, 1, 31)
    assert OUTCOMES["absence_overall"].published_on(year) == date(2019, 3, 31)
    assert OUTCOMES["ks2_rwm_expected"].settled_on(year) == date(2018, 5, 15)


@pytest.mark.parametrize("text", ["ks2_rwm_expected", "PTRWM_EXP", " ptrwm_exp ", "KS2_RWM_EXPECTED"])
def test_an_outcome_has_the_publishers_name_too(text: str) -> None:
    assert outcome_called(text) is OUTCOMES["ks2_rwm_expected"]


@pytest.mark.parametrize("text", ["", "PNUMEAL", "happiness"])
def test_what_is_no_outcome_is_none(text: str) -> None:
    assert outcome_called(text) is None


@pytest.mark.parametrize(("text", "never"), [("Overall effectiveness", True), ("report-card", True), ("ks4_progress8", False)])
def test_inspections_are_never_measured(text: str, never: bool) -> None:
    assert bool(never_measured(text)) is never


def test_a_phase_has_its_own_outcomes() -> None:
    primary = {each.key for each in outcomes_for("Primary")}
    assert [key for key in primary if key.startswith("ks4")] == []
    assert "absence_overall" in primary
    assert outcomes_for("Nursery") == ()


def test_how_far_pupils_spread_is_known_or_not_counted() -> None:
    kinds = {key: OUTCOMES[key] for key in ("ks2_rwm_expected", "ks4_progress8", "absence_overall")}
    assert {key: (each.spread, each.counts_pupils) for key, each in kinds.items()} == {
        "ks2_rwm_expected": (None, True), "ks4_progress8": (1.27, True), "absence_overall": (None, False),
    }  # fmt: skip
    assert (kinds["absence_overall"].better, kinds["ks4_progress8"].better) == (-1, 1)
    assert (kinds["ks4_progress8"].name, kinds["ks4_progress8"].unit) == ("Progress 8", "grades")
