"""The list of an area's schools: what it holds, what it leaves out, and how it is asked."""

from datetime import date

import pytest
from django.test.utils import CaptureQueriesContext

from convenor.partnership.gate import ANYONE, Viewer
from convenor.partnership.queries.holdings import PartnershipHere
from convenor.registers.queries import schools as queries
from convenor.registers.rules.school_filters import SchoolFilter
from tests.factories import registers as make

pytestmark = pytest.mark.django_db

INSIDE = Viewer(1, "Ada Example", PartnershipHere(1, "wigan", "Wigan", area="359", demonstration=True))
REAL = Viewer(1, "Ada Example", PartnershipHere(1, "wigan", "Wigan", area="359", demonstration=False))


@pytest.fixture(autouse=True)
def _forget() -> None:
    queries.forget_editions()


def names(found: queries.SchoolList) -> list[str]:
    return [row.name for row in found.rows]


def test_list_holds_open_schools_of_the_area_by_name() -> None:
    make.school("Birch Primary School")
    make.school("Ash Primary School", status="proposed to close")
    make.school("Closed Primary School", status="closed")
    make.school("Far Primary School", area=make.authority("916", "Gloucestershire", "South West"))
    found = queries.schools_of_area(["359"], SchoolFilter(), viewer=ANYONE)
    assert (names(found), found.found, found.total) == (["Ash Primary School", "Birch Primary School"], 2, 2)


@pytest.mark.parametrize("viewer", [ANYONE, REAL])
def test_list_hides_fictitious_schools_from_everyone_outside_a_demonstration(viewer: Viewer) -> None:
    make.school("Real Primary School")
    make.school("Fernhollow Primary School", fictitious=True)
    found = queries.schools_of_area(["359"], SchoolFilter(), viewer=viewer, fictitious=True)
    assert (names(found), found.total, found.fictitious_total) == (["Real Primary School"], 1, 0)


def test_list_never_mixes_fictitious_schools_with_real_ones() -> None:
    make.school("Real Primary School")
    make.school("Fernhollow Primary School", fictitious=True)
    real = queries.schools_of_area(["359"], SchoolFilter(), viewer=INSIDE)
    invented = queries.schools_of_area(["359"], SchoolFilter(), viewer=INSIDE, fictitious=True)
    assert (names(real), real.total, real.fictitious_total) == (["Real Primary School"], 1, 1)
    assert (names(invented), invented.total) == (["Fernhollow Primary School"], 1)


def test_counts_by_authority_leave_out_fictitious_and_closed_schools() -> None:
    make.school()
    make.school(fictitious=True)
    make.school(status="closed")
    assert queries.counts_by_authority(viewer=ANYONE) == {"359": 1}


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (SchoolFilter(phase="Secondary"), ["Tall High School"]),
        (SchoolFilter(kind="academy"), ["Tall High School"]),
        (SchoolFilter(trust="none"), ["Small School", "Unknown School"]),
        (SchoolFilter(size="to-100"), ["Small School"]),
        (SchoolFilter(size="unknown"), ["Unknown School"]),
        (SchoolFilter(size="over-1000"), ["Tall High School"]),
        (SchoolFilter(text="tall leigh"), ["Tall High School"]),
        (SchoolFilter(text="WN7"), ["Tall High School"]),
        (SchoolFilter(text="700001"), ["Small School"]),
        (SchoolFilter(inspection="good"), ["Tall High School"]),
        (SchoolFilter(inspection="key-judgements"), ["Small School"]),
        (SchoolFilter(inspection="none"), ["Unknown School"]),
        (SchoolFilter(phase="Secondary", size="to-100"), []),
    ],
)
def test_filter_keeps_the_schools_asked_for(asked: SchoolFilter, left: list[str]) -> None:
    edition = make.edition()
    group = make.trust(uid="2044")
    small = make.school("Small School", urn="700001", pupils=60)
    tall = make.school(
        "Tall High School", phase="Secondary", type_group="academy", pupils=1200, trust=group, town="Leigh", postcode="WN7 1AB"
    )
    make.school("Unknown School", pupils=None)
    make.inspection(small, edition, overall="3", started_on=date(2018, 5, 1))
    make.inspection(small, edition, overall="", started_on=date(2025, 5, 1), vocabulary="key_judgements")
    make.inspection(tall, edition, overall="2")
    make.inspection(tall, edition, overall="", started_on=date(2023, 5, 1), kind="ungraded")
    found = queries.schools_of_area(["359"], asked, viewer=ANYONE)
    assert (names(found), found.found, found.total) == (left, len(left), 3)


