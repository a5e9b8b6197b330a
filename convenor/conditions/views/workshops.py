"""A facilitator's pages: the list, the plan, the console on a phone or a laptop, and the buttons of the console."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.conditions.actions import workshops as actions
from convenor.conditions.forms import workshops as forms
from convenor.conditions.queries import workshops as queries
from convenor.conditions.queries.workshops import Console, WorkshopSeen
from convenor.conditions.rules.agendas import Step
from convenor.conditions.rules.diamonds import CARDS
from convenor.conditions.rules.planning import Plan
from convenor.conditions.rules.states import StepKind, WorkshopState
from convenor.conditions.views.joining_picture import join_picture
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM: Final = "conditions"
TAB: Final = "workshops"


class Workshops(PartnershipPage):
    """The workshops of a partnership."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list, newest first."""
        return self.page("conditions/workshops.jinja", workshops=queries.workshops(slug, viewer=self.viewer))


class Workshop(PartnershipPage):
    """One workshop as any member sees it."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Its agenda and cards, and where to read what it said."""
        return self.page("conditions/workshop.jinja", seen=self.found(queries.workshop(slug, pk, viewer=self.viewer)))


class Canvases(PartnershipPage):
    """What tables wrote on the canvases; whoever leads takes a line off the wall here."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The canvases that this viewer may read."""
        seen = self.found(queries.workshop(slug, pk, viewer=self.viewer))
        return self.page("conditions/canvases.jinja", seen=seen, canvases=self.found(queries.canvases(slug, pk, viewer=self.viewer)))


class OfLeader(PartnershipPage):
    """What every page of a workshop shares that is for whoever leads it."""

    permission = Permission.WORKSHOP_RUN
    room, tab = ROOM, TAB

    @cached_property
    def console(self) -> Console:
        """The workshop of the address; not found for somebody who does not lead it."""
        found = queries.console(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now)
        return self.found(found)  # type: ignore[no-any-return]

    @property
    def seen(self) -> WorkshopSeen:
        """What any member sees of it."""
        return self.console.seen

    def version(self) -> int | None:
        """The version that the page was drawn with, as posted."""
        posted = self.request.POST.get("version", "")
        return int(posted) if posted.isdecimal() and len(posted) < 10 else None


class Lead(OfLeader):
    """The console: where the room is, who came, who has sent, and the buttons."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The console, or, asked again by a page that is open, only its counts."""
        here = self.console
        again = request.GET.get("version", "")
        given: dict[str, Any] = {"here": here, "seen": here.seen, "minutes_in": here.minutes_in(self.now), "State": WorkshopState}
        if getattr(request, "htmx", False) and again:
            answer = self.page("conditions/_counts.jinja", **given)
            if again != str(here.version):
                answer["HX-Refresh"] = "true"
            return answer
        return self.page("conditions/lead.jinja", join=join_picture(request, here.join_code), **given)


class Doing(OfLeader):
    """One button of the console: done, or refused in words, and back to the console. Opened as a page, it asks once more."""

    title: ClassVar[str]
    lede: ClassVar[str] = ""
    button: ClassVar[str]
    done: ClassVar[str] = ""

    def perform(self, given: dict[str, Any]) -> None:
        """Does it; `given` has `slug`, `pk`, `by` and `at`."""
        raise NotImplementedError

    def after(self) -> str:
        """Where to go afterwards."""
        return reverse("workshop-lead", args=[self.slug, self.kwargs["pk"]])

    def step_name(self, step: Step | None) -> str:
        """The step that the button is for; "" where it is for the whole workshop."""
        return ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The same button by itself."""
        here = self.console
        step = here.seen.agenda.step(request.GET.get("step", "")) or here.after or here.seen.step
        words = {"title": self.title, "lede": self.lede, "button": self.button, "back": self.after(), "step": self.step_name(step)}
        return self.page("conditions/press.jinja", here=here, seen=here.seen, step=step, words=words)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Does it."""
        assert self.console
        try:
            self.perform({"slug": self.slug, "pk": self.kwargs["pk"], "by": self.viewer, "at": self.now})
        except Refused as error:
            messages.error(request, str(error))
        else:
            if self.done:
                messages.success(request, self.done)
        return HttpResponseRedirect(self.after())


class OpenWorkshop(Doing):
    """Opens the room."""

    title, button, done = "Open the workshop", "Open the workshop", "It is open: the code lets phones in."
    lede = "From then on its code lets phones in. Agenda and cards stay as they are."

    def perform(self, given: dict[str, Any]) -> None:
        actions.open_workshop(**given, version=self.version())


class OfStep(Doing):
    """A button for one step of the agenda."""

    @property
    def step(self) -> str:
        """The key of the step, as posted."""
        return self.request.POST.get("step", "")

    def step_name(self, step: Step | None) -> str:
        return step.name if step is not None else ""


class GoToStep(OfStep):
    """Takes the room to a step."""

    title, button = "Go to a step", "Go there"

    def perform(self, given: dict[str, Any]) -> None:
        actions.go_to_step(**given, step=self.step, version=self.version())


