"""What stands beside packages of support: a note of contact in a minute, the call, and a ring that comes round."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Door, sign_in
from tests.functional.deployment import Site, email_of
from tests.functional.effort import Effort, counting, effort
from tests.functional.reviewing import calm, head_of, rows
from tests.functional.supporting import SUPPORT
from tests.functional.test_signing_in import by_link

pytestmark = pytest.mark.slow
PHONE = 360
OWN = "900001"
#: A note of contact is written in less than this, minutes of doing; the sign-in is not of it.
NOTE_AT_MOST = 1.0
SAID = "Rang about the new reading scheme. Year 4 has begun it, and the deputy would like to see it elsewhere."
NEXT = "Send two schools that use it."


def test_a_note_of_contact_takes_a_minute_and_its_head_reads_it_first(own_site: Site, door: Door) -> None:
    officer, done = counting(door(own_site)), list[Effort]()
    sign_in(officer, own_site, "Partnership manager")
    officer.goto(f"{SUPPORT}contacts/")
    with effort(officer, "a note of contact", into=done):
        officer.get_by_role("button", name="Write a note of contact").click()
        officer.locator("select[name=urn]").select_option(OWN)
        officer.locator("textarea[name=words]").fill(SAID)
        officer.locator("[name=next_step]").fill(NEXT)
        officer.get_by_role("button", name="Keep this note").click()
        expect(officer.locator("main")).to_contain_text("Kept. The school reads it first.")
    assert done[0].minutes <= NOTE_AT_MOST, done[0].row()
    [(pk,)] = rows(own_site, f"SELECT id FROM support_contactnote WHERE words = '{SAID}'")
    head = door(own_site, width=PHONE)
    sign_in(head, own_site, "Headteacher")
    head.goto(f"{SUPPORT}contacts/{pk}/")
    calm(head)
    expect(head.locator("main")).to_contain_text("You read it first.")
    head.get_by_role("button", name="Is it accurate?").click()
    head.locator("input[value=not-accurate]").check()
    head.locator("textarea").fill("It is year 5 that has begun it.")
    head.locator("main form button[type=submit]").click()
    officer.goto(f"{SUPPORT}contacts/{pk}/")
    expect(officer.locator("main")).to_contain_text("It is year 5 that has begun it.")


def test_a_head_who_had_the_call_chooses_who_knows(own_site: Site, door: Door) -> None:
    head = door(own_site, width=PHONE)
    sign_in(head, own_site, "Headteacher")
    head.goto(f"{SUPPORT}schools/{OWN}/call/")
    calm(head)
    head.get_by_label("Partnership manager", exact=False).first.check()
    head.get_by_role("button", name="We’ve had the call").click()
    expect(head.locator("main h1")).to_contain_text("The inspection")
    calm(head)
    address = re.sub(r"^https?://[^/]+", "", head.url)
    told, untold = door(own_site), door(own_site)
    sign_in(told, own_site, "Partnership manager")
    told.goto(address)
    expect(told.locator("main")).to_contain_text("Please keep it to yourself")
    sign_in(untold, own_site, "Broker")
    assert untold.goto(address).status == 404  # type: ignore[union-attr]
    head.get_by_role("link", name="Write the outcome down").click()
    head.locator("textarea").fill("We wait for the letter.")
    head.locator("main form button[type=submit]").click()
    expect(head.locator("main")).to_contain_text("Locked: only you read this.")
    told.goto(address)
    expect(told.locator("main")).not_to_contain_text("We wait for the letter.")


def agrees(page: Page, site: Site, name: str, pk: str) -> None:
    """A head says yes to a ring, on a phone."""
    by_link(page, site, email_of(name))
    page.goto(f"{SUPPORT}rings/{pk}/")
    page.get_by_role("button", name=re.compile("^Agree")).first.click()
    page.locator("main form button[type=submit]").click()


def test_a_ring_comes_round_when_every_head_agrees(own_site: Site, door: Door) -> None:
    broker = door(own_site)
    sign_in(broker, own_site, "Broker")
    broker.goto(f"{SUPPORT}rings/")
    broker.get_by_role("button", name="Reckon").click()
    expect(broker.locator("#found")).to_be_visible(timeout=60_000)
    calm(broker)
    broker.get_by_role("link", name=re.compile("^Propose this ring")).first.click()
    broker.locator("main form button[type=submit]").click()
    [(pk,)] = rows(own_site, "SELECT MAX(id) FROM support_ring")
    links = rows(own_site, f"SELECT giver_id FROM support_ringlink WHERE ring_id = {pk} ORDER BY id")
    assert 2 <= len(links) <= 4
    for (urn,) in links:
        agrees(door(own_site, width=PHONE), own_site, head_of(own_site, str(urn)), str(pk))
    broker.goto(f"{SUPPORT}rings/{pk}/")
    expect(broker.locator("main")).to_contain_text(re.compile("Began "))
