"""Where a school lies among its similar schools: places on one scale, missing figures left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.similar import Axis
from convenor.intelligence.rules.strips import Strip, strip

AXIS = Axis("eal", "eal_percent", 1, 10.0, 5.0, 0)
SIZE = Axis("size", "pupils_on_roll", 2, 5.0, 1.0, 0, ratio=True)


def test_middle_of_the_phase_is_the_middle_of_the_picture() -> None:
    assert strip(10.0, [5.0, None, 15.0, 10.0], AXIS) == Strip(50.0, (33.33, 66.67, 50.0), 1, 1, 1)


def test_what_lies_further_is_drawn_at_the_end() -> None:
    assert strip(100.0, [-100.0], AXIS) == Strip(100.0, (0.0,), 1, 0, 0)


def test_school_without_the_figure_has_no_place_and_is_not_counted() -> None:
    assert strip(None, [10.0], AXIS) == Strip(None, (50.0,), 0, 0, 0)


def test_nobody_on_roll_has_no_ratio_and_lies_at_the_end() -> None:
    assert strip(0.0, [148.4131591025766], SIZE).own == 0.0
    assert strip(0.0, [148.4131591025766], SIZE).others == (50.0,)


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=20), st.floats(-1e6, 1e6))
def test_every_place_lies_in_the_picture_and_every_known_school_is_counted(others: list[float | None], own: float) -> None:
    found = strip(own, others, AXIS)
    known = [each for each in others if each is not None]
    assert all(0 <= each <= 100 for each in (*found.others, found.own or 0.0))
    assert found.below + found.same + found.above == len(known) == len(found.others)
