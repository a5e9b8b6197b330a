"""The pages over the published record: what they show, what they hide, and what they cost."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from convenor.registers.models import AreaContext, Boundary, StatisticalNeighbour
from convenor.registers.queries import search
from convenor.registers.queries.schools import forget_editions
from convenor.registers.rules.context_words import DEFINITION, KEYS
from tests.factories import registers as make
from tests.integration.web.people import signed_in, world

pytestmark = pytest.mark.django_db

SQUARE = {"type": "Polygon", "coordinates": [[[-2.7, 53.4], [-2.4, 53.4], [-2.4, 53.6], [-2.7, 53.6], [-2.7, 53.4]]]}
PAGES = (
    "/areas/", "/areas/359/", "/areas/E12000002/", "/areas/E92000001/", "/areas/359/schools/", "/areas/359/map/", "/areas/909/",
    "/areas/909/schools/", "/areas/909/map/", "/search/", "/search/?q=wigan", "/editions/", "/editions/register/", "/schools/700001/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _forget() -> None:
    search.forget()
    forget_editions()


def text(client: Client, path: str) -> str:
    """The page's words, each run of white space one space. The page must be there."""
    response = client.get(path)
    assert (path, response.status_code) == (path, 200)
    return " ".join(response.content.decode().split())


def context(code: str, kind: str = "authority", **values: float) -> AreaContext:
    """A context computed from the edition `register`."""
    told = {key: {"unit": DEFINITION[key].unit, "definition": DEFINITION[key].words, "note": ""} for key in KEYS}
    indicators = {
        key: {
            "value": values.get(key), "numerator": 9 if key in values else None, "denominator": 40 if key in values else None,
            "not_judged": 3 if "good" in key and key in values else None, "as_at": "2026-08-31" if key in values else None,
            "edition": "register" if key in values else None, "mark": "" if key in values else "no edition loaded covers the whole area",
            **told[key],
        }
        for key in KEYS
    }  # fmt: skip
    return AreaContext.objects.create(
        run="run",
        area_kind=kind,
        area_code=code,
        as_at=date(2026, 8, 31),
        indicators=indicators,
        computed_at=datetime(2026, 9, 1, tzinfo=UTC),
    )


@pytest.fixture
def wigan() -> None:
    """Two real schools, a fictitious one, a boundary, a context, and their edition."""
    edition = make.edition("register", rows_read=12, rows_refused=2)
    make.refused_row(edition, 7, "the URN is not a number", urn="XX")
    make.refused_row(edition, 9)
    ash = make.school("Ash Primary School", urn="700001", told_by=edition, easting=360614, northing=409023)
    make.school("Birch High School", urn="700002", phase="Secondary", told_by=edition)
    make.school("Fernhollow Primary School", urn="900001", fictitious=True, easting=360000, northing=409000)
    make.inspection(ash, edition)
    make.reading(ash, edition, "absence_overall", "2022-23", 7.5)
    make.reading(ash, edition, "ks2_rwm_expected", "2022-23", None, mark="suppressed", cohort=4)
    Boundary.objects.create(edition=edition, layer="UTLA", code="E08000010", name="Wigan", geometry=SQUARE)
    StatisticalNeighbour.objects.create(edition=edition, authority_code="359", neighbour_code="888", rank=1)
    context("359", fsm_percent=22.5, primary_schools=2, primary_good_or_outstanding_percent=90.0)
    context("888", fsm_percent=20.0)
    context("E12000002", "region", fsm_percent=25.0)
    context("E92000001", "england", fsm_percent=24.0)


@pytest.mark.usefixtures("wigan")
@pytest.mark.parametrize("path", PAGES)
def test_page_answers_anyone_within_its_budget(client: Client, path: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        text(client, path)


NO_FIGURES = "No loaded edition covers the whole of {}."
NO_SCHOOLS = "No schools are loaded for {} yet."


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/areas/", "no open schools loaded"), ("/areas/359/", NO_FIGURES.format("Wigan")),
        ("/areas/E12000002/", NO_FIGURES.format("North West")), ("/areas/E92000001/", NO_FIGURES.format("England")),
        ("/areas/359/schools/", NO_SCHOOLS.format("Wigan")), ("/areas/359/map/", NO_SCHOOLS.format("Wigan")),
        ("/areas/909/", NO_FIGURES.format("Cumbria")), ("/areas/909/schools/", NO_SCHOOLS.format("Cumbria")),
        ("/areas/909/map/", NO_SCHOOLS.format("Cumbria")), ("/search/?q=wigan", "Nothing here is called “wigan”, or nearly so"),
        ("/editions/", "Nothing is loaded yet."),
    ],
)  # fmt: skip
def test_page_says_so_where_nothing_is_loaded(client: Client, path: str, says: str) -> None:
    assert text(client, path).count(says) == 1


