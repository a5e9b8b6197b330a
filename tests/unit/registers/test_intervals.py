"""How far chance may have moved a figure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.registers.rules.intervals import one_pupil_points, overlap, wilson


@pytest.mark.parametrize(
    ("share", "cohort", "low", "high"), [(60, 10, 31, 83), (60, 15, 36, 80), (63, 30, 46, 78), (62, 90, 52, 72), (62, 180, 55, 69)]
)
def test_wilson_gives_the_intervals_of_the_field_notes(share: int, cohort: int, low: int, high: int) -> None:
    """The field's table is for cohorts of pupils around 60 to 63 %, rounded to whole points."""
    found = wilson(share, cohort)
    assert (round(found[0]), round(found[1])) == (pytest.approx(low, abs=1), pytest.approx(high, abs=1))


def test_wilson_of_nobody_meeting_it_is_not_nought_wide() -> None:
    low, high = wilson(0, 10)
    assert (low, round(high, 1)) == (0.0, 27.8)


@settings(deadline=None)
@given(st.floats(0, 100), st.integers(1, 5000))
def test_wilson_holds_the_share_and_stays_a_share(share: float, cohort: int) -> None:
    low, high = wilson(share, cohort)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 100


@settings(deadline=None)
@given(st.floats(0, 100), st.integers(1, 1000))
def test_wilson_narrows_with_more_pupils(share: float, cohort: int) -> None:
    few, many = wilson(share, cohort), wilson(share, cohort * 4)
    assert many[1] - many[0] < few[1] - few[0]


@settings(deadline=None)
@given(st.floats(0, 100), st.integers(1, 1000))
def test_wilson_of_the_others_is_the_mirror(share: float, cohort: int) -> None:
    low, high = wilson(share, cohort)
    assert wilson(100 - share, cohort) == pytest.approx((100 - high, 100 - low))


@pytest.mark.parametrize(("share", "cohort"), [(-0.1, 10), (100.1, 10), (50, 0)])
def test_wilson_refuses_what_is_no_share(share: float, cohort: int) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson(share, cohort)


def test_one_pupil_weighs_ten_points_among_ten() -> None:
    assert one_pupil_points(10) == 10
    with pytest.raises(ValueError, match="nobody"):
        one_pupil_points(0)


def test_intervals_that_touch_overlap() -> None:
    assert (overlap((1, 2), (2, 3)), overlap((2, 3), (1, 2)), overlap((1, 2), (2.1, 3))) == (True, True, False)
