"""Support from the asking to a look back two terms later, as a head, a broker, a supporter and whoever lends them walk it.

What it asks of the broker and of the supporter is counted on the way, and printed as tables of minutes where CONVENOR_SUPPORT_MINUTES names
a file.
"""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from convenor.web.demonstration.support_words import DISPUTE, SECOND, STORIES, WHY_CHANGE, WHY_CHOSEN
from tests.functional.conftest import Door, Watched, sign_in
from tests.functional.deployment import Site, email_of
from tests.functional.effort import Effort, counting, effort, total, write_down
from tests.functional.reviewing import calm, head_of, presses, rows
from tests.functional.supporting import SUPPORT, OneSupport, asking_school, named_in, package_of, weeks_pass
from tests.functional.test_signing_in import by_link

pytestmark = pytest.mark.slow
SAID = STORIES[1]
#: A broker's work from a need to an agreed package, and a supporter's note of visit, take less than this, minutes.
BROKER_AT_MOST, NOTE_AT_MOST = 15, 2
HEAD, BROKER, SUPPORTER, LENDER = "head", "broker", "supporter", "head who lends"
NOTE = "write a note of visit"
LESSON = "Say each question aloud before writing it: it took four minutes of planning."
PHONE = 360
#: From an evaluation to two terms later, days.
TWO_TERMS = 245


