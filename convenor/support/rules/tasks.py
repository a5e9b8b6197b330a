"""Where a package and each of its tasks stand. Everything is derived from what was entered; nobody sets a status. Pure.

A task is complete when its required fields are filled (a yes-no that must be yes: with yes) or when its fact holds. It cannot start while
the package is elsewhere, rests, or another task that it needs is not complete. A task that its workflow does not require in this case is
said to be not required. What was once entered stays, wherever the package goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from convenor.support.rules.gates import MISSING, Facts
from convenor.support.rules.states import Met, PackageStatus, StateKind, TaskStatus, Who
from convenor.support.rules.timers import OpenOn, anchored_on, due_on
from convenor.support.rules.workflow_shape import Condition, Due, Field, FieldKind, Move, Task, Timer, Workflow, base_of, nth, number_of

#: What a task without fields is marked with when somebody says that it is done.
DONE: Final = "done"
YES: Final = "yes"
FINISHED: Final = frozenset({TaskStatus.COMPLETE, TaskStatus.NOT_REQUIRED})


@dataclass(frozen=True, slots=True)
class Entered:
    """What was written into one task, and the day on which it came to be complete."""

    values: Mapping[str, Any] = field(default_factory=dict)
    completed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A package as far as its workflow asks: where it stands since when, what was entered, what has come about.

    `states` are the days on which states were last entered; `pauses` those from and until which it rested, which lengthen every limit that
    ran. `paused` and `stopped` rest everything.
    """

    state: str
    states: Mapping[str, date]
    entered: Mapping[str, Entered]
    facts: Facts
    paused: bool = False
    stopped: bool = False
    pauses: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class TaskNow:
    """One task as it stands. `open`: it can be done now. `lacks` are names of the tasks it waits for."""

    key: str
    task: Task
    status: TaskStatus
    open: bool
    due_on: date | None = None
    completed_on: date | None = None
    lacks: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody should do it now."""
        return self.open and self.status not in FINISHED

    def late(self, on: date) -> bool:
        """Whether its day has passed."""
        return self.waits and self.due_on is not None and self.due_on < on


@dataclass(frozen=True, slots=True)
class TimerNow:
    """One running time limit that belongs to no task."""

    timer: Timer
    due_on: date


@dataclass(frozen=True, slots=True)
class MoveNow:
    """One way on. `lacks` are sentences: what it still rests on; none of them and it can be taken."""

    move: Move
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageNow:
    """Everything that is derived about a package."""

    kind: StateKind
    status: PackageStatus
    tasks: tuple[TaskNow, ...]
    timers: tuple[TimerNow, ...]
    next_due_on: date | None

    def turns(self) -> frozenset[Who]:
        """Who is asked for something now; an optional task asks nobody."""
        return frozenset(each.task.who for each in self.tasks if each.waits and not each.task.optional) | {
            each.timer.who for each in self.timers
        }


def filled(asked: Field, value: Any) -> bool:
    """Whether a field holds what completes it."""
    if asked.kind is FieldKind.YES_NO:
        return value == YES if asked.must else value in (YES, "no")
    return value not in (None, "")


def complete(task: Task, values: Mapping[str, Any], facts: Facts) -> bool:
    """Whether a task is done: its fact holds, its required fields are filled, or, without fields, somebody said so.

    Where no field is required, one of them must hold something.
    """
    if task.fact:
        return facts.holds(task.fact)
    if not task.fields:
        return values.get(DONE) == YES
    required = [each for each in task.fields if each.required]
    if not required:
        return any(filled(each, values.get(each.key)) for each in task.fields)
    return all(filled(each, values.get(each.key)) for each in required)


def holds(conditions: Iterable[Condition], entered: Mapping[str, Entered]) -> bool:
    """Whether one of the conditions holds; of a repeated task the last time that anything was written."""
    return any(_last(each.task, entered).values.get(each.field) in each.values for each in conditions)


def _last(key: str, entered: Mapping[str, Entered]) -> Entered:
    times = [each for each, written in entered.items() if base_of(each) == key and any(written.values.values())]
    return entered[max(times, key=number_of)] if times else Entered()


def package_now(workflow: Workflow, here: Standing, open_on: OpenOn) -> PackageNow:
    """The package as it stands. It does not depend on the day: what is late is said by whoever lists it, from `next_due_on`."""
    state = workflow.state(here.state)
    rests = here.paused or here.stopped or state.kind is StateKind.ENDED
    tasks = tuple(now for task in workflow.tasks for now in _times(workflow, task, here, open_on, rests))
    timers = () if rests else tuple(_running(workflow, here, open_on))
    days = [each.due_on for each in tasks if each.waits and not each.task.optional and each.due_on is not None]
    days += [each.due_on for each in timers]
    kind = StateKind.ENDED if here.stopped else state.kind
    return PackageNow(kind, _status(kind, here), tasks, timers, min(days, default=None))


def _status(kind: StateKind, here: Standing) -> PackageStatus:
    if here.stopped:
        return PackageStatus.STOPPED
    if kind is StateKind.ENDED:
        return PackageStatus.ENDED
    if here.paused:
        return PackageStatus.PAUSED
    return PackageStatus.WAITS if kind is StateKind.WAITING else PackageStatus.ON_ITS_WAY


def said_on(status: PackageStatus, next_due_on: date | None, on: date) -> PackageStatus:
    """What a list says of a package on a day: late where the next thing due has passed."""
    going = status in (PackageStatus.WAITS, PackageStatus.ON_ITS_WAY)
    return PackageStatus.LATE if going and next_due_on is not None and next_due_on < on else status


def _times(workflow: Workflow, task: Task, here: Standing, open_on: OpenOn, rests: bool) -> list[TaskNow]:
    """A task once, or a repeated one each time it was begun and, once the last is complete, one time more."""
    found: list[TaskNow] = []
    number = 1
    while True:
        key = nth(task.key, number)
        now = _task_now(workflow, task, key, here, open_on, rests, found[-1] if found else None)
        found.append(now)
        number += 1
        goes_on = task.repeat and (nth(task.key, number) in here.entered or (now.status is TaskStatus.COMPLETE and now.open))
        if not goes_on:
            return found


def _task_now(
    workflow: Workflow, task: Task, key: str, here: Standing, open_on: OpenOn, rests: bool, before: TaskNow | None
) -> TaskNow:  # fmt: skip
    entered = here.entered.get(key, Entered())
    lacks = tuple(workflow.task(need).name for need in task.needs if not _finished(workflow, need, here))
    reached = not task.states or here.state in task.states
    can = reached and not lacks and not rests
    due = _due(task.again if before is not None else task.due, before, here, open_on)
    if complete(task, entered.values, here.facts):
        return TaskNow(key, task, TaskStatus.COMPLETE, can, due, entered.completed_on)
    if holds(task.not_required_when, here.entered):
        return TaskNow(key, task, TaskStatus.NOT_REQUIRED, False)
    begun = any(value not in (None, "") for value in entered.values.values())
    waiting = lacks if reached and not rests else ()
    if begun:
        return TaskNow(key, task, TaskStatus.IN_PROGRESS, can, due, None, waiting)
    return TaskNow(key, task, TaskStatus.NOT_STARTED if can else TaskStatus.CANNOT_START, can, due, None, waiting)


def _finished(workflow: Workflow, key: str, here: Standing) -> bool:
    """Whether a task that another needs is out of the way."""
    task = workflow.task(key)
    return complete(task, here.entered.get(key, Entered()).values, here.facts) or holds(task.not_required_when, here.entered)


def _due(due: Due | None, before: TaskNow | None, here: Standing, open_on: OpenOn) -> date | None:
    if due is None:
        return None
    tasks = {key: each.completed_on for key, each in here.entered.items() if each.completed_on is not None}
    if before is not None and before.completed_on is not None:
        tasks[before.task.key] = before.completed_on
    from_on = anchored_on(due, states=here.states, tasks=tasks, days=here.facts.days)
    if from_on is None:
        return None
    day = due_on(due, from_on, open_on)
    for began, ended in here.pauses:
        if ended > from_on and began <= day:
            day += ended - max(began, from_on)
    return day


def _running(workflow: Workflow, here: Standing, open_on: OpenOn) -> Iterable[TimerNow]:
    for timer in workflow.timers:
        if (timer.states and here.state not in timer.states) or (timer.until and here.facts.holds(timer.until)):
            continue
        day = _due(timer.due, None, here, open_on)
        if day is not None:
            yield TimerNow(timer, day)


def moves_now(workflow: Workflow, here: Standing) -> tuple[MoveNow, ...]:
    """The ways on from where the package stands, each with what it still rests on. One whose `when` does not hold is not there."""
    if here.paused or here.stopped:
        return ()
    return tuple(
        MoveNow(move, lacking(workflow, move, here))
        for move in workflow.moves_from(here.state)
        if not move.when or holds(move.when, here.entered)
    )  # fmt: skip


def lacking(workflow: Workflow, move: Move, here: Standing) -> tuple[str, ...]:
    """What a move still rests on, a sentence each."""
    tasks = [f"“{workflow.task(need).name}” is not complete." for need in move.needs if not _finished(workflow, need, here)]
    return (*tasks, *(MISSING[gate] for gate in move.gates if not here.facts.holds(gate)))


def met_of(value: str) -> Met | None:
    """How far it came, as somebody said when it ended; None where nothing was said."""
    return Met(value) if value in {each.value for each in Met} else None
