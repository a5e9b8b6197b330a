"""A manager moves in: six dirty spreadsheets, few questions, every change read, saved, undone and saved again; a head reads first what an
old log says of the school."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.functional.arriving import BROUGHT, SLUG, arrived
from tests.functional.conftest import Door
from tests.functional.deployment import Built, Site, kept
from tests.functional.looking import sideways, unmet

pytestmark = pytest.mark.slow
MOVE_INS = f"/p/{SLUG}/move-in/"
#: More questions than this would not be few.
QUESTIONS_AT_MOST = 25
#: Addresses, members and earlier support: all that the six files bring most of.
HELD = "SELECT " + " + ".join(
    f"(SELECT count(*) FROM {table})" for table in ("contacts_contact", "partnership_membership", "support_earliersupport")
)
LONGEST = 20 * 1024 * 1024


@pytest.fixture(scope="module")
def site(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The partnership, with nothing in it yet."""
    with arrived(built, tmp_path_factory.mktemp("arriving") / "data") as found:
        yield found


def fits(page: Page) -> None:
    """The page is for everybody, on a laptop and on the narrowest telephone."""
    size = page.viewport_size
    assert (unmet(page), sideways(page)) == ([], "")
    assert size
    page.set_viewport_size(size)


def test_a_manager_moves_in_undoes_it_and_moves_in_again_and_a_head_reads_first(site: Site, door: Door) -> None:
    laptop = door(site, "Partnership manager")
    laptop.goto(MOVE_INS)
    fits(laptop)
    one = brings_six_files(laptop, site)
    corrects_a_sheet(laptop, one)
    answers_every_question(laptop, one)
    reads_every_change(laptop, one)
    assert kept(site, HELD) == 0

    other = laptop.context.new_page()  # somebody else, with the same preview open
    other.goto(f"{one}changes/")
    laptop.get_by_role("button", name=re.compile(r"^Save \d")).click()
    expect(laptop.locator("main")).to_contain_text("No message was sent to anybody. It can be undone whole")
    held = kept(site, HELD)
    assert isinstance(held, int)
    assert held > 20
    other.get_by_role("button", name=re.compile(r"^Save \d")).click()
    expect(other.get_by_role("alert")).to_contain_text("saved this move-in")
    other.close()
    expect(laptop.get_by_role("region", name="Practice")).to_contain_text("No message of Fernshire Education Partnership leaves yet")
    fits(laptop)

    laptop.get_by_role("button", name="Undo all of it").click()
    fits(laptop)
    laptop.get_by_role("button", name="Undo all of it").click()
    expect(laptop.locator("main")).to_contain_text("Everything stands as it did before")
    assert kept(site, HELD) == 0

    laptop.goto(f"{one}changes/")
    laptop.get_by_role("button", name=re.compile(r"^Save \d")).click()
    expect(laptop.locator("main")).to_contain_text("No message was sent to anybody. It can be undone whole")
    assert (kept(site, HELD), site.letters()) == (held, [])
    with laptop.expect_download() as got:
        laptop.goto(MOVE_INS)
        laptop.get_by_role("link", name="Download the constitution").click()
    assert "[partnership]" in Path(got.value.path()).read_text(encoding="utf-8")
    laptop.goto(f"{one}set-apart/")
    fits(laptop)
    a_head_reads_first(door(site, "Headteacher", width=360), site)


def brings_six_files(laptop: Page, site: Site) -> str:
    """All six at once; the address of the move-in."""
    files = sorted((site.folder / BROUGHT).iterdir())
    assert len(files) == 6
    laptop.locator("input[type=file]").set_input_files([str(each) for each in files])
    expect(laptop.locator("[data-chosen] li")).to_have_count(6)
    laptop.get_by_role("button", name="Read them").click()
    laptop.wait_for_url(re.compile(rf"{MOVE_INS}\d+/$"))
    expect(laptop.locator("section.brought")).to_have_count(6)
    fits(laptop)
    return laptop.url


def corrects_a_sheet(laptop: Page, one: str) -> None:
    """The columns of a sheet over its first lines; another kind is looked at and let be."""
    laptop.locator("section.brought", has_text="subscriptions").get_by_role("link", name=re.compile("columns")).first.click()
    fits(laptop)
    laptop.get_by_label("This sheet is").select_option("support-log")
    laptop.get_by_role("button", name="Show its columns so").click()
    expect(laptop.locator("main")).to_contain_text("Nothing is kept yet.")
    laptop.get_by_label("This sheet is").select_option("subscriptions")
    laptop.get_by_role("button", name="Show its columns so").click()
    laptop.get_by_role("button", name="Read it so").click()
    laptop.wait_for_url(one)
    expect(laptop.locator("main")).to_contain_text("Read so, and remembered")


