"""A phone in a workshop: in by the code, nine cards placed by keyboard and by thumb, the signal lost and found again, one entry standing.

The deployment is a small one of this file's own, with a workshop that is open and nothing of the demonstration.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.functional import deployment
from tests.functional.conftest import PATIENCE
from tests.functional.deployment import Site, change, kept, surroundings
from tests.functional.effort import HEADER, Effort, counting, effort, write_down
from tests.functional.looking import sideways, unmet

pytestmark = pytest.mark.slow
CODE, POST = "CDFGHJKM", "CDFGHJKN"
PLANT = """
import sys
import django
django.setup()
from django.utils import timezone
from tests.factories.workshops import workshop, world
here = world()
workshop(here, step="diamond", join_code=sys.argv[1])
workshop(here, kind="by-post", join_code=sys.argv[2], closes_on=timezone.localdate())
"""
#: Card, row and place.
BY_THUMB = (
    ("Structures", 1, 1), ("Trust", 2, 1), ("Vision", 2, 2), ("Capacity", 3, 1), ("Engagement", 3, 2), ("System leaders", 3, 3),
    ("Local authority", 4, 1), ("Regional links", 4, 2), ("Contributions", 5, 1),
)  # fmt: skip
#: A head's limit for a diamond on a phone.
MINUTES = 3.0


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("room")
    (folder / "secret-key").write_text("x" * 60)
    env = surroundings(folder, "") | {"DJANGO_SETTINGS_MODULE": "convenor.settings"}
    for words in (["-m", "convenor", "migrate", "-v0"], ["-c", PLANT, CODE, POST]):
        made = subprocess.run([sys.executable, *words], cwd=deployment.ROOT, env=env, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
    with deployment.serving(folder, "", {}) as site:
        yield site


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    """What the browser complained of. A phone without a signal says so in its console, which is no error."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def context(browser: Browser, room: Site) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        base_url=room.address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, locale="en-GB"
    )  # fmt: skip
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, wrong: list[str]) -> Page:
    opened = counting(context.new_page())
    opened.set_default_timeout(PATIENCE)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    return opened


def joins(page: Page, code: str) -> None:
    """In by the code, as a table of six."""
    page.goto("/join/")
    page.get_by_label("The code").fill(f"{code[:4].lower()} {code[4:]}")
    page.get_by_role("button", name="Join").click()
    page.locator("#room[data-ready]").wait_for()
    page.get_by_label("A table", exact=True).check()
    page.get_by_label("how many are you").fill("6")
    page.get_by_role("button", name="Join").click()
    page.locator("#room[data-joined][data-ready]").wait_for()


def places(page: Page, card: str, *keys: str) -> None:
    """By keyboard: choose a card, walk to a place, put it there."""
    page.get_by_role("group", name="Cards to place").get_by_role("button", name=card, exact=True).focus()
    for key in ("Enter", *keys, "Enter"):
        page.keyboard.press(key)


def standing(room: Site, words: str) -> object:
    return kept(room, f"SELECT {words} FROM conditions_diamondnine d JOIN conditions_participant p ON p.id = d.participant_id")


def test_nine_cards_by_keyboard_without_a_signal_stand_once(page: Page, context: BrowserContext, room: Site) -> None:
    joins(page, CODE)
    assert unmet(page) == []
    says = page.locator("[data-says]")
    places(page, "Vision")
    expect(says).to_have_text("Vision: row 1 of 5, the greatest strength. 8 left to place.")
    places(page, "Trust", "ArrowRight")  # from the first free place to the one beside it
    expect(says).to_have_text("Trust: row 2 of 5, more a strength. 7 left to place.")
    for card in ("Engagement", "System leaders", "Local authority", "Capacity", "Regional links", "Contributions", "Structures"):
        places(page, card)
    expect(says).to_have_text("Structures: row 5 of 5, most to improve. All nine are placed.")
    context.set_offline(True)
    page.get_by_role("button", name="Send the diamond").click()
    expect(page.locator("[data-state]")).to_contain_text("Kept on this phone, not yet sent: your diamond.")
    assert standing(room, "count(*)") == 0
    context.set_offline(False)
    expect(page.locator("[data-state]")).to_have_text("Sent. Thank you.")
    page.reload()
    page.locator("#room[data-ready]").wait_for()
    page.get_by_role("button", name="Send the diamond again").click()
    expect(page.locator("[data-state]")).to_have_text("Sent. Thank you.")
    assert (standing(room, "count(*)"), standing(room, "p.group_size"), kept(room, "SELECT count(*) FROM conditions_participant")) == (
        1,
        6,
        1,
    )
    assert unmet(page) == []
    assert sideways(page) == ""


