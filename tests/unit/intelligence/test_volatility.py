"""How far a figure moves by chance alone, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.volatility import HIDDEN_UNDER, Verdict, YearFigure, chance_movement, change, change_words

SHARE = {"measure": "ks2_rwm_expected", "share_of_pupils": True}
MEAN = {"measure": "ks2_reading_average", "share_of_pupils": False}


def year(value: float, cohort: int | None, low: float | None = None, high: float | None = None, period: str = "2017-18") -> YearFigure:
    return YearFigure(period, value, cohort, low, high)


@pytest.mark.parametrize(("cohort", "share"), [(12, 0.6), (30, 0.6), (30, 0.95), (90, 0.3), (15, 0.98)])
def test_share_of_nothing_changed_lies_within_chance_in_95_of_100_cases(cohort: int, share: float) -> None:
    draws = np.random.default_rng(7).binomial(cohort, share, size=(4_000, 2)) * 100 / cohort
    within = [change(year(a, cohort), year(b, cohort), unit="%", **SHARE).verdict is Verdict.WITHIN for a, b in draws]  # type: ignore[arg-type]
    assert sum(within) / len(within) >= 0.93  # 0.938 at the worst: twelve pupils move in steps


def test_share_moves_less_the_more_pupils_there_are() -> None:
    moves = [chance_movement(year(60, n), year(60, n), **SHARE) for n in (10, 30, 120)]  # type: ignore[arg-type]
    assert [round(move or 0) for move in moves] == [43, 25, 12]


@given(a=st.floats(0, 100), b=st.floats(0, 100), n=st.integers(1, 400), m=st.integers(1, 400))
def test_chance_movement_of_shares_is_never_nothing_and_knows_no_direction(a: float, b: float, n: int, m: int) -> None:
    there = chance_movement(year(a, n), year(b, m), **SHARE)  # type: ignore[arg-type]
    back = chance_movement(year(b, m), year(a, n), **SHARE)  # type: ignore[arg-type]
    assert there is not None
    assert there > 0
    assert back == pytest.approx(there)


def test_published_intervals_come_before_the_spread_of_pupils() -> None:
    first, second = year(0.1, 100, -0.2, 0.4), year(-0.5, 100, -0.9, -0.1)
    assert chance_movement(first, second, measure="ks4_progress8", share_of_pupils=False) == pytest.approx(0.5)


def test_mean_without_interval_goes_by_the_spread_of_pupils() -> None:
    move = chance_movement(year(104, 16), year(101, 16), **MEAN)  # type: ignore[arg-type]
    assert move == pytest.approx(1.959963984540054 * 8.8 * (2 / 16) ** 0.5)


@pytest.mark.parametrize(
    ("before", "now", "measure", "share"),
    [
        (year(8, None), year(9, None), "absence_overall", False),
        (year(60, None), year(61, 30), "ks2_rwm_expected", True),
        (year(104, None), year(101, 16), "ks2_reading_average", False),
    ],
)
def test_what_cannot_be_told_is_said_to_be_untold(before: YearFigure, now: YearFigure, measure: str, share: bool) -> None:
    found = change(before, now, measure=measure, unit="%", share_of_pupils=share)
    assert (found.chance, found.verdict) == (None, Verdict.UNTOLD)
    assert (
        change_words(found, decimals=1)
        == f"{abs(found.difference):.1f} {'point' if abs(found.difference) == 1 else 'points'} "
        + ("higher" if found.difference > 0 else "lower")
        + " than in 2017/18: how far chance moves it cannot be told"
    )


def test_cohort_under_six_is_not_spoken_of() -> None:
    found = change(year(80, HIDDEN_UNDER - 1), year(20, 30), unit="%", **SHARE)  # type: ignore[arg-type]
    assert (found.verdict, change_words(found)) == (Verdict.TOO_FEW, "too few pupils in one of the two years to compare them")


def test_words_of_a_change_beyond_chance() -> None:
    found = change(year(80, 60), year(50, 62), unit="%", **SHARE)  # type: ignore[arg-type]
    assert (
        change_words(found)
        == "30 points lower than in 2017/18: beyond what chance usually does with 60 and 62 pupils (17 points either way)"
    )


def test_words_of_no_change_and_of_published_intervals_without_cohorts() -> None:
    found = change(year(0.1, None, 0.0, 0.2), year(0.1, None, 0.0, 0.2), measure="ks4_progress8", unit="grades", share_of_pupils=False)
    assert change_words(found, decimals=2) == "the same as in 2017/18: within what chance does (0.14 grades either way)"


@pytest.mark.parametrize(("value", "cohort"), [(101, 30), (-1, 30), (50, 0)])
def test_impossible_share_is_refused(value: float, cohort: int) -> None:
    with pytest.raises(ValueError, match=r"share"):
        chance_movement(year(50, 30), year(value, cohort), **SHARE)  # type: ignore[arg-type]


def test_mean_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        chance_movement(year(100, 30), year(100, 0), **MEAN)  # type: ignore[arg-type]
