"""Starting the set-up journey, and keeping its steps true."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.consultation.models import SetUpPlan, SetUpStep
from convenor.consultation.rules import journeys
from convenor.consultation.rules.refusals import ChangedMeanwhile, NotOpen
from convenor.consultation.rules.states import StepState
from convenor.journal import actions as journal
from convenor.partnership.gate import Permission, Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.queries.terms import calendars
from convenor.partnership.rules.refusals import NotThere


def start_set_up(*, slug: str, starts_on: date, by: Viewer, at: datetime, journey: str = journeys.JOURNEY_KEYS[0]) -> SetUpPlan:
    """The partnership's set-up begins: every step has its days, in weeks of school.

    Raises NotThere, NotOpen (it has begun) and WrongDay.
    """
    allow(by, Permission.SET_UP_RUN, partnership=slug)
    if journey not in journeys.JOURNEY_KEYS:
        raise NotThere("There is no such journey. Nothing was changed.")
    way = journeys.journey(journey)
    journeys.check_start(starts_on, day_of(at))
    plan = journeys.planned(way, starts_on, open_on=calendars(slug, viewer=by).area.open_on)
    try:
        with transaction.atomic():
            row = SetUpPlan.objects.create(
                partnership_id=partnership_id(slug), journey=f"{way.key}, version {way.version}", starts_on=starts_on, started_by=by.label,
                started_at=at,
            )  # fmt: skip
            SetUpStep.objects.bulk_create(
                SetUpStep(
                    plan=row, key=each.step.key, name=each.step.name, says=each.step.says, order=order, state=StepState.TO_DO.value,
                    starts_on=each.starts_on, due_on=each.due_on, leads_to=each.step.leads_to,
                )
                for order, each in enumerate(plan)
            )  # fmt: skip
            journal.record(
                by=by, at=at, verb="set-up.started", subject_kind="set-up", subject_key=row.pk, subject_label=way.name, partnership=slug
            )
    except IntegrityError as error:
        raise NotOpen("The set-up has begun already; its plan stands on this page. Nothing was changed.") from error
    return row


def change_step(
    *, slug: str, key: str, state: StepState, starts_on: date, due_on: date, owner: str, note: str, by: Viewer, at: datetime,
    version: int, done_on: date | None = None,
) -> SetUpStep:  # fmt: skip
    """A step is begun, moved, done or left out. `version` is the plan's, as it was read.

    Raises NotThere, WrongDay, NoWords and ChangedMeanwhile.
    """
    allow(by, Permission.SET_UP_RUN, partnership=slug)
    with transaction.atomic():
        plan = SetUpPlan.objects.select_for_update(of=("self",)).filter(partnership__slug=slug).first()
        step = SetUpStep.objects.filter(plan=plan, key=key).first() if plan else None
        if plan is None or step is None:
            raise NotThere("There is no such step in this partnership’s set-up. Nothing was changed.")
        if plan.version != version:
            raise ChangedMeanwhile("Somebody else changed the plan meanwhile. Look at it again; nothing was changed.", now=plan.version)
        finished = journeys.check_step(
            state=state, starts_on=starts_on, due_on=due_on, done_on=done_on, owner=owner, note=note, today=day_of(at)
        )
        step.state, step.starts_on, step.due_on, step.done_on = state.value, starts_on, due_on, finished
        step.owner, step.note = owner.strip(), note.strip()
        step.save()
        plan.version += 1
        plan.save(update_fields=["version"])
        journal.record(
            by=by, at=at, verb="set-up.step-changed", subject_kind="set-up", subject_key=plan.pk, subject_label=step.name, partnership=slug
        )
    return step
