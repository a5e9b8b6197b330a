"""Somebody whom no school lends, on a phone: they find their package, write down a visit and its note, and read nobody else's."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.functional.conftest import Door
from tests.functional.deployment import Site
from tests.functional.reviewing import calm, presses, rows
from tests.functional.supporting import SUPPORT

pytestmark = pytest.mark.slow
WHO = "Independent supporter"
SEEN = "I taught beside the year 1 teacher. Every child had a book that they could read."


def test_somebody_outside_every_school_visits_and_writes(own_site: Site, door: Door) -> None:
    name = own_site.people[WHO].name
    [(pk, school)] = rows(
        own_site,
        "SELECT k.id, s.name FROM support_package k JOIN support_supporter w ON w.id = k.supporter_id JOIN accounts_person p "
        f"ON p.id = w.person_id JOIN registers_school s ON s.urn = k.school_id WHERE p.name = '{name}' AND w.school_id IS NULL",
    )
    [(other,)] = rows(own_site, f"SELECT id FROM support_package WHERE id <> {pk} ORDER BY id LIMIT 1")
    page = door(own_site, WHO, width=360)
    expect(page.locator(f"main a[href='{SUPPORT}packages/{pk}/']").first).to_be_visible()
    page.goto(f"{SUPPORT}packages/{pk}/")
    expect(page.get_by_text(school).first).to_be_visible()
    calm(page)
    page.goto(f"{SUPPORT}packages/{pk}/visits/new/")
    page.get_by_label("Day", exact=True).fill((date.today() - timedelta(days=1)).isoformat())
    presses(page, "Keep the visit", "The visit is kept. Its note comes next.")
    page.get_by_label("What you did and saw").fill(SEEN)
    calm(page)
    presses(page, "Send it to the school", "Sent. The school reads it")
    page.goto(f"{SUPPORT}packages/")
    leads = {each.get_attribute("href") for each in page.locator("main a").all()}
    assert {each for each in leads if each and re.fullmatch(rf"{SUPPORT}packages/\d+/", each)} == {f"{SUPPORT}packages/{pk}/"}
    answer = page.request.get(own_site.at(f"{SUPPORT}packages/{other}/"))
    assert answer.status == 404
