"""A stranger's first day: six dirty spreadsheets in, undone, in again; heads invited in practice and truly, by a real mail server; each
kind of person signs in; a request for what is held is answered; and the partnership leaves again with everything.
"""

from __future__ import annotations

import json
import re
import socket
import time
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page, expect

from tests.functional.arriving import SLUG, arrived
from tests.functional.conftest import Door
from tests.functional.deployment import Built, Site, convenor, kept
from tests.functional.looking import sideways, unmet
from tests.functional.reviewing import rows
from tests.functional.test_bringing import HELD, MOVE_INS, answers_every_question, brings_six_files
from tests.functional.test_signing_in import ask_for_a_link, prove

pytestmark = pytest.mark.slow
HERE = f"/p/{SLUG}/"
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/\S+)")
#: What no letter may carry: a letter lies in a mailbox that a school shares.
CONCERN = re.compile(r"inadequate|requires improvement|concern|weak|at risk|rating", re.IGNORECASE)
#: Everybody who can sign in after the move, one of each role; whoever sits on a body holds no post.
ONE_OF_EACH = (
    "SELECT o.role, MIN(p.email) FROM partnership_tenure t JOIN partnership_post o ON o.id = t.post_id JOIN accounts_person p "
    "ON p.id = t.person_id WHERE t.until_on IS NULL AND p.email IS NOT NULL GROUP BY o.role UNION "
    "SELECT 'seat', MIN(p.email) FROM partnership_appointment a JOIN accounts_person p ON p.id = a.person_id WHERE p.email IS NOT NULL "
    "AND p.id NOT IN (SELECT person_id FROM partnership_tenure) AND a.until_on >= CURRENT_DATE"
)


class Mail:
    """A mail server of this machine's own, and what it was given."""

    def __init__(self) -> None:
        self.came: list[Message] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        """Takes a letter in."""
        self.came.append(message_from_bytes(envelope.content))  # type: ignore[attr-defined]
        return "250 taken"

    def to(self, address: str) -> list[str]:
        """The words of every letter to an address, the newest last."""
        return [self.words(each) for each in self.came if address in str(each["To"])]

    @staticmethod
    def words(letter: Message) -> str:
        """What a reader reads: the subject, and the first part of the letter."""
        part = next(each for each in letter.walk() if each.get_content_type() == "text/plain")
        return f"{letter['Subject']}\n{part.get_payload(decode=True).decode()}"  # type: ignore[union-attr]

    def waits_for(self, many: int) -> None:
        """Until so many letters came; letters leave beside the page."""
        until = time.monotonic() + 30
        while len(self.came) < many and time.monotonic() < until:
            time.sleep(0.1)
        assert len(self.came) == many

    def newest(self, address: str, before: int) -> str:
        """The letter to this address that came after the first `before` of them."""
        until = time.monotonic() + 20
        while len(self.to(address)) <= before and time.monotonic() < until:
            time.sleep(0.1)
        return self.to(address)[before]


@pytest.fixture
def mail() -> Iterator[tuple[Mail, int]]:
    """The server, and the port on which it listens."""
    found = Mail()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield found, port
    finally:
        controller.stop()


@pytest.fixture
def site(built: Built, tmp_path: Path, mail: tuple[Mail, int]) -> Iterator[Site]:
    """The partnership, with nothing in it yet, and a post office of its own."""
    with arrived(built, tmp_path / "data", {"CONVENOR_EMAIL_URL": f"smtp://127.0.0.1:{mail[1]}"}) as found:
        yield found


def sound(page: Page) -> None:
    """Nothing that axe finds, nothing beyond the edge of a narrow telephone."""
    size = page.viewport_size
    assert (page.url, unmet(page), sideways(page)) == (page.url, [], "")
    assert size
    page.set_viewport_size(size)


def test_a_partnership_is_in_by_the_evening_and_may_leave_again(site: Site, mail: tuple[Mail, int], door: Door, tmp_path: Path) -> None:
    post, _ = mail
    laptop = door(site, "Partnership manager")
    moves_in_undoes_it_and_moves_in_again(laptop, site)
    assert post.came == []
    invites_in_practice_and_then_truly(laptop, post)
    each_kind_of_person_signs_in(site, post, door)
    answers_a_subject_access_request(laptop, site)
    leaves_with_everything(laptop, site, tmp_path)


def moves_in_undoes_it_and_moves_in_again(laptop: Page, site: Site) -> None:
    """Six files, every question answered, saved, undone whole, saved again."""
    laptop.goto(MOVE_INS)
    one = brings_six_files(laptop, site)
    answers_every_question(laptop, one)
    for again in (False, True):
        laptop.goto(f"{one}changes/")
        laptop.get_by_role("button", name=re.compile(r"^Save \d")).click()
        expect(laptop.locator("main")).to_contain_text("No message was sent to anybody.")
        assert int(str(kept(site, HELD))) > 20
        if not again:
            for _ in range(2):
                laptop.get_by_role("button", name="Undo all of it").click()
            expect(laptop.locator("main")).to_contain_text("Everything stands as it did before")
            assert kept(site, HELD) == 0


