"""Mentors for new and acting heads: a broker offers, the head says first, then the mentor."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.support.actions import mentors as actions
from convenor.support.forms.beside import NothingToFillIn
from convenor.support.queries import mentors as queries
from convenor.support.queries.mentors import MentoringSeen
from convenor.support.views.front import ROOM

TAB = "support"


class Mentors(PartnershipPage):
    """One's own mentor or heads; for brokers, who waits and who is suggested."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        return self.page("support/mentors.jinja", seen=self.found(queries.mentors(slug, viewer=self.viewer, at=self.today)))


class MentorAction(ActionPage):
    """One answer to an offer."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB
    template = "support/beside_action.jinja"

    @cached_property
    def seen(self) -> MentoringSeen:
        """The offer of the address, for those whom it concerns."""
        return self.found(queries.mentoring(self.slug, self.kwargs["pk"], viewer=self.viewer))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        if not self.may():
            raise Http404("That is not for you to do, or not now.")
        return NothingToFillIn(data)

    def may(self) -> bool:
        """Whether this viewer does this, now."""
        raise NotImplementedError

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.seen.mentor if self.seen.part == "head" else f"{self.seen.head}, {self.seen.school}"}

    def back(self) -> str:
        return reverse("support-mentors", args=[self.slug])


class OfferMentor(MentorAction):
    """A broker offers a head a mentor."""

    permission = Permission.SUPPORT_BROKER
    title, button = "Offer this mentor", "Offer it to the head"
    lede = "The head alone is told, and says first. Only then does the mentor learn who it is. Nothing of what the two speak about is kept."
    done = "Offered. The head says first."

    @cached_property
    def pair(self) -> tuple[Any, Any, str]:
        """The head, the mentor, and what stands between them."""
        found = queries.could_be_matched(self.kwargs["head"], self.kwargs["supporter"], viewer=self.viewer, at=self.today)
        if found[0] is None or found[1] is None:
            raise Http404("There is no such head or mentor.")
        return found

    def may(self) -> bool:
        return bool(self.pair)

    def perform(self, form: Any) -> None:
        head, supporter = self.kwargs["head"], self.kwargs["supporter"]
        actions.offer_mentor(slug=self.slug, head_id=head, supporter_id=supporter, by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        return {"eyebrow": f"{self.pair[0].name}, {self.pair[0].school}", "refused": self.pair[2]}


class AgreeMentor(MentorAction):
    """The head, then the mentor, would like it."""

    title, button = "Would you like this?", "Yes, I would"
    done = "Thank you. The other side is told that something waits."
    lede = "A mentor for a year. Either of you ends it any time, no reason asked. Nothing of what you speak about is kept."

    def may(self) -> bool:
        return self.seen.my_turn

    def perform(self, form: Any) -> None:
        actions.agree_mentoring(slug=self.slug, mentoring_id=self.seen.pk, by=self.viewer, at=self.now)


class EndMentor(MentorAction):
    """It ends, no reason asked."""

    title, button, done = "End it", "End it today", "It has ended."
    lede = "No reason is asked, and none is kept."

    def may(self) -> bool:
        return self.seen.ended_on is None and (self.seen.part != "broker" or not self.seen.head_agreed)

    def perform(self, form: Any) -> None:
        actions.end_mentoring(slug=self.slug, mentoring_id=self.seen.pk, by=self.viewer, at=self.now)
