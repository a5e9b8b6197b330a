"""A head's ten minutes on a telephone; a trust's leader among schools; a school that sees who looked."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.functional.conftest import Door
from tests.functional.deployment import Site, email_of
from tests.functional.looking import sideways
from tests.functional.test_signing_in import by_link


def heading(page: Page) -> str:
    """The page's own heading."""
    return page.get_by_role("heading", level=1).inner_text()


def schools_linked(page: Page) -> set[str]:
    """The URN of every school that the page leads to."""
    links = page.locator("main a[href^='/schools/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return {re.sub(r"\D", "", link.split("?")[0].split("#")[0]) for link in links}


def test_a_head_signs_in_and_sees_what_waits(site: Site, door: Door) -> None:
    page = door(site, "Headteacher", width=360)
    things = page.locator("main .todo > li")
    assert 1 <= things.count() <= 3
    assert [bool(re.fullmatch(r"\d+ min", said)) for said in things.locator(".minutes").all_inner_texts()] == [True] * things.count()
    own = page.get_by_role("heading", name=re.compile("^Your school, "))
    assert own.inner_text().startswith(f"Your school, {site.people['Headteacher'].place}")
    assert len(schools_linked(page)) == 1
    assert sideways(page) == ""


def test_a_head_does_the_first_thing_by_the_keyboard_alone(site: Site, door: Door) -> None:
    page = door(site, "Headteacher", width=360)
    doors = page.locator("main .todo a")
    first, home = doors.first.get_attribute("href"), heading(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == first and page.evaluate(
            "document.activeElement.closest('.todo') !== null"
        ):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")
    assert heading(page) not in ("", home)
    assert page.locator("main").get_by_text(site.people["Headteacher"].place).count() > 0


def test_a_trusts_leader_goes_from_school_to_school(site: Site, door: Door) -> None:
    page = door(site, "Trust leader", width=360)
    choose = page.get_by_label("School", exact=True)
    names = choose.locator("option").all_inner_texts()
    assert len(names) > 1
    choose.select_option(label=names[1])
    page.get_by_role("button", name="Go to this school").click()
    page.wait_for_url("**school=*")
    assert page.locator("h2#school").inner_text().startswith(names[1])


def test_a_school_sees_who_looked_at_what_is_held_about_it(own_site: Site, door: Door) -> None:
    leader = own_site.people["Trust leader"]
    page = door(own_site, "Trust leader", java_script_enabled=False)  # with it, the school's page looks by itself as well
    school = page.get_by_label("School", exact=True).locator("option").first.get_attribute("value")
    page.goto(f"/schools/{school}/held/")
    page.goto(f"/schools/{school}/")
    name = page.get_by_role("listitem").filter(has_text=re.compile(", (Acting h|H)eadteacher")).locator("a").first.inner_text()

    heads = door(own_site)
    by_link(heads, own_site, email_of(name))
    heads.goto(f"/schools/{school}/held/")
    assert heads.get_by_text(leader.name).count() == 1


def test_another_schools_head_is_not_let_in_to_what_is_held(own_site: Site, door: Door) -> None:
    page = door(own_site, "Trust leader")
    school = page.get_by_label("School", exact=True).locator("option").first.get_attribute("value")
    other = door(own_site, "Headteacher")
    answer = other.goto(f"/schools/{school}/held/")
    assert answer is not None
    assert answer.status == 403
    assert other.get_by_text("open what is held about a school").count() > 0
