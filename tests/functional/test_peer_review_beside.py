"""What happens beside the way: a host takes its review back, somebody leaves a team, and nobody without a part reads a report."""

from __future__ import annotations

import pytest

from convenor.web.demonstration.reviews_words import SUBJECTS
from tests.functional.conftest import Door
from tests.functional.deployment import ROLE_NAMES, SLUG, Site, email_of
from tests.functional.looking import Visitor
from tests.functional.reviewing import calm, head_of, one_review, presses, rows
from tests.functional.test_signing_in import by_link

pytestmark = pytest.mark.slow
WORDS = tuple(words for said in SUBJECTS for words in (said.question, said.summary, said.priority, said.baseline))
PARTS = ("", "report", "self-review", "evidence", "priorities", "agenda", "expect")


def test_a_report_is_read_by_none_of_those_who_have_no_part_in_it(site: Site) -> None:
    review = one_review(site, "workshop_done")
    ours = {review.head, review.lead, review.champion, *review.others}
    leaks, asked = [], 0
    for role in ROLE_NAMES:
        if role not in site.people or site.people[role].name in ours:
            continue
        visitor = Visitor(site, role)
        for part in PARTS:
            asked += 1
            _, _, page = visitor.get(review.at(part) if part else review.path)
            leaks += [(role, part, words) for words in WORDS if words in page]
    assert leaks == []
    assert asked > 100


def test_a_host_takes_its_review_back_and_its_team_reads_no_more_of_it(own_site: Site, door: Door) -> None:
    review = one_review(own_site, "data_shared")
    lead = door(own_site)
    by_link(lead, own_site, email_of(review.lead))
    lead.goto(review.at("self-review"))
    [(question,)] = rows(own_site, f"SELECT questions FROM peer_review_peerreview WHERE id = {review.pk}")
    said = next(each for each in SUBJECTS if each.question in str(question))
    assert lead.get_by_text(said.strengths).count() == 1
    head = door(own_site, width=360)
    by_link(head, own_site, email_of(review.head))
    head.goto(review.path)
    head.get_by_role("link", name="Take the review back").click()
    calm(head)
    presses(head, "Take it back", "Taken back.")
    head.goto(review.at("self-review"))
    assert head.get_by_text(said.strengths).count() == 1
    answer = lead.goto(review.at("self-review"))
    assert answer is not None
    assert (answer.status, lead.get_by_text(said.strengths).count()) == (404, 0)


def test_a_coordinator_plans_again_when_somebody_leaves_a_team(own_site: Site, door: Door) -> None:
    review = one_review(own_site, "draft")
    manager = door(own_site, "Partnership manager")
    manager.goto(review.at("team/leave"))
    calm(manager)
    manager.get_by_label("Who leaves").select_option(label=review.others[0])
    manager.get_by_label("Why").fill("A long illness.")
    manager.locator("main form").get_by_role("button", name="Take them off the team").click()
    manager.wait_for_url(lambda url: "/leave/" not in url)
    now = one_review(own_site, "draft")
    assert review.others[0] not in (now.lead, *now.others)
    manager.goto(review.path)
    assert manager.get_by_text("A long illness.").count() == 0


def test_a_head_answers_a_round_with_the_keyboard_alone(own_site: Site, door: Door) -> None:
    [(pk,)] = rows(own_site, "SELECT id FROM peer_review_reviewround WHERE state = 'open'")
    [(urn,)] = rows(
        own_site, f"SELECT school_id FROM peer_review_roundschool WHERE round_id = {pk} AND hosts IS NULL ORDER BY school_id LIMIT 1"
    )
    head = door(own_site, width=360)
    by_link(head, own_site, email_of(head_of(own_site, urn)))
    head.goto(f"/p/{SLUG}/reviews/rounds/{pk}/answer/?school={urn}")
    head.get_by_label("Host this time").focus()
    head.keyboard.press("Space")
    for _ in range(60):
        head.keyboard.press("Tab")
        if head.evaluate("document.activeElement.textContent.trim()") == "Send our answer":
            break
    head.keyboard.press("Enter")
    head.wait_for_url(lambda url: "/answer/" not in url)
    hosts = rows(own_site, f"SELECT hosts FROM peer_review_roundschool WHERE round_id = {pk} AND school_id = '{urn}'")
    assert [bool(each) for (each,) in hosts] == [True]
