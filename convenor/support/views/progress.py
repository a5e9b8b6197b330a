"""Progress reviews: read beside the meanings of red, amber and green, and held."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.support.actions.progress import hold_review
from convenor.support.forms import deployments as boxes
from convenor.support.queries import plan as plan_queries
from convenor.support.queries import progress as queries
from convenor.support.queries.plan import PlanSeen
from convenor.support.rules.ownership import Sight
from convenor.support.rules.progress import DECISION_SAYS, PROGRESS_SAYS, PROGRESS_SIGN, means
from convenor.support.rules.states import PackageStatus, ReviewDecision
from convenor.support.views.package_steps import PackageAction
from convenor.support.views.packages import OfPackage
from convenor.support.views.plan import WORKING, runs

#: When the next review is proposed: three months on.
NEXT = timedelta(weeks=13)


class Progress(OfPackage):
    """The progress reviews of a package, newest first."""

    sight = Sight.REVIEWS

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; a look from outside the school is written down first."""
        here = self.here
        self.looked(Sight.REVIEWS)
        plan: PlanSeen = self.found(plan_queries.plan(here, viewer=self.viewer))
        held = runs(here) and bool(here.who & WORKING) and here.started_on is not None and bool(plan.objectives)
        return self.page(
            "support/progress.jinja",
            r=here,
            eyebrow=here.school,
            reviews=self.found(queries.reviews(here, viewer=self.viewer)),
            titles={each.number: each.goal.title for each in (*plan.objectives, *plan.ended)},
            means=means(),
            says=PROGRESS_SAYS,
            sign=PROGRESS_SIGN,
            decisions=DECISION_SAYS,
            new_href=self.address("support-progress-new") if held and here.status is not PackageStatus.PAUSED else "",
            paused=held and here.status is PackageStatus.PAUSED,
            set_href=self.address("support-plan-set") if plan.owes and runs(here) and here.who & WORKING else "",
            back=self.address("support-package"),
        )


class HoldReview(PackageAction):
    """A progress review is written down."""

    template = "support/progress_form.jinja"
    sight, whom = Sight.REVIEWS, WORKING
    title, button, done = "A progress review", "Write it down", "Written down. Everybody of the package is told."
    lede = "How each objective goes, never how the school does; and what follows from it."

    def may(self) -> bool:
        return runs(self.here) and bool(self.here.who & self.whom) and bool(self.plan.objectives) and self.here.started_on is not None

    @cached_property
    def plan(self) -> PlanSeen:
        """The plan that is looked at."""
        found: PlanSeen = self.found(plan_queries.plan(self.here, viewer=self.viewer))
        return found

    def box(self, data: Any) -> Form:
        self.looked(Sight.REVIEWS)
        return boxes.ReviewForm(
            data, objectives=[(each.number, each.goal.title) for each in self.plan.objectives],
            initial={"held_on": self.today, "next_on": self.today + NEXT},
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return super().about() | {"plan": self.plan}

    def perform(self, form: Any) -> None:
        review = form.review
        hold_review(**self.known, review=review)
        self.changes = review.decision is ReviewDecision.CHANGE

    def back(self) -> str:
        """The plan to be changed, where that was decided; the reviews otherwise."""
        name = "support-plan-set" if getattr(self, "changes", False) else "support-progress"
        return reverse(name, args=[self.slug, self.kwargs["pk"]])
