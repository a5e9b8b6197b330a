"""One school at a glance: what anyone sees, what only its own people see, and what a figure withheld says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from convenor.journal.models import Entry, Look
from convenor.partnership.models import Appointment, Membership
from convenor.registers.models import AreaReading
from convenor.registers.queries.schools import forget_editions
from tests.factories import registers as make
from tests.integration.web.people import World, signed_in, world

pytestmark = pytest.mark.django_db


def text(client: Client, path: str) -> str:
    """The page's words, each run of white space one space. The page must be there."""
    response = client.get(path)
    assert (path, response.status_code) == (path, 200)
    return " ".join(response.content.decode().split())


@pytest.fixture(autouse=True)
def _forget() -> None:
    forget_editions()


@pytest.fixture
def here() -> World:
    """A partnership in which both schools have been looked at and written about."""
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    there.post("Zelda Quill", "head", "Headteacher", school=there.far)
    there.post("Tess Moor", "trust-lead", "Trust leader", trust=there.trust)
    there.post("Olu Reed", "school-office", "School office", school=there.near)
    for school in (there.near, there.far):
        Look.objects.create(
            at=timezone.now(),
            by_key="9",
            by_label=f"Looker at {school.urn}",
            role="Broker",
            partnership="fernshire",
            urn=school.urn,
            record="a note",
        )
        Entry.objects.create(
            at=timezone.now(), by_label=f"Writer about {school.urn}", partnership="fernshire", verb="school.joined", subject_kind="school",
            subject_key=school.urn, subject_label=school.name, urn=school.urn,
        )  # fmt: skip
    return there


def held(response: Any, urn: str) -> tuple[int, bool, bool]:
    """What the answer is, and whether it says who looked and what was done."""
    page = response.content.decode()
    return (response.status_code, f"Looker at {urn}" in page, f"Writer about {urn}" in page)


def test_head_sees_what_is_held_and_who_looked_at_their_own_school(here: World) -> None:
    client = signed_in(here.people["hal"])
    assert 'id="held"' in text(client, f"/schools/{here.near.urn}/")
    assert held(client.get(f"/schools/{here.near.urn}/held/"), here.near.urn) == (200, True, True)


def test_head_sees_nothing_of_it_for_another_school(here: World) -> None:
    client = signed_in(here.people["hal"])
    assert 'id="held"' not in text(client, f"/schools/{here.far.urn}/")
    assert held(client.get(f"/schools/{here.far.urn}/held/"), here.far.urn) == (403, False, False)


def test_nobody_else_of_the_school_sees_what_is_held(here: World) -> None:
    client = signed_in(here.people["olu"])
    assert 'id="held"' not in text(client, f"/schools/{here.near.urn}/")
    assert held(client.get(f"/schools/{here.near.urn}/held/"), here.near.urn) == (403, False, False)


def test_somebody_not_signed_in_is_led_to_sign_in(here: World) -> None:
    response = Client().get(f"/schools/{here.near.urn}/held/")
    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next=%2Fschools%2F{here.near.urn}%2Fheld%2F")


def test_look_of_somebody_from_outside_the_school_is_written_down_first(here: World) -> None:
    client = signed_in(here.people["tess"], code=True)
    assert held(client.get(f"/schools/{here.far.urn}/held/"), here.far.urn) == (200, True, True)
    seen = Look.objects.filter(urn=here.far.urn).exclude(by_key="9").values_list("by_key", "record")
    assert list(seen) == [(str(here.people["tess"].pk), "what is held about the school, and who looked")]


def test_look_of_a_school_at_itself_is_not_written_down(here: World) -> None:
    text(signed_in(here.people["hal"]), f"/schools/{here.near.urn}/held/")
    assert Look.objects.filter(urn=here.near.urn).count() == 1


def test_page_of_its_own_head_keeps_to_its_budget(here: World, django_assert_max_num_queries: Any) -> None:
    edition = make.edition("register")
    make.inspection(here.near, edition)
    make.reading(here.near, edition, "absence_overall", "2022-23", 7.5)
    make.link(here.near.urn, "Predecessor", "700009", edition)
    client = signed_in(here.people["hal"])
    text(client, f"/schools/{here.near.urn}/")
    # four of them say who is looking, two whether a conversation is open or suggested, one whether a peer review is
    with django_assert_max_num_queries(16):
        text(client, f"/schools/{here.near.urn}/")


def test_fictitious_school_says_so(here: World) -> None:
    assert "A fictitious school for demonstration." in text(Client(), f"/schools/{here.near.urn}/")


def test_place_names_its_bodies_to_anyone_and_its_people_to_members(here: World) -> None:
    seat = here.seat(here.board, "Primary head", name="Zelda Quill")
    Appointment.objects.filter(seat=seat).update(school=here.far)
    elsewhere = world("mossshire")
    Membership.objects.create(partnership=elsewhere.partnership, school=here.far, from_on=date(2020, 9, 1))
    anyone = text(Client(), f"/schools/{here.far.urn}/")
    member = text(signed_in(here.people["hal"]), f"/schools/{here.far.urn}/")
    assert anyone.count('<a href="/p/fernshire/bodies/cluster/">North cluster</a>') == 1
    assert anyone.count('<a href="/p/mossshire/">') == 1
    assert "/p/mossshire/bodies/" not in anyone
    assert ("Zelda Quill" in anyone, "Zelda Quill" in member) == (False, True)


