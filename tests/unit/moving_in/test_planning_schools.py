"""Which school a line means: closed ones, those elsewhere, those that contradict themselves."""

from __future__ import annotations

from convenor.moving_in.rules.kinds import Kind
from tests.factories.planned import asked, left, planned, sheet

LOG = {"date": "2024-03-04", "who": "Sol Carr", "what": "Reading"}


def test_a_closed_urn_leads_to_the_school_that_it_became_and_says_so() -> None:
    found = planned(sheet(Kind.SUPPORT_LOG, {**LOG, "urn": "980004", "school": "Coldbrook School"}))
    assert [each.urn for each in found.work.earlier] == ["990004"]
    closed = "Coldbrook School (URN 980004) closed on 31 August 2023"
    assert found.shown.told == (f"{closed}; the register names Coldbrook Academy (URN 990004) as its successor.",)


def test_a_school_outside_the_areas_is_asked_about_once() -> None:
    lines = [{**LOG, "urn": "770001", "school": "Faraway Primary School"}, {**LOG, "urn": "770001", "what": "Writing"}]
    found = planned(sheet(Kind.SUPPORT_LOG, *lines))
    assert asked(found) == ["Faraway Primary School: outside the partnership’s areas. Are they meant?"]
    assert [len(each.lines) for each in found.shown.open] == [2]
    brought = planned(sheet(Kind.SUPPORT_LOG, *lines), said={"outside": "bring"})
    assert [each.urn for each in brought.work.earlier] == ["770001", "770001"]
    out = planned(sheet(Kind.SUPPORT_LOG, *lines), said={"outside": "leave"})
    said = "Faraway Primary School lies outside the partnership’s areas, and you said to leave such schools out."
    assert left(out) == [(2, said), (3, said)]


def test_a_number_of_one_school_beside_the_name_of_another_is_asked_about() -> None:
    lines = [
        {**LOG, "urn": "990001", "school": "Ashwater Primary School"}, {**LOG, "urn": "990002", "school": "Fernhollow Primary School"},
    ]  # fmt: skip
    found = planned(sheet(Kind.SUPPORT_LOG, *lines))
    first = "Which school is “Ashwater Primary School” (URN 990001)?"
    assert asked(found) == [f"2 lines carry the number of one school and the name of another. Which is right? For one: {first}"]
    assert found.work.earlier == ()
    by_name = planned(sheet(Kind.SUPPORT_LOG, *lines), said={"each-school": "name"})
    assert [each.urn for each in by_name.work.earlier] == ["990002", "990001"]
    by_number = planned(sheet(Kind.SUPPORT_LOG, *lines), said={"each-school": "number"})
    assert [each.urn for each in by_number.work.earlier] == ["990001", "990002"]
    out = planned(sheet(Kind.SUPPORT_LOG, *lines), said={"each-school": "leave"})
    assert left(out) == [
        (2, "You said that its school is none of the register’s."),
        (3, "You said that its school is none of the register’s."),
    ]


def test_a_name_that_no_school_has_is_asked_about_and_may_be_typed() -> None:
    line = {**LOG, "school": "The Old Mill"}
    found = planned(sheet(Kind.SUPPORT_LOG, line))
    assert asked(found) == ["Which school is “The Old Mill”?"]
    typed = planned(sheet(Kind.SUPPORT_LOG, line), said={"school": "URN 990003"})
    assert [each.urn for each in typed.work.earlier] == ["990003"]
    wrong = planned(sheet(Kind.SUPPORT_LOG, line), said={"school": "123456"})
    assert [each.why for each in wrong.shown.open] == [
        "“123456” is not the URN of a school that the register knows. Type its six digits, or choose."
    ]
    out = planned(sheet(Kind.SUPPORT_LOG, line), said={"school": "leave"})
    assert left(out) == [(2, "You said that its school is none of the register’s.")]


def test_lines_that_say_the_same_of_a_school_are_asked_of_once() -> None:
    lines = [{**LOG, "school": "The Old Mill"}, {**LOG, "school": "The Old  Mill", "what": "Writing"}]
    found = planned(sheet(Kind.SUPPORT_LOG, *lines))
    assert [each.lines for each in found.shown.open] == [(("list.csv", 2), ("list.csv", 3))]
