"""The manager's day: a seat filled from call to appointment; a room switched off."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page

from tests.functional import deployment
from tests.functional.conftest import Door
from tests.functional.deployment import SLUG, Site

HERE = f"/p/{SLUG}"


def heading(page: Page) -> str:
    """The page's own heading."""
    return page.get_by_role("heading", level=1).inner_text()


def weeks_pass(site: Site, call: int, weeks: int) -> None:
    """What no page can do: the call was opened so many weeks ago, closed yesterday, and the term begins today."""
    today = date.today()
    deployment.change(
        site,
        f"UPDATE partnership_seatcall SET opened_on = '{today - timedelta(weeks=weeks)}', "
        f"closes_on = '{today - timedelta(days=1)}', term_from_on = '{today}' WHERE id = {call}",
    )


def test_the_manager_fills_an_empty_seat(own_site: Site, door: Door) -> None:
    manager = door(own_site, "Partnership manager")
    manager.goto(f"{HERE}/seats/")
    vacant = manager.locator("#empty + ul > li").filter(has_text="Open to: headteacher.").filter(has_text="Call for names").first
    title, body = vacant.locator(".name").inner_text(), vacant.locator("a").first.inner_text()
    vacant.get_by_role("link", name=re.compile("^Call for names")).click()
    manager.get_by_label("First day of the term").fill((date.today() + timedelta(days=22)).isoformat())
    manager.get_by_label("What is asked of the holder").fill("Two afternoons a term; release is paid.")
    manager.get_by_role("button", name="Open the call").click()
    manager.wait_for_url(f"**{HERE}/seats/")
    manager.locator("#calls ~ ul .name a", has_text=f"{title}, {body}").first.click()
    call = int(re.search(r"/calls/(\d+)/", manager.url)[1])  # type: ignore[index]

    head = door(own_site, "Headteacher", width=360)
    head.goto(f"{HERE}/seats/calls/{call}/")
    head.get_by_role("button", name="Put somebody forward").click()
    own = head.get_by_label("Who").locator("option").filter(has_text=f"{own_site.people['Headteacher'].name} – Headteacher")
    head.get_by_label("Who").select_option(label=own.inner_text())
    head.get_by_label("In a few words, why").fill("Has led moderation for two years.")
    head.get_by_role("button", name="Put forward").click()
    head.get_by_text("The name is put forward.").wait_for()
    name = own_site.people["Headteacher"].name

    weeks_pass(own_site, call, 4)
    manager.goto(f"{HERE}/seats/calls/{call}/")
    manager.get_by_role("button", name="Decide the call").click()
    manager.get_by_label(f"Votes for {name}").fill("7")
    manager.get_by_role("button", name="Record the outcome").click()
    manager.get_by_text("The outcome is recorded and the seat is filled.").wait_for()
    chosen = manager.get_by_role("listitem").filter(has_text=name).filter(has_text="Chosen, 7 votes")
    assert chosen.count() == 1
    manager.goto(f"{HERE}/journal/")
    assert manager.get_by_text(f"{title}, {body}").or_(manager.get_by_text(title)).count() > 0
    head.goto(f"{HERE}/seats/")
    assert head.locator("#empty + ul > li").filter(has_text=title).filter(has_text=body).count() == 0


def test_a_room_switched_off_disappears_and_comes_back(own_site: Site, door: Door) -> None:
    manager, head = door(own_site, "Partnership manager"), door(own_site, "Headteacher")
    head.goto(f"{HERE}/structure/")
    assert head.get_by_role("link", name="Representation", exact=True).count() == 1
    manager.goto(f"{HERE}/rooms/")
    row = manager.get_by_role("listitem").filter(has_text=re.compile("^(Whom the board stands for|Representation)"))
    row.get_by_role("button").click()
    manager.get_by_text("is out of sight").wait_for()
    head.goto(f"{HERE}/structure/")
    assert head.get_by_role("link", name="Representation", exact=True).count() == 0
    answer = head.goto(f"{HERE}/representation/")
    assert answer is not None
    assert answer.status == 404
    manager.get_by_role("button", name=re.compile("^Switch on")).click()
    manager.get_by_text("is back").wait_for()
    head.goto(f"{HERE}/representation/")
    assert heading(head) == "Representation"


def test_somebody_who_leaves_a_post_sees_nothing_more_from_that_day(own_site: Site, door: Door) -> None:
    manager = door(own_site, "Partnership manager")
    manager.goto(f"{HERE}/posts/?text={own_site.people['Auditor'].name.replace(' ', '+')}")
    manager.get_by_role("link", name=re.compile("^Leaves|^Leave")).first.click()
    auditor = door(own_site, "Auditor")
    auditor.goto(f"{HERE}/journal/")
    assert heading(auditor) == "Journal"
    manager.get_by_role("button", name=re.compile("Record that they leave")).click()
    manager.get_by_text("Recorded. What the post allowed ends on that day.").wait_for()
    answer = auditor.goto(f"{HERE}/journal/")
    assert answer is not None
    assert answer.status == 403
