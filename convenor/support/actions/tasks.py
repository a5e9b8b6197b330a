"""Tasks of a package: what somebody writes into one. Whether it is complete follows by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.registers.queries.known import known_urns
from convenor.support.actions.package_rows import derive, locked, log, now_of, tell
from convenor.support.models import Package, PackageTask
from convenor.support.rules.refusals import NoWords
from convenor.support.rules.states import PackageStep, TaskStatus
from convenor.support.rules.task_values import check_task, cleaned
from convenor.support.rules.tasks import PackageNow
from convenor.support.rules.workflows import FieldKind, Task


def save_task(
    *, slug: str, package_id: int, key: str, values: Mapping[str, Any], by: Viewer, at: datetime, version: int | None = None
) -> Package:  # fmt: skip
    """Writes into a task of the workflow, partly or whole; the old and the new stand in the log. Whoever's turn comes by it is told.

    Raises NotThere, ChangedMeanwhile, NotYours, OutOfTurn (it waits for another), NoWords, WrongDay, WrongSum.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        _, before = now_of(row, by=by, at=at)
        now = next((each for each in before.tasks if each.key == key), None)
        if now is None:
            raise NotThere("There is no such task in this package. Nothing was changed.")
        check_task(now, here.who)
        kept = cleaned(now.task, values)
        _schools_known(now.task, kept, viewer=by)
        task, _ = PackageTask.objects.select_for_update(of=("self",)).get_or_create(
            package=row, key=key, defaults={"status": TaskStatus.NOT_STARTED.value, "who": now.task.who.value}
        )
        was = dict(task.values)
        task.values = was | kept
        task.saved_by, task.version = by.label[:200], task.version + 1
        task.save()
        late = now.late(day_of(at))
        log(row, PackageStep.TASK, by=by, at=at, task=key, before=was, after=task.values, late=late)
        _tell_turns(row, before, by=by, at=at)
    return row


def _schools_known(task: Task, kept: Mapping[str, str], *, viewer: Viewer) -> None:
    asked = [kept[each.key] for each in task.fields if each.kind is FieldKind.SCHOOL and kept.get(each.key)]
    for urn in set(asked) - known_urns(asked, viewer=viewer):
        raise NoWords(f"The register knows no school {urn}. Nothing was changed.")


def _tell_turns(row: Package, before: PackageNow, *, by: Viewer, at: datetime) -> None:
    """A letter to those whose turn it was not before."""
    after = derive(row, by=by, at=at)
    come = after.turns() - before.turns()
    if come:
        tell(row, *sorted(come), by=by, at=at)
