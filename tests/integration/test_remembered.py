"""What is laid back for a test is what the actions would have made for it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from convenor.accounts.models import Person
from tests.factories import remembered
from tests.factories.intelligence_conversations import circle
from tests.factories.partnership import AT, World, someone, world
from tests.factories.peer_review import reviewing
from tests.factories.review_matching import county
from tests.factories.review_rounds import rounds_world
from tests.factories.support import supporting
from tests.factories.support_brokerage import brokerage
from tests.factories.support_directory import directory_world
from tests.integration.web import people

pytestmark = pytest.mark.django_db
BUILDERS = [world, supporting, reviewing, rounds_world, directory_world, brokerage, circle, county, people.world]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "KEPT", {})
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    monkeypatch.setattr("django.contrib.auth.hashers.get_random_string", lambda length: "x" * length)  # of passwords that nobody has


def made(build: Callable[[], Any]) -> tuple[dict[str, Any], Any]:
    """Every row after a builder ran, and what it returned; taken back."""
    with transaction.atomic():
        returned = build()
        # PostgreSQL puts a row where there is room, in no order that anybody may count on.
        lying = {table: sorted(rows.splitlines()) if isinstance(rows, bytes) else rows for table, rows in remembered.rows().items()}
        transaction.set_rollback(True)
    return lying, returned


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: f"{build.__module__}.{build.__name__}")
def test_what_is_laid_back_is_what_was_built(build: Callable[[], Any]) -> None:
    first, of_first = made(build)
    second, of_second = made(build)
    assert sum(map(len, first.values())) > 0
    assert (second, of_second) == (first, of_first)
    if connection.vendor == "sqlite":  # PostgreSQL never gives the same key twice
        remembered.KEPT.clear()
        assert made(build) == (first, of_first)


def test_each_test_has_a_world_of_its_own() -> None:
    _, first = made(world)
    first.people["head"].name = "Changed"
    _, second = made(world)
    assert second.people["head"].name == "Ada Example"


def test_next_row_has_a_key_of_its_own() -> None:
    made(world)
    here = world()
    last = max(person.pk for person in here.people.values())
    assert someone("Nell Late").pk > last


def test_world_beside_something_else_is_built() -> None:
    made(world)
    someone("Early Bird")
    here = world()
    assert (Person.objects.filter(name="Early Bird").count(), len(remembered.KEPT)) == (1, 1)
    assert isinstance(here, World)


def test_builder_that_sends_a_letter_is_not_remembered() -> None:
    @remembered.remembered
    def telling() -> int:
        mail.send_mail("Hello", "There", None, ["ada@example.org"])
        return len(mail.outbox)

    assert [made(telling)[1], made(telling)[1]] == [1, 2]


def test_what_is_laid_back_differs_by_the_words_given() -> None:
    @remembered.remembered
    def called(name: str) -> str:
        return pickle.loads(pickle.dumps(someone(name).name))

    assert [made(lambda: called("Ann Day"))[1], made(lambda: called("Ben Day"))[1]] == ["Ann Day", "Ben Day"]
