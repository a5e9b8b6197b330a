"""The pages on which a manager brings files and cells, corrects what was recognised, and answers the few questions."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from convenor.moving_in.models import BroughtFile, BroughtSheet, MoveIn, RememberedColumns
from convenor.moving_in.rules.planning import Question, Shown
from tests.factories.partnership import AT, SLUG, World, world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

MOVE_INS = f"/p/{SLUG}/move-in/"
CONTACTS = "School,URN,Headteacher,Email\nFernhollow Primary School,990001,Ada Example,ada@example.org\n"
QUESTIONS = (
    Question("school:st marys", "12 lines say “St Marys”: which school is it?", choices=(("990001", "Fernhollow"), ("leave", "Neither"))),
    Question("cluster:north", "What is the cluster of “N.” called?", free=True, lines=(("clusters.csv", 3),)),
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


def csv(name: str = "contacts.csv", content: str = CONTACTS) -> SimpleUploadedFile:
    """A file that is chosen."""
    return SimpleUploadedFile(name, content.encode())


def bring(manager: Client, *files: SimpleUploadedFile, text: str = "", at: str = MOVE_INS) -> Any:
    """Press "Read them"."""
    return manager.post(at, {"files": list(files), "text": text})


def begun(**more: Any) -> MoveIn:
    """A move-in that stands."""
    from convenor.partnership.models import Partnership

    return MoveIn.objects.create(partnership=Partnership.objects.get(slug=SLUG), begun_at=AT, begun_by="the test", **more)


def said(answer: Any) -> str:
    """The words of a page, without its frame and tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1].split("</main")[0]).split())


def test_files_chosen_at_once_are_read_and_each_sheet_says_what_it_is_taken_for(manager: Client) -> None:
    answer = bring(manager, csv(), csv("subs.csv", "School,URN,Subscription,Year\nFernhollow Primary School,990001,£250,2025-26\n"))
    row = MoveIn.objects.get()
    assert answer.headers["Location"] == f"{MOVE_INS}{row.pk}/"
    assert list(BroughtSheet.objects.values_list("file__name", "kind")) == [("contacts.csv", "contacts"), ("subs.csv", "subscriptions")]
    page = said(manager.get(answer.headers["Location"]))
    assert [words for words in ("Contacts at schools", "Subscriptions", "4 of 4 columns recognised") if words in page] == [
        "Contacts at schools", "Subscriptions", "4 of 4 columns recognised",
    ]  # fmt: skip


def test_cells_that_are_pasted_are_read(manager: Client) -> None:
    bring(manager, text=CONTACTS.replace(",", "\t"))
    assert list(BroughtSheet.objects.values_list("kind", flat=True)) == ["contacts"]


def test_nothing_chosen_is_said_and_nothing_begins(manager: Client) -> None:
    answer = bring(manager)
    assert (answer.status_code, MoveIn.objects.count()) == (422, 0)
    assert "Choose a file, or paste cells, and read them again" in said(answer)


def test_file_that_cannot_be_read_is_refused_in_words_and_leaves_nothing(manager: Client) -> None:
    answer = bring(manager, csv("minutes.pdf", "%PDF-1.7 and so on"))
    assert (answer.status_code, BroughtFile.objects.count()) == (422, 0)
    assert "“minutes.pdf”: The file is a PDF" in said(answer)
    assert "minutes.pdf" not in said(manager.get(MOVE_INS))  # nor is a move-in begun for it


def test_one_file_that_is_refused_leaves_the_others_in(manager: Client) -> None:
    answer = bring(manager, csv(), csv("empty.csv", ""), csv("minutes.pdf", "%PDF-1.7"))
    assert list(BroughtFile.objects.values_list("name", flat=True)) == ["contacts.csv"]
    page = said(manager.get(answer.headers["Location"]))
    assert [name for name in ("“empty.csv” is empty", "“minutes.pdf”: The file is a PDF") if name in page] == [
        "“empty.csv” is empty", "“minutes.pdf”: The file is a PDF",
    ]  # fmt: skip


