"""How support goes in totals, for whoever sees totals: what is counted, when, and that it names and gives away no school."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.governance.models import Priority
from convenor.partnership.actions import take_post
from convenor.partnership.models import Membership, Tier
from convenor.registers.models import School
from convenor.support.models import Choice, Need, Package, PackageCost, Supporter, Visit
from convenor.support.queries.commissioning import commissioning, package_costs
from convenor.support.rules.states import PackageStatus, Payer, StateKind
from convenor.support.rules.workflows import workflow
from tests.factories.support import SLUG, World, assured, supporter, supporting
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
COUNTED = date(2026, 11, 1)
ASKED = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
BEGAN = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=NOW) as now:
        yield now


@pytest.fixture
def here() -> World:
    """Fernshire with forty primary schools more, of which none has support."""
    found = supporting()
    area = School.objects.get(urn="990001").authority
    School.objects.bulk_create(
        School(
            urn=str(993000 + n), name=f"Small School {n:02}", authority=area, phase="Primary", type_name="Community school", status="open",
            type_group="maintained", fictitious=True,
        )
        for n in range(40)
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(partnership=found.partnership, school_id=str(993000 + n), from_on=date(2025, 9, 1)) for n in range(40)
    )
    return found


def supported(here: World, number: int, *, half_days: int = 6, given_by: Supporter | None = None, took: int = 5, **more: Any) -> Package:
    """Support for "Small School 07": asked for, matched after so many days, begun, with a visit and its cost."""
    urn, flow, who = str(993000 + number), workflow("lifecycle"), given_by or supporter(here)
    asked = Need.objects.create(
        partnership=here.partnership, school_id=urn, origin="school", state="answered", themes=["reading"], words="x", half_days=half_days,
        broker=here.people["broker"], asked_at=ASKED, asked_by="its head",
    )  # fmt: skip
    Choice.objects.create(need=asked, supporter=who, why="x", at=ASKED + timedelta(days=took), by=here.people["broker"])
    row = Package.objects.create(
        partnership=here.partnership, school_id=urn, need=asked, supporter=who, broker=here.people["broker"], title="Reading",
        workflow_key=flow.key, workflow_version=flow.version, workflow=flow.as_dict(), state="active", kind=StateKind.WORKING.value,
        status=PackageStatus.ON_ITS_WAY.value, opened_on=ASKED.date(), since_on=BEGAN, started_on=BEGAN, **more,
    )  # fmt: skip
    Visit.objects.create(package=row, supporter=who, on=BEGAN, half_days=half_days, delivered_on=BEGAN)
    PackageCost.objects.create(
        package=row, what="Days", payer=Payer.FUND.value if number % 2 else Payer.RECEIVING.value, half_days=half_days, day_pence=40_000,
        pence=20_000 * half_days, broker_pence=3_000 * half_days, agreed_on=BEGAN,
    )  # fmt: skip
    return row


def test_what_is_counted_is_told_in_ranges_and_rounded(here: World) -> None:
    for number in range(12):
        supported(here, number, took=5 if number < 8 else 20)
    seen = commissioning(SLUG, viewer=here["board member"], at=NOW)
    assert seen is not None
    assert (seen.on, seen.next_on) == (COUNTED, date(2026, 12, 1))
    assert [each.says for each in seen.matched] == ["a half or more", "a half or more", "a half or more"]
    assert (seen.reach.groups, seen.reach.whole.says) == ((), "10 to 14 of 46")
    assert (seen.days_by_tier.whole, seen.days_planned.whole, seen.days_by_tier.parts) == (70, 70, ())
    assert (seen.cost.whole, [(each.name, each.amount) for each in seen.cost.parts]) == (
        1_440_000,
        [("A fund of the partnership", 720_000), ("The schools that received it", 720_000)],
    )


def test_days_are_told_by_tier_and_by_priority_as_far_as_nothing_can_be_subtracted(here: World) -> None:
    tiers = list(Tier.objects.filter(partnership=here.partnership).order_by("level"))[:2]
    aims = [
        Priority.objects.create(partnership=here.partnership, title=title, from_on=date(2026, 9, 1), until_on=date(2028, 9, 1))
        for title in ("Early reading", "Attendance")
    ]
    for number in range(20):
        supported(here, number, tier=tiers[number % 2], priority=aims[number % 2])
    seen = commissioning(SLUG, viewer=here["board member"], at=NOW)
    assert seen is not None
    assert [(each.name, each.amount) for each in seen.days_by_tier.parts] == sorted((tier.name, 60) for tier in tiers)
    assert [(each.name, each.amount) for each in seen.days_by_priority.parts] == [("Attendance", 60), ("Early reading", 60)]
    Package.objects.filter(school_id="993000").update(priority=aims[1])
    seen = commissioning(SLUG, viewer=here["board member"], at=NOW)
    assert seen is not None
    assert (len(seen.days_by_tier.parts), seen.days_by_priority.parts, seen.days_by_priority.whole) == (2, (), 120)


def test_of_few_schools_nothing_is_told(here: World) -> None:
    for number in range(4):
        supported(here, number)
    seen = commissioning(SLUG, viewer=here["board member"], at=NOW)
    assert seen is not None
    assert ([each.told for each in seen.matched], seen.days_by_tier.whole, seen.cost.whole, seen.own_bodies.told) == (
        [False, False, False], None, None, False,
    )  # fmt: skip
    assert seen.offered is None


def test_one_large_package_keeps_the_sum_untold(here: World) -> None:
    for number in range(4):
        supported(here, number, half_days=2)
    supported(here, 4, half_days=60)
    seen = commissioning(SLUG, viewer=here["board member"], at=NOW)
    assert seen is not None
    assert (seen.days_by_tier.whole, seen.days_planned.whole, seen.cost.whole) == (None, None, None)


def test_what_came_after_the_counting_day_is_not_told_yet(here: World) -> None:
    for number in range(12):
        supported(here, number)
    before = commissioning(SLUG, viewer=here["board member"], at=NOW)
    late = supported(here, 20)
    Package.objects.filter(pk=late.pk).update(started_on=date(2026, 11, 10))
    Visit.objects.filter(package=late).update(delivered_on=date(2026, 11, 12))
    Need.objects.filter(pk=late.need_id).update(asked_at=datetime(2026, 11, 3, 9, 0, tzinfo=UTC))
    assert commissioning(SLUG, viewer=here["board member"], at=NOW) == before


def test_a_request_that_waits_counts_once_four_weeks_have_passed(here: World) -> None:
    for number in range(4):
        supported(here, number)
    Need.objects.create(
        partnership=here.partnership, school_id="993030", origin="school", state="open", themes=["reading"], words="x", half_days=4,
        asked_at=datetime(2026, 10, 10, 9, 0, tzinfo=UTC), asked_by="its head",
    )  # fmt: skip
    seen = commissioning(SLUG, viewer=here["board member"], at=NOW)
    assert seen is not None
    assert seen.matched[0].told is False  # four schools
    Need.objects.filter(school_id="993030").update(asked_at=datetime(2026, 10, 1, 9, 0, tzinfo=UTC))
    seen = commissioning(SLUG, viewer=here["board member"], at=NOW)
    assert seen is not None
    assert seen.matched[0].says == "a half or more"


def test_support_by_a_body_that_employs_a_broker_is_counted(here: World) -> None:
    take_post(
        slug=SLUG, role="school-leader", title="Deputy headteacher", person_id=here.people["broker"].pk, urn="990005",
        from_on=date(2026, 9, 1), by="the test", at=NOW,
    )  # fmt: skip
    own = Supporter.objects.create(
        partnership=here.partnership, kind="school", name="Their school", school_id="990005", from_on=date(2025, 9, 1)
    )
    assured(own)
    for number in range(20):
        supported(here, number, given_by=own if number < 7 else None)
    seen = commissioning(SLUG, viewer=here["board member"], at=NOW)
    assert seen is not None
    assert seen.own_bodies.says == "a quarter to a half"


def test_only_whoever_sees_totals_sees_them_and_all_see_the_same(here: World) -> None:
    for number in range(12):
        supported(here, number)
    found = {who: commissioning(SLUG, viewer=here[who], at=NOW) for who in ("board member", "officer", "manager", "broker", "auditor")}
    assert len({repr(each) for each in found.values()}) == 1
    assert [commissioning(SLUG, viewer=here[who], at=NOW) for who in ("lender", "school leader", "reviewer")] == [None, None, None]
    assert commissioning("elsewhere", viewer=here["board member"], at=NOW) is None


def test_the_page_names_no_school_and_nothing_narrows_it(here: World, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        supported(here, number)
    client = signed_in(here.people["board member"], code=True)
    address = reverse("support-totals", args=[SLUG])
    with django_assert_max_num_queries(24):
        page = client.get(address).content.decode()
    assert [name for name in School.objects.values_list("name", flat=True) if name in page] == []
    assert "10 to 14 of 46" in page
    assert [each for each in ("of 12", "12 schools", "of 46 schools with support") if each in page] == []
    plain = re.sub(r'(csrfmiddlewaretoken"|nonce="|id="|for="|labelledby="|describedby="|aria-controls=")[^>]*', "", page)
    again = client.get(address, {"school": "993001", "tier": "1", "on": "2026-10-01"}).content.decode()
    assert re.sub(r'(csrfmiddlewaretoken"|nonce="|id="|for="|labelledby="|describedby="|aria-controls=")[^>]*', "", again) == plain


def test_whoever_follows_packages_sees_what_each_cost(here: World) -> None:
    row = supported(here, 3, half_days=5)
    [found] = package_costs(SLUG, viewer=here["manager"], at=NOW) or ()
    assert (found.pk, found.school, found.supporter, found.planned, found.delivered, found.pence, found.broker_pence, found.payers) == (
        row.pk, "Small School 03", "Sol Carr", 5, 5, 100_000, 15_000, ("A fund of the partnership",),
    )  # fmt: skip
    others = ("board member", "broker", "officer", "cluster lead", "head", "auditor")
    assert [package_costs(SLUG, viewer=here[who], at=NOW) for who in others] == [None] * len(others)
    page = signed_in(here.people["manager"], code=True).get(reverse("support-costs", args=[SLUG])).content.decode()
    assert ("£1,000" in page, "2.5 of 2.5" in page, "£400" in page) == (True, True, True)
