"""A back-test in words: pairs of 100, whole schools, and nothing said that was not counted."""

from __future__ import annotations

from convenor.intelligence.rules.backtest_words import Bar, Cut, controls, group, left_out, older_of

AT = {"cut": 0.1, "schools": 1392, "precision": 0.4719, "recall": 0.2757, "lift": 2.7599, "lift_interval": [2.5212, 3.0437]}
ALONE = [
    {"measure": "ks4_attainment8", "n": 591, "auc": 0.87, "score_auc": 0.86},
    {"measure": "ks4_progress8", "n": 3591, "auc": 0.8649, "score_auc": 0.8615},
    {"measure": "fsm_ever6_percent", "n": 3924, "auc": 0.74, "score_auc": 0.737},
    {"measure": "absence_overall", "n": 3924, "auc": 0.7082, "score_auc": 0.7372},
]
SAID = {"n": 3924, "positives": 671, "auc": 0.7372, "auc_interval": [0.7161, 0.7577], "reference_auc": 0.7407, "singles": ALONE, "at": [AT]}


def test_group_tells_pairs_of_a_hundred_and_leaves_out_who_is_on_roll():
    found = group("Secondary", SAID)
    assert (found.name, found.n, found.positives, round(found.rate, 1), found.why) == (
        "Secondary and all-through schools", 3924, 671, 17.1, "",
    )  # fmt: skip
    assert found.bars == (
        Bar("The score", 73.7, 71.6, 75.8, "own"),
        Bar("The opaque model, a yardstick", 74.1, kind="reference"),
        Bar("Progress 8 alone, on the 3,591 with it (the score there: 86.2)", 86.5),
        Bar("Overall absence alone", 70.8),
    )


def test_cut_is_told_in_whole_schools():
    (cut,) = group("All schools", SAID).cuts
    assert cut == Cut("The highest 10%", 1392, 657, 735, "657 of 671", "2.8 times chance (2.5 to 3.0)")
    assert cut.shown["schools"] == "1,392"


def test_group_of_too_few_has_its_reason_and_one_empty_bar():
    found = group(
        "Special",
        {"n": 10, "positives": 2, "auc": None, "auc_interval": None, "singles": [], "at": [], "why": "too few: 10 schools, under 30"},
    )
    assert (found.name, found.why, found.cuts) == ("Special schools", "too few: 10 schools, under 30", ())
    assert found.bars == (Bar("The score", None, kind="own", mark="too few: 10 schools, under 30"),)


def test_group_of_nobody_has_no_rate():
    assert group("Odd", {"n": 0, "positives": 0, "auc": None, "singles": [], "at": []}).rate == 0.0


CONTROLS = {
    "older_figures": {
        "auc": 0.66,
        "auc_interval": [0.64, 0.68],
        "figures_of": {"PERCTOT": ["2018-19"], "NOR": ["2020-21"], "X": ["2016-17"]},
    },
    "by_time_of_inspection": {"September to December: few were out": {"auc": 0.7474, "auc_interval": [0.7, 0.78]}},
    "grades_by_chance": {"auc": 0.5, "interval": [0.48, 0.52]},
}


def test_controls_are_told_beside_the_score():
    found = controls(SAID | {"controls": CONTROLS})
    assert [(bar.label, bar.value) for bar in found] == [
        ("As told above", 73.7), ("With older figures", 66.0), ("Inspected September to December: few were out", 74.7),
        ("Grades dealt out by chance", 50.0),
    ]  # fmt: skip


def test_older_figures_are_told_with_their_years():
    assert older_of({"controls": CONTROLS}) == "2016-17, 2018-19 and 2020-21"
    assert older_of({"controls": {"older_figures": {"figures_of": {"PERCTOT": ["2018-19"]}}}}) == "2018-19"
    assert older_of({"controls": {"older_figures": {"why": "no older figures are at hand"}}}) == ""


def test_who_was_left_out_is_told_with_the_reason():
    assert left_out({"excluded": {"inspected again: the first grade counts": 1200}}) == [
        {"why": "Inspected again: the first grade counts", "n": "1,200"}
    ]