class ShowStep(OfStep):
    """Shows the results of a step."""

    title, button, done = "Show what was said", "Show what was said", "Shown: on the wall, on the phones, and to members."
    lede = "On the wall, on the phones and to members; still only what so many entries allow."

    def perform(self, given: dict[str, Any]) -> None:
        actions.show(**given, step=self.step)


class HideStep(OfStep):
    """Hides them again."""

    title, button, done = "Hide what was said", "Hide it again", "Hidden again. Nothing is lost."
    lede = "From the wall, the phones and the pages of members."

    def perform(self, given: dict[str, Any]) -> None:
        actions.hide(**given, step=self.step)


class CloseWorkshop(Doing):
    """Closes the room."""

    title, button = "Close the workshop", "Close the workshop"
    done = "Closed. The code opens nothing any more; what was shown stays shown. You can open it again today."
    lede = "Phones can send nothing more. Sheets of paper can still be typed in for two weeks. You can open it again today."

    def perform(self, given: dict[str, Any]) -> None:
        actions.close_workshop(**given, version=self.version())


class WithdrawWorkshop(Doing):
    """Takes back one that was only planned."""

    title, button, done = "Take the plan back", "Take it back", "Taken back."
    lede = "It was never opened, so nothing of a room is lost."

    def perform(self, given: dict[str, Any]) -> None:
        actions.withdraw_workshop(**given)

    def after(self) -> str:
        here = queries.console(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now)
        return super().after() if here is not None else reverse("workshops", args=[self.slug])


class HideNote(Doing):
    """Takes a line off the wall, or puts it back."""

    title, button = "Take a line off the wall", "Take it off"
    lede = "The line is kept; you alone still read it, and can put it back."

    def perform(self, given: dict[str, Any]) -> None:
        actions.hide_note(**given, note_id=self.kwargs["note"], hidden=self.request.POST.get("hidden", "yes") == "yes")

    def after(self) -> str:
        return reverse("workshop-canvases", args=[self.slug, self.kwargs["pk"]])


class PlanWorkshop(ActionPage):
    """Plans a workshop."""

    permission = Permission.WORKSHOP_RUN
    room, tab = ROOM, TAB
    template = "conditions/plan.jinja"
    title, button, done = "Plan a workshop", "Keep the plan", "Planned. Nobody can join before you open it."
    lede = "Agenda, day and cards. Nobody is told, and nobody can join, before you open it."
    made: int | None = None

    def form(self, data: Any = None) -> Form:
        before = queries.before(self.slug, viewer=self.viewer)
        return forms.PlanForm(data, follows=before, initial={"held_on": self.today})

    def perform(self, form: Any) -> None:
        self.made = actions.plan_workshop(slug=self.slug, plan=form.plan(), by=self.viewer, at=self.now).pk

    def back(self) -> str:
        return reverse("workshop-lead", args=[self.slug, self.made]) if self.made else reverse("workshops", args=[self.slug])


class ChangePlan(OfLeader, ActionPage):
    """Changes a plan, until the workshop opens."""

    template = "conditions/plan.jinja"
    title, button, done = "Change the plan", "Keep the plan", "Kept."
    lede = "Until it opens everything can be changed. Then its agenda and cards stay as the room met them."

    def form(self, data: Any = None) -> Form:
        seen = self.seen
        if seen.state is not WorkshopState.PLANNED and data is None:
            raise Http404("The workshop has been opened: its agenda and its cards stay as the room met them.")
        plan = Plan(seen.title, seen.agenda, seen.cards, seen.held_on, seen.closes_on, seen.follows[0] if seen.follows else None)
        before = queries.before(self.slug, viewer=self.viewer, apart_from=seen.pk)
        return forms.PlanForm(data, follows=before, plan=plan, initial={"version": self.console.version})

    def perform(self, form: Any) -> None:
        version = form.cleaned_data["version"]
        actions.plan_workshop(slug=self.slug, plan=form.plan(), by=self.viewer, at=self.now, pk=self.seen.pk, version=version)

    def back(self) -> str:
        return reverse("workshop-lead", args=[self.slug, self.kwargs["pk"]])


class ChooseCards(OfLeader, ActionPage):
    """Settles the nine cards that the room places."""

    template = "conditions/choose.jinja"
    title, button, done = "The nine cards that the room places", "Place these nine", "Settled: everybody places these nine."
    lede = "The same nine for all. Those that the room picked most are ticked."

    def form(self, data: Any = None) -> Form:
        if len(self.seen.cards) == CARDS:
            raise Http404("This workshop has nine cards, so there is nothing to choose.")
        picked = any(self.console.progress.sent.get(each.key, 0) for each in self.seen.agenda.steps if each.kind is StepKind.PICK)
        return forms.ChooseForm(data, picks=self.console.picks, chosen=[card.key for card in self.seen.chosen], picked=picked)

    def perform(self, form: Any) -> None:
        actions.choose_cards(slug=self.slug, pk=self.seen.pk, keys=form.cleaned_data["cards"], by=self.viewer, at=self.now)

    def back(self) -> str:
        return reverse("workshop-lead", args=[self.slug, self.kwargs["pk"]])
