"""The back-test: what is joined to what, what is left out and counted, and the shape of what it says."""

from __future__ import annotations

import numpy as np
import pytest

from convenor.intelligence.rules import backtesting, plain_tables
from convenor.intelligence.rules.backtest_results import controls, result
from convenor.intelligence.rules.backtesting import BacktestError, conversions, figures_before, judged, phases_back
from convenor.intelligence.rules.plain_tables import read_features, read_outcomes

HEAD = "urn,period,indicator,value,cohort,mark"
KEYS = ["n", "positives", "base_rate", "auc", "auc_interval", "at", "reference_auc", "ratio", "best_single", "singles"]


def features(*rows):
    return read_features([HEAD, *rows], "figures.csv")


def outcomes(*rows):
    return read_outcomes(["urn,inspected_on,kind,grade", *rows], "outcomes.csv")


def run(figures, graded, **more):
    return judged(figures, graded, **({"phases": {}, "before": {}} | more))


ABSENCE = [f"10000{n},2016-17,PERCTOT,{n + 3},," for n in range(6)]


def test_school_is_scored_on_what_was_known_before_the_year_of_its_inspection():
    later = ["100000,2017-18,PERCTOT,99,,", "100000,2018-19,PERCTOT,99,,"]
    rows = run(features(*ABSENCE, *later), outcomes("100000,2017-09-01,overall,2", "100005,2018-08-31,overall,4"))
    assert rows.urns == ["100000", "100005"]
    assert rows.values["absence_overall"].tolist() == [3.0, 8.0]
    assert rows.weak.tolist() == [False, True]
    assert rows.scores[0] < rows.scores[1]
    assert rows.years == {"absence_overall": ["2016-17"]}


def test_latest_figure_of_each_kind_wins_even_where_it_is_withheld():
    older = ["100000,2015-16,PERCTOT,7,,", "100000,2015-16,PTRWM_EXP,60,30,", "100001,2015-16,PERCTOT,8,,"]
    table = features("100000,2016-17,PERCTOT,5,,", "100001,2016-17,PERCTOT,,,SUPP", *older)
    found, years = figures_before(table, 2017, phases={})
    assert found.urns == ["100000", "100001"]
    assert found.values["ks2_rwm_expected"][0] == 60.0
    assert found.values["absence_overall"][0] == 5.0
    assert np.isnan(found.values["absence_overall"][1])
    assert years == {"absence_overall": {2015, 2016}, "ks2_rwm_expected": {2015}}


def test_phase_comes_from_the_register_or_else_from_what_a_school_publishes():
    table = features(
        "100001,2016-17,PTRWM_EXP,60,,", "100002,2016-17,ATT8SCR,,,SUPP", "100003,2016-17,PTRWM_EXP,60,,", "100003,2016-17,ATT8SCR,45,,",
        "100004,2016-17,PERCTOT,5,,", "100005,2016-17,PTRWM_EXP,60,,", "100006,2016-17,PERCTOT,9,,", "100006,2016-17,PSENELSE,98,,",
        "100007,2016-17,ATT8SCR,6.1,,", "100008,2016-17,PTRWM_EXP,0%,8,",
    )  # fmt: skip
    found, _ = figures_before(table, 2017, phases={"100005": "Special"})
    assert dict(zip(found.urns, found.phases.tolist(), strict=True)) == {
        "100001": "Primary", "100002": "Secondary", "100003": "All-through", "100004": "", "100005": "Special", "100006": "Special",
        "100007": "Special", "100008": "Special",
    }  # fmt: skip


def test_schools_left_out_are_counted_by_reason():
    figures = features(*ABSENCE, "100007,2016-17,PNUMFSMEVER,12,,", "100008,2018-19,PERCTOT,4,,")
    graded = outcomes(
        "100000,2017-10-01,overall,2", "100000,2018-03-01,overall,3", "100007,2017-10-01,overall,3", "100008,2017-10-01,overall,3",
        "100009,2017-10-01,overall,3", "100001,2017-10-01,monitoring,3", "100002,2017-10-01,overall,9",
    )  # fmt: skip
    rows = run(figures, graded)
    assert rows.urns == ["100000"]
    assert rows.excluded == {
        backtesting.SECOND: 1,
        backtesting.NOT_SCORED: 1,
        backtesting.TOO_LATE: 1,
        backtesting.NO_FIGURES: 1,
        plain_tables.NOT_GRADED: 1,
        plain_tables.NO_GRADE: 1,
        backtesting.NOT_INSPECTED: 6,
    }


