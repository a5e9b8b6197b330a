"""The consultation of 2018 from proposition to shadow board: asked, answered on a telephone and on paper, heard, voted on, set up."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Door
from tests.functional.deployment import SLUG, Site, change, email_of, kept
from tests.functional.looking import sideways, unmet

pytestmark = pytest.mark.slow
CONSULTATIONS, VOTES = f"/p/{SLUG}/consultations/", f"/p/{SLUG}/votes/"
TITLE = "Should we form a partnership of our schools?"
OWN = "900001"
CONCERN = "Small schools have nobody to send to one more meeting."
#: What the invented schools say on paper to the first closed questions of the template.
SHEETS = ("yes", "yes", "yes", "partly", "yes", "no", "yes", "yes")


def presses(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sound(page: Page) -> None:
    """Nothing that axe finds, nothing beyond the edge of a narrow telephone."""
    before = page.viewport_size
    assert [unmet(page), sideways(page)] == [[], ""]
    assert before is not None
    page.set_viewport_size(before)


def opened(page: Page) -> str:
    """The proposition of the source is taken as it stands, and every school is asked; its path."""
    page.goto(f"{CONSULTATIONS}start/")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("radio", name=re.compile("^A partnership of schools: six principles")).check()
    page.get_by_label("It opens on").fill(date.today().isoformat())
    page.get_by_label("The last day of answers").fill((date.today() + timedelta(days=18)).isoformat())
    sound(page)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(rf"{CONSULTATIONS}\d+/"))
    path = re.search(rf"{CONSULTATIONS}\d+/", page.url)[0]  # type: ignore[index]
    page.get_by_role("button", name="Open it").click()
    sound(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Answers until")
    return path


def answers(page: Page, path: str) -> None:
    """A head opens what the letter names, answers part after part, and sends it."""
    page.goto(f"{path}answer/{OWN}/")
    for _ in range(12):
        for group in page.locator("fieldset.taps").all():
            group.get_by_role("radio", name=re.compile("^(Agree|Yes|It depends who pays)$")).first.check()
        if page.locator("textarea").count():
            page.locator("textarea").fill(CONCERN)
        sound(page)
        page.locator("button[value=next]").click()
        if page.url.endswith("/check/"):
            break
    expect(page.locator("h1")).to_have_text("Check your answer")
    sound(page)
    presses(page, "Send our answer")
    expect(page.locator("main")).to_contain_text("has answered. You may change it until")


def types_a_sheet(page: Page, path: str, said: str, role: str) -> None:
    """The manager types in what came by post."""
    page.goto(f"{path}paper/")
    page.get_by_label("Which school’s sheet is it?").select_option(index=2)
    page.get_by_label("In whose name?").fill(role)
    for name in ("structure", "solutions", "capacity", "improvement"):
        page.locator(f"#q-{name}-{said}").check()
    page.locator("#q-anything").fill("Who pays in the second year?")
    presses(page, "Keep this sheet")
    expect(page.locator(".notice, .govuk-notification-banner, main").first).to_be_visible()


def written(site: Site, email: str, words: str) -> None:
    """A letter with these words lies in somebody's box, or comes within a quarter of a minute: letters leave beside the page."""
    until = time.monotonic() + 15
    while not any(email in letter and words in letter for letter in site.letters()):
        assert time.monotonic() < until, f"no letter to {email} names {words}"
        time.sleep(0.2)


def weeks_pass(site: Site, pk: str) -> None:
    """Nineteen days later, told to the consultation: its days lie so much earlier."""
    first, last = date.today() - timedelta(days=19), date.today() - timedelta(days=1)
    change(site, f"UPDATE consultation_consultation SET opens_on = '{first}', closes_on = '{last}' WHERE id = {pk}")


def test_a_consultation_goes_from_a_proposition_to_a_shadow_board(own_site: Site, door: Door) -> None:
    manager = door(own_site, "Partnership manager")
    path = opened(manager)
    pk = path.rstrip("/").rsplit("/", 1)[1]

    # Every school was written to; a head answers on a telephone, in the school's name.
    written(own_site, email_of(own_site.people["Headteacher"].name), f"{path}answer/{OWN}/")
    head = door(own_site, "Headteacher", width=360)
    answers(head, path)
    head.goto(f"{path}answer/{OWN}/check/")
    expect(head.get_by_role("button", name="Send our answer")).to_have_count(0)  # a school answers once

    # Somebody without an account says what they think; eight sheets come by post.
    anyone = door(own_site, width=360)
    anyone.goto(f"{path}view/")
    anyone.locator("#q-structure-no").check()
    sound(anyone)
    anyone.locator("main form button[type=submit]").last.click()
    expect(anyone.locator("main")).to_contain_text(re.compile("[Tt]hank|[Ss]ent"))
    for said in SHEETS:
        types_a_sheet(manager, path, said, "Headteacher")
    counted = "SELECT count(*) FROM consultation_response WHERE state = 'sent' AND kind = '{}' AND consultation_id = {}"
    assert [kept(own_site, counted.format(kind, pk)) for kind in ("school", "view")] == [1 + len(SHEETS), 1]
    manager.goto(f"{path}rates/")
    expect(manager.get_by_role("heading", name="Not yet heard from")).to_be_visible()
    sound(manager)

    # It closes, is heard, and the board hears of it.
    weeks_pass(own_site, pk)
    manager.goto(f"{path}close/")
    sound(manager)
    manager.locator("main form button[type=submit]").click()
    expect(manager.locator("main")).to_contain_text("Nothing is asked any more")
    hear(manager, path)

    decided(manager, own_site, door, pk)
    # The journey names the step that follows: seats of the shadow board.
    manager.goto(f"/p/{SLUG}/set-up/")
    manager.locator("#step-shadow-board").get_by_role("link", name="Seats and calls").click()
    expect(manager.locator("h1")).to_contain_text("Seats")


