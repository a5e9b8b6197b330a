"""Kendall's W and what chance does, held against counting and against other people's tables."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.conditions.rules.concordance import DRAWS, POINTS, by_chance, kendall_w, p_value, point_95_percent
from convenor.conditions.rules.diamonds import all_diamonds, boards
from tests.unit.conditions.rooms import RANK, at_random, diamonds, several, some_examples

#: 95 % points that others found with 40,000 draws, to two decimals.
TOLD = {2: 0.79, 3: 0.58, 4: 0.45, 5: 0.36, 6: 0.31, 8: 0.23, 10: 0.19, 12: 0.16, 15: 0.13, 20: 0.10, 25: 0.08, 30: 0.06}


def by_the_book(entries: list[tuple[int, ...]]) -> float:
    """W corrected for ties, by its formula: (12 S) / (m² (n³ - n) - m ΣT), T = Σ (t³ - t) for each tie of t."""
    m = len(entries)
    sums = [sum(RANK[rows[card]] for rows in entries) for card in range(9)]
    spread = sum((each - sum(sums) / 9) ** 2 for each in sums)
    ties = sum(t**3 - t for t in (1, 2, 3, 2, 1))
    return 12 * spread / (m**2 * (9**3 - 9) - m * m * ties)


@some_examples
@given(entries=several)
def test_w_is_kendalls_corrected_for_ties(entries: list[tuple[int, ...]]) -> None:
    assert kendall_w(boards(entries)) == pytest.approx(by_the_book(entries), abs=1e-12)


@some_examples
@given(rows=diamonds, times=st.integers(1, 7))
def test_w_of_identical_diamonds_is_one(rows: tuple[int, ...], times: int) -> None:
    assert kendall_w(boards([rows] * times)) == 1.0


@some_examples
@given(rows=diamonds)
def test_w_of_a_diamond_and_its_reverse_is_nought_and_p_is_one(rows: tuple[int, ...]) -> None:
    entries = boards([rows, tuple(6 - row for row in rows)])
    assert (kendall_w(entries), p_value(entries)) == (0.0, 1.0)


@some_examples
@given(entries=several, order=st.permutations(range(9)))
def test_w_does_not_know_the_names_of_the_cards(entries: list[tuple[int, ...]], order: list[int]) -> None:
    assert kendall_w(boards([tuple(rows[card] for card in order) for rows in entries])) == kendall_w(boards(entries))
    assert kendall_w(boards(entries * 3)) == pytest.approx(kendall_w(boards(entries)))


def test_one_entry_has_no_p_and_no_point() -> None:
    assert (p_value(at_random(1)), point_95_percent(1), kendall_w(at_random(1))) == (None, None, 1.0)


def test_p_counts_the_draws_that_come_as_far() -> None:
    rows = at_random(4, seed=3)
    reach = sum(1 for drawn in by_chance(4).tolist() if drawn >= round(kendall_w(rows) * 228 * 16))
    assert p_value(rows) == (1 + reach) / 10_001
    assert p_value(boards([(1, 2, 2, 3, 3, 3, 4, 4, 5)] * 12)) == 1 / 10_001


def test_p_of_two_entries_is_near_that_of_counting_every_pair() -> None:
    rows = boards([(1, 2, 2, 3, 3, 3, 4, 4, 5), (2, 1, 2, 3, 4, 3, 3, 4, 5)])
    every = sum(1 for other in all_diamonds()[::5] if kendall_w(np.stack([rows[0], other])) >= kendall_w(rows) - 1e-12)
    assert p_value(rows) == pytest.approx(every / len(all_diamonds()[::5]), abs=0.006)


def test_p_is_the_same_each_time() -> None:
    first = p_value(at_random(9))
    by_chance.cache_clear()
    assert p_value(at_random(9)) == first
    assert len(by_chance(9)) == DRAWS


def test_random_entries_seldom_agree_more_than_chance() -> None:
    significant = sum(1 for seed in range(400) if (p_value(at_random(6, seed)) or 1) <= 0.05)
    assert 5 <= significant <= 35


@pytest.mark.parametrize(("entries", "point"), TOLD.items())
def test_points_are_those_that_others_found(entries: int, point: float) -> None:
    assert point_95_percent(entries) == pytest.approx(point, abs=0.0075)


@pytest.mark.parametrize("entries", [2, 3, 5, 10, 30, 47, 55, 120, 300])
def test_points_leave_one_draw_in_twenty_above_them(entries: int) -> None:
    point = point_95_percent(entries)
    assert point is not None
    above = float((by_chance(entries) >= point * 228 * entries**2 - 1e-6).mean())
    assert above == pytest.approx(0.05, abs=0.008)


def test_points_between_and_beyond_the_table_fall_evenly() -> None:
    points = [point_95_percent(entries) for entries in (50, 51, 59, 60, 61, 300, 301, 1_000, 100_000)]
    assert all(one is not None and other is not None and one > other for one, other in pairwise(points))
    assert points[-1] == pytest.approx(15.5073 / 8 / 100_000, rel=1e-4)
    assert point_95_percent(7) == pytest.approx(POINTS[7] / (228 * 49))
