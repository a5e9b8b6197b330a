"""What every action on a package shares: the locked row, the step written down, what is derived, the letter that carries nothing.

An action on a package goes like this::

    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        ...                                             # what it changes, in its own tables
        log(row, PackageStep.VISITED, by=by, at=at)     # counts the version, derives, journals
        tell(row, Who.RECEIVING, by=by, at=at)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, day_of
from convenor.partnership.rules.refusals import NotThere
from convenor.post import actions as post
from convenor.support.models import Package, PackageLog, PackageTask
from convenor.support.queries.package_people import people_of
from convenor.support.queries.package_tasks import Weighed, weighed
from convenor.support.queries.standing import PackageHere, package_here
from convenor.support.rules.refusals import ChangedMeanwhile
from convenor.support.rules.states import PackageStep, TaskStatus, Who
from convenor.support.rules.tasks import Entered, PackageNow, Standing, TaskNow, package_now

#: One kind for every letter about a package, so that not even its kind says what it is about.
SOMETHING_WAITS = "something-waits"
NOT_THERE = "There is no such package in this partnership, or it is not yours to see. Nothing was changed."
CHANGED = (
    "Somebody changed this package while you were reading it. Look at it as it stands now; what you wrote is still here. "
    "Nothing was changed."
)  # fmt: skip
#: How the row of a time limit begins that belongs to no task.
TIMER = "timer:"
#: Tasks of these statuses have no row until something is entered.
UNWRITTEN = frozenset({TaskStatus.CANNOT_START, TaskStatus.NOT_REQUIRED})


def locked(slug: str, pk: int, *, by: Viewer, at: datetime, version: int | None = None) -> tuple[Package, PackageHere]:
    """The package, held until the transaction ends, and what `by` may see of it. `version` is the one they read.

    Raises NotThere for anybody who sees nothing of it, and ChangedMeanwhile where somebody changed it since.
    """
    rows = Package.objects.select_for_update(of=("self",)).select_related("partnership", "school", "supporter", "need", "choice")
    row = rows.filter(partnership__slug=slug, pk=pk).first()
    here = package_here(slug, pk, viewer=by, at=at) if row is not None else None
    if row is None or here is None:
        raise NotThere(NOT_THERE)
    if version is not None and version != row.version:
        raise ChangedMeanwhile(CHANGED, now=row.version)
    return row, here


def log(
    row: Package, step: PackageStep, *, by: Viewer, at: datetime, why: str = "", task: str = "", before: Any = None, after: Any = None,
    late: bool = False,
) -> None:  # fmt: skip
    """Counts the version, derives and saves the package, writes the step down for ever and records it.

    The journal says that it was done and at which school, never what was said: a reason stays in the log.
    """
    row.version += 1
    PackageLog.objects.create(
        package=row, step=step.value, state=row.state, task=task, at=at, by_key=str(by.person_id), by_label=by.label[:200], late=late,
        why=why, before=before, after=after,
    )  # fmt: skip
    derive(row, by=by, at=at)
    journal.record(
        by=by, at=at, verb=f"support.{step.value}", subject_kind="support-package", subject_key=row.pk, partnership=row.partnership.slug,
        subject_label=row.school.name, urn=row.school_id,
    )  # fmt: skip


def derive(row: Package, *, by: Viewer, at: datetime) -> PackageNow:
    """Writes what follows from everything else: kind, status and the next day due of the package, status and day of each task. Saves it.

    A task that came to be complete is marked with the moment; one that is so no longer loses it. Called after every write to a package.
    """
    known = weighed(row, viewer=by, on=day_of(at))
    here = known.standing
    for _ in range(2):  # a task's day may count from another that was completed only now
        now = package_now(known.workflow, here, known.open_on)
        completed = _completed(now, here, at)
        if completed == here.entered:
            break
        here = replace(here, entered=completed)
    _keep_tasks(row, now, at=at)
    row.kind, row.status, row.next_due_on = now.kind.value, now.status.value, now.next_due_on
    row.save()
    return now


def _completed(now: PackageNow, here: Standing, at: datetime) -> dict[str, Entered]:
    """What was entered, with the day on which each task came to be complete."""
    found = dict(here.entered)
    for each in now.tasks:
        values = here.entered.get(each.key, Entered())
        if each.status is TaskStatus.COMPLETE and values.completed_on is None:
            found[each.key] = Entered(values.values, day_of(at))
        elif each.status is not TaskStatus.COMPLETE and values.completed_on is not None:
            found[each.key] = Entered(values.values, None)
    return found


def _keep_tasks(row: Package, now: PackageNow, *, at: datetime) -> None:
    rows = {each.key: each for each in PackageTask.objects.filter(package=row)}
    new, changed = [], []
    for each in now.tasks:
        kept = rows.get(each.key)
        if kept is None:
            if each.status not in UNWRITTEN:
                kept = PackageTask(package=row, key=each.key)
                _put(kept, each, at)
                new.append(kept)
        elif _put(kept, each, at):
            changed.append(kept)
    _keep_timers(row, now, rows, new, changed)
    PackageTask.objects.bulk_create(new)
    PackageTask.objects.bulk_update(changed, ["status", "who", "due_on", "completed_at"])


def _keep_timers(
    row: Package, now: PackageNow, rows: dict[str, PackageTask], new: list[PackageTask], changed: list[PackageTask]
) -> None:  # fmt: skip
    """A running limit that belongs to no task has a row too, so that reminders and lists know of it; one that runs no more says so."""
    running = {f"{TIMER}{each.timer.key}": each for each in now.timers}
    for key, each in running.items():
        kept = rows.get(key) or PackageTask(package=row, key=key)
        kept.status, kept.who, kept.due_on = TaskStatus.NOT_STARTED.value, each.timer.who.value, each.due_on
        (changed if key in rows else new).append(kept)
    for key, kept in rows.items():
        if key.startswith(TIMER) and key not in running and kept.status != TaskStatus.NOT_REQUIRED.value:
            kept.status, kept.due_on = TaskStatus.NOT_REQUIRED.value, None
            changed.append(kept)


def _put(kept: PackageTask, each: TaskNow, at: datetime) -> bool:
    """Puts what is derived into a task's row; whether anything changed."""
    done = each.status is TaskStatus.COMPLETE
    moment = (kept.completed_at or at) if done else None
    was = (kept.status, kept.who, kept.due_on, kept.completed_at)
    kept.status, kept.who, kept.due_on, kept.completed_at = each.status.value, each.task.who.value, each.due_on, moment
    return was != (kept.status, kept.who, kept.due_on, kept.completed_at)


def now_of(row: Package, *, by: Viewer, at: datetime) -> tuple[Weighed, PackageNow]:
    """The package weighed, and what is derived of it, without writing anything."""
    known = weighed(row, viewer=by, on=day_of(at))
    return known, package_now(known.workflow, known.standing, known.open_on)


def tell(row: Package, *whom: Who, by: Viewer, at: datetime, subject: str = "There is something for you in Convenor") -> None:
    """A letter to those who take these parts in a package, that something waits: not what, not from whom, not about which school."""
    for person in people_of(row, whom, viewer=by, at=at):
        if person.email and person.pk != by.person_id:
            post.enqueue(
                by=by, at=at, to_address=person.email, to_name=person.name, kind=SOMETHING_WAITS, subject=subject,
                body=f"Dear {person.name},\n\n{subject}. Please sign in to read it.\n\nThis letter says nothing more on purpose.\n",
            )  # fmt: skip
