"""Somebody who knows no code, and mostly without signing in, finds out: who chairs what, what is empty, how the area compares."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Door
from tests.functional.deployment import AREA, SLUG, Site
from tests.functional.looking import unmet

STRUCTURE = f"/p/{SLUG}/structure/"


def heading(page: Page) -> str:
    """The page's own heading."""
    return page.get_by_role("heading", level=1).inner_text()


def lines(page: Page, selector: str) -> list[str]:
    """The texts of everything the selector finds."""
    return [each.strip() for each in page.locator(selector).all_inner_texts()]


def test_someone_who_knows_no_code_finds_who_chairs_what(site: Site, door: Door) -> None:
    page = door(site)
    page.goto("/")
    page.get_by_role("link", name=re.compile("Gloucestershire Education Partnership")).click()
    page.get_by_role("link", name="Structure", exact=True).click()
    assert heading(page) == "Who decides, and who sits where"
    page.goto(f"/p/{SLUG}/")
    said = page.get_by_role("listitem").filter(has_text="Shadow board, chaired by").inner_text()
    chair = said.removeprefix("Shadow board, chaired by ").split(",")[0].strip()
    page.get_by_role("link", name="Shadow board").first.click()
    assert heading(page) == "Shadow board"
    page.get_by_role("link", name=chair).first.click()
    assert heading(page) == chair
    assert page.get_by_role("link", name="Shadow board").count() > 0


def test_someone_who_knows_no_code_finds_which_seats_are_empty(site: Site, door: Door) -> None:
    page = door(site)
    page.goto(STRUCTURE)
    rows = page.locator("#empty-seats").locator("xpath=following::table[1]/tbody/tr")
    first = rows.first.locator("a").first
    body, address = first.inner_text(), first.get_attribute("href") or ""
    first.click()
    assert heading(page) == body
    assert page.url == site.at(address)
    expect(page.get_by_text("Empty since").or_(page.get_by_text(re.compile(r"\bempty\b"))).first).to_be_visible()


def test_the_seats_said_to_be_empty_are_those_that_are_listed(site: Site, door: Door) -> None:
    page = door(site, "Partnership manager")
    page.goto(STRUCTURE)
    said = re.search(r"(\d+) seats are empty", page.locator(".lede").inner_text())
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    tables = page.locator("table").filter(has=page.locator("caption", has_text="Empty seats"))
    places = [
        int(found[1]) if (found := re.search(r"\((\d+) places\)", text)) else 1 for text in tables.locator("tbody tr").all_inner_texts()
    ]
    office = re.search(r"(\d+) further seats? go", page.locator("main").inner_text())
    assert said is not None
    assert int(said[1]) == sum(places) + (int(office[1]) if office else 0)


def test_someone_who_knows_no_code_finds_how_the_area_compares(site: Site, door: Door) -> None:
    page = door(site)
    page.goto("/")
    page.get_by_role("link", name="Gloucestershire", exact=True).click()
    assert heading(page) == "Gloucestershire"
    columns = lines(page, "#all ~ .table-frame thead th")
    assert columns == [
        "Figure",
        "Gloucestershire",
        "Numerator of denominator",
        "Mean of neighbours",
        "Region",
        "England",
        "Edition",
        "As at",
    ]
    free_meals = page.locator("#all ~ .table-frame tbody tr").filter(has_text="free school meals").locator("th, td").all_inner_texts()
    assert [bool(re.fullmatch(r"\d+\.\d%", free_meals[n].strip())) for n in (1, 3, 4, 5)] == [True] * 4
    assert unmet(page) == []


def test_the_rows_refused_are_two_clicks_from_a_figure(site: Site, door: Door) -> None:
    page = door(site)
    page.goto(f"/areas/{AREA}/")
    edition = page.locator("#all ~ .table-frame tbody tr").first.locator("td").nth(5).inner_text()
    title = edition.split(", ", 1)[1]
    page.get_by_role("link", name="Editions", exact=True).click()
    page.get_by_role("link", name=title).first.click()
    assert heading(page) == title
    read, loaded, refused, aggregate = (int(text.replace(",", "")) for text in lines(page, ".headlines .value"))
    assert read == loaded + refused + aggregate
    assert page.get_by_role("heading", name="Rows refused").count() == 1


