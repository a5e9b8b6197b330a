"""Days and money of a package, planned beside delivered; and the rate card."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.funding.actions import end_day_rate, set_day_rate
from convenor.funding.queries import day_rates, funds
from convenor.funding.rules import Refused as FundRefused
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.support.actions import money as actions
from convenor.support.forms import deployments as boxes
from convenor.support.queries import money as queries
from convenor.support.queries.money import CostSeen, MoneySeen
from convenor.support.queries.supporters import designations
from convenor.support.rules.capacity import half_days_said
from convenor.support.rules.money import PAYER_SAYS
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import Payer, Who
from convenor.support.views.package_steps import PackageAction
from convenor.support.views.packages import ROOM, OfPackage
from convenor.support.views.plan import runs


def pounds(pence: int) -> str:
    """A sum as pages show it: £1,050 and £157.50."""
    return f"£{pence // 100:,}" if pence % 100 == 0 else f"£{pence / 100:,.2f}"


SETTLE = frozenset({Who.BROKER, Who.COORDINATOR})


class Money(OfPackage):
    """What was planned and what was delivered, in half days and in pounds; who pays."""

    sight = Sight.MONEY

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        here = self.here
        seen: MoneySeen = self.found(queries.money(here, viewer=self.viewer))
        account = seen.account
        settles = runs(here) and bool(here.who & SETTLE)
        return self.page(
            "support/money.jinja",
            r=here,
            eyebrow=here.school,
            seen=seen,
            payer_says=PAYER_SAYS,
            days=[
                {"label": "In the plan", "value": account.planned_half_days, "shown": half_days_said(account.planned_half_days)},
                {"label": "Agreed and priced", "value": account.priced_half_days, "shown": half_days_said(account.priced_half_days)},
                {"label": "Booked for visits", "value": account.booked_half_days, "shown": half_days_said(account.booked_half_days)},
                {"label": "Held", "value": account.held_half_days, "shown": half_days_said(account.held_half_days), "kind": "own"},
            ],
            pounds=[
                {"label": "Agreed for days", "value": account.days_pence / 100, "shown": pounds(account.days_pence)},
                {"label": "For days held", "value": account.held_pence / 100, "shown": pounds(account.held_pence), "kind": "own"},
            ],
            most_days=max(account.planned_half_days, account.priced_half_days, account.booked_half_days, 1),
            most_pounds=max(account.days_pence / 100, 1),
            new_href=self.address("support-cost-new") if settles else "",
            address=self.address,
            settles=bool(here.who & SETTLE),
            sets_aside=settles and self.viewer.may(Permission.FUND_SET),
            back=self.address("support-package"),
        )


class OfMoney(PackageAction):
    """What every action on the money of a package shares."""

    sight, whom = Sight.MONEY, SETTLE

    def may(self) -> bool:
        return runs(self.here) and bool(self.here.who & self.whom)

    def back(self) -> str:
        return reverse("support-money", args=[self.slug, self.kwargs["pk"]])

    def funds(self) -> list[tuple[int, str]]:
        """The funds that this viewer may commit money from, with what is left of each."""
        if not self.viewer.may(Permission.FUND_SET):
            return []
        return [(each.id, f"{each.name} {each.year}, £{each.left_pence / 100:,.2f} left") for each in funds(self.slug, viewer=self.viewer)]

    @cached_property
    def cost(self) -> CostSeen:
        """The line of the address, while it stands."""
        seen: MoneySeen = self.found(queries.money(self.here, viewer=self.viewer))
        found: CostSeen = self.found(next((each for each in seen.lines if each.pk == self.kwargs["cost"]), None))
        return found

    @property
    def who(self) -> dict[str, Any]:
        """What an action on money is told."""
        return {"slug": self.slug, "by": self.viewer, "at": self.now}


class NewCost(OfMoney):
    """What something costs and who pays, begun from the rate card and from what was asked for."""

    template = "support/cost_form.jinja"
    title, button, done = "What it costs", "Keep it", "Kept. Both heads agree to it with the plan."
    lede = "The money goes to the supporter’s school or employer, never to the person. Both heads see it, and agree to it."

    def box(self, data: Any) -> Form:
        asked = queries.suggested(self.here, viewer=self.viewer, at=self.now)
        begins: dict[str, Any] = {
            "half_days": asked.half_days or None,
            "payer": asked.payer.value if asked.payer else Payer.RECEIVING.value,
        }
        if asked.half_days and self.here.supporter:
            begins["what"] = f"{half_days_said(asked.half_days)} of {self.here.supporter}"
        if asked.rate is not None:
            rate = asked.rate.rate
            begins |= {
                "day": Decimal(rate.day_pence) / 100, "share": Decimal(rate.share_basis_points) / 100 or None,
                "share_pounds": Decimal(rate.share_pence) / 100 or None, "on_top": rate.on_top, "vat": rate.vat,
            }  # fmt: skip
        return boxes.CostForm(data, funds=self.funds(), initial=begins)

    def about(self) -> dict[str, Any]:
        asked = queries.suggested(self.here, viewer=self.viewer, at=self.now)
        return super().about() | {
            "version": self.here.version,
            "rate": asked.rate,
            "rates_href": reverse("support-rates", args=[self.slug]),
        }

    def perform(self, form: Any) -> None:
        posted = self.request.POST.get("version", "")
        actions.add_cost(
            **self.who, package_id=self.here.pk, line=form.line, fund_id=form.cleaned_data.get("fund"),
            version=int(posted) if posted.isdecimal() else None,
        )  # fmt: skip


class EndCost(OfMoney):
    """A cost falls away."""

    title, button, done = "This cost falls away", "It falls away", "It no longer stands. Both heads are asked again."
    lede = "What a fund has set aside for it is free again."

    def may(self) -> bool:
        """Also after the end: what nobody owes any more is not kept from others."""
        return bool(self.here.who & self.whom)

    def box(self, data: Any) -> Form:
        self.lede = f"“{self.cost.what}”. What a fund has set aside for it is free again."  # type: ignore[misc]
        return boxes.ReasonForm(data)

    def perform(self, form: Any) -> None:
        actions.end_cost(**self.who, cost_id=self.cost.pk, why=form.cleaned_data["why"])


class SetAside(OfMoney):
    """The manager sets money of a fund aside for a cost."""

    title, button, done = "Set money aside", "Set it aside", "Set aside."
    lede = "The fund is lessened by it from today."

    def may(self) -> bool:
        return super().may() and self.viewer.may(Permission.FUND_SET) and self.cost.waits

    def box(self, data: Any) -> Form:
        self.lede = f"“{self.cost.what}”, £{self.cost.pence / 100:,.2f}. The fund is lessened by it from today."  # type: ignore[misc]
        return boxes.FundForm(data, funds=self.funds())

    def perform(self, form: Any) -> None:
        actions.set_aside(**self.who, cost_id=self.cost.pk, fund_id=form.cleaned_data["fund"])


class Rates(PartnershipPage):
    """The rate card: what a day of whom costs, and what of it stays with the broker."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "support-packages"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The card as it counts today, and what counted before or will count."""
        self.found(self.viewer.partnership)
        entries = day_rates(slug, viewer=self.viewer)
        return self.page(
            "support/rates.jinja",
            now=[each for each in entries if each.holds(self.today)],
            others=[each for each in entries if not each.holds(self.today)],
            keeps=self.viewer.may(Permission.FUND_SET),
        )


