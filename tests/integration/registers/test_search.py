"""Search forgives spelling, knows numbers and postcodes, and finds nothing a viewer may not see."""

from datetime import date

import pytest

from convenor.partnership.gate import ANYONE, Viewer
from convenor.partnership.queries.holdings import PartnershipHere
from convenor.registers.queries import search
from tests.factories import registers as make

pytestmark = pytest.mark.django_db

INSIDE = Viewer(1, "Ada Example", PartnershipHere(1, "wigan", "Wigan", area="359", demonstration=True))


@pytest.fixture(autouse=True)
def _schools() -> None:
    search.forget()
    make.school("Leigh St Mary's CofE Primary School", urn="700001", laestab="3592034", postcode="WN7 1AB", town="Leigh")
    make.school("Hollingworth High School", urn="700002", phase="Secondary", postcode="OL15 1AA", town="Littleborough")
    make.school("Hollingworth Old School", urn="700003", status="closed")
    make.school("Fernhollow Primary School", urn="900001", fictitious=True)


def found(text: str, viewer: Viewer = ANYONE) -> list[str]:
    return [one.urn for one in search.find_schools(text, viewer=viewer)]


@pytest.mark.parametrize(
    "text",
    ["leigh st marys", "Saint Mary leigh", "St. Mary's Church of England Leigh", "liegh st marys", "lei st mar", "mary leigh primry"],
)
def test_search_forgives_spelling(text: str) -> None:
    assert found(text) == ["700001"]


@pytest.mark.parametrize("text", ["700001", "URN 700001", "359/2034", "3592034", "WN7 1AB", "wn71ab", "wn7"])
def test_search_knows_numbers_and_postcodes(text: str) -> None:
    assert found(text) == ["700001"]


def test_search_puts_open_schools_before_closed_ones() -> None:
    assert found("hollingwerth") == ["700002", "700003"]


def test_search_puts_the_viewers_own_area_first() -> None:
    make.school("Aspen Primary School", urn="700005", area=make.authority("916", "Gloucestershire", "South West"))
    make.school("Aspen Primary School", urn="700006")
    assert (found("aspen"), found("aspen", INSIDE)) == (["700005", "700006"], ["700006", "700005"])


def test_search_finds_a_school_by_its_town() -> None:
    assert found("littleborough") == ["700002"]


@pytest.mark.parametrize("text", ["Fernhollow", "900001", "fernholow primary"])
def test_search_finds_fictitious_schools_only_inside_a_demonstration(text: str) -> None:
    assert "900001" not in found(text)
    assert found(text, INSIDE)[0] == "900001"


@pytest.mark.parametrize("text", ["", "   ", "xqzvvk", "'; drop table", "%", "\x00"])
def test_search_for_nothing_finds_nothing(text: str) -> None:
    assert found(text) == []


def test_search_learns_of_a_school_that_arrives() -> None:
    assert found("quarry bank") == []
    make.school("Quarry Bank Primary School", urn="700009")
    assert found("quarry bank") == ["700009"]


def test_search_learns_of_a_name_that_a_new_edition_changes() -> None:
    school = make.school("Elm Primary School", urn="700008")
    assert found("elm") == ["700008"]
    school.name = "Willow Primary School"
    school.save()
    make.edition(as_at=date(2026, 9, 30))
    assert (found("willow"), found("elm")) == (["700008"], [])


@pytest.mark.parametrize(("text", "codes"), [("wigan", ["359"]), ("359", ["359"]), ("wiggan", ["359"]), ("atlantis", [])])
def test_search_finds_areas(text: str, codes: list[str]) -> None:
    assert [one.code for one in search.find_areas(text, viewer=ANYONE)] == codes
