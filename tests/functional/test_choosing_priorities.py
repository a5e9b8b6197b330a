"""From what many share to a priority, and from a school's similar schools to the publisher's own edition."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.functional.conftest import Door
from tests.functional.deployment import SLUG, Site
from tests.functional.looking import sideways, unmet

EARLY = f"/p/{SLUG}/early/"


def calm(page: Page) -> None:
    """Nothing that axe minds, and no sideways scroll on a narrow telephone."""
    size = page.viewport_size
    assert (unmet(page), sideways(page)) == ([], "")
    if size:
        page.set_viewport_size(size)


def test_a_head_follows_a_similar_school_to_its_edition(own_site: Site, door: Door) -> None:
    head = door(own_site, "Headteacher", width=360)
    head.goto(EARLY)
    own = head.locator("a[href*='/early/schools/']").first.get_attribute("href") or ""
    head.goto(f"{own}similar/")
    expect(head.get_by_role("heading", level=1)).to_contain_text("Schools most like")
    rows = head.locator("table", has=head.locator("caption", has_text="nearest first")).locator("tbody tr")
    assert rows.count() == 30
    calm(head)
    head.get_by_role("link", name="DfE 30").click()
    expect(head.get_by_text("No school stands in a set twice here")).to_be_visible()
    assert rows.count() == 0
    calm(head)
    head.get_by_role("link", name=re.compile("School census")).first.click()
    expect(head.get_by_text("rows read")).to_be_visible()


def test_a_board_reads_shared_problems_and_the_manager_makes_one_a_priority(own_site: Site, door: Door) -> None:
    board = door(own_site, "Board member")
    board.goto(f"{EARLY}shared-problems/")
    expect(board.get_by_role("heading", level=1)).to_have_text("Shared problems")
    assert board.locator("main a[href^='/schools/']").count() == 0
    assert board.get_by_role("link", name=re.compile("^Make this a priority")).count() == 0
    calm(board)

    manager = door(own_site, "Partnership manager")
    manager.goto(f"{EARLY}shared-problems/primary/absence_overall/priority/")
    expect(manager.get_by_label("Priority")).to_have_value("Overall absence in primary schools")
    calm(manager)
    manager.get_by_label("Priority").fill("Every day counts")
    manager.get_by_label("How anyone will know").fill("Overall absence of primary schools, from 6.4% to 5.5%")
    manager.get_by_role("button", name="Record the priority").click()
    manager.get_by_text("The priority is recorded.").wait_for()
    visitor = door(own_site)
    visitor.goto(f"/p/{SLUG}/")
    expect(visitor.get_by_text("Every day counts")).to_be_visible()


def test_a_broker_sees_who_was_good_long_ago_and_a_board_how_many(own_site: Site, door: Door) -> None:
    broker = door(own_site, "Broker")
    broker.goto(f"{EARLY}long-ago/?years=3")
    named = broker.locator("main .seat-list a[href^='/schools/'], main table a[href^='/schools/']")
    assert named.count() > 0
    school = named.first.inner_text()
    calm(broker)
    broker.get_by_label("In the order of").select_option("inspection")
    broker.get_by_role("button", name="Show").click()
    expect(broker).to_have_url(re.compile("order=inspection"))

    board = door(own_site, "Board member", width=360)
    board.goto(f"{EARLY}long-ago/?years=3")
    assert school not in board.inner_text("main")
    expect(board.get_by_text("Schools are named to brokers only.")).to_be_visible()
    calm(board)

    head = door(own_site, "Headteacher")
    answer = head.goto(f"{EARLY}long-ago/")
    assert answer is not None
    assert answer.status == 403
