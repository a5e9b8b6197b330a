"""Letters about an agreement: six weeks, one week, the day itself; never one too many."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from convenor.agreements.rules.reminding import REST, first_due, first_reminder_on, next_reminder_on, still_worth
from convenor.agreements.rules.standing import GRACE

UNTIL = date(2027, 11, 2)


def before(days: int) -> date:
    return UNTIL - timedelta(days=days)


def test_letters_come_six_weeks_and_a_week_before_and_on_the_day() -> None:
    days, on = [], first_reminder_on(UNTIL)
    while True:
        days.append(on)
        following = next_reminder_on(UNTIL, on=on)
        if following is None:
            break
        on = following
    assert days == [before(42), before(7), UNTIL]


def test_steps_that_a_still_machine_missed_are_not_made_up_for() -> None:
    assert next_reminder_on(UNTIL, on=before(9)) == UNTIL
    assert next_reminder_on(UNTIL, on=before(3)) is None


@given(st.integers(-60, 400))
def test_no_two_letters_lie_within_five_days(days: int) -> None:
    on = before(days)
    following = next_reminder_on(UNTIL, on=on)
    assert following is None or on + REST <= following <= UNTIL


def test_letter_is_worth_writing_until_the_thirty_days_are_over() -> None:
    assert [still_worth(UNTIL, on=UNTIL + GRACE + timedelta(days=days)) for days in (-1, 0)] == [True, False]


def test_schools_not_yet_heard_from_are_reminded_in_the_last_two_weeks() -> None:
    assert [first_due(UNTIL, on=before(days)) for days in (15, 14, 0, -1)] == [False, True, True, False]