class OfRates(ActionPage):
    """What both actions on the rate card share."""

    permission = Permission.FUND_SET
    room, tab = ROOM, "support-packages"
    template: ClassVar[str] = "support/action.jinja"

    def back(self) -> str:
        return reverse("support-rates", args=[self.slug])


class SetRate(OfRates):
    """A rate is set from a day on; the one that stood ends there and stays on record."""

    title, button, done = "A day rate", "Set the rate", "Set. Packages that were agreed keep the rate they were agreed at."
    lede = "The rate that stands for the same people ends the day before."

    @cached_property
    def known(self) -> dict[str, str]:
        """Designations by key, as this partnership names them."""
        return {key: each.said for key, each in designations(self.slug, viewer=self.viewer).items()}

    def form(self, data: Any = None) -> Form:
        return boxes.RateForm(data, designations=list(self.known.items()), initial={"from_on": self.today})

    def perform(self, form: Any) -> None:
        key = form.cleaned_data["key"]
        try:
            set_day_rate(
                slug=self.slug, key=key, name=self.known[key], rate=form.rate, from_on=form.cleaned_data["from_on"], by=self.viewer,
                at=self.now,
            )  # fmt: skip
        except FundRefused as refused:
            raise Refused(str(refused)) from refused


class EndRate(OfRates):
    """A rate counts no longer from a day on."""

    title, button, done = "This rate ends", "End the rate", "It ends on that day."
    lede = "It stays on record."

    def form(self, data: Any = None) -> Form:
        found = next(
            (each for each in day_rates(self.slug, viewer=self.viewer) if each.pk == self.kwargs["rate"] and not each.until_on), None
        )
        if found is None:
            raise Http404("There is no such rate that stands.")
        self.lede = f"{found.name}, £{found.rate.day_pence / 100:,.2f} a day. It stays on record."  # type: ignore[misc]
        return boxes.EndRateForm(data, initial={"until_on": self.today})

    def perform(self, form: Any) -> None:
        try:
            end_day_rate(
                slug=self.slug, rate_id=self.kwargs["rate"], until_on=form.cleaned_data["until_on"], by=self.viewer, at=self.now
            )  # fmt: skip
        except FundRefused as refused:
            raise Refused(str(refused)) from refused