class Cycle:
    """One package, its people at their own browsers, and what each did."""

    def __init__(self, site: Site, door: Door) -> None:
        self.site, self.door = site, door
        self.asking = asking_school(site)
        self.done: dict[str, list[Effort]] = {BROKER: [], SUPPORTER: [], HEAD: [], LENDER: []}

    @cached_property
    def package(self) -> OneSupport:
        """The package, once somebody is chosen."""
        return package_of(self.site, self.asking)

    def opens(self, name: str, who: str) -> Page:
        """Somebody at their own telephone, signed in by a link."""
        page = counting(self.door(self.site, width=PHONE))
        with self.task(page, who, "sign in, by a link"):
            by_link(page, self.site, email_of(name))
        return page

    def officer(self, role: str) -> Page:
        """Somebody at a desk, by the demonstration's own door: those whose post asks for a second factor, and onlookers."""
        page = counting(self.door(self.site))
        sign_in(page, self.site, role)
        return page

    def task(self, page: Page, who: str, name: str) -> Any:
        """A task whose effort is counted."""
        return effort(page, name, into=self.done[who])

    def turn(self, page: Page, name: str) -> None:
        """What their own first page, and then the package, says that they do next."""
        page.goto("/")
        if page.locator(f"main a[href='{self.package.path}']").count():
            page.locator(f"main a[href='{self.package.path}']").first.click()
        else:
            page.goto(self.package.path)
        expect(page.locator("section.next strong").first).to_have_text(name)
        page.get_by_role("button", name="Do it now").click()

    def moves(self, page: Page, name: str) -> None:
        """One step of the workflow, from the ways on that the package names."""
        page.goto(self.package.path)
        page.locator("h2#on + ul").get_by_role("link", name=name, exact=True).click()
        presses(page, "Yes, go on", "Done.")

    def asks(self, head: Page) -> None:
        """A head asks: one screen of a telephone."""
        with self.task(head, HEAD, "ask for support"):
            head.goto("/")
            head.goto(SUPPORT)
            head.get_by_role("button", name="Ask for support").click()
            calm(head)
            head.get_by_label("Mathematics", exact=True).check()
            head.get_by_label("What would help?").fill(SAID.asks)
            head.get_by_label("Visits and advice").check()
            presses(head, "Send our request", "Thank you for asking.")
        calm(head)

    def matches(self, broker: Page) -> None:
        """A broker reads who else is there, matches over the whole area and chooses with a reason."""
        with self.task(broker, BROKER, "read the request, and who else is in there"):
            broker.goto("/")
            broker.locator(f"main a[href='{SUPPORT}needs/']").first.click()
            broker.get_by_role("link", name=re.compile(self.asking.school)).first.click()
            expect(broker.get_by_text(SAID.asks)).to_be_visible()
            expect(broker.get_by_role("heading", name="Who else is in there")).to_be_visible()
        calm(broker)
        with self.task(broker, BROKER, "match over the whole area"):
            broker.get_by_role("link", name="the matching").click()
            presses(broker, "Match over the whole area", "Matched. Nobody is told of it")
        calm(broker)
        with self.task(broker, BROKER, "choose, and say why"):
            placed = broker.get_by_role("listitem").filter(has=broker.get_by_role("heading", name=self.asking.school))
            placed.get_by_role("link", name="Choose").click()
            broker.get_by_label("Why you choose them").fill(WHY_CHOSEN)
            presses(broker, "Choose them", "Chosen. The school is told first")

    def prepares(self, broker: Page, supporter: Page) -> None:
        """It fits, they are in touch, and what it costs is settled."""
        with self.task(supporter, SUPPORTER, "be in touch"):
            self.turn(supporter, "Be in touch with the school")
            supporter.get_by_label("Day of the first contact").fill(date.today().isoformat())
            supporter.get_by_label("A call", exact=True).check()
            presses(supporter, "Save", "Saved.")
        with self.task(broker, BROKER, "check that it fits"):
            self.turn(broker, "Check that it fits")
            for name in ("They have the days", "They would like to do it", "No interest stands between the two"):
                broker.get_by_role("group", name=name).get_by_label("Yes").check()
            presses(broker, "Save", "Saved.")
        with self.task(broker, BROKER, "settle what it costs"):
            broker.get_by_role("button", name="Do it now").click()
            broker.get_by_role("link", name="Say what it costs").click()
            presses(broker, "Keep it", "Kept. Both heads agree to it with the plan.")
        with self.task(broker, BROKER, "begin the plan"):
            self.moves(broker, "Begin the plan")

    def plans(self, head: Page) -> None:
        """The head sets what should come about."""
        with self.task(head, HEAD, "set the plan"):
            self.turn(head, "Set one to five objectives, each with where it begins")
            head.get_by_role("link", name="Set the objectives").click()
            calm(head)
            fills(head, title_1=SAID.title, owner_1=SAID.owner, measure_1=SAID.measure, baseline_1=SAID.baseline, target_1=SAID.target,
                  baseline_n_1=str(SAID.baseline_n), target_by_on_1=in_days(200))  # fmt: skip
            presses(head, "Keep the plan", "Kept. Both heads agree to it next.")

    def agree(self, head: Page, lender: Page, again: str = "") -> None:
        """Both heads agree, each on a telephone; whoever lends does so by the keyboard alone."""
        with self.task(head, HEAD, f"agree to the plan{again}"):
            self.turn(head, "Agree to the plan")
            head.get_by_role("button", name="Read it and agree").click()
            calm(head)
            presses(head, "Agree to this plan", "Agreed.")
        with self.task(lender, LENDER, f"agree to lend{again}"):
            self.turn(lender, "Agree to lend the supporter")
            tabs_to(lender, "Read it and agree")
            lender.wait_for_url("**/agree/")
            tabs_to(lender, "Agree to this plan")
            lender.get_by_text("Agreed.").first.wait_for()
        calm(lender)

    def begins(self, broker: Page) -> None:
        """What the review of effect compares is fixed, then support begins."""
        with self.task(broker, BROKER, "after it: fix what will be compared"):
            broker.goto(self.package.at("effect"))
            broker.get_by_role("link", name="Fix what will be compared").click()
            broker.locator(f"input[name='main'][value='{SAID.outcome}']").check()
            presses(broker, "Fix it", "What will be compared is fixed.")
        with self.task(broker, BROKER, "after it: begin the support"):
            self.moves(broker, "Begin the support")

    def visit(self, supporter: Page) -> None:
        """The supporter plans a visit on a day that suits both, visits, and writes."""
        with self.task(supporter, SUPPORTER, "plan a visit"):
            self.turn(supporter, "Visit for the first time")
            supporter.get_by_role("button", name="Plan a visit").click()
            supporter.get_by_text("Free next:").get_by_role("link").first.click()
            supporter.get_by_label("A whole day").check()
            presses(supporter, "Keep the visit", "The visit is kept.")
        [(on,)] = rows(self.site, f'SELECT "on" FROM support_visit WHERE package_id = {self.package.pk}')
        weeks_pass(self.site, self.package.pk, (date.fromisoformat(str(on)) - date.today()).days)
        with self.task(supporter, SUPPORTER, NOTE):
            self.turn(supporter, "Visit for the first time")
            supporter.get_by_role("link", name="Write the note").click()
            supporter.get_by_label("What you did and saw").fill(SAID.seen[0])
            supporter.get_by_label("What you agreed").fill(SAID.agreed)
            expect(supporter.locator("[data-keep-says]")).to_contain_text(re.compile("Saved .* Nobody else reads it yet."))
            presses(supporter, "Send it to the school", "Sent. The school reads it")
        calm(supporter)

    def disputes(self, head: Page, supporter: Page) -> None:
        """The head says what is not right; it stands beside the note for whoever wrote it."""
        with self.task(head, HEAD, "dispute a note"):
            head.goto(self.package.path)
            head.get_by_role("link", name="Visits and notes").click()
            head.get_by_role("link", name="Is this note accurate?").click()
            calm(head)
            head.get_by_label("No, something is not right").check()
            head.get_by_label("What is not right, and what is").fill(DISPUTE)
            presses(head, "Say so", "Noted. It stands beside the note for ever.")
        supporter.goto(self.package.at("visits"))
        note = supporter.get_by_role("region").filter(has_text=SAID.seen[0])
        assert [note.get_by_text(each).count() for each in ("The head says that it is not accurate.", DISPUTE)] == [1, 1]

    def reviews(self, supporter: Page, *, objectives: int, progress: str, decision: str, words: str) -> None:
        """The two schools look at how each objective goes, and decide."""
        with self.task(supporter, SUPPORTER, "hold a review"):
            supporter.goto(self.package.at("reviews"))
            supporter.get_by_role("button", name="Hold a review").click()
            for number in range(1, objectives + 1):
                supporter.locator(f"[name='progress_{number}'][value='{progress}']").check()
                supporter.locator(f"[name='words_{number}']").fill(SAID.behind)
            supporter.get_by_label(decision, exact=True).check()
            supporter.get_by_label("In words", exact=True).fill(words)
            presses(supporter, "Write it down", "Written down.")
        calm(supporter)

    def changes(self, head: Page) -> None:
        """The head changes the plan as the review decided, with a word on why."""
        with self.task(head, HEAD, "change the plan"):
            head.goto(self.package.at("plan"))
            head.get_by_role("link", name="Change it now").click()
            head.locator("summary").filter(has_text="Objective 2").click()
            head.locator("[name='area_2']").select_option(SAID.theme)
            fills(head, title_2=SECOND, owner_2=SAID.owner, measure_2="Lessons planned together", baseline_2="None so far", target_2="All",
                  baseline_on_2=in_days(0), target_by_on_2=in_days(250), why=WHY_CHANGE)  # fmt: skip
            presses(head, "Keep the plan", "Kept. Both heads agree to it next.")
        expect(head.get_by_text("The plan has changed, so the school that receives and whoever lends the support")).to_be_visible()
        calm(head)

    def evaluates(self, head: Page, supporter: Page) -> None:
        """Both sides say what came of it."""
        with self.task(head, HEAD, "say what came of it"):
            self.turn(head, "Say how far it came")
            head.get_by_role("button", name="Say what came of it").click()
            calm(head)
            for number in (1, 2):
                head.locator(f"[name='met_{number}'][value='met']").check()
                head.locator(f"[name='evidence_{number}']").fill(SAID.came)
            head.get_by_label("Useful", exact=True).check()
            head.get_by_label("Worth it", exact=True).check()
            head.locator("[name='lesson']").fill(LESSON)
            presses(head, "This is what we say", "Kept. It stands as you wrote it.")
        with self.task(supporter, SUPPORTER, "say what came of it"):
            supporter.goto(self.package.at("evaluation"))
            supporter.get_by_role("button", name="Say what came of it").click()
            supporter.get_by_label("In your words").fill(SAID.came)
            presses(supporter, "This is what we say", "Kept. It stands as you wrote it.")

    def signs_off(self, manager: Page) -> None:
        """The manager reads the evaluation, and nothing else that was written."""
        self.turn(manager, "Read the evaluation and sign it off")
        manager.get_by_role("group", name="Read and taken note of").get_by_label("Yes").check()
        presses(manager, "Save", "Saved.")
        for part, status in (("evaluation", 200), ("visits", 404), ("plan", 404)):
            answer = manager.goto(self.package.at(part))
            assert answer is not None
            assert (part, answer.status) == (part, status)

    def shares(self, page: Page) -> None:
        """A head lets others read the lesson."""
        page.goto(self.package.at("evaluation"))
        page.get_by_role("link", name="Agree to it, or change the words").click()
        presses(page, "Let others read these words", "Kept. Others read it once both heads agree to it.")

    def lesson_shown(self, anybody: Page) -> int:
        """How often the directory tells the lesson; never by whom."""
        anybody.goto(f"{SUPPORT}directory/")
        assert named_in(anybody, {self.asking.school, self.asking.head}) == set()
        return anybody.get_by_text(LESSON, exact=True).count()


