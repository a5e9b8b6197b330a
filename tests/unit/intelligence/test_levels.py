"""Intervals, bounds, pooling and trends over columns of schools."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.levels import (
    normal_many,
    similar_bound,
    similar_mean,
    weighted_mean,
    wilson_many,
    worst_bound,
)
from convenor.intelligence.rules.pooling import Year, pool
from convenor.intelligence.rules.ranks import raw_ranks, similar_ranks
from convenor.intelligence.rules.trends import drift
from convenor.registers.rules.intervals import wilson

NAN = math.nan


def year(value: float, cohort: float, against: float = 60.0) -> Year:
    return Year(np.array([value]), np.array([cohort]), np.array([against]))


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(1, 3000)), min_size=1, max_size=8))
def test_columns_have_the_same_intervals_as_single_shares(pairs: list[tuple[float, int]]) -> None:
    low, high = wilson_many(np.array([share for share, _ in pairs]), np.array([float(n) for _, n in pairs]))
    assert [(pytest.approx(a), pytest.approx(b)) for a, b in zip(low, high, strict=True)] == [wilson(share, n) for share, n in pairs]


@pytest.mark.parametrize(("share", "cohort"), [(101.0, 30.0), (-1.0, 30.0), (50.0, 0.0), (NAN, 30.0), (50.0, NAN)])
def test_impossible_or_unknown_share_has_no_interval(share: float, cohort: float) -> None:
    low, high = wilson_many(np.array([share]), np.array([cohort]))
    assert (math.isnan(low[0]), math.isnan(high[0])) == (True, True)


def test_interval_of_a_mean_narrows_with_pupils() -> None:
    low, high = normal_many(np.array([50.0, 50.0, 50.0]), np.array([25.0, 100.0, 0.0]), 25.0)
    assert np.round(high - low, 1).tolist()[:2] == [19.6, 9.8]
    assert math.isnan(low[2])


def test_mean_of_similar_schools_weighs_by_pupils() -> None:
    values, pupils = np.array([40.0, 60.0, NAN, 0.0]), np.array([10.0, 30.0, 50.0, NAN])
    mean, number = similar_mean(values, pupils, np.array([[0, 1, 2], [0, 1, -1], [2, -1, -1]], dtype=np.int32), 1)
    assert (mean[:2].tolist(), number.tolist()) == ([55.0, 55.0], [2, 2, 0])
    assert math.isnan(mean[2])


def test_mean_of_too_few_similar_schools_is_not_told() -> None:
    mean, _ = similar_mean(np.array([40.0, 60.0]), np.array([NAN, NAN]), np.array([[0, 1]], dtype=np.int32), 3)
    assert math.isnan(mean[0])


def test_mean_of_schools_without_cohorts_is_plain() -> None:
    mean, _ = similar_mean(np.array([40.0, 60.0]), np.array([NAN, NAN]), np.array([[0, 1]], dtype=np.int32), 2)
    assert mean[0] == 50.0


def test_bound_is_the_school_at_its_place() -> None:
    values = np.arange(1.0, 51.0)
    bound, number = similar_bound(values, np.array([list(range(50)), [0, 1, 2, 3, 4, *[-1] * 45]], dtype=np.int32), 0.2, 5)
    assert (bound.tolist(), number.tolist(), worst_bound(values, 0.2)) == ([40.0, 4.0], [50, 5], 40.0)


def test_bound_of_nobody_is_not_told() -> None:
    bound, _ = similar_bound(np.array([NAN]), np.array([[0, -1]], dtype=np.int32), 0.2, 1)
    assert (math.isnan(bound[0]), math.isnan(worst_bound(np.array([NAN]), 0.2))) == (True, True)


def test_weighted_mean_takes_schools_without_a_cohort_as_middling() -> None:
    assert weighted_mean(np.array([40.0, 60.0, 50.0]), np.array([10.0, 30.0, NAN])) == pytest.approx((400 + 1800 + 1000) / 60)
    assert weighted_mean(np.array([40.0, 60.0]), np.array([NAN, NAN])) == 50.0
    assert math.isnan(weighted_mean(np.array([NAN]), np.array([NAN])))


@pytest.mark.parametrize(
    ("years", "value", "cohort", "bits"),
    [
        ([year(50, 40), year(40, 30)], 50.0, 40.0, 1),  # large: the newest year alone
        ([year(50, 20), year(40, 30)], 44.0, 50.0, 3),  # small: numerators and cohorts are summed
        ([year(50, 8), year(40, 9)], 44.71, 17.0, 3),
        ([year(50, 8), year(NAN, 9), year(25, 8)], 37.5, 16.0, 5),  # a year in the middle is missing
        ([year(50, 20), year(40, 30, NAN)], 50.0, 20.0, 1),  # a year without national figures is refused
        ([year(50, 20), year(40, NAN)], 50.0, 20.0, 1),
    ],
)
def test_small_cohorts_are_pooled(years: list[Year], value: float, cohort: float, bits: int) -> None:
    found = pool(years)
    assert (round(float(found.value[0]), 2), float(found.cohort[0]), int(found.years[0])) == (value, cohort, bits)
    assert (bool(found.hidden[0]), bool(found.alone[0])) == (False, False)


def test_fewer_than_six_pupils_are_never_shown() -> None:
    found = pool([year(50, 5), year(40, 60)])
    assert (math.isnan(found.value[0]), bool(found.hidden[0]), bool(found.alone[0])) == (True, True, False)


def test_six_to_ten_pupils_alone_are_not_shown() -> None:
    found = pool([year(50, 8), year(40, NAN)])
    assert (math.isnan(found.value[0]), bool(found.hidden[0]), bool(found.alone[0])) == (True, False, True)


def test_withheld_newest_year_is_not_replaced_by_an_old_one() -> None:
    found = pool([year(NAN, 8), year(40, 60)])
    assert (math.isnan(found.value[0]), int(found.years[0]), bool(found.alone[0])) == (True, 0, False)


def test_comparator_is_pooled_over_the_same_years() -> None:
    found = pool([year(50, 10, 70), year(50, 20, 40)])
    assert float(found.against[0]) == 50.0


def test_figure_without_a_cohort_stands_alone() -> None:
    found = pool([year(50, NAN), year(40, 60)])
    assert (float(found.value[0]), math.isnan(found.cohort[0]), int(found.years[0])) == (50.0, True, 1)


@given(st.floats(0, 100), st.integers(1, 29), st.floats(0, 100), st.integers(1, 29))
def test_pooled_share_lies_between_its_years(one: float, n: int, other: float, m: int) -> None:
    found = pool([year(one, n), year(other, m)])
    if not math.isnan(found.value[0]):
        assert min(one, other) - 1e-9 <= found.value[0] <= max(one, other) + 1e-9


def three(*values: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array([values[0]]), np.array([values[1]]), np.array([values[2]])


def test_drift_holds_each_year_against_england() -> None:
    found = drift(three(70, 65, 60), three(200, 200, 200), (60.0, 55.0, 50.0), spread=None)
    assert (float(found.change[0]), bool(found.twice[0])) == (0.0, False)


def test_drift_beyond_chance_needs_pupils() -> None:
    large = drift(three(70, 62, 54), three(200, 200, 200), (60.0, 60.0, 60.0), spread=None)
    small = drift(three(70, 62, 54), three(20, 20, 20), (60.0, 60.0, 60.0), spread=None)
    assert (bool(large.twice[0]), large.high[0] < 0, small.high[0] < 0) == (True, True, False)


def test_drift_of_a_mean_uses_the_stated_spread() -> None:
    found = drift(three(50, 48, 40), three(100, 100, 100), (46.0, 46.0, 46.0), spread=25.0)
    assert round(float(found.high[0] - found.change[0]), 2) == round(1.959963984540054 * 25 * math.sqrt(0.02), 2)


def test_drift_is_untold_where_a_year_is_missing() -> None:
    found = drift(three(50, NAN, 40), three(100, 100, 100), (46.0, 46.0, 46.0), spread=25.0)
    assert (math.isnan(found.change[0]), bool(found.twice[0])) == (True, False)


def test_ranks_count_only_englands_schools() -> None:
    score = np.array([80.0, 60.0, 60.0, 70.0, 90.0])
    phases = np.array(["Primary", "Primary", "Primary", "Primary", "Secondary"])
    counts, known = np.array([True, True, True, False, True]), np.array([True, True, True, True, False])
    assert raw_ranks(score, phases, counts, known).tolist() == [1, 2, 2, 2, 0]


def test_rank_among_similar_schools_counts_the_school_itself() -> None:
    similar = np.array([[1, 2], [0, 2], [-1, -1]], dtype=np.int32)
    assert similar_ranks(np.array([50.0, 70.0, 60.0]), similar, np.array([True, True, True])).tolist() == [3, 1, 0]
