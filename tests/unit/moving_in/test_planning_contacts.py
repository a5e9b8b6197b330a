"""Contacts in a plan: which school, which person, which address; and what is asked rather than guessed."""

from __future__ import annotations

from datetime import date

from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.planning_standing import Contact
from convenor.moving_in.rules.planning_work import ContactLine
from tests.factories.planned import asked, changes, left, planned, sheet

FERNHOLLOW = {"urn": "990001", "school": "Fernhollow Primary"}
ADA = {**FERNHOLLOW, "role": "Headteacher", "name": "Ada Example", "email": "ada@fernhollow.example"}
STANDS = Contact(5, "990001", "head", "Ada Example", "ada@fernhollow.example", "01234 567890", None)


def test_a_contact_is_new_where_nothing_stands() -> None:
    found = planned(sheet(Kind.CONTACTS, ADA))
    assert changes(found) == [("contacts", "new", "Head, Fernhollow Primary School", "", "Ada Example, ada@fernhollow.example")]
    assert found.work.contacts == (ContactLine("990001", "head", "Ada Example", "ada@fernhollow.example", "", None, "list.csv"),)
    assert asked(found) == []


def test_a_contact_that_stands_is_the_same_and_brings_nothing() -> None:
    found = planned(sheet(Kind.CONTACTS, ADA), contacts=(STANDS,))
    said = "Ada Example, ada@fernhollow.example, 01234 567890"
    assert changes(found) == [("contacts", "same", "Head, Fernhollow Primary School", "", said)]
    assert found.work.contacts == ()


def test_a_contact_that_was_checked_later_is_changed() -> None:
    found = planned(sheet(Kind.CONTACTS, {**ADA, "verified": "01/10/2026"}), contacts=(STANDS,))
    assert found.work.contacts == (
        ContactLine("990001", "head", "Ada Example", "ada@fernhollow.example", "01234 567890", date(2026, 10, 1), "list.csv", 5),
    )
    assert changes(found)[0][1] == "changed"


def test_lines_that_say_the_same_become_one() -> None:
    again = {**ADA, "name": "A. Example", "phone": "01234 567890"}
    found = planned(sheet(Kind.CONTACTS, ADA, again))
    assert found.work.contacts == (
        ContactLine("990001", "head", "Ada Example", "ada@fernhollow.example", "01234 567890", None, "list.csv"),
    )


def test_a_person_with_two_addresses_is_asked_about() -> None:
    other = {**ADA, "email": "ada.example@home.example"}
    found = planned(sheet(Kind.CONTACTS, ADA, other))
    assert asked(found) == [
        "Ada Example, Fernhollow Primary School: ada@fernhollow.example or ada.example@home.example?",
    ]
    assert found.work.contacts == ()
    kept = planned(sheet(Kind.CONTACTS, ADA, other), said={"contact-address": "ada.example@home.example"})
    assert [each.email for each in kept.work.contacts] == ["ada.example@home.example"]
    both = planned(sheet(Kind.CONTACTS, ADA, other), said={"contact-address": "both"})
    assert [each.email for each in both.work.contacts] == ["ada@fernhollow.example", "ada.example@home.example"]


def test_a_new_address_of_somebody_who_stands_takes_the_place_of_the_old() -> None:
    other = {**ADA, "email": "a.example@fernhollow.example"}
    found = planned(sheet(Kind.CONTACTS, other), contacts=(STANDS,), said={"contact-address": "a.example@fernhollow.example"})
    assert [(each.email, each.contact_id) for each in found.work.contacts] == [("a.example@fernhollow.example", 5)]


def test_an_address_of_two_people_is_asked_about() -> None:
    other = {"urn": "990002", "school": "Ashwater Primary", "role": "Head", "name": "Bo Bell", "email": "ada@fernhollow.example"}
    found = planned(sheet(Kind.CONTACTS, ADA, other))
    people = "Ada Example (Head, Fernhollow Primary School) and Bo Bell (Head, Ashwater Primary School)"
    assert asked(found) == [f"ada@fernhollow.example stands for {people}. Is that right?"]
    assert found.work.contacts == ()
    first = planned(sheet(Kind.CONTACTS, ADA, other), said={"address": "first"})
    assert [(each.name, each.email) for each in first.work.contacts] == [("Ada Example", "ada@fernhollow.example"), ("Bo Bell", "")]


