"""How support goes, in totals that name no school; and for whoever follows packages, what each of them cost."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage
from convenor.peer_review.rules.health import Share
from convenor.support.queries.commissioning import CommissioningSeen, commissioning, package_costs
from convenor.support.rules.commissioning import WITHIN_DAYS, Part, Sums
from convenor.support.views.front import ROOM, door

#: What each of the times to match is called.
WITHIN = dict(zip(WITHIN_DAYS, ("Within a week", "Within a fortnight", "Within four weeks"), strict=True))


class Totals(PartnershipPage):
    """How support goes. Whatever is asked beside the address changes nothing: totals are not to be narrowed."""

    permission = Permission.SUPPORT_TOTALS_SEE
    room, tab = ROOM, "support-totals"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen: CommissioningSeen = self.found(commissioning(slug, viewer=self.viewer, at=self.today))
        return self.page(
            "support/totals.jinja",
            seen=seen,
            matched=[part_row(each, WITHIN[days]) for days, each in zip(WITHIN_DAYS, seen.matched, strict=True)],
            reach=[share_row(each, each.name, together(each)) for each in seen.reach.groups],
            whole=share_row(seen.reach.whole, "All member schools"),
            own=part_row(seen.own_bodies, "Share"),
            tiers=day_rows(seen.days_by_tier),
            priorities=day_rows(seen.days_by_priority),
            costs=money_rows(seen.cost),
            untold=[
                name
                for name, told in (
                    ("days by tier", seen.days_by_tier),
                    ("days by priority", seen.days_by_priority),
                    ("who paid", seen.cost),
                )
                if not told.parts
            ],
            costs_href=door("support-costs", slug) if self.viewer.may(Permission.PACKAGE_FOLLOW) else "",
        )


def together(share: Share) -> str:
    """Which kinds are told together in a group."""
    return "Told together: " + ", ".join(share.names) if share.names else ""


def share_row(share: Share, label: str, note: str = "") -> dict[str, Any]:
    """A share as the pictures and their tables want it: its middle, what rounding and chance leave open, and the numbers in words."""
    low, high = (round(end) for end in share.interval_percent) if share.interval_percent else (None, None)
    return {
        "label": label, "note": note, "of": share.says, "value": share.middle_percent, "low": low, "high": high,
        "mark": "" if share.told else "too few to say", "shown": share.says, "told": share.told,
    }  # fmt: skip


def part_row(part: Part, label: str) -> dict[str, Any]:
    """A part of schools whose number is not told, with no number from which it could be worked back."""
    return {
        "label": label, "note": "", "of": part.says, "value": None if part.low is None or part.high is None else (part.low + part.high) / 2,
        "low": part.low, "high": part.high, "mark": "" if part.told else "too few to say", "shown": part.says, "told": part.told,
    }  # fmt: skip


def day_rows(told: Sums) -> list[dict[str, Any]]:
    """Days by group as the picture and its table want them, from halves; in the order of the names, those told together last."""
    return [
        {"label": each.name, "value": each.amount / 2, "shown": f"about {each.amount // 2} days", "note": "; ".join(each.names)}
        for each in told.parts
    ]  # fmt: skip


def money_rows(told: Sums) -> list[dict[str, Any]]:
    """Money by who pays, in whole pounds."""
    return [
        {"label": each.name, "value": each.amount // 100, "shown": f"about £{each.amount // 100:,}", "note": "; ".join(each.names)}
        for each in told.parts
    ]  # fmt: skip


class Costs(PartnershipPage):
    """What each package cost, for whoever follows packages: days and money, nothing of what was written about a school."""

    permission = Permission.PACKAGE_FOLLOW
    room, tab = ROOM, "support-totals"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        rows = self.found(package_costs(slug, viewer=self.viewer, at=self.today))
        given = sum(each.delivered for each in rows)
        return self.page(
            "support/costs.jinja",
            rows=[
                {
                    "school": each.school, "fictitious": each.fictitious, "href": door("support-package", slug, each.pk),
                    "supporter": each.supporter, "planned": each.planned / 2, "delivered": each.delivered / 2, "pence": each.pence,
                    "broker": each.broker_pence, "payers": each.payers, "since": each.started_on,
                    "day": round(2 * each.pence / each.planned) if each.planned and each.pence else None,
                }
                for each in rows
            ],
            planned=sum(each.planned for each in rows) / 2,
            delivered=given / 2,
            pence=sum(each.pence for each in rows),
            broker=sum(each.broker_pence for each in rows),
        )  # fmt: skip
