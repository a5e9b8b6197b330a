"""Signing in as it works outside a demonstration: a link by e-mail, an officer's second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from email import message_from_string
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from playwright.sync_api import Page

from tests.functional.conftest import Door
from tests.functional.deployment import Site, email_of
from tests.functional.looking import unmet


def heading(page: Page) -> str:
    """The page's own heading."""
    return page.get_by_role("heading", level=1).inner_text()


def ask_for_a_link(page: Page, email: str) -> None:
    """As anybody does."""
    page.goto("/sign-in/")
    page.get_by_label("Your work e-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    page.wait_for_url("**/sign-in/sent/")


def link_to(site: Site, email: str) -> str:
    """The link in the newest letter to this address, read from the disk."""
    letter = message_from_string(site.letter_to(email)).get_payload(decode=True).decode()  # type: ignore[union-attr]
    found = re.search(r"http://127\.0\.0\.1:\d+(/sign-in/link/\S+)", letter)
    assert found, letter
    return found[1]


#: What each of the demonstration's people chooses who comes by a link.
PIN = "739104"


def by_link(page: Page, site: Site, email: str, *, proved: bool = True) -> None:
    """Ask, read the letter, open the link, press the button; and show at once who is there, unless told not to."""
    ask_for_a_link(page, email)
    page.goto(link_to(site, email))
    page.get_by_role("button", name=re.compile("^Sign in as ")).click()
    page.wait_for_url(lambda url: "/sign-in/link/" not in url)
    if proved and "/sign-in/" not in page.url and "/second-factor/" not in page.url:
        prove(page)


def prove(page: Page) -> None:
    """Give the PIN, or choose it, and come back to the page that stands open."""
    there = page.url
    page.goto(f"/account/prove/?next={quote(urlsplit(there).path)}")
    if "/account/prove/" not in page.url:
        return
    for box in page.locator("main input[type=password]").all():
        box.fill(PIN)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(there)


def code_of(secret: str, steps_on: int = 0) -> str:
    """What an authenticator app shows: RFC 6238, six digits, half a minute. `steps_on` looks ahead."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps_on)
    said = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = said[-1] & 15
    return f"{(struct.unpack('>I', said[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_a_link_by_email_signs_in_once_though_a_scanner_opened_it_first(own_site: Site, door: Door) -> None:
    head = own_site.people["Headteacher"]
    page = door(own_site, width=360)
    ask_for_a_link(page, email_of(head.name))
    link = link_to(own_site, email_of(head.name))
    for _ in range(2):  # a mail scanner follows every link in a letter, some of them twice
        with urlopen(own_site.at(link), timeout=20) as scanned:
            assert scanned.status == 200
    page.goto(link)
    page.get_by_role("button", name=f"Sign in as {head.name}").click()
    page.wait_for_url(own_site.at("/"))
    assert page.get_by_role("heading", name=re.compile("^Your school")).inner_text().startswith(f"Your school, {head.place}")
    again = door(own_site)
    again.goto(link)
    assert again.get_by_role("button", name=re.compile("^Sign in as ")).count() == 0
    assert again.get_by_role("button", name="Send me a link").count() + again.get_by_label("Your work e-mail address").count() > 0


def test_an_address_that_nobody_has_is_answered_the_same(own_site: Site, door: Door) -> None:
    page = door(own_site)
    before = len(own_site.letters())
    said = []
    for email in (email_of(own_site.people["Headteacher"].name), "nobody.at.all@example.org"):
        ask_for_a_link(page, email)
        said.append(page.locator("main").inner_text())
    assert said[0] == said[1]
    own_site.letter_to(email_of(own_site.people["Headteacher"].name))
    assert len(own_site.letters()) == before + 1


def test_an_officer_sets_up_a_second_factor_and_is_asked_for_it_next_time(own_site: Site, door: Door) -> None:
    email = email_of(own_site.people["Local authority officer"].name)
    page = door(own_site)
    wrong: list[str] = []
    by_link(page, own_site, email)
    assert heading(page) == "Second factor"
    page.goto("/areas/")
    assert heading(page) == "Second factor"  # nothing else opens before it is set up
    page.get_by_role("button", name="Set it up").click()
    secret = page.locator("strong.tabular").inner_text().replace(" ", "")
    wrong += unmet(page)
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    recovery = page.locator("main ul.tabular li").all_inner_texts()
    wrong += unmet(page)
    page.get_by_role("button", name="Go to your own page").click()
    page.wait_for_url(own_site.at("/"))
    assert page.get_by_text("Second factor").count() == 0

    later = door(own_site)
    by_link(later, own_site, email)
    assert heading(later) == "One more thing: your code"
    wrong += unmet(later)
    later.get_by_label("Code").fill(recovery[0])
    later.get_by_role("button", name="Sign in").click()
    later.wait_for_url(own_site.at("/"))
    later.goto("/account/second-factor/recovery-codes/")
    assert heading(later) == "Is it you?"
    wrong += unmet(later)
    later.get_by_label("Code").fill(recovery[1])
    later.locator("main form button[type=submit]").first.click()
    for path, words in (
        ("/account/second-factor/recovery-codes/", "Your recovery codes"),
        ("/account/second-factor/recovery-codes/new/", "Make new recovery codes?"),
        ("/account/second-factor/remove/", "Take your authenticator app off?"),
    ):
        later.goto(path)
        assert heading(later) == words
        wrong += unmet(later)
    assert wrong == []


def test_somebody_ends_a_session_they_left_open_elsewhere(own_site: Site, door: Door) -> None:
    email = email_of(own_site.people["Headteacher"].name)
    left_open, here = door(own_site), door(own_site)
    by_link(left_open, own_site, email)
    by_link(here, own_site, email)
    here.goto("/account/sessions/")
    here.get_by_role("button", name=re.compile("everywhere else|all others|other", re.IGNORECASE)).first.click()
    left_open.goto("/account/")
    assert left_open.url.startswith(own_site.at("/sign-in/"))
    here.goto("/account/")
    assert here.url == own_site.at("/account/")
