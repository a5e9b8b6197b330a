"""The pages on which a manager reads every change before it is made, saves it, and undoes it; and what is told of old notes."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from convenor.journal.models import Entry
from convenor.moving_in.models import LegacyNote, MoveIn
from convenor.moving_in.rules.planning import Change, Left, Question, Shown
from convenor.moving_in.rules.states import Verb
from convenor.partnership.models import Partnership
from convenor.partnership.rules.refusals import Refused
from convenor.web.words import clock
from tests.factories.partnership import AT, SLUG, World, world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

MOVE_INS = f"/p/{SLUG}/move-in/"
FILE = "contacts.xlsx"
PLAN = Shown(
    changes=(
        Change("contacts", Verb.SAME, "Clerk of Fernhollow: Cass Wood", file=FILE, line=4, urn="990001"),
        Change("contacts", Verb.CHANGED, "Chair of Quarry Lane", "Gwen Ford", "Otis Marl", FILE, 3, "990002"),
        Change("contacts", Verb.NEW, "Head of Fernhollow: Ada Example", file=FILE, line=2, urn="990001"),
        Change("support-log", Verb.NEW, "=1+1 at Oak Lane", "", "@SUM(A1)", "log.csv", 9, "990003"),
    ),
    left=(Left("log.csv", 12, "No school is called “Old Mill”. Write its URN into the line."),),
    told=("7 dates of meetings were read and are not brought in yet.",),
)


@pytest.fixture
def here() -> World:
    """The invented partnership."""
    return world()


@pytest.fixture(autouse=True)
def now() -> Any:
    """The invented day."""
    with patch("django.utils.timezone.now", return_value=AT) as clock:
        yield clock


@pytest.fixture
def manager(here: World) -> Client:
    """The manager's browser."""
    return signed_in(here.people["manager"], code=True)


def begun(plan: Shown = PLAN, **more: Any) -> MoveIn:
    """A move-in that stands with a plan, and a file from which it came."""
    row = MoveIn.objects.create(
        partnership=Partnership.objects.get(slug=SLUG), begun_at=AT, begun_by="Mara Hollis", plan=plan.as_json(), **more
    )
    row.files.create(name=FILE, kind_of_file="xlsx", digest="a" * 64, brought_at=AT, brought_by="Mara Hollis")
    return row


def page_of(row: MoveIn, path: str = "changes/") -> str:
    """The address of a page of a move-in."""
    return f"{MOVE_INS}{row.pk}/{path}"


