"""One review from its question to its last day, as its host and its team walk it: one of them on a phone without a network.

What it asks of each is counted on the way, and printed as a table of minutes where CONVENOR_MINUTES names a file.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from convenor.web.demonstration.reviews_words import SUBJECTS
from tests.functional.conftest import CHROMIUM, Door, Watched
from tests.functional.corridor import Phone
from tests.functional.deployment import SLUG, Site, email_of
from tests.functional.effort import Effort, counting, effort, total, write_down
from tests.functional.reviewing import OneReview, calm, from_home, months_ago, one_review, presses, rows, visited_on, weekday
from tests.functional.test_signing_in import by_link

pytestmark = pytest.mark.slow
SAID = SUBJECTS[0]
#: A host's whole cycle, outside the visit itself, takes less than this, minutes.
AT_MOST = 25
HOST, LEAD, OTHER, CHAMPION = "host", "lead reviewer", "reviewer", "improvement champion"


class Cycle:
    """One review, its people at their own browsers, and what each did."""

    def __init__(self, site: Site, door: Door, review: OneReview) -> None:
        self.site, self.door, self.review = site, door, review
        self.done: dict[str, list[Effort]] = {HOST: [], LEAD: [], OTHER: [], CHAMPION: []}

    def opens(self, name: str, who: str, *, width: int = 1280) -> Page:
        """Somebody at their own browser, signed in by a link."""
        page = counting(self.door(self.site, width=width))
        with effort(page, "sign in, by a link", into=self.done[who]):
            by_link(page, self.site, email_of(name))
        return page

    def task(self, page: Page, who: str, name: str) -> Any:
        """A task whose effort is counted."""
        return effort(page, name, into=self.done[who])

    def host_answers_the_round(self, head: Page) -> None:
        """The head says that the school hosts again: one page, filled in from last time."""
        pk = rows(self.site, "SELECT id FROM peer_review_reviewround WHERE state = 'open'")[0][0]
        with self.task(head, HOST, "answer the round"):
            head.goto(f"/p/{SLUG}/reviews/rounds/{pk}/answer/?school={self.review.urn}")  # the link in the letter
            head.get_by_label("Host this time").check()
            presses(head, "Send our answer")
            head.wait_for_load_state()

    def host_prepares(self, head: Page) -> None:
        """Question, self-review, what is expected, agenda: what a head does before the visit."""
        with self.task(head, HOST, "ask the question"):
            from_home(head, self.review)
            if "/focus/" not in head.url:
                head.get_by_role("button", name="Say what to look into").click()
            calm(head)
            head.get_by_label("Your question").fill(SAID.question)
            head.get_by_label("One question.").check()
            presses(head, "Ask the team", "The team has your questions.")
        with self.task(head, HOST, "write and share the self-review"):
            from_home(head, self.review)
            if "/self-review/" not in head.url:
                head.locator(f"main a[href='{self.review.at('self-review')}']").first.click()
            calm(head)
            for label, words in (
                ("What goes well", SAID.strengths),
                ("What we are working on", SAID.working_on),
                ("What we have tried, and what came of it", SAID.tried),
                ("Where other eyes would help", SAID.eyes),
            ):
                head.get_by_label(label).fill(words)
            presses(head, "Save, and share it with the team")
            presses(head, "Share it with the team", "Shared. The team can prepare.")
        with self.task(head, HOST, "set out the agenda"):
            head.goto(self.review.path)
            head.get_by_role("link", name="Agenda").click()
            head.get_by_role("button", name="Begin from a suggestion").click()
            head.get_by_label("Who of the school goes with the team").fill("Reading lead")
            presses(head, "Set it out", "An agenda to begin from.")
            calm(head)
        with self.task(head, HOST, "name what is expected"):
            head.goto(self.review.path)
            head.get_by_role("link", name="What you expect").click()
            self.expects(head, (("reading", True), ("behaviour", True), ("assessment", False)))
            calm(head)

    @staticmethod
    def expects(page: Page, three: tuple[tuple[str, bool], ...]) -> None:
        """Three themes, each as a strength or as even better if."""
        for number, (theme, strength) in enumerate(three, 1):
            page.locator(f"select[name='theme_{number}']").select_option(theme)
            page.locator(f"input[name='side_{number}'][value='{'strength' if strength else 'even-better'}']").check()
        presses(page, "Keep these three", "Kept. Nobody but your own side reads it")

    def team_expects(self, lead: Page) -> None:
        """The lead reads what was shared, and says what the team expects."""
        with self.task(lead, LEAD, "read what was shared"):
            from_home(lead, self.review)
            lead.goto(self.review.at("self-review"))
            expect(lead.get_by_text(SAID.strengths)).to_be_visible()
        with self.task(lead, LEAD, "name what the team expects"):
            lead.goto(self.review.at("expect"))
            assert lead.get_by_text("Your school expects").count() == 0
            self.expects(lead, (("reading", True), ("assessment", False), ("staff", False)))

    def visit(self, lead: Page, phone: Phone) -> None:
        """The lead begins; a reviewer takes notes in a corridor without a network, which arrive once each; the team feeds back."""
        with self.task(lead, LEAD, "on the visit: begin"):
            lead.goto(self.review.at("start"))
            presses(lead, "Begin", "The visit has begun.")
        page = phone.page
        page.goto(self.review.at("evidence"))
        page.locator("#evidence[data-ready]").wait_for(state="attached")
        page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        phone.network.down()
        with self.task(page, OTHER, "on the visit: notes, on a phone"):
            for _, _, words in SAID.seen:
                page.get_by_label("What you saw, heard or read").fill(words)
                page.get_by_role("button", name="Save the note").tap()
                page.locator("#notes > li").first.get_by_text(words, exact=True).wait_for()
        phone.network.up()
        page.evaluate("dispatchEvent(new Event('online'))")
        page.get_by_text("Everything you wrote has arrived.").wait_for()
        assert len(rows(self.site, f"SELECT id FROM peer_review_evidencenote WHERE review_id = {self.review.pk}")) == len(SAID.seen)
        with self.task(lead, LEAD, "on the visit: say that you fed back"):
            lead.goto(self.review.at("fed-back"))
            presses(lead, "Yes, we told them", "Noted.")

    def lead_reports(self, lead: Page) -> None:
        """Notes become findings, and the draft goes to the school."""
        with self.task(lead, LEAD, "write and share the draft"):
            lead.goto(self.review.at("report/write"))
            calm(lead)
            for number, (do, _) in enumerate((("strength", True), ("even", False)), 1):
                lead.get_by_label("Summary").fill(SAID.summary)
                ticks = lead.locator("input[name='tick']")
                if not ticks.first.is_visible():
                    lead.get_by_text("Show the notes").click()
                ticks.nth(number - 1).check()
                lead.locator(f"button[name='do'][value='{do}']").click()
                lead.locator(f"textarea[name='{do}-0-words']").wait_for()
            for do, strength in (("strength", True), ("even", False)):
                theme, words = next((theme, words) for side, theme, words in SAID.found if side is strength)
                lead.locator(f"textarea[name='{do}-0-words']").fill(words)
                lead.locator(f"select[name='{do}-0-theme']").select_option(theme)
            presses(lead, "Save, and share it with the school")
            lead.wait_for_url(f"**{self.review.path}")

    def host_checks(self, head: Page) -> None:
        """The head reads the draft and finds it accurate."""
        with self.task(head, HOST, "check the draft"):
            from_home(head, self.review)
            if "/check/" not in head.url:
                head.locator(f"main a[href='{self.review.at('report/check')}']").first.click()
            calm(head)
            assert head.get_by_text(SAID.found[0][2]).count() >= 1
            head.get_by_label("Yes. It becomes the final report").check()
            presses(head, "Send your answer")
            head.wait_for_url(f"**{self.review.path}**")

    def champion_holds_the_workshop(self, champion: Page) -> None:
        """Somebody who was not the lead writes down that the workshop was held."""
        with self.task(champion, CHAMPION, "write down the workshop"):
            champion.goto(self.review.at("workshop"))
            calm(champion)
            champion.get_by_label("What was worked out?").fill("We chose one thing.")
            presses(champion, "It was held", "Noted.")

    def host_agrees(self, head: Page) -> None:
        """One priority, with owner, day, measure and baseline."""
        with self.task(head, HOST, "agree a priority"):
            from_home(head, self.review)
            if "/priorities/" not in head.url:
                head.locator(f"main a[href='{self.review.at('priorities')}']").first.click()
            calm(head)
            for name, words in (
                ("title_1", SAID.priority),
                ("owner_1", SAID.owner),
                ("by_on_1", (date.today() + timedelta(days=150)).isoformat()),
                ("measure_1", SAID.measure),
                ("baseline_1", SAID.baseline),
            ):
                head.locator(f"[name='{name}']").fill(words)
            presses(head, "Agree these", "Agreed.")

    def host_lets_read(self, head: Page, name: str) -> None:
        """The head lets one person read the report."""
        head.goto(self.review.at("access"))
        head.get_by_label("Name").fill(name)
        head.get_by_role("button", name="Look for them").click()
        head.get_by_role("listitem").filter(has_text=name).get_by_role("link").first.click()
        presses(head, "Let them read", "They may read the report from now on.")

    def impact(self, head: Page, lead: Page) -> None:
        """Six months on: the head lets the lead back in, they look together, and the school says how it ends."""
        with self.task(head, HOST, "let the lead read again"):
            from_home(head, self.review)
            head.goto(self.review.at("access"))
            head.get_by_role("link", name=f"let {self.review.lead} back in").click()
            presses(head, "Let them read", "They may read the report from now on.")
        with self.task(lead, LEAD, "write down the impact visit"):
            lead.goto(self.review.at("impact"))
            calm(lead)
            lead.get_by_label("Done", exact=True).check()
            lead.get_by_label("How do you know?").fill(SAID.came_of_it)
            presses(lead, "Write it down", "Noted.")
        with self.task(head, HOST, "end the review"):
            from_home(head, self.review)
            if "/close/" not in head.url:
                head.locator(f"main a[href='{self.review.at('close')}']").first.click()
            calm(head)
            head.get_by_label("Done:").check()
            presses(head, "End the review", "The review has ended.")


@pytest.fixture
def cycle(own_site: Site, door: Door) -> Cycle:
    return Cycle(own_site, door, one_review(own_site, "scheduled"))


def sees_nothing_of_it(cycle: Cycle, page: Page) -> None:
    """Neither the report nor a word of the review's own."""
    for part in ("report", "self-review", "evidence", "priorities"):
        answer = page.goto(cycle.review.at(part))
        assert answer is not None
        assert answer.status in (403, 404), part
        assert page.get_by_text(SAID.question).count() == 0, part