def test_a_search_forgives_the_spelling(site: Site, door: Door) -> None:
    page = door(site)
    page.goto("/search/?q=cheltnam+bornside")
    assert lines(page, ".answers a")[0] == "Cheltenham Bournside School and Sixth Form Centre"


def test_a_search_is_reached_and_made_by_the_keyboard_alone(site: Site, door: Door) -> None:
    page = door(site)
    page.goto("/about/")
    page.keyboard.press("/")
    page.keyboard.type("shadow bord")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    assert "Shadow board" in lines(page, ".answers a")


def test_the_first_stop_of_the_keyboard_skips_to_the_page_itself(site: Site, door: Door) -> None:
    page = door(site)
    page.goto(STRUCTURE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_map_and_its_list_say_the_same(site: Site, door: Door, script: bool) -> None:
    page = door(site, java_script_enabled=script)
    page.goto(f"/areas/{AREA}/map/?phase=Secondary")
    listed = lines(page, "[data-school] a")
    drawn = page.locator("svg.map-drawn path.school title").all_text_contents()
    without = lines(page, ".area-names a")
    assert sorted(drawn) == sorted(listed)
    page.goto(f"/areas/{AREA}/schools/?phase=Secondary")
    found = re.match(r"(\d+) of", page.get_by_role("status").inner_text())
    assert found is not None
    assert int(found[1]) == len(listed) + len(without)


def test_the_list_is_downloaded_as_it_stands(site: Site, door: Door) -> None:
    page = door(site)
    page.goto(f"/areas/{AREA}/schools/")
    page.get_by_label("Phase").select_option("Secondary")
    expect(page.get_by_role("status")).to_contain_text("Secondary", ignore_case=True)
    shown = [name.split("\n")[0] for name in lines(page, "#list tbody th a")]
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    head = next(n for n, row in enumerate(rows) if "URN" in row)
    at = next(n for n, column in enumerate(rows[head]) if column in ("School", "Name"))
    names = [row[at] for row in rows[head + 1 :] if len(row) > at]
    assert names[: len(shown)] == shown


MAIN_PAGES = {
    "/": "Good",
    STRUCTURE: "Who decides, and who sits where",
    f"/areas/{AREA}/": "Gloucestershire",
    f"/areas/{AREA}/schools/": "Schools in Gloucestershire",
    f"/areas/{AREA}/map/": "Map of Gloucestershire",
    f"/p/{SLUG}/members/": "Members",
    f"/p/{SLUG}/representation/": "Representation",
    "/search/?q=gloucester": "Search",
}


def test_the_main_pages_work_without_script(site: Site, door: Door) -> None:
    page = door(site, "Headteacher", java_script_enabled=False)
    said = {}
    for path, words in MAIN_PAGES.items():
        page.goto(path)
        said[path] = heading(page)[: len(words)]
    assert said == MAIN_PAGES


def test_the_menu_of_a_telephone_opens_without_script(site: Site, door: Door) -> None:
    page = door(site, "Headteacher", width=360, java_script_enabled=False)
    page.goto("/")
    page.locator("header summary").click()
    page.get_by_role("link", name="Partnership", exact=True).click()
    assert heading(page) == "Who decides, and who sits where"


def test_a_body_that_ended_is_seen_on_a_day_when_it_stood(own_site: Site, door: Door) -> None:
    """A restructure keeps what was: two versions of an invented constitution, a year apart."""
    from tests.factories.partnership import CONSTITUTION
    from tests.functional.deployment import convenor

    first = CONSTITUTION.replace('code = "998"\nname = "Fernshire"', f'code = "{AREA}"\nname = "Gloucestershire"')
    start = first.index('[[body]]\nid = "south-cluster"')
    second = (first[:start] + first[first.index("[[cap]]") :]).replace("from = 2025-09-01", "from = 2026-09-01", 1)
    for number, text in enumerate((first, second)):
        file = own_site.folder / f"fernshire-{number}.toml"
        file.write_text(text, encoding="utf-8")
        convenor("structure", "load", str(file), folder=own_site.folder, database=own_site.database)
    page = door(own_site)
    page.goto("/p/fernshire/structure/")
    assert page.get_by_role("link", name="South cluster").count() == 0
    page.get_by_text("On another date").click()
    page.get_by_label("Day").fill("2025-10-01")
    page.get_by_role("button", name="Show that day").click()
    page.wait_for_url("**on=2025-10-01")
    assert page.get_by_role("link", name="South cluster").count() > 0
