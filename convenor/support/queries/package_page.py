"""One package as its page shows it to each viewer: where it stands, whose turn it is, its tasks, the ways on, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from convenor.partnership.queries.holdings import day_of
from convenor.peer_review.queries.steps import has_closed, successor
from convenor.registers.queries.known import names_of
from convenor.support.models import EngagementConcern, FormalStep, Package, PackageLog
from convenor.support.queries.package_tasks import Weighed, weighed
from convenor.support.queries.standing import PackageHere, package_here
from convenor.support.rules.listing import FACT_PAGES, STEP_SAYS
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import Met, PackageStatus, PackageStep, StateKind, TaskStatus, Who
from convenor.support.rules.task_values import DONE_BY
from convenor.support.rules.tasks import MoveNow, TaskNow, met_of, moves_now, package_now, said_on
from convenor.support.rules.workflows import Field, FieldKind, Workflow

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Steps of which even that they were done is for those who may read them.
HIDDEN: Final = frozenset({PackageStep.CONCERN, PackageStep.FORMAL})


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A state of the way: when it was entered last, and whether the package stands there."""

    name: str
    says: str
    on: date | None
    now: bool


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """One task for one viewer. `mine`: they may write into it now; `turn`: it asks something of them now.

    `page` is the name of the page on which it is done, "" for its own. `says_what` is what was written, for whoever may read it.
    """

    key: str
    name: str
    says: str
    phase: str
    who: Who
    status: TaskStatus
    due_on: date | None
    late: bool
    completed_on: date | None
    optional: bool
    mine: bool
    turn: bool
    page: str
    lacks: tuple[str, ...]
    says_what: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LogSeen:
    """One step as it was written down. `why` is "" for whoever may not read it."""

    says: str
    at: datetime
    by: str
    late: bool
    why: str = ""
    task: str = ""


@dataclass(frozen=True, slots=True)
class ConcernSeen:
    """A concern about taking part, as the school and its broker read it."""

    pk: int
    summary: str
    details: str
    raised_at: datetime
    by: str
    resolved_at: datetime | None
    resolved_why: str


@dataclass(frozen=True, slots=True)
class FormalSeen:
    """A formal step of an authority, recorded as having happened."""

    what: str
    authority: str
    taken_on: date
    source: str


@dataclass(frozen=True, slots=True)
class PackagePage:
    """A package for one viewer. What they may not see is None or empty; so are `title`, which is in the school's own words, and
    `why_chosen`, the broker's reason, which both schools read."""

    here: PackageHere
    title: str
    flow: Workflow
    status: PackageStatus
    says: str
    way: tuple[Waypoint, ...]
    tasks: tuple[TaskSeen, ...]
    timers: tuple[tuple[str, Who, date, bool], ...]
    moves: tuple[MoveNow, ...]
    turns: frozenset[Who]
    next_due_on: date | None
    level: str
    met: Met | None
    broker: str
    opened_on: date
    paused_until_on: date | None
    need_id: int | None
    log: tuple[LogSeen, ...]
    concerns: tuple[ConcernSeen, ...] | None
    formal: tuple[FormalSeen, ...]
    closed_school: bool
    became: str | None
    lasts: bool
    why_chosen: str

    @property
    def onward(self) -> tuple[MoveNow, ...]:
        """The ways on that wait for nothing but this viewer: towards support that has not begun. What ends support, or leaves it while it
        is at work, is never urged on anybody."""
        if self.here.kind is not StateKind.WAITING:
            return ()
        ahead = (StateKind.WAITING, StateKind.WORKING)
        return tuple(
            each for each in self.moves if not each.lacks and not each.move.reason and self.flow.state(each.move.to).kind in ahead
        )  # fmt: skip

    @property
    def mine(self) -> tuple[TaskSeen, ...]:
        """What is asked of this viewer now, what is due first standing first."""
        asked = [each for each in self.tasks if each.turn]
        return tuple(sorted(asked, key=lambda each: (each.due_on is None, each.due_on or date.max)))


def package_page(slug: str, pk: int, *, viewer: Viewer, at: datetime) -> PackagePage | None:
    """The package as this viewer may see it; None where there is none for them. At most 26 queries, whatever it holds."""
    here = package_here(slug, pk, viewer=viewer, at=at)
    if here is None:
        return None
    row = Package.objects.select_related("partnership", "school", "need", "choice", "broker").get(pk=pk)
    on = day_of(at)
    known = weighed(row, viewer=viewer, on=on)
    now = package_now(known.workflow, known.standing, known.open_on)
    state = known.workflow.state(row.state)
    closed = has_closed(row.school_id, viewer=viewer, on=on)
    level = next((each.name for each in known.workflow.levels if each.key == row.level), "")
    return PackagePage(
        here, row.title if here.sees(Sight.NEED_WORDS) else "", known.workflow, said_on(now.status, now.next_due_on, on), state.name,
        _way(known, row), tuple(_task(each, here, known, viewer, on) for each in now.tasks),
        tuple((each.timer.name, each.timer.who, each.due_on, each.due_on < on) for each in now.timers),
        tuple(each for each in moves_now(known.workflow, known.standing) if set(each.move.who) & here.who),
        now.turns(), now.next_due_on, level, met_of(row.met), row.broker.name if row.broker else "", row.opened_on, row.paused_until_on,
        row.need_id, _log(row, here, known.workflow), _concerns(row, here, known.workflow), _formal(row, here), closed,
        successor(row.school_id, viewer=viewer, on=on) if closed else None, now.kind is not StateKind.ENDED,
        row.choice.why if row.choice is not None and here.sees(Sight.NEED_WORDS) else "",
    )  # fmt: skip


