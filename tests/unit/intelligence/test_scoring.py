"""The score: positions, families, what a withheld figure does and does not do, and that it can be followed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.intelligence.rules import scoring
from convenor.intelligence.rules.scoring import Figures, explain, positions, score
from convenor.intelligence.rules.weights import CURRENT, LIKE_INTAKE, STARTING_POINT, Weights
from convenor.registers.rules.measures import MEASURES, Direction

NAN = float("nan")
CODES = ["ATT", "PRG", "ABS", "PAB"]


def figures(values, phases=None, cohorts=None, counts=None):
    size = len(next(iter(values.values())))
    return Figures(
        urns=[str(100000 + number) for number in range(size)],
        phases=np.array(phases or ["Primary"] * size),
        values={key: np.array(column, dtype=float) for key, column in values.items()},
        cohorts={key: np.array(column, dtype=float) for key, column in (cohorts or {}).items()},
        counts=None if counts is None else np.array(counts),
    )


def test_weights_are_few_whole_and_make_a_hundred():
    assert [(family.code, family.maximum) for family in CURRENT.families] == [("ATT", 20), ("PRG", 50), ("ABS", 20), ("PAB", 10)]
    assert CURRENT.maximum == 100
    assert all(isinstance(family.maximum, int) and len(family.reason) > 60 for family in CURRENT.families)
    assert CURRENT.family("PRG").name == "Progress"


def test_weights_hold_no_make_up_of_a_school():
    scored = {measure for family in CURRENT.families for slot in family.slots for measure in slot}
    assert {MEASURES[measure].direction for measure in scored} == {Direction.HIGHER, Direction.LOWER}


def test_nothing_compared_by_is_of_ethnicity_or_religion_and_every_measure_is_known():
    compared = {measure for slot in (*LIKE_INTAKE, *STARTING_POINT) for measure in slot}
    assert compared == {"fsm_ever6_percent", "fsm_eligible_percent", "eal_percent", "sen_support_percent", "ks4_prior_scaled_score"}
    assert compared <= MEASURES.keys()


def test_position_counts_ties_half_and_runs_from_best_to_furthest():
    groups, counted = np.array(["a"] * 4), np.ones(4, dtype=bool)
    assert positions(np.array([1.0, 2.0, 2.0, 4.0]), groups, counted, worst_is_high=True).tolist() == [0.125, 0.5, 0.5, 0.875]
    assert positions(np.array([1.0, 2.0, 2.0, 4.0]), groups, counted, worst_is_high=False).tolist() == [0.875, 0.5, 0.5, 0.125]


def test_position_is_unknown_where_nobody_of_the_group_counts():
    found = positions(np.array([1.0, 2.0]), np.array(["a", "b"]), np.array([False, True]), worst_is_high=True)
    assert np.isnan(found[0])
    assert found[1] == 0.5


def test_score_of_absence_alone_by_hand():
    found = score(figures({"absence_overall": [4, 5, 6, 7]}))
    assert found.contributions["ABS"].tolist() == [2.5, 7.5, 12.5, 17.5]
    assert found.contributions["PAB"].tolist() == [5.0] * 4
    assert found.contributions["PRG"].tolist() == [25.0] * 4
    assert found.score.tolist() == [42.5, 47.5, 52.5, 57.5]
    assert found.maximum.tolist() == [100.0] * 4
    assert found.uncertainty.tolist() == [40.0] * 4
    assert found.basis["PRG"].tolist() == [scoring.NOT_PUBLISHED] * 4


def test_score_explains_a_school_line_by_line():
    found = score(figures({"absence_overall": [4, 5, 6, 7]}))
    told = [(family.code, share, points, basis) for family, share, points, basis in explain(found, 3)]
    assert told == [
        ("ATT", 0.5, 10.0, scoring.NOT_PUBLISHED),
        ("PRG", 0.5, 25.0, scoring.NOT_PUBLISHED),
        ("ABS", 0.875, 17.5, scoring.PUBLISHED),
        ("PAB", 0.5, 5.0, scoring.NOT_PUBLISHED),
    ]


def test_small_year_group_is_drawn_towards_the_middle():
    found = score(figures({"ks2_rwm_expected": [50, 60, 70, 80]}, cohorts={"ks2_rwm_expected": [25, 25, 75, 75]}))
    assert found.shares["ATT"].round(4).tolist() == [0.6875, 0.5625, 0.4062, 0.2188]


def test_year_group_is_taken_from_the_cohort_of_the_stage_and_middling_where_unknown():
    values = {"ks2_rwm_expected": [50, 60, 70, 80], "ks2_cohort": [25, 25, 25, NAN]}
    found = score(figures(values))
    assert found.shares["ATT"].tolist() == [0.6875, 0.5625, 0.4375, 0.3125]


def test_first_published_measure_of_a_slot_stands_for_it():
    both = {"ks2_reading_average": [100, 101, 102, 103], "ks2_reading_expected": [90, 80, 70, 60]}
    assert (
        score(figures(both)).shares["ATT"].tolist() == score(figures({"ks2_reading_average": [100, 101, 102, 103]})).shares["ATT"].tolist()
    )
    only = score(figures({"ks2_reading_expected": [90, 80, 70, 60]}))
    assert only.shares["ATT"].tolist() == [0.125, 0.375, 0.625, 0.875]


def test_measure_that_hardly_any_school_has_is_not_used():
    values = {"absence_overall": list(range(20)), "ks2_rwm_expected": [5] + [NAN] * 19}
    assert set(score(figures(values)).basis["ATT"]) == {scoring.NOT_PUBLISHED}


def test_phases_are_never_compared_with_each_other():
    found = score(figures({"absence_overall": [4, 5, 8, 9]}, phases=["Primary", "Primary", "Secondary", "Secondary"]))
    assert found.shares["ABS"].tolist() == [0.25, 0.75, 0.25, 0.75]


def test_all_through_school_is_a_primary_for_key_stage_2_and_a_secondary_for_the_rest():
    values = {
        "ks2_rwm_expected": [50, 60, 70, NAN, NAN],
        "ks4_attainment8": [NAN, NAN, 40, 45, 50],
        "absence_overall": [5, 6, 7, 8, 9],
    }
    found = score(figures(values, phases=["Primary", "Primary", "All-through", "Secondary", "Secondary"]))
    best_of_three, last_of_three = 1 / 6, 5 / 6
    assert found.shares["ATT"][2] == pytest.approx((best_of_three + last_of_three) / 2)
    assert found.shares["ABS"][2] == pytest.approx(1 / 6)


def test_measure_of_another_phase_is_passed_over():
    found = score(figures({"ks4_attainment8": [40, 41, 42]}, phases=["Primary", "Secondary", "Secondary"]))
    assert found.basis["ATT"].tolist() == [scoring.NOT_PUBLISHED, scoring.PUBLISHED, scoring.PUBLISHED]
    assert found.shares["ATT"].tolist() == [0.5, 0.75, 0.25]


def test_results_of_special_schools_are_not_scored_and_their_attendance_is():
    values = {"ks4_attainment8": [5.0, 6.0, 40.0], "ks4_progress8": [-2.0, -1.0, 0.0], "absence_overall": [9.0, 12.0, 6.0]}
    found = score(figures(values, phases=["Special", "Special", "Secondary"]))
    assert found.basis["PRG"].tolist() == [scoring.NOT_PUBLISHED, scoring.NOT_PUBLISHED, scoring.PUBLISHED]
    assert found.shares["ABS"].tolist() == [0.25, 0.75, 0.5]


def test_school_of_which_nothing_is_known_stands_in_the_middle_and_most_uncertain():
    found = score(figures({"absence_overall": [4, 5, NAN]}))
    assert found.score[2] == 50.0
    assert found.known.tolist() == [True, True, False]
    assert found.uncertainty[2] == 50.0 == found.uncertainty.max()


def test_score_of_nobody_is_empty():
    found = score(Figures([], np.array([], dtype=str), {}))
    assert found.score.tolist() == []


def test_school_that_does_not_count_is_scored_and_changes_nobody():
    values = {"absence_overall": [4, 5, 6, 7]}
    alone = score(figures({"absence_overall": [4, 5, 6]}))
    among = score(figures(values, counts=[True, True, True, False]))
    assert among.score[:3].tolist() == alone.score.tolist()
    assert among.shares["ABS"][3] == 1.0


def test_withheld_figure_takes_the_greater_of_the_middle_and_the_schools_other_positions():
    values = {"absence_overall": [4, 5, 6, 7], "absence_persistent": [10, NAN, 20, NAN]}
    found = score(figures(values))
    assert found.basis["PAB"].tolist() == [scoring.PUBLISHED, scoring.WITHHELD, scoring.PUBLISHED, scoring.WITHHELD]
    assert found.shares["PAB"].tolist() == [0.25, 0.5, 0.75, 0.875]


def test_partly_withheld_indicator_says_so():
    values = {"ks2_rwm_expected": [50, 60, 70, 80], "ks2_reading_average": [100, 101, 102, NAN]}
    assert score(figures(values)).basis["ATT"].tolist() == [scoring.PUBLISHED] * 3 + [scoring.PARTLY]


# Where no progress is published


def without_progress(size=40, **more):
    attainment = [float(40 + number) for number in range(size)]
    return {"ks2_rwm_expected": attainment, **more}


def test_attainment_stands_in_for_progress_damped_where_nothing_is_known_to_compare_by():
    found = score(figures(without_progress()))
    assert found.basis["PRG"].tolist() == [scoring.STAND_IN] * 40
    assert found.shares["PRG"] == pytest.approx(0.5 + 0.5 * (found.shares["ATT"] - 0.5))


def test_stand_in_weighs_a_school_against_schools_of_like_intake():
    poor = [40.0 if number % 2 else 5.0 for number in range(40)]
    found = score(figures(without_progress(fsm_ever6_percent=poor)))
    # Neighbours in attainment: of two alike, the school of the poorer intake has come further, and has fewer points.
    assert (found.shares["PRG"][11] - found.shares["PRG"][10]) < (found.shares["ATT"][11] - found.shares["ATT"][10]) / 2


def test_intake_by_itself_moves_no_score():
    same = {"ks2_rwm_expected": [60.0] * 40, "absence_overall": [5.0] * 40}
    poorer = figures(same | {"fsm_ever6_percent": [float(number) for number in range(40)], "ks2_reading_progress": [0.0] * 40})
    assert set(score(poorer).score.tolist()) == {50.0}


def test_known_start_of_pupils_is_used_alone_and_in_full():
    start = [float(number) for number in range(40)]
    values = {"ks4_attainment8": [30 + number / 2 for number in start], "ks4_prior_scaled_score": start, "fsm_ever6_percent": start}
    values["ks4_attainment8"][7] += 3
    found = score(figures(values, phases=["Secondary"] * 40))
    assert found.shares["PRG"].argmin() == 7
    assert found.shares["PRG"][7] < 0.05


def test_withheld_attainment_is_not_better_in_the_stand_in_than_a_middling_one():
    values = without_progress(fsm_ever6_percent=[float(40 - number) for number in range(40)])
    values["ks2_rwm_expected"][39] = NAN
    withheld = score(figures(values))
    values["ks2_rwm_expected"][39] = float(np.nanmedian(values["ks2_rwm_expected"]))
    middling = score(figures(values))
    assert withheld.basis["PRG"][39] == scoring.WITHHELD
    assert withheld.score[39] >= middling.score[39] - 1.0


def test_weights_without_progress_are_scored_too():
    fewer = Weights(2026, tuple(family for family in CURRENT.families if family.code in ("ABS", "PAB")))
    assert score(figures({"absence_overall": [4, 5]}), fewer).score.tolist() == [10.0, 20.0]


# Properties

MEASURED = ("ks2_rwm_expected", "ks2_reading_progress", "ks2_maths_progress", "absence_overall", "absence_persistent")


@st.composite
def populations(draw):
    size = draw(st.integers(12, 30))
    seed = draw(st.integers(0, 10_000))
    generator = np.random.default_rng(seed)
    values = {key: generator.integers(0, 60, size).astype(float) for key in MEASURED}
    for key in MEASURED:
        missing = generator.random(size) < 0.2
        missing[:4] = False
        values[key][missing] = NAN
    cohorts = {key: generator.integers(5, 90, size).astype(float) for key in MEASURED[:3]}
    return values, cohorts


@settings(max_examples=80, deadline=None)
@given(populations(), st.sampled_from(MEASURED), st.integers(0, 11))
def test_withholding_a_figure_is_never_better_than_a_middling_one(population, measure, who):
    values, cohorts = population
    middle = replace_one(values, measure, who, NAN)
    others = np.delete(values[measure], who)
    # A value in the very middle of the others has the position 0.5, whatever they are.
    known = np.sort(others[~np.isnan(others)])
    half = len(known) // 2
    median = float(known[half]) if len(known) % 2 else float(known[half - 1] + known[half]) / 2
    withheld = score(figures(middle, cohorts=cohorts))
    middling = score(figures(replace_one(values, measure, who, median), cohorts=cohorts))
    share = positions(
        replace_one(values, measure, who, median)[measure],
        np.array(["p"] * len(others) + ["p"]),
        np.ones(len(others) + 1, dtype=bool),
        worst_is_high=True,
    )
    if abs(share[who] - 0.5) < 1e-9:
        assert withheld.score[who] >= middling.score[who] - 1e-9


@settings(max_examples=80, deadline=None)
@given(populations(), st.sampled_from(MEASURED), st.integers(0, 11))
def test_withholding_a_figure_never_lowers_the_uncertainty(population, measure, who):
    values, cohorts = population
    before = score(figures(values, cohorts=cohorts)).uncertainty[who]
    after = score(figures(replace_one(values, measure, who, NAN), cohorts=cohorts)).uncertainty[who]
    assert after >= before - 1e-9


@settings(max_examples=60, deadline=None)
@given(populations())
def test_contributions_add_up_and_stay_within_their_maxima(population):
    values, cohorts = population
    found = score(figures(values, cohorts=cohorts))
    assert sum(found.contributions[code] for code in CODES) == pytest.approx(found.score)
    for code in CODES:
        assert (found.contributions[code] >= 0).all()
        assert (found.contributions[code] <= found.maxima[code] + 1e-9).all()
    assert (found.uncertainty >= 0).all()


@settings(max_examples=40, deadline=None)
@given(populations(), st.integers(0, 11))
def test_worse_absence_never_lowers_a_score(population, who):
    values, cohorts = population
    before = score(figures(values, cohorts=cohorts)).score[who]
    if np.isnan(values["absence_overall"][who]):
        return
    after = score(figures(replace_one(values, "absence_overall", who, 100.0), cohorts=cohorts)).score[who]
    assert after >= before - 1e-9


def replace_one(values, measure, who, value):
    changed = {key: column.copy() for key, column in values.items()}
    changed[measure][who] = value
    return changed


def test_weights_can_be_varied_without_touching_those_in_force():
    other = replace(CURRENT, middling_pupils=0)
    found = score(figures({"ks2_rwm_expected": [50, 60]}, cohorts={"ks2_rwm_expected": [5, 5]}), other)
    assert found.shares["ATT"].tolist() == [0.75, 0.25]
    assert CURRENT.middling_pupils == 25
