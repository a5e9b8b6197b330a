"""What support and early identification add beside the nine conditions: totals, as their own pages tell them to whoever sees totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from convenor.conditions.rules.evidence import EvidenceLine
from convenor.intelligence.queries.totals import totals
from convenor.partnership.queries.holdings import LONDON
from convenor.partnership.roles import Permission
from convenor.support.models import Need
from convenor.support.queries.commissioning import YEAR, commissioning
from convenor.support.rules.commissioning import WITHIN_DAYS, part
from convenor.support.rules.states import NeedOrigin, NeedState

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

SOURCE: Final = "Support, in ranges that name no school"
EARLY: Final = "Early identification, in ranges that name no school"
TOO_FEW: Final = "too few to say"


def evidence(slug: str, *, viewer: Viewer, at: date | datetime) -> Iterable[EvidenceLine]:
    """Days offered and given, how soon somebody was found, which schools support reached, what it cost; and early conversations.

    Nothing for whoever sees no totals. Sixteen queries at most.
    """
    yield from _early(slug, viewer, at)
    seen, needs = commissioning(slug, viewer=viewer, at=at), Permission.SUPPORT_TOTALS_SEE.value
    if seen is None:
        return

    def line(condition: str, says: str, value: str | None, unit: str = "") -> EvidenceLine:
        if value is None:
            return EvidenceLine(condition, says, "", "", seen.on, SOURCE, TOO_FEW, needs)
        return EvidenceLine(condition, says, value, unit, seen.on, SOURCE, "", needs)

    offered = seen.offered
    yield line("capacity", "Days that the directory offers this school year", _days(offered.offered) if offered else None, "days")
    yield line("capacity", "Of these, booked", _days(offered.booked) if offered else None, "days")
    yield line("capacity", "Days of support given in twelve months", _about(seen.days_by_tier.whole), "days")
    yield line("capacity", "Days of support asked for", _about(seen.days_planned.whole), "days")
    within = dict(zip(WITHIN_DAYS, seen.matched, strict=True))[14]
    yield line("capacity", "Requests with a supporter chosen within two weeks", within.says if within.told else None)
    reached = seen.reach.whole
    yield line("capacity", "Schools that had support in twelve months", reached.says if reached.told else None, "schools")
    own = part(_asked_themselves(slug, seen.on))
    yield line("trust", "Schools that asked themselves, of those with a request in twelve months", own.says if own.told else None)
    pence = seen.cost.whole
    yield line("contributions", "Cost of support in twelve months", f"about £{pence // 100:,}" if pence is not None else None)
    paid = "; ".join(f"{each.name}: about £{each.amount // 100:,}" for each in seen.cost.parts)
    if paid:
        yield line("contributions", "Who paid for it", paid)


def _early(slug: str, viewer: Viewer, at: date | datetime) -> Iterable[EvidenceLine]:
    found, needs = totals(slug, viewer=viewer, at=at), Permission.EARLY_TOTALS_SEE.value
    if found is None:
        return
    whole, says = found.totals.whole, "Early conversations that are open"
    if whole.told:
        yield EvidenceLine("trust", says, whole.says, f"of {whole.schools} schools", found.totals.on, EARLY, "", needs)
    else:
        yield EvidenceLine("trust", says, "", "", found.totals.on, EARLY, TOO_FEW, needs)


def _asked_themselves(slug: str, on: date) -> dict[str, bool]:
    """Each school with a request in the year to the counting day: whether it asked for any itself, or others did each time. One query."""
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=LONDON)
    rows = Need.objects.filter(partnership__slug=slug, asked_at__lt=end, asked_at__gte=end - YEAR).exclude(state=NeedState.WITHDRAWN.value)
    found: dict[str, bool] = {}
    for urn, origin in rows.values_list("school_id", "origin"):
        found[urn] = found.get(urn, False) or origin == NeedOrigin.SCHOOL.value
    return found


def _days(halves: int) -> str:
    """Half days as days: 7 is 3.5."""
    return f"{halves // 2}.5" if halves % 2 else f"{halves // 2:,}"


def _about(halves: int | None) -> str | None:
    return None if halves is None else f"about {halves // 2:,}"
