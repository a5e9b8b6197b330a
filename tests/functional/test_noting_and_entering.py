"""What nobody publishes: a head enters it in a minute, an officer notes a fact and the school answers; categories begin with the board."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page

from tests.functional.conftest import Door
from tests.functional.deployment import SLUG, Site
from tests.functional.looking import sideways, unmet

HERE = f"/p/{SLUG}"


def heading(page: Page) -> str:
    """The page's own heading."""
    return page.get_by_role("heading", level=1).inner_text()


def look(page: Page) -> None:
    """Nothing that axe minds, and no sideways scroll on a narrow telephone."""
    page.set_viewport_size({"width": 320, "height": 800})
    assert (unmet(page), sideways(page)) == ([], ""), page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def look_at_doors(page: Page, *names: str) -> None:
    """Open the first door of each name on this page, look at what it leads to, and come back."""
    here = page.url
    for name in names:
        page.get_by_role("link", name=re.compile(f"^{name}")).first.click()
        look(page)
        page.goto(here)


def own_school(page: Page) -> str:
    """The URN of the school of whoever is signed in, from their own page of early identification."""
    page.goto(f"{HERE}/early/")
    link = page.locator(f'a[href^="{HERE}/early/schools/"]').first.get_attribute("href") or ""
    return link.split("/early/schools/")[1].split("/")[0]


def test_a_head_enters_what_nobody_publishes_on_a_phone(own_site: Site, door: Door) -> None:
    head = door(own_site, "Headteacher", width=360, java_script_enabled=False)
    urn = own_school(head)
    head.goto(f"{HERE}/early/schools/{urn}/signals/")
    head.get_by_role("button", name="Answer what nobody publishes").click()
    head.get_by_label("A permanent head, in their first year").check()
    head.get_by_label("Places empty now").fill("13")
    head.locator("#id_GOV_places").fill("12")
    head.get_by_role("button", name="Keep these answers").click()
    assert head.get_by_text("13 of 12 cannot be.").count() == 2  # in the summary and at its box
    assert head.get_by_label("A permanent head, in their first year").is_checked()
    head.get_by_label("Places empty now").fill("4")
    head.get_by_role("button", name="Keep these answers").click()
    assert heading(head) == "Noted and entered"
    assert head.get_by_text("4 of 12 places on the board are empty.").count() == 1

    head.goto(f"{HERE}/early/schools/{urn}/enter/")
    assert head.get_by_label("Places empty now").input_value() == "4"
    head.get_by_role("button", name="Keep these answers").click()
    assert head.get_by_text("4 of 12 places on the board are empty.").count() == 1 + 1  # today's, and the one it took the place of


def test_an_officer_notes_a_fact_and_the_school_answers_it(own_site: Site, door: Door) -> None:
    head = door(own_site, "Headteacher")
    urn = own_school(head)
    officer = door(own_site, "Local authority officer")
    officer.goto(f"{HERE}/early/schools/{urn}/signals/")
    assert officer.get_by_text("You see what you wrote yourself.").count() == 1
    officer.get_by_role("button", name="Note a fact").click()
    officer.get_by_label("What kind of fact is it?").select_option(label="Staffing")
    officer.get_by_label("The fact", exact=True).fill("Mrs Smith says that behaviour is poor.")
    officer.get_by_label("Somebody who saw it told me").check()
    officer.get_by_label("Who saw it, if not you?").select_option(label="Families")
    officer.get_by_role("button", name="Note this fact").click()
    assert officer.get_by_text("This seems to be about a person. Nothing was kept.").count() == 1
    assert officer.get_by_label("The fact", exact=True).input_value() == "Mrs Smith says that behaviour is poor."
    fact = "Two of nine class teachers left in July."
    officer.get_by_label("The fact", exact=True).fill(fact)
    officer.get_by_role("button", name="Note this fact").click()
    officer.get_by_text("Noted. The school reads it now").wait_for()

    head.goto(f"{HERE}/early/schools/{urn}/signals/")
    assert head.get_by_text(fact, exact=True).count() == 1
    assert head.get_by_text(own_site.people["Local authority officer"].name).count() > 0  # among who looked
    head.get_by_role("link", name=re.compile(r"^Answer it\s*: Two of nine")).click()
    look(head)
    head.get_by_label("It is not so").check()
    head.get_by_label("In your words").fill("Both posts were filled on 1 September.")
    head.get_by_role("button", name="Keep our words beside it").click()

    officer.goto(f"{HERE}/early/schools/{urn}/signals/")
    assert officer.get_by_text("Both posts were filled on 1 September.").count() == 1
    other = door(own_site, "Alliance lead")
    answer = other.goto(f"{HERE}/early/schools/{urn}/signals/")
    assert answer is not None
    look_at_doors(officer, "Still so", "Take it back")
    assert other.get_by_text(fact, exact=True).count() == 0