def test_search_without_words_says_nothing_of_what_is_called_so(client: Client) -> None:
    page = text(client, "/search/")
    assert (page.count("<h1"), page.count("Nothing here is called")) == (1, 0)


@pytest.mark.usefixtures("wigan")
@pytest.mark.parametrize("path", ["/areas/359/schools/", "/areas/359/map/", "/areas/359/map/data/", "/search/?q=fernhollow", "/areas/"])
def test_page_shows_nothing_fictitious_to_anyone_outside_a_demonstration(client: Client, path: str) -> None:
    page = text(client, path)
    assert ("Fernhollow Primary School" in page, "900001" in page) == (False, False)


@pytest.mark.usefixtures("wigan")
@pytest.mark.parametrize(("asked", "leads_to"), [("wigan", "359"), ("Wigan", "359"), ("E08000010", "359"), ("cumbria", "909")])
def test_area_is_reached_by_its_names(client: Client, asked: str, leads_to: str) -> None:
    response = client.get(f"/areas/{asked}/schools/?phase=Primary")
    assert (response.status_code, response["Location"]) == (302, f"/areas/{leads_to}/schools/?phase=Primary")


@pytest.mark.parametrize(
    "path", ["/areas/atlantis/", "/areas/E12000002/schools/", "/areas/702/", "/schools/123456/", "/editions/none/", "/schools/x/"]
)
def test_page_of_nothing_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("wigan")
def test_list_says_how_many_of_how_many_and_keeps_its_filters(client: Client) -> None:
    page = text(client, "/areas/359/schools/?phase=Secondary")
    assert "<strong>1</strong> of 2 state-funded schools: phase Secondary." in page
    assert "/areas/359/schools/?phase=Secondary&amp;download=csv" in page