def test_first_graded_inspection_counts_and_of_one_day_the_overall_grade():
    graded = outcomes(
        "100000,2024-10-01,quality_of_education,3",
        "100000,2024-10-01,overall,2",
        "100001,2024-12-01,overall,4",
        "100001,2024-11-01,overall,2",
    )
    figures = features("100000,2022-23,PERCTOT,5,,", "100001,2022-23,PERCTOT,6,,")
    rows = run(figures, graded)
    assert rows.weak.tolist() == [False, False]
    assert rows.excluded == {backtesting.SECOND: 1}


def test_converted_school_is_joined_to_the_figures_of_the_school_it_had_been():
    graded = outcomes("140000,2017-10-01,overall,3", "100001,2017-10-01,overall,2")
    rows = run(features(*ABSENCE), graded, before={"140000": ("139999", "100005")})
    assert rows.urns == ["100001", "140000"]
    assert rows.values["absence_overall"].tolist() == [4.0, 8.0]
    assert rows.joined == 1


def test_schools_that_are_not_state_funded_change_nobodys_position():
    graded = outcomes("100000,2017-10-01,overall,3")
    alone = run(features(*ABSENCE[:3]), graded)
    among = run(features(*ABSENCE), graded, not_counted=frozenset({"100003", "100004", "100005"}))
    assert among.scores.tolist() == alone.scores.tolist()


def test_inspections_of_several_years_each_use_what_was_known_then():
    older = [f"10000{n},2014-15,PERCTOT,{9 - n},," for n in range(6)]
    rows = run(features(*ABSENCE, *older), outcomes("100000,2015-10-01,overall,3", "100001,2017-10-01,overall,2"))
    assert rows.values["absence_overall"].tolist() == [9.0, 4.0]


def test_figures_a_year_older_may_be_asked_for():
    older = [f"10000{n},2015-16,PERCTOT,{9 - n},," for n in range(6)]
    rows = run(features(*ABSENCE, *older), outcomes("100000,2017-10-01,overall,3"), lag_years=1)
    assert rows.values["absence_overall"].tolist() == [9.0]


def test_nothing_to_test_is_refused_with_what_was_given():
    with pytest.raises(BacktestError) as refused:
        run(features("100000,2017-18,PERCTOT,5,,"), outcomes("100000,2017-10-01,overall,3"))
    assert str(refused.value) == (
        "No school has both a figure from before its inspection's school year and a grade: the figures are of 2017-18, the inspections of "
        "2017-18. Give figures of an earlier school year, of the same schools."
    )


def test_conversions_follow_chains_and_stop_at_mergers_splits_and_circles():
    pairs = [("1", "2"), ("2", "3"), ("a", "m"), ("b", "m"), ("s", "x"), ("s", "y"), ("p", "q"), ("q", "p"), ("z", "z")]
    assert conversions(pairs) == {"2": ("1",), "3": ("2", "1"), "q": ("p",), "p": ("q",)}


def test_school_that_the_register_does_not_know_has_the_phase_of_what_it_became():
    pairs = [("1", "2"), ("2", "3"), ("a", "m"), ("a", "n"), ("x", "y"), ("3", "1")]
    phases = {"3": "Primary", "m": "Primary", "n": "Secondary"}
    assert phases_back(phases, pairs) == phases | {"2": "Primary", "1": "Primary"}


# What it says


def many(schools=300, seed=4):
    """A small England in which absence tells something, with a Progress 8 for half of the secondaries and a few special schools."""
    generator = np.random.default_rng(seed)
    rows, graded = [], []
    for number in range(schools):
        urn = 100000 + number
        weak = number % 4 == 0
        rows.append(f"{urn},2016-17,PERCTOT,{5 + generator.normal() + weak:.2f},,")
        rows.append(f"{urn},2015-16,PERCTOT,{5 + generator.normal() + weak / 2:.2f},,")
        rows.append(f"{urn},2016-17,PNUMFSMEVER,{20 + 5 * generator.normal():.1f},,")
        if number < 100:
            rows.append(f"{urn},2016-17,P8MEA,{generator.normal() - weak:.2f},150,")
        month = ("2017-10-01", "2018-02-01", "2018-05-01")[number % 3]
        graded.append(f"{urn},{month},overall,{3 if weak else 2}")
    phases = {str(100000 + number): "Secondary" if number < 100 else "Primary" if number < 290 else "Special" for number in range(schools)}
    return features(*rows), outcomes(*graded), phases