def test_file_of_more_than_20_mb_is_refused_in_words_and_what_was_typed_stays(manager: Client) -> None:
    long = SimpleUploadedFile("long.csv", b"x" * (settings.UPLOAD_AT_MOST_BYTES + 1))
    with patch("convenor.moving_in.actions.add_pasted", side_effect=_refused):
        answer = bring(manager, long, text="\tone cell")
    page = answer.content.decode()
    told = ["“long.csv” is 21 MB long; up to 20 MB is read" in page, "one cell</textarea>" in page]
    assert (answer.status_code, told, BroughtFile.objects.count()) == (422, [True, True], 0)


def test_files_that_together_are_too_long_are_told_which_did_not_fit(manager: Client, settings: Any) -> None:
    settings.FILES_AT_MOST_BYTES = 150
    answer = bring(manager, csv(), csv("more.csv", CONTACTS + "Oak,990003,Otis Marl,otis@example.org\n"))
    assert "“more.csv” did not fit with the others" in said(manager.get(answer.headers["Location"]))
    assert list(BroughtFile.objects.values_list("name", flat=True)) == ["contacts.csv"]


def test_same_file_again_is_said_and_more_can_be_brought(manager: Client) -> None:
    one = bring(manager, csv()).headers["Location"]
    again = bring(manager, csv("copy.csv"), at=one)
    assert (again.status_code, BroughtFile.objects.count()) == (422, 1)
    assert "is here already" in said(again)
    assert bring(manager, csv("other.csv", CONTACTS + "Oak,990003,Otis Marl,o@example.org\n"), at=one).status_code == 302
    assert BroughtFile.objects.count() == 2


def test_file_is_taken_out_again(manager: Client) -> None:
    one = bring(manager, csv()).headers["Location"]
    file = BroughtFile.objects.get().pk
    assert manager.post(f"{one}files/{file}/drop/").headers["Location"] == one
    assert BroughtFile.objects.count() == 0
    assert manager.post(f"{one}files/{file}/drop/").status_code == 404


def test_move_in_is_thrown_away_and_is_no_page_any_more(manager: Client) -> None:
    one = bring(manager, csv()).headers["Location"]
    assert manager.post(f"{one}drop/").headers["Location"] == MOVE_INS
    assert (manager.get(one).status_code, BroughtFile.objects.count(), MoveIn.objects.get().state) == (404, 0, "dropped")


def columns(**more: str) -> dict[str, str]:
    """What is sent from the page of a sheet of four columns."""
    sent = {"kind": "contacts", "first": "0", "last": "0", "column-0": "school", "column-1": "urn", "column-2": "head.name"}
    return sent | {"column-3": "head.email", "go": "keep"} | {key.replace("_", "-"): value for key, value in more.items()}


def test_what_was_recognised_is_corrected_by_selects_and_remembered(manager: Client) -> None:
    one = bring(manager, csv()).headers["Location"]
    sheet = BroughtSheet.objects.get()
    assert {"school": 0, "urn": 1, "head.name": 2}.items() <= sheet.columns.items()
    answer = manager.post(f"{one}sheets/{sheet.pk}/", columns(column_2="", column_3="chair.email"))
    sheet.refresh_from_db()
    assert (answer.headers["Location"], sheet.columns) == (one, {"school": 0, "urn": 1, "chair.email": 3})
    assert RememberedColumns.objects.get().columns == sheet.columns


def test_another_kind_shows_its_columns_before_anything_is_kept(manager: Client) -> None:
    one = bring(manager, csv()).headers["Location"]
    sheet = BroughtSheet.objects.get()
    page = manager.post(f"{one}sheets/{sheet.pk}/", columns(kind="reviewers", go="show"))
    shown = page.content.decode()
    assert (page.status_code, "Nothing is kept yet." in shown) == (200, True)
    assert re.search(r'<select[^>]*name="kind"[^>]*>.*?<option value="reviewers" selected', shown, re.DOTALL)
    sheet.refresh_from_db()
    assert sheet.kind == "contacts"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"column-1": "school"}, "“School” and “URN” cannot both be that: leave one out"),
        ({"first": "3", "last": "0"}, "Its heading begins in line: Choose again from the list"),
        ({"first": "1", "last": "0"}, "The heading ends in the line where it begins, or below it"),
        ({"column-0": "nonsense"}, "Choose again from the list"),
        ({"kind": "support-log", "column-2": "", "column-3": ""}, "Say also which column holds"),
    ],
)
def test_columns_that_cannot_be_are_refused_in_words_and_stay_chosen(manager: Client, sent: dict[str, str], told: str) -> None:
    one = bring(manager, csv()).headers["Location"]
    sheet = BroughtSheet.objects.get()
    answer = manager.post(f"{one}sheets/{sheet.pk}/", columns() | sent)
    assert (answer.status_code, told in said(answer)) == (422, True), said(answer)
    assert BroughtSheet.objects.get().columns == sheet.columns