def test_a_mailbox_of_an_office_is_not_asked_about() -> None:
    box = "office@fernhollow.example"
    found = planned(sheet(Kind.CONTACTS, {**ADA, "email": box}, {**FERNHOLLOW, "role": "Clerk", "name": "Cy Cole", "email": box}))
    assert asked(found) == []
    assert [each.email for each in found.work.contacts] == [box, box]


def test_two_heads_of_one_school_are_asked_about_and_settled_by_the_last_check() -> None:
    early, late = {**ADA, "verified": "2025-01-01"}, {**FERNHOLLOW, "role": "Head", "name": "Bo Bell", "verified": "2026-01-01"}
    found = planned(sheet(Kind.CONTACTS, late, early))
    assert asked(found) == ["Head of Fernhollow Primary School: Bo Bell or Ada Example?"]
    settled = planned(sheet(Kind.CONTACTS, late, early), said={"holder": "both"})
    assert [each.name for each in settled.work.contacts] == ["Bo Bell", "Ada Example"]
    one = planned(sheet(Kind.CONTACTS, late, early), said={"holder": "ada example"})
    assert [each.name for each in one.work.contacts] == ["Ada Example"]
    assert left(one) == [(2, "Bo Bell is not head any more, as was said.")]


def test_like_doubts_are_asked_of_together_and_one_by_one_where_that_is_wished() -> None:
    lines = [
        {"urn": urn, "school": name, "role": "Head", "name": who}
        for urn, name in (("990001", "Fernhollow Primary"), ("990002", "Ashwater Primary")) for who in ("Ada Example", "Bo Bell")
    ]  # fmt: skip
    found = planned(sheet(Kind.CONTACTS, *lines))
    first = "Head of Fernhollow Primary School: Ada Example or Bo Bell?"
    assert asked(found) == [f"2 roles at schools are held by two people or more. Who is it? For one: {first}"]
    whole = planned(sheet(Kind.CONTACTS, *lines), said={"each-contact": "last"})
    assert [each.name for each in whole.work.contacts] == ["Bo Bell", "Bo Bell"]
    each = planned(sheet(Kind.CONTACTS, *lines), said={"each-contact": "one-by-one"})
    assert sorted(asked(each)) == ["Head of Ashwater Primary School: Ada Example or Bo Bell?", first]


def test_a_head_who_follows_another_takes_the_row_over() -> None:
    bo = {**FERNHOLLOW, "role": "Head", "name": "Bo Bell", "email": "bo@fernhollow.example"}
    found = planned(sheet(Kind.CONTACTS, bo), contacts=(STANDS,), said={"holder": "bo bell"})
    assert found.work.contacts == (ContactLine("990001", "head", "Bo Bell", "bo@fernhollow.example", "", None, "list.csv", 5),)
    stays = planned(sheet(Kind.CONTACTS, bo), contacts=(STANDS,), said={"holder": "ada example"})
    assert stays.work.contacts == ()
    assert left(stays) == [(2, "Bo Bell is not head any more, as was said.")]


def test_a_line_of_a_school_that_is_no_member_waits_for_one_answer() -> None:
    found = planned(sheet(Kind.CONTACTS, ADA), members=frozenset())
    words = "1 school in these files is not recorded as a member yet: Fernhollow Primary School. Record that they join?"
    assert asked(found) == [words]
    joined = planned(sheet(Kind.CONTACTS, ADA), members=frozenset(), said={"join": "join"})
    assert [each.urn for each in joined.work.contacts] == ["990001"]
    assert joined.work.constitution is not None
    assert [each.school for each in joined.work.constitution.members] == ["990001"]
    out = planned(sheet(Kind.CONTACTS, ADA), members=frozenset(), said={"join": "leave"})
    assert left(out) == [(2, "Fernhollow Primary School is no member of the partnership, and you said that it does not join.")]


def test_a_line_without_a_school_or_without_anybody_is_left_with_the_reason() -> None:
    found = planned(sheet(Kind.CONTACTS, {"name": "Ada Example"}, {**FERNHOLLOW, "role": "Head", "email": "not an address"}))
    assert left(found) == [(2, "It names no school."), (3, "It holds neither a name nor an address.")]
    assert found.shown.told == ("list.csv, line 3: “not an address” is no address; the rest of the line is brought.",)