def test_filter_by_trust_offers_each_trust_with_its_number() -> None:
    group = make.trust("The Example Trust", uid="2044")
    make.school(trust=group)
    make.school(trust=group)
    make.school()
    found = queries.schools_of_area(["359"], SchoolFilter(trust="2044"), viewer=ANYONE)
    assert [(one.key, one.label, one.count) for one in found.trusts] == [("2044", "The Example Trust", 2), ("none", "Not in a trust", 1)]
    assert found.found == 2


def test_page_beyond_the_last_gives_the_last() -> None:
    for _ in range(51):
        make.school()
    found = queries.schools_of_area(["359"], SchoolFilter(), viewer=ANYONE, page=99)
    assert (len(found.rows), found.page, found.pages) == (1, 2, 2)


def test_list_names_the_editions_it_rests_on() -> None:
    register, ofsted = make.edition("register"), make.edition("ofsted", publisher="Ofsted", as_at=date(2025, 8, 31))
    make.inspection(make.school(told_by=register), ofsted)
    make.edition("of-nobody-here")
    found = queries.schools_of_area(["359"], SchoolFilter(), viewer=ANYONE)
    assert [one.key for one in found.editions] == ["register", "ofsted"]


def test_list_costs_as_many_queries_for_fifty_schools_as_for_one(django_assert_num_queries: CaptureQueriesContext) -> None:
    edition = make.edition()
    for _ in range(50):
        make.inspection(make.school(told_by=edition), edition)
    with django_assert_num_queries(5):  # type: ignore[operator]
        found = queries.schools_of_area(["359"], SchoolFilter(phase="Primary"), viewer=ANYONE)
    assert found.found == 50


def test_inspection_told_by_two_editions_is_one_event() -> None:
    older, newer = make.edition(as_at=date(2024, 8, 31)), make.edition(as_at=date(2025, 8, 31))
    school = make.school(urn="700002")
    make.inspection(school, older, overall="2")
    make.inspection(school, newer, overall="2", outcome="believed")
    assert [one.outcome for one in queries.inspections(["700002"], viewer=ANYONE)] == ["believed"]


def test_links_are_told_from_the_schools_own_side() -> None:
    edition = make.edition()
    make.link("700010", "Predecessor", "700009", edition, on=date(2015, 9, 1), name="Old School")
    make.link("700009", "Successor", "700010", edition, on=date(2015, 9, 1), name="New School")
    make.link("700011", "Predecessor - merged", "700010", edition, on=date(2024, 9, 1), name="New School")
    make.link("700010", "Sixth Form Centre Link", "700012", edition)
    found = queries.links("700010", viewer=ANYONE)
    assert [(one.urn, one.name, one.earlier) for one in found] == [
        ("700009", "Old School", True),
        ("700011", "the school with URN 700011", False),
    ]


def test_school_that_nobody_describes_is_none() -> None:
    assert queries.school("999999", viewer=ANYONE) is None


def test_school_says_what_the_register_says() -> None:
    school = make.school("Ash Primary School", urn="700003", trust=make.trust("The Example Trust"))
    found = queries.school("700003", viewer=ANYONE)
    assert found is not None
    assert (found.name, found.trust_name, found.area, found.closed) == (
        school.name,
        "The Example Trust",
        queries.Area("359", "Wigan", "North West", None),
        False,
    )
