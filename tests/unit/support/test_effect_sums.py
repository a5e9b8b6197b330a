"""The sums of a review of effect, beside sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.support.rules.effect_sums import gap_change, student, weigh
from tests.unit.support.effect_cases import FOUR

BEFORE = np.array([30.0, *(each[0] for each in FOUR * 5)])
AFTER = np.array([52.0, *(each[1] for each in FOUR * 5)])


def test_sums_are_those_done_by_hand() -> None:
    found = weigh(BEFORE, AFTER)
    assert found is not None
    assert (found.comparators, found.before, found.after) == (20, 30.0, 52.0)
    assert (found.comparators_before, found.comparators_after, found.gap_before) == (50.0, 60.0, -20.0)
    assert found.r == pytest.approx(0.5)
    assert found.expected == pytest.approx(50.0)
    assert found.difference == pytest.approx(2.0)
    assert found.plain_difference == pytest.approx(12.0)
    assert found.by_itself == pytest.approx(10.0)
    assert (found.change, found.comparators_change) == (22.0, 10.0)
    # each comparator lies 4 off the line of all; off the line of the other nineteen it lies 4 / (1 - 1/20 - 100/2000) = 4 / 0.9
    error = np.sqrt(16 / 0.81 * (1 + 1 / 20 + 400 / 2000))
    assert found.standard_error == pytest.approx(error)
    assert (found.low, found.high) == pytest.approx((2 - 2.10092204 * error, 2 + 2.10092204 * error))
    assert found.widened == 1.0


def test_student_is_the_table_s() -> None:
    assert [round(student(degrees), 3) for degrees in (3, 18, 48)] == [3.182, 2.101, 2.011]


def test_plain_difference_is_change_less_change() -> None:
    assert gap_change(np.array([30.0, 40.0, 60.0]), np.array([52.0, 45.0, 65.0])) == 17.0


def test_rank_is_the_place_of_the_school_among_all_taken_in_turn() -> None:
    after = AFTER.copy()
    after[0] = 90.0  # forty points above what was expected
    found = weigh(BEFORE, after)
    assert found is not None
    assert (found.rank, found.p, found.smallest_p) == (1, 1 / 21, 1 / 21)
    usual = weigh(BEFORE, np.array([50.0, *AFTER[1:]]))  # exactly what was expected: all others lie further off
    assert usual is not None
    assert (usual.rank, usual.p) == (21, 1.0)


def test_a_tie_counts_against_the_school() -> None:
    found = weigh(np.array([60.0, *BEFORE[1:], 60.0]), np.array([90.0, *AFTER[1:], 90.0]))
    assert found is not None
    assert found.rank == 2, "one comparator has the very figures of the school, and all others lie nearer"


def test_too_few_comparators_have_no_line() -> None:
    assert weigh(BEFORE[:5], AFTER[:5]) is None


def test_comparators_that_were_all_alike_have_no_line() -> None:
    assert weigh(np.array([30.0, *[50.0] * 20]), AFTER) is None


def test_comparators_of_which_most_were_alike_have_no_line() -> None:
    assert weigh(np.array([30.0, *[0.0] * 15, *range(1, 7)]), np.array([10.0, *range(21)])) is None
    assert weigh(np.array([30.0, *[0.0] * 14, *range(1, 8)]), np.array([10.0, *range(21)])) is not None


def test_one_that_draws_the_line_alone_has_a_rank_all_the_same() -> None:
    before = np.array([500.0, 0.0, 0.0, 1e-4, 1e-4, 2e-4])
    found = weigh(before, np.array([10.0, 1.0, 2.0, 3.0, 5.0, 4.0]))
    assert found is not None
    assert 1 <= found.rank <= 6


def test_comparators_that_lie_on_a_line_leave_no_spread() -> None:
    assert weigh(BEFORE, np.array([52.0, *(BEFORE[1:] / 2)])) is None


def test_fewer_pupils_than_the_comparators_widen_the_interval() -> None:
    alike = weigh(BEFORE, AFTER, np.full(21, 1 / 30), np.full(21, 1 / 30), spread=10.0)
    smaller = weigh(BEFORE, AFTER, np.array([1 / 15, *[1 / 30] * 20]), np.array([1 / 15, *[1 / 30] * 20]), spread=10.0)
    larger = weigh(BEFORE, AFTER, np.array([1 / 60, *[1 / 30] * 20]), np.array([1 / 60, *[1 / 30] * 20]), spread=10.0)
    assert alike is not None
    assert smaller is not None
    assert larger is not None
    # single pupils make 100/30 + 100/4/30 = 4.1667 of the 19.7531 about the line; twice that with half the pupils
    assert (alike.widened, smaller.widened, larger.widened) == pytest.approx((1.0, 1 + 4.1666667 * 0.81 / 16, 1 - 2.0833333 * 0.81 / 16))
    assert smaller.standard_error > alike.standard_error > larger.standard_error


def test_a_share_s_spread_comes_from_the_share_itself() -> None:
    few = np.array([1 / 120, *[1 / 240] * 20])
    found = weigh(BEFORE, AFTER, few, few)
    assert found is not None
    by_pupils = (60 * 40 + 0.25 * 50 * 50) / 240
    assert found.widened == pytest.approx(1 + by_pupils * 0.81 / 16)


def test_more_spread_by_pupils_than_there_is_leaves_nothing_to_schools() -> None:
    few = np.array([1 / 10, *[1 / 20] * 20])
    found = weigh(BEFORE, AFTER, few, few)
    assert found is not None
    assert found.widened == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (np.array([np.nan, *[1 / 30] * 20]), np.full(21, 1 / 30)),
        (np.array([1 / 30, *[np.nan] * 20]), np.full(21, 1 / 30)),
        (np.zeros(21), np.zeros(21)),
        (np.full(21, 1 / 30), None),
    ],
)
def test_unknown_numbers_of_pupils_change_nothing(before: np.ndarray, after: np.ndarray | None) -> None:
    found = weigh(BEFORE, AFTER, before, after)
    assert found is not None
    assert found.widened == 1.0


@given(st.lists(st.floats(0, 100), min_size=12, max_size=12), st.lists(st.floats(0, 100), min_size=12, max_size=12))
def test_p_never_falls_below_one_over_all(before: list[float], after: list[float]) -> None:
    found = weigh(np.array(before), np.array(after))
    if found is None:
        return
    assert 1 <= found.rank <= 12
    assert found.p == found.rank / 12
    assert found.low <= found.difference <= found.high


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_what_all_schools_share_moves_no_difference(shift_before: float, shift_after: float) -> None:
    plain, moved = weigh(BEFORE, AFTER), weigh(BEFORE + shift_before, AFTER + shift_after)
    assert plain is not None
    assert moved is not None
    assert (moved.difference, moved.low, moved.high) == pytest.approx((plain.difference, plain.low, plain.high))
    assert moved.rank == plain.rank
