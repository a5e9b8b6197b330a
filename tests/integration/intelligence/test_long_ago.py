"""Good but long ago: whom it names, to whom, who learns that somebody looked, and what a board is told instead."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.england.regions import ENGLAND_CODE
from convenor.intelligence.queries.long_ago import BY_DATE, long_ago
from convenor.journal.models import Look
from convenor.partnership.actions import switch_room
from convenor.registers.models import AreaReading, Edition, Reading, School
from tests.factories.intelligence_conversations import AT, ON, SLUG, World, circle
from tests.factories.registers import edition, inspection, link, reading
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
GOOD_IN_2019 = date(2019, 3, 5)
FITS, WITHHELD, FINE, LATELY, SECONDARY = "990001", "990002", "990003", "990005", "990004"


def results(urn: str, told_by: Edition, rwm: float | None, maths: float, *, period: str = "2022-23") -> None:
    """A primary school's results: the expected standard of 60 pupils, and progress in maths with a published interval."""
    of = School.objects.get(urn=urn)
    reading(of, told_by, "ks2_rwm_expected", period, rwm, cohort=60, mark="" if rwm is not None else "suppressed")
    reading(of, told_by, "ks2_maths_progress", period, maths, cohort=58, low=maths - 1.4, high=maths + 1.4)


def england(told_by: Edition, measure: str, period: str, value: float) -> None:
    AreaReading.objects.create(
        edition=told_by, area_kind="england", area_code=ENGLAND_CODE, measure=measure, period=period, value=value
    )  # fmt: skip


@pytest.fixture
def here() -> World:
    """Fernshire with a school that fits, one of which it cannot be told, one that is fine, and a secondary school that fits."""
    found = circle()
    told_by, national = edition("results", family="ks2-final"), edition("england", family="area-measures")
    england(national, "KS2RWM_Expected_STD", "2023", 60.0)
    england(national, "AVG_Attain8_Score", "2023", 46.3)
    for urn in (FITS, WITHHELD, FINE, SECONDARY):
        inspection(School.objects.get(urn=urn), told_by, overall="2", started_on=GOOD_IN_2019)
    inspection(School.objects.get(urn=LATELY), told_by, overall="2", started_on=date(2023, 5, 2))
    results(FITS, told_by, 35.0, -3.0)
    reading(School.objects.get(urn=FITS), told_by, "ks2_rwm_expected", "2021-22", 62.0, cohort=58)
    results(WITHHELD, told_by, None, -3.0)
    results(FINE, told_by, 75.0, 1.0)
    for urn in (SECONDARY, LATELY):
        reading(School.objects.get(urn=urn), told_by, "ks4_attainment8", "2022-23", 38.0)
        reading(School.objects.get(urn=urn), told_by, "ks4_progress8", "2022-23", -0.7, cohort=150, low=-0.9, high=-0.5)
    return found


def address(query: str = "") -> str:
    return reverse("early-long-ago", args=[SLUG]) + query


def client_of(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True)


def names(query: str, here: World, who: str = "broker") -> list[str]:
    """The URNs of schools that a page links to, once each, in their order."""
    shown = client_of(here, who).get(address(query)).content.decode()
    places = {urn: shown.find(f"/schools/{urn}/") for urn in (FITS, WITHHELD, FINE, LATELY, SECONDARY)}
    return sorted((urn for urn, place in places.items() if place >= 0), key=places.__getitem__)


def test_broker_sees_who_fits_by_name_and_of_whom_it_cannot_be_told(here: World) -> None:
    seen = long_ago(SLUG, viewer=here["broker"], at=AT)
    assert seen is not None
    assert [(one.urn, one.years, one.graded_on) for one in seen.fits] == [(SECONDARY, 7, GOOD_IN_2019), (FITS, 7, GOOD_IN_2019)]
    assert [(one.urn, one.reason) for one in seen.cannot_tell] == [(WITHHELD, "attainment: withheld because few pupils are covered")]
    assert seen.fits[1].change is not None
    assert seen.fits[1].change.verdict.value == "beyond what chance usually does"
    assert (seen.periods, seen.totals, seen.editions) == ({"Primary": "2022-23", "Secondary": "2022-23"}, None, ("england", "results"))


def test_figures_say_against_what_they_are_held(here: World) -> None:
    seen = long_ago(SLUG, viewer=here["broker"], at=AT)
    assert seen is not None
    fits = seen.fits[1].fits
    assert fits is not None
    figure = fits.attainment.figure
    assert (figure.value, figure.england, figure.edition, figure.england_edition) == (35.0, 60.0, "results", "england")
    assert [(held.figure.measure, held.figure.england, held.high) for held in fits.progress] == [("ks2_maths_progress", 0.0, -1.6)]


def test_year_without_a_national_figure_is_set_aside_with_its_reason(here: World) -> None:
    AreaReading.objects.filter(measure="KS2RWM_Expected_STD").delete()
    seen = long_ago(SLUG, viewer=here["broker"], at=AT)
    assert seen is not None
    assert [one.reason for one in seen.cannot_tell if one.urn == FITS] == ["attainment: no national figure for 2022/23 is loaded"]


