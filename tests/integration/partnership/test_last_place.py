"""Two at the same moment: one gets the last place, the other is told. On both databases."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from convenor.funding import rules as funding_rules
from convenor.funding.actions import commit_money, record_fund
from convenor.funding.models import Commitment
from convenor.journal.models import Entry
from convenor.partnership.actions import appoint, join, place_in_body
from convenor.partnership.models import Appointment, BodySchool, Membership
from convenor.partnership.rules.refusals import AlreadyThere, Refused, SeatRefused, SeatTaken
from convenor.registers.models import School
from tests.factories.partnership import AT, ON, SLUG, World, someone, world

pytestmark = pytest.mark.django_db(transaction=True)


def together(*doings: Callable[[], object]) -> list[str]:
    """Does all of them at once; the name of what each got: "done" or its refusal."""
    gate, found = threading.Barrier(len(doings)), [""] * len(doings)

    def run(number: int, doing: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            doing()
            found[number] = "done"
        except (Refused, funding_rules.Refused) as refused:
            found[number] = type(refused).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(doings)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    return sorted(found)


@pytest.fixture
def here() -> World:
    found = world()
    assert connection.vendor in ("sqlite", "postgresql")
    return found


def test_the_last_place_goes_to_one(here: World) -> None:
    people = [someone(f"Candidate {letter}") for letter in "ABC"]

    def seat(number: int) -> Callable[[], object]:
        return lambda: appoint(
            slug=SLUG, body="south-cluster", seat="lead", person_id=people[number].pk, role="headteacher", urn="990005", from_on=ON,
            by=here["manager"], at=AT,
        )  # fmt: skip

    assert together(seat(0), seat(1), seat(2)) == [SeatTaken.__name__, SeatTaken.__name__, "done"]
    assert Appointment.objects.filter(seat__body__key="south-cluster").count() == 1
    assert Entry.objects.filter(verb="seat.filled").count() == 1


def test_a_schools_one_place_on_the_board_goes_to_one(here: World) -> None:
    School.objects.create(
        urn="990098", name="Other School", phase="Primary", type_name="Community school", status="open", authority_id="998", fictitious=True
    )
    Appointment.objects.filter(person__name="Ada Example").delete()
    join(slug=SLUG, urn="990098", from_on=ON, by=here["manager"], at=AT)
    people = [someone(f"Candidate {letter}") for letter in "AB"]

    def seat(number: int) -> Callable[[], object]:
        return lambda: appoint(
            slug=SLUG, body="board", seat="primary-heads", person_id=people[number].pk, role="headteacher", urn="990098", from_on=ON,
            by=here["manager"], at=AT,
        )  # fmt: skip

    assert together(seat(0), seat(1)) == [SeatRefused.__name__, "done"]


def test_a_school_joins_once(here: World) -> None:
    School.objects.create(urn="990097", name="New School", phase="Primary", status="open", authority_id="998", fictitious=True)

    def joins() -> object:
        return join(slug=SLUG, urn="990097", from_on=ON, by=here["manager"], at=AT)

    assert together(joins, joins) == [AlreadyThere.__name__, "done"]
    assert Membership.objects.filter(school="990097").count() == 1


def test_a_school_sits_in_one_cluster(here: World) -> None:
    School.objects.create(urn="990097", name="New School", phase="Primary", status="open", authority_id="998", fictitious=True)
    join(slug=SLUG, urn="990097", from_on=ON, by=here["manager"], at=AT)

    def sits(body: str) -> Callable[[], object]:
        return lambda: place_in_body(slug=SLUG, body=body, urn="990097", from_on=ON, by=here["manager"], at=AT)

    assert together(sits("north-cluster"), sits("south-cluster")) == [SeatRefused.__name__, "done"]
    assert BodySchool.objects.filter(school="990097").count() == 1


def test_the_last_money_of_a_fund_is_committed_once(here: World) -> None:
    fund = record_fund(slug=SLUG, name="Peer review", source="Schools", year="2026-27", pence=100_00, by=here["manager"], at=AT)

    def commits() -> object:
        return commit_money(slug=SLUG, fund_id=fund.pk, what="Release", pence=60_00, committed_on=ON, by=here["manager"], at=AT)

    assert together(commits, commits) == ["Refused", "done"]
    assert Commitment.objects.count() == 1
