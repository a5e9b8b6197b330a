"""Evidence in a school corridor: without a network, through a reload and a killed browser, on two phones, for two people on one phone.

The measure: fifty notes taken without a network on two phones arrive once each and in order; both phones also edit one note, and
neither text is lost.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from convenor.peer_review.rules.evidence_wire import wire
from convenor.peer_review.rules.merging import Writing, merged
from tests.functional import deployment
from tests.functional.conftest import CHROMIUM, Watched, sign_in
from tests.functional.corridor import Phone
from tests.functional.deployment import SLUG, Built, Site, surroundings
from tests.functional.looking import LIGHT, Scales, sideways, unmet

pytestmark = pytest.mark.slow
LEAD, OTHER = "Reviewer", "System leader"

#: Reviews on site today, their team the demonstration's reviewer and system leader. Prints their numbers.
PLANT = """
import sys
from datetime import date, time, timedelta
import django
django.setup()
from django.utils import timezone
from convenor.accounts.models import Person
from convenor.partnership.models import Membership, Partnership
from convenor.peer_review.models import Activity, PeerReview, Reviewer, ReviewRound, TeamMember
lead, other = (Person.objects.get(name=name) for name in sys.argv[1:3])
now, here = timezone.localtime(), Partnership.objects.get(slug="SLUG")
round, _ = ReviewRound.objects.get_or_create(
    partnership=here, name="Corridor", defaults=dict(way_key="clusters", state="published", reach="area", answers_by_on=now.date(),
    visits_from_on=now.date() - timedelta(days=30), visits_until_on=now.date() + timedelta(days=30)))
for member in Membership.objects.filter(partnership=here, until_on=None).order_by("school_id")[:int(sys.argv[3])]:
    review = PeerReview.objects.create(partnership=here, round=round, school=member.school, state="on_site", questions=["How do we read?"],
        themes=["reading"], visit_from_on=now.date(), visit_until_on=now.date() + timedelta(days=1))
    for person, part in ((lead, "lead"), (other, "reviewer")):
        reviewer, _ = Reviewer.objects.get_or_create(partnership=here, person=person, defaults=dict(from_on=now.date()))
        TeamMember.objects.create(review=review, reviewer=reviewer, part=part, from_on=now.date())
    for title, starts, ends in (("Reading with year 2", time(0, 0), time(23, 58)), ("Talk with governors", time(23, 58), time(23, 59))):
        Activity.objects.create(review=review, title=title, on=now.date(), starts=starts, ends=ends, host_partner="Reading lead")
    print(review.pk)
""".replace("SLUG", SLUG)


#: More reviews than there are journeys below.
JOURNEYS = 12


@dataclass
class Corridor:
    """A deployment of this file's own, and a review for each of its journeys."""

    site: Site
    reviews: list[int]


