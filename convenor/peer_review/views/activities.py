"""The agenda of a visit, for whoever plans it and whoever takes part."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.peer_review.actions import activities as actions
from convenor.peer_review.actions.activities import Planned
from convenor.peer_review.forms import review as boxes
from convenor.peer_review.queries import reviews as queries
from convenor.peer_review.queries.reviews import ActivitySeen
from convenor.peer_review.queries.steps import whos
from convenor.peer_review.rules.gates import Who, said
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.preparing import WHILE_PLANNING
from convenor.peer_review.rules.telling import days_said
from convenor.peer_review.views.reviews import OfReview, ReviewAction


class OfAgenda(OfReview):
    """What the pages of the agenda share."""

    sight = Sight.PLAN

    @cached_property
    def visit_days(self) -> list[date]:
        """The school days of the visit."""
        first, until = self.here.visit_from_on, self.here.visit_until_on
        if first is None or until is None:
            return []
        days = [first + timedelta(days=ahead) for ahead in range((until - first).days)]
        return [day for day in days if day.weekday() < 5] or days

    @property
    def days(self) -> str:
        """The days of the visit, in words."""
        said = days_said(self.here.visit_from_on, self.here.visit_until_on)
        return f"The visit: {said}"

    @property
    def may_plan(self) -> bool:
        """Whether this viewer plans the visit, now."""
        return self.here.state in WHILE_PLANNING and bool(whos(self.here, viewer=self.viewer) & {Who.HOST, Who.LEAD})


class Agenda(OfAgenda):
    """The agenda, day by day."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page. A look from outside the school is written down."""
        self.looked()
        planned = queries.activities(self.here, viewer=self.viewer)
        return self.page(
            "peer_review/activities.jinja",
            **self.frame(),
            lede=f"{self.days}. Each activity is done with somebody of the school.",
            days=[(day, [each for each in planned if each.on == day]) for day in self.visit_days],
            planned=planned,
            said=said,
            may_plan=self.may_plan,
            back=reverse("review", args=[slug, pk]),
        )


class AgendaAction(OfAgenda, ReviewAction):
    """A change of the agenda."""

    lede = "Done together with somebody of the school, so that it is something you do with each other."

    def may(self) -> bool:
        return self.may_plan and bool(self.visit_days)

    def back(self) -> str:
        return reverse("review-activities", args=[self.slug, self.here.pk])

    def box(self, data: Any) -> Form:
        team = queries.team_names(self.here, viewer=self.viewer)
        return boxes.ActivityForm(data, initial=self.begins(), days=self.visit_days, team=list(team.items()))

    def begins(self) -> dict[str, Any]:
        """What stands in the form to begin with."""
        return {}

    @property
    def plan_known(self) -> dict[str, Any]:
        """What the actions on the agenda are told."""
        return {key: value for key, value in self.known.items() if key != "version"}


def _planned(given: dict[str, Any], kind: str = "") -> Planned:
    return Planned(
        given["title"], given["on"], given["starts"], given["ends"], given["host_partner"], kind, given["place"],
        frozenset(given["reviewers"]),
    )  # fmt: skip


class AddActivity(AgendaAction):
    """An activity joins the agenda."""

    title, button, done = "Add an activity", "Add it", "It stands on the agenda."

    def perform(self, form: Any) -> None:
        actions.plan_activity(**self.plan_known, plan=_planned(form.cleaned_data))


class SuggestAgenda(AgendaAction):
    """An agenda to begin from."""

    title, button, done = "Begin from a suggestion", "Set it out", "An agenda to begin from. Change whatever does not fit."
    lede = "What visits of this kind often hold, set on your days one after another. Change or take out whatever does not fit."

    def box(self, data: Any) -> Form:
        return boxes.SuggestForm(data)

    def perform(self, form: Any) -> None:
        actions.plan_suggested(**self.plan_known, **form.cleaned_data)


class ChangeActivity(AgendaAction):
    """An activity changes."""

    title, button, done = "Change an activity", "Save", "Saved."

    @cached_property
    def one(self) -> ActivitySeen:
        """The activity of the address."""
        found = queries.activity(self.slug, self.here.pk, self.kwargs["activity"], viewer=self.viewer, at=self.now)
        return self.found(found)  # type: ignore[no-any-return]

    @property
    def version(self) -> int:
        return getattr(self, "_version", self.one.version)

    def begins(self) -> dict[str, Any]:
        one = self.one
        return {
            "title": one.title, "on": one.on.isoformat(), "starts": one.starts, "ends": one.ends, "host_partner": one.host_partner,
            "place": one.place, "reviewers": sorted(one.reviewer_ids),
        }  # fmt: skip

    def perform(self, form: Any) -> None:
        actions.change_activity(**self.known, activity_id=self.one.id, plan=_planned(form.cleaned_data, self.one.kind))


class RemoveActivity(ChangeActivity):
    """An activity is taken off the agenda."""

    title, button, done = "Take it off the agenda", "Take it out", "It is off the agenda."

    def box(self, data: Any) -> Form:
        self.lede = f"“{self.one.title}”. Notes taken there keep its name."  # type: ignore[misc]
        return boxes.NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        actions.remove_activity(**self.plan_known, activity_id=self.one.id)
