"""The plan of a package: its objectives are set, and changed. Whoever agreed before is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.support.actions.deployment_rows import WORKING, held, running
from convenor.support.actions.package_rows import log, tell
from convenor.support.models import Objective, Package
from convenor.support.rules.ownership import Sight
from convenor.support.rules.plan import Goal, check_goals
from convenor.support.rules.states import PackageStep, Who


def set_plan(
    *, slug: str, package_id: int, goals: Mapping[int, Goal], by: Viewer, at: datetime, why: str = "", version: int | None = None
) -> Package:  # fmt: skip
    """Sets the objectives of a package, one to five, by number; one that is left out ends and stays on record.

    Both schools, the supporter once the receiving head let them see the plan, and the broker may. A plan that is changed counts one
    more, so both heads are asked again. What stands already changes nothing. Raises what `held` and `check_goals` raise, OutOfTurn.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, _ = held(slug, package_id, *WORKING, sight=Sight.PLAN, by=by, at=at, version=version)
        running(row)
        rows = {each.number: each for each in Objective.objects.filter(package=row)}
        stands = {number: each.goal for number, each in rows.items() if each.ended_on is None}
        kept = check_goals(goals, stands=stands, on=day_of(at))
        if kept == stands:
            return row
        _write(row, rows, kept, at)
        log(row, PackageStep.PLAN_CHANGED, by=by, at=at, why=why[:600], before=_told(stands), after=_told(kept))
        tell(row, Who.RECEIVING, Who.BROKER, by=by, at=at)
    return row


def _write(row: Package, rows: Mapping[int, Objective], kept: Mapping[int, Goal], at: datetime) -> None:
    for number, goal in kept.items():
        if number in rows and rows[number].ended_on is None and rows[number].goal == goal:
            continue
        one = rows.get(number) or Objective(package=row, number=number, version=0)
        for name, value in asdict(goal).items():
            setattr(one, name, value)
        one.ended_on, one.version = None, one.version + 1
        one.save()
    for number, one in rows.items():
        if number not in kept and one.ended_on is None:
            one.ended_on, one.version = day_of(at), one.version + 1
            one.save()


def _told(goals: Mapping[int, Goal]) -> dict[str, Any]:
    """A plan as the log keeps it: what stood before stays readable."""
    return {
        str(number): {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in asdict(goal).items()}
        for number, goal in sorted(goals.items())
    }
