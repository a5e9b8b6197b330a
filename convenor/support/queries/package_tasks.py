"""What has come about in a package, for its rules: facts from every table, what was entered, since when it stands where.

For decisions, never for a page: what it holds is not narrowed to what a viewer sees. Pages begin with `standing.package_here`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.terms import calendars
from convenor.support.models import (
    Assurance,
    EffectStudy,
    Evaluation,
    NoteOfVisit,
    Objective,
    Package,
    PackageLog,
    PackageTask,
    ProgressReview,
    Visit,
)
from convenor.support.queries.agreements import agreed_in_one
from convenor.support.queries.costs import costs_of
from convenor.support.rules.gates import Day, Facts, Gate
from convenor.support.rules.money import settled
from convenor.support.rules.states import Met, PackageStep, ReviewDecision, Who
from convenor.support.rules.tasks import Entered, Standing, complete
from convenor.support.rules.timers import OpenOn
from convenor.support.rules.workflows import Workflow, kept_workflow

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: The moment of the evaluation that ends a package.
AT_THE_END = "end"
#: The task by which a first contact may be written down, besides a visit.
CONTACT = "contact"
ENTERING = (PackageStep.OPENED.value, PackageStep.MOVED.value)
PAUSED, RESUMED = PackageStep.PAUSED.value, PackageStep.RESUMED.value


@dataclass(frozen=True, slots=True)
class Weighed:
    """A package with everything that its rules ask."""

    workflow: Workflow
    standing: Standing
    open_on: OpenOn


def workflow_of(row: Package, *, viewer: Viewer) -> Workflow:
    """The workflow that the package keeps."""
    return kept_workflow(row.workflow)


def weighed(row: Package, *, viewer: Viewer, on: date) -> Weighed:
    """A package as its rules read it, on a day. About fourteen queries; lists read what is kept instead."""
    flow = workflow_of(row, viewer=viewer)
    entered = entered_in(row, viewer=viewer)
    contacted = any(
        key == CONTACT and complete(flow.task(CONTACT), each.values, Facts()) for key, each in entered.items() if _has(flow, key)
    )
    facts = facts_of(row, viewer=viewer, on=on, contacted=contacted)
    states, pauses = states_entered(row, viewer=viewer)
    standing = Standing(
        state=row.state,
        states=states,
        entered=entered,
        facts=facts,
        paused=row.paused_on is not None,
        stopped=row.met == Met.STOPPED.value,
        pauses=pauses,
    )
    return Weighed(flow, standing, calendars(row.partnership.slug, viewer=viewer).of(row.school.authority_id or "").open_on)


def _has(flow: Workflow, key: str) -> bool:
    return any(each.key == key for each in flow.tasks)


def states_entered(row: Package, *, viewer: Viewer) -> tuple[dict[str, date], tuple[tuple[date, date], ...]]:
    """The day on which each state was last entered, and the pauses that are over: from a day until another. One query."""
    found: dict[str, date] = {}
    pauses: list[tuple[date, date]] = []
    began: date | None = None
    logged = PackageLog.objects.filter(package_id=row.pk, step__in=(*ENTERING, PAUSED, RESUMED)).order_by("at", "id")
    for step, state, at in logged.values_list("step", "state", "at"):
        if step == PAUSED:
            began = day_of(at)
        elif step == RESUMED and began is not None:
            pauses.append((began, day_of(at)))
            began = None
        elif step in ENTERING:
            found[state] = day_of(at)
    return found | {row.state: row.since_on}, tuple(pauses)


def entered_in(row: Package, *, viewer: Viewer) -> dict[str, Entered]:
    """What was entered into each task, by its key. One query."""
    rows = PackageTask.objects.filter(package_id=row.pk).values_list("key", "values", "completed_at")
    return {key: Entered(values, day_of(at) if at is not None else None) for key, values, at in rows}


def facts_of(row: Package, *, viewer: Viewer, on: date, contacted: bool = False) -> Facts:
    """What has come about, from the tables of every part. `contacted`: the task of a first contact is complete. About eleven queries."""
    visits = list(Visit.objects.filter(package_id=row.pk, cancelled_at=None).values_list("pk", "delivered_on"))
    delivered = {pk: day for pk, day in visits if day is not None}
    notes = list(NoteOfVisit.objects.filter(visit__package_id=row.pk).values_list("visit_id", "at", "marks"))
    noted = {visit for visit, _, _ in notes}
    unmarked = [day_of(at) for _, at, mark in notes if mark is None]
    unnoted = [day for pk, day in delivered.items() if pk not in noted]
    reviews = list(ProgressReview.objects.filter(package_id=row.pk).values_list("held_on", "decision"))
    objectives = list(Objective.objects.filter(package_id=row.pk, ended_on=None).values_list("baseline", flat=True))
    said = set(Evaluation.objects.filter(package_id=row.pk, side=Who.RECEIVING.value).values_list("moment", flat=True))
    agreed = agreed_in_one(row.pk, viewer=viewer)
    found = {
        Gate.SUPPORTER_CHOSEN: row.supporter_id is not None,
        Gate.ASSURANCE_IN_DATE: _assured(row, on),
        Gate.RECEIVING_HEAD_AGREED: Who.RECEIVING not in agreed.waits_for,
        Gate.BOTH_HEADS_AGREED: agreed.both,
        Gate.COSTS_AGREED: settled(costs_of(row.pk, viewer=viewer)),
        Gate.OBJECTIVES_SET: bool(objectives),
        Gate.BASELINE_SET: bool(objectives) and all(each.strip() for each in objectives),
        Gate.FIRST_CONTACT: contacted or bool(visits),
        Gate.VISIT_DELIVERED: bool(delivered),
        Gate.NOTES_WRITTEN: not unnoted,
        Gate.NOTES_MARKED: not unnoted and not unmarked,
        Gate.REVIEWED: bool(reviews),
        Gate.FINAL_REVIEW: any(decision == ReviewDecision.EXIT.value for _, decision in reviews),
        Gate.EVALUATED: AT_THE_END in said,
        Gate.LOOKED_AGAIN: bool(said - {AT_THE_END}),
        Gate.EFFECT_FROZEN: EffectStudy.objects.filter(package_id=row.pk).exists(),
    }
    days = {
        Day.OPENED: row.opened_on,
        Day.CHOSEN: _chosen_on(row),
        Day.STARTED: row.started_on,
        Day.ENDED: row.ended_on,
        Day.REVIEWED: max((held for held, _ in reviews), default=row.started_on),
        Day.VISIT_WITHOUT_NOTE: min(unnoted, default=None),
        Day.NOTE_WITHOUT_MARK: min(unmarked, default=None),
        Day.WANTED_BY: row.need.wanted_by_on if row.need is not None else None,
    }
    return Facts(
        frozenset(gate.value for gate, holds in found.items() if holds), {day.value: at for day, at in days.items() if at is not None}
    )


def _assured(row: Package, on: date) -> bool:
    if row.supporter_id is None:
        return False
    stands = Assurance.objects.filter(supporter_id=row.supporter_id, withdrawn_on=None)
    return stands.filter(assured_on__lte=on, valid_until_on__gte=on).exists()


def _chosen_on(row: Package) -> date | None:
    """The day on which the supporter was chosen: as the log says, or else the choice itself."""
    if row.supporter_id is None:
        return None
    logged = (
        PackageLog.objects.filter(package_id=row.pk, step=PackageStep.CHOSEN.value).order_by("-at").values_list("at", flat=True).first()
    )
    if logged is not None:
        return day_of(logged)
    chosen: Any = row.choice
    return day_of(chosen.at) if chosen is not None else row.opened_on
