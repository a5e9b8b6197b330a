"""What somebody might try in support who wants to know more than is theirs, or who acts at the same moment as another."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import URLPattern, reverse

from convenor.funding.actions import record_fund
from convenor.funding.models import Commitment
from convenor.journal import actions as journal
from convenor.journal.queries import entries, entries_for_school
from convenor.partnership.actions import take_post
from convenor.post.models import Letter
from convenor.registers.models import Group, School
from convenor.support.actions import concerns, money, needs, package_beside, placing
from convenor.support.models import EngagementConcern, Need, Package, PackageCost, StandingInterest
from convenor.support.queries.package_page import package_page
from convenor.support.rules.money import Line
from convenor.support.rules.refusals import ChangedMeanwhile, Conflict, OutOfTurn
from convenor.support.rules.states import Payer
from convenor.support.urls import urlpatterns
from tests.factories.partnership import someone
from tests.factories.support import LENDER, ON, RECEIVER, SLUG, World, need, package, supporter, supporting
from tests.integration.support.test_package_actions import AT, known, refused
from tests.integration.support.test_package_beside import closed_school
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
BECAME = "990002"


@pytest.fixture
def here() -> World:
    return supporting()


# What a page gives away


@pytest.mark.parametrize("who", ["lender", "supporter"])
def test_the_other_side_does_not_learn_from_the_log_of_a_concern_or_a_formal_step(here: World, who: str) -> None:
    row = package(here, "active")
    before = package_page(SLUG, row.pk, viewer=here[who], at=AT)
    Package.objects.filter(pk=row.pk).update(workflow={**row.workflow, "concerns": True})
    concerns.raise_concern(**known(row, here), summary="Nobody answered twice")
    concerns.record_formal_step(**known(row, here), what="A notice", authority="An authority", taken_on=date(2026, 10, 30))
    seen, own, signs = (package_page(SLUG, row.pk, viewer=here[each], at=AT) for each in (who, "head", "manager"))
    assert None not in (before, seen, own, signs)
    was, now, *others = ([each.says for each in page.log] for page in (before, seen, own, signs) if page is not None)
    assert now == was
    assert [len(each) - len(was) for each in others] == [2, 2]


def test_a_number_that_no_table_holds_is_no_page(here: World) -> None:
    client = signed_in(here.people["broker"])
    assert [each.name for each in urlpatterns if isinstance(each, URLPattern) and "<int:" in str(each.pattern)] == []
    for each in ("packages", "needs", "directory", "rings", "contacts", "directory/1/evidence/withdraw"):
        assert client.get(f"/p/{SLUG}/support/{each}/{2**63}/").status_code == 404
    assert client.get(f"/p/{SLUG}/support/mentors/{2**63}/{2**63}/offer/").status_code == 404


@pytest.mark.parametrize("state", ["active", "ending", "after"])
@pytest.mark.parametrize("who", ["head", "lender", "broker"])
def test_nobody_is_urged_to_end_support_that_is_at_work(here: World, who: str, state: str) -> None:
    seen = package_page(SLUG, package(here, state).pk, viewer=here[who], at=AT)
    assert seen is not None
    assert seen.onward == ()


def test_what_leads_to_support_is_urged_on_whoever_may_do_it(here: World) -> None:
    row = package(here, "matching")
    Package.objects.filter(pk=row.pk).update(supporter=supporter(here))
    found = [package_page(SLUG, row.pk, viewer=here[who], at=AT) for who in ("broker", "head")]
    assert [[each.move.key for each in seen.onward] for seen in found if seen is not None] == [["check"], []]


# A broker's own


def broker_too(here: World, who: str) -> int:
    person = here.people[who]
    take_post(slug=SLUG, role="broker", title="Broker", person_id=person.pk, from_on=date(2025, 9, 1), by="the test", at=AT)
    return int(person.pk)


def test_a_package_is_not_handed_to_its_own_supporter(here: World) -> None:
    row = package(here, "agreeing", given_by=supporter(here, school=None))
    to = broker_too(here, "supporter")
    assert refused(Conflict, package_beside.hand_over, **known(row, here), to_person_id=to) == (
        f"{here.people['supporter'].name} is the supporter or of their organisation, so somebody else is its broker. Nothing was changed."
    )


def test_a_package_is_not_handed_to_whoever_works_for_the_supporter_s_trust(here: World) -> None:
    trust = Group.objects.first()
    assert trust is not None
    School.objects.filter(urn__in=(LENDER, "990006")).update(trust=trust)
    row = package(here, "agreeing")
    here.people["other head"] = someone("Wyn Frost")
    to = broker_too(here, "other head")
    take_post(slug=SLUG, role="head", title="Headteacher", person_id=to, urn="990006", from_on=date(2026, 1, 1), by="the test", at=AT)
    says = "Wyn Frost is the supporter or of their organisation, so somebody else is its broker. Nothing was changed."
    assert refused(Conflict, package_beside.hand_over, **known(row, here), to_person_id=to) == says
    assert Package.objects.get(pk=row.pk).broker_id == here.people["broker"].pk


@pytest.mark.parametrize("apart", ["trust", "interest"])
def test_a_package_is_not_followed_to_a_school_that_its_supporter_may_not_serve(here: World, apart: str) -> None:
    row = package(here, "active")
    closed_school(BECAME)
    if apart == "trust":
        trust = Group.objects.first()
        assert trust is not None
        School.objects.filter(urn__in=(LENDER, BECAME)).update(trust=trust)
    else:
        StandingInterest.objects.create(
            supporter_id=row.supporter_id, school_id=BECAME, kind="family", declared_at=AT
        )  # fmt: skip
    assert refused(Conflict, package_beside.follow_school, **known(row, here)) == (
        "The supporter may not serve the school that it became. Stop the package, or choose somebody else first. Nothing was changed."
    )
    assert Package.objects.get(pk=row.pk).school_id == RECEIVER


# A way that is left by a side door


def test_a_request_that_is_taken_back_takes_its_package_along(here: World) -> None:
    asked = need(here)
    row = placing.begin(slug=SLUG, need_id=asked.pk, by=here["broker"], at=AT)
    needs.withdraw_need(slug=SLUG, need_id=asked.pk, by=here["head"], at=AT)
    row.refresh_from_db()
    asked.refresh_from_db()
    assert (row.status, row.ended_on, asked.state, asked.ended_on) == ("stopped", ON, "withdrawn", ON)


def test_a_request_is_not_followed_past_its_open_package_and_goes_with_it(here: World) -> None:
    asked = need(here)
    row = placing.begin(slug=SLUG, need_id=asked.pk, by=here["broker"], at=AT)
    closed_school(BECAME)
    assert refused(OutOfTurn, needs.follow_need, slug=SLUG, need_id=asked.pk, by=here["broker"], at=AT) == (
        "A package of this request is open. Follow that, and the request goes with it. Nothing was changed."
    )
    package_beside.follow_school(**known(row, here))
    assert (Need.objects.get(pk=asked.pk).school_id, Package.objects.get(pk=row.pk).school_id) == (BECAME, BECAME)


@pytest.mark.parametrize("who", ["head", "lender", "broker"])
def test_support_that_came_to_its_end_is_not_stopped_afterwards(here: World, who: str) -> None:
    row = package(here, "after")
    at = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
    says = "The support has ended already, and what came of it stands. Nothing was changed."
    assert refused(OutOfTurn, package_beside.stop, **known(row, here, who, at), why="Late") == says
    assert Package.objects.get(pk=row.pk).met == row.met != "stopped"


def test_no_concern_is_written_down_once_a_package_has_ended(here: World) -> None:
    row = package(here, "active")
    Package.objects.filter(pk=row.pk).update(workflow={**row.workflow, "concerns": True})
    package_beside.stop(**known(row, here, "head"))
    says = "This package has ended. Nothing was changed."
    assert refused(OutOfTurn, concerns.raise_concern, **known(row, here), summary="They stopped") == says
    assert EngagementConcern.objects.count() == 0


@pytest.mark.parametrize("verb", ["need.asked", "need.withdrawn", "days.booked", "ring.agreed", "support.stopped", "mentoring.agreed"])
def test_the_partnership_s_journal_tells_nobody_who_asked_who_is_supported_or_who_agreed(here: World, verb: str) -> None:
    journal.record(
        by=here["head"], at=AT, verb=verb, subject_kind="x", subject_key=1, subject_label="Fernhollow", partnership=SLUG, urn=RECEIVER
    )
    told, own = entries(SLUG, viewer=here["manager"]), entries_for_school(RECEIVER, viewer=here["head"])
    assert told is not None
    assert (verb in [each.verb for each in told.entries], [each.verb for each in own][:1]) == (False, [verb])


# Money


def fund_of(here: World) -> int:
    found = record_fund(slug=SLUG, name="Support", source="Schools", year="2026-27", pence=500_000, by=here["manager"], at=AT)
    return int(found.pk)


def cost_of(here: World, row: Package, **more: Any) -> PackageCost:
    line = Line("A specialist", Payer.FUND, sum_pence=100_000)
    return money.add_cost(slug=SLUG, package_id=row.pk, line=line, by=here["manager"], at=AT, **more)


def test_what_a_fund_set_aside_is_free_again_where_support_never_began(here: World) -> None:
    row = package(here, "agreeing")
    cost = cost_of(here, row, fund_id=fund_of(here))
    package_beside.stop(**known(row, here, "head"))
    cost.refresh_from_db()
    assert (Commitment.objects.get().released_on, cost.ended_on) == (ON, ON)


def test_the_manager_is_told_where_support_stops_whose_money_is_set_aside(here: World) -> None:
    here.people["manager"].email = "manager@example.org"
    here.people["manager"].save()
    row = package(here, "active")
    cost_of(here, row, fund_id=fund_of(here))
    before = Letter.objects.filter(to_address="manager@example.org").count()
    package_beside.stop(**known(row, here, "head"))
    assert Letter.objects.filter(to_address="manager@example.org").count() == before + 1
    assert Commitment.objects.get().released_on is None


def test_no_money_is_set_aside_for_support_that_ended_before_it_began(here: World) -> None:
    row, pot = package(here, "agreeing"), fund_of(here)
    cost = cost_of(here, row)
    package_beside.stop(**known(row, here, "head"))
    says = "This package has ended. Nothing was changed."
    assert refused(OutOfTurn, money.set_aside, slug=SLUG, cost_id=cost.pk, fund_id=pot, by=here["manager"], at=AT) == says
    assert Commitment.objects.count() == 0


def test_one_form_sent_twice_promises_money_once(here: World) -> None:
    row = package(here, "active")
    cost_of(here, row, fund_id=fund_of(here), version=row.version)
    with pytest.raises(ChangedMeanwhile):
        cost_of(here, row, fund_id=1, version=row.version)
    assert Commitment.objects.count() == 1


def test_the_manager_frees_what_is_left_after_a_stop(here: World) -> None:
    row = package(here, "active")
    cost = cost_of(here, row, fund_id=fund_of(here))
    package_beside.stop(**known(row, here, "head"))
    address = reverse("support-cost-end", args=[SLUG, row.pk, cost.pk])
    with patch("django.utils.timezone.now", return_value=AT):
        client = signed_in(here.people["manager"], code=True)
        assert address in client.get(reverse("support-money", args=[SLUG, row.pk])).content.decode()
        assert client.post(address, {"why": "Nothing more is owed"}).status_code == 302
    assert Commitment.objects.get().released_on is not None
