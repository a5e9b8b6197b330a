"""Bands of size, rates by group, and when a school may be written to again."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.consultation.rules.rates import Rate, counts, in_order, last_call, may_write, size_band

CLOSES = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("pupils", "band"),
    [(None, ""), (0, "under-100"), (99, "under-100"), (100, "100-199"), (200, "200-399"), (999, "400-999"), (1000, "1000-up")],
)
def test_size_is_told_in_bands(pupils: int | None, band: str) -> None:
    assert size_band(pupils) == band


def test_rate_is_a_share_where_it_may_be_told() -> None:
    assert [Rate("x", 8, 2).percent, Rate("x", 0, 0).percent, Rate("x", 8, None).percent, Rate("x", 8, 10, True).percent] == [
        25.0, None, None, 100.0,
    ]  # fmt: skip


def test_groups_are_counted_and_ordered() -> None:
    found = counts([("Primary", True), ("Special", False), ("Primary", False)])
    assert found == {"Primary": (2, 1), "Special": (1, 0)}
    assert list(in_order("phase", {"B": (1, 0), "A": (1, 1), "C": (5, 0)})) == ["C", "A", "B"]


def test_sizes_stand_from_the_smallest_and_what_is_no_band_last() -> None:
    asked = {"other": (1, 0), "Size not known": (1, 0), "1,000 pupils or more": (9, 0), "Fewer than 100 pupils": (1, 0)}
    assert list(in_order("size", asked)) == ["Fewer than 100 pupils", "1,000 pupils or more", "Size not known", "other"]


@pytest.mark.parametrize(
    ("invited", "reminded", "may"),
    [(None, None, True), (27, None, True), (28, None, False), (20, 27, True), (20, 28, False)],
)
def test_nobody_is_written_to_twice_within_a_week(invited: int | None, reminded: int | None, may: bool) -> None:
    first, last = (None if day is None else date(2026, 2, day) for day in (invited, reminded))
    assert may_write(invited_on=first, reminded_on=last, on=date(2026, 3, 6)) == may


@pytest.mark.parametrize(
    ("on", "invited", "reminded", "due"),
    [
        (date(2026, 2, 26), date(2026, 2, 12), None, False),
        (date(2026, 2, 27), date(2026, 2, 12), None, True),
        (date(2026, 2, 27), date(2026, 2, 25), None, False),
        (date(2026, 3, 6), date(2026, 2, 12), date(2026, 2, 20), True),
        (date(2026, 3, 6), date(2026, 2, 12), date(2026, 2, 27), False),
        (date(2026, 3, 7), date(2026, 2, 12), None, False),
    ],
)
def test_the_last_call_comes_once_in_the_last_week(on: date, invited: date, reminded: date | None, due: bool) -> None:
    assert last_call(invited_on=invited, reminded_on=reminded, closes_on=CLOSES, on=on) == due