@pytest.fixture(scope="module")
def corridor(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corridor]:
    with deployment.copied(built, tmp_path_factory.mktemp("corridor") / "data") as site:
        words = [*(site.people[role].name for role in (LEAD, OTHER)), str(JOURNEYS)]
        environment = surroundings(site.folder, site.database) | {"DJANGO_SETTINGS_MODULE": "convenor.settings"}
        made = subprocess.run(
            [sys.executable, "-c", PLANT, *words], cwd=deployment.ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr
        yield Corridor(site, [int(line) for line in made.stdout.split()])


@dataclass
class Journey:
    """One review, and phones to take notes on it."""

    site: Site
    review: int
    playwright: Playwright
    watched: Watched
    folder: Path
    stack: ExitStack
    launch: dict[str, Any]

    @property
    def address(self) -> str:
        return f"/p/{SLUG}/reviews/{self.review}/evidence/"

    def phone(self, role: str = "") -> Phone:
        """A phone, on which somebody has signed in and opened the page while there was a network."""
        profile = self.folder / f"profile-{len(list(self.folder.glob('profile-*')))}"
        phone = Phone(self.playwright, self.site, profile, self.quiet, self.launch)
        self.stack.callback(phone.off)
        if role:
            self.signs_in(phone, role)
            self.opens(phone)
        return phone

    def signs_in(self, phone: Phone, role: str) -> None:
        """By the demonstration's door, until the site knows who it is."""
        sign_in(phone.page, self.site, role)
        phone.page.get_by_text(f"Signed in as {self.site.people[role].name}").wait_for()

    def signs_out(self, phone: Phone) -> None:
        """By the button at the foot of the page, until the site knows nobody."""
        phone.page.get_by_role("button", name="Sign out").tap()
        phone.page.get_by_text("Not signed in").wait_for()

    def quiet(self, page: Page) -> Page:
        """A phone without a network says so in its console, which is no error; what the content policy had to stop is one, as ever."""
        page.on("pageerror", lambda error: self.watched.wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self.watched.wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.set_default_timeout(15_000)
        return page

    def opens(self, phone: Phone) -> None:
        """The page with a network, until it is ready to do without."""
        phone.page.goto(self.address)
        ready(phone.page)
        phone.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")


@pytest.fixture
def journey(
    corridor: Corridor, playwright: Playwright, watched: Watched, tmp_path: Path, browser_type_launch_args: dict[str, Any]
) -> Iterator[Journey]:
    launch = {"executable_path": CHROMIUM, "args": browser_type_launch_args["args"]}
    with ExitStack() as stack:
        yield Journey(corridor.site, corridor.reviews.pop(), playwright, watched, tmp_path, stack, launch)


def ready(page: Page) -> None:
    page.locator("#evidence[data-ready]").wait_for(state="attached")


def notes(page: Page, words: list[str]) -> None:
    """Write notes as a thumb does: words, then one tap, until the list shows them."""
    for each in words:
        page.get_by_label("What you saw, heard or read").fill(each)
        page.get_by_role("button", name="Save the note").tap()
        page.locator("#notes > li").first.get_by_text(each, exact=True).wait_for()


def on_page(page: Page) -> list[str]:
    """The words of the notes on the page, newest first."""
    return page.locator("#notes .evidence-words").all_inner_texts()


def state(page: Page) -> str:
    return page.locator("#evidence-state").inner_text()


def back(phone: Phone) -> None:
    """The network is there again, and the phone hears of it."""
    phone.network.up()
    phone.page.evaluate("dispatchEvent(new Event('online'))")


def arrived(page: Page) -> None:
    page.get_by_text("Everything you wrote has arrived.").wait_for()


def in_the_log(phone: Phone) -> list[dict[str, Any]]:
    """All writings that the site has, in the order in which it took them."""
    said: dict[str, Any] = phone.page.evaluate("fetch('sync/?since=0').then((answer) => answer.json())")
    assert said["more"] is False
    return said["changes"]  # type: ignore[no-any-return]


def on_phone(page: Page) -> dict[str, int]:
    """How much of anybody's is left in the phone's own store."""
    found: dict[str, int] = page.evaluate(
        """async () => {
          const known = await indexedDB.databases();
          if (!known.some((one) => one.name === "convenor-evidence")) return {};
          const db = await new Promise((yes) => { const r = indexedDB.open("convenor-evidence"); r.onsuccess = () => yes(r.result); });
          const found = {};
          for (const name of db.objectStoreNames) found[name] = await new Promise((yes) => {
            const r = db.transaction(name).objectStore(name).count(); r.onsuccess = () => yes(r.result); });
          db.close();
          return found;
        }"""
    )
    return found


def edits(page: Page, was: str, now: str) -> None:
    page.locator("#notes > li").filter(has_text=was).get_by_role("button", name=re.compile("^Write again")).tap()
    page.get_by_label("What you saw, heard or read").fill(now)
    page.get_by_role("button", name="Save the note").tap()
    page.locator("#notes").get_by_text(now, exact=True).wait_for()


SHARED, IN_ORDER, WITH_JOY = "They retell the story.", "They retell the story in order.", "They retell the story with joy."
JOINED = "They retell the story in order, with joy."
OF_ONE, OF_TWO = ([f"{name} {number}" for number in range(1, 26)] for name in ("First phone", "Second phone"))


def without_a_network(journey: Journey, one: Phone, two: Phone) -> None:
    """Twenty-five notes on each phone, and one note written again on both; a reload on the way, and the first one's battery ends."""
    one.network.down()
    two.network.down()
    notes(one.page, OF_ONE[:9])
    notes(two.page, OF_TWO[:13])
    assert state(one.page) == "9 notes on this phone. They go when there is a network."
    one.page.reload()
    expect(one.page.locator("#notes > li")).to_have_count(10)
    expect(one.page.locator("#school")).not_to_be_empty()
    edits(one.page, SHARED, IN_ORDER)
    notes(one.page, OF_ONE[9:])
    one.killed()  # at once, as a battery ends
    edits(two.page, SHARED, WITH_JOY)
    notes(two.page, OF_TWO[13:])
    one.start()
    one.page.goto(journey.address)
    expect(one.page.locator("#notes > li")).to_have_count(26)
    assert on_page(one.page) == [*reversed(OF_ONE), IN_ORDER]
    two.page.reload()
    expect(two.page.locator("#notes > li")).to_have_count(26)


def once_each_and_in_order(found: list[dict[str, Any]]) -> None:
    """What the site has of both phones."""
    said = [each["words"] for each in found]
    assert sorted(said) == sorted([*OF_ONE, *OF_TWO, SHARED, IN_ORDER, WITH_JOY])
    assert [words for words in said if words.startswith("First phone")] == OF_ONE
    assert [words for words in said if words.startswith("Second phone")] == OF_TWO
    assert (len({each["note"] for each in found}), sum(not each["parents"] for each in found)) == (51, 51)


def test_fifty_notes_of_two_phones_arrive_once_each_and_in_order(journey: Journey) -> None:
    one, two = journey.phone(LEAD), journey.phone(OTHER)
    notes(one.page, [SHARED])
    arrived(one.page)
    two.page.reload()
    ready(two.page)
    two.page.get_by_text(SHARED, exact=True).wait_for()
    without_a_network(journey, one, two)

    one.network.lose_answers = 1  # the site takes the first batch, and the phone never hears of it
    back(one)
    arrived(one.page)
    assert one.network.lost == 1
    back(two)
    arrived(two.page)
    once_each_and_in_order(in_the_log(two))

    one.page.goto(f"{journey.address}?log")
    in_order = one.page.locator(".evidence-words").all_inner_texts()
    assert [words for words in in_order if words.startswith("First phone")] == OF_ONE
    assert [words for words in in_order if words.startswith("Second phone")] == OF_TWO
    one.page.goto(journey.address)
    ready(one.page)
    beside = one.page.locator("#notes > li").filter(has_text="Written in two places apart.")
    assert beside.locator(".evidence-words").all_inner_texts() == [IN_ORDER, WITH_JOY]
    beside.get_by_role("button", name=re.compile("^Join the two")).tap()
    expect(one.page.get_by_label("What you saw, heard or read")).to_have_value(f"{IN_ORDER}\n\n{WITH_JOY}")
    one.page.get_by_label("What you saw, heard or read").fill(JOINED)
    one.page.get_by_role("button", name="Save the note").tap()
    one.page.locator("#notes").get_by_text(JOINED, exact=True).wait_for()
    arrived(one.page)
    two.page.reload()
    ready(two.page)
    two.page.get_by_text(JOINED, exact=True).wait_for()
    assert (two.page.get_by_text("Written in two places apart.").count(), len(in_the_log(two))) == (0, 54)


def test_what_is_being_typed_outlives_a_reload_and_words_too_many_stay_on_the_phone(journey: Journey) -> None:
    phone = journey.phone(LEAD)
    box = phone.page.get_by_label("What you saw, heard or read")
    phone.page.get_by_label("Activity").select_option(label="23:58 Talk with governors")
    box.fill("Half a sentence that")
    phone.page.get_by_label("Even better if").check(force=True)
    phone.page.wait_for_timeout(700)
    phone.network.down()
    phone.page.reload()
    expect(box).to_have_value("Half a sentence that")
    expect(phone.page.get_by_label("Activity").locator("option:checked")).to_have_text("23:58 Talk with governors")
    expect(phone.page.get_by_label("Even better if")).to_be_checked()
    phone.page.evaluate("document.getElementById('id_words').removeAttribute('maxlength')")
    box.fill("x" * 4500)
    phone.page.get_by_role("button", name="Save the note").tap()
    phone.page.locator("#notes > li").first.wait_for()
    notes(phone.page, ["Short enough."])
    back(phone)
    long = phone.page.locator("#notes > li").filter(has_text="500 characters too long")
    long.wait_for()
    assert [each["words"] for each in in_the_log(phone)] == ["Short enough."]
    assert state(phone.page) == "1 note could not be taken; see below why. Nothing is lost."
    long.get_by_role("button", name=re.compile("^Discard")).tap()
    expect(phone.page.locator("#notes > li")).to_have_count(1)
    arrived(phone.page)


def test_one_phone_never_sends_or_shows_one_persons_notes_under_anothers_name(journey: Journey) -> None:
    phone = journey.phone(LEAD)
    notes(phone.page, ["Arrived in time."])
    arrived(phone.page)
    phone.network.down()
    notes(phone.page, ["Of the first person."])
    phone.network.up()
    assert phone.context is not None
    phone.context.clear_cookies()  # the session has run out
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.page.get_by_text("1 note on this phone. Sign in and they go.").wait_for()

    journey.signs_in(phone, OTHER)
    journey.opens(phone)
    phone.page.get_by_text("Arrived in time.", exact=True).wait_for()
    assert on_page(phone.page) == ["Arrived in time."]
    notes(phone.page, ["Of the second person."])
    arrived(phone.page)
    assert [(each["words"], each["own"]) for each in in_the_log(phone)] == [("Arrived in time.", False), ("Of the second person.", True)]
    journey.signs_out(phone)
    assert on_phone(phone.page) == {"here": 1, "reviews": 1, "texts": 1}  # the device's own number, and what was never sent
    phone.network.down()
    phone.page.goto(journey.address)
    phone.page.get_by_text("Nobody is signed in here.").wait_for()
    assert (on_page(phone.page), phone.page.get_by_label("What you saw, heard or read").is_visible()) == ([], False)

    phone.network.up()
    journey.signs_in(phone, LEAD)
    journey.opens(phone)
    arrived(phone.page)
    assert [each["words"] for each in in_the_log(phone)] == ["Arrived in time.", "Of the second person.", "Of the first person."]


def test_nothing_stays_on_a_phone_that_is_signed_out_with_everything_sent(journey: Journey) -> None:
    phone = journey.phone(LEAD)
    notes(phone.page, ["Seen and sent."])
    arrived(phone.page)
    journey.signs_out(phone)
    left = phone.page.evaluate(
        "async () => [(await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length, localStorage.length]"
    )
    assert (on_phone(phone.page), left) == ({}, [0, 0, 0])


def test_a_review_that_closes_leaves_the_phone_but_for_what_was_never_sent(journey: Journey) -> None:
    phone = journey.phone(LEAD)
    notes(phone.page, ["Seen and sent."])
    arrived(phone.page)
    phone.network.down()
    notes(phone.page, ["Too late."])
    long_ago = (datetime.now(UTC) - timedelta(days=40)).date()
    deployment.change(
        journey.site, f"UPDATE peer_review_peerreview SET state = 'report_final', final_on = '{long_ago}' WHERE id = {journey.review}"
    )
    phone.network.up()
    phone.page.goto(journey.address)  # the site would say that there is no such page
    phone.page.get_by_text("What was not sent stays below until you have copied or discarded it.").wait_for()
    assert (on_page(phone.page), on_phone(phone.page)["texts"]) == (["Too late."], 1)
    expect(phone.page.get_by_label("What you saw, heard or read")).to_be_hidden()
    phone.page.get_by_role("button", name=re.compile("^Copy its words")).tap()
    phone.page.get_by_role("button", name=re.compile("^Discard")).tap()
    expect(phone.page.locator("#notes > li")).to_have_count(0)


def test_a_token_that_went_stale_and_a_session_that_ran_out_cost_nothing(journey: Journey) -> None:
    phone = journey.phone(LEAD)
    notes(phone.page, ["One."])
    arrived(phone.page)
    assert phone.context is not None
    phone.context.clear_cookies(name="csrftoken")
    notes(phone.page, ["Two."])
    arrived(phone.page)
    phone.context.clear_cookies()
    notes(phone.page, ["Three.", "Four."])
    phone.page.get_by_text("2 notes on this phone. Sign in and they go.").wait_for()
    phone.page.get_by_role("link", name="Sign in", exact=True).first.tap()
    journey.signs_in(phone, LEAD)
    journey.opens(phone)
    arrived(phone.page)
    notes(phone.page, ["Five."])
    arrived(phone.page)
    assert [each["words"] for each in in_the_log(phone)] == ["One.", "Two.", "Three.", "Four.", "Five."]
    assert on_page(phone.page) == ["Five.", "Four.", "Three.", "Two.", "One."]


def test_notes_taken_before_the_lead_starts_the_visit_wait_and_then_go(journey: Journey) -> None:
    deployment.change(journey.site, f"UPDATE peer_review_peerreview SET state = 'data_shared' WHERE id = {journey.review}")
    phone = journey.phone(OTHER)
    notes(phone.page, ["At the gate."])
    phone.page.locator("#evidence-state").get_by_text("The visit has not been started yet.").wait_for()
    deployment.change(journey.site, f"UPDATE peer_review_peerreview SET state = 'on_site' WHERE id = {journey.review}")
    assert in_the_log(phone) == []
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    arrived(phone.page)
    assert [each["words"] for each in in_the_log(phone)] == ["At the gate."]


def test_the_page_is_calm_with_a_network_and_without(journey: Journey) -> None:
    phone = journey.phone(LEAD)
    notes(phone.page, ["They retell the story."])
    arrived(phone.page)
    assert (unmet(phone.page), sideways(phone.page)) == ([], "")
    phone.page.goto(f"{journey.address}?log")
    assert (unmet(phone.page), sideways(phone.page)) == ([], "")
    phone.network.down()
    phone.page.goto(journey.address)
    ready(phone.page)
    assert (unmet(phone.page), sideways(phone.page)) == ([], "")


def test_the_page_weighs_little(journey: Journey) -> None:
    phone = journey.phone()
    journey.signs_in(phone, LEAD)
    scales = Scales(phone.page)
    phone.page.goto(journey.address)
    ready(phone.page)
    assert scales.bytes < LIGHT


def test_a_note_is_written_without_script(journey: Journey) -> None:
    phone = journey.phone()
    journey.signs_in(phone, LEAD)
    browser = phone.page.context.browser
    state_of = phone.page.context.storage_state()
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=phone.network.address, storage_state=state_of)
    page = context.new_page()
    page.goto(journey.address)
    assert page.get_by_label("Activity").locator("option:checked").inner_text() == "00:00 Reading with year 2"
    page.get_by_label("What you saw, heard or read").fill("Without script.")
    page.get_by_label("Strength").check(force=True)
    page.get_by_role("button", name="Save the note").click()
    page.get_by_text("Saved.").wait_for()
    page.get_by_role("link", name=re.compile("^Write again")).click()
    page.get_by_label("What you saw, heard or read").fill("Without script, better.")
    page.get_by_role("button", name="Save the note").click()
    page.get_by_role("button", name=re.compile("^Take it back")).click()
    page.get_by_text("Taken back. It stays in the log, marked.").wait_for()
    expect(page.locator(".evidence-note--struck .evidence-words")).to_have_text("Taken back: Without script, better.")
    context.close()


def scribbled(chance: random.Random) -> list[Writing]:
    """Writings on a few notes and devices, some with parents that no device would claim."""
    rows = []
    for index in range(chance.randint(1, 14)):
        at = datetime(2027, 3, 2, 9, chance.randint(0, 3), tzinfo=UTC)
        parents = tuple(f"w{chance.randint(0, 15)}" for _ in range(chance.randint(0, 2)))
        rows.append(
            Writing(
                f"w{index}", chance.choice("nm"), tuple(dict.fromkeys(parents)), chance.choice("xy"), at, struck=chance.random() < 0.2,
                device=chance.choice("pq"), sequence=index,
            )
        )  # fmt: skip
    return rows


def test_the_phone_merges_as_the_site_does(journey: Journey) -> None:
    phone = journey.phone(LEAD)
    chance = random.Random(7)
    for _ in range(80):
        rows = scribbled(chance)
        expected = [[note.uid, note.begun.uid, list(note.tips), [each.uid for each in note.heads], note.struck] for note in merged(rows)]
        chance.shuffle(rows)
        got = phone.page.evaluate(
            """async (given) => {
              const { merged } = await import(document.getElementById("evidence").dataset.merge);
              return merged(JSON.parse(given)).map((n) => [n.uid, n.begun.uid, n.tips, n.heads.map((one) => one.uid), n.struck]);
            }""",
            json.dumps([wire(each) for each in rows]),
        )
        assert got == expected
