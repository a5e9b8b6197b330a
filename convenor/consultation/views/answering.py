"""Answering: a school's one response, screen by screen on a phone, saved as it goes; and anybody's own view, without an account."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from convenor.consultation.actions import responses as actions
from convenor.consultation.forms import answering as forms
from convenor.consultation.queries import consultations as queries
from convenor.consultation.queries import responses
from convenor.consultation.queries.consultations import LONDON, ConsultationSeen
from convenor.consultation.queries.responses import OwnAnswer
from convenor.consultation.rules.answers import day_in_words, print_of
from convenor.consultation.rules.propositions import Step
from convenor.consultation.rules.questions import STANCES, QuestionAsked
from convenor.consultation.rules.refusals import ChangedMeanwhile, TooMany
from convenor.consultation.rules.states import ConsultationState
from convenor.partnership.actions import ask_colleague
from convenor.partnership.gate import PUBLIC, Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM, TAB = "consultation", "consultations"
#: What a browser holds so that its view is one: a secret of this length, for half a year.
SECRET_BYTES, SECRET_LASTS = 18, 60 * 60 * 24 * 183
COOKIE = "convenor-view"
TOO_MANY = (
    "So many answers have come from your network that this one is not taken now, in case a machine sends them. What you wrote stands "
    "below. Try again in an hour; a school or office that shares one address may also ask the partnership for sheets of paper."
)


class OfAnswer(PartnershipPage):
    """What every screen of a school's answer shares: only whoever acts for the school opens it, and only where the school was asked."""

    permission = Permission.SCHOOL_ACT
    room, tab = ROOM, TAB

    def subject(self) -> dict[str, Any]:
        return {"urn": self.kwargs["urn"]}

    @cached_property
    def own(self) -> OwnAnswer:
        """The answer as it stands."""
        found = responses.answer_of_school(
            self.slug, self.kwargs["pk"], self.kwargs["urn"], viewer=self.viewer, at=self.today
        )  # fmt: skip
        return self.found(found)  # type: ignore[no-any-return]

    @property
    def seen(self) -> ConsultationSeen:
        """The consultation."""
        return self.own.seen

    def address(self, name: str, *more: Any) -> str:
        """The address of another screen of this answer."""
        return reverse(name, args=[self.slug, self.kwargs["pk"], self.kwargs["urn"], *more])


class Answer(OfAnswer):
    """One screen: a section of the proposition beside its questions."""

    @cached_property
    def step(self) -> Step:
        """The screen of the address; the first without one."""
        number = self.kwargs.get("step", 1)
        found = next((each for each in self.seen.steps if each.number == number), None)
        if found is None:
            raise Http404("There is no such part of this consultation.")
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The screen, with what is known and what was written."""
        return self._show(self.own.draft)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keeps what was written, and goes on; or, asked by the page's script, keeps it and says so."""
        asked = self.step.questions
        given = forms.given_from(asked, request.POST)
        quietly = request.headers.get("X-Save") == "1"
        try:
            kept = actions.save_draft(
                slug=self.slug, consultation_id=self.seen.pk, urn=self.kwargs["urn"], answers=given,
                was=forms.prints_from(asked, request.POST), by=self.viewer, at=self.now,
            )  # fmt: skip
        except Refused as error:
            if quietly:
                return JsonResponse({"says": str(error)}, status=409 if isinstance(error, ChangedMeanwhile) else 422)
            del self.own  # read anew: a colleague's answer is the one that stands now
            return self._show(self.own.draft | given, error=str(error), status=422)
        if quietly:
            prints = {each.key: print_of(kept.draft.get(each.key)) for each in asked}
            return JsonResponse({"says": f"Saved at {self.now.astimezone(LONDON):%H:%M}", "was": prints})
        return HttpResponseRedirect(self._next(request.POST.get("go", "")))

    def _next(self, go: str) -> str:
        if go == "give":
            return self.address("consultation-answer-give")
        if go == "stop":
            messages.success(self.request, "Saved. You can go on whenever you like, until the last day.")
            return reverse("consultation", args=[self.slug, self.seen.pk])
        last = self.step.number == len(self.seen.steps)
        if go == "check" or last:
            return self.address("consultation-answer-check")
        return self.address("consultation-answer-step", self.step.number + 1)

    def _show(self, given: dict[str, Any], error: str = "", status: int = 200) -> HttpResponse:
        return self.page(
            "consultation/answer.jinja",
            own=self.own,
            seen=self.seen,
            step=self.step,
            given=given,
            error=error,
            status=status,
            stances=STANCES,
        )


class CheckAnswer(OfAnswer):
    """Everything on one page, and the button that sends it, for whoever speaks for the school."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What will be sent."""
        return self._show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sends it in the school's name."""
        try:
            actions.send_response(
                slug=self.slug, consultation_id=self.seen.pk, urn=self.kwargs["urn"], post=self.own.post, by=self.viewer, at=self.now
            )
        except Refused as error:
            return self._show(error=str(error), status=422)
        messages.success(
            request, f"Thank you. {self.own.school.name} has answered. You may change it until {day_in_words(self.seen.closes_on)}."
        )
        return HttpResponseRedirect(self.address("consultation-answer-check"))

    def _show(self, error: str = "", status: int = 200) -> HttpResponse:
        return self.page("consultation/answer_check.jinja", own=self.own, seen=self.seen, error=error, status=status, stances=STANCES)