def test_year_of_attainment_alone_is_not_assessable(here: World) -> None:
    told_by = Edition.objects.get(key="results")
    reading(School.objects.get(urn=FITS), told_by, "ks2_rwm_expected", "2023-24", 30.0, cohort=60)
    england(Edition.objects.get(key="england"), "KS2RWM_Expected_STD", "2024", 61.0)
    seen = long_ago(SLUG, viewer=here["broker"], at=AT)
    assert seen is not None
    assert (seen.periods["Primary"], seen.newest_attainment["Primary"]) == ("2022-23", "2023-24")
    later = long_ago(SLUG, viewer=here["broker"], at=AT, periods={"Primary": "2023-24"})
    assert later is not None
    assert [one.reason for one in later.cannot_tell if one.urn == FITS] == ["progress: not published for 2023/24"]
    assert [one.urn for one in later.fits] == [SECONDARY]


def test_visit_since_without_a_grade_is_told(here: World) -> None:
    inspection(
        School.objects.get(urn=FITS), Edition.objects.get(key="results"), kind="ungraded", overall="", started_on=date(2024, 1, 16),
        outcome="School remains Good",
    )  # fmt: skip
    seen = long_ago(SLUG, viewer=here["broker"], at=AT)
    assert seen is not None
    assert [(one.ungraded_on, one.ungraded_outcome) for one in seen.fits if one.urn == FITS] == [(date(2024, 1, 16), "School remains Good")]


def test_broker_chooses_years_and_order_and_unknown_words_are_passed_over(here: World) -> None:
    School.objects.filter(urn=FITS).update(name="Aaa Primary School")
    assert names("", here) == [FITS, SECONDARY, WITHHELD]
    assert names("?years=8", here) == []
    assert names("?years=9999&order=best&primary=1066-67", here) == [FITS, SECONDARY, WITHHELD]
    inspection(School.objects.get(urn=SECONDARY), Edition.objects.get(key="results"), overall="1", started_on=date(2020, 2, 4))
    ordered = long_ago(SLUG, viewer=here["broker"], at=AT, order=BY_DATE)
    assert ordered is not None
    assert [one.urn for one in ordered.fits] == [FITS, SECONDARY]


def test_every_look_of_a_broker_is_written_down_for_the_school(here: World) -> None:
    client_of(here, "broker").get(address())
    assert sorted(Look.objects.values_list("urn", "record")) == [
        (urn, "that the school stands on the list “good but long ago”") for urn in sorted((FITS, WITHHELD, SECONDARY))
    ]


@pytest.mark.parametrize("who", ["board member", "manager", "officer", "cluster lead", "auditor", "regional link", "diocese"])
def test_whoever_sees_totals_is_told_no_name_and_leaves_no_look(here: World, who: str) -> None:
    assert names("?years=3&order=inspection", here, who) == []
    assert Look.objects.count() == 0
    seen = long_ago(SLUG, viewer=here[who], at=AT)
    assert seen is not None
    assert (seen.fits, seen.cannot_tell, seen.urns) == ((), (), ())
    assert seen.totals is not None
    assert not seen.totals.groups


def test_totals_are_the_same_whatever_is_asked_and_all_month(here: World) -> None:
    told = [
        long_ago(SLUG, viewer=here["board member"], at=day, years=years, periods=periods)
        for day in (date(2026, 11, 1), date(2026, 11, 28))
        for years in (1, 5)
        for periods in ({}, {"Primary": "2021-22"})
    ]
    assert len({each.totals for each in told if each is not None}) == 1


@pytest.mark.parametrize("who", ["clerk", "other head", "school office", "reviewer", "system leader", "somebody with no post"])
def test_anybody_else_is_refused(here: World, who: str) -> None:
    assert long_ago(SLUG, viewer=here[who], at=AT) is None
    assert client_of(here, who).get(address()).status_code == 403


def test_viewer_of_another_partnership_sees_nothing(here: World) -> None:
    assert long_ago("elsewhere", viewer=here["broker"], at=AT) is None


def test_page_is_gone_where_the_room_is_switched_off(here: World) -> None:
    switch_room(slug=SLUG, room="early-identification", on=False, by=here["manager"], at=AT)
    assert client_of(here, "broker").get(address()).status_code == 404


def test_page_says_that_nothing_is_loaded(here: World) -> None:
    Edition.objects.all().delete()
    assert "No results are loaded" in client_of(here, "board member").get(address()).content.decode()


def test_pages_ask_little_of_the_database(here: World) -> None:
    with CaptureQueriesContext(connection) as seen:
        long_ago(SLUG, viewer=here["broker"], at=ON)
    assert len(seen) == 7
    for who in ("broker", "board member"):
        browser = client_of(here, who)
        with CaptureQueriesContext(connection) as taken:
            assert browser.get(address()).status_code == 200
        asked = [each["sql"] for each in taken.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
        assert len(asked) <= 15, asked


def test_figures_of_the_school_before_its_conversion_stand_for_it(here: World) -> None:
    told_by = Edition.objects.get(key="results")
    Reading.objects.filter(urn=FITS).update(urn="107000")
    link(FITS, "Predecessor", "107000", told_by)
    seen = long_ago(SLUG, viewer=here["broker"], at=AT)
    assert seen is not None
    assert [one.urn for one in seen.fits] == [SECONDARY, FITS]
    link("107000", "Successor - Split School", "107001", told_by)
    split = long_ago(SLUG, viewer=here["broker"], at=AT)
    assert split is not None
    assert [(one.urn, one.reason) for one in split.cannot_tell] == [
        (WITHHELD, "attainment: withheld because few pupils are covered"), (FITS, "attainment: not published for 2022/23"),
    ]  # fmt: skip
