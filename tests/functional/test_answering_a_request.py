"""A subject access request, from its arrival to the archive: a supporter asks what is held about him, and the manager answers."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from convenor.journal.models import Look
from convenor.records.models import InformationRequest, RequestItem
from tests.factories.support import SECRETS, SLUG, World, package, supporting
from tests.factories.support_deployments import NOW
from tests.functional.effort import counting, effort
from tests.functional.looking import sideways, unmet
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = "Everything that you hold about me, please."
WHY = "It is about somebody else too, who has not agreed: Data Protection Act 2018, schedule 2, paragraph 16."


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=NOW):
        yield supporting()


@pytest.fixture
def page(live_server: object, browser: Browser, here: World) -> Iterator[Page]:
    """The manager's laptop, its presses counted."""
    context = browser.new_context(
        locale="en-GB", viewport={"width": 1280, "height": 900}, base_url=live_server.url, accept_downloads=True  # type: ignore[attr-defined]
    )  # fmt: skip
    cookies = signed_in(here.people["manager"], code=True).cookies
    context.add_cookies([{"name": key, "value": each.value, "url": live_server.url} for key, each in cookies.items()])  # type: ignore[attr-defined]
    found = counting(context.new_page())
    found.set_default_timeout(15_000)
    yield found
    context.close()


def test_a_subject_access_request_is_answered_from_its_arrival_to_the_archive(here: World, page: Page) -> None:
    package(here, "closed")
    with effort(page, "Answering a request") as asked:
        page.goto(reverse("information-requests", args=[SLUG]))
        page.get_by_role("button", name="Write a request down").click()
        page.get_by_label("Subject access").check()
        page.get_by_label("Who asked?").fill("Sol Carr")
        page.get_by_label("Where does the answer go?").fill("sol.carr@example.org")
        page.get_by_label("What was asked?").fill(ASKED)
        page.get_by_label("About which person?").select_option(str(here.people["supporter"].pk))
        page.get_by_role("button", name="Write it down").click()
        expect(page.get_by_text("To be answered by")).to_be_visible()
        assert unmet(page) == []

        page.get_by_role("link", name="Look for what is held").first.click()
        page.get_by_role("button", name="Look now").click()
        expect(page.get_by_text("found that were not there before")).to_be_visible()
        row = InformationRequest.objects.get()
        note = RequestItem.objects.get(table="support.NoteOfVisit")
        page.goto(reverse("information-request-item", args=[SLUG, row.pk, note.pk]))
        expect(page.get_by_text(SECRETS["note"])).to_be_visible()
        assert unmet(page) == []
        page.get_by_label("Withhold it").check()
        page.get_by_label("Which exemption or restriction").fill(WHY)
        page.get_by_role("button", name="Decide, and go on").click()
        expect(page.get_by_text("Decided.", exact=True)).to_be_visible()

        tables = list(RequestItem.objects.filter(decision="").order_by("table").values_list("table", flat=True).distinct())
        for table in tables:
            page.goto(reverse("information-request-decide", args=[SLUG, row.pk, table]))
            page.get_by_label("All that wait").check()
            page.get_by_label("Disclose it", exact=True).check()
            page.get_by_role("button", name="Decide", exact=True).click()
            expect(page.get_by_text("Decided on")).to_be_visible()
        page.get_by_role("link", name="Write the letter").click()
        expect(page.get_by_label("The letter")).to_contain_text("1 withheld")
        page.get_by_role("button", name="Keep this letter").click()
        page.get_by_role("link", name="Take the archive to answer with").click()
        with page.expect_download() as taken:
            page.get_by_role("button", name="Take the archive").click()
        page.goto(reverse("information-request-end", args=[SLUG, row.pk]))
        page.get_by_label("It was answered").check()
        page.get_by_role("button", name="Say so").click()
        expect(page.get_by_text("Answered on")).to_be_visible()
    print(f"\nA subject access request: {asked.minutes:.1f} minutes, {asked.taps} taps, {asked.pages} pages, {len(tables) + 1} tables")

    with zipfile.ZipFile(taken.value.path()) as bundle:
        files = {name.split("/", 1)[1]: bundle.read(name).decode("utf-8", "replace") for name in bundle.namelist()}
    said = "\n".join(files.values())
    decisions = list(csv.DictReader(io.StringIO(files["decisions.csv"].removeprefix("\ufeff"))))
    assert ("disclosed/support.csv" in files, SECRETS["note"] in said, SECRETS["choice"] in said) == (True, False, True)
    assert [(each["Decision"], each["Why"]) for each in decisions if each["Decision"] != "disclosed"] == [("withheld", WHY)]
    looked = set(Look.objects.filter(by_key=str(here.people["manager"].pk)).values_list("urn", "record"))
    assert ("990001", "what was found for a request for information") in looked


def test_what_is_held_is_read_on_a_phone_and_a_school_is_held_back(here: World, page: Page) -> None:
    package(here, "closed")
    page.goto(reverse("holdings", args=[SLUG]))
    assert (unmet(page), sideways(page)) == ([], "")
    page.get_by_role("button", name="Hold records back").click()
    page.get_by_label("Everything about one school").check()
    page.get_by_label("Which school?").select_option("990001")
    page.get_by_label("Why must it not be deleted?").fill("A claim is under way.")
    page.get_by_role("button", name="Place the hold").click()
    expect(page.get_by_text("A claim is under way.")).to_be_visible()
    assert unmet(page) == []