def test_categories_begin_with_the_boards_decision_and_stand_where_people_agree(own_site: Site, door: Door) -> None:
    manager, head = door(own_site, "Partnership manager"), door(own_site, "Headteacher")
    urn = own_school(head)
    manager.goto(f"{HERE}/categories/")
    assert manager.get_by_text("This partnership uses none.").count() == 1
    manager.get_by_role("link", name=re.compile(r"^Begin from this one\s*: Four, as in Surrey")).click()
    today = date.today()
    manager.get_by_label("The last day on which schools were asked").fill(f"{today.year - (today.month < 9)}-09-01")
    manager.get_by_label("What schools said").fill("Of 61 answers 38 were for it, 14 against and 9 unsure; those against feared a list.")
    manager.get_by_label("Which decision of the board?").select_option(index=1)
    for place in range(1, 5):
        manager.locator(f"#id_criteria_{place}").fill(f"The school meets what its own plan sets out, with help of kind {place}.")
    manager.get_by_role("button", name="Switch categories on").click()
    manager.get_by_text("Categories are on.").wait_for()

    broker = door(own_site, "Broker")
    broker.goto(f"{HERE}/categories/schools/{urn}/")
    broker.get_by_role("button", name="Propose a category").click()
    broker.get_by_label("Light Touch", exact=True).check()
    broker.get_by_label("Why, by the criteria").fill("The plan of May was met, as two schools saw in October.")
    broker.get_by_role("button", name="Propose this category").click()

    head.goto(f"{HERE}/categories/schools/{urn}/")
    assert heading(head) == "No category stands"
    look(head)
    head.get_by_role("button", name="Say what you judge yourself").click()
    look(head)
    head.get_by_label("Light Touch", exact=True).check()
    head.get_by_label("Why, by the criteria").fill("The plan of May was met, and one matter was left for spring.")
    head.get_by_role("button", name="Keep this judgement").click()
    assert heading(head) == "Light Touch"

    manager.get_by_role("button", name="Draw whom to moderate").click()
    look(manager)
    manager.get_by_role("button", name="Draw a third, now").click()
    manager.get_by_text("Drawn. The seed and the list are on record").wait_for()
    assert manager.get_by_text("Draw whom to moderate").count() == 0
    board = door(own_site, "Board member")
    board.goto(f"{HERE}/categories/")
    assert board.get_by_text("Small numbers are not told").count() == 1
    manager.goto(f"{HERE}/categories/switch-off/")
    look(manager)
    assert head.locator("h1").inner_text() not in board.locator("#totals ~ p").first.inner_text()


def test_an_officer_enters_a_figure_and_the_school_answers_it(own_site: Site, door: Door) -> None:
    head = door(own_site, "Headteacher")
    urn = own_school(head)
    officer = door(own_site, "Local authority officer")
    officer.goto(f"{HERE}/early/schools/{urn}/enter/")
    officer.get_by_label("Places empty now").fill("5")
    officer.locator("#id_GOV_places").fill("12")
    officer.get_by_role("button", name="Keep these answers").click()
    look_at_doors(officer, "Still so", "Take it back")

    head.goto(f"{HERE}/early/schools/{urn}/signals/")
    head.get_by_role("link", name=re.compile(r"^Answer it\s*: Governance")).click()
    look(head)
    head.get_by_label("It is not so").check()
    head.get_by_label("In your words").fill("Three of the five were filled on 4 November.")
    head.get_by_role("button", name="Keep our words beside it").click()
    assert head.get_by_text("Three of the five were filled on 4 November.").count() == 1