def answers_every_question(laptop: Page, one: str) -> None:
    """One press each, until nothing more is asked."""
    laptop.goto(f"{one}questions/")
    fits(laptop)
    for _ in range(QUESTIONS_AT_MOST):
        first = laptop.locator(".move-questions > li").first
        if first.count() == 0:
            break
        asks = first.locator("h2").inner_text()
        show = first.get_by_role("button", name=re.compile("Show each school"))
        (show if show.count() else first.locator(".move-choice").first).click()
        expect(laptop.locator(".move-questions > li h2").filter(has_text=re.compile(f"^{re.escape(asks)}$"))).to_have_count(0)
    expect(laptop.locator("h1")).to_have_text("Nothing more is asked")
    fits(laptop)


def reads_every_change(laptop: Page, one: str) -> None:
    """Counts first; narrowed in place; downloaded as it stands, with nothing a spreadsheet would run."""
    laptop.goto(f"{one}changes/")
    fits(laptop)
    laptop.get_by_label("What happens").select_option("left")
    laptop.wait_for_url(re.compile("what=left"))
    expect(laptop.locator("#list .move-change--left").first).to_be_visible()
    expect(laptop.locator("#list .move-change--new")).to_have_count(0)
    laptop.goto(f"{one}changes/?what=all")
    with laptop.expect_download() as got:
        laptop.get_by_role("link", name="CSV").click()
    with Path(got.value.path()).open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 100
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    laptop.goto(f"{one}changes/")


def a_head_reads_first(phone: Page, site: Site) -> None:
    """From home, on a phone: what the old log says of the school; a reply, one kept, one deleted."""
    phone.goto("/")
    phone.get_by_role("button", name="Read it").or_(phone.get_by_role("link", name="Read it")).first.click()
    phone.wait_for_url(re.compile(f"{MOVE_INS}set-apart/"))
    before = phone.locator("section.apart").count()
    assert before > 0
    fits(phone)
    first = phone.locator("section.apart").first
    first.get_by_text("Reply", exact=True).first.click()
    first.get_by_label("Your reply").fill("It was one hard term, long over.")
    first.get_by_role("button", name="Reply").click()
    expect(phone.locator("section.apart").first).to_contain_text("It was one hard term, long over.")
    phone.locator("section.apart").first.get_by_role("button", name=re.compile("^Keep it")).click()
    expect(phone.locator("section.apart").first).to_contain_text("your school keeps it")
    fits(phone)
    phone.locator("section.apart").last.get_by_role("link", name=re.compile("^Have it deleted now")).click()
    fits(phone)
    phone.get_by_role("button", name="Delete it").click()
    phone.wait_for_url(re.compile("set-apart/\\d+/$"))
    expect(phone.locator("section.apart")).to_have_count(before - 1)


def test_without_script_cells_are_pasted_and_a_file_of_200_mb_is_refused_in_words(site: Site, door: Door, tmp_path: Path) -> None:
    laptop = door(site, "Partnership manager", java_script_enabled=False)
    laptop.goto(MOVE_INS)
    long = tmp_path / "pictures.xlsx"
    with long.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    laptop.locator("input[type=file]").set_input_files(long)
    laptop.get_by_role("button", name="Read them").click()
    expect(laptop.get_by_role("alert")).to_contain_text("“pictures.xlsx” is 200 MB long; up to 20 MB is read.", timeout=60_000)
    laptop.get_by_text("Or paste cells from a spreadsheet").click()
    laptop.get_by_label("Pasted cells").fill("School\tURN\tHeadteacher\tEmail\nBrookpool School\t990001\tAda Example\tada@example.org\n")
    laptop.get_by_role("button", name="Read them").click()
    laptop.wait_for_url(re.compile(rf"{MOVE_INS}\d+/$"))
    expect(laptop.locator("section.brought")).to_contain_text("Contacts at schools")
    laptop.get_by_role("link", name="Throw this away").click()
    laptop.get_by_role("button", name="Throw it away").click()
    expect(laptop.locator("main")).to_contain_text("Nothing of it is kept, and nothing was changed.")


def test_files_are_dropped_and_one_too_long_is_left_behind_before_it_is_sent(site: Site, door: Door) -> None:
    laptop = door(site, "Partnership manager")
    laptop.goto(MOVE_INS)
    laptop.evaluate(
        "most => { const held = new DataTransfer();"
        " held.items.add(new File(['School,URN\\nBrookpool School,990001\\n'], 'members.csv'));"
        " held.items.add(new File([new Uint8Array(most + 1)], 'pictures.xlsx'));"
        " const drop = new DragEvent('drop', {dataTransfer: held, bubbles: true, cancelable: true});"
        " document.querySelector('[data-zone]').dispatchEvent(drop); }",
        LONGEST,
    )
    lines = laptop.locator("[data-chosen] li")
    expect(lines).to_have_count(2)
    expect(lines.nth(1)).to_contain_text("pictures.xlsx is 20.0 MB long, and is left behind")
    expect(laptop.locator("input[type=file]")).to_have_js_property("files.length", 1)
    laptop.get_by_role("button", name="Leave out members.csv").click()
    expect(lines).to_have_count(0)
