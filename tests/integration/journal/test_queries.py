"""Who reads the journal: a school its own, the manager and the auditor their partnership's, nobody another's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from convenor.journal.actions import look, record
from convenor.journal.models import Entry, Look
from convenor.journal.queries import PAGE, entries, entries_for_school, looks_at
from convenor.journal.rules import said
from convenor.partnership.gate import ANYONE, record_look
from tests.factories.partnership import AT, SLUG, World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    found = world()
    Entry.objects.all().delete()
    for partnership, urn, label in ((SLUG, "990001", "ours"), (SLUG, "990005", "theirs"), ("mossshire", "990001", "elsewhere")):
        record(
            by="the system", at=AT, verb="school.joined", subject_kind="school", subject_key=urn, subject_label=label,
            partnership=partnership, urn=urn,
        )  # fmt: skip
        look(by=found["officer"], at=AT, role="Officer", partnership=partnership, urn=urn, record=label)
    return found


def test_the_partnerships_journal_is_for_manager_and_auditor(here: World) -> None:
    read = {who: entries(SLUG, viewer=viewer) for who, viewer in here.viewers.items()}
    assert {who for who, page in read.items() if page} == {"manager", "auditor"}
    page = read["manager"]
    assert page is not None
    assert ([each.subject for each in page.entries], page.total, page.pages) == (["theirs", "ours"], 2, 1)
    assert page.verbs == (("school.joined", "School joined"),)


def test_nobody_reads_another_partnerships_journal(here: World) -> None:
    assert entries("mossshire", viewer=here["manager"]) is None
    assert entries("", viewer=ANYONE) is None


def test_the_journal_is_read_page_by_page_and_narrowed(here: World) -> None:
    for number in range(PAGE + 5):
        record(
            by=here["manager"], at=AT + timedelta(minutes=number), verb="seat.filled", subject_kind="seat", subject_key=number,
            subject_label=f"seat {number}", partnership=SLUG,
        )  # fmt: skip
    first, second = (entries(SLUG, viewer=here["auditor"], page=number, verb="seat.filled") for number in (1, 2))
    assert first is not None
    assert second is not None
    assert (len(first.entries), len(second.entries), first.total, first.pages) == (PAGE, 5, PAGE + 5, 2)
    assert first.entries[0].by == "Mara Hollis, partnership manager, Fernshire Education Partnership"
    one = entries(SLUG, viewer=here["auditor"], urn="990005", page=0)
    assert one is not None
    assert [each.subject for each in one.entries] == ["theirs"]


def test_a_school_reads_what_was_done_about_it_and_who_looked(here: World) -> None:
    done = {who: [each.subject for each in entries_for_school("990001", viewer=viewer)] for who, viewer in here.viewers.items()}
    looked = {who: [each.record for each in looks_at("990001", viewer=viewer)] for who, viewer in here.viewers.items()}
    assert {who for who, found in done.items() if found} == {"head", "school leader", "chair of governors"}
    assert {who for who, found in looked.items() if found} == {"head", "school leader", "chair of governors"}
    assert (done["head"], looked["head"]) == (["ours"], ["ours"])
    assert (entries_for_school("990001", viewer=ANYONE), looks_at("990001", viewer=ANYONE)) == ([], [])


def test_a_look_is_written_down_with_the_role_that_allowed_it(here: World) -> None:
    Look.objects.all().delete()
    record_look(here["trust lead"], urn="990002", record="self-review", at=AT)
    record_look(here["manager"], urn="990002", record="a case", at=AT)
    rows = Look.objects.order_by("id").values_list("by_label", "role", "partnership", "urn", "record")
    assert list(rows) == [
        ("Tess Moor, trust leader, Waterside Trust", "Trust leader", SLUG, "990002", "self-review"),
        ("Mara Hollis, partnership manager, Fernshire Education Partnership", "Partnership manager", SLUG, "990002", "a case"),
    ]
    record_look(replace(here["manager"], holdings=(), partnership=None), urn="990002", record="nothing", at=AT)
    assert Look.objects.order_by("-id")[0].role == ""


def test_labels_and_keys_stay_within_their_columns(here: World) -> None:
    record(
        by="x" * 300, at=AT, verb="edition.loaded", subject_kind="edition", subject_key="k" * 100, subject_label="s" * 400, why="because"
    )
    row = Entry.objects.order_by("-id")[0]
    assert (len(row.by_label), len(row.subject_key), len(row.subject_label), row.by_key) == (200, 80, 300, "")


def test_a_verb_is_said_in_words() -> None:
    assert [said(each) for each in ("seat.filled", "edition.loaded")] == ["Seat filled", "Edition loaded"]