def test_a_sheet_of_another_move_in_is_no_page_of_this_one(manager: Client) -> None:
    bring(manager, csv())
    other, sheet = begun(), BroughtSheet.objects.get()
    assert [manager.get(f"{MOVE_INS}{other.pk}/sheets/{sheet.pk}/").status_code, manager.get(f"{MOVE_INS}{other.pk}/").status_code] == [
        404,
        200,
    ]


def test_questions_are_asked_with_one_press_each(manager: Client) -> None:
    row = begun(plan=Shown(open=QUESTIONS).as_json())
    page = manager.get(f"{MOVE_INS}{row.pk}/questions/").content.decode()
    assert re.findall(r'<button class="move-choice" type="submit" name="said" value="([^"]*)">([^<]*)<', page) == [
        ("990001", "Fernhollow"), ("leave", "Neither"),
    ]  # fmt: skip
    answer = manager.post(f"{MOVE_INS}{row.pk}/questions/", {"key": "school:st marys", "said": "990001"})
    assert answer.headers["Location"] == f"{MOVE_INS}{row.pk}/questions/#questions"
    assert list(row.said.values_list("key", "said")) == [("school:st marys", "990001")]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"key": "school:st marys", "said": ""}, "Choose one of the answers, or write your own."),
        ({"key": "school:st marys", "said": "990009"}, "Choose one of the answers. Nothing was changed."),
        ({"key": "gone", "said": "990001"}, "That is asked no longer"),
        ({"said": "990001"}, "Choose one of the answers."),
    ],
)
def test_answer_that_is_none_is_refused_in_words(manager: Client, sent: dict[str, str], told: str) -> None:
    row = begun(plan=Shown(open=QUESTIONS).as_json())
    answer = manager.post(f"{MOVE_INS}{row.pk}/questions/", sent)
    assert (answer.status_code, told in said(answer), row.said.count()) == (422, True, 0)


def test_words_of_ones_own_that_are_refused_stay_typed(manager: Client) -> None:
    row = begun(plan=Shown(open=QUESTIONS).as_json())
    with patch("convenor.moving_in.actions.answer", side_effect=_refused):
        answer = manager.post(f"{MOVE_INS}{row.pk}/questions/", {"key": "cluster:north", "words": "North & West"})
    assert (answer.status_code, 'value="North &amp; West"' in answer.content.decode()) == (422, True)


def _refused(**_: Any) -> None:
    from convenor.partnership.rules.refusals import Refused

    raise Refused("Not so. Nothing was changed.")


def test_list_tells_each_move_in_and_what_it_waits_for(manager: Client) -> None:
    begun(state="undone", undone_at=AT - timedelta(days=1))
    begun(plan=Shown(open=QUESTIONS).as_json())
    page = said(manager.get(MOVE_INS))
    assert [words for words in ("Undone", "Not saved yet", "2 questions left") if words in page] == [
        "Undone",
        "Not saved yet",
        "2 questions left",
    ]


def test_pages_of_a_move_in_keep_to_their_budget(manager: Client, django_assert_max_num_queries: Any) -> None:
    one = bring(manager, csv()).headers["Location"]
    for page in ("", "questions/", "changes/", f"sheets/{BroughtSheet.objects.get().pk}/"):
        with django_assert_max_num_queries(12):
            manager.get(f"{one}{page}")
