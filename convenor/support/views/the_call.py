""" "We’ve had the call": for those who speak for a school, and for those whom they told; for everybody else there is no such page.

No look at these pages is written down: a list of looks would tell the rest of the school that there was something to look at.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.intelligence.queries.reach import member
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.rules.gates import PLAIN_REASON
from convenor.support.actions import the_call as actions
from convenor.support.forms import beside as forms
from convenor.support.queries import the_call as queries
from convenor.support.queries.beside_people import whom_to_tell
from convenor.support.queries.the_call import CallSeen
from convenor.support.views.front import ROOM

NO_PAGE = "There is no such page in this partnership, or it is not for you to see."


class OfCall(PartnershipPage):
    """What every page of a call shares."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "support"
    confidential = True

    @property
    def urn(self) -> str:
        """The school of the address."""
        return str(self.kwargs["urn"])

    @cached_property
    def known(self) -> CallSeen | None:
        """The call, where this viewer knows of one."""
        return queries.call_here(self.slug, self.urn, viewer=self.viewer, at=self.today)

    @property
    def speaks(self) -> bool:
        """Whether they speak for the school."""
        return self.viewer.may(Permission.SCHOOL_SPEAK, urn=self.urn)

    @cached_property
    def people(self) -> Any:
        """Whom the head could tell."""
        return whom_to_tell(self.slug, self.urn, viewer=self.viewer, at=self.today)


class Call(OfCall):
    """One button, with everything filled in; after it, who knows and what gave way. For those told: that it is so, and when."""

    def get(self, request: HttpRequest, slug: str, urn: str) -> HttpResponse:
        """The call where the viewer knows of one, else the button, else no such page."""
        if self.known is not None and (self.known.open or not self.speaks):
            return self.page("support/call.jinja", call=self.known)
        return self._button(self._form())

    def post(self, request: HttpRequest, slug: str, urn: str) -> HttpResponse:
        """The school has had the call."""
        form = self._form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                _, moved = actions.had_the_call(
                    slug=slug, urn=urn, from_on=given["from_on"], last_on=given["last_on"], told=given["told"],
                    colleague=given["colleague"], why=given["why"], by=self.viewer, at=self.now,
                )  # fmt: skip
            except Refused as error:
                form.add_error(None, str(error))
            else:
                gave = sum(not each.stayed for each in moved)
                messages.success(request, "Noted. Only those whom you chose know of it." + (f" Gave way: {gave}." if gave else ""))
                for each in moved:
                    if each.stayed:
                        messages.warning(request, f"{each.name} stays where it is: {each.stayed}")
                return HttpResponseRedirect(reverse("support-call", args=[slug, urn]))
        return self._button(form, status=422)

    def _form(self, data: Any = None) -> Form:
        if not self.speaks:
            raise Http404(NO_PAGE)
        first, last = queries.usual_days(self.slug, self.urn, viewer=self.viewer, at=self.today)
        given = {"from_on": first, "last_on": last, "why": PLAIN_REASON}
        return forms.CallForm(data, people=self.people, initial=given)

    def _button(self, form: Form, status: int = 200) -> HttpResponse:
        school = self.found(member(self.urn, slug=self.slug, viewer=self.viewer, at=self.today))
        first, last = queries.usual_days(self.slug, self.urn, viewer=self.viewer, at=self.today)
        weeks = queries.in_those_weeks(
            self.slug, self.urn, first, last + timedelta(days=1), viewer=self.viewer, at=self.today
        )  # fmt: skip
        return self.page("support/call_button.jinja", form=form, school=school, weeks=weeks, days=(first, last), status=status)


class CallAction(OfCall, ActionPage):
    """One step of one's own call."""

    permission = Permission.SCHOOL_SPEAK
    template = "support/beside_action.jinja"

    @cached_property
    def call(self) -> CallSeen:
        """One's own call that is not over; no such page for everybody else, those who were told among them."""
        found = queries.call_here(self.slug, self.urn, viewer=self.viewer, at=self.today, pk=self.kwargs["pk"])
        if found is None or not found.own or not found.open or not self.speaks:
            raise Http404(NO_PAGE)
        return found

    @property
    def known_to(self) -> dict[str, Any]:
        """What every action is told."""
        posted = self.request.POST.get("version", "")
        version = int(posted) if posted.isdecimal() else self.call.version
        return {"slug": self.slug, "call_id": self.call.pk, "by": self.viewer, "at": self.now, "version": version}

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.call.school, "version": self.call.version}

    def back(self) -> str:
        return reverse("support-call", args=[self.slug, self.urn])


class CallTold(CallAction):
    """Who knows."""

    title, button, done = "Who knows", "Keep it so", "Kept. Only those whom you chose know of it."
    lede = "Whoever you leave out sees nothing of it from now on."

    def form(self, data: Any = None) -> Form:
        first = {"told": list(self.call.knows), "colleague": self.call.colleague_id}
        return forms.WhoKnows(data, people=self.people, initial=first)

    def perform(self, form: Any) -> None:
        actions.tell_more(told=form.cleaned_data["told"], colleague=form.cleaned_data["colleague"], **self.known_to)


class CallOutcome(CallAction):
    """The outcome, for the head alone."""

    title, button, done = "The outcome", "Keep it locked", "Kept, for you alone until the report is published."
    lede = "Locked until the report is published: nobody but you reads it here, not even those who know of the inspection."

    def form(self, data: Any = None) -> Form:
        if self.call.published_on is not None:
            raise Http404(NO_PAGE)
        return forms.OutcomeForm(data, initial={"words": self.call.outcome})

    def perform(self, form: Any) -> None:
        actions.write_outcome(words=form.cleaned_data["words"], **self.known_to)


class CallPublished(CallAction):
    """The report is published."""

    title, button, done = "The report is published", "It is published", "Unlocked for those who know of it."
    lede = "From now on those whom you told read what you wrote of the outcome."

    def form(self, data: Any = None) -> Form:
        if self.call.published_on is not None:
            raise Http404(NO_PAGE)
        return forms.PublishedForm(data, initial={"published_on": self.today})

    def perform(self, form: Any) -> None:
        actions.publish_outcome(published_on=form.cleaned_data["published_on"], **self.known_to)


class CallEnd(CallAction):
    """It is over, or was put off."""

    title, button, done = "It is over", "End it", "It has ended. Nobody but you sees anything of it any more."
    lede = "Also where the inspection was put off. What gave way stays on its new day until you move it."

    def form(self, data: Any = None) -> Form:
        assert self.call
        return forms.NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        actions.end_call(**self.known_to)
