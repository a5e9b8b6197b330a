"""What a plan, a visit and a review look like in Fernshire, for tests of deployments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from convenor.support.actions.visits import plan_visit
from convenor.support.models import Package, Visit
from convenor.support.rules.notes import Words
from convenor.support.rules.plan import Goal
from tests.factories.support import SLUG, World

#: While support runs: a Tuesday of the autumn term.
NOW = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
GOAL = Goal(
    "Every child reads daily", "reading", "Reading lead", "The weekly reading log", "Nineteen of thirty read daily", date(2026, 9, 30), 30,
    "Twenty-eight of thirty read daily", date(2027, 7, 16), 4,
)  # fmt: skip
WORDS = Words("Read with six children in year 2.", "Training for two teachers", "Bring the decodable books")


def visit(
    here: World, row: Package, *, on: date = TODAY, half_days: int = 1, by: str = "supporter", at: datetime = NOW, **more: Any
) -> Visit:
    """A visit as its action plans it; a day that has passed is held."""
    return plan_visit(slug=SLUG, package_id=row.pk, on=on, half_days=half_days, by=here[by], at=at, **more)
