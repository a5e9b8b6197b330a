"""Two at the same moment, on both databases: one gets it and the other is told, and no two wait for one another for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connections

from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.support.actions import placing
from convenor.support.actions.needs import withdraw_need
from convenor.support.actions.package_beside import stop
from convenor.support.actions.rings import propose_ring, reckon_rings
from convenor.support.actions.visits import move, plan_visit
from convenor.support.models import CapacityYear, Need, Package, Ring, RingLink, Visit
from convenor.support.rules.refusals import ChangedMeanwhile, OutOfTurn
from tests.factories.support import RECEIVER, package, supporter
from tests.factories.support_beside import answer
from tests.factories.support_brokerage import AT, SLUG, World, brokerage, need
from tests.factories.support_deployments import NOW

pytestmark = pytest.mark.django_db(transaction=True)
SHARED, ROUNDS = "990003", 4


@pytest.fixture
def here() -> World:
    return brokerage()


def together(*doings: Callable[[], object]) -> list[str]:
    """Does all of them at once, each with a connection of its own; what each came to: "done" or its refusal. Anything else is raised."""
    gate, found, wrong = threading.Barrier(len(doings)), [""] * len(doings), []

    def run(number: int, doing: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            doing()
            found[number] = "done"
        except Refused as refused:
            found[number] = type(refused).__name__
        except BaseException as error:  # a deadlock, among others: the test itself has to fail of it
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(doings)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    if wrong:
        raise wrong[0]
    return sorted(found)


def test_two_brokers_open_rings_that_share_a_school_and_one_gets_it(here: World) -> None:
    answer(here, RECEIVER, "reading", "science")
    answer(here, SHARED, "science", "reading")
    one = reckon_rings(slug=SLUG, by=here["broker"], at=AT)
    answer(here, "990005", "science", "reading")
    answer(here, "990002", "staff", "parents")
    two = reckon_rings(slug=SLUG, by=here["split"], at=AT)
    assert {tuple(sorted(each["giver"] for each in row.answer["rings"][0])) for row in (one, two)} <= {
        (RECEIVER, SHARED), ("990001", "990005"),
    }  # fmt: skip
    said = together(
        lambda: propose_ring(slug=SLUG, plan_id=one.pk, number=1, by=here["broker"], at=AT),
        lambda: propose_ring(slug=SLUG, plan_id=two.pk, number=1, by=here["split"], at=AT),
    )
    assert (said, Ring.objects.count(), RingLink.objects.count()) == ([OutOfTurn.__name__, "done"], 1, 2)


def test_a_request_taken_back_while_its_package_is_stopped_ends_once(here: World) -> None:
    for _ in range(ROUNDS):
        asked = need(here, broker=None)
        row = placing.begin(slug=SLUG, need_id=asked.pk, by=here["broker"], at=AT)
        said = together(
            lambda asked=asked: withdraw_need(slug=SLUG, need_id=asked.pk, by=here["head"], at=AT),  # type: ignore[misc]
            lambda row=row: stop(slug=SLUG, package_id=row.pk, by=here["chair of governors"], at=AT),  # type: ignore[misc]
        )
        assert (said[-1], said[0] in (OutOfTurn.__name__, NotThere.__name__, ChangedMeanwhile.__name__)) == ("done", True)
        row.refresh_from_db()
        asked.refresh_from_db()
        assert (row.met, asked.state) == ("stopped", "withdrawn")


def test_a_request_taken_back_while_somebody_is_chosen_is_one_or_the_other(here: World) -> None:
    given = supporter(here, half_days=60)
    for _ in range(ROUNDS):
        asked = need(here, broker=None)
        placing.begin(slug=SLUG, need_id=asked.pk, by=here["broker"], at=AT)
        said = together(
            lambda asked=asked: withdraw_need(slug=SLUG, need_id=asked.pk, by=here["head"], at=AT),  # type: ignore[misc]
            lambda asked=asked: placing.choose(  # type: ignore[misc]
                slug=SLUG, need_id=asked.pk, supporter_id=given.pk, why="She knows it.", by=here["broker"], at=AT
            ),
        )
        assert (said.count("done"), len(said)) == (1, 2)
        [row] = Package.objects.filter(need=asked)
        assert (Need.objects.get(pk=asked.pk).state, row.met) in (("withdrawn", "stopped"), ("chosen", ""))


def test_one_visit_sent_twice_at_the_same_moment_is_booked_once(here: World) -> None:
    row = package(here)
    assert row.supporter is not None

    def sent() -> object:
        return plan_visit(
            slug=SLUG, package_id=row.pk, on=date(2026, 11, 18), half_days=1, by=here["supporter"], at=NOW, version=row.version
        )

    assert together(sent, sent) == [ChangedMeanwhile.__name__, "done"]
    assert (Visit.objects.count(), CapacityYear.objects.get(supporter=row.supporter, year="2026-27").half_days_booked) == (1, 1)


def test_visits_that_change_their_school_years_wait_for_one_another(here: World) -> None:
    given = supporter(here)
    rows = [package(here, given_by=given), package(here, given_by=given, school="990002")]
    days = (date(2026, 11, 18), date(2027, 9, 15))
    planned = [
        plan_visit(slug=SLUG, package_id=row.pk, on=on, half_days=1, by=here["supporter"], at=NOW)
        for row, on in zip(rows, days, strict=True)
    ]
    for turn in range(ROUNDS):
        one, two = days if turn % 2 else days[::-1]
        said = together(
            lambda one=one: move(slug=SLUG, visit_id=planned[0].pk, on=one, by=here["supporter"], at=NOW),  # type: ignore[misc]
            lambda two=two: move(slug=SLUG, visit_id=planned[1].pk, on=two, by=here["supporter"], at=NOW),  # type: ignore[misc]
        )
        assert said == ["done", "done"]
    assert sorted(CapacityYear.objects.filter(supporter=given).values_list("half_days_booked", flat=True)) == [1, 1]
