"""Consultations: the list, one of them as anybody sees it, and what whoever runs it does, step by step."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.consultation.actions import consultations as actions
from convenor.consultation.actions.invitations import remind
from convenor.consultation.forms import consultations as forms
from convenor.consultation.queries import consultations as queries
from convenor.consultation.queries import rates, responses
from convenor.consultation.queries.consultations import ConsultationSeen
from convenor.consultation.rules.answers import day_in_words
from convenor.consultation.rules.questions import KINDS, STANCES
from convenor.consultation.rules.states import ConsultationState
from convenor.partnership.gate import PUBLIC, Permission
from convenor.partnership.roles import Open as Open_
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM, TAB = "consultation", "consultations"
#: What the other part of the room shows of a consultation, where this viewer may: page, words.
HEARING = (("consultation-results", "What was heard"), ("consultation-themes", "Themes"), ("consultation-report", "The report"))
STATE_SAYS = {
    ConsultationState.DRAFT: "Being written", ConsultationState.OPEN: "Open", ConsultationState.CLOSED: "Closed",
    ConsultationState.REPORTED: "Reported", ConsultationState.WITHDRAWN: "Withdrawn",
}  # fmt: skip


class Consultations(PartnershipPage):
    """Every consultation of the partnership; one's own schools' answers first."""

    permission = PUBLIC
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        here, seen = self.found(queries.consultations(slug, viewer=self.viewer, at=self.today))
        own = responses.own_lines(slug, viewer=self.viewer, at=self.today)
        runs = queries.runs_here(self.viewer, slug)
        return self.page(
            "consultation/consultations.jinja", here=here, seen=seen, own=own, runs=runs, states=STATE_SAYS, partnership_name=here.name
        )


class OfConsultation(PartnershipPage):
    """What every page of one consultation shares."""

    permission: ClassVar[Permission | Open_] = PUBLIC
    room, tab = ROOM, TAB

    @cached_property
    def seen(self) -> ConsultationSeen:
        """The consultation, where this viewer may know of it."""
        found = queries.consultation(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    def of_it(self, name: str, *more: Any) -> str:
        """The address of another page of it."""
        return reverse(name, args=[self.slug, self.kwargs["pk"], *more])


class Consultation(OfConsultation):
    """One consultation: what is proposed, the days, and the way to answer. For whoever runs it, what to do next."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        seen = self.seen
        own = responses.own_lines(self.slug, viewer=self.viewer, at=self.today, pk=seen.pk)
        return self.page(
            "consultation/consultation.jinja", seen=seen, own=own, rate=rates.whole(seen, viewer=self.viewer, at=self.today),
            states=STATE_SAYS, stances=STANCES, kinds=KINDS, doors=self._doors(), ConsultationState=ConsultationState,
            partnership_name=seen.partnership, unheard_letters=rates.without_letter(seen, viewer=self.viewer, at=self.today),
        )  # fmt: skip

    def _doors(self) -> list[tuple[str, str]]:
        found = []
        if self.seen.state is ConsultationState.DRAFT:
            return []
        if self.seen.runs or (self.viewer.may(Permission.ENGAGEMENT_SEE) and self._at_home):
            found.append((self.of_it("consultation-rates"), "Who has answered"))
        return found + [(self.of_it(name), words) for name, words in HEARING if self._opens(name)]

    def _opens(self, name: str) -> bool:
        """Whether this viewer may open a page of what was heard now."""
        if self.seen.state not in (ConsultationState.CLOSED, ConsultationState.REPORTED):
            return False
        if self.seen.runs or (self.seen.state is ConsultationState.REPORTED and name != "consultation-themes"):
            return True
        return name == "consultation-results" and self.viewer.may(Permission.ENGAGEMENT_SEE) and self._at_home

    @property
    def _at_home(self) -> bool:
        return self.viewer.partnership is not None and self.viewer.partnership.slug == self.slug


