"""A real browser, Debian's Chromium, before a real deployment, over loopback.

Every page that a journey opens is watched: an error in the browser's console, or anything the content security policy had
to stop, fails the journey.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.functional import deployment
from tests.functional.deployment import Built, Site

CHROMIUM = os.environ.get("CONVENOR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
#: Nothing waits longer than this for a page of ours, in milliseconds.
PATIENCE = 15_000

Door = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser each journey is skipped, and says why."""
    if CHROMIUM:
        return
    for item in items:
        if "functional" in item.nodeid:
            item.add_marker(pytest.mark.skip(reason="no Chromium: install Debian's package chromium, or set CONVENOR_CHROMIUM"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, quietly and without asking the network for anything."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """British readers on a laptop, unless a journey says otherwise."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: each journey's browser knows its own site. (The plug-in's own fixture of this name warns under this pytest.)"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Built:
    """The demonstration, built once for all worker processes of this run."""
    base = tmp_path_factory.getbasetemp()
    return deployment.build_once(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def site(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployment that journeys share, and therefore leave as they found it."""
    with deployment.copied(built, tmp_path_factory.mktemp("shared") / "data") as served:
        yield served


@pytest.fixture
def own_site(built: Built, tmp_path: Path) -> Iterator[Site]:
    """A deployment of its own, for a journey that changes things."""
    with deployment.copied(built, tmp_path / "data") as served:
        yield served


class Watched:
    """What went wrong in the browser while a journey ran. A page that was rightly refused says so in the console: that is no error."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.refused: set[str] = set()

    def watch(self, page: Page) -> Page:
        """Listen to everything this page complains of."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("response", self._answered)
        page.set_default_timeout(PATIENCE)
        return page

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused.add(response.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.location.get("url") not in self.refused:
            self.wrong.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def watched() -> Iterator[Watched]:
    """Fails the journey that made the browser complain."""
    found = Watched()
    yield found
    assert found.wrong == []


@pytest.fixture
def door(browser: Browser, browser_context_args: dict[str, Any], watched: Watched) -> Iterator[Door]:
    """Opens a fresh browser at a site, signed in as one of the demonstration's people or as nobody.

    `door(site, "Headteacher", width=360)`; further words go to the browser, such as `java_script_enabled=False`.
    """
    with ExitStack() as stack:

        def open_at(where: Site, role: str = "", *, width: int = 1280, **more: Any) -> Page:
            context: BrowserContext = browser.new_context(
                **{**browser_context_args, "base_url": where.address, "viewport": {"width": width, "height": 900}, **more}
            )
            stack.callback(context.close)
            page = watched.watch(context.new_page())
            if role:
                sign_in(page, where, role)
            return page

        yield open_at


def sign_in(page: Page, where: Site, role: str) -> None:
    """By the demonstration's own door, as a newcomer does."""
    page.goto("/sign-in/")
    who = re.compile(rf"^Sign in as {re.escape(where.people[role].name)}\s*, {re.escape(role)}$")
    page.get_by_role("button", name=who).click()
    page.wait_for_url("**/")
