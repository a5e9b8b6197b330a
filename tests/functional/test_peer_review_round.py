"""A coordinator's round of every primary school of the county, in clusters: opened, answered, matched, adjusted, published and dated."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import Page

from tests.functional import deployment
from tests.functional.conftest import Door
from tests.functional.deployment import SLUG, Site, surroundings
from tests.functional.reviewing import REVIEWS, calm, presses, rows

pytestmark = pytest.mark.slow
NAME = "Every primary school"
#: Long enough for a county on a busy machine, milliseconds.
LONG = 180_000

#: Heads and reviewers answer as their pages do, by the same actions. One school in nine does not host this time.
ANSWER = """
import sys
import django
django.setup()
from django.conf import settings
from django.db import transaction
from django.utils import timezone
settings.POST_LEAVES = "worker"
from convenor.partnership.gate import ANYONE
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.peer_review.actions import answers
from convenor.peer_review.queries.register import register
from convenor.web.demonstration.reviews_people import telling
slug, pk, at = sys.argv[1], int(sys.argv[2]), timezone.now()
manager = next(each.person_id for each in demonstration_people(viewer=ANYONE, on=at.date()) if each.role == "manager")
tell = telling(slug, at, manager)
with transaction.atomic():
    for number, each in enumerate(each for each in tell.schools if each.phase == "Primary"):
        answers.answer_round(slug=slug, pk=pk, urn=each.urn, hosts=number % 9 > 0, by=tell.head(each.urn), at=at)
    for each in register(viewer=tell.manager, at=at).reviewers:
        answers.offer_reviews(slug=slug, pk=pk, reviewer_id=each.pk, reviews=3, by=tell.who(each.person_id), at=at)
"""


def everybody_answers(site: Site, pk: int) -> None:
    environment = surroundings(site.folder, site.database) | {"DJANGO_SETTINGS_MODULE": "convenor.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ANSWER, SLUG, str(pk)], cwd=deployment.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def opens_a_round(page: Page, site: Site) -> int:
    """One page, filled in as usual but for its name and the phase; each school of two clusters is placed in its neighbourhood's."""
    page.goto(f"{REVIEWS}rounds/open/")
    calm(page)
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Primary", exact=True).check()
    page.locator("input[name='reach'][value='cluster']").check()
    page.get_by_text("39 schools wait for your word").wait_for()
    for place in page.locator("#preview select").all():
        place.select_option(index=2)  # the one that the evidence does not name: six neighbours
    presses(page, "Open the round", "The round is open.")
    [(pk, state)] = rows(site, f"SELECT id, state FROM peer_review_reviewround WHERE name = '{NAME}'")
    assert state == "open"
    return int(pk)


def proved(site: Site, pk: int) -> list[str]:
    """What each version of the teams proves."""
    return [status for (status,) in rows(site, f"SELECT status FROM peer_review_matching WHERE round_id = {pk} ORDER BY id")]


def widens(page: Page, here: str) -> None:
    """Teams may come from the whole alliance: one of the offers that the page made."""
    page.goto(f"{here}change/")
    page.locator("input[name='reach'][value='alliance']").check()
    presses(page, "Change the round", "Changed.")


def test_a_coordinator_runs_a_round_of_every_primary_school(own_site: Site, door: Door) -> None:
    page = door(own_site, "Partnership manager")
    pk = opens_a_round(page, own_site)
    here = f"{REVIEWS}rounds/{pk}/"
    everybody_answers(own_site, pk)
    page.goto(here)
    calm(page)
    page.get_by_role("button", name="Close answers").click()
    presses(page, "Close answers", "Answers are closed.")
    page.goto(f"{here}teams/")
    presses(page, "Match the teams")
    page.locator("#proved").wait_for(timeout=LONG)
    calm(page)
    assert proved(own_site, pk) == ["infeasible"]  # nearly every school hosts, and some clusters have too few people for that
    assert page.get_by_text("why there are no teams").count() >= 1
    widens(page, here)
    page.goto(f"{here}teams/")
    page.get_by_role("button", name="Match again").click()
    page.get_by_text("Version 2,").first.wait_for(timeout=LONG)
    assert proved(own_site, pk) == ["infeasible", "optimal"]
    page.get_by_role("button", name="Plan again with fewest changes").click()
    page.get_by_label("Somebody who can no longer review").select_option(index=1)
    page.get_by_label("Why").fill("A new post from January.")
    page.locator("main").get_by_role("button", name="Plan again", exact=True).click(timeout=LONG)
    page.get_by_text("Planned again.").wait_for(timeout=LONG)
    page.get_by_role("button", name="Publish the teams").click()
    page.locator("main form").get_by_role("button", name="Publish the teams").click()
    page.get_by_text("Published. Everybody on a team").wait_for(timeout=LONG)
    [(hosts,)] = rows(own_site, f"SELECT count(*) FROM peer_review_roundschool WHERE round_id = {pk} AND hosts")
    [(reviews,)] = rows(own_site, f"SELECT count(*) FROM peer_review_peerreview WHERE round_id = {pk}")
    assert (reviews, reviews > 200) == (hosts, True)
    page.goto(f"{here}dates/")
    presses(page, "Propose dates")
    page.get_by_role("button", name="Set these dates").click(timeout=LONG)
    page.locator("#dates").get_by_text("Setting the dates.").wait_for(state="detached", timeout=LONG)
    waiting = f"SELECT count(*) FROM peer_review_peerreview WHERE round_id = {pk} AND visit_from_on IS NULL"
    assert rows(own_site, waiting)[0][0] <= reviews // 50
