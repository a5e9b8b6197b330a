"""What schools and reviewers answer to a round: one page each, made for a phone, filled with what they said last time."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage
from convenor.peer_review.actions import answers as actions
from convenor.peer_review.forms import rounds as forms
from convenor.peer_review.queries import answers as queries
from convenor.peer_review.queries.answers import AnswerPage, OfferPage
from convenor.peer_review.queries.register import own_reviewer
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.states import RoundState

ROOM, TAB = "peer-review", "reviews"


class Answering(ActionPage):
    """A page on which something is answered. What cannot be kept is said at the box that has to change, and nothing typed is lost."""

    room, tab = ROOM, TAB

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keeps it, or shows what is wrong, and where."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.perform(form)
            except Refused as error:
                name = {"days": "which"}.get(getattr(error, "field", ""), getattr(error, "field", ""))
                form.add_error(name if name in form.fields else None, str(error))
                self.refused(form, error)
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(self.back())
        return self._show(form, status=422)

    def refused(self, form: Any, error: Refused) -> None:
        """What else follows from a refusal; nothing."""


class OfSchool(Answering):
    """A page about one school's answer: the school of the address (`?school=`), or the first of theirs that still has to answer."""

    @cached_property
    def urn(self) -> str:
        """The school, "" where the round asks none of theirs."""
        said = self.request.GET.get("school", "")
        asked = () if said else queries.own_asked(self.slug, self.kwargs["pk"], viewer=self.viewer)
        return said or (asked[0][0] if asked else "")

    def subject(self) -> dict[str, Any]:
        """The school."""
        return {"urn": self.urn} if self.urn else {}

    @cached_property
    def seen(self) -> AnswerPage:
        """Its answer; not found for a school that this round does not ask."""
        return self.found(  # type: ignore[no-any-return]
            queries.answer_page(self.slug, self.kwargs["pk"], self.urn, viewer=self.viewer, at=self.today)
        )

    def own_address(self, urn: str) -> str:
        """Where a school answers this round."""
        return reverse("review-round-answer", args=[self.slug, self.kwargs["pk"]], query={"school": urn})


class AnswerRound(OfSchool):
    """A school's answer: host this time or not, on what, on which days, and who of its people reviews."""

    permission = Permission.REVIEW_HOST
    template = "peer_review/answer.jinja"
    button = "Send our answer"

    @property
    def done(self) -> str:  # type: ignore[override]
        """What it means."""
        day = self.seen.round.answers_by_on
        return f"Thank you: kept for {self.seen.school}. You can change it until answers close, on {day.day} {day:%B} or soon after."

    def form(self, data: Any = None) -> forms.AnswerForm:
        return forms.AnswerForm(data, page=self.seen)

    def perform(self, form: Any) -> None:
        read = form.cleaned_data["read_at"]
        try:
            read_at = datetime.fromisoformat(read) if read else None
        except ValueError:
            read_at = None
        actions.answer_with_colleagues(
            slug=self.slug, pk=self.seen.round.pk, urn=self.urn, by=self.viewer, at=self.now, hosts=form.hosting,
            focus=form.cleaned_data["focus"], days=form.days, offered=form.offered, read_at=read_at,
        )  # fmt: skip

    def refused(self, form: Any, error: Refused) -> None:
        """Somebody else answered meanwhile: what they said was shown, and sending again is meant."""
        if isinstance(error, ChangedMeanwhile):
            now: AnswerPage = self.found(queries.answer_page(self.slug, self.seen.round.pk, self.urn, viewer=self.viewer, at=self.today))
            form.data = form.data.copy()
            form.data["read_at"] = now.answered_at.isoformat() if now.answered_at else ""

    def back(self) -> str:
        """The next school of theirs that has not answered; else the round."""
        if self.request.method == "POST" and self.seen.others:
            return self.own_address(self.seen.others[0][0])
        return reverse("review-round", args=[self.slug, self.seen.round.pk])

    def about(self) -> dict[str, Any]:
        return {"seen": self.seen, "round": self.seen.round}


class WithdrawHost(OfSchool):
    """A school that said it hosts takes that back before teams are published."""

    permission = Permission.SCHOOL_SPEAK
    template = "peer_review/action.jinja"
    title, button = "We cannot host this time", "We cannot host this time"
    lede = "No team is matched to your school. The reason, if you give one, stays with your school."
    done = "Kept. No team comes to your school in this round."

    def form(self, data: Any = None) -> Form:
        if not self.seen.hosts or self.seen.answered_at is None:
            raise Http404("Your school does not host in this round.")
        return forms.WhyForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw_host(
            slug=self.slug, pk=self.seen.round.pk, urn=self.seen.urn, why=form.cleaned_data["why"], by=self.viewer, at=self.now
        )

    def back(self) -> str:
        return self.own_address(self.urn)

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.seen.school}


class Offer(Answering):
    """A reviewer's own offer: how many reviews, on which days."""

    permission = Permission.REVIEW_OFFER
    template = "peer_review/offer.jinja"
    button = "Send my offer"
    done = "Thank you. You hear from us when teams are matched, and can change this until answers close."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the way to the register."""
        if own_reviewer(viewer=self.viewer, at=self.today) is None:
            messages.info(request, "Put yourself on the register of reviewers first: then you can offer reviews to this round.")
            return HttpResponseRedirect(reverse("reviewer-me", args=[self.slug]))
        return super().get(request, *args, **kwargs)

    @cached_property
    def seen(self) -> OfferPage:
        """The offer; not found for somebody whom the round does not ask."""
        return self.found(queries.offer_page(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> forms.OfferForm:
        return forms.OfferForm(data, page=self.seen)

    def perform(self, form: Any) -> None:
        actions.offer_reviews(
            slug=self.slug, pk=self.seen.round.pk, reviewer_id=self.seen.reviewer.pk, reviews=int(form.cleaned_data["reviews"]),
            days=form.days, by=self.viewer, at=self.now,
        )  # fmt: skip

    def back(self) -> str:
        return reverse("review-round", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        return {"seen": self.seen, "round": self.seen.round, "open": self.seen.round.state is RoundState.OPEN}


class WithdrawOffer(Answering):
    """A reviewer takes an offer back."""

    permission = Permission.REVIEW_OFFER
    template = "peer_review/action.jinja"
    title, button = "Take my offer back", "Take my offer back"
    lede = "You are matched to no team from now on. If you are on one already, ring the coordinator as well: they find somebody else."
    done = "Taken back."

    @cached_property
    def seen(self) -> OfferPage:
        """The offer."""
        return self.found(queries.offer_page(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        if self.seen.reviews is None or self.seen.withdrawn_on is not None:
            raise Http404("There is no offer of yours to take back.")
        return forms.WhyForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw_offer(
            slug=self.slug, pk=self.seen.round.pk, reviewer_id=self.seen.reviewer.pk, why=form.cleaned_data["why"], by=self.viewer,
            at=self.now,
        )  # fmt: skip

    def back(self) -> str:
        return reverse("review-round", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.seen.round.name}
