"""Packages of support from their opening to their end: opened, moved, paused, stopped, stepped up and down, followed to another school."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions.package_rows import log, tell
from convenor.support.models import Choice, Need, Package
from convenor.support.rules.refusals import Conflict
from convenor.support.rules.states import PackageStatus, PackageStep, StateKind, Who
from convenor.support.rules.workflows import Workflow, workflow

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
            row = _new(need, workflow(flow) if isinstance(flow, str) else flow, choice, title, by=by, at=at)
            log(row, PackageStep.OPENED, by=by, at=at)
        if choice is not None:
            row.supporter, row.choice = choice.supporter, choice
            log(row, PackageStep.CHOSEN, by=by, at=at)
        tell(row, Who.RECEIVING, by=by, at=at)
        if choice is not None:
            tell(row, Who.SUPPLYING, Who.SUPPORTER, by=by, at=at)
    return row


def _new(need: Need, flow: Workflow, choice: Choice | None, title: str, *, by: Viewer, at: datetime) -> Package:
    on = day_of(at)
    first = flow.state(flow.chosen) if choice is not None and flow.chosen else flow.first
    return Package.objects.create(
        partnership=need.partnership, school=need.school, need=need, broker_id=by.person_id, title=(title or need.words)[:TITLE_AT_MOST],
        workflow_key=flow.key, workflow_version=flow.version, workflow=flow.as_dict(), state=first.key, kind=first.kind.value,
        status=PackageStatus.WAITS.value, level=flow.levels[0].key if flow.levels else "", opened_on=on, since_on=on, tier=need.tier,
        priority=need.priority, version=0,
    )  # fmt: skip
