"""Half days: the booked never pass the offered, the delivered never pass the booked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.support.rules import capacity as rules
from convenor.support.rules.capacity import Year, half_days_said
from convenor.support.rules.refusals import NoDaysLeft, SupportRefused, WrongSum

SAID = {"name": "Ada Example", "year": "2026-27"}


def test_what_is_left_and_what_is_to_come() -> None:
    now = Year(offered=10, booked=6, delivered=4)
    assert (now.left, now.to_come) == (4, 2)


def test_half_days_in_words() -> None:
    assert [half_days_said(each) for each in (0, 1, 2)] == ["no half days", "1 half day", "2 half days"]


def test_the_last_half_day_can_be_booked_and_no_more() -> None:
    assert rules.booked(Year(4, 3), 1, **SAID) == 4
    with pytest.raises(NoDaysLeft, match=r"^Ada Example has 1 half day left in 2026-27; another broker may have booked them"):
        rules.booked(Year(4, 3), 2, **SAID)


@pytest.mark.parametrize("change", [rules.booked, rules.released, rules.delivered])
def test_nothing_moves_by_less_than_half_a_day(change: object) -> None:
    with pytest.raises(WrongSum, match=r"^Give at least half a day"):
        change(Year(4, 3, 1), 0, **SAID)  # type: ignore[operator]


def test_what_is_offered_has_bounds() -> None:
    assert rules.offered(Year(10, 4), 4, **SAID) == 4
    for wrong in (3, -1, 2001):
        with pytest.raises(WrongSum):
            rules.offered(Year(10, 4), wrong, **SAID)


@given(st.lists(st.tuples(st.sampled_from(["booked", "released", "delivered", "offered"]), st.integers(-2, 9)), max_size=40))
def test_whatever_happens_delivered_booked_offered_stand_in_that_order(steps: list[tuple[str, int]]) -> None:
    now = Year(offered=6)
    for name, number in steps:
        try:
            value = getattr(rules, name)(now, number, **SAID)
        except SupportRefused:
            continue
        kept = {"offered": now.offered, "booked": now.booked, "delivered": now.delivered}
        now = Year(**kept | {"booked" if name == "released" else name: value})
        assert 0 <= now.delivered <= now.booked <= now.offered
