"""The page of similar schools: for every member about any school, with what is missing said, and invented schools kept to themselves."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.intelligence.actions import compute_similar
from convenor.journal.models import Look
from convenor.partnership.actions import switch_room
from convenor.partnership.models import Partnership
from convenor.registers.models import School
from tests.factories.intelligence_similar import census, small_england
from tests.factories.partnership import AT, SLUG, World, world
from tests.factories.registers import edition, school
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
OWN = "990001"


@pytest.fixture
def here() -> World:
    """Sixty real primary schools, and Ada's invented one with a figure missing."""
    found = world()
    small_england(60)
    census(School.objects.get(urn=OWN), edition("own", family="census"), 3, without=("eal_percent",))
    compute_similar(by="the system", at=AT)
    return found


def address(urn: str = OWN, query: str = "") -> str:
    return reverse("early-similar", args=[SLUG, urn]) + query


def client_of(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True)


def shown(here: World, who: str = "head", urn: str = OWN, query: str = "") -> str:
    return client_of(here, who).get(address(urn, query)).content.decode()


def listed(text: str) -> int:
    """How many schools the list of a page holds."""
    return len({part.split("/")[0] for part in text.split('href="/schools/1')[1:]})


def test_thirty_are_shown_and_all_fifty_when_asked(here: World) -> None:
    assert [listed(shown(here, query=query)) for query in ("", "?all=1", "?method=dfe30")] == [30, 50, 29]


def test_missing_figure_of_ones_own_school_is_named(here: World) -> None:
    page = shown(here)
    assert "<strong>Not published for your school</strong>: Pupils with English as an additional language." in page
    assert "<strong>Not published for Fernhollow Primary School</strong>" in shown(here, "other head")


def test_each_variable_leads_to_its_edition(here: World) -> None:
    page = shown(here)
    assert page.count(f'href="{reverse("edition", args=["census-primary-100001"])}"') == 5
    assert "Deprivation of the small area in which the school stands: not published" in page


def test_departments_method_says_what_is_not_loaded_and_what_it_does_otherwise(here: World) -> None:
    page = shown(here, query="?method=dfe30")
    assert "No school stands in a set twice here" in page
    assert "Buildings: floor area and age: not loaded." in page


@pytest.mark.parametrize("who", ["head", "other head", "board member", "officer", "reviewer", "school office", "manager"])
def test_every_member_may_look_at_any_school_and_leaves_no_trace(here: World, who: str) -> None:
    assert listed(shown(here, who, "100007")) == 30
    assert Look.objects.count() == 0


def test_nobody_else_may(here: World) -> None:
    assert Client().get(address()).status_code == 302
    assert client_of(here, "somebody with no post").get(address()).status_code == 403


def test_invented_school_is_hidden_outside_a_demonstration(here: World) -> None:
    Partnership.objects.filter(slug=SLUG).update(demonstration=False)
    browser = client_of(here, "head")
    assert [browser.get(address(urn)).status_code for urn in (OWN, "100007")] == [404, 200]


@pytest.mark.parametrize(("urn", "query"), [("999999", ""), (OWN, "?method=best")])
def test_what_there_is_not_is_not_found(here: World, urn: str, query: str) -> None:
    assert client_of(here, "head").get(address(urn, query)).status_code == 404


def test_school_that_cannot_be_compared_is_told_why(here: World) -> None:
    assert "Too little is published to compare" in shown(here, urn="990004")
    assert "No similar schools are worked out for" in shown(here, urn=school(status="closed").urn)


def test_room_switched_off_is_not_found(here: World) -> None:
    switch_room(slug=SLUG, room="early-identification", on=False, by=here["manager"], at=AT)
    assert client_of(here, "head").get(address()).status_code == 404


def test_page_asks_little_of_the_database(here: World) -> None:
    browser = client_of(here, "head")
    with CaptureQueriesContext(connection) as taken:
        assert browser.get(address()).status_code == 200
    asked = [each["sql"] for each in taken.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(asked) <= 12, asked