def decided(manager: Page, site: Site, door: Door, pk: str) -> None:
    """A vote of the board, by rules declared before it opens, is written down as a decision."""
    vote = voted(manager, site, pk)
    by_vote = door(site, "Board member", width=360)
    by_vote.goto(vote)
    by_vote.get_by_role("radio", name=re.compile("^For")).check()
    presses(by_vote, "Cast this vote")
    expect(by_vote.locator("main")).to_contain_text("It stands.")
    vote_pk = vote.rstrip("/").rsplit("/", 1)[1]
    change(site, f"UPDATE consultation_forumvote SET opens_on = '{date.today() - timedelta(days=9)}', "
                     f"closes_on = '{date.today() - timedelta(days=1)}' WHERE id = {vote_pk}")  # fmt: skip
    manager.goto(f"{vote}close/")
    manager.locator("main form button[type=submit]").click()
    expect(manager.locator("main h2").first).to_contain_text(re.compile("[Cc]arried"))
    manager.get_by_role("button", name="Write it down as a decision").click()
    sound(manager)
    manager.locator("main form select").first.select_option("shadow-board")
    manager.locator("main form button[type=submit]").click()
    assert (
        kept(
            site,
            f"SELECT count(*) FROM governance_decision d JOIN consultation_forumvote v ON v.decision_id = d.id WHERE v.id = {vote_pk}",
        )
        == 1
    )


def hear(manager: Page, path: str) -> None:
    """What was answered is worked out, a theme is named and answered to, and the report is published."""
    manager.goto(f"{path}results/")
    if manager.get_by_role("link", name="Work them out now").count():
        manager.get_by_role("link", name="Work them out now").click()
        sound(manager)
        manager.locator("main form button[type=submit]").click()
        manager.goto(f"{path}results/")
    expect(manager.locator("main")).to_contain_text("Could the unheard change it?")
    sound(manager)
    manager.goto(f"{path}themes/")
    sound(manager)
    manager.get_by_role("link", name="See answers that share words").click()
    sound(manager)
    manager.goto(f"{path}themes/")
    manager.get_by_role("button", name="Name a theme").click()
    sound(manager)
    manager.locator("main form input[type=text]").fill("Time and money")
    presses(manager, "Keep the theme")
    for box in manager.locator("input[name=about]").all():
        box.check()
    sound(manager)
    presses(manager, "Keep what is ticked")
    manager.get_by_role("button", name="Say what was said, and what comes of it").click()
    manager.get_by_label("You said").fill("Schools fear more meetings, and ask who pays in the second year.")
    manager.get_by_role("radio", name="Not now: we come back to it").check()
    manager.get_by_label("We did, or why not").fill("A formula for the second year is consulted on in the spring.")
    sound(manager)
    presses(manager, "Keep it so")
    manager.goto(f"{path}report/")
    sound(manager)
    manager.get_by_role("button", name="Publish the report").click()
    sound(manager)
    presses(manager, "Publish it, and tell every school")
    manager.goto(f"{path}report/")
    expect(manager.locator("main")).to_contain_text("Published on")
    assert CONCERN not in manager.inner_text("main")  # words of one school stand nowhere as its own
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!doctype html")):
        assert manager.request.get(f"{path}report/{kind}/").body().lower().startswith(begins.lower())


def voted(manager: Page, site: Site, pk: str) -> str:
    """A vote of the board's seats is declared and opened; its path. One seat is enough for its quorum here, and the page says so."""
    manager.goto(f"{VOTES}declare/")
    manager.get_by_label("What is voted on, for or against").fill("That a shadow board is set up for a year")
    manager.get_by_role("radio", name=re.compile("[Ss]eats")).first.check()
    manager.get_by_label("Where seats vote: of which body?").select_option("shadow-board")
    manager.get_by_label("Quorum: how many").fill("1")
    manager.get_by_role("radio", name=re.compile("count", re.IGNORECASE)).first.check()
    manager.get_by_label("It opens on").fill(date.today().isoformat())
    manager.get_by_label("The last day").fill((date.today() + timedelta(days=8)).isoformat())
    sound(manager)
    manager.locator("main form button[type=submit]").click()
    manager.wait_for_url(re.compile(rf"{VOTES}\d+/"))
    path = re.search(rf"{VOTES}\d+/", manager.url)[0]  # type: ignore[index]
    manager.get_by_role("button", name="Open the vote").click()
    sound(manager)
    manager.locator("main form button[type=submit]").click()
    expect(manager.locator("main")).to_contain_text("have voted")
    return path
