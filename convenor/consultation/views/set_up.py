"""The set-up journey: the plan on one page, its beginning, and one step."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from convenor.consultation.actions import set_up as actions
from convenor.consultation.forms import set_up as forms
from convenor.consultation.queries import set_up as queries
from convenor.consultation.queries.set_up import SetUpSeen, StepSeen
from convenor.consultation.rules.journeys import JOURNEY_KEYS, journey
from convenor.consultation.rules.states import StepState
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage

#: Where a step leads: the name of the page, and what the link says.
DOORS: dict[str, tuple[tuple[str, str], ...]] = {
    "body": (("structure", "Put the steering group into the structure"),),
    "context": (("partnership", "The area’s figures"), ("early-shared", "Problems that schools share")),
    "structure": (("structure", "The structure as it stands"),),
    "workshop": (("workshop-plan", "Plan a workshop"), ("workshops", "Workshops")),
    "consultation": (("consultation-start", "Start a consultation"), ("consultations", "Consultations")),
    "seats": (("seats", "Seats and calls"), ("representation", "Whom the board stands for")),
    "round": (("review-round-open", "Open a round of peer reviews"),),
}


def doors(leads_to: str, slug: str) -> list[tuple[str, str]]:
    """The links of a step: what they say, and their addresses."""
    found = []
    for name, says in DOORS.get(leads_to, ()):
        try:
            found.append((says, reverse(name, args=[slug])))
        except NoReverseMatch:
            continue
    return found


class SetUpPage(PartnershipPage):
    """What the pages of the set-up share."""

    permission = Permission.SET_UP_RUN
    room, tab = "consultation", "set-up"

    @cached_property
    def seen(self) -> SetUpSeen:
        """The plan as it stands."""
        return self.found(queries.set_up(self.slug, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]


class SetUp(SetUpPage):
    """The plan."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Every step with its days, and where it leads."""
        links = {each.key: doors(each.leads_to, slug) for each in self.seen.steps}
        return self.page("consultation/set_up.jinja", seen=self.seen, links=links, way=journey(JOURNEY_KEYS[0]))


class StartSetUp(SetUpPage, ActionPage):
    """The set-up begins."""

    title, button = "Start setting up", "Plan the steps"
    lede = "Give the day of the first meeting. Every step gets its days, counted in weeks of school; you can move each of them afterwards."
    done = "Planned. Each step can be moved, done or left out."

    def form(self, data: Any = None) -> Form:
        if self.seen.steps:
            raise Http404("The set-up has begun.")
        return forms.StartForm(data, initial={"starts_on": self.today})

    def perform(self, form: Any) -> None:
        actions.start_set_up(slug=self.slug, starts_on=form.cleaned_data["starts_on"], by=self.viewer, at=self.now)


class ChangeStep(SetUpPage, ActionPage):
    """One step."""

    button, done = "Save", "Saved."

    @cached_property
    def step(self) -> StepSeen:
        """The step of the address."""
        return self.found(next((each for each in self.seen.steps if each.key == self.kwargs["key"]), None))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        kept = ("owner", "starts_on", "due_on", "done_on", "note")
        now = {each: getattr(self.step, each) for each in kept} | {"state": self.step.state.value, "version": self.seen.version}
        return forms.StepForm(data, initial=now)

    def perform(self, form: Any) -> None:
        given = form.cleaned_data | {"state": StepState(form.cleaned_data["state"])}
        actions.change_step(slug=self.slug, key=self.step.key, by=self.viewer, at=self.now, **given)

    def about(self) -> dict[str, Any]:
        return {"title": self.step.name, "lede": self.step.says}
