"""Setting priorities, charging groups and recording decisions."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.governance import rules
from convenor.governance.models import Decision, Priority, TaskGroup
from convenor.journal import actions as journal
from convenor.partnership.gate import Permission, Viewer, allow, day_of
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.queries.keys import body_row, partnership_id


def set_priority(
    *,
    slug: str,
    title: str,
    measure: str,
    from_on: date,
    until_on: date,
    by: Viewer | str,
    at: datetime,
    why: str = "",
    lead_body: str = "",
    came_from: str = "",
) -> Priority:
    """The partnership takes on a priority, led by one body (its key). Raises rules.Refused when it is not a proper one."""
    allow(by, Permission.PRIORITY_SET, partnership=slug)
    key = partnership_id(slug)
    body = body_row(slug, lead_body) if lead_body else None
    if lead_body and body is None:
        raise rules.Refused("There is no such body to lead it. Nothing was changed.")
    with transaction.atomic():
        running = Priority.objects.filter(in_force(from_on), partnership=key).count()
        rules.refuse_priority(title=title, measure=measure, from_on=from_on, until_on=until_on, running=running)
        priority = Priority.objects.create(
            partnership_id=key, title=title.strip(), why=why, lead_body_id=body.pk if body else None, measure=measure, came_from=came_from,
            from_on=from_on, until_on=until_on,
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="priority.set", subject_kind="priority", subject_key=priority.pk, subject_label=title, partnership=slug
        )
    return priority


def close_priority(*, slug: str, priority_id: int, until_on: date, why: str, by: Viewer | str, at: datetime) -> Priority:
    """A priority ends before its time, with the reason. Raises rules.Refused when it has ended or would end before it began."""
    allow(by, Permission.PRIORITY_SET, partnership=slug)
    with transaction.atomic():
        priority = Priority.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=priority_id).first()
        if priority is None or priority.until_on <= until_on or until_on <= priority.from_on:
            raise rules.Refused("There is no such priority that could end on that day. Nothing was changed.")
        priority.until_on, priority.closed_why = until_on, why
        priority.save()
        journal.record(
            by=by, at=at, verb="priority.closed", subject_kind="priority", subject_key=priority.pk, subject_label=priority.title,
            partnership=slug, why=why,
        )  # fmt: skip
    return priority


def charge_group(
    *, slug: str, body: str, task: str, output: str, due_on: date, by: Viewer | str, at: datetime, priority_id: int | None = None
) -> TaskGroup:
    """A task-and-finish group (a body of the constitution, by its key) is told what to bring, by when, for which priority."""
    allow(by, Permission.PRIORITY_SET, partnership=slug)
    row = body_row(slug, body)
    if row is None:
        raise rules.Refused("There is no such body. Put the group into the constitution first. Nothing was changed.")
    rules.refuse_task_group(task=task, output=output, due_on=due_on, body_from=row.from_on, body_until=row.until_on)
    if priority_id is not None and not Priority.objects.filter(partnership__slug=slug, pk=priority_id).exists():
        raise rules.Refused("There is no such priority in this partnership. Nothing was changed.")
    try:
        with transaction.atomic():
            group = TaskGroup.objects.create(
                partnership_id=row.partnership_id, body_id=row.pk, priority_id=priority_id, task=task, output=output, due_on=due_on
            )
            journal.record(
                by=by, at=at, verb="task-group.charged", subject_kind="body", subject_key=body, subject_label=row.name, partnership=slug
            )
    except IntegrityError as error:
        raise rules.Refused(f"{row.name} has its charge already. Nothing was changed.") from error
    return group


def finish_group(*, slug: str, body: str, finished_on: date, lessons: str, by: Viewer | str, at: datetime) -> TaskGroup:
    """A group has handed over what it was to bring, and says what was learnt. Raises rules.Refused when it has finished or is unknown."""
    row = body_row(slug, body)
    allow(by, Permission.BODY_LEAD, partnership=slug, body_id=row.pk if row else None)
    with transaction.atomic():
        group = TaskGroup.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, body__key=body, finished_on=None).first()
        if group is None or row is None:
            raise rules.Refused("There is no such group still at work. Nothing was changed.")
        group.finished_on, group.lessons = finished_on, lessons
        group.save()
        journal.record(
            by=by, at=at, verb="task-group.finished", subject_kind="body", subject_key=body, subject_label=row.name, partnership=slug
        )
    return group


def record_decision(
    *,
    slug: str,
    body: str,
    words: str,
    decided_on: date,
    by: Viewer | str,
    at: datetime,
    why: str = "",
    votes_for: int | None = None,
    votes_against: int | None = None,
    abstained: int | None = None,
    replaces: int | None = None,
) -> Decision:
    """Writes down what a body (its key) decided. It is never edited: a later decision replaces it, once.

    Raises rules.Refused when it is no proper decision, or the one it replaces is another body's or replaced already.
    """
    allow(by, Permission.PRIORITY_SET, partnership=slug)
    row = body_row(slug, body)
    if row is None:
        raise rules.Refused("There is no such body. Nothing was changed.")
    votes = (votes_for, votes_against, abstained)
    rules.refuse_decision(words=words, decided_on=decided_on, today=day_of(at), votes=votes, quorum=row.quorum)
    with transaction.atomic():
        if replaces is not None:
            before = (
                Decision.objects.select_for_update(of=("self",))
                .filter(partnership__slug=slug, body=row.pk, pk=replaces, replaced_by=None)
                .first()
            )
            if before is None:
                raise rules.Refused("There is no such decision of this body still standing. Nothing was changed.")
        decision = Decision.objects.create(
            partnership_id=row.partnership_id, body_id=row.pk, decided_on=decided_on, words=words.strip(), why=why, votes_for=votes_for,
            votes_against=votes_against, abstained=abstained, replaces_id=replaces, recorded_at=at,
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="decision.recorded", subject_kind="body", subject_key=body, subject_label=row.name, partnership=slug, why=why
        )
    return decision