def test_figure_withheld_says_why_and_is_not_zero(client: Client) -> None:
    edition = make.edition("ks2", period="2022-23")
    school = make.school(urn="700001")
    make.reading(school, edition, "ks2_rwm_expected", "2021-22", 60.0, cohort=30)
    make.reading(school, edition, "ks2_rwm_expected", "2022-23", None, mark="suppressed", cohort=4)
    page = text(client, "/schools/700001/")
    assert "2022/23: withheld because few pupils are covered. Last known: 60% in 2021/22." in page
    assert "2022/23: 0" not in page


def test_figure_says_its_cohort_its_interval_and_englands(client: Client) -> None:
    edition = make.edition("ks2", period="2022-23")
    make.reading(make.school(urn="700001"), edition, "ks2_rwm_expected", "2022-23", 60.0, cohort=10)
    AreaReading.objects.create(
        edition=edition, area_kind="england", area_code="E92000001", measure="ks2_rwm_expected", period="2022-23", value=59.0
    )
    page = text(client, "/schools/700001/")
    assert "60% in 2022/23, 10 pupils; chance alone could make it 31% to 83%. England 59%." in page


def test_closed_school_says_so_and_leads_to_its_successor(client: Client) -> None:
    edition = make.edition("links")
    old = make.school("Old School", urn="700001", status="closed", closed_on=date(2018, 8, 31))
    new = make.school("New Academy", urn="700002", opened_on=date(2018, 9, 1))
    make.link("700001", "Successor", "700002", edition, on=date(2018, 9, 1))
    make.inspection(new, edition, started_on=date(2016, 5, 4), urn_at_inspection=old.urn)
    make.inspection(new, edition, started_on=date(2022, 5, 4), overall="1")
    page = text(client, "/schools/700001/")
    assert "This school has closed (31 August 2018)." in page
    assert 'Its place was taken by <a href="/schools/700002/">New Academy</a>.' in page
    assert ("4 May 2016" in page, "4 May 2022" in page) == (True, False)


def test_history_follows_the_published_links(client: Client) -> None:
    edition = make.edition("links")
    make.school("Old School", urn="700001", status="closed")
    make.school("New Academy", urn="700002", opened_on=date(2018, 9, 1))
    make.link("700002", "Predecessor", "700001", edition, on=date(2018, 9, 1))
    make.link("700002", "Predecessor - merged", "700003", edition, on=date(2020, 9, 1), name="Small School")
    page = text(client, "/schools/700002/").split('id="history"')[1]
    assert 'Followed <a href="/schools/700001/">Old School</a>' in page
    assert "Formed in a merger with Small School" in page


def test_figures_of_a_predecessor_are_said_to_be_so(client: Client) -> None:
    edition = make.edition("ks2", period="2016-17")
    old = make.school("Old School", urn="700001", status="closed")
    make.school("New Academy", urn="700002")
    make.link("700002", "Predecessor", "700001", edition, on=date(2018, 9, 1))
    make.reading(old, edition, "absence_overall", "2016-17", 4.5)
    assert "2016/17: as published for the school before it." in text(client, "/schools/700002/")


def test_figures_of_schools_that_merged_are_not_passed_for_one_schools(client: Client) -> None:
    edition = make.edition("ks2", period="2016-17")
    old = make.school("Old School", urn="700001", status="closed")
    make.school("New Academy", urn="700002")
    make.link("700002", "Predecessor - merged", "700001", edition)
    make.link("700002", "Predecessor - merged", "700003", edition)
    make.reading(old, edition, "absence_overall", "2016-17", 4.5)
    assert "No loaded edition gives a figure for this school" in text(client, "/schools/700002/")


def test_inspections_keep_the_words_of_their_day(client: Client) -> None:
    edition = make.edition("ofsted")
    school = make.school(urn="700001")
    make.inspection(school, edition, overall="3", started_on=date(2011, 5, 4))
    make.inspection(
        school, edition, overall="", started_on=date(2025, 3, 4), vocabulary="key_judgements", judgements={"quality_of_education": "2"},
        safeguarding="Yes",
    )  # fmt: skip
    make.inspection(
        school, edition, overall="", started_on=date(2026, 3, 3), vocabulary="report_card", judgements={"inclusion": "Strong standard"},
        safeguarding="Met",
    )  # fmt: skip
    page = text(client, "/schools/700001/").split('id="inspections"')[1]
    assert "<strong>Satisfactory</strong> <span" in page
    assert "<dt>Quality of education</dt><dd>Good</dd>" in page
    assert "<dt>Inclusion</dt><dd>Strong standard</dd>" in page
    assert ("<dd>effective</dd>" in page, "<dd>met</dd>" in page) == (True, True)


def test_grade_without_a_day_is_told_once(client: Client) -> None:
    edition, list_of_2018 = make.edition("ofsted"), make.edition("outcomes-2018", as_at=date(2018, 7, 31))
    school = make.school(urn="700001")
    make.inspection(school, edition, overall="2", started_on=date(2016, 5, 4))
    make.inspection(school, list_of_2018, overall="2", started_on=None)  # type: ignore[arg-type]
    assert "day not given" not in text(client, "/schools/700001/")
    make.inspection(school, make.edition("other", as_at=date(2017, 7, 31)), overall="1", started_on=None)  # type: ignore[arg-type]
    assert "By 31 July 2017, day not given" in text(client, "/schools/700001/")
