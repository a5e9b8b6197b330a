"""By which day a request is to be answered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.england.working_days import is_working_day, working_days_between
from convenor.records.rules.clock import RequestKind, Stop, StopKind, due

FOI, SAR, OTHER = RequestKind.FREEDOM_OF_INFORMATION, RequestKind.SUBJECT_ACCESS, RequestKind.OTHER
TODAY = date(2026, 11, 23)
RECEIVED = st.dates(date(2016, 1, 1), date(2027, 6, 30))


def on(kind: RequestKind, received: date, *stops: Stop, longer: bool = False) -> date | None:
    return due(kind, received, stops, longer=longer, today=TODAY).on


@pytest.mark.parametrize(
    ("received", "answer"),
    [
        (date(2026, 11, 2), date(2026, 11, 30)),  # a Monday: twenty working days after
        (date(2026, 11, 1), date(2026, 11, 27)),  # a Sunday counts as the day of receipt
        (date(2026, 12, 18), date(2027, 1, 20)),  # Christmas, its Monday after and New Year's Day do not count
    ],
)
def test_freedom_of_information_has_twenty_working_days(received: date, answer: date) -> None:
    assert on(FOI, received) == answer


@given(RECEIVED)
def test_twenty_working_days_lie_between_receipt_and_answer(received: date) -> None:
    answer = on(FOI, received)
    assert answer is not None
    assert (working_days_between(received, answer), is_working_day(answer)) == (20, True)


@pytest.mark.parametrize(
    ("received", "answer"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 9, 8), date(2026, 10, 8)),
        (date(2026, 1, 31), date(2026, 3, 2)),  # the last of February is a Saturday
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas Day, Boxing Day, a Sunday and the Monday in lieu
    ],
)
def test_subject_access_has_one_calendar_month(received: date, answer: date) -> None:
    assert on(SAR, received) == answer


@given(RECEIVED)
def test_a_month_is_never_shorter_than_its_date_and_ends_on_a_working_day(received: date) -> None:
    answer = on(SAR, received)
    assert answer is not None
    assert is_working_day(answer)
    assert timedelta(days=28) <= answer - received <= timedelta(days=37)


def test_two_months_more_run_from_the_first_day() -> None:
    assert on(SAR, date(2026, 9, 8), longer=True) == date(2026, 12, 8)


def test_asking_what_is_meant_begins_freedom_of_information_anew() -> None:
    stop = Stop(StopKind.CLARITY, date(2026, 11, 4), date(2026, 11, 10))
    assert on(FOI, date(2026, 11, 2), stop) == on(FOI, date(2026, 11, 10))


def test_days_from_a_fees_notice_to_its_payment_do_not_count() -> None:
    stop = Stop(StopKind.FEE, date(2026, 11, 4), date(2026, 11, 10))  # Wednesday to Tuesday: five working days
    assert on(FOI, date(2026, 11, 2), stop) == date(2026, 12, 7)


def test_asking_what_is_meant_holds_subject_access_for_as_long_as_it_takes() -> None:
    stop = Stop(StopKind.CLARITY, date(2026, 9, 10), date(2026, 9, 15))
    assert on(SAR, date(2026, 9, 8), stop) == date(2026, 10, 13)


def test_showing_who_one_is_begins_subject_access_anew_and_what_was_before_no_longer_counts() -> None:
    before = Stop(StopKind.CLARITY, date(2026, 9, 9), date(2026, 9, 12))
    shown = Stop(StopKind.IDENTITY, date(2026, 9, 10), date(2026, 9, 15))
    assert on(SAR, date(2026, 9, 8), before, shown) == date(2026, 10, 15)


@given(RECEIVED, st.lists(st.tuples(st.sampled_from(list(StopKind)), st.integers(0, 20), st.integers(0, 20)), max_size=3))
def test_no_stop_ever_brings_the_day_forward(received: date, given_stops: list[tuple[StopKind, int, int]]) -> None:
    stops = [Stop(kind, received + timedelta(days=a), received + timedelta(days=a + b)) for kind, a, b in given_stops]
    for kind in (FOI, SAR):
        plain, stopped = on(kind, received), on(kind, received, *stops)
        assert plain is not None
        assert stopped is not None
        assert stopped >= plain


def test_while_we_wait_no_day_is_said() -> None:
    found = due(SAR, date(2026, 11, 2), [Stop(StopKind.IDENTITY, date(2026, 11, 3), None)], today=TODAY)
    assert (found.on, found.stopped, found.says) == (None, True, "The clock stands still: we asked the person to show who they are.")


def test_another_request_has_the_day_that_somebody_set_or_none() -> None:
    assert due(OTHER, TODAY, own_day=date(2026, 11, 30), today=TODAY).on == date(2026, 11, 30)
    assert due(OTHER, TODAY, today=TODAY).says == "No law sets a day for this."


@pytest.mark.parametrize(
    ("received", "says", "late"),
    [
        (date(2026, 10, 26), "It is due today.", False),
        (date(2026, 10, 27), "1 working day left, today not counted.", False),
        (date(2026, 10, 21), "It was due 3 working days ago.", True),
    ],
)
def test_clock_says_what_is_left(received: date, says: str, late: bool) -> None:
    found = due(FOI, received, today=TODAY)
    assert (found.says, found.late(TODAY)) == (says, late)


def test_a_day_gone_by_over_a_weekend_is_said_to_be_past() -> None:
    found = due(OTHER, date(2026, 11, 2), own_day=date(2026, 11, 20), today=date(2026, 11, 21))
    assert (found.says, found.late(date(2026, 11, 21))) == ("It was due on a day that has passed.", True)


def test_beyond_the_list_of_bank_holidays_the_day_is_left_to_a_person() -> None:
    found = due(FOI, date(2028, 12, 20), today=date(2028, 12, 21))
    assert (found.on, found.says) == (None, "The bank holidays after 2028 are not in the list: reckon the day by hand.")
