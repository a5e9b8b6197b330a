"""What a later version of a file makes of people who sit already: corrected, ended, named again, or left as the site has them."""

from datetime import date, timedelta

import pytest

from convenor.journal.models import Entry
from convenor.partnership.actions import appoint, end_appointment, load_constitution
from convenor.partnership.models import Appointment, Constitution
from convenor.partnership.queries.constitution import preview
from convenor.partnership.rules.constitution import ConstitutionError
from tests.factories.partnership import APPOINTMENTS, AT, CONSTITUTION, SLUG, file, members, someone, world

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)
DAY = LATER.date()
ADA = """
[[appointment]]
body = "board"
seat = "primary-heads"
person = "Ada Example"
role = "headteacher"
school = "990001"
how = "election"
from = 2025-12-01
"""
WITHOUT_ADA = APPOINTMENTS.replace(ADA, "")


def again(appointments: str, days: int = 30) -> None:
    load_constitution(text=CONSTITUTION + members() + appointments, by="the test", at=AT + timedelta(days=days))


def said(appointments: str) -> list[str]:
    return [str(each) for each in preview(CONSTITUTION + members() + appointments, viewer="the test", on=DAY).differences]


def ada() -> Appointment:
    return Appointment.objects.get(person__name="Ada Example")


def with_ada(**lines: str) -> str:
    """The appointments with lines of Ada's changed; an empty one is taken out, another added."""
    text = ADA
    for key, value in lines.items():
        there = next((line for line in ADA.splitlines() if line.startswith(f"{key} =")), "")
        text = text.replace(there + "\n", f"{key} = {value}\n" if value else "") if there else text + f"{key} = {value}\n"
    return APPOINTMENTS.replace(ADA, text)


def test_a_corrected_first_day_corrects_the_appointment_and_makes_no_second() -> None:
    world()
    assert said(with_ada(**{"from": "2025-10-01"})) == ["appointment changes: Ada Example (from 2025-10-01)"]
    again(with_ada(**{"from": "2025-10-01"}))
    row = ada()
    assert (row.from_on, row.until_on) == (date(2025, 10, 1), None)
    assert list(row.history.order_by("history_id").values_list("from_on", "history_date")) == [
        (date(2025, 12, 1), AT), (date(2025, 10, 1), LATER)
    ]  # fmt: skip
    assert Entry.objects.get(verb="constitution.changed").detail["changes"] == ["appointment changes: Ada Example (from 2025-10-01)"]


def test_a_last_day_moved_in_the_file_is_moved() -> None:
    world()
    again(with_ada(until="2027-06-01"))
    again(with_ada(until="2027-09-01"), days=40)
    assert ada().until_on == date(2027, 9, 1)
    again(with_ada(), days=50)
    assert ada().until_on is None


def test_role_way_successor_and_note_follow_the_file() -> None:
    world()
    again(with_ada(how='"co-option"', successor='"Fay New"', handover='"The papers."'))
    row = ada()
    assert row.successor is not None
    assert (row.how, row.successor.name, row.hand_over) == ("co-option", "Fay New", "The papers.")
    again(with_ada(how="", handover='"More papers."'), days=40)
    row = ada()
    assert (row.how, row.successor, row.hand_over) == ("", None, "More papers.")


def test_an_appointment_taken_out_of_the_file_ends() -> None:
    world()
    assert said(WITHOUT_ADA) == ["appointment ends: Ada Example (the file names them no longer; until 2026-12-02)"]
    again(WITHOUT_ADA)
    row = ada()
    assert (row.until_on, row.ended_why) == (DAY, "The constitution names them no longer.")


def test_an_appointment_put_back_goes_on() -> None:
    world()
    again(WITHOUT_ADA)
    again(with_ada(), days=40)
    row = ada()
    assert (row.until_on, row.ended_why) == (None, "")


def test_a_file_that_names_nobody_ends_nobody() -> None:
    world()
    again("")
    assert Appointment.objects.filter(until_on=None).count() == 3
    again(WITHOUT_ADA, days=40)
    assert ada().until_on == AT.date() + timedelta(days=40)


