"""A self-review is saved as it is typed, and nothing typed is lost: not by a reload, a second writer, a session that ended or a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from convenor.peer_review.models import SelfReview
from convenor.peer_review.rules.states import State
from tests.factories.peer_review import MOMENTS, SLUG, World, review, reviewing
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
NOW = MOMENTS[State.FOCUS_AGREED] + timedelta(hours=1)
FIRST = "What goes well"


class Desk:
    """The host school's two writers, each with a browser of their own."""

    def __init__(self, browser: Browser, site: str, world: World, address: str) -> None:
        self.browser, self.site, self.world, self.address = browser, site, world, address
        self.contexts: list[BrowserContext] = []

    def sit(self, who: str, *, width: int = 1280) -> Page:
        """Somebody opens the self-review."""
        context = self.browser.new_context(locale="en-GB", viewport={"width": width, "height": 800})
        self.contexts.append(context)
        self.sign_in(context, who)
        page = context.new_page()
        page.goto(self.address)
        return page

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """Their session, begun now."""
        cookies = signed_in(self.world.people[who]).cookies
        context.add_cookies([{"name": name, "value": each.value, "url": self.site} for name, each in cookies.items()])


@pytest.fixture
def desk(live_server: Any, browser: Browser) -> Iterator[Desk]:
    """A review whose questions are agreed, and whose self-review waits to be written."""
    with patch("django.utils.timezone.now", return_value=NOW):
        world = reviewing()
        row = review(world, until=State.FOCUS_AGREED)
        found = Desk(browser, live_server.url, world, live_server.url + reverse("review-self", args=[SLUG, row.pk]))
        yield found
        for context in found.contexts:
            context.close()


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-keep-says]")).to_contain_text(words, timeout=15_000)


def words() -> dict[str, str]:
    return dict(SelfReview.objects.values_list("words", flat=True).first() or {})


def test_what_is_typed_is_saved_and_stands_after_a_reload(desk: Desk) -> None:
    page = desk.sit("head", width=360)
    page.get_by_label(FIRST).fill("We read daily.")
    says(page, "Saved 10:00.")
    page.reload()
    expect(page.get_by_label(FIRST)).to_have_value("We read daily.")
    assert words() == {"strengths": "We read daily."}


def test_two_who_write_under_one_heading_see_both(desk: Desk) -> None:
    head, deputy = desk.sit("head"), desk.sit("school leader")
    head.get_by_label(FIRST).fill("The head wrote this.")
    says(head, "Saved")
    deputy.get_by_label(FIRST).fill("The deputy wrote that.")
    says(deputy, "Ada Example wrote under “What goes well”")
    deputy.get_by_role("button", name="Save", exact=True).click()
    expect(deputy.get_by_text("The head wrote this.")).to_be_visible()
    expect(deputy.get_by_label(FIRST)).to_have_value("The deputy wrote that.")
    deputy.get_by_label(FIRST).fill("Both of us wrote this.")
    deputy.get_by_role("button", name="Save", exact=True).click()
    expect(deputy.get_by_role("status").filter(has_text="Saved.").first).to_be_visible()
    assert words()["strengths"] == "Both of us wrote this."


def test_a_session_that_ended_takes_nothing_along(desk: Desk) -> None:
    page = desk.sit("head")
    page.context.clear_cookies()
    page.get_by_label(FIRST).fill("Typed after the session ended.")
    says(page, "You have been signed out.")
    assert words() == {}
    page.reload()
    assert "/sign-in/" in page.url
    desk.sign_in(page.context, "head")
    page.goto(desk.address)
    expect(page.get_by_label(FIRST)).to_have_value("Typed after the session ended.")
    says(page, "Saved")
    assert words()["strengths"] == "Typed after the session ended."


def test_signing_in_again_in_another_tab_is_enough(desk: Desk) -> None:
    page = desk.sit("head")
    page.context.clear_cookies()
    page.get_by_label(FIRST).fill("Typed while I was out.")
    says(page, "You have been signed out.")
    desk.sign_in(page.context, "head")
    other = page.context.new_page()
    other.goto(desk.site)
    other.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    says(page, "Saved")
    assert words()["strengths"] == "Typed while I was out."


def test_somebody_else_at_the_same_screen_finds_nothing_of_it(desk: Desk) -> None:
    page = desk.sit("head")
    page.context.clear_cookies()
    page.get_by_label(FIRST).fill("The head’s own thoughts.")
    says(page, "You have been signed out.")
    desk.sign_in(page.context, "school leader")
    page.goto(desk.address)
    expect(page.get_by_label(FIRST)).to_have_value("")


def test_without_a_network_it_waits_and_is_saved_when_there_is_one(desk: Desk) -> None:
    page = desk.sit("head", width=360)
    page.context.set_offline(True)
    page.get_by_label(FIRST).fill("Typed on the train.")
    says(page, "No network.")
    page.context.set_offline(False)
    says(page, "Saved")
    assert words()["strengths"] == "Typed on the train."


def test_the_button_saves_without_any_script(desk: Desk) -> None:
    context = desk.browser.new_context(java_script_enabled=False)
    desk.contexts.append(context)
    desk.sign_in(context, "head")
    page = context.new_page()
    page.goto(desk.address)
    page.get_by_label(FIRST).fill("Plain and simple.")
    page.get_by_role("button", name="Save", exact=True).click()
    assert words()["strengths"] == "Plain and simple."
