"""How support goes is data: a partnership writes a file with its own states, tasks and gates, changes it, and drives both in the browser.

No code is touched between the two: the second version asks for one task and one gate more, and a package that runs stays as it began.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from convenor.support.actions.packages import open_package
from convenor.support.models import Package
from tests.factories.support import SLUG, World, need, supporting
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FIRST = """
key = "hand-in-hand"
version = 1
name = "Hand in hand"
says = "A cup of tea, then help."
source = "https://example.org/our-own-way"

[[states]]
key = "tea"
name = "A cup of tea"
kind = "waiting"

[[states]]
key = "helping"
name = "Hand in hand"
kind = "working"

[[states]]
key = "thanked"
name = "Thanked"
kind = "ended"

[[tasks]]
key = "kettle"
name = "Put the kettle on"
who = "broker"
states = ["tea"]
due = { after = "state:tea", days = 3 }
fields = [
  { key = "on", label = "Which day", kind = "date" },
  { key = "sugar", label = "Sugar", kind = "choice", options = [{ key = "none", label = "None" }, { key = "two", label = "Two lumps" }] },
  { key = "talked", label = "You talked about what would help", kind = "yes-no", must = true },
]

[[moves]]
key = "begin"
name = "Begin helping"
from = ["tea"]
to = "helping"
who = ["broker"]
needs = ["kettle"]

[[moves]]
key = "thank"
name = "Say thank you"
from = ["helping"]
to = "thanked"
who = ["broker"]
"""
WASHING_UP = '[[states]]\nkey = "washing-up"\nname = "Washing up"\nkind = "working"\n'
#: The same with one state, one task and one gate more: only the file changes.
SECOND = (
    FIRST.replace("version = 1", "version = 2")
    .replace('needs = ["kettle"]', 'needs = ["kettle", "biscuits"]\ngates = ["supporter-chosen"]')
    .replace(
        "[[moves]]",
        '[[tasks]]\nkey = "biscuits"\nname = "Bring biscuits"\nwho = "receiving"\nstates = ["tea"]\n\n[[moves]]', 1,
    )
    .replace('[[states]]\nkey = "thanked"', WASHING_UP + '\n[[states]]\nkey = "thanked"')
    .replace('from = ["helping"]\nto = "thanked"', 'from = ["washing-up"]\nto = "thanked"')
    + '\n[[moves]]\nkey = "wash"\nname = "Wash up together"\nfrom = ["helping"]\nto = "washing-up"\nwho = ["broker", "receiving"]\n'
)  # fmt: skip


class Desk:
    """The people of one package, each with a browser of their own, and the folder in which the partnership's own files stand."""

    def __init__(self, browser: Browser, site: str, world: World, folder: Path) -> None:
        self.browser, self.site, self.world, self.folder = browser, site, world, folder
        self.contexts: list[BrowserContext] = []

    def writes(self, text: str) -> None:
        """Somebody saves the file: that is all that changes."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "hand-in-hand.toml").write_text(text, encoding="utf-8")

    def opens(self) -> Package:
        """The broker opens a package by the file as it is now."""
        return open_package(slug=SLUG, need_id=need(self.world).pk, flow="hand-in-hand", by=self.world["broker"], at=NOW)

    def sit(self, who: str, row: Package, *, width: int = 1280) -> Page:
        """Somebody opens the package."""
        context = self.browser.new_context(locale="en-GB", viewport={"width": width, "height": 800})
        self.contexts.append(context)
        cookies = signed_in(self.world.people[who], code=True).cookies
        context.add_cookies([{"name": name, "value": each.value, "url": self.site} for name, each in cookies.items()])
        page = context.new_page()
        page.goto(self.site + reverse("support-package", args=[SLUG, row.pk]))
        return page


@pytest.fixture
def desk(live_server: Any, browser: Browser, tmp_path: Path, settings: Any) -> Iterator[Desk]:
    """A school that asked for help, and its broker."""
    settings.DATA_DIR = tmp_path
    with patch("django.utils.timezone.now", return_value=NOW):
        found = Desk(browser, live_server.url, supporting(), tmp_path / "workflows")
        yield found
        for context in found.contexts:
            context.close()


def stands(page: Page) -> str:
    return page.locator(".way .now .what").inner_text()


def kettle(page: Page) -> None:
    """The broker fills in the task that the file describes."""
    page.get_by_role("button", name="Do it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Put the kettle on")
    page.get_by_label("Which day").fill("2026-11-02")
    page.get_by_role("radio", name="Two lumps").check()
    page.get_by_role("group", name="You talked about what would help").get_by_label("Yes").check()
    page.get_by_role("button", name="Save").click()


def test_a_partnership_s_own_states_and_gates_are_driven_in_the_browser(desk: Desk) -> None:
    desk.writes(FIRST)
    first = desk.opens()
    page = desk.sit("broker", first)
    assert stands(page) == "A cup of tea"
    kettle(page)
    page.get_by_text("What was written").click()
    expect(page.get_by_text("Two lumps")).to_be_visible()
    page.get_by_role("button", name="Begin helping").click()
    page.get_by_role("button", name="Yes, go on").click()
    assert stands(page) == "Hand in hand"
    first.refresh_from_db()
    assert (first.state, first.kind, first.started_on) == ("helping", "working", NOW.date())


def test_one_more_state_task_and_gate_in_the_file_change_what_the_next_package_asks(desk: Desk) -> None:
    desk.writes(FIRST)
    before = desk.opens()
    desk.writes(SECOND)
    after = desk.opens()
    page = desk.sit("broker", after)
    kettle(page)
    expect(page.get_by_text("Not yet. “Bring biscuits” is not complete. And 1 more.")).to_be_visible()
    page.get_by_role("link", name="Begin helping").click()
    expect(page.get_by_text("No supporter is chosen yet. The broker chooses one.")).to_be_visible()
    phone = desk.sit("head", after, width=360)
    phone.get_by_role("button", name="Do it now").click()
    phone.get_by_label("Done").check()
    phone.get_by_role("button", name="Save").click()
    expect(phone.locator(".way .what")).to_have_text(["A cup of tea", "Hand in hand", "Washing up", "Thanked"])
    old = desk.sit("broker", before)
    expect(old.locator(".way .what")).to_have_text(["A cup of tea", "Hand in hand", "Thanked"])
    kettle(old)
    expect(old.get_by_role("button", name="Begin helping")).to_be_visible()
    assert [Package.objects.get(pk=row.pk).workflow_version for row in (before, after)] == [1, 2]


def test_a_file_of_one_s_own_stands_in_the_list_beside_the_others(desk: Desk) -> None:
    desk.writes(FIRST)
    row = desk.opens()
    page = desk.sit("broker", row)
    page.goto(desk.site + reverse("support-packages", args=[SLUG]))
    line = page.get_by_role("row").filter(has=page.get_by_role("link", name="Fernhollow Primary School"))
    expect(line.get_by_text("A cup of tea")).to_be_visible()
    expect(line.get_by_text("Put the kettle on")).to_be_visible()
    expect(line.get_by_text("the broker, by 5 Nov 2026")).to_be_visible()
