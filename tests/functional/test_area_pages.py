"""The pages over the published record, in a browser: findable faults, small screens, keyboard, and life without script."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.factories import registers as make
from tests.integration.web.test_area_pages import wigan  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wigan")]

PAGES = (
    "/areas/", "/areas/359/", "/areas/359/schools/", "/areas/359/schools/?phase=Nursery", "/areas/359/map/", "/search/?q=wigan ash",
    "/editions/", "/editions/register/", "/schools/700001/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_fault_that_a_machine_can_find(page: Page, live_server: Any, path: str) -> None:
    page.goto(live_server.url + path)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    found = Axe().run(page)
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found.response["violations"]] == []


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_the_narrowest_screen(page: Page, live_server: Any, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server.url + path)
    assert page.locator("html").evaluate("it => it.scrollWidth") == 320


def test_list_narrows_as_a_filter_is_chosen_and_keeps_it_in_the_address(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/areas/359/schools/")
    page.get_by_label("Phase").select_option("Secondary")
    page.get_by_text("1 of 2 state-funded schools: phase Secondary.").wait_for()
    assert page.locator("#list tbody th").all_inner_texts() == ["Birch High School"]
    assert "phase=Secondary" in page.url


def test_list_narrows_without_script(browser: Browser, live_server: Any) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/areas/359/schools/")
    page.get_by_label("Phase").select_option("Secondary")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#list tbody th").all_inner_texts() == ["Birch High School"]


def test_map_is_drawn_without_script(browser: Browser, live_server: Any) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/areas/359/map/")
    assert page.locator(".map-drawn").is_visible()
    assert page.locator(".map-drawn .school title").all_text_contents() == ["Ash Primary School"]


def test_map_opens_a_school_from_the_list_by_keyboard(page: Page, live_server: Any) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(f"{live_server.url}/areas/359/map/")
    page.locator(".map.leaflet-container").wait_for()
    page.locator("[data-school='700001'] a").focus()
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    assert popup.locator("a").get_attribute("href") == "/schools/700001/"
    assert faults == []


def test_search_is_one_key_away_and_leads_to_a_school(page: Page, live_server: Any) -> None:
    make.school("Quarry Bank Primary School", urn="700009")
    page.goto(f"{live_server.url}/areas/")
    page.keyboard.press("/")
    page.keyboard.type("quary bnk")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Quarry Bank Primary School").click()
    page.get_by_role("heading", name="Quarry Bank Primary School", level=1).wait_for()
    assert page.url == f"{live_server.url}/schools/700009/"
