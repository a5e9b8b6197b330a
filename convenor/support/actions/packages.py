"""Packages of support on their way: opened for a need, given a supporter, moved. What is beside it: `package_beside`."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.england.school_years import school_year_of
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions import capacity
from convenor.support.actions.money import after_the_end
from convenor.support.actions.package_rows import locked, log, now_of, tell
from convenor.support.models import Choice, HeadAgreement, Need, Package, Visit
from convenor.support.queries.workflows import workflow_here
from convenor.support.rules.refusals import Conflict
from convenor.support.rules.states import NeedState, PackageStatus, PackageStep, StateKind, Who
from convenor.support.rules.task_values import check_met, check_move, met_needed, stepped
from convenor.support.rules.tasks import moves_now
from convenor.support.rules.workflows import Move, Workflow

TITLE_AT_MOST = 200


def open_package(
    *, slug: str, need_id: int, by: Viewer, at: datetime, flow: str | Workflow = "lifecycle", choice_id: int | None = None, title: str = "",
) -> Package:  # fmt: skip
    """The broker opens a package for a need, with the supporter of a choice where one was made; it keeps the workflow as it is today.

    A package of the same need that still waits for a supporter takes the choice instead of a second one being opened. With a choice it
    begins where the workflow says that packages with a supporter begin. The receiving school is told first.
    Raises NotThere, and Conflict where the school is the broker's own.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    with transaction.atomic():
        rows = Need.objects.select_for_update(of=("self",)).select_related("school", "partnership")
        need = rows.filter(partnership__slug=slug, pk=need_id).first()
        if need is None:
            raise NotThere("There is no such need in this partnership. Nothing was changed.")
        if by.sees_record(need.school_id):
            raise Conflict("A broker holds no package of their own school. Ask another broker. Nothing was changed.")
        choice = Choice.objects.select_related("supporter").filter(pk=choice_id, need=need).first() if choice_id is not None else None
        if choice_id is not None and choice is None:
            raise NotThere("There is no such choice for this need. Nothing was changed.")
        waiting = Package.objects.filter(need=need, supporter=None, ended_on=None).exclude(kind=StateKind.ENDED.value)
        row = waiting.select_related("partnership", "school", "need").first() if choice is not None else None
        if row is None:
            row = _new(need, workflow_here(flow, viewer=by) if isinstance(flow, str) else flow, choice, title, by=by, at=at)
            log(row, PackageStep.OPENED, by=by, at=at)
        if choice is not None:
            row.supporter, row.choice = choice.supporter, choice
            log(row, PackageStep.CHOSEN, by=by, at=at)
        tell(row, Who.RECEIVING, by=by, at=at)
        if choice is not None:
            tell(row, Who.SUPPLYING, Who.SUPPORTER, by=by, at=at)
    return row


def move(
    *, slug: str, package_id: int, key: str, by: Viewer, at: datetime, why: str = "", met: str = "", version: int | None = None,
) -> Package:  # fmt: skip
    """Takes a move of the workflow: where the package stands follows, and the days that follow from that.

    `met` says how far it came where the move ends support that had begun. Entering a working state for the first time is the day on which
    support began. Raises NotThere, ChangedMeanwhile, OutOfTurn, NotYours, Missing with everything it still rests on, NoWords.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        known, _ = now_of(row, by=by, at=at)
        flow, standing = known.workflow, known.standing
        found = next((each for each in flow.moves if each.key == key), None)
        if found is None:
            raise NotThere("There is no such step in this package’s workflow. Nothing was changed.")
        offered = any(each.move.key == key for each in moves_now(flow, standing))
        check_move(flow, found, standing, here.who, why=why, offered=offered)
        row.met = check_met(met, needed=met_needed(flow, found, started=row.started_on is not None, met=row.met)) or row.met
        _enter(row, flow, found, by=by, at=at)
        log(row, PackageStep.MOVED, by=by, at=at, why=why.strip(), before=standing.state, after=found.to)
        tell_sides(row, by=by, at=at)
    return row


def _enter(row: Package, flow: Workflow, taken: Move, *, by: Viewer, at: datetime) -> None:
    """What follows from a move by itself."""
    on, state = day_of(at), flow.state(taken.to)
    row.state, row.since_on = state.key, on
    if state.kind is StateKind.WORKING and row.started_on is None:
        row.started_on = on
        _need_becomes(row, NeedState.ANSWERED)
    if state.kind in (StateKind.AFTER, StateKind.ENDED) and row.ended_on is None:
        row.ended_on = on
        give_back_days(row, by=by, at=at, why="The support ended.")
        after_the_end(row, by=by, at=at)
        if row.started_on is None:
            _need_becomes(row, NeedState.WITHDRAWN, on=day_of(at))
    if taken.level:
        row.level = stepped(flow.levels, row.level, 1 if taken.level == "up" else -1).key
    if taken.releases and row.supporter_id is not None:
        let_go(row, by=by, at=at)


def let_go(row: Package, *, by: Viewer, at: datetime) -> None:
    """The supporter is let go and is told; days booked for visits to come are given back, agreements end, the need waits again."""
    give_back_days(row, by=by, at=at, why="Somebody else is being looked for.")
    HeadAgreement.objects.filter(package=row, withdrawn_at=None).update(withdrawn_at=at)
    tell(row, Who.SUPPLYING, Who.SUPPORTER, by=by, at=at)
    row.supporter, row.choice = None, None
    _need_becomes(row, NeedState.OPEN)


def give_back_days(row: Package, *, by: Viewer, at: datetime, why: str) -> None:
    """Visits that are not delivered are cancelled, and their half days can be booked by others again."""
    for visit in Visit.objects.filter(package=row, delivered_on=None, cancelled_at=None):
        visit.cancelled_at, visit.cancelled_why, visit.version = at, why, visit.version + 1
        visit.save()
        capacity.release(visit.supporter_id, school_year_of(visit.on).label, visit.half_days, by=by, at=at)


def _need_becomes(row: Package, state: NeedState, *, on: date | None = None) -> None:
    if row.need_id is not None:
        Need.objects.filter(pk=row.need_id).update(state=state.value, ended_on=on)


def tell_sides(row: Package, *, by: Viewer, at: datetime) -> None:
    """A letter to both schools, the supporter and the broker, but whoever did it."""
    tell(row, Who.RECEIVING, Who.SUPPLYING, Who.SUPPORTER, Who.BROKER, by=by, at=at)


def _new(need: Need, flow: Workflow, choice: Choice | None, title: str, *, by: Viewer, at: datetime) -> Package:
    on = day_of(at)
    first = flow.state(flow.chosen) if choice is not None and flow.chosen else flow.first
    return Package.objects.create(
        partnership=need.partnership, school=need.school, need=need, broker_id=by.person_id, title=(title or need.words)[:TITLE_AT_MOST],
        workflow_key=flow.key, workflow_version=flow.version, workflow=flow.as_dict(), state=first.key, kind=first.kind.value,
        status=PackageStatus.WAITS.value, level=flow.levels[0].key if flow.levels else "", opened_on=on, since_on=on, tier=need.tier,
        priority=need.priority, version=0,
    )  # fmt: skip