class Rates(OfConsultation):
    """How many have answered, by phase, type, trust, cluster and size; for whoever follows up, who is not yet heard from."""

    permission = Permission.ENGAGEMENT_SEE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        if self.seen.state is ConsultationState.DRAFT:
            raise Http404("Nobody has been asked yet.")
        told = self.found(rates.rates(self.seen, viewer=self.viewer, at=self.today))
        return self.page("consultation/rates.jinja", seen=self.seen, told=told)


class Running(OfConsultation, ActionPage):
    """One step of whoever runs it."""

    permission = Permission.CONSULTATION_RUN
    #: In which states the page stands; another answers that there is no such page.
    stands_in: ClassVar[tuple[ConsultationState, ...]] = (ConsultationState.DRAFT,)

    @cached_property
    def seen(self) -> ConsultationSeen:
        """The consultation, where it is at this point of its way."""
        found = queries.consultation(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        if found is None or found.state not in self.stands_in:
            raise Http404("There is nothing of that kind to do here now.")
        return found

    @property
    def known(self) -> dict[str, Any]:
        """What every action is told."""
        return {"slug": self.slug, "consultation_id": self.seen.pk, "by": self.viewer, "at": self.now}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, where it may be filled in now."""
        assert self.seen
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does it, where it may be done now."""
        assert self.seen
        return super().post(request, *args, **kwargs)

    def back(self) -> str:
        return self.of_it("consultation")

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.seen.title, "seen": self.seen}


class Start(ActionPage):
    """A consultation begins, from a template."""

    permission = Permission.CONSULTATION_RUN
    room, tab = ROOM, TAB
    title, button, done = "Start a consultation", "Start it", "It is a draft: read it through, change what you like, then open it."
    lede = "Everything can be changed until it opens."
    made: int | None = None

    def form(self, data: Any = None) -> Form:
        first = {"template": "gloucestershire-2018", "opens_on": self.today, "closes_on": self.today + timedelta(days=21), "public": True}
        return forms.StartForm(data, initial=first)

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        self.made = actions.start_consultation(
            slug=self.slug, title=said["title"], template_key=said["template"], opens_on=said["opens_on"], closes_on=said["closes_on"],
            public=said["public"], by=self.viewer, at=self.now,
        ).pk  # fmt: skip

    def back(self) -> str:
        return reverse("consultation", args=[self.slug, self.made]) if self.made else reverse(TAB, args=[self.slug])


class Change(Running):
    """Title and days."""

    title, button, done = "Title and days", "Keep it so", "Kept."
    stands_in = (ConsultationState.DRAFT, ConsultationState.OPEN)

    def form(self, data: Any = None) -> Form:
        seen = self.seen
        first = {
            "version": seen.version, "title": seen.title, "says": seen.says, "opens_on": seen.opens_on, "closes_on": seen.closes_on,
            "public": seen.public,
        }  # fmt: skip
        return forms.DaysForm(data, initial=first)

    def perform(self, form: Any) -> None:
        actions.change_consultation(**self.known, **form.cleaned_data)


class Write(Running):
    """What is proposed. Once schools answer, a change makes a new version, and they are told."""

    template = "consultation/write.jinja"
    stands_in = (ConsultationState.DRAFT, ConsultationState.OPEN)
    title, button, done = "What is proposed", "Keep it so", "Kept."

    @property
    def changing(self) -> bool:
        """Whether schools are answering already."""
        return self.seen.state is ConsultationState.OPEN

    def form(self, data: Any = None) -> Form:
        return forms.SectionsForm(data, sections=self.seen.now.sections, version=self.seen.version, changing=self.changing)

    def perform(self, form: Any) -> None:
        version = form.cleaned_data["version"]
        if self.changing:
            actions.change_proposition(**self.known, sections=form.sections, changes=form.cleaned_data["changes"], version=version)
        else:
            actions.write_sections(**self.known, sections=form.sections, version=version)

    def about(self) -> dict[str, Any]:
        said = {"submit": f"Put version {self.seen.now.number + 1} to schools"} if self.changing else {}
        return super().about() | {"changing": self.changing} | said


