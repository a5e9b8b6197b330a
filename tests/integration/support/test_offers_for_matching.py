"""What the matching reads of the directory, and who may have it."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.funding.actions import set_day_rate
from convenor.funding.rules import Rate
from convenor.registers.models import Group, School
from convenor.support.actions import capacity
from convenor.support.models import Assurance, StandingInterest
from convenor.support.queries.directory import offers, offers_for_matching
from convenor.support.rules.placing import Offer
from tests.factories.support_directory import AT, SLUG, YEAR, World, directory_world, supporter

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return directory_world()


def test_an_offer_holds_what_the_matching_asks(here: World) -> None:
    federation = Group.objects.create(uid="F1", name="Hill Federation", kind="Federation", fictitious=True)
    School.objects.filter(urn="990003").update(federation=federation)
    row = supporter(here, half_days=10, phases=["Primary"], reach_km=12)
    capacity.book(row.pk, YEAR, 4, by=here["broker"], at=AT)
    for urn, until in (("990001", None), ("990002", date(2026, 11, 1)), ("990005", date(2027, 1, 1))):
        StandingInterest.objects.create(supporter=row, school_id=urn, kind="family", declared_at=AT, until_on=until)
    assert offers_for_matching(viewer=here["broker"], at=AT) == [
        Offer(
            id=str(row.pk), urn="990003", trust=School.objects.get(urn="990003").trust_id, federation="F1",
            themes=frozenset({"reading"}), phases=frozenset({"Primary"}), half_days_left=6, easting=393000, northing=215000, reach_km=12,
            assured=True, interests=frozenset({"990001", "990005"}), formats=frozenset({"coaching"}),
        )
    ]  # fmt: skip


def test_a_day_costs_what_the_rate_card_says_with_the_share_on_top(here: World) -> None:
    supporter(here, designations=["system-leader", "mentor-head"])
    supporter(here, "Una Fell", designations=["specialist-leader"])
    for key, pence, on_top in (("system-leader", 45000, True), ("mentor-head", 40000, False)):
        set_day_rate(
            slug=SLUG, key=key, name=key, rate=Rate(day_pence=pence, share_basis_points=1500, on_top=on_top), from_on=date(2026, 9, 1),
            by=here["manager"], at=AT,
        )  # fmt: skip
    assert [each.day_pence for each in offers_for_matching(viewer=here["broker"], at=AT)] == [51750, None]
    assert [each.day_pence for each in offers(viewer=here["head"], at=AT)] == [51750, None]


def test_somebody_of_no_school_has_a_place_and_an_employer(here: World) -> None:
    alone = supporter(here, "Una Fell", school_id=None, organisation="Vale Associates", easting=400000, northing=200000)
    trust = supporter(here, "Waterside Trust", kind="trust", school_id=None, trust_id="T1", half_days=None)
    offers = {each.id: each for each in offers_for_matching(viewer=here["broker"], at=AT)}
    one, two = offers[str(alone.pk)], offers[str(trust.pk)]
    assert (one.urn, one.organisation, one.easting, one.northing) == (None, "Vale Associates", 400000, 200000)
    assert (two.trust, two.organisation, two.easting, two.half_days_left) == ("T1", "Waterside Trust", None, 0)


def test_whoever_left_is_not_offered_and_whoever_is_not_assured_is_marked(here: World) -> None:
    supporter(here, "Old Hand", until_on=date(2026, 11, 1))
    row = supporter(here, "Una Fell")
    Assurance.objects.filter(supporter=row).update(valid_until_on=date(2026, 10, 1))
    assert [(each.id, each.assured) for each in offers_for_matching(viewer=here["broker"], at=AT)] == [(str(row.pk), False)]


def test_declared_interests_reach_nobody_but_the_matching(here: World) -> None:
    row = supporter(here)
    StandingInterest.objects.create(supporter=row, school_id="990001", kind="family", declared_at=AT)
    told = {who: len(offers_for_matching(viewer=viewer, at=AT)) for who, viewer in here.viewers.items()}
    assert {who for who, number in told.items() if number} == {"broker"}
