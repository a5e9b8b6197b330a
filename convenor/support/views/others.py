"""Who else is in there: the page of a school, a line entered, a line ended."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership.gate import NotAllowed, Permission, record_look
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.support.actions import contact as actions
from convenor.support.forms import beside as forms
from convenor.support.queries import others as queries
from convenor.support.queries.others import OthersAtSchool, OtherSeen
from convenor.support.rules.states import OtherKind
from convenor.support.views.front import ROOM

LOOKED_AT = "who else works with the school"


class OfSchool(PartnershipPage):
    """What the pages of one school share: for its own people, for brokers, for whoever coordinates."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "support"
    confidential = True

    @property
    def urn(self) -> str:
        """The school of the address."""
        return str(self.kwargs["urn"])

    @cached_property
    def seen(self) -> OthersAtSchool:
        """The school with everybody who works with it; refused where it is not for this viewer."""
        found = queries.others_of_school(self.slug, self.urn, viewer=self.viewer, at=self.today)
        if found is None:
            raise NotAllowed("You cannot see who works with this school: that is for the school itself and for brokers.")
        return found

    def looked(self) -> None:
        """Writes down that somebody who is not of the school looks, before they see."""
        if not self.seen.own:
            by_right = Permission.SUPPORT_BROKER if self.viewer.may(Permission.SUPPORT_BROKER) else Permission.PACKAGE_FOLLOW
            record_look(self.viewer, urn=self.urn, record=LOOKED_AT, at=self.now, by_right=by_right)


class Others(OfSchool):
    """Everybody who works with a school."""

    def get(self, request: HttpRequest, slug: str, urn: str) -> HttpResponse:
        """The page."""
        self.looked()
        return self.page("support/others.jinja", seen=self.seen)


class EnterOther(OfSchool, ActionPage):
    """Somebody else works with the school."""

    template = "support/beside_action.jinja"
    title, button, done = "Somebody works with this school", "Enter them", "Entered. Whoever looks for support for this school sees it."
    lede = "So that nobody is sent who collides with them. The school’s trust and diocese are known from the register."

    def form(self, data: Any = None) -> Form:
        if not self.seen.may_enter:
            raise Http404("That is not for you to enter.")
        return forms.OtherForm(data, initial={"from_on": self.today})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data | {"kind": OtherKind(form.cleaned_data["kind"])}
        actions.enter_other(slug=self.slug, urn=self.urn, by=self.viewer, at=self.now, **given)

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.seen.school}

    def back(self) -> str:
        return reverse("support-others", args=[self.slug, self.urn])


class EndOther(EnterOther):
    """They no longer work with the school."""

    title, button, done = "They no longer work with this school", "Say so", "Kept."
    lede = "The line stays among those that have ended."

    @cached_property
    def other(self) -> OtherSeen:
        """The line of the address, which has not ended."""
        found = next((each for each in self.seen.others if each.pk == self.kwargs["pk"] and not each.standing), None)
        return self.found(found)  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        if not self.seen.may_enter:
            raise Http404("That is not for you to end.")
        assert self.other
        return forms.EndOtherForm(data, initial={"until_on": self.today})

    def perform(self, form: Any) -> None:
        actions.end_other(slug=self.slug, other_id=self.kwargs["pk"], by=self.viewer, at=self.now, **form.cleaned_data)

    def about(self) -> dict[str, Any]:
        return {"eyebrow": f"{self.other.name}, {self.seen.school}"}
