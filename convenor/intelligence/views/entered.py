"""Entering what nobody publishes about a school, saying that it is still so, taking it back, and answering it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.intelligence import actions
from convenor.intelligence.forms.entered import EnterForm, ResponseForm, StillSoForm, TakeBackForm
from convenor.intelligence.queries.entered import FigureSeen, SchoolEntries, answers_before, school_entries
from convenor.intelligence.queries.secrecy import held_about
from convenor.intelligence.rules.secrecy import REACH_SAYS, RECORD_CLASSES
from convenor.intelligence.rules.wording import Finding
from convenor.intelligence.views.secrecy import truth
from convenor.partnership.gate import NotAllowed, Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.registers.queries.known import names_of

ROOM = "early-identification"


class SchoolAction(ActionPage):
    """An action about one school. What cannot be done is said at the box that has to change, and nothing written is lost."""

    room = ROOM
    confidential = True
    tab = "early"
    template = "intelligence/school_action.jinja"
    findings: tuple[Finding, ...] = ()

    @property
    def urn(self) -> str:
        """The school of the address."""
        return str(self.kwargs["urn"])

    def back(self) -> str:
        return reverse("early-signals", args=[self.slug, self.urn])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does it, or shows what is wrong, and where."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.perform(form)
            except Refused as error:
                name = getattr(error, "field", "").replace(".", "_")
                form.add_error(name if name in form.fields else None, str(error))
                self.findings = getattr(error, "findings", ())
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(self.back())
        return self._show(form, status=422)


class Enter(SchoolAction):
    """Figures and facts about a school that nobody publishes: a minute for a head, for whom everything is filled in as last time."""

    permission = Permission.FIGURE_ENTER
    template = "intelligence/enter.jinja"
    button = "Keep these answers"

    @property
    def done(self) -> str:  # type: ignore[override]
        """What it means, for the school itself and for others."""
        if self.seen.own_people:
            return "Kept for a year. You may take an answer back, or say that it is still so."
        return "Kept. The school sees each answer, with your role, and may answer it."

    @cached_property
    def seen(self) -> SchoolEntries:
        """What the viewer may know of the school's entries; refused for a school about which they may enter nothing."""
        seen: SchoolEntries = self.found(school_entries(self.slug, self.urn, viewer=self.viewer, at=self.today))
        if seen.standpoint is None:
            raise NotAllowed(f"You cannot {self.permission.value} of this school: no post you hold today reaches it.")
        return seen

    def form(self, data: Any = None) -> EnterForm:
        standpoint = self.seen.standpoint
        before = answers_before(self.slug, self.urn, viewer=self.viewer, at=self.today)
        return EnterForm.of(data, own=standpoint is not None and standpoint.own, before=before, today=self.today)

    def perform(self, form: Any) -> None:
        day = form.cleaned_data["as_of_on"]
        actions.enter_figures(slug=self.slug, urn=self.urn, entries=form.entries, as_of_on=day, by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        return {"seen": self.seen, "truth": truth("entered-figure")}


class FigureAction(SchoolAction):
    """An action about one thing entered. `writers_alone`: only whoever entered it, and the school what the school entered."""

    permission = Permission.FIGURE_ENTER
    writers_alone: ClassVar[bool] = True

    @cached_property
    def figure(self) -> FigureSeen:
        """The entry of the address, where this viewer may see it."""
        seen: SchoolEntries = self.found(school_entries(self.slug, self.urn, viewer=self.viewer, at=self.today))
        figure = next((each for each in seen.figures if each.id == self.kwargs["pk"] and not each.withdrawn_why), None)
        if figure is None:
            raise Http404("There is no such entry that still stands, or it is not for you to see.")
        if self.writers_alone and not (figure.mine or (figure.own and seen.own_people)):
            raise NotAllowed("Only whoever entered it may do this. Its school may answer it.")
        return figure

    def about(self) -> dict[str, Any]:
        return {"thing": f"{self.figure.name}: {self.figure.says}", "eyebrow": "Entered about a school"}


class RenewFigure(FigureAction):
    """It is still so."""

    title, button, done = "Say that it is still so", "It is still so", "Kept with the new day."

    def form(self, data: Any = None) -> StillSoForm:
        assert self.figure
        return StillSoForm(data, initial={"as_of_on": self.today})

    def perform(self, form: Any) -> None:
        day = form.cleaned_data["as_of_on"]
        actions.renew_figure(slug=self.slug, urn=self.urn, figure_id=self.figure.id, as_of_on=day, by=self.viewer, at=self.now)


class WithdrawFigure(FigureAction):
    """It is taken back."""

    title, button = "Take an entry back", "Take it back"
    lede = "It stays on record with your reason, and makes no line any more."
    done = "Taken back. It stays on record, and makes no line any more."

    def form(self, data: Any = None) -> TakeBackForm:
        assert self.figure
        return TakeBackForm(data)

    def perform(self, form: Any) -> None:
        why = form.cleaned_data["why"]
        actions.withdraw_figure(slug=self.slug, urn=self.urn, figure_id=self.figure.id, why=why, by=self.viewer, at=self.now)


class AnswerFigure(FigureAction):
    """The school's word to something entered."""

    permission = Permission.SCHOOL_RECORD_SEE
    writers_alone = False
    title, button = "Answer what was entered", "Keep our words beside it"
    done = "Your words stand beside it, for everybody who may read it."

    def subject(self) -> dict[str, Any]:
        return {"urn": self.urn}

    def form(self, data: Any = None) -> ResponseForm:
        assert self.figure
        return ResponseForm(data)

    def perform(self, form: Any) -> None:
        actions.answer_figure(
            slug=self.slug, urn=self.urn, figure_id=self.figure.id, words=form.cleaned_data["words"],
            disputes=form.cleaned_data["disputes"] == "yes", by=self.viewer, at=self.now,
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return super().about() | {"truth": truth("reply")}


class Records(PartnershipPage):
    """Every class of record that early identification keeps: who answers for it, how long it is kept, what can still reach it."""

    permission = Permission.PARTNERSHIP_SEE
    room = ROOM
    confidential = True
    tab = "early"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The register."""
        classes = list(RECORD_CLASSES.values())
        held = held_about(self.viewer.urns, viewer=self.viewer)
        return self.page(
            "intelligence/records.jinja", classes=classes, reaches=REACH_SAYS, truth=truth("soft-signal"), held=held,
            names=names_of(held, viewer=self.viewer), class_names={each.key: each.name for each in classes},
        )  # fmt: skip
