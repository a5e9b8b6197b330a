"""Agreeing how data is shared: a head on a phone, a trust's leader for all schools, a withdrawal that takes effect, the manager's text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.queries.uses import not_to_be_used
from convenor.agreements.rules.classes import DataClass
from tests.factories.agreements import AT, ON, SLUG, World, adopted, agreeing, all_of
from tests.factories.partnership import world
from tests.functional.effort import Effort, counting, effort, total
from tests.functional.looking import unmet
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
#: Both pages read word by word and signed take less than this, in minutes.
AT_MOST = 10
SCHOOL, TRUST_SCHOOL, PHONE = "990005", "990002", 360


class Readers:
    """Browsers before Fernshire's agreement."""

    def __init__(self, browser: Browser, site: str, here: World) -> None:
        self.browser, self.site, self.here = browser, site, here
        self.contexts: list[BrowserContext] = []

    def open(self, who: str, name: str = "", *more: Any, width: int = PHONE, count: bool = False, **words: Any) -> Page:
        """Somebody, signed in, opens a page, or the home without a name."""
        context = self.browser.new_context(locale="en-GB", viewport={"width": width, "height": 740}, **words)
        self.contexts.append(context)
        for key, each in signed_in(self.here.people[who], code=True).cookies.items():
            context.add_cookies([{"name": key, "value": each.value, "url": self.site}])
        page = counting(context.new_page()) if count else context.new_page()
        if not count:
            page.goto(self.at(name, *more))
        return page

    def at(self, name: str = "", *more: Any) -> str:
        """The whole address of a page."""
        return self.site + (reverse(name, args=[SLUG, *more]) if name else "/")


@pytest.fixture
def readers(live_server: Any, browser: Browser) -> Iterator[Readers]:
    """Fernshire's first text was put to schools; one of them agreed."""
    cache.clear()
    with patch("django.utils.timezone.now", return_value=AT):
        found = Readers(browser, live_server.url, agreeing())
        yield found
        for context in found.contexts:
            context.close()


def test_a_head_reads_two_pages_on_a_phone_and_agrees(readers: Readers) -> None:
    page, done = readers.open("other head", count=True), list[Effort]()
    with effort(page, "agree how data is shared", into=done):
        page.goto(readers.at())
        page.get_by_role("button", name="Read it").click()
        page.get_by_role("button", name="Next: the agreement").click()
        for name in ("published", "review-reports", "support-records"):
            page.locator(f"#agree-{name}").check()
        page.get_by_role("button", name="Agree").click()
        expect(page.locator(".notice--done").first).to_contain_text("Dunmarsh High School has agreed, for twelve months.")
    assert total("", done).minutes_with_reading < AT_MOST
    signed = Agreed.objects.filter(school_id=SCHOOL).values_list("data_class", "name", "role")
    assert list(signed) == [(each, "Dele Stone", "Headteacher") for each in ("published", "review-reports", "support-records")]
    expect(page.locator("dl.facts")).to_contain_text("not yet agreed")


def test_a_trust_leader_agrees_for_every_school_at_once_without_script(readers: Readers) -> None:
    page = readers.open("trust lead", "agreement-agree", TRUST_SCHOOL, java_script_enabled=False)
    for each in DataClass:
        page.locator(f"#agree-{each.value}").check()
    expect(page.get_by_label("Coldbrook Academy")).to_be_checked()
    page.get_by_role("button", name="Agree").click()
    expect(page.locator(".notice--done").first).to_contain_text("2 schools have agreed")
    assert Agreed.objects.filter(trust="Waterside Trust").count() == 8


def test_a_withdrawal_takes_effect_at_once_and_can_be_taken_back(readers: Readers) -> None:
    page = readers.open("head", "agreement-school", "990001")
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw now").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Tick what your school withdraws from")
    page.get_by_label("What is entered").check()
    page.get_by_role("button", name="Withdraw now").click()
    expect(page.locator(".notice--done").first).to_contain_text("Done, from this moment")
    expect(page.locator("dl.facts")).to_contain_text("Used by your school alone.")
    assert "990001" in not_to_be_used(SLUG, DataClass.ENTERED, viewer=None, at=AT)
    page.get_by_role("button", name="Renew or agree to more").click()
    page.locator("#agree-entered-signals").check()
    page.get_by_role("button", name="Agree").click()
    expect(page.locator(".notice--done").first).to_contain_text("has agreed")
    assert "990001" not in not_to_be_used(SLUG, DataClass.ENTERED, viewer=None, at=AT)


def test_a_manager_begins_changes_and_puts_a_text_to_schools(live_server: Any, browser: Browser) -> None:
    cache.clear()
    with patch("django.utils.timezone.now", return_value=AT):
        readers = Readers(browser, live_server.url, world())
        page = readers.open("manager", "agreements", width=1280)
        page.get_by_role("link", name="Begin the agreement").click()
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("link", name="Change it").click()
        wrong = [f"write: {each}" for each in unmet(page)]
        page.get_by_label("Whom does a school ask").fill("Data protection officer, dpo@fernshire.example")
        page.get_by_role("button", name="Keep it so").click()
        page.get_by_role("button", name="Put it to schools").click()
        wrong += [f"adopt: {each}" for each in unmet(page)]
        page.get_by_label("Who decided").fill("Strategic Board, 12 October 2026")
        page.get_by_role("button", name="Put it to every school").click()
        expect(page.locator(".notice--done").first).to_contain_text("It is put to schools.")
        readers.contexts[0].close()
    assert (wrong, AgreementText.objects.exclude(adopted_at=None).count()) == ([], 1)


def test_every_page_is_sound_and_fits_a_narrow_phone(readers: Readers) -> None:
    adopted(readers.here, 2, agree_by_on=None)
    all_of(readers.here, TRUST_SCHOOL, ended=10)
    wrong: list[str] = []
    for who, name, more in (
        ("head", "agreement-school", ("990001",)), ("other head", "agreement-school", (SCHOOL,)),
        ("other head", "agreement-agree", (SCHOOL,)),
        ("trust lead", "agreement-agree", (TRUST_SCHOOL,)), ("head", "agreement-withdraw", ("990001",)), ("head", "agreement-text", ()),
        ("head", "agreement-privacy", ()), ("manager", "agreements", ()), ("manager", "agreement-begin", ()),
        ("manager", "agreement-write", ()), ("manager", "agreement-adopt", ()), ("manager", "agreement-drop", ()),
    ):  # fmt: skip
        page = readers.open(who, name, *more, width=320)
        wrong += [f"{name} {more}: {each}" for each in unmet(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name} {more}: scrolls sideways")
        readers.contexts.pop().close()
    assert (wrong, ON.year) == ([], 2026)
