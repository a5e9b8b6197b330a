"""Visits: on which days one can be, and which half days move with it."""

from datetime import date, timedelta

import pytest

from convenor.partnership.rules.terms import SchoolCalendar
from convenor.support.rules.plan import Agreed
from convenor.support.rules.refusals import Missing, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import Who
from convenor.support.rules.visits import (
    Booking,
    Diary,
    check_booked,
    check_delivered,
    check_held,
    check_may_begin,
    check_open,
    check_planned,
    numbers_of,
    rebooking,
    taken_back,
    year_of,
)
from tests.factories.refusals import refusal_of

TODAY = date(2026, 11, 20)
CALENDAR = SchoolCalendar({}, {date(2026, 12, 4): "a training day"}, {})
FREE = Diary("Sol Carr", {})


def test_a_school_day_that_is_free_is_taken_today_as_well() -> None:
    assert [
        refusal_of(check_planned, on, half_days, today=TODAY, calendar=CALENDAR, diary=FREE)
        for on, half_days in ((TODAY, 1), (date(2026, 12, 1), 2))
    ] == [None, None]


@pytest.mark.parametrize(
    ("on", "half_days", "why"),
    [
        (date(2026, 11, 19), 1, WrongDay), (date(2026, 11, 21), 1, WrongDay), (date(2026, 12, 25), 1, WrongDay),
        (date(2026, 12, 4), 1, WrongDay), (TODAY + timedelta(days=732), 1, WrongDay), (date(2026, 12, 1), 0, WrongSum),
        (date(2026, 12, 1), 3, WrongSum),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused(on: date, half_days: int, why: type[Exception]) -> None:
    assert refusal_of(check_planned, on, half_days, today=TODAY, calendar=CALENDAR, diary=FREE) is why


def test_a_closed_day_is_told_with_the_nearest_that_are_open() -> None:
    with pytest.raises(WrongDay) as refused:
        check_planned(date(2026, 12, 4), 1, today=TODAY, calendar=CALENDAR, diary=FREE)
    assert str(refused.value) == (
        "Friday 4 December 2026 is no school day: a training day. The nearest are Thursday 3 December 2026 and Monday 7 December 2026. "
        "Nothing was changed."
    )


def test_a_closed_day_with_no_school_day_near_says_so() -> None:
    shut = SchoolCalendar({2026: (), 2027: (), 2025: ()}, {}, {})
    with pytest.raises(WrongDay) as refused:
        check_planned(date(2027, 4, 6), 1, today=TODAY, calendar=shut, diary=FREE)
    assert (
        str(refused.value) == "Tuesday 6 April 2027 is no school day: in the holidays. No school day is known near it. Nothing was changed."
    )


@pytest.mark.parametrize(
    ("diary", "half_days", "words"),
    [
        (Diary("Sol Carr", {date(2026, 12, 1): 2}), 1, "Sol Carr is on another visit all day on Tuesday 1 December 2026."),
        (Diary("Sol Carr", {date(2026, 12, 1): 1}), 2, "Sol Carr has only half a day left on Tuesday 1 December 2026."),
        (Diary("Sol Carr", {}, frozenset({date(2026, 12, 1)})), 1, "Sol Carr is on a peer review on Tuesday 1 December 2026."),
    ],
)  # fmt: skip
def test_nobody_is_in_two_places(diary: Diary, half_days: int, words: str) -> None:
    with pytest.raises(WrongDay) as refused:
        check_planned(date(2026, 12, 1), half_days, today=TODAY, calendar=CALENDAR, diary=diary)
    assert str(refused.value) == f"{words} Choose another day. Nothing was changed."


def test_two_half_days_of_one_day_fit() -> None:
    assert refusal_of(
        check_planned, date(2026, 12, 1), 1, today=TODAY, calendar=CALENDAR, diary=Diary("Sol Carr", {date(2026, 12, 1): 1})
    ) is None  # fmt: skip


@pytest.mark.parametrize(
    ("on", "half_days", "why"),
    [
        (TODAY, 1, None), (date(2026, 11, 21), 1, WrongDay), (date(2026, 10, 31), 1, WrongDay), (date(2026, 11, 1), 1, None),
        (TODAY, 3, WrongSum),
    ],
)  # fmt: skip
def test_a_visit_that_nobody_planned_is_written_down_once_it_was_held(on: date, half_days: int, why: type[Exception] | None) -> None:
    assert refusal_of(check_held, on, half_days, today=TODAY, opened_on=date(2026, 11, 1), diary=FREE) is why


def test_a_visit_of_long_ago_is_not_written_down_any_more() -> None:
    assert refusal_of(check_held, TODAY - timedelta(days=61), 1, today=TODAY, opened_on=date(2026, 1, 5), diary=FREE) is WrongDay


@pytest.mark.parametrize(
    ("planned", "held", "why"),
    [
        (TODAY, TODAY, None), (date(2026, 11, 10), date(2026, 11, 12), None), (date(2026, 12, 1), date(2026, 12, 1), WrongDay),
        (date(2026, 11, 10), date(2026, 11, 30), WrongDay), (date(2026, 11, 10), date(2026, 10, 30), WrongDay),
    ],
)  # fmt: skip
def test_a_visit_was_held_between_the_opening_and_today(planned: date, held: date, why: type[Exception] | None) -> None:
    assert refusal_of(check_delivered, planned, held, today=TODAY, opened_on=date(2026, 11, 1)) is why


def test_a_visit_that_was_held_or_called_off_stays_as_it_is() -> None:
    assert [refusal_of(check_open, delivered=held, cancelled=off) for held, off in ((False, False), (True, False), (False, True))] == [
        None, OutOfTurn, OutOfTurn,
    ]  # fmt: skip


@pytest.mark.parametrize(("booked", "why"), [(None, None), (6, None), (5, WrongSum), (2, WrongSum)])
def test_visits_take_no_more_than_is_booked(booked: int | None, why: type[Exception] | None) -> None:
    assert refusal_of(check_booked, 4, 2, booked) is why


@pytest.mark.parametrize(
    ("was_on", "now_on", "was", "now", "moved"),
    [
        (date(2026, 12, 1), date(2027, 3, 1), 1, 1, ()), (date(2026, 12, 1), date(2026, 12, 2), 1, 2, (Booking("2026-27", 1),)),
        (date(2026, 12, 1), date(2026, 12, 2), 2, 1, (Booking("2026-27", -1),)),
        (date(2027, 7, 1), date(2027, 9, 6), 1, 2, (Booking("2026-27", -1), Booking("2027-28", 2))),
    ],
)  # fmt: skip
def test_a_visit_that_moves_takes_its_half_days_along(was_on: date, now_on: date, was: int, now: int, moved: tuple[Booking, ...]) -> None:
    assert rebooking(was_on, now_on, was, now) == moved


def test_days_are_of_the_school_year_in_which_they_lie() -> None:
    assert [year_of(date(2027, 8, 31)), year_of(date(2027, 9, 1))] == ["2026-27", "2027-28"]


def test_a_visit_is_for_objectives_of_its_plan() -> None:
    assert numbers_of([3, 1, 1, 7], [1, 2, 3]) == [1, 3]


BOTH = {Who.RECEIVING: 1, Who.SUPPLYING: 1}


@pytest.mark.parametrize(
    ("chosen", "version", "on", "began", "why"),
    [
        (False, 1, {}, False, Missing), (True, 1, {}, False, Missing), (True, 1, BOTH, False, None), (True, 1, BOTH, True, None),
        (True, 2, BOTH, True, None), (True, 2, BOTH, False, Missing), (True, 1, {Who.RECEIVING: 1}, True, Missing),
        (True, 2, {Who.SUPPLYING: 1}, True, Missing),
    ],
)  # fmt: skip
def test_visits_are_booked_once_both_heads_agree_and_until_one_takes_it_back(
    chosen: bool, version: int, on: dict[Who, int], began: bool, why: type[Exception] | None
) -> None:
    assert refusal_of(check_may_begin, chosen=chosen, agreed=Agreed(version, on), began=began) is why


def test_an_agreement_is_taken_back_only_once_support_began() -> None:
    assert [taken_back(Agreed(1, on), began=began) for on in ({}, BOTH) for began in (False, True)] == [False, True, False, False]
