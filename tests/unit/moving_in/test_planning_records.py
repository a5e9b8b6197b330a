"""Reviewers, supporters, the log, subscriptions and what is set apart."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.funding.rules import SubscriptionLine
from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.legacy import deleted_on, scrubbed
from convenor.moving_in.rules.planning_standing import Person, Reviewer, Supporter
from convenor.moving_in.rules.planning_values import phases_in, themes_in
from convenor.moving_in.rules.planning_work import ApartLine, ReviewerLine, TrainingLine, Who
from convenor.support.rules.earlier import EarlierLine
from tests.factories.planned import ON, asked, changes, left, planned, sheet

FERNHOLLOW = {"urn": "990001", "school": "Fernhollow Primary"}
ADA = {**FERNHOLLOW, "name": "Ada Example", "email": "ada@fernhollow.example"}
KNOWN = Person(9, "Ada Example", "ada@fernhollow.example")


def test_a_reviewer_comes_with_training_and_what_they_know() -> None:
    line = {**ADA, "trained": "03/10/2024", "refreshed": "01/09/2026", "lead": "Y", "expertise": "Phonics", "days": "3"}
    found = planned(sheet(Kind.REVIEWERS, line))
    trainings = (TrainingLine("initial", date(2024, 10, 3)), TrainingLine("refresher", date(2026, 9, 1)))
    who = Who("Ada Example", "ada@fernhollow.example")
    assert found.work.reviewers == (ReviewerLine(who, "990001", True, False, ("reading",), 3, trainings),)


def test_a_reviewer_who_stands_gains_only_what_is_new() -> None:
    line = {**ADA, "trained": "03/10/2024", "refreshed": "01/09/2026"}
    stands = Reviewer(4, 9, "990001", frozenset({("initial", date(2024, 10, 3))}))
    found = planned(sheet(Kind.REVIEWERS, line), people=(KNOWN,), reviewers=(stands,))
    assert [(each.reviewer_id, each.trainings) for each in found.work.reviewers] == [(4, (TrainingLine("refresher", date(2026, 9, 1)),))]
    same = planned(sheet(Kind.REVIEWERS, {**ADA, "trained": "03/10/2024"}), people=(KNOWN,), reviewers=(stands,))
    assert (same.work.reviewers, changes(same)[0][1]) == ((), "same")


def test_a_reviewer_of_no_school_and_training_to_come_are_told() -> None:
    found = planned(sheet(Kind.REVIEWERS, {"name": "Bo Bell"}, {**ADA, "trained": "03/10/2027"}))
    words = "Bo Bell comes from no school: say on the register near which school they live, so that nobody is sent far."
    assert left(found) == [(2, words)]
    assert found.shown.told == ("list.csv, line 3: training on 03/10/2027 is still to come; it is recorded once it was held.",)


def test_a_person_with_two_addresses_among_those_who_sign_in_is_asked_about() -> None:
    found = planned(sheet(Kind.REVIEWERS, {**ADA, "email": "ada@home.example"}), people=(KNOWN,))
    assert asked(found) == ["Ada Example stands with ada@fernhollow.example and with ada@home.example. Which is right?"]
    known = planned(sheet(Kind.REVIEWERS, {**ADA, "email": "ada@home.example"}), people=(KNOWN,), said={"person": "known"})
    assert known.work.reviewers[0].who == Who("Ada Example", "ada@fernhollow.example", 9)
    other = planned(sheet(Kind.REVIEWERS, {**ADA, "email": "ada@home.example"}), people=(KNOWN,), said={"person": "new"})
    assert other.work.reviewers[0].who == Who("Ada Example", "ada@home.example")


def test_an_address_of_two_people_among_those_who_sign_in_is_asked_about() -> None:
    bo = {**ADA, "name": "Bo Bell"}
    found = planned(sheet(Kind.REVIEWERS, bo), people=(KNOWN,))
    assert asked(found) == ["ada@fernhollow.example stands for Ada Example and for Bo Bell. Whose is it?"]
    first = planned(sheet(Kind.REVIEWERS, bo), people=(KNOWN,), said={"address": "first"})
    assert first.work.reviewers[0].who == Who("Bo Bell", "")
    same = planned(sheet(Kind.REVIEWERS, bo), people=(KNOWN,), said={"address": "same"})
    assert same.work.reviewers[0].who.id == 9
    second = planned(sheet(Kind.REVIEWERS, ADA, {**bo, "urn": "990002", "school": "Ashwater"}), said={"address": "second"})
    assert [each.who for each in second.work.reviewers] == [Who("Ada Example", ""), Who("Bo Bell", "ada@fernhollow.example")]


OFFER = {"name": "Ada Example", "school": "Fernhollow Primary School", "urn": "990001", "kind": "Person", "expertise": "Early reading"}


def test_a_supporter_comes_with_what_vouches_for_them() -> None:
    line = {**OFFER, "phases": "KS1 and KS2", "days": "5", "assured_by": "The panel", "assured_on": "2026-01-12", "designation": "SLE"}
    given = {"specialist-national": ("Specialist leader of education", frozenset({"person"}))}
    found = planned(sheet(Kind.DIRECTORY, line), designations=given).work.supporters[0]
    assert (found.kind, found.expertise, found.phases, found.half_days) == ("person", ("reading",), ("Primary",), 10)
    assert (found.assured_by, found.assured_on, found.designations) == ("The panel", date(2026, 1, 12), ("specialist-national",))


def test_supporters_of_every_kind_are_told_apart() -> None:
    lines = [
        {"name": "Fernhollow Primary School", "kind": "School", "expertise": "Phonics"},
        {"name": "Vale English Hub", "kind": "Organisation", "expertise": "Phonics"},
        {"name": "Fern Learning Ltd", "kind": "", "expertise": "Maths"},
        {"name": "Waterside Trust", "kind": "MAT", "expertise": "Leadership"},
    ]
    found = planned(sheet(Kind.DIRECTORY, *lines))
    assert [(each.kind, each.urn) for each in found.work.supporters] == [("school", "990001"), ("hub", ""), ("service", ""), ("trust", "")]


def test_what_is_no_theme_is_asked_about_and_what_judges_is_left_out() -> None:
    odd = {**OFFER, "expertise": "Zzz", "says": "Weak in mathematics"}
    found = planned(sheet(Kind.DIRECTORY, odd))
    assert asked(found) == ["“Zzz”: what is it that they know well?"]
    said = planned(sheet(Kind.DIRECTORY, odd), said={"theme": "science"})
    assert [(each.expertise, each.says) for each in said.work.supporters] == [(("science",), "")]
    out = planned(sheet(Kind.DIRECTORY, odd), said={"theme": "leave"})
    assert left(out) == [(2, "You said that it is none of the themes.")]


def test_an_entry_that_stands_and_one_told_twice_are_brought_once() -> None:
    stands = Supporter(1, "person", "Ada Example", "990001", 9)
    found = planned(sheet(Kind.DIRECTORY, OFFER, OFFER), people=(KNOWN,), supporters=(stands,))
    assert (found.work.supporters, changes(found)[0][1]) == ((), "same")
    assert left(found) == [(3, "Ada Example stands there twice: the first line is brought.")]


LOG = {**FERNHOLLOW, "date": "04/03/2024", "until": "18/03/2024", "who": "Sol Carr", "what": "Phonics", "days": "1.5", "cost": "£450"}


def test_a_line_of_the_log_becomes_earlier_support() -> None:
    found = planned(sheet(Kind.SUPPORT_LOG, {**LOG, "note": "Two visits", "status": "closed"}))
    line = EarlierLine(
        "990001", date(2024, 3, 4), "Sol Carr", "Phonics", date(2024, 3, 18), 3, 45_000, "Two visits", "closed", "list.csv"
    )  # fmt: skip
    assert found.work.earlier == (line,)
    again = planned(sheet(Kind.SUPPORT_LOG, LOG), earlier=frozenset({("990001", date(2024, 3, 4), "Sol Carr", "Phonics")}))
    assert (again.work.earlier, changes(again)[0][1]) == ((), "same")


def test_ratings_and_notes_of_concern_never_enter_but_are_asked_about_once_a_file() -> None:
    lines = [{**LOG, "rating": "Red", "note": "Head struggling"}, {**LOG, "what": "Writing", "rating": "", "note": "Went well"}]
    found = planned(sheet(Kind.SUPPORT_LOG, *lines))
    assert asked(found) == ["list.csv holds 1 rating and 1 note that judges somebody about 1 school. What is done with them?"]
    assert [each.note for each in found.work.earlier] == ["", "Went well"]
    assert [word for word in ("Red", "struggling") if word in str(found.shown)] == []
    shown = planned(sheet(Kind.SUPPORT_LOG, *lines), said={"legacy": "show"})
    assert [(each.urn, each.field, each.words, each.row, each.column, each.show) for each in shown.work.apart] == [
        ("990001", "rating", "Red", 1, 8, True), ("990001", "note", "Head struggling", 1, 9, True),
    ]  # fmt: skip
    deleted = planned(sheet(Kind.SUPPORT_LOG, *lines), said={"legacy": "delete"})
    assert {each.show for each in deleted.work.apart} == {False}


def test_lines_of_the_log_that_cannot_stand_are_left_with_the_reason() -> None:
    found = planned(sheet(Kind.SUPPORT_LOG, {**LOG, "date": "soon"}, {**LOG, "date": "2030-01-01"}, LOG, LOG))
    assert left(found) == [
        (2, "It has no date that can be read."), (3, "It lies in the future: open a package of support for what is to come."),
        (5, "It stands there twice."),
    ]  # fmt: skip


SUB = {**FERNHOLLOW, "year": "2026-27", "amount": "£450.00", "paid": "30/09/2026"}


def test_a_subscription_is_new_changed_or_the_same() -> None:
    line = SubscriptionLine("990001", "2026-27", 45_000, True, date(2026, 9, 30))
    new = planned(sheet(Kind.SUBSCRIPTIONS, SUB))
    assert (new.work.subscriptions, changes(new)[0][1]) == ((line,), "new")
    same = planned(sheet(Kind.SUBSCRIPTIONS, SUB), subscriptions={("990001", "2026-27"): (45_000, True, date(2026, 9, 30), None, "")})
    assert (same.work.subscriptions, changes(same)[0][1]) == ((), "same")
    changed = planned(sheet(Kind.SUBSCRIPTIONS, SUB), subscriptions={("990001", "2026-27"): (40_000, None, None, None, "")})
    assert (changed.work.subscriptions, changes(changed)[0][3]) == ((line,), "£400.00")


def test_two_sums_of_one_school_and_year_are_asked_about() -> None:
    lines = (SUB, {**SUB, "amount": "£500.00"})
    found = planned(sheet(Kind.SUBSCRIPTIONS, *lines))
    assert asked(found) == ["Fernhollow Primary School, 2026-27: £450.00 or £500.00?"]
    for said, pence in (("45000", 45_000), ("sum", 95_000)):
        answered = planned(sheet(Kind.SUBSCRIPTIONS, *lines), said={"subscription": said})
        assert [each.pence for each in answered.work.subscriptions] == [pence]


def test_a_year_that_nobody_names_is_asked_about_once_for_a_sheet() -> None:
    lines = [{key: value for key, value in SUB.items() if key != "year"}, {**SUB, "year": "", "urn": "990002", "school": "Ashwater"}]
    found = planned(sheet(Kind.SUBSCRIPTIONS, *lines))
    assert asked(found) == ["Which year are the subscriptions of “Sheet1” for?"]
    said = planned(sheet(Kind.SUBSCRIPTIONS, *lines), said={"sheet-year": "25/26"})
    assert {each.year for each in said.work.subscriptions} == {"2025-26"}
    wrong = planned(sheet(Kind.SUBSCRIPTIONS, *lines), said={"sheet-year": "now"})
    assert [each.why for each in wrong.shown.open] == ["“now” is not a year such as 2026-27."]


def test_a_sheet_that_is_not_recognised_is_asked_about_and_a_calendar_only_told() -> None:
    unknown = sheet(Kind.UNKNOWN, {"school": "x"}, number=3)
    found = planned(unknown, sheet(Kind.CALENDAR, {"date": "2026-12-01", "what": "Board"}, file="dates.ics", number=2))
    assert asked(found) == ["What is “Sheet1” of list.csv? Say which columns it has, or leave it out."]
    assert found.shown.told == ("1 date of dates.ics are shown and not brought in: meetings are kept elsewhere yet.",)
    out = planned(unknown, said={"sheet:": "leave"})
    assert out.shown.told == ("“Sheet1” of list.csv is left out, as you said.",)
    unsure = planned(sheet(Kind.SUBSCRIPTIONS, SUB, sure=0.4))
    assert asked(unsure) == ["Is “Sheet1” of list.csv this: subscriptions?"]
    sure = planned(sheet(Kind.SUBSCRIPTIONS, SUB, sure=0.4), said={"sheet:": "yes"})
    assert len(sure.work.subscriptions) == 1


@pytest.mark.parametrize(
    ("shown", "gone"), [(ON, date(2026, 11, 17)), (date(2026, 12, 21), date(2027, 1, 8)), (date(2040, 1, 2), date(2040, 1, 17))]
)
def test_what_is_set_apart_goes_after_ten_working_days(shown: date, gone: date) -> None:
    assert deleted_on(shown) == gone


def test_what_is_set_apart_leaves_its_sheet() -> None:
    apart = ApartLine("990001", "rating", "Red", "list.csv", 1, 1, 1, True)
    assert scrubbed([["School", "RAG"], ["Fernhollow", "Red"]], [apart]) == [["School", "RAG"], ["Fernhollow", ""]]


def test_free_words_mean_themes_and_phases() -> None:
    assert [themes_in(each) for each in ("Phonics", "maths mastery", "SEND", "Zzz")] == [("reading",), ("mathematics",), ("inclusion",), ()]
    assert [phases_in(each) for each in ("KS1/KS2", "Secondary", "all", "")] == [("Primary",), ("Secondary",), (), ()]
