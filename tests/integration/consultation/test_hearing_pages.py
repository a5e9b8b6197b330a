"""The pages of what was heard: who is shown what, script as text, nothing typed is lost, and the report in every format."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from convenor.consultation.models import Coding, Consultation, Theme
from tests.factories.consultation import SLUG
from tests.factories.hearing import DID, SAID, SECRETS, decision, heard, named, published, say, sent
from tests.factories.partnership import World, world
from tests.integration.web.confidence import told_at
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def browser(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True) if who in here.people else Client()


def page(name: str, row: Consultation, *more: object) -> str:
    return reverse(name, args=[SLUG, row.pk, *more])


def pages(row: Consultation, theme: Theme) -> list[str]:
    """Every page of what was heard, and those of the consultation beside them."""
    plain = ("consultation", "consultation-rates", "consultation-results", "consultation-work-out", "consultation-themes")
    files = [page("consultation-report-file", row, fmt) for fmt in ("html", "docx", "pdf", "odt")]
    of_question = [page(name, row, "anything") for name in ("consultation-theme-name", "consultation-suggestions")]
    of_theme = [page(name, row, theme.pk) for name in ("consultation-theme", "consultation-theme-say", "consultation-theme-drop")]
    return [page(name, row) for name in (*plain, "consultation-report", "consultation-publish")] + files + of_question + of_theme


@pytest.mark.parametrize("who", ["board member", "cluster lead", "auditor", "other head", "broker", "somebody with no post", "nobody"])
def test_no_page_tells_anybody_else_what_one_answer_says(here: World, who: str) -> None:
    row = heard(here)
    say(here, named(here, row))
    addresses = pages(row, Theme.objects.get())
    assert told_at(browser(here, who), addresses, SECRETS | {"school": "Invented School"}, signed_in=who != "nobody") == {}


def test_manager_reads_words_without_their_senders(here: World) -> None:
    row = heard(here)
    theme = named(here, row)
    addresses = [address for address in pages(row, theme) if "themes" in address]
    addresses.append(f"{page('consultation-theme', row, theme.pk)}?page=2")
    told = told_at(browser(here, "manager"), addresses, SECRETS | {"named": "Invented School"}, signed_in=True)
    assert (sorted(told), "named" in told, "role" in told, "script" in told) == (["school", "view"], False, False, False)


def test_published_report_tells_nobody_what_one_answer_says(here: World) -> None:
    row = published(here)
    addresses = pages(row, Theme.objects.get())
    for who in ("nobody", "board member", "other head"):
        assert told_at(browser(here, who), addresses, SECRETS | {"named": "Invented School"}, signed_in=who != "nobody") == {}


def test_board_sees_totals_and_no_groups_before_the_report(here: World) -> None:
    row = heard(here)
    said = {who: browser(here, who).get(page("consultation-results", row)) for who in ("manager", "board member", "other head", "nobody")}
    assert [each.status_code for each in said.values()] == [200, 200, 404, 404]
    manager, board = (said[who].content.decode() for who in ("manager", "board member"))
    assert (manager.count("By group") > 0, board.count("By group"), manager.count("Open views") > 0, board.count("Open views")) == (
        True, 0, True, 0,
    )  # fmt: skip
    assert board.count("<h2>In short</h2>") == 1


def test_doors_of_a_consultation_lead_only_where_one_may_go(here: World) -> None:
    row = heard(here)
    shown = {who: browser(here, who).get(page("consultation", row)).content.decode() for who in ("manager", "board member", "other head")}
    names = ("consultation-results", "consultation-themes", "consultation-report")
    links = {who: [f'href="{page(name, row)}"' in said for name in names] for who, said in shown.items()}
    assert links == {"manager": [True, True, True], "board member": [True, False, False], "other head": [False, False, False]}


def test_results_that_are_not_worked_out_say_so_and_can_be(here: World) -> None:
    row = sent(here)
    manager = browser(here, "manager")
    assert manager.get(page("consultation-results", row)).content.decode().count("Work them out now") == 1
    done = manager.post(page("consultation-work-out", row))
    assert (done.status_code, done.headers["Location"]) == (302, page("consultation-results", row))


def test_script_in_an_answer_is_shown_as_text(here: World) -> None:
    row = sent(here)
    theme = named(here, row)
    said = browser(here, "manager").get(page("consultation-theme", row, theme.pk)).content.decode()
    assert ("<script>alert(" in said, "&lt;script&gt;alert(" in said) == (False, True)
    said = browser(here, "manager").get(page("consultation-suggestions", row, "anything")).content.decode()
    assert "<script>alert(" not in said


def test_theme_is_named_answers_ticked_and_said(here: World) -> None:
    row = heard(here)
    manager = browser(here, "manager")
    made = manager.post(page("consultation-theme-name", row, "anything"), {"name": "Release time", "suggested": "on"})
    theme = Theme.objects.get()
    assert (made.headers["Location"], theme.from_suggestion == "") == (page("consultation-theme", row, theme.pk), False)
    read = manager.get(page("consultation-theme", row, theme.pk)).content.decode()
    shown = [part.split('"')[0] for part in read.split('name="shown" value="')[1:]]
    kept = manager.post(page("consultation-theme", row, theme.pk), {"shown": shown, "about": shown[:2]})
    assert (kept.status_code, Coding.objects.filter(theme=theme).count()) == (302, 2)
    wrong = manager.post(page("consultation-theme", row, theme.pk), {"shown": ["999999"], "about": []})
    assert (wrong.status_code, Coding.objects.filter(theme=theme).count()) == (422, 2)
    given = {"version": 1, "name": "Release time", "said": SAID, "heard": "doing", "did": DID, "decision": ""}
    refused = manager.post(page("consultation-theme-say", row, theme.pk), given)
    assert (refused.status_code, SAID in refused.content.decode(), DID in refused.content.decode()) == (422, True, True)
    assert "Choose the decision that this rests on" in refused.content.decode()
    done = manager.post(page("consultation-theme-say", row, theme.pk), given | {"decision": str(decision(here).pk)})
    assert done.status_code == 302
    theme.refresh_from_db()
    assert (theme.said, theme.did) == (SAID, DID)
    gone = manager.post(page("consultation-theme-drop", row, theme.pk))
    assert (gone.headers["Location"], Theme.objects.count()) == (page("consultation-themes", row), 0)


def test_report_is_published_by_whoever_runs_it(here: World) -> None:
    row = heard(here)
    theme = named(here, row)
    manager = browser(here, "manager")
    held = manager.post(page("consultation-publish", row))
    assert (held.status_code, "Still to do: Release time" in held.content.decode()) == (422, True)
    say(here, theme)
    done = manager.post(page("consultation-publish", row))
    assert (done.status_code, done.headers["Location"]) == (302, page("consultation-report", row))
    assert Client().get(page("consultation-report", row)).content.decode().count(SAID) == 1


def test_report_is_one_in_every_format(here: World) -> None:
    row = published(here)
    said = {}
    for fmt in ("html", "docx", "pdf"):
        made = Client().get(page("consultation-report-file", row, fmt))
        assert made.status_code == 200
        said[fmt] = made.content
    document = zipfile.ZipFile(BytesIO(said["docx"]))
    words = document.read("word/document.xml").decode()
    assert (SAID in said["html"].decode(), SAID in words, said["pdf"][:5]) == (True, True, b"%PDF-")
    pictures = [name for name in document.namelist() if name.startswith("word/media/")]
    assert words.count("<wp:inline") == words.count('descr="') > len(pictures) - 1 > 0
    assert said["html"].decode().count("<svg") == words.count("<wp:inline")
    assert Client().get(page("consultation-report-file", row, "odt")).status_code == 404


def test_pages_ask_few_questions_of_the_database(here: World, django_assert_max_num_queries) -> None:
    row = published(here)
    reader = Client()
    for name in ("consultation-results", "consultation-report"):
        with django_assert_max_num_queries(14):
            assert reader.get(page(name, row)).status_code == 200