def in_days(days: int) -> str:
    """A day as a date box takes it."""
    return (date.today() + timedelta(days=days)).isoformat()


def fills(page: Page, **boxes: str) -> None:
    """Types into boxes by their names."""
    for name, words in boxes.items():
        page.locator(f"[name='{name}']").fill(words)


def tabs_to(page: Page, name: str) -> None:
    """Reaches a control by the Tab key alone, and presses Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not reach “{name}”")


@pytest.fixture
def cycle(own_site: Site, door: Door) -> Cycle:
    return Cycle(own_site, door)


def test_a_head_asks_and_a_package_goes_its_whole_way(cycle: Cycle, watched: Watched) -> None:
    head = cycle.opens(cycle.asking.head, HEAD)
    cycle.asks(head)
    broker = cycle.officer("Broker")
    cycle.matches(broker)
    head.goto(cycle.package.path)
    expect(head.get_by_text(WHY_CHOSEN)).to_be_visible()
    calm(head)
    supporter, lender = cycle.opens(cycle.package.supporter, SUPPORTER), cycle.opens(cycle.package.lender, LENDER)
    cycle.prepares(broker, supporter)
    cycle.plans(head)
    lender.goto(cycle.package.path)
    assert named_in(lender, {SAID.asks, SAID.title}) == set()  # before the head who is helped agrees, the other side reads nothing
    cycle.agree(head, lender)
    cycle.begins(broker)
    cycle.visit(supporter)
    cycle.disputes(head, supporter)
    cycle.reviews(supporter, objectives=1, progress="amber", decision="Change the plan", words=WHY_CHANGE)
    cycle.changes(head)
    cycle.agree(head, lender, ", once it changed")
    weeks_pass(cycle.site, cycle.package.pk, 95)
    cycle.reviews(supporter, objectives=2, progress="green", decision="Bring the support to its end", words=SAID.came)
    cycle.moves(broker, "Come to the end")
    cycle.evaluates(head, supporter)
    cycle.signs_off(cycle.officer("Partnership manager"))
    cycle.moves(broker, "End the support")
    anybody = cycle.officer("Headteacher")
    shown = [cycle.lesson_shown(anybody)]
    for page in (head, lender):
        cycle.shares(page)
        shown.append(cycle.lesson_shown(anybody))
    assert shown == [0, 0, 1]
    calm(anybody)
    weeks_pass(cycle.site, cycle.package.pk, TWO_TERMS)
    head.goto(cycle.package.at("effect"))
    verdict = head.locator(".verdict").inner_text()
    assert re.fullmatch(r"Too early\. The first full school year of support is 20\d\d-\d\d\. Its figures are usually out by .+\.", verdict)
    calm(head)
    totals_name_nobody(cycle)
    told(cycle)


def totals_name_nobody(cycle: Cycle) -> None:
    """The board's page, against the names of every school and person of every package."""
    found = rows(
        cycle.site,
        "SELECT s.name, p.name FROM support_package k JOIN registers_school s ON s.urn = k.school_id "
        "JOIN support_supporter w ON w.id = k.supporter_id JOIN accounts_person p ON p.id = w.person_id",
    )
    names = {str(each) for some in found for each in some} | {cycle.asking.head, cycle.package.lender, cycle.site.people["Broker"].name}
    board = cycle.officer("Board member")
    board.get_by_role("link", name="How support goes").click()
    expect(board.get_by_role("heading", level=1)).to_have_text("How support goes")
    assert (len(names) > 10, named_in(board, names)) == (True, set())
    calm(board)
    answer = board.goto(cycle.package.path)
    assert answer is not None
    assert answer.status == 404


