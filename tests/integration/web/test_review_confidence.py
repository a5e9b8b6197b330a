"""What a school and its reviewers say in a peer review reaches nobody else: over every page of the feature and those around it, as every
role, with rows present that could leak."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client

from convenor.peer_review.models import Activity, EvidenceNote, EvidenceText, PeerReview, Reviewer
from convenor.peer_review.rules.states import State
from convenor.peer_review.urls import urlpatterns
from convenor.post.models import Letter
from tests.factories.partnership import SLUG, World
from tests.factories.peer_review import AT, HOST, MOMENTS, SECRETS, review, reviewing
from tests.integration.web.confidence import Stranger, told_at
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

#: Whoever takes no part in the review: neither of the host school nor of its team.
OUTSIDE = (
    "", "manager", "auditor", "clerk", "school office", "trust lead", "diocese", "regional link", "broker", "officer", "board member",
    "cluster lead", "alliance lead", "independent supporter", "somebody with no post",
)  # fmt: skip
HOSTS, TEAM = ("head", "school leader", "chair of governors"), ("lead", "second", "champion")


@dataclass
class Here:
    """A review whose priorities are agreed, evidence and expectations beside it; every address."""

    world: World
    review: PeerReview
    addresses: list[str]

    def browser(self, who: str) -> Client:
        """Somebody's browser, signed in at this moment."""
        return signed_in(self.world.people[who], code=True) if who else Client()


def filled(route: str, row: PeerReview) -> str:
    """The address of a page of peer review that is about this review, its round or its school."""
    number = row.round_id if "rounds/" in route else Reviewer.objects.order_by("pk")[0].pk if "reviewers/" in route else row.pk
    said = {
        "slug:slug": SLUG, "int:pk": number, "slug:urn": HOST, "int:activity": Activity.objects.order_by("pk")[0].pk, "slug:fmt": "html",
        "slug:which": "report", "slug:token": "nothing", "str:fmt": "html",
    }  # fmt: skip
    return "/" + re.sub(r"<([^>]+)>", lambda found: str(said.get(found[1], 1)), route)


def around() -> list[str]:
    """Pages beside the feature on which something of it might come to light."""
    pages = ["/", "/account/", "/privacy/", f"/schools/{HOST}/", f"/schools/{HOST}/held/", "/areas/998/schools/", "/areas/998/"]
    rooms = ("", "structure/", "seats/", "members/", "engagement/", "representation/", "posts/", "rooms/", "journal/", "early/")
    pages += [f"/p/{SLUG}/{room}" for room in (*rooms, "bodies/board/", "bodies/north-cluster/", "early/conversations/", "terms/")]
    return pages + [f"/search/?q={quote(words)}" for words in ("reading", "retell the story", "year 2", "Fernhollow")]


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[Here]:
    """Made once, and taken back after."""
    with django_db_blocker.unblock(), transaction.atomic(), patch("django.utils.timezone.now", return_value=AT):
        there = reviewing()
        row = review(there, until=State.IMPACT_REVIEWED, expectations=True)
        PeerReview.objects.filter(pk=row.pk).update(state=State.ACTIONS_AGREED.value)
        note = EvidenceNote.objects.create(
            uid=uuid.uuid4(), review=row, begun_at=MOMENTS[State.ON_SITE], received_at=MOMENTS[State.ON_SITE], by=there.people["lead"]
        )
        EvidenceText.objects.create(
            uid=uuid.uuid4(), note=note, kind="strength", theme="reading", words=SECRETS["evidence"], written_at=MOMENTS[State.ON_SITE],
            received_at=MOMENTS[State.ON_SITE], by=there.people["lead"],
        )  # fmt: skip
        routes = [str(each.pattern) for each in urlpatterns if hasattr(each, "callback")]
        yield Here(there, row, [*(filled(route, row) for route in routes), *around()])
        transaction.set_rollback(True)


def told(here: Here, who: str, at: datetime) -> dict[str, list[str]]:
    """Which secrets somebody is told, and where, when they open everything; of whoever is not of the school each look is written down."""
    theirs = frozenset({"team expects"})  # what a team expects it wrote itself, and only a team reads it
    stranger = Stranger(here.world.people[who].pk, HOST, theirs) if who and who not in HOSTS else None
    with patch("django.utils.timezone.now", return_value=at):
        return told_at(here.browser(who), here.addresses, SECRETS, signed_in=who != "", stranger=stranger)


#: While the team still reads, and long after it lost sight.
SOON, LATER = datetime(2026, 12, 18, 9, tzinfo=UTC), datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize("who", OUTSIDE)
def test_whoever_takes_no_part_is_told_nothing_anywhere(here: Here, who: str) -> None:
    assert told(here, who, SOON) == {}


@pytest.mark.slow
@pytest.mark.parametrize("who", HOSTS)
def test_host_reads_everything_but_the_teams_own_words_once_the_report_is_final(here: Here, who: str) -> None:
    assert set(SECRETS) - set(told(here, who, SOON)) - {"correction"} == {"team expects"}


@pytest.mark.slow
def test_before_the_draft_host_and_team_read_nothing_of_what_is_the_others(here: Here) -> None:
    PeerReview.objects.filter(pk=here.review.pk).update(state=State.ON_SITE.value, final_on=None)
    day = datetime(2026, 12, 1, 10, tzinfo=UTC)
    host, team = (told(here, who, day) for who in ("head", "second"))
    assert ({"question", "self-review"} <= set(host), set(host) & {"team expects", "evidence", "draft"}) == (True, set())
    assert ({"question", "evidence"} <= set(team), set(team) & {"host expects"}) == (True, set())


@pytest.mark.slow
@pytest.mark.parametrize("who", TEAM)
def test_team_reads_what_is_shared_and_not_what_is_the_hosts_own(here: Here, who: str) -> None:
    seen = set(told(here, who, SOON))
    assert ({"question", "self-review", "draft", "evidence"} <= seen, seen & {"host expects"}) == (True, set())


@pytest.mark.slow
@pytest.mark.parametrize("who", TEAM)
def test_team_reads_nothing_thirty_days_after_the_report_is_final(here: Here, who: str) -> None:
    assert told(here, who, LATER) == {}


@pytest.mark.slow
def test_no_letter_carries_a_word_of_it(here: Here) -> None:
    said = "\n".join(f"{each.subject}\n{each.body}" for each in Letter.objects.all())
    assert [name for name, words in SECRETS.items() if words in said] == []


def test_page_of_another_partnership_reaches_no_review(here: Here) -> None:
    with patch("django.utils.timezone.now", return_value=SOON):
        there = [address.replace(f"/p/{SLUG}/", "/p/elsewhere/") for address in here.addresses if f"/reviews/{here.review.pk}/" in address]
        browser = here.browser("head")
        opened = {address.rsplit(f"/{here.review.pk}/")[1] for address in there if browser.get(address).status_code not in (403, 404, 405)}
    assert opened == {"evidence/offline/", "evidence/worker.js"}  # shells for a phone without a network, the same for every review
    assert len(there) > 10
    assert timedelta(days=30) < LATER - MOMENTS[State.REPORT_FINAL]
