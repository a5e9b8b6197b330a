"""The review of effect on real series in which nobody was supported: what it must never do, and what it must show all the same."""

from __future__ import annotations

from pathlib import Path
from statistics import linear_regression, mean

import numpy as np
import pytest

from bench.effect import ASKED, Told, judged, pools, read
from convenor.support.rules.effect_sums import weigh

pytestmark = [pytest.mark.shared, pytest.mark.slow]
DRAWS = 2000
ENGLAND = [name for name in ASKED if not name.startswith("Surrey")]
(SURREY,) = [name for name in ASKED if name.startswith("Surrey")]
#: How schools come to be supported: by how low they were, one way or another.
REALISTIC = ("lowest quarter", "lowest tenth", "the lower the likelier")


@pytest.fixture(scope="module", params=[*ENGLAND, SURREY])
def told(request: pytest.FixtureRequest, shared: Path) -> dict[str, Told]:
    """What was said of 2,000 schools chosen in each way, and of as many with a true effect."""
    every = [read(shared, asked) for asked in ASKED[request.param]]
    chance = np.random.default_rng([2026, 1])
    found = {how: judged(every, how, DRAWS, chance) for how in REALISTIC}
    return found | {"helped": judged(every, "lowest quarter", DRAWS, chance, 0.5)}


@pytest.mark.parametrize("how", REALISTIC)
def test_at_most_one_in_twenty_null_packages_is_called_better(told: dict[str, Told], how: str) -> None:
    assert told[how].better <= 0.05
    assert told[how].worse <= 0.05


@pytest.mark.parametrize("how", REALISTIC)
def test_intervals_cover_as_often_as_they_say(told: dict[str, Told], how: str) -> None:
    assert 0.93 <= told[how].coverage <= 0.97


@pytest.mark.parametrize("how", REALISTIC)
def test_before_and_after_alone_would_be_fooled(told: dict[str, Told], how: str) -> None:
    assert told[how].naive_better > 0.15
    assert told[how].rose > 0.5


def test_eight_null_packages_together_are_seldom_called_better(told: dict[str, Told]) -> None:
    assert pools(told["the lower the likelier"].standardised, 8, np.random.default_rng(1)) <= 0.05


def test_a_true_effect_is_seen_more_often_than_chance(told: dict[str, Told]) -> None:
    assert told["helped"].better > told["lowest quarter"].better
    assert pools(told["helped"].standardised, 20, np.random.default_rng(1)) > 0.5


def test_a_real_school_s_sums_are_those_of_the_textbook(shared: Path) -> None:
    series = read(shared, ASKED[ENGLAND[0]][0])
    school = int(np.nanargmin(series.gap))
    among = np.concatenate([[school], series.alike[school]])
    before, after = series.before[among].tolist(), series.after[among].tolist()
    found = weigh(series.before[among], series.after[among])
    assert found is not None
    line = linear_regression(before[1:], after[1:])
    assert found.r == pytest.approx(line.slope)
    assert found.expected == pytest.approx(line.intercept + line.slope * before[0])
    assert found.difference == pytest.approx(after[0] - found.expected)
    assert found.plain_difference == pytest.approx((after[0] - before[0]) - (mean(after[1:]) - mean(before[1:])))
    larger = 0
    for place in range(1, len(among)):  # each comparator in turn, held against all the others and the school
        others = [n for n in range(len(among)) if n != place]
        larger += _standing_out(before, after, place, others) >= _standing_out(before, after, 0, list(range(1, len(among)))) - 1e-9
    assert found.rank == 1 + larger


def _standing_out(before: list[float], after: list[float], place: int, others: list[int]) -> float:
    """How far a school lies off the line of the others, for its distance from their mean."""
    line = linear_regression([before[n] for n in others], [after[n] for n in others])
    off = after[place] - line.intercept - line.slope * before[place]
    middle = mean(before[n] for n in others)
    about = sum((before[n] - middle) ** 2 for n in others)
    return abs(off) / (1 + 1 / len(others) + (before[place] - middle) ** 2 / about) ** 0.5