def test_a_name_spelt_otherwise_is_another_person_and_is_seen() -> None:
    world()
    slip = APPOINTMENTS.replace("Ada Example", "Ada Exampel")
    assert said(slip) == [
        "appointment ends: Ada Example (the file names them no longer; until 2026-12-02)",
        "appointment begins: Ada Exampel (a new person, spelt almost like Ada Example, who ends)",
    ]
    again(slip)
    assert Appointment.objects.values_list("until_on", flat=True).get(person__name="Ada Exampel") is None


def test_what_was_changed_on_the_site_stays_and_is_said() -> None:
    everyone = world()
    end_appointment(slug=SLUG, appointment_id=ada().pk, until_on=date(2027, 1, 1), why="Moves on", by=everyone["manager"], at=AT)
    seen = preview(CONSTITUTION + members() + WITHOUT_ADA, viewer="the test", on=DAY)
    assert seen.differences == ()
    assert [each.message for each in seen.problems if each.rule == "appointment-left"] == [
        "The file names Ada Example no longer, in seat primary-heads of board. They were changed on the site since the version before, so "
        "they stay: end their time there if it is over."
    ]
    again(with_ada(handover='"Soon."'))
    assert (ada().until_on, ada().ended_why, ada().hand_over) == (date(2027, 1, 1), "Moves on", "Soon.")


def test_somebody_appointed_on_the_site_is_no_business_of_a_file_that_does_not_name_them() -> None:
    everyone = world()
    fay = someone("Fay New")
    appoint(
        slug=SLUG, body="south-cluster", seat="lead", person_id=fay.pk, role="headteacher", urn="990005", from_on=AT.date(),
        by=everyone["manager"], at=AT,
    )  # fmt: skip
    again(WITHOUT_ADA)
    assert Appointment.objects.get(person=fay).until_on is None


def test_a_file_that_together_with_the_site_breaks_a_rule_is_refused() -> None:
    everyone = world()
    fay = someone("Fay New")
    appoint(
        slug=SLUG, body="south-cluster", seat="lead", person_id=fay.pk, role="headteacher", urn="990005", from_on=AT.date(),
        by=everyone["manager"], at=AT,
    )  # fmt: skip
    other = ADA.replace("board", "south-cluster").replace("primary-heads", "lead").replace("Ada Example", "Guy Other")
    with pytest.raises(ConstitutionError) as refused:
        again(APPOINTMENTS + other.replace("990001", "990006").replace("2025-12-01", "2026-11-03"))
    assert [each.rule for each in refused.value.problems if each.severity == "error"] == ["too-many-holders"]
    assert Constitution.objects.count() == 1


def test_an_error_that_stands_already_is_no_reason_to_refuse() -> None:
    world()
    Appointment.objects.filter(person__name="Ben Marsh").update(role="officer")
    Constitution.objects.update(text=CONSTITUTION)
    text = CONSTITUTION.replace("quorum = 2", "quorum = 1")
    seen = preview(text, viewer="the test", on=DAY)
    assert [(each.rule, each.severity.value) for each in seen.problems if each.rule == "role-not-allowed"] == [
        ("role-not-allowed", "warning")
    ]
    load_constitution(text=text, by="the test", at=LATER)
    assert Constitution.objects.count() == 2


def test_people_given_with_the_file_are_known_again_by_its_names() -> None:
    world()
    idris = Appointment.objects.get(seat__key="chair", seat__body__key="board").person
    renamed = file().replace("Idris Vale", "The chair")
    load_constitution(text=renamed, by="the test", at=LATER, people={"The chair": idris.pk})
    assert Appointment.objects.filter(person=idris).values_list("until_on", flat=True).get() is None
    assert Appointment.objects.count() == 4


def test_an_appointment_to_a_seat_that_has_ended_stays_ended() -> None:
    world()
    ended = CONSTITUTION.replace('title = "Primary headteachers"\n', 'title = "Primary headteachers"\nuntil = 2026-11-10\n')
    for days, more in ((30, ""), (31, "# again")):
        load_constitution(text=ended + members() + with_ada() + more, by="the test", at=AT + timedelta(days=days))
        assert (ada().until_on, ada().ended_why) == (date(2026, 11, 10), "The seat came to its end.")
