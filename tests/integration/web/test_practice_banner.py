"""While a partnership practises, its pages say that no message leaves; whoever may invite heads is led there."""

from __future__ import annotations

import re
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from convenor.post.actions import begin_practice, end_practice
from tests.factories.partnership import AT, SLUG, World, world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

PAGES = ("/", f"/p/{SLUG}/", f"/p/{SLUG}/seats/", "/schools/990001/")


@pytest.fixture
def here() -> World:
    """The invented partnership."""
    return world()


@pytest.fixture(autouse=True)
def now() -> Any:
    """The invented day."""
    with patch("django.utils.timezone.now", return_value=AT) as clock:
        yield clock


def banner(browser: Client, page: str) -> str:
    """What the banner says, "" where there is none."""
    found = re.search(r'<div class="practice".*?</div>', browser.get(page).content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


SAYS = "Practice. No message of Fernshire Education Partnership leaves yet: each is kept to be looked at."


def test_pages_say_that_no_message_leaves_while_it_lasts(here: World) -> None:
    manager, head = signed_in(here.people["manager"], code=True), signed_in(here.people["head"])
    assert [banner(manager, page) for page in PAGES] == [""] * len(PAGES)
    begin_practice(slug=SLUG, by="the test", at=AT)
    assert [banner(manager, page) for page in PAGES] == [f"{SAYS} Invite heads when you are ready."] * len(PAGES)
    assert [banner(head, page) for page in PAGES] == [SAYS] * len(PAGES)
    end_practice(slug=SLUG, by="the test", at=AT)
    assert banner(manager, "/") == ""


def test_nobody_else_is_told_that_a_partnership_practises(here: World) -> None:
    begin_practice(slug=SLUG, by="the test", at=AT)
    stranger = signed_in(here.people["somebody with no post"])
    assert [banner(browser, f"/p/{SLUG}/") for browser in (Client(), stranger)] == ["", ""]


def test_practice_of_another_partnership_is_not_ones_own(here: World) -> None:
    begin_practice(slug="elsewhere", by="the test", at=AT)
    assert banner(signed_in(here.people["manager"], code=True), "/") == ""
