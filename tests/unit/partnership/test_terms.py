"""On which days the area's schools are open, and what may be entered as a term."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.england.school_years import SchoolYear
from convenor.partnership.rules.terms import (
    Closed,
    Known,
    SchoolCalendar,
    Stretch,
    TermsRefused,
    bounds,
    check_terms,
    said,
    suggested,
)

YEAR = SchoolYear(2026)
AUTUMN = Stretch(date(2026, 9, 2), date(2026, 10, 24), "Autumn, first half")
LATE = Stretch(date(2026, 11, 2), date(2026, 12, 19), "Autumn, second half")
ENTERED = SchoolCalendar({2026: (AUTUMN, LATE)}, {date(2026, 11, 27): "training day"}, {2026: Known.PARTNERSHIP})


def why(day: date) -> str:
    return ENTERED.why_closed(day)


def test_a_day_says_why_it_is_no_school_day() -> None:
    assert [
        why(date(2026, 11, 3)), why(date(2026, 11, 7)), why(date(2026, 10, 28)), why(date(2026, 11, 27)), why(date(2026, 12, 25)),
        why(date(2029, 1, 9)),
    ] == [
        "", "a weekend", "in the holidays", "training day", "a bank holiday",
        "a day whose bank holidays are not known: the list runs until 2028",
    ]  # fmt: skip


def test_a_closed_day_without_a_reason_still_says_so() -> None:
    calendar = SchoolCalendar({2026: (AUTUMN,)}, {date(2026, 9, 3): ""}, {})
    assert calendar.why_closed(date(2026, 9, 3)) == "a day on which schools are closed"


def test_the_nearest_school_days_stand_on_either_side_of_a_holiday() -> None:
    assert ENTERED.nearest(date(2026, 10, 28)) == [date(2026, 10, 23), date(2026, 11, 2)]


def test_the_nearest_school_days_never_lie_before_the_first_that_would_do() -> None:
    assert ENTERED.nearest(date(2026, 10, 28), not_before=date(2026, 10, 26)) == [date(2026, 11, 2), date(2026, 11, 3)]


def test_school_days_leave_out_weekends_holidays_and_days_off() -> None:
    assert ENTERED.days(date(2026, 10, 22), date(2026, 11, 4)) == [
        date(2026, 10, 22), date(2026, 10, 23), date(2026, 11, 2), date(2026, 11, 3),
    ]  # fmt: skip


def test_without_terms_the_bounds_of_england_stand_in_and_august_is_none() -> None:
    calendar = SchoolCalendar({}, {}, {})
    assert [calendar.open_on(date(2027, 7, 30)), calendar.open_on(date(2027, 8, 3)), calendar.open_on(date(2026, 10, 28))] == [
        True, False, True,
    ]  # fmt: skip
    assert [each.name for each in bounds(YEAR)] == ["autumn", "spring", "summer"]


def test_the_years_without_terms_are_named() -> None:
    assert ENTERED.unknown_years(date(2026, 11, 1), date(2027, 11, 1)) == ["2027-28"]
    assert ENTERED.unknown_years(date(2026, 11, 1), date(2026, 12, 1)) == []


def test_a_term_that_begins_in_august_belongs_to_the_year_that_follows() -> None:
    early = Stretch(date(2026, 8, 26), date(2026, 10, 17), "Autumn, first half")
    calendar = SchoolCalendar({2026: (early,)}, {}, {2026: Known.AUTHORITY})
    assert (check_terms(YEAR, [early], []), calendar.open_on(date(2026, 8, 27))) == (([early], []), True)


@pytest.mark.parametrize(
    ("stretches", "closed", "words"),
    [
        ([], [], "Enter at least one term. Nothing was changed."),
        ([Stretch(date(2026, 9, 2), date(2026, 9, 2), "A")], [], "A: its last day comes before its first. Nothing was changed."),
        ([Stretch(date(2027, 9, 2), date(2027, 10, 2), "A")], [], "A does not lie in the school year 2026-27. Nothing was changed."),
        (
            [AUTUMN, Stretch(date(2026, 10, 23), date(2026, 12, 1), "B")],
            [],
            "B begins before Autumn, first half has ended. Nothing was changed.",
        ),
        (
            [AUTUMN],
            [Closed(date(2026, 10, 28))],
            "Wednesday 28 October 2026 lies outside every term, so schools are closed then anyway. Nothing was changed.",
        ),
        (
            [AUTUMN],
            [Closed(date(2026, 9, 3)), Closed(date(2026, 9, 3))],
            "Thursday 3 September 2026 stands twice. Nothing was changed.",
        ),
    ],
)
def test_terms_that_do_not_fit_are_refused_in_words(stretches: list[Stretch], closed: list[Closed], words: str) -> None:
    with pytest.raises(TermsRefused) as refused:
        check_terms(YEAR, stretches, closed)
    assert str(refused.value) == words


def test_terms_are_put_in_their_order() -> None:
    assert check_terms(YEAR, [LATE, AUTUMN], [Closed(date(2026, 11, 27)), Closed(date(2026, 9, 3))]) == (
        [AUTUMN, LATE],
        [Closed(date(2026, 9, 3)), Closed(date(2026, 11, 27))],
    )


@given(st.dates(date(2020, 9, 1), date(2027, 7, 1)), st.integers(1, 60))
def test_a_suggestion_keeps_the_weekdays_and_the_length(first: date, length: int) -> None:
    before = Stretch(first, first + timedelta(days=length), "A")
    [after] = suggested([before])
    assert (after.from_on.weekday(), after.until_on - after.from_on, after.from_on - before.from_on) == (
        first.weekday(), timedelta(days=length), timedelta(days=364),
    )  # fmt: skip


@given(st.dates(date(2016, 1, 1), date(2028, 8, 1)))
def test_the_nearest_days_are_open_and_none_lies_nearer_after(day: date) -> None:
    calendar = SchoolCalendar({}, {}, {})
    before, after = calendar.nearest(day)
    assert (before < day < after, calendar.open_on(before), calendar.open_on(after)) == (True, True, True)
    assert calendar.days(day + timedelta(days=1), after) == []


def test_a_day_is_said_whole() -> None:
    assert said(date(2026, 11, 2)) == "Monday 2 November 2026"
