"""Reading what was written: themes, the answers filed under them, suggested groupings, and "you said, we did"."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from convenor.consultation.actions import themes as actions
from convenor.consultation.forms.consultations import NothingForm
from convenor.consultation.forms.hearing import FileForm, NameForm, SayForm
from convenor.consultation.queries import themes as queries
from convenor.consultation.queries.themes import QuestionRead, ThemeRead
from convenor.consultation.rules.states import ConsultationState
from convenor.consultation.views.consultations import OfConsultation, Running
from convenor.governance.queries import decisions
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused

#: So many answers on a page: as many as one reads at a sitting.
ANSWERS_A_PAGE = 40


class Themes(OfConsultation):
    """The open questions with what was found in their answers."""

    permission = Permission.CONSULTATION_RUN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        seen, questions = self.found(queries.reading(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))
        return self.page("consultation/themes.jinja", seen=seen, questions=questions, open=seen.state is ConsultationState.CLOSED)


class Suggestions(OfConsultation):
    """Answers that share words, for somebody to read; nothing is filed by it."""

    permission = Permission.CONSULTATION_RUN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        found = queries.suggestions(self.slug, self.kwargs["pk"], self.kwargs["question"], viewer=self.viewer, at=self.today)
        return self.page("consultation/suggestions.jinja", read=self.found(found), seen=found.seen if found else None)


class Reading(Running):
    """One step of reading, while the consultation has closed and is not reported."""

    permission = Permission.CONSULTATION_RUN
    stands_in = (ConsultationState.CLOSED,)

    @cached_property
    def read(self) -> ThemeRead:
        """The theme of the address, with the answers to its question."""
        found = queries.theme(self.slug, self.kwargs["pk"], self.kwargs["theme"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    @property
    def told(self) -> dict[str, Any]:
        """What every action on a theme is told."""
        assert self.seen
        return {"slug": self.slug, "theme_id": self.read.theme.pk, "by": self.viewer, "at": self.now}

    def back(self) -> str:
        return self.of_it("consultation-theme", self.kwargs["theme"])

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.seen.title, "seen": self.seen}


class NameTheme(Reading):
    """A theme is named."""

    title, button, done = "Name a theme", "Keep the theme", "Kept. Now read the answers, and tick those that are about it."
    made: int | None = None

    @cached_property
    def question(self) -> QuestionRead:
        """The open question of the address."""
        found = queries.reading(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        some = found[1] if found else ()
        return self.found(next((each for each in some if each.question.key == self.kwargs["question"]), None))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        assert self.question
        terms = self.request.GET.get("terms", "")[:120]
        return NameForm(data, initial={"suggested": bool(terms), "name": ""})

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        self.made = actions.name_theme(**self.known, question=self.question.question.key, name=said["name"], suggested=said["suggested"]).pk

    def back(self) -> str:
        return self.of_it("consultation-theme", self.made) if self.made else self.of_it("consultation-themes")

    def about(self) -> dict[str, Any]:
        return super().about() | {"lede": self.question.question.words}


class Theme(OfConsultation):
    """One theme: its answers to tick, and what is said of it."""

    permission = Permission.CONSULTATION_RUN

    @cached_property
    def read(self) -> ThemeRead:
        """The theme of the address."""
        found = queries.theme(self.slug, self.kwargs["pk"], self.kwargs["theme"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self._show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Files what is ticked."""
        form = FileForm(request.POST, answers=[each.pk for each in self.read.answers])
        if not form.is_valid():
            return self._show(wrong="One of these is no answer to this question. Nothing was changed.", status=422)
        said = form.cleaned_data
        try:
            new, gone = actions.file_answers(
                slug=self.slug, theme_id=self.read.theme.pk, shown=said["shown"], about=said["about"], by=self.viewer, at=self.now
            )
        except Refused as error:
            return self._show(wrong=str(error), ticked=set(said["about"]), status=422)
        messages.success(request, f"Kept: {new} filed under it, {gone} taken out.")
        return HttpResponseRedirect(f"{request.path}?page={self._number()}")

    def _number(self) -> str:
        given = self.request.GET.get("page", "1")
        return given if given.isdigit() else "1"

    def _show(self, *, wrong: str = "", ticked: set[int] | None = None, status: int = 200) -> HttpResponse:
        read = self.read
        page = Paginator(read.answers, ANSWERS_A_PAGE).get_page(self._number())
        chosen = {each.pk for each in read.answers if each.filed} if ticked is None else ticked
        return self.page(
            "consultation/theme.jinja", read=read, seen=read.seen, answers=page, chosen=chosen, wrong=wrong, status=status,
            open=read.seen.state is ConsultationState.CLOSED, of_it=lambda number: f"{self.request.path}?page={number}",
        )  # fmt: skip


class SayTheme(Reading):
    """ "You said, we did"."""

    title, button, done = "You said, we did", "Keep it so", "Kept."

    def form(self, data: Any = None) -> Form:
        theme = self.read.theme
        standing = [each for each in decisions(self.slug, viewer=self.viewer) if not each.replaced or each.id == theme.decision_id]
        choices = [(str(each.id), f"{each.body}, {each.decided_on:%-d %B %Y}: {each.words[:90]}") for each in standing]
        first = {
            "version": theme.version, "name": theme.name, "said": theme.said, "heard": theme.heard, "did": theme.did,
            "decision": str(theme.decision_id or ""),
        }  # fmt: skip
        return SayForm(data, decisions=choices, initial=first)

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        actions.say_theme(
            **self.told, name=said["name"], said=said["said"], heard=said["heard"], did=said["did"], decision_id=said["decision"],
            version=said["version"],
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return super().about() | {"lede": self.read.question.words}


class DropTheme(Reading):
    """A theme is taken back; its answers stay."""

    title, button, done = "Take the theme back", "Take it back", "Taken back. The answers stay."

    def form(self, data: Any = None) -> Form:
        return NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.drop_theme(**self.told)
        self.dropped = True

    def back(self) -> str:
        return self.of_it("consultation-themes") if getattr(self, "dropped", False) else super().back()

    def about(self) -> dict[str, Any]:
        return super().about() | {"lede": f"“{self.read.theme.name}”: the answers filed under it stay, and are filed under nothing."}