def test_room_moves_on_and_a_line_written_without_a_signal_outlives_a_reload(page: Page, context: BrowserContext, room: Site) -> None:
    joins(page, CODE)
    change(room, f"UPDATE conditions_workshop SET step = 'levels' WHERE join_code = '{CODE}'")
    page.get_by_text("The room has moved on to").wait_for()
    page.get_by_role("button", name="Go there").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert unmet(page) == []
    box = page.get_by_label("A line: School-level clusters")
    box.fill("Begun, not added <b>yet</b>")
    page.reload()
    page.locator("#room[data-ready]").wait_for()
    expect(box).to_have_value("Begun, not added <b>yet</b>")
    context.set_offline(True)
    page.get_by_role("button", name="Add this line to: School-level clusters").click()
    expect(page.get_by_role("listitem").filter(has_text="Begun, not added <b>yet</b>")).to_have_class("is-waiting")
    context.set_offline(False)
    expect(page.locator("[data-state]")).to_have_text("Sent. Thank you.")
    assert kept(room, "SELECT count(*) || words FROM conditions_canvasnote") == "1Begun, not added <b>yet</b>"
    change(room, f"UPDATE conditions_workshop SET step = 'diamond' WHERE join_code = '{CODE}'")


def test_diamond_on_a_phone_takes_under_three_minutes(page: Page, room: Site) -> None:
    done: list[Effort] = []
    with effort(page, "join, as a table", into=done):
        joins(page, POST)
    with effort(page, "place nine cards by thumb and send them", into=done) as placing:
        for card, row, place in BY_THUMB:
            page.get_by_role("group", name="Cards to place").get_by_role("button", name=card, exact=True).tap()
            page.locator(f"[data-row='{row}'][data-place='{place}']").tap()
        page.get_by_role("button", name="Send the diamond").tap()
        expect(page.locator("[data-state]")).to_have_text("Sent. Thank you.")
    print(f"\n{HEADER}\n" + "\n".join(each.row() for each in done))
    write_down({"a table in the room": done}, os.environ.get("CONVENOR_ROOM_MINUTES", ""))
    assert (placing.pages, placing.taps, placing.fields) == (0, 19, 0)
    assert placing.minutes_with_reading < MINUTES


def test_card_is_dragged_by_mouse_and_changed_by_dropping_another_on_it(page: Page, room: Site) -> None:
    joins(page, POST)

    def drag(card: str, row: int) -> None:
        page.locator(".board-card, .board-place.is-full").filter(has_text=card).hover()
        page.mouse.down()
        page.locator(f"[data-row='{row}'][data-place='1']").hover()
        page.mouse.up()

    drag("Trust", 1)
    drag("Vision", 5)
    drag("Trust", 5)
    rows = page.locator("[data-rows]")
    expect(rows).to_have_value('{"vision":1,"trust":5}')


def test_wide_page_without_script_asks_for_rows(browser: Browser, room: Site) -> None:
    context = browser.new_context(base_url=room.address, viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/join/{POST}/")
    page.get_by_role("button", name="Join").click()
    for card, row in zip(page.locator("select[data-card]").all(), "122333445", strict=True):
        card.select_option(row)
    page.get_by_role("button", name="Send the diamond").click()
    expect(page.get_by_text("Sent. Thank you.")).to_be_visible()
    context.close()


def test_pages_before_joining_have_nothing_unmet(page: Page, room: Site) -> None:
    for path in ("/join/", "/join/CCCCCCCC/", f"/join/{POST}/"):
        page.goto(path)
        page.get_by_role("heading", level=1).wait_for()
        assert (path, unmet(page)) == (path, [])
        assert (path, sideways(page)) == (path, "")
        page.set_viewport_size({"width": 360, "height": 740})


def test_screenshots_for_looking(page: Page, room: Site, tmp_path: Path) -> None:
    """Where a folder is named, the phone's pages are drawn into it; the pages of every step hold no error of axe either way."""
    joins(page, POST)
    folder = Path(os.environ.get("CONVENOR_LOOK", tmp_path))
    for step in ("diamond", "levels", "changes"):
        page.goto(f"/join/{POST}/?step={step}")
        page.locator("#room[data-ready]").wait_for()
        page.screenshot(path=folder / f"phone-{step}.png", full_page=True)
        assert (step, unmet(page)) == (step, [])
