"""Days: booked, given back and delivered; two brokers who book the last one at one moment, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions import capacity
from convenor.support.models import Assurance, CapacityYear, Supporter
from convenor.support.rules.refusals import AssuranceEnded, NoDaysLeft, WrongSum
from tests.factories.support_directory import AT, YEAR, World, directory_world, supporter

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return directory_world()


def now(row: Supporter) -> tuple[int, int, int]:
    found = CapacityYear.objects.get(supporter=row, year=YEAR)
    return found.half_days_offered, found.half_days_booked, found.half_days_delivered


def test_days_are_booked_delivered_and_given_back(here: World) -> None:
    row = supporter(here, half_days=10)
    capacity.book(row.pk, YEAR, 6, by=here["broker"], at=AT)
    capacity.deliver(row.pk, YEAR, 2, by=here["broker"], at=AT)
    capacity.release(row.pk, YEAR, 3, by=here["broker"], at=AT)
    assert now(row) == (10, 3, 2)
    told = Entry.objects.filter(subject_kind="supporter").order_by("id").values_list("verb", "detail")
    assert list(told) == [
        ("days.booked", {"year": YEAR, "half_days": 6}),
        ("days.delivered", {"year": YEAR, "half_days": 2}),
        ("days.released", {"year": YEAR, "half_days": 3}),
    ]


def test_more_days_than_are_left_are_refused_with_the_number(here: World) -> None:
    row = supporter(here, half_days=3)
    capacity.book(row.pk, YEAR, 2, by=here["broker"], at=AT)
    with pytest.raises(NoDaysLeft, match=r"^Ada Example has 1 half day left in 2026-27; another broker may have booked them\. "):
        capacity.book(row.pk, YEAR, 2, by=here["broker"], at=AT)
    with pytest.raises(NoDaysLeft, match=r"^Ada Example has no half days left in 2027-28;"):
        capacity.book(row.pk, "2027-28", 1, by=here["broker"], at=AT)
    assert now(row) == (3, 2, 0)


def test_nothing_is_booked_of_somebody_whose_assurance_ended(here: World) -> None:
    row = supporter(here)
    Assurance.objects.filter(supporter=row).update(valid_until_on=date(2026, 10, 1))
    with pytest.raises(AssuranceEnded, match=r"^What vouched for Ada Example ended on 1 October 2026\."):
        capacity.book(row.pk, YEAR, 1, by=here["broker"], at=AT)
    unknown = supporter(here, "Una Fell", assure=False)
    with pytest.raises(AssuranceEnded, match=r"^Nothing vouches for Una Fell yet\."):
        capacity.book(unknown.pk, YEAR, 1, by=here["broker"], at=AT)
    assert (now(row), now(unknown)) == ((30, 0, 0), (30, 0, 0))


def test_what_was_delivered_is_neither_given_back_nor_passed(here: World) -> None:
    row = supporter(here, half_days=4)
    capacity.book(row.pk, YEAR, 2, by=here["broker"], at=AT)
    capacity.deliver(row.pk, YEAR, 2, by=here["broker"], at=AT)
    for action in (capacity.release, capacity.deliver):
        with pytest.raises(WrongSum, match=r"^Ada Example has no half days booked and not yet delivered in 2026-27"):
            action(row.pk, YEAR, 1, by=here["broker"], at=AT)
    assert now(row) == (4, 2, 2)


def test_who_moves_days(here: World) -> None:
    row = supporter(here)
    for who in ("clerk", "auditor", "diocese", "regional link", "somebody with no post"):
        for action in (capacity.book, capacity.release, capacity.deliver):
            with pytest.raises(NotAllowed):
                action(row.pk, YEAR, 1, by=here[who], at=AT)
    capacity.book(row.pk, YEAR, 1, by="the system", at=AT)
    with pytest.raises(NotThere):
        capacity.book(0, YEAR, 1, by=here["broker"], at=AT)
    assert now(row) == (30, 1, 0)


def test_who_says_what_is_offered(here: World) -> None:
    row = supporter(here, half_days=None, school_id="990001", person=here.people["school leader"])
    for number, who in enumerate(("school leader", "head", "chair of governors", "manager"), 1):
        capacity.offer_days(row.pk, YEAR, number, by=here[who], at=AT)
        assert now(row) == (number, 0, 0)
    for who in ("other head", "broker", "clerk", "system leader"):
        with pytest.raises(NotAllowed):
            capacity.offer_days(row.pk, YEAR, 9, by=here[who], at=AT)
    capacity.book(row.pk, YEAR, 3, by=here["broker"], at=AT)
    with pytest.raises(WrongSum, match=r"^Ada Example has 3 half days booked in 2026-27 already"):
        capacity.offer_days(row.pk, YEAR, 2, by=here["head"], at=AT)
    capacity.offer_days(row.pk, YEAR, 3, by="an operator", at=AT)
    assert now(row) == (3, 3, 0)


def test_a_trust_says_what_it_offers(here: World) -> None:
    row = supporter(here, "Waterside Trust", half_days=None, kind="trust", school_id=None, trust_id="T1")
    capacity.offer_days(row.pk, YEAR, 8, by=here["trust lead"], at=AT)
    with pytest.raises(NotAllowed):
        capacity.offer_days(row.pk, YEAR, 9, by=here["head"], at=AT)
    assert now(row) == (8, 0, 0)


def test_the_table_itself_refuses_more_booked_than_offered(here: World) -> None:
    row = supporter(here, half_days=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        CapacityYear.objects.filter(supporter=row).update(half_days_booked=3)
    assert now(row) == (2, 0, 0)


def test_the_write_itself_asks_once_more(here: World) -> None:
    row = supporter(here, half_days=2)
    with patch("convenor.support.actions.capacity.rules.booked", return_value=3), pytest.raises(NoDaysLeft, match=r"has 2 half days left"):
        capacity.book(row.pk, YEAR, 3, by=here["broker"], at=AT)
    assert (now(row), Entry.objects.filter(verb="days.booked").count()) == ((2, 0, 0), 0)


def at_once(*tasks: Callable[[], object]) -> list[str]:
    """Runs the tasks at one moment, each with a connection of its own; what came of each, in the order of the alphabet."""
    ready, said = threading.Barrier(len(tasks)), []

    def run(task: Callable[[], object]) -> None:
        try:
            ready.wait(10)
            task()
            said.append("booked")
        except NoDaysLeft as refused:
            said.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_two_brokers_book_the_last_day_and_one_gets_it() -> None:
    here = directory_world()
    row = supporter(here, half_days=2)
    two = [lambda: capacity.book(row.pk, YEAR, 2, by=here["broker"], at=AT)] * 2
    refused = (
        "Ada Example has no half days left in 2026-27; another broker may have booked them. Ask for fewer, or choose somebody else. "
        "Nothing was changed."
    )
    assert at_once(*two) == [refused, "booked"]
    assert now(row) == (2, 2, 0)


@pytest.mark.django_db(transaction=True)
def test_many_brokers_never_book_more_than_is_offered() -> None:
    here = directory_world()
    row = supporter(here, half_days=5)
    eight = [lambda: capacity.book(row.pk, YEAR, 1, by=here["broker"], at=AT)] * 8
    said = at_once(*eight)
    assert (said.count("booked"), len(said)) == (5, 8)
    assert now(row) == (5, 5, 0)
