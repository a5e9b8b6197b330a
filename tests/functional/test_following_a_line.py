"""A sceptical head follows each number to where it comes from; a board sees how many, and no school; a broker sees what waits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Door
from tests.functional.deployment import SLUG, Site
from tests.functional.looking import sideways, unmet

EARLY = f"/p/{SLUG}/early/"


def heading(page: Page) -> str:
    """The page's own heading."""
    return page.get_by_role("heading", level=1).inner_text()


def lines_of_own_school(page: Page) -> None:
    """As a head comes to them: the partnership's rooms, early identification, the lines."""
    page.goto(f"/p/{SLUG}/structure/")
    page.get_by_role("link", name="Early identification", exact=True).click()
    page.get_by_role("link", name=re.compile("^Read the lines")).first.click()


def test_a_sceptical_head_traces_a_number_to_its_edition_in_two_clicks(site: Site, door: Door) -> None:
    page = door(site, "Headteacher")
    lines_of_own_school(page)
    figures = page.locator(".lines > li").filter(has=page.locator(".line__figure strong"))
    assert figures.count() >= 4
    for number in range(figures.count()):
        lines_of_own_school(page) if number else None
        line = page.locator(".lines > li").filter(has=page.locator(".line__figure strong")).nth(number)
        figure = line.locator(".line__figure strong").inner_text()
        line.locator("summary").click()
        link = line.get_by_role("link", name=re.compile("the edition itself$"))
        link.click()
        expect(page).to_have_url(re.compile("/editions/[a-z0-9-]+/$"))
        assert (figure != "", page.get_by_text("SHA-256").count()) == (True, 1)


def test_what_a_figure_is_held_against_leads_to_its_editions_too(site: Site, door: Door) -> None:
    page = door(site, "Headteacher")
    lines_of_own_school(page)
    line = page.locator("#line-ATT")
    line.locator("summary").click()
    line.get_by_role("link", name=re.compile("^Key stage 2 results, 2023")).click()
    assert heading(page).startswith("Key stage 2 results, 2023")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_lines_read_well_with_all_of_them_opened(site: Site, door: Door, width: int) -> None:
    page = door(site, "Headteacher", width=width)
    lines_of_own_school(page)
    for each in page.locator("main details > summary").all():
        each.click()
    assert (unmet(page), sideways(page)) == ([], "")


def test_the_lines_open_by_keyboard_alone_and_without_script(site: Site, door: Door) -> None:
    page = door(site, "Headteacher", java_script_enabled=False)
    lines_of_own_school(page)
    summary = page.locator("#line-ATT summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#line-ATT details")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=re.compile("the edition itself$")).first).to_be_focused()


def test_every_indicator_has_its_line_or_its_reason(site: Site, door: Door) -> None:
    from convenor.intelligence.rules.indicators import INDICATORS

    page = door(site, "Headteacher")
    lines_of_own_school(page)
    assert [code for code in INDICATORS if page.locator(f"#line-{code}").count() != 1] == []


def test_a_heads_home_asks_for_the_reply_in_minutes_and_leads_to_it(site: Site, door: Door) -> None:
    page = door(site, "Headteacher", width=360)
    thing = page.locator(".todo > li").filter(has_text="Reply about the lines of")
    assert thing.locator(".minutes").inner_text() == "4 min"
    thing.get_by_role("button", name="Read and reply").or_(thing.get_by_role("link", name="Read and reply")).click()
    expect(page).to_have_url(re.compile(rf"{EARLY}conversations/\d+/$"))


def test_a_board_member_sees_how_many_and_no_school(site: Site, door: Door) -> None:
    page = door(site, "Board member")
    page.goto(EARLY)
    told = page.locator("#totals").locator("xpath=following-sibling::p[1]").inner_text()
    assert re.match(r"(Fewer than 5|About \d+|\d+ or more) of 305 member schools had an early conversation open on 1 ", told)
    own = page.locator("#own ~ .seat-list .name").all_inner_texts()
    named = set(
        re.findall(r"\b[A-Z][a-z]+ (?:Primary|High|Catholic|Church of England)[A-Za-z ]*(?:School|Academy)\b", page.inner_text("main"))
    )
    assert named <= {name.strip() for name in own}


def test_a_brokers_home_names_no_school_and_leads_to_the_list(site: Site, door: Door) -> None:
    page = door(site, "Broker")
    waiting = page.locator(".todo").first
    assert waiting.locator("> li").count() == 3
    assert re.search(r"(School|Academy)\b", waiting.inner_text().replace("A school", "").replace("schools", "")) is None
    waiting.get_by_text("Open the list").first.click()
    assert heading(page) == "Early conversations"


def test_the_method_is_there_for_anyone(site: Site, door: Door) -> None:
    page = door(site)
    page.goto(f"/p/{SLUG}/")
    page.goto(f"{EARLY}method/")
    assert (heading(page), unmet(page), sideways(page)) == ("How early identification works", [], "")
