"""On a phone: a supporter writes a note of a visit, it saves itself, the head disputes it, and both heads agree to a changed plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from convenor.support.actions.plan import set_plan
from convenor.support.models import NoteOfVisit, Visit
from convenor.support.queries.agreements import agreed_of
from tests.factories.support import SLUG, World, package, supporting
from tests.factories.support_deployments import GOAL, NOW
from tests.functional.effort import counting, effort
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
#: What a supporter writes standing in a corridor: two sentences and a half.
SEEN = "Read with six children in year 2. All knew the story; four could say why the fox ran. Phonics cards are used in every group now."
AGREED = "Two teachers are trained on Friday."
Phone = Callable[[str], Page]


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=NOW):
        yield supporting()


@pytest.fixture
def phone(live_server: object, browser: Browser, here: World) -> Iterator[Phone]:
    """A phone in the hand of one of `here.people`, its presses counted."""
    opened = []

    def of(who: str) -> Page:
        context = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 740}, base_url=live_server.url)  # type: ignore[attr-defined]
        cookies = signed_in(here.people[who], code=True).cookies
        context.add_cookies([{"name": key, "value": each.value, "url": live_server.url} for key, each in cookies.items()])  # type: ignore[attr-defined]
        opened.append(context)
        page = counting(context.new_page())
        page.set_default_timeout(15_000)
        return page

    yield of
    for context in opened:
        context.close()


def test_a_note_of_visit_takes_less_than_two_minutes_and_loses_nothing(here: World, phone: Phone) -> None:
    row = package(here)
    page = phone("supporter")
    with effort(page, "Note of visit") as asked:
        page.goto(reverse("support-visits", args=[SLUG, row.pk]))
        page.get_by_role("button", name="I was there today").click()
        page.get_by_role("button", name="Keep the visit").click()
        page.get_by_label("What you did and saw").fill(SEEN)
        page.get_by_label("What you agreed").fill(AGREED)
        expect(page.locator("[data-keep-says]")).to_contain_text("Saved 09:00. Nobody else reads it yet.")
        page.get_by_role("button", name="Send it to the school").click()
        expect(page.get_by_text("Sent. The school reads it")).to_be_visible()
    print(f"\nNote of visit: {asked.minutes:.1f} minutes, {asked.taps} taps, {asked.characters} characters, {asked.pages} pages")
    assert asked.minutes < 2
    assert NoteOfVisit.objects.get(visit__package=row).seen == SEEN


def test_a_note_that_was_left_is_found_again(here: World, phone: Phone) -> None:
    row = package(here)
    assert row.supporter is not None
    made = Visit.objects.create(package=row, supporter=row.supporter, on=NOW.date() - timedelta(days=1), half_days=1)
    page = phone("supporter")
    page.goto(reverse("support-note", args=[SLUG, row.pk, made.pk]))
    page.get_by_label("What you did and saw").fill("Half a thought")
    expect(page.locator("[data-keep-says]")).to_contain_text("Saved 09:00.")
    again = phone("supporter")
    again.goto(reverse("support-note", args=[SLUG, row.pk, made.pk]))
    expect(again.get_by_label("What you did and saw")).to_have_value("Half a thought")


def test_a_head_agrees_to_a_changed_plan_in_a_minute(here: World, phone: Phone) -> None:
    row = package(here)
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["broker"], at=NOW)
    for who in ("head", "lender"):
        page = phone(who)
        with effort(page, "Agree to a plan") as asked:
            page.goto(reverse("support-plan", args=[SLUG, row.pk]))
            page.get_by_role("button", name="Read it and agree").click()
            page.get_by_role("button", name="Agree to this plan").click()
            expect(page.get_by_text("Agreed. The other side")).to_be_visible()
        print(f"\nAgree to a plan, {who}: {asked.minutes:.1f} minutes, {asked.minutes_with_reading:.1f} with reading, {asked.taps} taps")
        assert asked.minutes < 1
    assert agreed_of(row.pk, viewer=here["head"]).both


@pytest.mark.parametrize(
    "name", ["support-plan", "support-agree", "support-visits", "support-progress-new", "support-money", "support-evaluation"]
)
def test_no_page_is_wider_than_a_phone(here: World, phone: Phone, name: str) -> None:
    row = package(here)
    page = phone("head")
    page.goto(reverse(name, args=[SLUG, row.pk]))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
