"""The workshop of 7 June 2019 from opening to close: a facilitator with a phone and a laptop, a wall, tables, and what it leads to."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Door
from tests.functional.deployment import SLUG, Site, kept
from tests.functional.looking import sideways, unmet
from tests.functional.rooms import MOST, SOME, Table

pytestmark = pytest.mark.slow
WORKSHOPS = f"/p/{SLUG}/workshops/"
TITLE = "Our local school improvement system"
TABLES = 7
SENT = (
    "SELECT count(*) FROM conditions_diamondnine d JOIN conditions_participant p ON p.id = d.participant_id "
    f"JOIN conditions_workshop w ON w.id = p.workshop_id WHERE w.title = '{TITLE}'"
)


def goes_on(page: Page, to: str) -> None:
    """The facilitator takes the room to the next step."""
    page.get_by_role("button", name=re.compile(f"^Next: {re.escape(to)}")).click()
    expect(page.locator("#now")).to_contain_text(to)


def planned(page: Page) -> str:
    """A workshop is planned with the agenda of the source, and opened; its path."""
    page.goto(f"{WORKSHOPS}plan/")
    page.get_by_label("What is it called?").fill(TITLE)
    page.get_by_role("radio", name=re.compile("^Workshop on the local school improvement system")).check()
    page.get_by_label("On which day?").fill(date.today().isoformat())
    page.get_by_role("radio", name=re.compile("^The nine conditions")).check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(rf"{WORKSHOPS}\d+/"))
    return re.search(rf"{WORKSHOPS}\d+/", page.url)[0]  # type: ignore[index]


def test_the_workshop_runs_from_opening_to_close_and_its_bottom_three_become_priorities(own_site: Site, door: Door) -> None:
    laptop = door(own_site, "Partnership manager")
    path = planned(laptop)
    laptop.goto(f"{path}lead/")
    laptop.get_by_role("button", name="Open the workshop").click()
    expect(laptop.locator("#now")).to_have_text("Opening summary")
    wall = laptop.context.new_page()
    wall.goto(f"{path}wall/")
    code = str(kept(own_site, f"SELECT join_code FROM conditions_workshop WHERE title = '{TITLE}'"))
    assert f"{code[:4]} {code[4:]}" in wall.inner_text("body")
    assert unmet(wall) == []

    # A phone joins by the code it reads on the wall; nobody is signed in.
    phone = door(own_site, width=360)
    phone.goto("/join/")
    phone.get_by_role("textbox").fill(f"{code[:4].lower()} {code[4:]}")
    phone.locator("main form button[type=submit]").click()
    phone.get_by_role("button", name="Join").click()
    expect(phone.locator("#step-opening")).to_be_visible()
    assert [unmet(phone), sideways(phone)] == [[], ""]
    tables = [Table(own_site, code) for _ in range(TABLES)]
    for number, table in enumerate(tables, 1):
        table.join(f"Table {number}", 5)

    # Activity 1. The phone goes on with the room by itself.
    hand = door(own_site, "Partnership manager", width=360)  # the facilitator walks about with a phone
    hand.goto(f"{path}lead/")
    goes_on(hand, "Activity 1")
    expect(phone.locator("#step-diamond")).to_be_visible(timeout=20_000)
    place_nine(phone)
    for number, table in enumerate(tables):
        table.place(SOME if number == 2 else MOST)
    expect(wall.get_by_text(re.compile(rf"{TABLES + 1}\b.*sent|sent.*{TABLES + 1}\b", re.DOTALL)).first).to_be_visible(timeout=20_000)
    hand.get_by_role("button", name="Show what was said").click()
    expect(wall.locator("svg .diamond, svg[class*=diamond], figure svg").first).to_be_visible(timeout=20_000)
    assert [unmet(hand), sideways(hand), unmet(wall)] == [[], "", []]

    goes_through_activity_two(hand, tables)
    assert kept(own_site, SENT) == TABLES + 1
    is_read_and_taken_on(laptop, own_site, path)


def goes_through_activity_two(hand: Page, tables: list[Table]) -> None:
    """The talk between, then three levels, factors, the next twelve to eighteen months, and the close."""
    for step in ("Why are partnerships", "Learning from current practice", "Activity 2: partnership structures"):
        goes_on(hand, step)
    tables[0].send("note", {"words": "Small enough to know each other"})
    tables[1].send("note", {"words": "<script>alert(1)</script> is what ours is called"}, form=1)
    goes_on(hand, "Activity 2: factors")
    tables[2].send("note", {"words": "Falling rolls"}, form=3)
    goes_on(hand, "Activity 2: the next 12 to 18 months")
    tables[3].send("prediction", {"words": "Every cluster has reviewed every school once", "months": "18"})
    for table, percent in zip(tables[:6], ("10", "25", "50", "75", "75", "90"), strict=True):
        table.send("likelihood", {"percent": percent})
    goes_on(hand, "Close and thanks")
    hand.get_by_role("button", name="Close the workshop").click()
    expect(hand.get_by_text(re.compile(r"^Closed \d"))).to_be_visible()


def is_read_and_taken_on(laptop: Page, site: Site, path: str) -> None:
    """What the room said: on a page, on paper, and as priorities."""
    laptop.goto(f"{path}results/")
    expect(laptop.locator("main")).to_contain_text("agree more than chance")
    expect(laptop.locator("main")).to_contain_text("<script>alert(1)</script> is what ours is called")
    assert unmet(laptop) == []
    assert len(laptop.pdf()) > 20_000
    laptop.get_by_role("button", name="Take on the bottom three").click()
    for box in laptop.get_by_role("checkbox", name=re.compile("^Take on")).all():
        box.check()
    assert unmet(laptop) == []
    laptop.locator("main form button[type=submit]").last.click()
    expect(laptop.get_by_role("button", name=re.compile("^Take on"))).to_have_count(0)
    taken = kept(site, f"SELECT count(*) FROM governance_priority WHERE came_from LIKE '%{TITLE}%'")
    assert taken == 3


def place_nine(phone: Page) -> None:
    """A card, then its place, nine times; then it is sent."""
    board = phone.locator("[data-panel=diamond] [data-diamond]")
    for row, cards in enumerate((("trust",), ("vision", "leadership"), ("engagement", "authority", "links"), ("capacity", "structures"),
                                 ("contributions",)), 1):  # fmt: skip
        for place, card in enumerate(cards, 1):
            board.locator(f"[data-card={card}].board-card").click()
            board.locator(f"[data-row='{row}'][data-place='{place}']").click()
    expect(board).to_contain_text("All nine are placed")
    phone.get_by_role("button", name="Send the diamond").click()
    expect(phone.locator("[data-state]")).to_contain_text("Sent")
