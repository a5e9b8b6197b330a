"""The call before an inspection: who may know, what gives way, and an outcome that is locked until it is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.partnership.rules.terms import SchoolCalendar, Stretch
from convenor.support.rules import the_call as rule
from convenor.support.rules.refusals import Missing, NoWords, OutOfTurn, WrongDay
from convenor.support.rules.the_call import Call, Dated, giving_way, knows, reads_outcome

MONDAY = date(2026, 11, 16)
DAY = timedelta(days=1)
CALL = Call(by=1, knows=frozenset({2, 3}), colleague=4, called_on=MONDAY, until_on=MONDAY + 3 * DAY)
LATER = MONDAY + 40 * DAY


@pytest.mark.parametrize(("person", "told"), [(1, True), (2, True), (3, True), (4, True), (5, False), (None, False)])
def test_only_the_head_those_told_and_the_colleague_know_of_a_call(person: int | None, told: bool) -> None:
    assert knows(CALL, person, on=MONDAY) is told


def test_nobody_but_the_head_knows_of_it_once_it_is_over() -> None:
    ended, long_ago = replace(CALL, ended_on=LATER), CALL.until_on + rule.OPEN_FOR
    assert [knows(ended, person, on=LATER) for person in (1, 2, 4)] == [True, False, False]
    assert [knows(CALL, person, on=long_ago) for person in (1, 2, 4)] == [True, False, False]


@given(st.one_of(st.none(), st.integers(0, 6)), st.integers(0, 80), st.one_of(st.none(), st.integers(0, 80)))
def test_the_outcome_is_locked_until_it_is_published(person: int | None, ahead: int, published: int | None) -> None:
    on = MONDAY + ahead * DAY
    call = replace(CALL, published_on=None if published is None else MONDAY + published * DAY)
    out = published is not None and published <= ahead
    assert reads_outcome(call, person, on=on) == (person == 1 or (out and person in (2, 3, 4)))


def test_what_lies_in_the_weeks_of_the_inspection_gives_way_but_not_what_has_begun() -> None:
    def day(ahead: int, key: int, *, days: int = 1, begun: bool = False) -> Dated:
        return Dated("visit", key, MONDAY + ahead * DAY, MONDAY + (ahead + days) * DAY, begun)

    before, into, same, begun, friday, after = day(-3, 1), day(-3, 2, days=4), day(1, 3), day(0, 4, begun=True), day(4, 5), day(7, 6)
    given_ = (after, friday, begun, same, into, before)
    assert [each.key for each in giving_way(given_, MONDAY + DAY, MONDAY + 3 * DAY)] == [2, 3, 5]
    over_two_weeks = giving_way(given_, MONDAY + 4 * DAY, MONDAY + 8 * DAY)
    assert [each.key for each in over_two_weeks] == [2, 3, 5, 6]


def test_the_form_begins_with_the_next_two_school_days() -> None:
    term = SchoolCalendar({2026: (Stretch(date(2026, 9, 1), date(2026, 12, 19)),)}, {date(2026, 11, 17): "a training day"}, {})
    assert rule.suggested(MONDAY, term) == (date(2026, 11, 18), date(2026, 11, 20))
    assert rule.suggested(date(2026, 11, 19), term) == (date(2026, 11, 20), date(2026, 11, 24))
    closed = SchoolCalendar({2026: ()}, {}, {})
    assert rule.suggested(MONDAY, closed) == (MONDAY + DAY, MONDAY + 2 * DAY)


@pytest.mark.parametrize(("first", "last"), [(-1, 1), (22, 23), (2, 1), (1, 6)])
def test_days_on_which_no_inspection_can_be_are_refused(first: int, last: int) -> None:
    with pytest.raises(WrongDay, match="Nothing was changed"):
        rule.check_days(MONDAY + first * DAY, MONDAY + last * DAY, today=MONDAY)


def test_an_inspection_takes_up_to_five_days() -> None:
    assert rule.check_days(MONDAY, MONDAY + 4 * DAY, today=MONDAY) == MONDAY + 5 * DAY


def test_a_head_tells_whom_they_choose_and_nobody_else() -> None:
    possible = frozenset(range(60))
    assert rule.check_told([3, 2, 3, 1], 9, by=1, possible=possible) == (2, 3)
    assert rule.check_told([], None, by=1, possible=frozenset()) == ()
    for told, colleague in (([2, 99], None), ([2], 99), (range(2, 30), None)):
        with pytest.raises(Missing, match="Nothing was changed"):
            rule.check_told(told, colleague, by=1, possible=possible)


def test_an_outcome_may_be_written_and_emptied_but_is_no_report() -> None:
    assert (rule.check_outcome(" as we hoped "), rule.check_outcome("")) == ("as we hoped", "")
    with pytest.raises(NoWords):
        rule.check_outcome("a" * (rule.OUTCOME_AT_MOST + 1))


def test_a_report_is_published_once_after_the_inspection_and_not_in_the_future() -> None:
    rule.check_published(CALL, LATER, today=LATER)
    for day, today in ((LATER + DAY, LATER), (CALL.until_on - DAY, LATER)):
        with pytest.raises(WrongDay):
            rule.check_published(CALL, day, today=today)
    for done in (replace(CALL, published_on=LATER), replace(CALL, ended_on=LATER)):
        with pytest.raises(OutOfTurn):
            rule.check_published(done, LATER, today=LATER)