def task_here(slug: str, pk: int, key: str, *, viewer: Viewer, at: datetime) -> tuple[PackageHere, TaskNow, dict[str, Any]] | None:
    """One task with what stands in it, for whoever may write into it now; None for everybody else."""
    here = package_here(slug, pk, viewer=viewer, at=at)
    if here is None:
        return None
    row = Package.objects.select_related("partnership", "school", "need", "choice").get(pk=pk)
    known = weighed(row, viewer=viewer, on=day_of(at))
    now = package_now(known.workflow, known.standing, known.open_on)
    found = next((each for each in now.tasks if each.key == key), None)
    if found is None or not DONE_BY[found.task.who] & here.who or found.task.fact:
        return None
    entered = known.standing.entered.get(key)
    return here, found, dict(entered.values) if entered is not None else {}


def move_here(slug: str, pk: int, key: str, *, viewer: Viewer, at: datetime) -> tuple[PackageHere, MoveNow, bool] | None:
    """One way on for whoever may take it, what it lacks, and whether it is to be said how far it came; None for everybody else."""
    seen = package_page(slug, pk, viewer=viewer, at=at)
    found = next((each for each in seen.moves if each.move.key == key), None) if seen is not None else None
    if seen is None or found is None:
        return None
    ends = seen.flow.state(found.move.to).kind in (StateKind.AFTER, StateKind.ENDED)
    return seen.here, found, ends and seen.here.started_on is not None and seen.met is None


def _way(known: Weighed, row: Package) -> tuple[Waypoint, ...]:
    """The states in the order of the file, without ends that the package did not come to."""
    entered = known.standing.states
    ended = known.workflow.state(row.state).kind is StateKind.ENDED
    ends = [each.key for each in known.workflow.states if each.kind is StateKind.ENDED]
    shown = [each for each in known.workflow.states if each.key not in ends or each.key == row.state or (not ended and each.key == ends[0])]
    return tuple(Waypoint(each.name, each.says, entered.get(each.key), each.key == row.state) for each in shown)


def _task(now: TaskNow, here: PackageHere, known: Weighed, viewer: Viewer, on: date) -> TaskSeen:
    own = bool(DONE_BY[now.task.who] & here.who)
    reads = own or here.sees(Sight.PLAN)
    entered = known.standing.entered.get(now.key)
    what = _words(now, dict(entered.values), viewer) if reads and entered is not None else ()
    return TaskSeen(
        now.key, now.task.name, now.task.says, now.task.phase, now.task.who, now.status, now.due_on, now.late(on), now.completed_on,
        now.task.optional, own and now.open and not now.task.fact, own and now.waits and not now.task.optional,
        FACT_PAGES.get(now.task.fact, ""), now.lacks, what,
    )  # fmt: skip


def _words(now: TaskNow, values: dict[str, Any], viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """What was written into a task, as somebody reads it."""
    return tuple((each.label, _said(each, str(values[each.key]), viewer)) for each in now.task.fields if values.get(each.key))


def _said(field: Field, value: str, viewer: Viewer) -> str:
    if field.kind is FieldKind.CHOICE:
        return next((each.label for each in field.options if each.key == value), value)
    if field.kind is FieldKind.YES_NO:
        return "Yes" if value == "yes" else "No"
    if field.kind is FieldKind.PENCE and value.isdecimal():
        return f"£{int(value) // 100:,}" if int(value) % 100 == 0 else f"£{int(value) / 100:,.2f}"
    if field.kind is FieldKind.DATE:
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    if field.kind is FieldKind.SCHOOL:
        return names_of([value], viewer=viewer).get(value, (value, ""))[0]
    return value


def _log(row: Package, here: PackageHere, flow: Workflow) -> tuple[LogSeen, ...]:
    """What was done, the newest first; why, for whoever reads the plan. A look at the log tells a coordinator steps and days only."""
    reads = here.sees(Sight.PLAN)
    names = {each.key: each.name for each in flow.tasks}
    found = []
    for each in PackageLog.objects.filter(package_id=row.pk).order_by("-at", "-id")[:200]:
        step = PackageStep(each.step)
        if step in HIDDEN and not _reads_concerns(here):
            continue
        says = STEP_SAYS[step]
        if step is PackageStep.MOVED:
            says = f"Went on to “{next((state.name for state in flow.states if state.key == each.state), each.state)}”"
        task = names.get(each.task.partition("#")[0], "")
        found.append(LogSeen(says, each.at, each.by_label, each.late, each.why if reads else "", task))
    return tuple(found)


def _reads_concerns(here: PackageHere) -> bool:
    """Whether the viewer may know that there was a concern about taking part, or a formal step of an authority."""
    return here.sees(Sight.CONCERNS) or here.acts_as(Who.SIGN_OFF)


def _concerns(row: Package, here: PackageHere, flow: Workflow) -> tuple[ConcernSeen, ...] | None:
    if not flow.concerns or not _reads_concerns(here):
        return None
    return tuple(
        ConcernSeen(each.pk, each.summary, each.details, each.raised_at, each.raised_by, each.resolved_at, each.resolved_why)
        for each in EngagementConcern.objects.filter(package_id=row.pk)
    )


def _formal(row: Package, here: PackageHere) -> tuple[FormalSeen, ...]:
    if not _reads_concerns(here):
        return ()
    return tuple(FormalSeen(each.what, each.authority, each.taken_on, each.source) for each in FormalStep.objects.filter(package_id=row.pk))
