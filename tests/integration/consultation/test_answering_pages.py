"""The pages of asking and answering, as browsers send them: nothing typed is lost, nothing is told to whom it is not for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from convenor.consultation.models import Consultation, Proposition, Response
from convenor.consultation.rules.answers import print_of
from convenor.post.models import Letter
from tests.factories.consultation import ANSWERS, AT, SECRETS, SLUG, World, asking, consultation, respond, view
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
SCHOOL = "990001"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def here() -> Iterator[World]:
    cache.clear()
    with patch("django.utils.timezone.now", return_value=AT):
        yield asking()


def at(name: str, *more: Any, **query: str) -> str:
    return reverse(name, args=[SLUG, Consultation.objects.get(state="open").pk, *more], query=query or None)


def boxes(answers: dict[str, Any]) -> dict[str, str]:
    """The answers as the page's boxes send them."""
    found: dict[str, str] = {}
    for key, said in answers.items():
        if isinstance(said, dict):
            found |= {f"q-{key}-{one}": stance for one, stance in said.items()}
        elif isinstance(said, list):
            found |= {f"q-{key}-{place}": one for place, one in enumerate(said, 1)}
        else:
            found[f"q-{key}"] = said
    return found


def words(response: Any) -> str:
    """What the page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_head_answers_screen_by_screen_and_sends(here: World) -> None:
    head = signed_in(here.people["head"])
    given = boxes(ANSWERS)
    for step in range(1, 9):
        went = head.post(at("consultation-answer-step", SCHOOL, step), given | {"go": "next"})
        assert went.status_code == 302
    assert went.headers["Location"] == at("consultation-answer-check", SCHOOL)
    assert Response.objects.get().draft == ANSWERS
    sent = head.post(at("consultation-answer-check", SCHOOL))
    assert (sent.status_code, Response.objects.get().answers) == (302, ANSWERS)
    again = head.post(at("consultation-answer-check", SCHOOL))
    assert (again.status_code, words(again).count("A school has one formal response, and Headteacher of Fernhollow Primary School")) == (
        422,
        1,
    )


def test_page_saves_as_it_goes_and_says_when(here: World) -> None:
    head = signed_in(here.people["head"])
    said = head.post(
        at("consultation-answer-step", SCHOOL, 2), {"q-structure": "partly", "was-structure": print_of(None)}, headers={"X-Save": "1"}
    )
    assert said.json() == {"says": "Saved at 09:00", "was": {"structure": print_of("partly")}}
    assert Response.objects.get().draft == {"structure": "partly"}


def test_clash_with_a_colleague_is_said_and_what_was_typed_stands(here: World) -> None:
    deputy, head = signed_in(here.people["school leader"]), signed_in(here.people["head"])
    address = at("consultation-answer-step", SCHOOL, 8)
    deputy.post(address, {"q-anything": "Ours.", "was-anything": print_of(None)})
    typed = {"q-anything": f"Mine. {SCRIPT}", "was-anything": print_of(None)}
    quiet = head.post(address, typed, headers={"X-Save": "1"})
    assert (quiet.status_code, quiet.json()["says"][:41]) == (409, "A colleague changed an answer here while ")
    shown = head.post(address, typed)
    page = shown.content.decode()
    assert (shown.status_code, page.count(f'value="{print_of("Ours.")}"'), page.count(SCRIPT)) == (422, 1, 0)
    assert words(shown).count(f"Mine. {SCRIPT}") == 1
    head.post(address, typed | {"was-anything": print_of("Ours.")})
    assert Response.objects.get().draft == {"anything": f"Mine. {SCRIPT}"}


def test_each_way_on_from_a_screen(here: World) -> None:
    head = signed_in(here.people["head"])
    address = at("consultation-answer-step", SCHOOL, 2)
    went = {go: head.post(address, {"go": go}).headers["Location"] for go in ("next", "check", "give", "stop")}
    assert went == {
        "next": at("consultation-answer-step", SCHOOL, 3), "check": at("consultation-answer-check", SCHOOL),
        "give": at("consultation-answer-give", SCHOOL), "stop": at("consultation"),
    }  # fmt: skip
    assert head.get(at("consultation-answer-step", SCHOOL, 99)).status_code == 404


def test_answer_after_the_last_day_is_kept_and_not_sent(here: World) -> None:
    head = signed_in(here.people["head"])
    Consultation.objects.update(closes_on=AT.date() - timedelta(days=1))
    head.post(at("consultation-answer-step", SCHOOL, 2), {"q-structure": "no", "go": "next"})
    refused = head.post(at("consultation-answer-check", SCHOOL))
    assert (
        refused.status_code,
        words(refused).count("The last day of answers was 1 November 2026. What you wrote is kept as a draft"),
    ) == (422, 1)
    assert (Response.objects.get().draft, Response.objects.get().state) == ({"structure": "no"}, "draft")


def test_script_in_a_comment_is_shown_as_text(here: World) -> None:
    respond(here, Consultation.objects.get(), SCHOOL, ANSWERS | {"anything": SCRIPT})
    got = signed_in(here.people["head"]).get(at("consultation-answer-check", SCHOOL))
    assert (got.content.decode().count(SCRIPT), words(got).count(SCRIPT)) == (0, 1)


def test_colleague_is_asked_by_a_letter_that_leads_to_the_answer(here: World) -> None:
    head = signed_in(here.people["head"])
    asked = head.post(at("consultation-answer-give", SCHOOL), {"person": here.people["school leader"].pk})
    letter = Letter.objects.get(kind="task-given")
    assert (asked.headers["Location"], letter.to_address) == (at("consultation"), "sia.brook@example.org")
    assert letter.body.count(f"http://testserver{at('consultation-answer', SCHOOL)}") == 1


def test_view_without_an_account_is_one_for_a_browser(here: World) -> None:
    browser = Client()
    sent = browser.post(at("consultation-view"), {"q-structure": "no", "role": "Parent or carer"})
    cookie = sent.cookies["convenor-view"]
    assert (sent.status_code, cookie["httponly"], cookie["samesite"], cookie["path"]) == (302, True, "Lax", f"/p/{SLUG}/consultations/")
    browser.post(at("consultation-view"), {"q-structure": "yes"})
    row = Response.objects.get()
    assert (row.answers, row.person_id, cookie.value in row.sender) == ({"structure": "yes"}, None, False)
    assert words(browser.get(at("consultation-view"))).count("You have sent a view from this browser.") == 1
    assert words(Client().get(at("consultation-view"))).count("You have sent a view from this browser.") == 0
    empty = Client().post(at("consultation-view"), {"q-anything": " ", "role": "nobody"})
    assert (empty.status_code, words(empty).count("Say something to one question at least")) == (422, 1)


@override_settings(ACCOUNT_RATE_LIMITS={"consultation_view": "3/h/ip"})
def test_ten_thousand_answers_of_one_machine_are_refused_in_words_and_what_was_typed_stands(here: World) -> None:
    said = [Client().post(at("consultation-view"), {"q-anything": f"Answer {number}"}) for number in range(5)]
    assert [each.status_code for each in said] == [302, 302, 302, 429, 429]
    assert (words(said[-1]).count("So many answers have come from your network"), words(said[-1]).count("Answer 4")) == (1, 1)
    assert Response.objects.count() == 3


def test_paper_typed_in_for_a_school_that_has_answered_is_refused_and_stands(here: World) -> None:
    manager = signed_in(here.people["manager"], code=True)
    address = at("consultation-paper")
    typed = boxes(ANSWERS) | {"school": SCHOOL, "role": "Headteacher"}
    assert manager.post(address, typed).status_code == 302
    again = manager.post(address, typed | {"q-anything": "A second sheet"})
    assert (again.status_code, words(again).count("on paper, typed in by Mara Hollis"), words(again).count("A second sheet")) == (422, 1, 1)
    assert Response.objects.get().entered_by[:11] == "Mara Hollis"


def test_manager_writes_asks_opens_and_changes(here: World) -> None:
    manager = signed_in(here.people["manager"], code=True)
    started = manager.post(
        reverse("consultation-start", args=[SLUG]),
        {"template": "before-drafting", "title": "First questions", "opens_on": "2026-11-02", "closes_on": "2026-11-20"},
    )
    row = Consultation.objects.get(title="First questions")
    assert started.headers["Location"] == reverse("consultation", args=[SLUG, row.pk])

    def post(name: str, data: dict[str, Any], *more: str) -> int:
        return manager.post(reverse(name, args=[SLUG, row.pk, *more]), data).status_code

    question = {"kind": "closed", "words": "Shall we?", "options": "Yes\nNo\nYes, later", "about": "why", "required": "on"}
    assert post("consultation-question-add", question) == 302
    assert post("consultation-question", question | {"options": "Yes\nNo", "words": "Shall we now?"}, "shall-we") == 302
    assert post("consultation-question-add", question | {"options": "Yes"}) == 422
    assert post("consultation-question-drop", {}, "changed") == 302
    sheet = {"version": 4, "heading-1": "Why", "words-1": "One.\n\nTwo.", "heading-2": "More", "words-2": "Three."}
    assert post("consultation-write", sheet) == 302
    assert post("consultation-write", sheet) == 422
    assert post("consultation-open", {}) == 302
    assert post("consultation-write", sheet | {"version": 6, "words-2": "Four."}) == 422
    assert post("consultation-write", sheet | {"version": 6, "words-2": "Four.", "changes": "Four, not three."}) == 302
    asked = [(each.key, [one["key"] for one in each.options]) for each in row.questions.all()]
    assert asked == [("well", []), ("better", []), ("shall-we", ["yes", "no"])]
    assert list(Proposition.objects.filter(consultation=row).values_list("number", "changes")) == [(1, ""), (2, "Four, not three.")]
    shown = words(manager.get(reverse("consultation", args=[SLUG, row.pk])))
    assert (shown.count("Version 2, from 2 November 2026. What is different: Four, not three."), shown.count("Version 1, from")) == (1, 1)


def test_what_was_answered_is_shown_to_nobody_else(here: World) -> None:
    row = Consultation.objects.get()
    respond(here, row, SCHOOL)
    respond(here, row, "990005", {"anything": SECRETS["draft"]}, state="draft")
    view(here, row)
    Response.objects.filter(school_id="990005").update(answers={})
    consultation(here, "draft", title="Not for anybody yet")
    own = {"head": 1, "school leader": 1}
    pages = ["consultation", "consultation-sheet", "consultation-view", "consultation-rates"]
    found: dict[str, int] = {}
    for who in ("manager", "board member", "cluster lead", "other head", "officer", "head", "school leader"):
        browser = signed_in(here.people[who], code=True)
        said = "".join(browser.get(at(name)).content.decode() for name in pages)
        said += browser.get(reverse("consultations", args=[SLUG])).content.decode()
        said += browser.get(at("consultation-answer-check", SCHOOL)).content.decode()
        found[who] = sum(unescape(said).count(each) for each in SECRETS.values())
    assert found == dict.fromkeys(found, 0) | own
    assert Client().get(at("consultation-answer-check", SCHOOL)).status_code == 302
