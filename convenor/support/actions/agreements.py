"""Both heads agree to the plan as it stands, and either may take that back; no reason is asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.support.actions.deployment_rows import held, running, speaks_for, writer
from convenor.support.actions.package_rows import log, tell
from convenor.support.models import HeadAgreement, Objective
from convenor.support.queries.agreements import agreed_of
from convenor.support.queries.costs import costs_of
from convenor.support.rules.ownership import Sight
from convenor.support.rules.plan import check_agree
from convenor.support.rules.refusals import OutOfTurn
from convenor.support.rules.states import PackageStep, Who


def agree(*, slug: str, package_id: int, plan_version: int, by: Viewer, at: datetime) -> HeadAgreement:
    """A head agrees to the plan that they read (`plan_version`), for the receiving school or for the one that lends.

    Whoever speaks for the school agrees: a head, chair or trust leader; a supporter whom no school lends agrees for themselves.
    Raises NotThere, NotYours, NotAllowed, what `check_agree` raises, and OutOfTurn where the package has ended.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = held(slug, package_id, Who.RECEIVING, Who.SUPPLYING, sight=Sight.STATES, by=by, at=at)
        running(row)
        side = speaks_for(here, by)
        stands = agreed_of(row.pk, viewer=by)
        objectives = Objective.objects.filter(package=row, ended_on=None).count()
        check_agree(side, stands, read_version=plan_version, objectives=objectives, costs=len(costs_of(row.pk, viewer=by)))
        HeadAgreement.objects.filter(package=row, side=side.value, withdrawn_at=None).update(withdrawn_at=at)
        made = HeadAgreement.objects.create(
            package=row, side=side.value, plan_version=plan_version, at=at, by_id=writer(by), by_label=by.label[:200]
        )  # fmt: skip
        log(row, PackageStep.AGREED, by=by, at=at, after={"side": side.value, "version": plan_version, "agrees": True})
        tell(row, Who.SUPPLYING if side is Who.RECEIVING else Who.RECEIVING, Who.BROKER, by=by, at=at)
    return made


def withdraw(*, slug: str, package_id: int, by: Viewer, at: datetime) -> None:
    """A head takes the agreement of their school back; no reason is asked. Raises NotThere, NotYours, NotAllowed, OutOfTurn for none."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = held(slug, package_id, Who.RECEIVING, Who.SUPPLYING, sight=Sight.STATES, by=by, at=at)
        running(row)
        side = speaks_for(here, by)
        if not HeadAgreement.objects.filter(package=row, side=side.value, withdrawn_at=None).update(withdrawn_at=at):
            raise OutOfTurn("Your side has not agreed to this plan, so there is nothing to take back. Nothing was changed.")
        log(row, PackageStep.AGREED, by=by, at=at, after={"side": side.value, "agrees": False})
        tell(row, Who.SUPPLYING if side is Who.RECEIVING else Who.RECEIVING, Who.BROKER, by=by, at=at)