def said(answer: Any) -> str:
    """The words of a page, without its frame and tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1].split("</main")[0]).split())


def lines(answer: Any) -> list[str]:
    """The lines of the preview: what happens and to what."""
    found = re.findall(r'move-change__verb">([^<]*)</p>\s*<div class="move-change__what"><p>([^<]*)<', answer.content.decode())
    return [f"{verb}: {words}" for verb, words in found]


NEW, CHANGED = "New: Head of Fernhollow: Ada Example", "Changed: Chair of Quarry Lane"
LOGGED, LEFT = "New: =1+1 at Oak Lane", "Left out: No school is called “Old Mill”. Write its URN into the line."
SAME = "The same already: Clerk of Fernhollow: Cass Wood"


def test_preview_tells_counts_first_then_every_change_with_before_and_after(manager: Client) -> None:
    answer = manager.get(page_of(begun()))
    page = said(answer)
    assert re.search(r"2 new 1 changed before and after below 1 the same already 1 left out each with why", page)
    assert lines(answer) == [NEW, CHANGED, LOGGED, LEFT]
    assert "Before: Gwen Ford → After: Otis Marl" in page
    assert "7 dates of meetings were read and are not brought in yet." in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("what=new", [NEW, LOGGED]),
        ("what=same", [SAME]),
        ("what=left", [LEFT]),
        ("what=all", [NEW, CHANGED, SAME, LOGGED, LEFT]),
        ("kind=support-log", [LOGGED]),
        ("text=oTIS", [CHANGED]),
        ("kind=nonsense&what=nonsense&page=99", [NEW, CHANGED, LOGGED, LEFT]),
        ("text=nobody", []),
    ],
)
def test_preview_is_narrowed_by_its_address(manager: Client, asked: str, shown: list[str]) -> None:
    assert lines(manager.get(f"{page_of(begun())}?{asked}")) == shown


def test_preview_of_many_changes_has_pages_that_keep_what_was_asked(manager: Client) -> None:
    many = tuple(Change("contacts", Verb.NEW, f"Head {number}", file=FILE, line=number) for number in range(120))
    answer = manager.get(f"{page_of(begun(Shown(changes=many)))}?what=new&page=2")
    assert [len(lines(answer)), lines(answer)[0]] == [50, "New: Head 50"]
    assert (
        'href="/p/fernshire/move-in/1/changes/?what=new&amp;page=3"'.replace("/1/", f"/{MoveIn.objects.get().pk}/")
        in answer.content.decode()
    )


def test_preview_as_a_file_is_as_it_stands_and_runs_nothing(manager: Client) -> None:
    answer = manager.get(f"{page_of(begun())}changes.csv?kind=support-log")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="move-in-{MoveIn.objects.get().pk}.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1:] == [["Log of support given", "New", "'=1+1 at Oak Lane", "", "'@SUM(A1)", "log.csv", "9"]]


def test_what_was_previewed_is_saved_with_its_version_and_by_whom(manager: Client) -> None:
    row = begun(version=7)
    page = manager.get(page_of(row)).content.decode()
    assert re.findall(r'name="version" value="(\d+)"', page) == ["7"]
    with patch("convenor.moving_in.actions.save") as save:
        answer = manager.post(page_of(row, "save/"), {"version": "7"})
    assert answer.headers["Location"] == page_of(row, "")
    (asked,) = [call.kwargs for call in save.call_args_list]
    assert (asked["move_in_id"], asked["version"], asked["by"].name, asked["at"]) == (row.pk, 7, "Mara Hollis", AT)


def test_save_that_is_refused_says_why_above_the_preview(manager: Client) -> None:
    row = begun()
    with patch("convenor.moving_in.actions.save", side_effect=Refused("Somebody else saved it meanwhile. Nothing was changed.")):
        answer = manager.post(page_of(row, "save/"), {"version": "nonsense"})
    page = said(answer)
    assert (answer.status_code, "It was not saved Somebody else saved it meanwhile. Nothing was changed." in page) == (422, True)
    assert lines(answer) == [NEW, CHANGED, LOGGED, LEFT]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (Shown(open=(Question("a", "Which?"),), changes=PLAN.changes), "1 question to answer first"),
        (Shown(changes=PLAN.changes[:1]), "There is nothing new in it"),
    ],
)
def test_what_cannot_be_saved_says_why_and_has_no_button(manager: Client, plan: Shown, told: str) -> None:
    page = said(manager.get(page_of(begun(plan))))
    assert (told in page, "All of it, or nothing." in page) == (True, False)


def test_saved_move_in_is_undone_from_its_page(manager: Client) -> None:
    row = begun(state="saved", saved_at=AT, saved_by="Mara Hollis, partnership manager")
    page = manager.get(page_of(row, "")).content.decode()
    assert (f"Saved {clock(AT)} by Mara Hollis" in page, f'href="{page_of(row, "undo/")}"' in page) == (True, True)
    assert "What changed" in said(manager.get(page_of(row)))
    with patch("convenor.moving_in.actions.undo") as undo:
        answer = manager.post(page_of(row, "undo/"))
    assert (answer.headers["Location"], undo.call_args.kwargs["move_in_id"]) == (page_of(row, ""), row.pk)


def test_undo_that_is_refused_says_what_was_changed_since(manager: Client) -> None:
    row = begun(state="saved", saved_at=AT, saved_by="Mara Hollis")
    why = "Ada Example changed the head's address of Fernhollow since. Nothing was undone."
    with patch("convenor.moving_in.actions.undo", side_effect=Refused(why)):
        answer = manager.post(page_of(row, "undo/"))
    assert (answer.status_code, f"It was not undone {why.replace(chr(39), '&#39;')}" in said(answer)) == (422, True)


def test_what_is_not_saved_has_nothing_to_undo(manager: Client) -> None:
    row = begun()
    assert [manager.get(page_of(row, "undo/")).status_code, manager.post(page_of(row, "undo/")).status_code] == [404, 404]


def test_constitution_is_downloaded_as_the_machine_wrote_it(manager: Client) -> None:
    answer = manager.get(f"{MOVE_INS}constitution.toml")
    text = answer.content.decode()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{SLUG}.toml"'
    from convenor.partnership.rules.checking import check
    from convenor.partnership.rules.reading import parse

    assert [each.message for each in check(parse(text), AT.date()) if each.severity.value == "error"] == []


def note(row: MoveIn, **more: Any) -> LegacyNote:
    """A note set apart of 990001."""
    given: dict[str, Any] = {
        "partnership": row.partnership, "move_in": row, "school_id": "990001", "field": "note", "words": "The head finds it hard",
        "file": "log.csv", "sheet_key": 1, "row": 2, "column": 6, "shown_from_on": AT.date(), "until_on": date(2026, 12, 7),
    }  # fmt: skip
    return LegacyNote.objects.create(**(given | more))


def test_manager_sees_of_which_school_something_is_set_apart_and_never_its_words(manager: Client) -> None:
    row = begun(state="saved", saved_at=AT, saved_by="Mara Hollis")
    note(row)
    page = said(manager.get(page_of(row, "set-apart/")))
    assert ("Fernhollow Primary School : note log.csv; deleted on 7 December 2026 without its word" in page, "finds it hard" in page) == (
        True,
        False,
    )


def test_manager_has_what_is_ticked_deleted_now_but_not_what_a_school_answered(manager: Client) -> None:
    row = begun(state="saved", saved_at=AT, saved_by="Mara Hollis")
    one, kept, other = note(row), note(row, kept_at=AT, kept_by="Ada Example"), note(row)
    assert manager.post(page_of(row, "set-apart/"), {"note": [one.pk, kept.pk, "999"]}).status_code == 302
    assert set(LegacyNote.objects.values_list("pk", flat=True)) == {kept.pk, other.pk}
    assert "the school has answered" in said(manager.get(page_of(row, "set-apart/"))).lower()
    nothing = manager.post(page_of(row, "set-apart/"))
    assert (nothing.status_code, "Tick what is to be deleted." in said(nothing)) == (422, True)


SET_APART = f"{MOVE_INS}set-apart/990001/"


def test_head_reads_first_replies_keeps_and_has_deleted(here: World) -> None:
    row = begun(state="saved", saved_at=AT, saved_by="Mara Hollis")
    one, two = note(row), note(row, words="Amber", field="rating")
    head = signed_in(here.people["head"])
    page = said(head.get(SET_APART))
    assert ("The head finds it hard" in page, "Deleted on 7 December 2026, unless you keep them." in page) == (True, True)
    assert head.post(f"{SET_APART}{one.pk}/", {"go": "reply", "words": "It was one term."}).status_code == 302
    assert head.post(f"{SET_APART}{one.pk}/", {"go": "keep"}).status_code == 302
    one.refresh_from_db()
    assert (one.reply, one.replied_at, one.kept_at) == ("It was one term.", AT, AT)
    assert "Amber" in said(head.get(f"{SET_APART}{two.pk}/delete/"))
    assert head.post(f"{SET_APART}{two.pk}/delete/").headers["Location"] == SET_APART
    assert list(LegacyNote.objects.values_list("pk", flat=True)) == [one.pk]


def test_reply_without_words_is_refused_and_one_too_long_stays_typed(here: World) -> None:
    one, head = note(begun(state="saved")), signed_in(here.people["head"])
    bare = head.post(f"{SET_APART}{one.pk}/", {"go": "reply", "words": " "})
    assert (bare.status_code, "Write your reply first" in said(bare)) == (422, True)
    long = head.post(f"{SET_APART}{one.pk}/", {"go": "reply", "words": "too long " * 300})
    assert (long.status_code, "too long too long" in said(long), LegacyNote.objects.get().reply) == (422, True, "")


def test_deputy_reads_and_does_nothing_and_the_head_of_another_school_finds_none_of_it(here: World) -> None:
    one = note(begun(state="saved"))
    deputy, other = signed_in(here.people["school leader"]), signed_in(here.people["other head"])
    page = deputy.get(SET_APART).content.decode()
    assert ("The head finds it hard" in page, "Keep it" in page) == (True, False)
    own = f"{MOVE_INS}set-apart/990005/"
    assert [
        deputy.post(f"{SET_APART}{one.pk}/").status_code,
        other.get(SET_APART).status_code,
        other.get(f"{own}{one.pk}/").status_code,
    ] == [403, 403, 404]
    assert [other.post(f"{own}{one.pk}/", {"go": "keep"}).status_code, other.post(f"{own}{one.pk}/delete/").status_code] == [404, 404]
    assert LegacyNote.objects.get().kept_at is None


def test_look_of_a_trust_leader_is_written_down_for_the_school_and_its_own_is_not(here: World) -> None:
    row = begun(state="saved")
    note(row)
    note(row, school_id="990002")
    signed_in(here.people["head"]).get(SET_APART)
    signed_in(here.people["trust lead"]).get(f"{MOVE_INS}set-apart/990002/")
    from convenor.journal.models import Look

    assert list(Look.objects.values_list("urn", "record")) == [("990002", "what earlier records of the partnership say of the school")]


def test_head_is_told_at_home_until_the_school_has_answered(here: World) -> None:
    one, head = note(begun(state="saved")), signed_in(here.people["head"])
    told = "Read what earlier records say of Fernhollow Primary School"
    assert (told in said(head.get("/")), told in said(signed_in(here.people["other head"]).get("/"))) == (True, False)
    LegacyNote.objects.filter(pk=one.pk).update(kept_at=AT + timedelta(hours=1), kept_by="Ada Example")
    assert told not in said(head.get("/"))


def test_what_is_held_about_a_school_names_it_without_its_words(here: World) -> None:
    note(begun(state="saved"))
    page = said(signed_in(here.people["head"]).get("/schools/990001/held/"))
    assert ("Note from log.csv" in page, "finds it hard" in page) == (True, False)
    assert Entry.objects.filter(detail__icontains="finds it hard").count() == 0
