"""How long a record is kept: the last day of a period, and the days that are past it, are two ways of saying one thing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.england import keeping
from convenor.england.keeping import Clock, Keep, add_months

DAYS = st.dates(date(2010, 1, 1), date(2040, 12, 31))
RULES = st.builds(
    Keep,
    clock=st.sampled_from([Clock.SCHOOL_YEAR, Clock.FINANCIAL_YEAR, Clock.RUNNING]),
    years=st.integers(0, 8),
    months=st.integers(0, 20),
    days=st.integers(0, 40),
    since=st.just(("at",)),
)


@given(RULES, DAYS, DAYS)
def test_nothing_is_past_its_period_before_its_last_day_is_over(rule: Keep, day: date, today: date) -> None:
    before, last = rule.goes_before(today), rule.last_day([day])
    assert before is not None
    assert last is not None
    if day < before:
        assert last < today


@given(RULES, DAYS, DAYS)
def test_what_is_past_goes_at_the_latest_some_days_after_its_last_day(rule: Keep, day: date, today: date) -> None:
    before, last = rule.goes_before(today), rule.last_day([day])
    assert before is not None
    assert last is not None
    if last + timedelta(days=3) < today:  # the ends of February are counted in favour of keeping
        assert day < before


@pytest.mark.parametrize(
    ("rule", "day", "last"),
    [
        (keeping.years_after_year_end(6, "at"), date(2019, 8, 31), date(2025, 8, 31)),
        (keeping.years_after_year_end(6, "at"), date(2019, 9, 1), date(2026, 8, 31)),
        (keeping.years_after_financial_year(6, "at"), date(2020, 3, 31), date(2026, 3, 31)),
        (keeping.years(2, "at"), date(2024, 2, 29), date(2026, 2, 28)),
        (keeping.days(30, "at"), date(2026, 1, 31), date(2026, 3, 2)),
        (keeping.months(12, "at"), date(2025, 11, 22), date(2026, 11, 22)),
    ],
)
def test_last_day_of_a_period(rule: Keep, day: date, last: date) -> None:
    assert rule.last_day([day]) == last


def test_the_newest_day_begins_the_period() -> None:
    rule = keeping.years(1, "asked_at", "ended_on")
    assert rule.last_day([date(2020, 1, 1), None, date(2021, 5, 5)]) == date(2022, 5, 5)


def test_what_is_in_use_or_knows_no_day_has_no_last_day() -> None:
    rule = keeping.years_after_year_end(6, "opened_on", "ended_on", ended="ended_on")
    assert (rule.last_day([date(2001, 1, 1), None], ended=False), rule.last_day([None, None])) == (None, None)


@pytest.mark.parametrize("rule", [keeping.lasting(), keeping.published(), keeping.until_act("it is taken back")])
def test_what_does_not_go_on_its_own_is_never_past(rule: Keep) -> None:
    assert (rule.runs, rule.goes_before(date(2100, 1, 1)), rule.last_day([date(1990, 1, 1)])) == (False, None, None)


@pytest.mark.parametrize(
    ("rule", "written", "day"),
    [
        (keeping.years_after_financial_year(6, named="year"), "2026-27", date(2026, 4, 1)),
        (keeping.years_after_year_end(6, named="year"), "2026-27", date(2026, 9, 1)),
        (keeping.years_after_year_end(6, named="year"), "soon", None),
        (keeping.years(6, "at"), "2026-27", None),
    ],
)
def test_first_day_of_a_year_that_is_written_out(rule: Keep, written: str, day: date | None) -> None:
    assert rule.first_day_of(written) == day


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 12, 15), 1, date(2027, 1, 15)), (date(2026, 3, 31), -1, date(2026, 2, 28))],
)
def test_months_end_on_a_day_that_there_is(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then
