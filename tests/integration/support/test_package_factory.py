"""The factory's packages stand as their rows say, in every state of the way."""

from __future__ import annotations

import pytest

from convenor.support.models import PackageTask
from convenor.support.rules.states import PackageStatus, StateKind
from tests.factories.support import MOMENTS, WAY, package, supporting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", WAY)
def test_factory_package_stands_in_its_state_with_nothing_late(state: str) -> None:
    row = package(supporting(), state)
    row.refresh_from_db()
    assert row.state == state
    on = MOMENTS[state].date()
    assert row.next_due_on is None or row.next_due_on >= on


@pytest.mark.parametrize(
    ("state", "more", "status", "kind"),
    [
        ("asked", {}, PackageStatus.WAITS, StateKind.WAITING),
        ("active", {}, PackageStatus.ON_ITS_WAY, StateKind.WORKING),
        ("active", {"paused": True}, PackageStatus.PAUSED, StateKind.WORKING),
        ("active", {"stopped": True}, PackageStatus.STOPPED, StateKind.ENDED),
        ("after", {}, PackageStatus.ON_ITS_WAY, StateKind.AFTER),
        ("closed", {}, PackageStatus.ENDED, StateKind.ENDED),
    ],
)
def test_factory_package_has_the_status_that_follows(state: str, more: dict[str, bool], status: PackageStatus, kind: StateKind) -> None:
    row = package(supporting(), state, **more)
    row.refresh_from_db()
    assert (row.status, row.kind) == (status, kind)


def test_factory_package_keeps_the_tasks_that_are_done() -> None:
    row = package(supporting(), "active")
    done = set(PackageTask.objects.filter(package=row, status="complete").values_list("key", flat=True))
    assert done == {"visit-to-understand", "diagnosis", "supporter", "fit", "contact", "objectives", "costs", "accept", "agreement"}
