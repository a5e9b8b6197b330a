"""A change taken back: whole, with everything as it was; or not at all, and told why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from convenor.accounts.models import Person
from convenor.archive.actions import take_back
from convenor.archive.queries.reading import photograph
from convenor.archive.rules.changes import Changes, Verb, changes_between
from convenor.archive.rules.refusals import ChangedSince
from convenor.journal.models import Entry
from convenor.partnership.actions import appoint, end_appointment, join, place_in_body, switch_room, take_post
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Appointment, Membership, Partnership
from convenor.registers.models import School
from convenor.support.models import ContactNote
from tests.factories.partnership import AT, ON, SLUG, World, someone, world
from tests.factories.support_beside import note

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
FROM = date(2026, 11, 1)


def bring(here: World) -> tuple[Person, ContactNote]:
    """What a move-in might do: somebody new in a post, a seat that ended, another filled, a note, a room switched off."""
    person = someone("Ivo Newman")
    take_post(slug=SLUG, role="head", title="Headteacher", person_id=person.pk, urn="990006", from_on=FROM, by=here["manager"], at=AT)
    held = Appointment.objects.filter(seat__body__key="north-cluster", until_on=None).first()
    assert held is not None
    end_appointment(slug=SLUG, appointment_id=held.pk, until_on=FROM, why="A new lead was chosen", by=here["manager"], at=AT)
    seat: dict[str, Any] = {"body": "south-cluster", "seat": "lead", "role": "headteacher", "urn": "990006", "from_on": FROM}
    appoint(slug=SLUG, person_id=person.pk, by=here["manager"], at=AT, **seat)
    switch_room(slug=SLUG, room="engagement", on=False, by=here["manager"], at=AT)
    return person, note(here)


def brought(here: World) -> tuple[Changes, Person, ContactNote]:
    before = photograph(SLUG, viewer=here["manager"])
    person, row = bring(here)
    return changes_between(before, photograph(SLUG, viewer=here["manager"])), person, row


def rows(here: World) -> Any:
    return photograph(SLUG, viewer=here["manager"]).rows


def test_everything_is_as_it_was_and_the_journal_keeps_that_it_happened() -> None:
    here = world()
    before = rows(here)
    changes, _, _ = brought(here)
    assert changes.counts() == {
        "accounts.person": {"new": 1, "changed": 0, "gone": 0},
        "partnership.appointment": {"new": 1, "changed": 1, "gone": 0},
        "partnership.historicalappointment": {"new": 2, "changed": 0, "gone": 0},
        "partnership.historicaltenure": {"new": 1, "changed": 0, "gone": 0},
        "partnership.partnership": {"new": 0, "changed": 1, "gone": 0},
        "partnership.post": {"new": 1, "changed": 0, "gone": 0},
        "partnership.tenure": {"new": 1, "changed": 0, "gone": 0},
        "support.contactnote": {"new": 1, "changed": 0, "gone": 0},
    }
    done = take_back(slug=SLUG, changes=Changes.from_json(changes.as_json()), by=here["manager"], at=LATER)
    assert (done.removed, done.put_back, done.as_before) == (8, 0, 2)
    assert rows(here) == before
    last = Entry.objects.filter(partnership=SLUG).order_by("-pk").first()
    assert last is not None
    assert (last.verb, last.at, last.detail) == ("changes.taken-back", LATER, changes.counts())


def test_what_was_removed_comes_back_with_its_key() -> None:
    here = world()
    before = photograph(SLUG, viewer=here["manager"])
    Membership.objects.filter(school_id="990006").delete()
    changes = changes_between(before, photograph(SLUG, viewer=here["manager"]))
    assert [each.verb for each in changes.changes] == [Verb.GONE]
    assert take_back(slug=SLUG, changes=changes, by=here["manager"], at=LATER).put_back == 1
    assert rows(here) == before.rows


def stands_as_it_is(here: World, changes: Changes) -> tuple[str, ...]:
    """What is named; and nothing at all has changed."""
    before, told = rows(here), Entry.objects.count()
    with pytest.raises(ChangedSince, match=r"Nothing was changed\. Look at what is named") as error:
        take_back(slug=SLUG, changes=changes, by=here["manager"], at=LATER)
    assert (rows(here), Entry.objects.count()) == (before, told)
    return error.value.what


def test_a_row_that_was_altered_since_is_named_and_all_stands() -> None:
    here = world()
    changes, person, _ = brought(here)
    Person.objects.filter(pk=person.pk).update(name="Ivo Newman-Hale")
    switch_room(slug=SLUG, room="engagement", on=True, by=here["manager"], at=LATER)
    assert stands_as_it_is(here, changes) == (
        "person “Ivo Newman”: it has been changed since",
        "partnership “Fernshire Education Partnership”: it has been changed since",
    )


def test_a_row_that_was_removed_since_is_named() -> None:
    here = world()
    changes, _, row = brought(here)
    ContactNote._base_manager.filter(pk=row.pk)._raw_delete("default")
    assert stands_as_it_is(here, changes) == ("contact note “2026-11-02”: it has been removed since",)


def test_a_later_row_that_leans_on_one_is_named() -> None:
    here = world()
    changes, person, _ = brought(here)
    take_post(slug=SLUG, role="auditor", title="Auditor", person_id=person.pk, from_on=ON, by=here["manager"], at=LATER)
    assert stands_as_it_is(here, changes) == ("person “Ivo Newman”: a later tenure rests on it",)


def test_a_person_who_came_with_it_and_signed_in_since_stays() -> None:
    here = world()
    changes, person, _ = brought(here)
    Person.objects.filter(pk=person.pk).update(last_login=LATER)
    assert stands_as_it_is(here, changes) == ("person “Ivo Newman”: it has been changed since",)


def test_a_key_that_was_given_again_is_named() -> None:
    here = world()
    before = photograph(SLUG, viewer=here["manager"])
    gone = Membership.objects.get(school_id="990006")
    key = gone.pk
    gone.delete()
    changes = changes_between(before, photograph(SLUG, viewer=here["manager"]))
    Membership.objects.create(pk=key, partnership=here.partnership, school_id="990006", from_on=FROM)
    assert stands_as_it_is(here, changes) == ("membership “2025-09-01”: another stands in its place now",)


def test_a_row_that_took_the_place_of_one_that_would_come_back_is_told() -> None:
    here = world()
    before = photograph(SLUG, viewer=here["manager"])
    Person.objects.filter(name="Nia Stranger").delete()
    changes = changes_between(before, photograph(SLUG, viewer=here["manager"]))
    someone("Nia Stranger")
    assert stands_as_it_is(here, changes) == ("a row that took the place of one that would come back",)


def test_a_second_time_is_refused() -> None:
    here = world()
    changes, _, _ = brought(here)
    take_back(slug=SLUG, changes=changes, by=here["manager"], at=LATER)
    assert len(stands_as_it_is(here, changes)) == 9


def test_a_school_that_joins_and_is_placed_leaves_again() -> None:
    here = world()
    School.objects.create(
        urn="990009", name="Newmarsh Primary School", authority_id="998", phase="Primary", type_name="Community school", status="open",
        type_group="maintained", fictitious=True,
    )  # fmt: skip
    before = photograph(SLUG, viewer=here["manager"])
    join(slug=SLUG, urn="990009", from_on=FROM, by=here["manager"], at=AT)
    place_in_body(slug=SLUG, urn="990009", body="north-cluster", from_on=FROM, by=here["manager"], at=AT)
    changes = changes_between(before, photograph(SLUG, viewer=here["manager"]))
    assert [(each.table, each.verb.value) for each in changes.changes] == [
        ("partnership.bodyschool", "new"), ("partnership.membership", "new"),
    ]  # fmt: skip
    take_back(slug=SLUG, changes=changes, by=here["manager"], at=LATER)
    assert rows(here) == before.rows
    assert School.objects.filter(urn="990009").exists()


def test_nobody_but_whoever_brings_things_in_may_photograph_or_take_back() -> None:
    here = world()
    changes, _, _ = brought(here)
    able = set()
    for who, viewer in here.viewers.items():
        try:
            able.add(who) if photograph(SLUG, viewer=viewer).count else None
        except NotAllowed:
            with pytest.raises(NotAllowed):
                take_back(slug=SLUG, changes=changes, by=viewer, at=LATER)
    assert able == {"manager"}
    with pytest.raises(NotAllowed):
        photograph("elsewhere", viewer=here["manager"])
    with pytest.raises(ValueError, match="These are changes of fernshire, not of elsewhere"):
        take_back(slug="elsewhere", changes=changes, by="the operator", at=LATER)


def test_a_photograph_holds_this_partnership_alone_and_never_a_password() -> None:
    here = world()
    Partnership.objects.create(slug="otherland", name="Otherland", kind=here.partnership.kind)
    seen = photograph(SLUG, viewer="the operator")
    assert [row["slug"] for row in seen.rows["partnership.partnership"].values()] == [SLUG]
    assert {name for row in seen.rows["accounts.person"].values() for name in row} == {
        "id", "last_login", "name", "email", "is_active", "fictitious", "created_at",
    }  # fmt: skip
    assert {label.split(".")[0] for label in seen.rows} == {"accounts", "partnership"}
    assert photograph("nowhere", viewer="the operator").rows.keys() == {"accounts.person"}