@pytest.mark.usefixtures("wigan")
def test_list_downloads_as_it_stands_with_its_editions(client: Client) -> None:
    make.school("=HYPERLINK(1)", urn="700003")
    response = client.get("/areas/359/schools/?download=csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    edition = "Department for Education, Register of schools, as at 2026-08-31"
    assert [(row["School"], row["Finding"], row["Register editions"]) for row in rows] == [
        ("'=HYPERLINK(1)", "", ""),
        ("Ash Primary School", "Good", edition),
        ("Birch High School", "", edition),
    ]


@pytest.mark.usefixtures("wigan")
def test_list_downloads_as_a_workbook(client: Client) -> None:
    response = client.get("/areas/359/schools/?download=xlsx&phase=Secondary")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert [row[2].value for row in book["Schools 359"]] == ["School", "Birch High School"]
    about = {row[0].value: row[1].value for row in book["About this file"]}
    assert (about["How many"], about["Asked for"]) == ("1; the area has 2 open state-funded schools", "phase Secondary")


@pytest.mark.usefixtures("wigan")
def test_independent_schools_are_listed_only_when_asked_for(client: Client) -> None:
    make.school("Private School", urn="700004", type_group="independent", type_name="Other independent school")
    assert "Private School" not in text(client, "/areas/359/schools/")
    page = text(client, "/areas/359/schools/?kind=independent")
    assert "<strong>1</strong> school that is not state-funded, apart from the 2 state-funded schools" in page


@pytest.mark.usefixtures("wigan")
def test_map_counts_what_it_places_and_what_it_cannot(client: Client) -> None:
    page = text(client, "/areas/359/map/")
    assert "<strong>1</strong> of 2 schools stands on the map." in page
    assert page.count('class="school map-shape--') == 1
    assert page.count('class="outline"') == 1
    assert '<a href="/schools/700002/">Birch High School</a>' in page.split('id="without"')[1]


@pytest.mark.usefixtures("wigan")
def test_map_gives_the_same_schools_to_the_livelier_map(client: Client) -> None:
    found = client.get("/areas/359/map/data/").json()
    assert [(one["urn"], one["shape"], one["href"]) for one in found["schools"]] == [("700001", "circle", "/schools/700001/")]
    assert [each["geometry"] for each in found["outlines"]["features"]] == [SQUARE]


@pytest.mark.usefixtures("wigan")
def test_map_keeps_to_the_phase_asked_for(client: Client) -> None:
    assert client.get("/areas/359/map/data/?phase=Secondary").json()["schools"] == []
    assert "<strong>0</strong> of 1 school stand on the map (Secondary)." in text(client, "/areas/359/map/?phase=Secondary")


@pytest.mark.usefixtures("wigan")
def test_context_says_its_figures_beside_the_others(client: Client) -> None:
    page = text(client, "/areas/359/")
    assert (
        "22.5% of its pupils are eligible for free school meals, against 20.0% among its statistical neighbours and 24.0% in England."
        in page
    )
    assert "22.5%: 9 of 40 pupils." in page
    assert "3 more were not judged." in page
    assert "Figures from Department for Education: Register of schools (31 August 2026)." in page


@pytest.mark.usefixtures("wigan")
def test_context_on_a_day_before_any_edition_says_so(client: Client) -> None:
    assert "No loaded edition covers the whole of Wigan on that date." in text(client, "/areas/359/?as-at=2001-01-01")


@pytest.mark.usefixtures("wigan")
def test_context_downloads_its_table(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/areas/359/?download=csv").content.decode("utf-8-sig"))))
    meals = next(row for row in rows if row["Figure"] == "Pupils eligible for free school meals")
    assert (meals["Area"], meals["Mean of statistical neighbours"], meals["England"]) == ("22.5%", "20.0%", "24.0%")


@pytest.mark.usefixtures("wigan")
def test_edition_names_every_refused_row(client: Client) -> None:
    page = text(client, "/editions/register/")
    assert ("the URN is not a number" in page, "blank row" in page) == (True, True)


@pytest.mark.usefixtures("wigan")
def test_withdrawn_edition_is_marked_so(client: Client) -> None:
    make.edition("old", title="Old register", withdrawn_at=timezone.now(), withdrawn_why="Loaded for the wrong year.")
    assert "Loaded for the wrong year." in text(client, "/editions/old/")
    assert text(client, "/editions/").count(">withdrawn<") == 1


@pytest.mark.usefixtures("wigan")
def test_search_leads_to_areas_and_schools(client: Client) -> None:
    page = text(client, "/search/?q=ash primry")
    assert '<a href="/schools/700001/">Ash Primary School</a>' in page


def test_search_finds_people_only_for_members(client: Client) -> None:
    here = world()
    here.post("Hal Head", "head", "Headteacher", school=here.near)
    here.post("Zelda Quill", "head", "Headteacher", school=here.far)
    assert "Zelda Quill" not in text(client, "/search/?q=zelda")
    assert "Zelda Quill" in text(signed_in(here.people["hal"]), "/search/?q=zelda quil")


@pytest.mark.usefixtures("wigan")
def test_fictitious_schools_stand_apart_inside_their_demonstration(client: Client) -> None:
    here = world()
    here.partnership.areas.set([make.authority()])
    here.post("Hal Head", "head", "Headteacher", school=here.near)
    inside = signed_in(here.people["hal"])
    real = text(inside, "/areas/359/schools/")
    assert ("1 fictitious school of this demonstration" in real, "Fernhollow" in real) == (True, False)
    assert "<strong>2</strong> of 2 state-funded schools." in real
    invented = text(inside, "/areas/359/schools/?fictitious=yes")
    assert "<strong>1</strong> of 1 fictitious school." in invented
    assert 'Fernhollow Primary School</a> <span class="tag tag--fictitious">fictitious</span>' in invented
    assert "Ash Primary School" not in invented


@pytest.mark.usefixtures("wigan")
def test_fictitious_schools_are_not_listed_to_a_demonstration_elsewhere(client: Client) -> None:
    here = world()
    here.post("Hal Head", "head", "Headteacher", school=here.near)
    assert "Fernhollow" not in text(signed_in(here.people["hal"]), "/areas/359/schools/?fictitious=yes")