def test_a_host_and_its_team_walk_one_review_from_its_question_to_its_end(
    cycle: Cycle, playwright: Playwright, watched: Watched, tmp_path: Path, browser_type_launch_args: dict[str, Any]
) -> None:
    review = cycle.review
    head = cycle.opens(review.head, HOST, width=360)
    cycle.host_answers_the_round(head)
    cycle.host_prepares(head)
    lead = cycle.opens(review.lead, LEAD)
    cycle.team_expects(lead)
    visited_on(cycle.site, review.pk, weekday(date.today()))
    with ExitStack() as stack:
        launch = {"executable_path": CHROMIUM, "args": browser_type_launch_args["args"]}
        phone = Phone(playwright, cycle.site, tmp_path / "profile", lambda page: counting(page), launch)
        stack.callback(phone.off)
        with cycle.task(phone.page, OTHER, "sign in, by a link"):
            by_link(phone.page, cycle.site, email_of(review.others[0]))
        cycle.visit(lead, phone)
    cycle.lead_reports(lead)
    cycle.host_checks(head)
    officer = cycle.door(cycle.site, "Local authority officer")
    manager = cycle.door(cycle.site, "Partnership manager")
    for onlooker in (officer, manager):
        sees_nothing_of_it(cycle, onlooker)
    cycle.host_lets_read(head, cycle.site.people["Local authority officer"].name)
    officer.goto(review.at("report"))
    assert officer.get_by_text(SAID.found[0][2]).count() >= 1
    sees_nothing_of_it(cycle, manager)
    cycle.champion_holds_the_workshop(cycle.opens(review.champion, CHAMPION))
    cycle.host_agrees(head)
    visited_on(cycle.site, review.pk, months_ago(6))
    sees_nothing_of_it(cycle, lead)
    cycle.impact(head, lead)
    assert rows(cycle.site, f"SELECT state FROM peer_review_peerreview WHERE id = {review.pk}") == [("closed",)]
    told(cycle)
    assert total("a whole cycle", cycle.done[HOST]).minutes_with_reading < AT_MOST


def told(cycle: Cycle) -> None:
    """The counts, for `bench/minutes.py`, where a file is named."""
    write_down(cycle.done, os.environ.get("CONVENOR_MINUTES", ""))
