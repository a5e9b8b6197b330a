"""AUC, precision, recall and lift against plain counting, and what chance does to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.intelligence.rules.discrimination import auc, difference, discrimination, permuted, too_few
from convenor.intelligence.rules.reference import reference_scores


def by_pairs(weak, scores):
    """The same by looking at every pair."""
    wins = [(a > b) + (a == b) / 2 for a, w in zip(scores, weak, strict=True) if w for b, v in zip(scores, weak, strict=True) if not v]
    return sum(wins) / len(wins)


def made(n=400, strength=1.0, seed=1):
    generator = np.random.default_rng(seed)
    weak = np.arange(n) % 5 == 0
    return weak, generator.normal(size=n) + strength * weak


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    weak, scores = np.array([each[0] for each in rows]), np.array([float(each[1]) for each in rows])
    if weak.all() or not weak.any():
        with pytest.raises(ValueError, match="both kinds"):
            auc(weak, scores)
    else:
        assert auc(weak, scores) == pytest.approx(by_pairs(weak, scores))


def test_perfect_score_finds_all_first():
    weak = np.arange(100) < 20
    found = discrimination(weak, -np.arange(100.0))
    assert (found.n, found.positives, found.base_rate, found.auc, found.auc_interval) == (100, 20, 0.2, 1.0, (1.0, 1.0))
    assert [(at.cut, at.schools, at.precision, at.recall, at.lift) for at in found.at] == [
        (0.05, 5, 1.0, 0.25, 5.0), (0.1, 10, 1.0, 0.5, 5.0), (0.2, 20, 1.0, 1.0, 5.0),
        (0.3, 30, pytest.approx(2 / 3), 1.0, pytest.approx(10 / 3)),
    ]  # fmt: skip


def test_score_that_says_the_same_of_all_finds_what_chance_finds():
    found = discrimination(np.arange(100) % 5 == 0, np.zeros(100))
    assert found.auc == 0.5
    assert [at.lift for at in found.at] == pytest.approx([1.0] * 4)


def test_intervals_hold_the_figure_and_come_again():
    weak, scores = made()
    found = discrimination(weak, scores)
    assert found == discrimination(weak, scores)
    assert found.auc_interval[0] < found.auc < found.auc_interval[1]
    assert all(at.lift_interval[0] <= at.lift <= at.lift_interval[1] for at in found.at)
    assert found.auc == pytest.approx(by_pairs(weak, scores))


def test_interval_is_about_as_wide_as_theory_says():
    weak, scores = made(n=2000)
    low, high = discrimination(weak, scores).auc_interval
    # Hanley and McNeil for an AUC of .76 with 400 and 1,600: a standard error of about .0135.
    assert 0.045 < high - low < 0.062


@pytest.mark.parametrize(
    ("schools", "weak", "why"),
    [
        (29, 12, "too few: 29 schools, under 30"),
        (40, 9, "too few: 9 of 40 schools were found weak; 10 on either side are needed"),
        (40, 31, "too few: 31 of 40 schools were found weak; 10 on either side are needed"),
        (40, 10, ""),
    ],
)
def test_too_few_schools_get_no_auc_and_the_reason(schools, weak, why):
    flags = np.arange(schools) < weak
    found = discrimination(flags, np.arange(float(schools)))
    assert too_few(flags) == why == found.why
    assert (found.auc is None) == bool(why)


def test_nobody_has_no_base_rate():
    assert discrimination(np.zeros(0, dtype=bool), np.zeros(0)).base_rate is None


def test_difference_of_a_score_from_itself_is_nothing():
    weak, scores = made()
    assert difference(weak, scores, scores) == (0.0, (0.0, 0.0))


def test_difference_of_a_good_score_from_noise_is_beyond_chance():
    weak, scores = made()
    apart, (low, high) = difference(weak, scores, np.random.default_rng(5).normal(size=400))
    assert 0 < low < apart < high


def test_grades_dealt_out_by_chance_give_a_half():
    weak, scores = made()
    mean, (low, high) = permuted(weak, scores)
    assert mean == pytest.approx(0.5, abs=0.01)
    assert low < 0.5 < high


# The yardstick


def test_reference_learns_what_is_there_and_nothing_from_noise():
    weak, scores = made(n=600, strength=2.0)
    noise = np.random.default_rng(3).normal(size=(600, 1))
    told = reference_scores(np.column_stack([scores, noise]), weak)
    assert auc(weak, told) > 0.85
    assert auc(weak, reference_scores(noise, weak)) == pytest.approx(0.5, abs=0.1)


def test_reference_takes_missing_and_empty_columns():
    weak, scores = made(n=200, strength=2.0)
    holes = np.where(np.arange(200) % 3 == 0, np.nan, scores)
    rare = np.where(np.arange(200) < 21, np.arange(200) // 20.0, np.nan)
    told = reference_scores(np.column_stack([holes, np.full(200, np.nan), np.ones(200), rare]), weak)
    assert auc(weak, told) > 0.7


def test_reference_has_nothing_to_say_of_few_schools_or_of_nothing():
    assert reference_scores(np.ones((20, 1)), np.arange(20) < 10) is None
    assert reference_scores(np.ones((60, 1)), np.arange(60) < 20) is None
