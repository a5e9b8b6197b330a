"""Recording funds, committing money from them, and releasing it again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.funding import rules
from convenor.funding.models import Commitment, Fund
from convenor.funding.queries import left_pence
from convenor.governance.queries import priority_exists
from convenor.journal import actions as journal
from convenor.partnership.gate import Permission, Viewer, allow
from convenor.partnership.queries.keys import partnership_id, tier_id


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
        fund = Fund.objects.select_for_update().filter(partnership__slug=slug, pk=fund_id).first()
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
