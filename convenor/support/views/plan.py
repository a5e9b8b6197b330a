"""The plan of a package: read, set, changed, and agreed to by both heads on a phone."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.support.actions.agreements import agree, withdraw
from convenor.support.actions.plan import set_plan
from convenor.support.forms import deployments as boxes
from convenor.support.queries import money as money_queries
from convenor.support.queries import plan as queries
from convenor.support.queries.plan import PlanSeen
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.money import PAYER_SAYS
from convenor.support.rules.ownership import Sight
from convenor.support.rules.plan import SIDE_SAYS, SIDES, Goal, check_agree, planned_says, standing_says
from convenor.support.rules.progress import PROGRESS_NAME, PROGRESS_SIGN, means
from convenor.support.rules.refusals import SupportRefused
from convenor.support.rules.states import PROGRESS_MEANS, Met, StateKind, Who
from convenor.support.views.package_steps import PackageAction
from convenor.support.views.packages import OfPackage

#: Those who work with one another in a package, and so write its plan.
WORKING = frozenset({Who.RECEIVING, Who.SUPPLYING, Who.SUPPORTER, Who.BROKER})
BACK_TO_PLAN = "support-plan"


def runs(here: PackageHere) -> bool:
    """Whether the package still goes on, so that something of it can be changed."""
    return here.ended_on is None and here.kind is not StateKind.ENDED and here.status.value != Met.STOPPED.value


class Plan(OfPackage):
    """The plan as it stands: what should come about, who agrees, what was changed."""

    sight = Sight.PLAN

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; a look from outside the school is written down first."""
        here = self.here
        self.looked(Sight.PLAN)
        seen: PlanSeen = self.found(queries.plan(here, viewer=self.viewer))
        writes = runs(here) and bool(here.who & WORKING)
        side = own_side(here, self.viewer)
        return self.page(
            "support/plan.jinja",
            r=here,
            seen=seen,
            eyebrow=here.school,
            lede=planned_says(seen.goals) + "." if seen.objectives else "",
            standing=standing_says(seen.agreed),
            sides=[(SIDE_SAYS[each], seen.agreement(each), each in seen.agreed.waits_for) for each in SIDES],
            set_href=self.address("support-plan-set") if writes else "",
            agree_href=self.address("support-agree") if runs(here) and side in seen.agreed.waits_for else "",
            withdraw_href=self.address("support-agree-withdraw") if runs(here) and side is not None and side in seen.agreed.on else "",
            progress_says=PROGRESS_NAME,
            progress_sign=PROGRESS_SIGN,
            progress_means=PROGRESS_MEANS,
            means=means(),
            back=self.address("support-package"),
        )


def own_side(here: PackageHere, viewer: Any) -> Who | None:
    """The side for which this viewer may agree; None for whoever speaks for neither."""
    if here.acts_as(Who.RECEIVING):
        return Who.RECEIVING if viewer.may(Permission.SCHOOL_SPEAK, urn=here.urn) else None
    if here.acts_as(Who.SUPPLYING):
        return Who.SUPPLYING if not here.supplying_urn or viewer.may(Permission.SCHOOL_SPEAK, urn=here.supplying_urn) else None
    return None


class SetPlan(PackageAction):
    """The objectives are set, or changed: whoever agreed before is asked again."""

    template = "support/plan_set.jinja"
    sight, whom = Sight.PLAN, WORKING
    title, button, done = "The plan", "Keep the plan", "Kept. Both heads agree to it next."
    lede = "One to five things that should come about. Say where each begins before you say where it should end."

    def may(self) -> bool:
        return runs(self.here) and bool(self.here.who & self.whom)

    @cached_property
    def seen(self) -> PlanSeen:
        """The plan as it stands."""
        found: PlanSeen = self.found(queries.plan(self.here, viewer=self.viewer))
        return found

    def box(self, data: Any) -> Form:
        self.looked(Sight.PLAN)
        stands = {each.number: each.goal for each in self.seen.objectives}
        return boxes.PlanForm(data, stands=stands, suggested=self._suggested(), changes=bool(stands))

    def _suggested(self) -> Goal:
        """What a first objective begins from: what the need is about, and how many half days were asked for."""
        asked = money_queries.suggested(self.here, viewer=self.viewer, at=self.now)
        return Goal(area=asked.area, baseline_on=self.today, half_days=asked.half_days)

    def about(self) -> dict[str, Any]:
        return super().about() | {"numbers": range(1, 6), "stands": {each.number for each in self.seen.objectives}, "owes": self.seen.owes}

    def back(self) -> str:
        return reverse(BACK_TO_PLAN, args=[self.slug, self.kwargs["pk"]])

    def perform(self, form: Any) -> None:
        set_plan(**self.known, goals=form.goals, why=form.cleaned_data.get("why", ""))


class Agree(PackageAction):
    """A head reads what is agreed to, on one page, and agrees."""

    template = "support/agree.jinja"
    whom = frozenset({Who.RECEIVING, Who.SUPPLYING})
    title, button, done = "Agree the package", "Agree to this plan", "Agreed. The other side and the broker are told."
    lede = "You agree to the plan, the days and the money as they stand here. If any of it changes, you are asked again."

    def may(self) -> bool:
        return runs(self.here) and own_side(self.here, self.viewer) is not None

    @cached_property
    def seen(self) -> PlanSeen | None:
        """The plan, where this side sees it yet."""
        return queries.plan(self.here, viewer=self.viewer)

    def box(self, data: Any) -> Form:
        if self.here.sees(Sight.PLAN):
            self.looked(Sight.PLAN)
        return boxes.AgreeForm(data, initial={"plan_version": self.seen.agreed.version if self.seen else 0})

    def about(self) -> dict[str, Any]:
        money = self.found(money_queries.money(self.here, viewer=self.viewer))
        return super().about() | {"seen": self.seen, "money": money, "payer_says": PAYER_SAYS, "not_now": self._not_now()}

    def _not_now(self) -> tuple[str, ...]:
        side = own_side(self.here, self.viewer)
        if self.seen is None or side is None:
            return ("The head of the receiving school agrees first; then the plan comes to you.",)
        try:
            check_agree(
                side, self.seen.agreed, read_version=self.seen.agreed.version, objectives=len(self.seen.objectives), costs=self.seen.costs
            )
        except SupportRefused as refused:
            return (str(refused).removesuffix(" Nothing was changed."),)
        return ()

    def back(self) -> str:
        return reverse(BACK_TO_PLAN if self.here.sees(Sight.PLAN) else "support-package", args=[self.slug, self.kwargs["pk"]])

    def perform(self, form: Any) -> None:
        given = {key: value for key, value in self.known.items() if key != "version"}
        agree(**given, plan_version=form.cleaned_data["plan_version"])


class WithdrawAgreement(PackageAction):
    """A head takes the agreement back; no reason is asked."""

    whom = frozenset({Who.RECEIVING, Who.SUPPLYING})
    title, button, done = "Take your agreement back", "Take it back", "Taken back. The other side is told that something waits."
    lede = "No reason is asked. What was done stays, and the other side is asked nothing."

    def may(self) -> bool:
        return runs(self.here) and own_side(self.here, self.viewer) is not None

    def back(self) -> str:
        return reverse("support-package", args=[self.slug, self.kwargs["pk"]])

    def perform(self, form: Any) -> None:
        withdraw(**{key: value for key, value in self.known.items() if key != "version"})
