"""A facilitator at a laptop types sheets of paper in, each in under a minute, and leads a room from two devices at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Page, expect

from convenor.conditions.models import DiamondNine, Workshop
from tests.factories.workshops import AT, SLUG, World, phone, rows, workshop, world
from tests.functional.effort import counting, effort
from tests.functional.looking import sideways, unmet
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
#: A sheet with its rows, doing and reading nothing but the sheet, minutes.
AT_MOST = 1.0


class Room:
    """A workshop that is open at its diamond, and the manager's devices."""

    def __init__(self, browser: Browser, site: str, here: World) -> None:
        self.row = workshop(here)
        self.base = f"{site}/p/{SLUG}/workshops/{self.row.pk}"
        self.context = browser.new_context(locale="en-GB")
        cookies = signed_in(here.people["manager"], code=True).cookies
        self.context.add_cookies([{"name": name, "value": each.value, "url": site} for name, each in cookies.items()])

    def open(self, page: str, *, width: int = 1280, count: bool = False) -> Page:
        """A page on one more device."""
        opened = counting(self.context.new_page()) if count else self.context.new_page()
        opened.set_viewport_size({"width": width, "height": 800})
        opened.goto(f"{self.base}/{page}/")
        return opened


@pytest.fixture
def room(live_server: Any, browser: Browser) -> Iterator[Room]:
    """A workshop that is open."""
    with patch("django.utils.timezone.now", return_value=AT):
        found = Room(browser, live_server.url, world())
        yield found
        found.context.close()


def test_a_sheet_is_typed_in_under_a_minute(room: Room) -> None:
    page = room.open("paper", count=True)
    with effort(page, "type a sheet in") as counted:
        page.get_by_label("What is the table called?").fill("Table 3")
        page.get_by_label("How many people made it?").fill("6")
        page.get_by_label("The row of each card, in order").fill("122333445")
        page.get_by_role("button", name="Keep this sheet").click()
        expect(page.get_by_text("Kept: Table 3. The next sheet?")).to_be_visible()
    assert DiamondNine.objects.get().rows == rows()
    assert counted.minutes < AT_MOST


def test_a_row_that_is_too_full_is_said_while_it_is_typed(room: Room) -> None:
    page = room.open("paper")
    said = page.get_by_role("status").filter(has_text="Row 1 is too full: 2, and it has room for 1.")
    page.get_by_label("The row of each card, in order").press_sequentially("11")
    expect(said).to_be_visible()
    page.get_by_label("The row of each card, in order").fill("122333445")
    expect(page.get_by_text("All nine are in, 1-2-3-2-1.")).to_be_visible()


def test_phone_laptop_and_wall_follow_each_other(room: Room) -> None:
    hand, laptop, wall = room.open("lead", width=360), room.open("lead"), room.open("wall", width=1920)
    phone(room.row)
    expect(wall.get_by_text("1 joined")).to_be_visible(timeout=15_000)
    expect(laptop.locator("#counts dd").first).to_have_text("1", timeout=15_000)
    hand.get_by_role("button", name="Next: Why are partnerships").click()
    for page, where in ((laptop, "#now"), (wall, "h1")):
        expect(page.locator(where)).to_have_text("Why are partnerships established and how are they structured?", timeout=15_000)
    assert Workshop.objects.get().step == "why-and-how"


@pytest.mark.parametrize("page", ["lead", "wall", "paper", "board", "canvases"])
def test_the_facilitators_pages_are_sound_and_fit_a_narrow_phone(room: Room, page: str) -> None:
    opened = room.open(page)
    assert (unmet(opened), sideways(opened), unmet(opened)) == ([], "", [])
