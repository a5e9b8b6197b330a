"""What several packages show together, beside counting every way."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.support.rules.pooled import PackageEffect, pooled, sign_test, signed_rank_test
from convenor.support.rules.states import Verdict


def package(key: int, value: float | None, *, stopped: bool = False) -> PackageEffect:
    return PackageEffect(str(key), Verdict.WITHIN_CHANCE if value is not None else Verdict.TOO_EARLY, value, stopped)


def ranks_of(sizes: list[float]) -> list[float]:
    return [sum(other < size for other in sizes) + (sum(other == size for other in sizes) + 1) / 2 for size in sizes]


def every_way(values: list[float]) -> float:
    """The signed-rank test by writing out every placing of the signs."""
    told = [value for value in values if value != 0]
    ranks = ranks_of([abs(value) for value in told])
    reached = abs(sum(rank if value > 0 else -rank for rank, value in zip(ranks, told, strict=True)))
    sums = [abs(sum(sign * rank for sign, rank in zip(signs, ranks, strict=True))) for signs in product((-1, 1), repeat=len(told))]
    return sum(each >= reached - 1e-9 for each in sums) / len(sums)


@given(st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=9))
def test_signed_ranks_equal_every_way_of_placing_the_signs(values: list[float]) -> None:
    assert signed_rank_test(values) == pytest.approx(every_way(values) if any(values) else 1.0)


@given(st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=9))
def test_signs_equal_every_toss_of_the_coins(values: list[float]) -> None:
    told = [value for value in values if value != 0]
    reached = abs(sum(1 if value > 0 else -1 for value in told))
    tosses = [abs(sum(signs)) for signs in product((-1, 1), repeat=len(told))]
    assert sign_test(values) == pytest.approx(sum(each >= reached for each in tosses) / len(tosses))


def test_seven_packages_are_not_pooled() -> None:
    found = pooled([*(package(key, 3.0) for key in range(7)), package(7, None, stopped=True)])
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == "7 of 8 packages can be measured; from 8 up they are counted together."
    assert (found.listed, found.measured, found.stopped, found.sign_p, found.rank_p, found.middle) == (8, 7, 1, None, None, None)
    assert dict(found.by_verdict)[Verdict.TOO_EARLY] == 1


def test_eight_packages_all_above_are_better() -> None:
    found = pooled(package(key, 1.0 + key) for key in range(8))
    assert (found.verdict, found.above, found.middle) == (Verdict.BETTER, 8, 4.5)
    assert (found.sign_p, found.rank_p) == (2 / 256, 2 / 256)
    assert found.why == ("8 of 8 packages lie above what was expected without support (sign test p = 0.008, signed-rank test p = 0.008).")


def test_packages_below_are_worse() -> None:
    assert pooled(package(key, -1.0 - key) for key in range(8)).verdict is Verdict.WORSE


def test_a_stopped_package_that_went_badly_counts() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, -8.0]
    found = pooled(package(key, value, stopped=value < 0) for key, value in enumerate(values))
    assert (found.verdict, found.stopped, found.measured) == (Verdict.WITHIN_CHANCE, 1, 8)


def test_half_above_and_half_below_is_chance_however_large() -> None:
    values = [-0.1, -0.2, -0.3, -0.4, 5.0, 6.0, 7.0, 8.0]
    assert pooled(package(key, value) for key, value in enumerate(values)).verdict is Verdict.WITHIN_CHANCE


def test_a_package_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="more than once"):
        pooled([package(1, 1.0), package(1, 1.0)])


def test_nothing_but_noughts_says_nothing() -> None:
    assert (sign_test([0.0, 0.0]), signed_rank_test([0.0, 0.0])) == (1.0, 1.0)
