"""Costs of a package: what is agreed, who pays, what a fund sets aside for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.funding.actions import commit_money, release_money
from convenor.funding.rules import Refused as FundRefused
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.support.actions.deployment_rows import held, package_id_of, running
from convenor.support.actions.package_rows import log, tell
from convenor.support.models import Package, PackageCost
from convenor.support.queries.costs import costs_of
from convenor.support.rules.money import Line, Price, check_budget, check_line
from convenor.support.rules.ownership import Sight
from convenor.support.rules.refusals import OutOfTurn, WrongSum
from convenor.support.rules.states import PackageStep, Payer, Who

SETTLE = (Who.BROKER, Who.COORDINATOR)
NOT_BEGUN = "The support ended before it began"
#: Heads who stop a package set no money free themselves, and no reader of a fund learns from it who did.
SYSTEM = "the system"


def add_cost(
    *, slug: str, package_id: int, line: Line, by: Viewer, at: datetime, fund_id: int | None = None, version: int | None = None
) -> PackageCost:  # fmt: skip
    """Adds what something costs and who pays; both heads are asked again, since terms are part of what they agree to.

    Where a fund of the partnership pays, whoever commits its money names it (`fund_id`); a broker leaves that to the partnership
    manager, who is told. Raises NoWords, Missing, WrongSum (a sum that cannot be, a budget passed, a fund with too little), NotAllowed,
    ChangedMeanwhile (also where one form is sent twice, so that no fund promises twice).
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, _ = held(slug, package_id, *SETTLE, sight=Sight.MONEY, by=by, at=at, version=version)
        running(row)
        kept, cost = check_line(line)
        _check_budget(row, kept, cost, by)
        share = kept.rate.share_basis_points if kept.rate is not None and kept.half_days else 0
        made = PackageCost.objects.create(
            package=row, what=kept.what, payer=kept.payer.value, payer_named=kept.payer_named, half_days=kept.half_days,
            day_pence=kept.rate.day_pence if kept.rate is not None and kept.half_days else 0, broker_share=share,
            broker_pence=cost.broker_pence, pence=cost.pence, vat=kept.rate.vat if kept.rate is not None else False, agreed_on=day_of(at),
        )  # fmt: skip
        if kept.payer is Payer.FUND and fund_id is not None:
            _commit(made, row, slug, fund_id, by=by, at=at)
        log(row, PackageStep.PLAN_CHANGED, by=by, at=at, after={"cost": made.pk, "pence": made.pence, "payer": made.payer})
        tell(
            row, Who.RECEIVING, *((Who.COORDINATOR,) if made.payer == Payer.FUND.value and made.commitment_id is None else ()), by=by, at=at
        )
    return made


def set_aside(*, slug: str, cost_id: int, fund_id: int, by: Viewer, at: datetime) -> PackageCost:
    """The partnership manager sets money of a fund aside for a cost that a fund is to pay; nobody is asked again by it.

    Raises WrongSum where the fund has too little, OutOfTurn for a cost that no fund pays or that was set aside, NotAllowed, NotThere.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, cost = _cost(slug, cost_id, by, at)
        if row.started_on is None:
            running(row)  # of what ended before it began nothing is owed
        if cost.payer != Payer.FUND.value or cost.commitment_id is not None:
            raise OutOfTurn("No fund is asked for that, or it is set aside already. Nothing was changed.")
        _commit(cost, row, slug, fund_id, by=by, at=at)
        log(row, PackageStep.TASK, by=by, at=at, after={"cost": cost.pk, "set_aside": True})
        tell(row, Who.BROKER, by=by, at=at)
    return cost


def end_cost(*, slug: str, cost_id: int, by: Viewer, at: datetime, why: str = "") -> PackageCost:
    """A cost falls away from today; money that a fund set aside for it is free again. Both heads are asked again.

    Raises OutOfTurn where it fell away before, NotAllowed for money of a fund, what `held` raises.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, cost = _cost(slug, cost_id, by, at)
        if cost.commitment_id is not None:
            _may_commit(slug, by)
            release_money(
                slug=slug, commitment_id=cost.commitment_id, released_on=day_of(at), why=why or "It is no longer needed", by=by, at=at
            )  # fmt: skip
        cost.ended_on, cost.version = day_of(at), cost.version + 1
        cost.save()
        log(row, PackageStep.PLAN_CHANGED, by=by, at=at, why=why[:300], before={"cost": cost.pk, "pence": cost.pence, "payer": cost.payer})
        tell(row, Who.RECEIVING, by=by, at=at)
    return cost


def after_the_end(row: Package, *, by: Viewer, at: datetime) -> None:
    """Frees what funds set aside for a package that ended before it began; of any other the partnership manager is told, who knows what is
    still owed and lets the rest fall away."""
    aside = PackageCost.objects.select_for_update(of=("self",)).filter(package=row, ended_on=None, commitment__released_on=None)
    costs = list(aside.exclude(commitment=None))
    if row.started_on is not None:
        if costs:
            tell(row, Who.COORDINATOR, by=by, at=at)
        return
    for cost in costs:
        assert cost.commitment_id is not None, "asked for above"
        release_money(
            slug=row.partnership.slug, commitment_id=cost.commitment_id, released_on=day_of(at), why=NOT_BEGUN, by=SYSTEM, at=at
        )  # fmt: skip
        cost.ended_on, cost.version = day_of(at), cost.version + 1
        cost.save()


def _cost(slug: str, cost_id: int, by: Viewer, at: datetime) -> tuple[Package, PackageCost]:
    """A cost that stands, with its package. Raises OutOfTurn where it fell away."""
    row, _ = held(slug, package_id_of(PackageCost, slug, cost_id, "package"), *SETTLE, sight=Sight.MONEY, by=by, at=at)
    cost = PackageCost.objects.select_for_update(of=("self",)).get(pk=cost_id)
    if cost.ended_on is not None:
        raise OutOfTurn("That cost fell away before. Nothing was changed.")
    return row, cost


def _commit(cost: PackageCost, row: Package, slug: str, fund_id: int, *, by: Viewer, at: datetime) -> None:
    """Commits the money from a fund, whose readers learn of no school by it. A fund that has too little says so, and nothing is changed."""
    _may_commit(slug, by)
    try:
        cost.commitment = commit_money(
            slug=slug, fund_id=fund_id, what=f"Support, package {row.pk}", pence=cost.pence, committed_on=day_of(at), by=by, at=at,
            priority_id=row.priority_id,
        )  # fmt: skip
    except FundRefused as refused:
        raise WrongSum(f"This fund cannot pay for it. {refused}") from refused
    cost.version += 1
    cost.save()


def _may_commit(slug: str, by: Viewer) -> None:
    try:
        allow(by, Permission.FUND_SET, partnership=slug)
    except NotAllowed as refused:
        raise NotAllowed("Money of a fund is set aside, and set free, by the partnership manager. Nothing was changed.") from refused


def _check_budget(row: Package, line: Line, cost: Price, by: Viewer) -> None:
    """What there is for the need bounds what its payer pays, or everything where no payer was named."""
    need = row.need
    if need is None or need.budget_pence is None or (need.payer and line.payer.value != need.payer):
        return
    others = [each for each in costs_of(row.pk, viewer=by) if not need.payer or each.payer.value == need.payer]
    check_budget(sum(each.pence for each in others) + cost.pence, need.budget_pence)
