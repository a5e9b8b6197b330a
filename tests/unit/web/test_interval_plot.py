"""Where a line's figure, its interval and its comparator stand on a strip."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.web.interval_plot import Scale, common_scale, interval_strip, scales_of


@dataclass
class Drawn:
    """What is read of a line."""

    value: float | None
    low: float | None
    high: float | None
    against: float | None
    unit: str = "%"
    scale: str = "%"


@pytest.mark.parametrize(
    ("values", "unit", "scale"),
    [
        ([48.0, 32.0, 66.0], "%", (0.0, 100.0)),
        ([7.4, 6.8, 8.0], "%", (0.0, 10.0)),
        ([None, None], "%", (0.0, 100.0)),
        ([], "", (0.0, 1.0)),
        ([-4.0, -29.0, 21.0, 0.0], "points", (-40.0, 40.0)),
        ([8.4, 5.0], "years", (0.0, 10.0)),
        ([5.5, 5.0], "years", (0.0, 6.0)),
        ([46.8, 44.0, 50.0], "points", (42.5, 52.5)),
    ],
)
def test_a_scale_embraces_its_figures(values: list[float | None], unit: str, scale: tuple[float, float]) -> None:
    found = common_scale(values, unit=unit)
    assert (found.lowest, found.highest) == scale


@given(st.lists(st.floats(-50, 100), min_size=1), st.sampled_from(["%", "points", "years"]))
def test_nothing_is_drawn_outside_its_scale(values: list[float], unit: str) -> None:
    scale = common_scale(values, unit=unit)
    assert scale.lowest <= min(values)
    assert max(values) <= scale.highest
    assert all(0 <= scale.place(value) <= 100 for value in values)


def test_lines_of_one_kind_share_a_scale() -> None:
    lines = [Drawn(48.0, 32.0, 65.0, 66.0), Drawn(12.0, None, None, 9.0), Drawn(6.0, 5.5, 6.5, None, scale="sessions")]
    assert scales_of(lines) == {"%": Scale(0.0, 100.0), "sessions": Scale(0.0, 8.0)}


def test_a_strip_draws_what_there_is() -> None:
    whole = interval_strip(48.0, low=32.0, high=65.0, comparator=66.0, lowest=0.0, highest=100.0, unit="%")
    assert (whole.at, whole.low, whole.high, whole.band, whole.zero) == (48.0, 32.0, 65.0, 66.0, None)
    assert (whole.lowest, whole.highest, whole.hollow) == ("0%", "100%", False)
    bare = interval_strip(-4.0, low=None, high=None, comparator=None, lowest=-40.0, highest=40.0, hollow=True, unit="points")
    assert (bare.at, bare.low, bare.high, bare.band, bare.zero) == (45.0, None, None, None, 50.0)
    assert (bare.lowest, bare.highest, bare.hollow) == ("−40", "40", True)
    assert interval_strip(None, low=1.0, high=2.0, comparator=1.5, lowest=0.0, highest=3.0).low is None


def test_what_lies_outside_stands_at_the_end() -> None:
    assert Scale(0.0, 10.0).place(-3) == 0.0
    assert Scale(0.0, 10.0).place(12) == 100.0
    assert Scale(5.0, 5.0).place(5) == 0.0
