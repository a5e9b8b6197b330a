"""Each look at what is held of a school in early identification is written down, and that school sees it.

For peer review and support the walk over every page stands in `test_review_confidence.py` and `test_support_confidence.py`.
"""

from __future__ import annotations

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.intelligence.queries import suggestions
from convenor.intelligence.urls import urlpatterns
from convenor.journal.models import Look
from tests.factories.intelligence_conversations import AT, SCHOOL, SLUG, World, circle, conversation, suggested
from tests.integration.web.confidence import Stranger, told_at
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
SECRETS = {"invitation": "Ring me when it suits.", "reply": "One cohort of thirty.", "agreed": "Reading in year 3"}
SOON = AT + timedelta(hours=2)


@pytest.fixture
def here() -> World:
    return circle()


def addresses(pk: int) -> list[str]:
    """Every page of the feature about this school and its conversation, and its page at a glance."""
    said = {"slug:slug": SLUG, "slug:urn": SCHOOL, "int:pk": pk, "key:pk": pk}
    routes = [str(each.pattern) for each in urlpatterns if hasattr(each, "callback")]
    about = [f"/schools/{SCHOOL}/", f"/schools/{SCHOOL}/held/"]
    return about + ["/" + re.sub(r"<([^>]+)>", lambda found: str(said.get(found[1], 1)), route) for route in routes]


@pytest.mark.slow
@pytest.mark.parametrize(("who", "reads"), [("broker", True), ("cluster lead", True), ("manager", False)])
def test_whoever_reads_what_was_said_early_is_written_down_and_the_school_sees_it(here: World, who: str, reads: bool) -> None:
    with (
        patch.object(suggestions, "_assessed", lambda urns, *_: {urn: each for urn, each in suggested().items() if urn in urns}),
        patch("django.utils.timezone.now", return_value=SOON),
    ):
        row = conversation(here, until="triaged", cluster=True)
        browser, stranger = signed_in(here.people[who], code=True), Stranger(here.people[who].pk, SCHOOL)
        told = told_at(browser, addresses(row.pk), SECRETS, signed_in=True, stranger=stranger)
        assert bool(told) is reads
        if reads:
            browser.get(reverse("early-conversation", args=[SLUG, row.pk]))
            look = Look.objects.filter(urn=SCHOOL, by_key=str(stranger.person_id)).order_by("-pk")[0]
            page = signed_in(here.people["head"], code=True).get(reverse("school-held", args=[SCHOOL])).content.decode()
            assert (look.by_label.split(",")[0] in page, look.record in page) == (True, True)