class AskQuestion(Running):
    """A question is added, or put differently."""

    button, done = "Keep the question", "Kept."

    @cached_property
    def stands(self) -> Any:
        """The question of the address; None for a new one. Not found for a key that is none."""
        key = self.kwargs.get("key")
        return self.found(next((each for each in self.seen.questions if each.key == key), None)) if key else None

    def form(self, data: Any = None) -> Form:
        return forms.QuestionForm(data, sections=self.seen.now.sections, stands=self.stands)

    def perform(self, form: Any) -> None:
        actions.add_question(**self.known, question=form.question, replaces=self.stands.key if self.stands else "")

    def about(self) -> dict[str, Any]:
        return super().about() | {"title": "Put the question differently" if self.stands else "Ask another question"}


class DropQuestion(Running):
    """A question is taken out."""

    title, button, done = "Take the question out", "Take it out", "Taken out."

    def form(self, data: Any = None) -> Form:
        return forms.NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.drop_question(**self.known, key=self.kwargs["key"])

    def about(self) -> dict[str, Any]:
        asked = self.found(next((each for each in self.seen.questions if each.key == self.kwargs["key"]), None))
        return super().about() | {"lede": asked.words}


class Open(Running):
    """It opens: every member school is asked, by letter."""

    title, button = "Open the consultation", "Ask every school"

    def form(self, data: Any = None) -> Form:
        return forms.NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.may_open(**self.known)

    @property
    def done(self) -> str:  # type: ignore[override]
        """What happens."""
        if self.seen.opens_on > self.today:
            return f"It opens by itself on {day_in_words(self.seen.opens_on)}, and every school is written to that day."
        return "It is open, and every school is written to."

    def about(self) -> dict[str, Any]:
        found = rates.to_be_asked(self.seen, viewer=self.viewer, at=self.today)
        lede = (
            f"{found.schools} member schools are asked, each once, from {day_in_words(self.seen.opens_on)} to "
            f"{day_in_words(self.seen.closes_on)}. From then on its questions stand as they are."
        )
        if found.without:
            lede += f" No letter reaches {found.without} of them: nobody is known there yet. Ask them on paper, or give somebody a post."
        return super().about() | {"lede": lede}


class Remind(Running):
    """A letter to those not yet heard from."""

    permission = Permission.ENGAGEMENT_FOLLOW_UP
    stands_in = (ConsultationState.OPEN,)
    title, button = "Remind those not yet heard from", "Write to them"
    lede = "One kind letter to each head. Whoever was written to within the last seven days is left in peace."
    count = 0

    def form(self, data: Any = None) -> Form:
        return forms.NothingForm(data)

    def perform(self, form: Any) -> None:
        self.count = remind(**self.known)

    @property
    def done(self) -> str:  # type: ignore[override]
        """How many letters."""
        if not self.count:
            return "Nobody was written to: everybody has answered, or was written to within the last seven days."
        return f"{self.count} letter{'s are' if self.count != 1 else ' is'} on the way."

    def back(self) -> str:
        return self.of_it("consultation-rates")


class Close(Running):
    """It closes, after its last day; the worker does it by itself, too."""

    stands_in = (ConsultationState.OPEN,)
    title, button, done = "Close the consultation", "Close it", "Closed. Drafts that were not sent stay with their schools."
    lede = "After its last day it closes by itself; here it can be done at once."

    def form(self, data: Any = None) -> Form:
        return forms.NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.close_consultation(**self.known)


class Withdraw(Running):
    """It is withdrawn."""

    stands_in = (ConsultationState.DRAFT, ConsultationState.OPEN, ConsultationState.CLOSED)
    title, button, done = "Withdraw the consultation", "Withdraw it", "Withdrawn. What schools answered is kept, and shown to nobody."
    lede = "Nobody can answer any more, and its page is gone for everybody but you."

    def form(self, data: Any = None) -> Form:
        return forms.WhyForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw_consultation(**self.known, why=form.cleaned_data["why"])
