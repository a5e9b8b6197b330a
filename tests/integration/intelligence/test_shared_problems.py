"""Shared problems on the page: found where they are, never a school's name, the same for all, and a door to a priority."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.governance.models import Priority
from convenor.intelligence.actions import compute_similar
from convenor.intelligence.queries.shared_problems import shared_problems
from convenor.intelligence.rules.shared_problems import Finding
from convenor.partnership.actions import switch_room
from convenor.partnership.models import Body, BodySchool, Membership
from tests.factories.partnership import AT, ON, SLUG, World, world
from tests.factories.registers import edition, reading, school
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
MEASURE, PERIOD = "ks2_rwm_expected", "2023-24"


@pytest.fixture
def here() -> World:
    """England's 200 primary schools, and forty members of them in two clusters: of the northern twenty, fourteen are weak."""
    found = world()
    told_by = edition("results", period=PERIOD)
    for number in range(160):
        reading(school(urn=str(100_001 + number)), told_by, MEASURE, PERIOD, float(50 + number % 40))
    for cluster, weak, first in (("north-cluster", 14, 200_001), ("south-cluster", 6, 300_001)):
        body = Body.objects.get(partnership__slug=SLUG, key=cluster)
        for number in range(20):
            one = school(f"Secretly Named School {first + number}", urn=str(first + number), easting=380_000 + number, northing=220_000)
            reading(one, told_by, MEASURE, PERIOD, 20.0 if number < weak else 80.0)
            Membership.objects.create(partnership=found.partnership, school=one, from_on=ON)
            BodySchool.objects.create(partnership=found.partnership, body=body, school=one, from_on=ON)
    compute_similar(by="the system", at=AT)
    return found


def address(query: str = "") -> str:
    return reverse("early-shared", args=[SLUG]) + query


def priority() -> str:
    return reverse("early-shared-priority", args=[SLUG, "primary", MEASURE])


def client_of(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True)


def test_what_is_beyond_chance_is_found_where_it_is(here: World) -> None:
    seen = shared_problems(SLUG, viewer=here["board member"], at=ON)
    assert seen is not None
    (problem,) = seen.problems
    assert [(cell.group, cell.schools, cell.weak, cell.finding) for cell in (problem.total, *problem.cells)] == [
        ("", 40, 20, Finding.MORE), ("North cluster", 20, 14, Finding.MORE), ("South cluster", 20, 6, Finding.CHANCE),
    ]  # fmt: skip
    assert (problem.without, seen.editions, seen.against["Primary", MEASURE].england) == (3, ("results",), True)
    assert [one.name for one in seen.places] == ["North cluster", "South cluster"]


def test_weakest_fifth_of_a_part_of_england_is_called_that(here: World) -> None:
    for number in range(300):
        school(urn=str(400_001 + number))
    compute_similar(by="the system", at=AT)
    edition("another")
    compute_similar(by="the system", at=AT)
    shown = client_of(here, "board member").get(address()).content.decode()
    assert "part of England only" in shown


@pytest.mark.parametrize("who", ["board member", "manager", "officer", "cluster lead", "auditor", "regional link", "diocese", "broker"])
def test_whoever_sees_totals_sees_the_same_and_no_school(here: World, who: str) -> None:
    if who not in here.viewers:
        pytest.skip("the invented county has no such post")
    shown = client_of(here, who).get(address()).content.decode()
    assert "Secretly Named" not in shown
    assert "/schools/200" not in shown
    assert shared_problems(SLUG, viewer=here[who], at=ON) == shared_problems(SLUG, viewer=here["board member"], at=ON)


@pytest.mark.parametrize("who", ["other head", "clerk", "reviewer", "somebody with no post"])
def test_anybody_else_is_refused(here: World, who: str) -> None:
    assert shared_problems(SLUG, viewer=here[who], at=ON) is None
    assert client_of(here, who).get(address()).status_code == 403