@pytest.fixture(scope="module")
def told():
    """What is said of the small England, and what was said while it was worked out."""
    figures, graded, phases = many()
    heard = []
    return result(run(figures, graded, phases=phases), features="2016-17", outcomes="2017-18", say=heard.append), heard


def test_result_has_the_fixed_shape(told):
    said, heard = told
    assert list(said) == ["features", "outcomes", *KEYS, "reference", "excluded", "joined_through_links", "figures_of", "weights", "phases"]
    assert (said["features"], said["outcomes"], said["n"], said["positives"], said["base_rate"]) == ("2016-17", "2017-18", 300, 75, 0.25)
    assert said["auc_interval"][0] < said["auc"] < said["auc_interval"][1]
    assert said["best_single"]["indicator"] == "PERCTOT"
    assert said["best_single"]["n"] == 300
    assert list(said["at"][1]) == ["cut", "schools", "precision", "recall", "lift", "lift_interval"]
    assert said["ratio"] == pytest.approx(said["auc"] / said["reference_auc"], abs=1e-3)
    assert list(said["phases"]) == ["Primary", "Secondary", "Special"]
    assert said["weights"] == {"year": 2026, "ATT": 20, "PRG": 50, "ABS": 20, "PAB": 10}
    assert heard[0] == "the reference model"


def test_phase_with_too_few_schools_shows_counts_and_the_reason(told):
    said = told[0]["phases"]["Special"]
    assert (said["n"], said["auc"], said["reference_auc"], said["ratio"], said["best_single"], said["at"]) == (
        10,
        None,
        None,
        None,
        None,
        [],
    )
    assert said["why"] == "too few: 10 schools, under 30"


def test_single_figures_are_held_against_the_score_on_the_schools_that_have_them(told):
    by_name = {each["indicator"]: each for each in told[0]["phases"]["Secondary"]["singles"]}
    assert by_name["P8MEA"]["n"] == 100
    assert by_name["P8MEA"]["auc"] > 0.6
    low, high = by_name["P8MEA"]["difference_interval"]
    assert low < by_name["P8MEA"]["difference"] < high
    assert by_name["P8MEA"]["difference"] == pytest.approx(by_name["P8MEA"]["score_auc"] - by_name["P8MEA"]["auc"], abs=2e-4)
    assert "difference" not in by_name["PNUMFSMEVER"]


def test_schools_of_unknown_phase_are_shown_as_such():
    figures = features(*(f"10{n:04d},2016-17,PERCTOT,{n % 17},," for n in range(60)))
    graded = outcomes(*(f"10{n:04d},2017-10-01,overall,{3 if n % 3 == 0 else 2}" for n in range(60)))
    assert list(result(run(figures, graded), features="a", outcomes="b")["phases"]) == ["unknown"]


def test_controls_show_older_figures_times_of_year_and_chance():
    figures, graded, phases = many()
    rows = run(figures, graded, phases=phases)
    said = controls(rows, run(figures, graded, phases=phases, lag_years=1))
    assert said["older_figures"]["figures_of"] == {"PERCTOT": ["2015-16"]}
    assert said["older_figures"]["n"] == 300
    assert [(words[:3], each["n"]) for words, each in said["by_time_of_inspection"].items()] == [("Sep", 100), ("Jan", 100), ("Apr", 100)]
    assert said["grades_by_chance"]["auc"] == pytest.approx(0.5, abs=0.02)


def test_controls_say_what_cannot_be_shown():
    graded = outcomes("100000,2017-10-01,overall,3", "100001,2017-10-01,overall,2")
    said = controls(run(features(*ABSENCE), graded), None)
    assert said["older_figures"] == {"why": "no older figures are at hand"}
    assert said["grades_by_chance"] == {"why": "too few: 2 schools, under 30"}
    (words,) = said["by_time_of_inspection"]
    assert said["by_time_of_inspection"][words]["why"] == "too few: 2 schools, under 30"
