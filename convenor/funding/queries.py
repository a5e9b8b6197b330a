"""Funds and what is left of them, for those who may see money; and the rate card, which every member reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from convenor.funding.models import Commitment, DayRate, Fund, Subscription
from convenor.funding.rules import Entry, Rate
from convenor.partnership.gate import Permission, Viewer


@dataclass(frozen=True, slots=True)
class FundSeen:
    """A fund in whole pence: what it held at first, what is committed, what is left."""

    id: int
    name: str
    source: str
    tier: str
    year: str
    purpose: str
    pence: int
    committed_pence: int

    @property
    def left_pence(self) -> int:
        """What may still be committed."""
        return self.pence - self.committed_pence


def funds(slug: str, *, viewer: Viewer, year: str = "") -> list[FundSeen]:
    """The partnership's funds, of one financial year (2026-27) or all, newest first; empty for those who may not see them. One query."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.FUND_SEE):
        return []
    rows = Fund.objects.filter(partnership__slug=slug, **({"year": year} if year else {}))
    committed = Sum("commitments__pence", filter=Q(commitments__released_on=None))
    fields = ("id", "name", "source", "tier__name", "year", "purpose", "pence", "committed")
    found = rows.annotate(committed=committed).order_by("-year", "name").values_list(*fields)
    return [FundSeen(row[0], row[1], row[2], row[3] or "", row[4], row[5], row[6], row[7] or 0) for row in found]


def left_pence(fund_id: int, pence: int) -> int:
    """What is left of a fund of so much: all but the commitments that have not been released."""
    total = Commitment.objects.filter(fund=fund_id, released_on=None).aggregate(total=Sum("pence"))["total"]
    return pence - (total or 0)


def day_rates(slug: str, *, viewer: Viewer, on: date | None = None) -> list[Entry]:
    """The rate card by name, the newest line of each first; `on`: those in force on a day. Empty for anybody outside. One query."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return []
    rows = DayRate.objects.filter(partnership__slug=slug).order_by("name", "key", "-from_on", "-id")
    found = [_entry(each) for each in rows]
    return [each for each in found if on is None or each.holds(on)]


def _entry(row: DayRate) -> Entry:
    """A line of the rate card as the rules read it. No query."""
    rate = Rate(row.day_pence, row.share_basis_points, row.share_pence, row.on_top, row.vat, row.day_hours)
    return Entry(row.pk, row.key, row.name, rate, row.from_on, row.until_on)


@dataclass(frozen=True, slots=True)
class SubscriptionSeen:
    """What a school was asked to pay for a year, in whole pence. `paid` None: nobody has said."""

    urn: str
    school: str
    year: str
    pence: int
    paid: bool | None
    paid_on: date | None
    invoiced_on: date | None
    note: str


def subscriptions(slug: str, *, viewer: Viewer, urn: str = "") -> list[SubscriptionSeen]:
    """Schools' subscriptions, the newest year first: all for those who see the partnership's money, a school's own for its people.

    Empty for everybody else. One query.
    """
    if viewer.partnership is None or viewer.partnership.slug != slug:
        return []
    if not viewer.may(Permission.FUND_SEE) and not (urn and viewer.sees_record(urn)):
        return []
    rows = Subscription.objects.filter(partnership__slug=slug, **({"school_id": urn} if urn else {}))
    fields = ("school_id", "school__name", "year", "pence", "paid", "paid_on", "invoiced_on", "note")
    return [SubscriptionSeen(*row) for row in rows.order_by("-year", "school__name").values_list(*fields)]