class GiveAnswer(OfAnswer, ActionPage):
    """Hands it to a colleague of the same school, by a letter that says where."""

    template = "consultation/answer_give.jinja"
    title, button = "Hand it to a colleague", "Ask them"
    lede = "They get a letter that says where it waits. What is written so far is there for them."
    asked = ""

    def form(self, data: Any = None) -> Any:
        return forms.ColleagueForm(data, people=self.own.colleagues)

    def perform(self, form: Any) -> None:
        address = self.request.build_absolute_uri(self.address("consultation-answer"))
        self.asked = ask_colleague(
            slug=self.slug, urn=self.kwargs["urn"], person_id=int(form.cleaned_data["person"]), what=f"Our answer to: {self.seen.title}",
            address=address, by=self.viewer, at=self.now,
        ).name  # fmt: skip

    @property
    def done(self) -> str:  # type: ignore[override]
        """Who was asked."""
        return f"{self.asked} is asked, by letter."

    def back(self) -> str:
        return reverse("consultation", args=[self.slug, self.kwargs["pk"]]) if self.asked else self.address("consultation-answer-check")

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.own.school.name, "own": self.own, "anybody": bool(self.own.colleagues)}


class SayView(PartnershipPage):
    """Anybody's own view: one page, no account, nothing that must be answered."""

    permission = PUBLIC
    room, tab = ROOM, TAB

    @cached_property
    def seen(self) -> ConsultationSeen:
        """The consultation, where views are asked for."""
        found = queries.consultation(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        if found is None or not found.public or found.state is ConsultationState.DRAFT:
            raise Http404("No views are asked for here.")
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; what this browser sent before stands in it."""
        before = responses.own_view(self.seen.pk, self._digest(request.COOKIES.get(COOKIE, "")), viewer=self.viewer)
        form = forms.SenderForm(initial={"role": before.role, "phase": before.phase} if before else None)
        return self._show(before.answers if before else {}, form, sent=before is not None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sends it, or changes what this browser sent before."""
        asked: tuple[QuestionAsked, ...] = self.seen.questions
        given, form = forms.given_from(asked, request.POST), forms.SenderForm(request.POST)
        secret = request.COOKIES.get(COOKIE, "")[:64]
        try:
            if not ratelimit.consume(request, action="consultation_view"):
                raise TooMany(TOO_MANY)
            sender = form.cleaned_data if form.is_valid() else {}
            made = secret or secrets.token_urlsafe(SECRET_BYTES)
            actions.send_view(
                slug=self.slug, consultation_id=self.seen.pk, answers=given, secret=made, role=sender.get("role", ""),
                phase=sender.get("phase", ""), by=self.viewer, at=self.now,
            )  # fmt: skip
        except TooMany as error:
            return self._show(given, form, error=str(error), status=429)
        except Refused as error:
            return self._show(given, form, error=str(error), status=422)
        messages.success(request, "Thank you. Your view was sent. You may change it from this browser until the last day.")
        response = HttpResponseRedirect(reverse("consultation", args=[self.slug, self.seen.pk]))
        response.set_cookie(
            COOKIE, made, max_age=SECRET_LASTS, httponly=True, samesite="Lax", secure=settings.HTTPS, path=reverse(TAB, args=[self.slug])
        )
        return response

    def _digest(self, secret: str) -> str:
        return actions.digest(self.seen.pk, secret) if secret else ""

    def _show(self, given: Any, form: Any, *, error: str = "", sent: bool = False, status: int = 200) -> HttpResponse:
        return self.page(
            "consultation/view.jinja",
            seen=self.seen,
            partnership_name=self.seen.partnership,
            given=given,
            form=form,
            error=error,
            sent=sent,
            status=status,
            stances=STANCES,
        )


class EnterPaper(PartnershipPage):
    """A sheet of paper, typed in by whoever runs the consultation."""

    permission = Permission.CONSULTATION_RUN
    room, tab = ROOM, TAB

    @cached_property
    def seen(self) -> ConsultationSeen:
        """The consultation, once schools were asked."""
        found = queries.consultation(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        if found is None or found.state is ConsultationState.DRAFT:
            raise Http404("Nobody has been asked yet.")
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An empty sheet, for the school of the address (`?school=`) where it names one."""
        form = self._form()
        form.initial["school"] = request.GET.get("school", "")
        return self._show({}, form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keeps it, and offers the next sheet."""
        given, form = forms.given_from(self.seen.questions, request.POST), self._form(request.POST)
        form.fields["school"].choices = [
            *form.fields["school"].choices,
            (request.POST.get("school", ""), ""),
        ]  # heard from meanwhile: said below
        error = ""
        if form.is_valid():
            said = form.cleaned_data
            try:
                actions.enter_paper(
                    slug=self.slug, consultation_id=self.seen.pk, answers=given, urn=said["school"], role=said["role"], by=self.viewer,
                    at=self.now,
                )  # fmt: skip
            except Refused as refused:
                error = str(refused)
            else:
                messages.success(request, "Kept. The next sheet, or leave it there.")
                return HttpResponseRedirect(reverse("consultation-paper", args=[self.slug, self.seen.pk]))
        return self._show(given, form, error=error, status=422)

    def _form(self, data: Any = None) -> Any:
        return forms.PaperForm(data, schools=responses.not_heard_choices(self.seen.pk, viewer=self.viewer))

    def _show(self, given: Any, form: Any, *, error: str = "", status: int = 200) -> HttpResponse:
        return self.page("consultation/paper.jinja", seen=self.seen, given=given, form=form, error=error, status=status, stances=STANCES)


class Sheet(PartnershipPage):
    """The sheet to print: the proposition and its questions, with boxes for a pen."""

    permission = PUBLIC
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The sheet."""
        seen = self.found(queries.consultation(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))
        return self.page("consultation/sheet.jinja", seen=seen, partnership_name=seen.partnership, stances=STANCES)
