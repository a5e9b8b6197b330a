"""Recording funds, committing money from them, releasing it again; and keeping the rate card."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from convenor.funding import rules
from convenor.funding.models import Commitment, DayRate, Fund, Subscription
from convenor.funding.queries import left_pence
from convenor.governance.queries import priority_exists
from convenor.journal import actions as journal
from convenor.partnership.gate import Permission, Viewer, allow
from convenor.partnership.queries.keys import partnership_id, tier_id
from convenor.registers.queries.known import names_of


def record_fund(
    *, slug: str, name: str, source: str, year: str, pence: int, by: Viewer | str, at: datetime, tier: str = "", purpose: str = ""
) -> Fund:
    """Writes down money for one financial year (2026-27), its source and, by its key, the tier that spends it."""
    allow(by, Permission.FUND_SET, partnership=slug)
    rules.refuse_year(year)
    if pence < 0 or not name.strip():
        raise rules.Refused("A fund has a name and a sum that is not below nothing. Nothing was changed.")
    tier_pk = tier_id(slug, tier) if tier else None
    if tier and tier_pk is None:
        raise rules.Refused("There is no such tier. Nothing was changed.")
    with transaction.atomic():
        fund = Fund.objects.create(
            partnership_id=partnership_id(slug), name=name.strip(), source=source, year=year, pence=pence, tier_id=tier_pk, purpose=purpose
        )
        journal.record(
            by=by, at=at, verb="fund.recorded", subject_kind="fund", subject_key=fund.pk, subject_label=f"{name} {year}", partnership=slug,
            detail={"pence": pence},
        )  # fmt: skip
    return fund


def commit_money(
    *, slug: str, fund_id: int, what: str, pence: int, committed_on: date, by: Viewer | str, at: datetime, priority_id: int | None = None
) -> Commitment:
    """Promises money from a fund. Of two who would commit the last of it at the same moment, one does and the other is told.

    Raises rules.Refused when the fund or priority is not of this partnership, or too little is left.
    """
    allow(by, Permission.FUND_SET, partnership=slug)
    with transaction.atomic():
        fund = Fund.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=fund_id).first()
        if fund is None:
            raise rules.Refused("There is no such fund in this partnership. Nothing was changed.")
        if priority_id is not None and not priority_exists(slug, priority_id):
            raise rules.Refused("There is no such priority in this partnership. Nothing was changed.")
        rules.refuse_commitment(pence=pence, left_pence=left_pence(fund.pk, fund.pence))
        commitment = Commitment.objects.create(
            partnership_id=fund.partnership_id, fund=fund, priority_id=priority_id, what=what[:200], pence=pence, committed_on=committed_on
        )
        journal.record(
            by=by, at=at, verb="money.committed", subject_kind="fund", subject_key=fund.pk, subject_label=str(fund), partnership=slug,
            detail={"pence": pence, "what": what[:200]},
        )  # fmt: skip
    return commitment


def release_money(*, slug: str, commitment_id: int, released_on: date, why: str, by: Viewer | str, at: datetime) -> Commitment:
    """Money promised is free again from a day, with the reason. Raises rules.Refused when it was released or never promised."""
    allow(by, Permission.FUND_SET, partnership=slug)
    with transaction.atomic():
        rows = Commitment.objects.select_for_update(of=("self",)).select_related("fund")
        commitment = rows.filter(partnership__slug=slug, pk=commitment_id, released_on=None).first()
        if commitment is None or released_on < commitment.committed_on:
            raise rules.Refused("There is no such commitment that could be released on that day. Nothing was changed.")
        commitment.released_on, commitment.released_why = released_on, why[:200]
        commitment.save()
        journal.record(
            by=by, at=at, verb="money.released", subject_kind="fund", subject_key=commitment.fund_id, subject_label=str(commitment.fund),
            partnership=slug, why=why, detail={"pence": commitment.pence},
        )  # fmt: skip
    return commitment


def set_day_rate(
    *, slug: str, key: str, name: str, rate: rules.Rate, from_on: date, by: Viewer | str, at: datetime
) -> DayRate:  # fmt: skip
    """What a day of somebody with a designation costs from a day on. The line that stood ends there, and stays on record.

    Raises rules.Refused for a rate that cannot be, and for a day that is not after the one from which the standing line counts.
    """
    allow(by, Permission.FUND_SET, partnership=slug)
    rules.check_rate(rate)
    if not key.strip() or not name.strip():
        raise rules.Refused("A rate is for a designation. Nothing was changed.")
    with transaction.atomic():
        stands = DayRate.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, key=key, until_on=None).first()
        if stands is not None:
            if from_on <= stands.from_on:
                raise rules.Refused(
                    f"The rate that stands counts from {stands.from_on:%d/%m/%Y}; a new one begins later. Nothing was changed."
                )
            stands.until_on = from_on
            stands.save()
        row = DayRate.objects.create(
            partnership_id=partnership_id(slug), key=key, name=name.strip()[:120], day_pence=rate.day_pence, day_hours=rate.day_hours,
            share_basis_points=rate.share_basis_points, share_pence=rate.share_pence, on_top=rate.on_top, vat=rate.vat, from_on=from_on,
            recorded_at=at, recorded_by=str(getattr(by, "label", by))[:200],
        )  # fmt: skip
        _rate_recorded(row, "rate.set", slug=slug, by=by, at=at)
    return row


def end_day_rate(*, slug: str, rate_id: int, until_on: date, by: Viewer | str, at: datetime) -> DayRate:
    """A line of the rate card counts no longer from a day on. Raises rules.Refused where it ended or never stood."""
    allow(by, Permission.FUND_SET, partnership=slug)
    with transaction.atomic():
        row = DayRate.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=rate_id, until_on=None).first()
        if row is None or until_on <= row.from_on:
            raise rules.Refused("There is no such rate that could end on that day. Nothing was changed.")
        row.until_on = until_on
        row.save()
        _rate_recorded(row, "rate.ended", slug=slug, by=by, at=at)
    return row


def _rate_recorded(row: DayRate, verb: str, *, slug: str, by: Viewer | str, at: datetime) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="day-rate", subject_key=row.pk, subject_label=row.name, partnership=slug,
        detail={"day_pence": row.day_pence},
    )  # fmt: skip


def record_subscriptions(*, slug: str, lines: Iterable[rules.SubscriptionLine], by: Viewer | str, at: datetime) -> int:
    """What schools were asked to pay, and whether they did: one line a school and year, said anew where it stands. For how many.

    All or none, and one line of the journal for each school. Raises NotAllowed, and rules.Refused for a sum or year that cannot be, two
    lines of one school and year, or a school that the register does not know.
    """
    allow(by, Permission.FUND_SET, partnership=slug)
    asked = [rules.check_subscription(each) for each in lines]
    if len({(each.urn, each.year) for each in asked}) != len(asked):
        raise rules.Refused("One school stands twice for one year. Nothing was changed.")
    names = names_of({each.urn for each in asked}, viewer=by)
    unknown = sorted({each.urn for each in asked} - set(names))
    if unknown:
        raise rules.Refused(f"No loaded edition of the register knows a school with URN {unknown[0]}. Nothing was changed.")
    with transaction.atomic():
        here = partnership_id(slug)
        standing = {
            (row.school_id, row.year): row
            for row in Subscription.objects.select_for_update(of=("self",)).filter(partnership_id=here, school__in=names)
        }
        for each in asked:
            row = standing.get((each.urn, each.year)) or Subscription(partnership_id=here, school_id=each.urn, year=each.year)
            row.pence, row.paid, row.paid_on, row.invoiced_on, row.note = each.pence, each.paid, each.paid_on, each.invoiced_on, each.note
            row.recorded_at, row.recorded_by = at, str(getattr(by, "label", by))[:200]
            row.save()
        for urn in dict.fromkeys(each.urn for each in asked):
            years = sorted(each.year for each in asked if each.urn == urn)
            journal.record(
                by=by, at=at, verb="subscription.recorded", subject_kind="subscription", subject_key=urn, subject_label=names[urn][0],
                partnership=slug, urn=urn, detail={"years": years},
            )  # fmt: skip
    return len(asked)
