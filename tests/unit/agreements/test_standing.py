"""Where an agreement stands on a day, and whether the record may be used beyond the school."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.agreements.rules.classes import FOLLOWS, NAMES, DataClass, class_of
from convenor.agreements.rules.refusals import WrongDay
from convenor.agreements.rules.standing import (
    GRACE,
    Signed,
    Standing,
    State,
    acts_of,
    check_agree_by,
    may_be_used,
    standing_of,
    until_after,
)

ON = date(2026, 11, 2)
CLASS = DataClass.REVIEWS


def signed(pk: int = 1, *, until: int = 100, withdrawn: bool = False, data_class: DataClass = CLASS) -> Signed:
    return Signed(
        pk, data_class, 1, "Ada Example", "Headteacher", "", ON - timedelta(days=200), ON + timedelta(days=until),
        ON - timedelta(days=1) if withdrawn else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (61, State.AGREED), (60, State.ENDING), (1, State.ENDING), (0, State.GRACE), (-29, State.GRACE), (-30, State.ENDED),
        (-400, State.ENDED),
    ],
)  # fmt: skip
def test_agreement_stands_until_thirty_days_after_its_end(until: int, state: State) -> None:
    found = standing_of(CLASS, [signed(until=until)], on=ON)
    assert (found.state, found.stands) == (state, state is not State.ENDED)
    assert found.last_used_on == (ON + timedelta(days=until + 29) if found.stands else None)


def test_nothing_signed_is_not_yet_agreed_and_another_class_says_nothing() -> None:
    assert standing_of(CLASS, [], on=ON) == Standing(CLASS, State.NOT_YET)
    assert standing_of(CLASS, [signed(data_class=DataClass.SUPPORT)], on=ON).state is State.NOT_YET


def test_withdrawal_counts_until_the_school_agrees_again() -> None:
    assert standing_of(CLASS, [signed(withdrawn=True)], on=ON).state is State.WITHDRAWN
    assert standing_of(CLASS, [signed(withdrawn=True), signed(2)], on=ON).state is State.AGREED
    assert standing_of(CLASS, [signed(1, until=-90), signed(2, withdrawn=True)], on=ON).state is State.WITHDRAWN


def test_what_a_school_did_stands_newest_first_and_together() -> None:
    no = replace(signed(4, withdrawn=True, data_class=DataClass.SUPPORT), signed_on=None, withdrawn_by="Ada Example")
    rows = [signed(1), signed(2, data_class=DataClass.PUBLISHED), signed(3, withdrawn=True, data_class=DataClass.ENTERED), no]
    done = [(act.on, act.withdrawn, act.classes) for act in acts_of(rows)]
    day, before = ON - timedelta(days=1), ON - timedelta(days=200)
    assert done == [
        (day, True, ("Support",)), (day, True, ("What is entered",)),
        (before, False, ("Peer reviews", "What is published", "What is entered")),
    ]  # fmt: skip


def test_of_two_that_stand_the_longer_counts() -> None:
    found = standing_of(CLASS, [signed(2, until=10), signed(1, until=300)], on=ON)
    assert found.signed is not None
    assert (found.state, found.signed.pk) == (State.AGREED, 1)


def test_it_lasts_twelve_months_and_the_last_of_february_too() -> None:
    assert [until_after(each) for each in (ON, date(2028, 2, 29))] == [date(2027, 11, 2), date(2029, 2, 28)]
    assert signed(until=1).last_on == ON


def test_who_has_said_nothing_is_used_as_before_until_the_day_asked_for() -> None:
    not_yet = standing_of(CLASS, [], on=ON)
    assert [may_be_used(not_yet, agree_by_on=ON + timedelta(days=days), on=ON) for days in (1, 0, -1)] == [True, True, False]


@given(rows=st.lists(st.builds(signed, st.integers(1, 9), until=st.integers(-90, 400), withdrawn=st.booleans()), max_size=6))
def test_record_is_used_exactly_while_something_stands_that_was_not_withdrawn(rows: list[Signed]) -> None:
    found = standing_of(CLASS, rows, on=ON)
    used = may_be_used(found, agree_by_on=ON - timedelta(days=1), on=ON)
    assert used == any(each.withdrawn_on is None and each.until_on + GRACE > ON for each in rows)


@pytest.mark.parametrize(("days", "says"), [(13, "14 days at least"), (184, "Half a year")])
def test_day_by_which_schools_are_asked_leaves_time_and_comes(days: int, says: str) -> None:
    with pytest.raises(WrongDay, match=says):
        check_agree_by(ON + timedelta(days=days), on=ON)
    for fits in (14, 183):
        check_agree_by(ON + timedelta(days=fits), on=ON)


def test_every_class_has_its_name_and_says_what_follows() -> None:
    assert (set(NAMES), set(FOLLOWS)) == (set(DataClass), set(DataClass))


@pytest.mark.parametrize(
    ("feature", "table", "expected"),
    [
        ("registers", "School", DataClass.PUBLISHED), ("intelligence", "SoftSignal", DataClass.ENTERED),
        ("intelligence", "RunSchool", DataClass.PUBLISHED), ("peer_review", "Report", DataClass.REVIEWS),
        ("support", "Package", DataClass.SUPPORT), ("partnership", "Seat", None), ("accounts", "Person", None),
    ],
)  # fmt: skip
def test_table_belongs_to_one_class(feature: str, table: str, expected: DataClass | None) -> None:
    assert class_of(feature, table) is expected
