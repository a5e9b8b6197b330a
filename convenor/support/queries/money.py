"""Days and money of a package, planned beside delivered, as somebody may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.funding.queries import day_rates
from convenor.funding.rules import Entry, rate_on
from convenor.partnership.queries.holdings import day_of
from convenor.support.models import Need, Objective, Package, PackageCost, Supporter, Visit
from convenor.support.queries.costs import costs_of
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.money import Account, account, by_payer, settled
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import Payer

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class CostSeen:
    """One line: what it is, who pays, what it costs. `fund` is the fund that set it aside, "" while none has."""

    pk: int
    what: str
    payer: Payer
    payer_named: str
    half_days: int
    day_pence: int
    broker_share: int
    broker_pence: int
    pence: int
    vat: bool
    agreed_on: date
    ended_on: date | None
    fund: str

    @property
    def lender_pence(self) -> int:
        """What reaches the supporter's school or employer."""
        return self.pence - self.broker_pence

    @property
    def waits(self) -> bool:
        """Whether a fund is to pay and none has set it aside yet."""
        return self.payer is Payer.FUND and not self.fund and self.ended_on is None


@dataclass(frozen=True, slots=True)
class MoneySeen:
    """What a package costs: its lines, those that fell away, planned beside delivered, by payer, and what there is for it (None: not
    settled)."""

    lines: tuple[CostSeen, ...]
    ended: tuple[CostSeen, ...]
    account: Account
    payers: tuple[tuple[Payer, int], ...]
    budget_pence: int | None
    settled: bool


def money(here: PackageHere, *, viewer: Viewer) -> MoneySeen | None:
    """Days and money of a package; None for whoever may not see them. Five queries."""
    if not here.sees(Sight.MONEY):
        return None
    rows = PackageCost.objects.filter(package_id=here.pk).select_related("commitment__fund").order_by("agreed_on", "id")
    lines = [_line(each) for each in rows]
    costs = costs_of(here.pk, viewer=viewer)
    booked = Visit.objects.filter(package_id=here.pk, cancelled_at=None).values_list("half_days", "delivered_on")
    halves = list(booked)
    planned = sum(Objective.objects.filter(package_id=here.pk, ended_on=None).values_list("half_days", flat=True))
    found = account(
        costs, planned_half_days=planned, booked_half_days=sum(half for half, _ in halves),
        held_half_days=sum(half for half, on in halves if on is not None),
    )  # fmt: skip
    budget = Need.objects.filter(packages=here.pk).values_list("budget_pence", flat=True).first()
    return MoneySeen(
        tuple(each for each in lines if each.ended_on is None), tuple(each for each in lines if each.ended_on is not None), found,
        tuple(by_payer(costs)), budget, settled(costs),
    )  # fmt: skip


def _line(row: PackageCost) -> CostSeen:
    return CostSeen(
        row.pk, row.what, Payer(row.payer), row.payer_named, row.half_days, row.day_pence, row.broker_share, row.broker_pence, row.pence,
        row.vat, row.agreed_on, row.ended_on, str(row.commitment.fund) if row.commitment is not None else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a plan and its costs begin from: the rate of the supporter's designations today, the half days, the payer and the first theme
    that were asked for."""

    rate: Entry | None
    half_days: int
    payer: Payer | None
    area: str


def suggested(here: PackageHere, *, viewer: Viewer, at: date | datetime) -> Suggested:
    """What to begin a cost from, so that nothing known is typed. Three queries."""
    row = Package.objects.select_related("need").filter(pk=here.pk).first()
    need = row.need if row is not None else None
    keys = Supporter.objects.filter(packages=here.pk).values_list("designations", flat=True).first() or []
    rate = rate_on(day_rates(here.slug, viewer=viewer), keys, day_of(at))
    if need is None:
        return Suggested(rate, 0, None, "")
    return Suggested(rate, need.half_days, Payer(need.payer) if need.payer else None, (need.themes or [""])[0])