def invites_in_practice_and_then_truly(laptop: Page, post: Mail) -> None:
    """In practice nothing reaches the mail server; truly, each head gets one letter that names no concern."""
    laptop.goto(f"{HERE}invite/")
    sound(laptop)
    laptop.get_by_role("button", name="Invite in practice").click()
    said = re.search(r"(\d+) letters? written and held", laptop.locator("body").inner_text())
    assert said
    letters = int(said[1])
    assert (letters > 3, post.came) == (True, [])
    laptop.goto(f"{HERE}invite/held/")
    sound(laptop)
    laptop.goto(f"{HERE}invite/")
    laptop.get_by_role("button", name=re.compile("^End practice and invite truly")).click()
    expect(laptop.locator("body")).to_contain_text(f"{letters} letters sent to heads")
    post.waits_for(letters)
    assert [found[0] for each in post.came if (found := CONCERN.search(post.words(each)))] == []
    assert len({str(each["To"]) for each in post.came}) == letters


def each_kind_of_person_signs_in(site: Site, post: Mail, door: Door) -> None:
    """A head by the link of the invitation, on a phone; then one of each kind by a link that they ask for."""
    first = post.came[0]
    address = re.search(r"[\w.+-]+@[\w.-]+", str(first["To"]))
    link = LINK.search(post.words(first))
    assert address
    assert link
    phone = door(site, width=360)
    for _ in range(2):  # a mail scanner opens it first
        phone.request.get(site.at(link[1]))
    phone.goto(link[1])
    sound(phone)
    phone.locator("main form button[type=submit]").first.click()
    phone.wait_for_url(lambda url: link[1] not in url)
    phone.goto("/")
    expect(phone.get_by_role("heading", name=re.compile("^Your school")).first).to_be_visible()
    found = dict(rows(site, ONE_OF_EACH))
    assert {"head", "manager"} < set(found)
    for role, email in sorted(found.items()):
        page, before = door(site), len(post.to(email))
        ask_for_a_link(page, email)
        way = LINK.search(post.newest(email, before))
        assert way, role
        page.goto(way[1])
        page.get_by_role("button", name=re.compile("^Sign in as ")).click()
        page.wait_for_url(lambda url: "/sign-in/link/" not in url)
        if role == "manager":  # whoever can change much is led to a second factor first
            expect(page.locator("h1")).to_have_text("Second factor")
        else:
            prove(page)
            page.goto("/")
            assert page.get_by_role("link", name="Sign in").count() == 0
        sound(page)
        page.context.close()


def answers_a_subject_access_request(laptop: Page, site: Site) -> None:
    """A head asks what is held about them; each thing found is decided on by a person; one archive answers."""
    email, name, person = rows(
        site,
        "SELECT p.email, p.name, p.id FROM partnership_tenure t JOIN partnership_post o ON o.id = t.post_id JOIN accounts_person p "
        "ON p.id = t.person_id WHERE o.role = 'head' AND p.email IS NOT NULL ORDER BY p.id",
    )[0]
    laptop.goto(f"{HERE}requests/")
    sound(laptop)
    laptop.get_by_role("button", name="Write a request down").click()
    laptop.get_by_label("Subject access").check()
    laptop.get_by_label("Who asked?").fill(str(name))
    laptop.get_by_label("Where does the answer go?").fill(str(email))
    laptop.get_by_label("What was asked?").fill("Everything that you hold about me.")
    laptop.get_by_label("About which person?").select_option(str(person))
    laptop.get_by_role("button", name="Write it down").click()
    laptop.get_by_role("link", name="Look for what is held").first.click()
    laptop.get_by_role("button", name="Look now").click()
    sound(laptop)
    pk = kept(site, "SELECT MAX(id) FROM records_informationrequest")
    tables = [table for (table,) in rows(site, f'SELECT DISTINCT "table" FROM records_requestitem WHERE request_id = {pk}')]
    assert "accounts.Person" in tables
    for table in tables:
        laptop.goto(f"{HERE}requests/{pk}/")
        laptop.goto(f"{HERE}requests/{pk}/decide/{table}/")
        laptop.get_by_label("All that wait").check()
        laptop.get_by_label("Disclose it", exact=True).check()
        laptop.get_by_role("button", name="Decide", exact=True).click()
    laptop.goto(f"{HERE}requests/{pk}/")
    laptop.get_by_role("link", name="Write the letter").click()
    laptop.get_by_role("button", name="Keep this letter").click()
    laptop.get_by_role("link", name="Take the archive to answer with").click()
    with laptop.expect_download() as taken:
        laptop.get_by_role("button", name="Take the archive").click()
    with zipfile.ZipFile(taken.value.path()) as bundle:
        words = "\n".join(bundle.read(each).decode("utf-8", "replace") for each in bundle.namelist())
    assert str(email) in words


def leaves_with_everything(laptop: Page, site: Site, tmp_path: Path) -> None:
    """One archive, made by the worker, fetched by the manager, loaded whole into an installation that holds nothing."""
    laptop.goto(f"{HERE}archive/")
    sound(laptop)
    laptop.get_by_role("button", name="Make the archive").click()
    convenor("worker", "--once", folder=site.folder, database=site.database, more={"CONVENOR_EMAIL_URL": "dummymail://"})
    laptop.goto(f"{HERE}archive/")
    with laptop.expect_download() as fetched:
        laptop.get_by_role("button", name="Fetch the file").click()
    archive = tmp_path / "everything.zip"
    fetched.value.save_as(archive)
    with zipfile.ZipFile(archive) as file:
        assert json.loads(file.read("archive.json"))["partnership"]["slug"] == SLUG
    if site.database:  # the other installation of this test is a small machine with an embedded database
        return
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    convenor("archive", "load", str(archive), folder=elsewhere, database="")
    there = Site("", elsewhere, {})
    assert int(str(kept(there, HELD))) == int(str(kept(site, HELD))) > 20