def test_viewer_of_another_partnership_sees_nothing(here: World) -> None:
    assert shared_problems("elsewhere", viewer=here["manager"], at=ON) is None


def test_page_is_gone_where_the_room_is_switched_off(here: World) -> None:
    switch_room(slug=SLUG, room="early-identification", on=False, by=here["manager"], at=AT)
    assert client_of(here, "manager").get(address()).status_code == 404


def test_number_that_would_tell_of_single_schools_is_nowhere_on_the_page(here: World) -> None:
    body = Body.objects.get(partnership__slug=SLUG, key="south-cluster")
    for number in range(4):
        BodySchool.objects.filter(body=body, school_id=str(300_001 + number)).update(body=Body.objects.get(key="north-cluster"))
    seen = shared_problems(SLUG, viewer=here["board member"], at=ON)
    assert seen is not None
    (problem,) = seen.problems
    assert [(cell.group, cell.weak) for cell in (problem.total, *problem.cells)] == [
        ("", 20),
        ("North cluster", None),
        ("South cluster", None),
    ]
    shown = client_of(here, "board member").get(address()).content.decode()
    assert [text for text in ("2 of 16", "18 of 24") if text in shown] == []


def test_map_draws_the_figure_asked_for_and_passes_over_an_unknown_one(here: World) -> None:
    browser = client_of(here, "board member")
    pages = [browser.get(address(query)).content.decode() for query in ("", f"?of=Primary.{MEASURE}", "?of=nothing")]
    assert pages[0].count("<circle") == pages[1].count("<circle") == pages[2].count("<circle") == 3 + 2


def test_nothing_loaded_is_said(here: World, django_assert_max_num_queries: Callable[..., object]) -> None:
    from convenor.intelligence.models import PhaseBound

    PhaseBound.objects.all().delete()
    assert "Nothing can be told yet" in client_of(here, "board member").get(address()).content.decode()


def test_manager_makes_a_priority_of_it(here: World) -> None:
    browser = client_of(here, "manager")
    form = browser.get(priority()).content.decode()
    assert "In 2023/24 20 of 40 primary schools lay in the weakest fifth" in form
    assert "It is beyond chance in North cluster." in form
    given = {"title": "Reading, writing and maths", "why": "", "measure": "From 20 schools to chance", "lead_body": "board",
             "from_on": "2026-11-02", "until_on": "2027-11-02"}  # fmt: skip
    answer = browser.post(priority(), given)
    assert (answer.status_code, answer["Location"]) == (302, address())
    assert list(Priority.objects.values_list("title", "came_from", "lead_body__key")) == [
        ("Reading, writing and maths", "Shared problems", "board")
    ]


def test_priority_that_is_none_is_refused_in_words(here: World) -> None:
    given = {"title": "X", "measure": "Y", "lead_body": "", "from_on": "2026-11-02", "until_on": "2026-11-01"}
    answer = client_of(here, "manager").post(priority(), given)
    assert answer.status_code == 422
    assert "A priority ends after it begins" in answer.content.decode()
    assert Priority.objects.count() == 0


@pytest.mark.parametrize("who", ["board member", "cluster lead", "officer", "head"])
def test_only_who_sets_priorities_may_make_one(here: World, who: str) -> None:
    assert client_of(here, who).get(priority()).status_code == 403
    assert "Make this a priority" not in client_of(here, who).get(address()).content.decode()


def test_priority_of_a_figure_that_is_not_told_is_not_found(here: World) -> None:
    assert client_of(here, "manager").get(reverse("early-shared-priority", args=[SLUG, "primary", "absence_overall"])).status_code == 404


def test_page_asks_little_of_the_database(here: World) -> None:
    with CaptureQueriesContext(connection) as seen:
        shared_problems(SLUG, viewer=here["manager"], at=ON)
    assert len(seen) == 6
    browser = client_of(here, "manager")
    with CaptureQueriesContext(connection) as taken:
        browser.get(address())
    asked = [each["sql"] for each in taken.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(asked) <= 16, asked
