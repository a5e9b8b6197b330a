"""A tired head answers a consultation on a telephone: in under six minutes, saved as it goes, with or without script or network.

What it asks of the head is counted by the browser, and kept for `bench/minutes.py` where CONVENOR_CONSULTATION_MINUTES names a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from convenor.consultation.models import Consultation, Response
from tests.factories.consultation import ANSWERS, AT, SLUG, World, asking
from tests.functional.effort import Effort, counting, effort, total, write_down
from tests.functional.looking import unmet
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
#: The whole answer, reading every word of the proposition and of each page, takes less than this, minutes.
AT_MOST = 6
SCHOOL, PHONE = "990001", 360
COMMENT = "Meet in the afternoon, please, and pay for cover: small schools have nobody to send."
TAPPED = {key: said for key, said in ANSWERS.items() if key not in ("principles", "first", "anything")}


class Phones:
    """Telephones before one open consultation."""

    def __init__(self, browser: Browser, site: str, world: World) -> None:
        self.browser, self.site, self.world = browser, site, world
        self.contexts: list[BrowserContext] = []
        self.pk = Consultation.objects.get().pk

    def open(self, who: str, name: str = "consultation-answer", *more: Any, count: bool = False, **words: Any) -> Page:
        """Somebody, signed in, opens a page; nobody in particular where `who` is ""."""
        context = self.browser.new_context(locale="en-GB", **{"viewport": {"width": PHONE, "height": 740}} | words)
        self.contexts.append(context)
        if who:
            cookies = signed_in(self.world.people[who]).cookies
            context.add_cookies([{"name": name, "value": each.value, "url": self.site} for name, each in cookies.items()])
        page = counting(context.new_page()) if count else context.new_page()
        if not count:
            page.goto(self.address(name, *more or ((SCHOOL,) if "answer" in name else ())))
        return page

    def address(self, name: str, *more: Any) -> str:
        """The whole address of a page of the consultation."""
        return self.site + reverse(name, args=[SLUG, self.pk, *more])


@pytest.fixture
def phones(live_server: Any, browser: Browser) -> Iterator[Phones]:
    """Fernshire's head has been asked, and has answered nothing yet."""
    cache.clear()
    with patch("django.utils.timezone.now", return_value=AT):
        found = Phones(browser, live_server.url, asking())
        yield found
        for context in found.contexts:
            context.close()


def tap(page: Page, question: str, answer: str) -> None:
    """One tap on a word."""
    page.locator(f"#q-{question}-{answer}").check()


def on(page: Page) -> None:
    """The next screen."""
    page.get_by_role("button", name="Next").click()


def whole_answer(page: Page) -> None:
    """Every screen, as a head goes through them."""
    for principle, stance in ANSWERS["principles"].items():
        tap(page, f"principles-{principle}", stance)
    on(page)
    for question, answer in TAPPED.items():
        tap(page, question, answer)
        on(page)
    for place, key in enumerate(ANSWERS["first"], 1):
        page.locator(f"#q-first-{place}").select_option(key)
    page.get_by_label("What would you change").fill(COMMENT)
    page.get_by_role("button", name="Check your answer").click()
    page.get_by_role("button", name="Send our answer").click()


def test_a_head_answers_in_under_six_minutes(phones: Phones) -> None:
    page, done = phones.open("head", count=True), list[Effort]()
    with effort(page, "answer a consultation", into=done):
        page.goto(phones.address("consultation-answer", SCHOOL))
        whole_answer(page)
        expect(page.locator(".notice--done").first).to_contain_text("Fernhollow Primary School has answered")
    write_down({"head": done}, os.environ.get("CONVENOR_CONSULTATION_MINUTES", ""))
    assert total("", done).minutes_with_reading < AT_MOST
    assert Response.objects.get().answers == ANSWERS | {"anything": COMMENT}


def test_every_screen_is_sound_and_fits_a_narrow_phone(phones: Phones) -> None:
    page = phones.open("head", viewport={"width": 320, "height": 640})
    wrong: list[str] = []
    for name, more in (
        *(("consultation-answer-step", (SCHOOL, step)) for step in (1, 2, 8)), ("consultation-answer-check", (SCHOOL,)),
        ("consultation-answer-give", (SCHOOL,)), ("consultation-view", ()), ("consultation", ()), ("consultation-sheet", ()),
    ):  # fmt: skip
        page.goto(phones.address(name, *more))
        wrong += [f"{name} {more}: {each}" for each in unmet(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name} {more}: scrolls sideways")
    assert wrong == []


def test_it_works_without_script(phones: Phones) -> None:
    page = phones.open("head", java_script_enabled=False)
    whole_answer(page)
    expect(page.locator(".notice--done").first).to_contain_text("Fernhollow Primary School has answered")
    assert Response.objects.get().answers == ANSWERS | {"anything": COMMENT}


def test_what_is_tapped_is_saved_and_a_colleague_finds_it(phones: Phones) -> None:
    page = phones.open("head", "consultation-answer-step", SCHOOL, 2)
    tap(page, "structure", "partly")
    expect(page.locator("[data-answer-says]")).to_have_text("Saved at 09:00")
    deputy = phones.open("school leader", "consultation-answer-step", SCHOOL, 2)
    expect(deputy.locator("#q-structure-partly")).to_be_checked()


def test_what_is_typed_without_a_network_comes_back_and_is_saved(phones: Phones) -> None:
    page = phones.open("head", "consultation-answer-step", SCHOOL, 8)
    page.route("**/answer/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("What would you change").fill(COMMENT)
    expect(page.locator("[data-answer-says]")).to_have_text(
        "No network. What you wrote is kept on this device, and saved when the network is back."
    )
    page.reload()
    expect(page.get_by_label("What would you change")).to_have_value(COMMENT)
    page.unroute("**/answer/**")
    page.get_by_label("What would you change").fill(f"{COMMENT} Thank you.")
    expect(page.locator("[data-answer-says]")).to_have_text("Saved at 09:00")
    assert Response.objects.get().draft == {"anything": f"{COMMENT} Thank you."}


def test_a_view_typed_by_anybody_stands_after_a_reload_and_is_sent_once(phones: Phones) -> None:
    page = phones.open("", "consultation-view")
    tap(page, "structure", "no")
    page.get_by_label("What would you change").fill("Ask parents too.")
    page.reload()
    expect(page.locator("#q-structure-no")).to_be_checked()
    for _ in range(2):
        page.get_by_role("button", name="my view").click()
        expect(page.locator(".notice--done")).to_contain_text("Your view was sent.")
        page.goto(phones.address("consultation-view"))
    assert [each.answers for each in Response.objects.all()] == [{"structure": "no", "anything": "Ask parents too."}]