def test_what_nothing_published_measures_is_said_so(site: Site, door: Door) -> None:
    """Two terms after the end of one of the demonstration's packages, on its head's telephone."""
    pk, urn = rows(
        site,
        "SELECT k.id, k.school_id FROM support_package k JOIN support_effectstudy e ON e.package_id = k.id "
        "WHERE e.outcome = 'none' AND k.kind = 'after' ORDER BY k.id",
    )[0]
    page = door(site, width=PHONE)
    by_link(page, site, email_of(head_of(site, str(urn))))
    page.goto(f"{SUPPORT}packages/{pk}/effect/")
    verdict = page.locator(".verdict").inner_text()
    assert verdict == (
        "Not measurable. It was said at the start that nothing published measures what this package is for. Its objectives and their "
        "reviews tell how it went."
    )
    calm(page)


def told(cycle: Cycle) -> None:
    """The counts, for `bench/minutes.py`, where a file is named; and that they stay small."""
    write_down(cycle.done, os.environ.get("CONVENOR_SUPPORT_MINUTES", ""))
    to_agreed = [each for each in cycle.done[BROKER] if not each.name.startswith("after it")]
    note = next(each for each in cycle.done[SUPPORTER] if each.name == NOTE)
    assert total("a broker's work", to_agreed).minutes_with_reading < BROKER_AT_MOST
    assert note.minutes < NOTE_AT_MOST
