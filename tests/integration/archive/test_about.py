"""Everything that is held about a person or a school, and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.accounts.models import Person
from convenor.archive.queries.about import rows_about_person, rows_about_school, rows_with_words
from convenor.journal import actions as journal
from convenor.papers.models import Paper
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed
from convenor.post.models import Letter
from convenor.support.models import Assurance, ContactMark
from tests.factories.partnership import AT, SLUG, World, someone, world
from tests.factories.support_beside import beside, mentoring, note, other

pytestmark = pytest.mark.django_db


def found(rows: object) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table, _ in rows:  # type: ignore[attr-defined]
        counts[table.label] = counts.get(table.label, 0) + 1
    return counts


def test_what_points_at_a_person_and_its_parts_and_where_their_name_stands_is_found() -> None:
    here = beside()
    person = someone("Zoë Nightingale")
    take_post(slug=SLUG, role="auditor", title="Auditor", person_id=person.pk, from_on=date(2026, 9, 1), by="the test", at=AT)
    note(here, words="Met zoë nightingale at the gate")
    other(here, about=["Zoë Nightingale"])
    Letter.objects.create(partnership=SLUG, to_address=person.email, kind="x", subject="A thing waits", body="…", queued_at=AT)
    Letter.objects.create(partnership="elsewhere", to_address=person.email, kind="x", subject="A thing waits", body="…", queued_at=AT)
    Paper.objects.create(
        partnership=SLUG, title="Nothing of hers", audience="public", media_type="text/plain", digest="d", size_bytes=1, stored_at=AT,
        stored_by="Zoë Nightingale, auditor",
    )  # fmt: skip
    journal.record(by=here["auditor"], at=AT, verb="a.b", subject_kind="k", subject_key=1, subject_label="s", partnership=SLUG)
    rows = rows_about_person(SLUG, person.pk, viewer=here["manager"])
    assert rows[0][0].label == "accounts.person"
    assert (rows[0][1]["name"], "password" in rows[0][1]) == ("Zoë Nightingale", False)
    assert found(rows) == {
        "accounts.person": 1, "papers.paper": 1, "partnership.historicaltenure": 1, "partnership.tenure": 1, "post.letter": 1,
        "support.contactnote": 1, "support.othersupport": 1,
    }  # fmt: skip


def test_parts_of_what_a_person_is_come_with_it_and_what_they_did_comes_alone() -> None:
    here = beside()
    mentored = mentoring(here)
    supporter = mentored.mentor
    held = Assurance.objects.filter(supporter=supporter).count()
    row = note(here, by="broker")
    ContactMark.objects.create(note=row, accuracy="accurate", words="So it was", at=AT, by=here.people["head"])
    seen = found(rows_about_person(SLUG, supporter.person_id, viewer=here["manager"]))
    assert (seen.get("support.supporter"), seen.get("support.assurance", 0), seen.get("support.mentoring")) == (1, held, 1)
    assert held > 0
    broker = found(rows_about_person(SLUG, here.people["broker"].pk, viewer=here["manager"]))
    assert (broker["support.contactnote"], broker.get("support.contactmark")) == (1, None)


def test_what_points_at_a_school_and_its_parts_is_found_and_no_other_schools() -> None:
    here = beside()
    row = note(here)
    ContactMark.objects.create(note=row, accuracy="accurate", words="So it was", at=AT, by=here.people["head"])
    note(here, school="990005")
    journal.look(by=here["manager"], at=AT, role="manager", partnership=SLUG, urn="990001", record="its own")
    journal.look(by=here["manager"], at=AT, role="manager", partnership=SLUG, urn="990005", record="its own")
    rows = rows_about_school(SLUG, row.school_id, viewer=here["manager"])
    seen = found(rows)
    assert (seen["support.contactnote"], seen["support.contactmark"], seen["journal.look"]) == (1, 1, 1)
    assert (seen["partnership.membership"], seen["partnership.bodyschool"]) == (1, 1)
    assert {r["school_id"] for t, r in rows if t.label == "partnership.membership"} == {row.school_id}
    tenures = {r["person_id"] for t, r in rows if t.label == "partnership.tenure"}
    assert here.people["head"].pk in tenures
    assert here.people["other head"].pk not in tenures


def test_a_school_named_in_nested_values_is_found() -> None:
    here = world()
    journal.record(
        by="the test", at=AT, verb="a.b", subject_kind="k", subject_key=1, subject_label="s", partnership=SLUG,
        detail={"schools": ["990004"]},
    )  # fmt: skip
    rows = rows_about_school(SLUG, "990004", viewer=here["manager"])
    assert [r["verb"] for t, r in rows if t.label == "journal.entry" and r["urn"] != "990004"] == ["a.b"]


def test_words_are_found_whatever_their_case_and_short_ones_never() -> None:
    here = beside()
    row = note(here, words="Moved to ONE phonics scheme")
    seen = rows_with_words(SLUG, "one  Phonics", viewer=here["manager"])
    assert [(t.label, r["id"]) for t, r in seen] == [("support.contactnote", row.pk)]
    assert rows_with_words(SLUG, "one", viewer=here["manager"]) == ()


def test_of_somebody_of_whom_nothing_is_held_nothing_is_told() -> None:
    here = world()
    stranger: Person = here.people["somebody with no post"]
    assert rows_about_person(SLUG, stranger.pk, viewer=here["manager"]) == ()
    assert rows_about_person(SLUG, 987654, viewer=here["manager"]) == ()
    assert rows_about_school(SLUG, "100000", viewer=here["manager"]) == ()
    assert rows_about_person("elsewhere", here.people["head"].pk, viewer="the operator") == ()


def able(here: World) -> set[str]:
    seeing = set()
    for who, viewer in here.viewers.items():
        try:
            rows_about_school(SLUG, "990001", viewer=viewer)
        except NotAllowed:
            for asked in (lambda v=viewer: rows_about_person(SLUG, 1, viewer=v), lambda v=viewer: rows_with_words(SLUG, "words", viewer=v)):
                with pytest.raises(NotAllowed):
                    asked()
        else:
            seeing.add(who)
    return seeing


def test_only_whoever_answers_requests_may_gather_what_is_held() -> None:
    here = world()
    assert able(here) == {"manager"}
    with pytest.raises(NotAllowed):
        rows_about_school("elsewhere", "990001", viewer=here["manager"])
