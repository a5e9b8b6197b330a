"""The counting itself: what a person did is counted once, what the page did by itself is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.functional.effort import Effort, counting, effort, total

FORM = """<!doctype html><title>Form</title><main><h1>Three words here</h1><form action="next.html">
<label for="name">Name</label><input id="name" name="name" value="Ada">
<label for="words">Words</label><textarea id="words" name="words"></textarea>
<label><input type="radio" name="kind" value="a">One</label><label for="b">Two</label><input id="b" type="radio" name="kind" value="b">
<select aria-label="Theme" name="theme"><option>Reading</option><option>Writing</option></select>
<button>Send it</button></form><details><summary>More</summary><p>Hidden till asked for</p></details></main>
<script>document.getElementById('name').value = 'Ada Example'</script>"""
NEXT = "<!doctype html><title>Next</title><main><h1>Three words here</h1><p>Thank you</p></main>"


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Page:
    (tmp_path / "form.html").write_text(FORM, encoding="utf-8")
    (tmp_path / "next.html").write_text(NEXT, encoding="utf-8")
    opened = counting(browser.new_page())
    opened.set_default_timeout(10_000)
    opened.__dict__["_folder"] = tmp_path.as_uri()
    return opened


def test_every_press_is_counted_once_however_it_is_made(page: Page) -> None:
    with effort(page, "presses") as counted:
        page.goto(f"{page.__dict__['_folder']}/form.html")
        page.get_by_text("One", exact=True).click()
        page.get_by_text("Two", exact=True).click()
        page.get_by_label("One").check()
        page.get_by_role("combobox").select_option("Writing")
        page.get_by_text("More").click()
        page.get_by_role("button").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Thank you").wait_for()
    assert (counted.pages, counted.taps, counted.fields, counted.characters) == (2, 6, 0, 0)


def test_typed_characters_are_counted_and_those_that_stood_there_are_not(page: Page) -> None:
    with effort(page, "typing") as counted:
        page.goto(f"{page.__dict__['_folder']}/form.html")
        page.get_by_label("Name").fill("Ada Examples")
        page.get_by_label("Words").click()
        page.keyboard.type("Four")
        page.keyboard.type(" and five")
        page.get_by_label("Name").fill("Ada")
    assert (counted.pages, counted.taps, counted.fields, counted.characters) == (1, 0, 2, 1 + len("Four and five") + 1)


def test_each_line_is_read_once_and_only_while_it_can_be_seen(page: Page) -> None:
    with effort(page, "reading") as counted:
        page.goto(f"{page.__dict__['_folder']}/form.html")
        closed = counted.words
        page.get_by_text("More").click()
    found: list[Effort] = []
    with effort(page, "reading on", into=found) as then:
        page.goto(f"{page.__dict__['_folder']}/next.html")
    assert (counted.words - closed, then.words, [each.name for each in found]) == (4, 5, ["reading on"])


def test_blocks_of_one_name_are_one_task(page: Page) -> None:
    found: list[Effort] = []
    for _ in range(2):
        with effort(page, "one", into=found):
            page.goto(f"{page.__dict__['_folder']}/next.html")
    assert [(each.name, each.pages, each.words) for each in found] == [("one", 2, 5)]


def test_a_person_reads_a_line_once_in_all_their_tasks(page: Page) -> None:
    found: list[Effort] = []
    for name in ("one", "another"):
        with effort(page, name, into=found):
            page.goto(f"{page.__dict__['_folder']}/next.html")
    assert [(each.name, each.pages, each.words) for each in found] == [("one", 1, 5), ("another", 1, 0)]


def test_minutes_follow_the_keystroke_level_model() -> None:
    whole = total("all", [Effort("a", taps=2, fields=1, characters=100, words=100), Effort("b", pages=3, taps=1, words=100)])
    assert whole.minutes == pytest.approx((4 * (1.35 + 1.1) + 100 * 0.28) / 60)
    assert whole.minutes_with_reading == pytest.approx(whole.minutes + 1)
    assert whole.row() == "| all | 3 | 3 | 100 | 200 | 0.6 | 1.6 |"
