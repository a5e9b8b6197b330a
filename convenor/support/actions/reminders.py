"""Reminders of what waits in packages: one letter a person, which says how much waits and never what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from convenor.partnership.gate import day_of
from convenor.post.actions import Addressed, enqueue_all
from convenor.support.models import PackageTask
from convenor.support.queries.package_people import people_of
from convenor.support.rules.reminding import AHEAD, REST, subject, to_remind
from convenor.support.rules.states import PackageStatus, TaskStatus, Who

KIND = "support-reminder"
OPEN = (TaskStatus.NOT_STARTED.value, TaskStatus.IN_PROGRESS.value)
GOING = (PackageStatus.WAITS.value, PackageStatus.ON_ITS_WAY.value)


def send_reminders(*, by: str, at: datetime, limit: int = 500) -> int:
    """Reminds everybody whose task is due within two days or past its day, at most once a week; how many letters were queued.

    What the worker calls at each of its looks: one query where nothing is due. At most `limit` tasks at a time, the oldest first.
    """
    on = day_of(at)
    again = Q(reminded_on=None) | Q(due_on__lt=on) & (Q(reminded_on__lte=F("due_on")) | Q(reminded_on__lte=on - REST))
    with transaction.atomic():
        rows = PackageTask.objects.select_for_update(of=("self",)).filter(
            again, status__in=OPEN, due_on__lte=on + AHEAD, package__status__in=GOING
        )
        fetched = rows.select_related("package__supporter__person", "package__broker", "package__partnership").order_by("due_on", "id")
        due = [each for each in fetched[:limit] if each.due_on is not None and to_remind(each.due_on, each.reminded_on, on)]
        waiting: dict[int, list[bool]] = {}
        people: dict[int, Any] = {}
        for task in due:
            for person in people_of(task.package, [Who(task.who)], viewer=by, at=at):
                people[person.pk] = person
                waiting.setdefault(person.pk, []).append(task.due_on is not None and task.due_on < on)
            task.reminded_on = on
        PackageTask.objects.bulk_update(due, ["reminded_on"])
        letters = [_letter(people[pk], late) for pk, late in waiting.items() if people[pk].email]
        return enqueue_all(by=by, at=at, letters=letters, kind=KIND)


def _letter(person: Any, late: list[bool]) -> Addressed:
    words = subject(len(late), sum(late))
    return Addressed(
        person.email, person.name, words,
        f"Dear {person.name},\n\n{words}. Please sign in to see it: it stands first on your page.\n\nThis letter says nothing more on "
        "purpose. You are told again in a week at the earliest.\n",
    )  # fmt: skip
