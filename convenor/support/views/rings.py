"""Support rings: reckoned and proposed by brokers, agreed by every head in them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import NotAllowed, Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.support.actions import rings as actions
from convenor.support.forms import beside as forms
from convenor.support.queries import rings as queries
from convenor.support.queries.rings import LinkSeen, Proposed, RingSeen
from convenor.support.rules.rings import FAR_KM
from convenor.support.views.front import ROOM

TAB = "support-rings"


class Rings(PartnershipPage):
    """The rings one's school is in; for brokers, the newest reckoning and what they proposed."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        return self._show(forms.ReckonForm(initial={"far_km": int(FAR_KM)}))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Has rings reckoned."""
        if not self.viewer.may(Permission.SUPPORT_BROKER):
            raise NotAllowed(f"You cannot {Permission.SUPPORT_BROKER.value}: no post you hold today allows it.")
        form = forms.ReckonForm(request.POST)
        if form.is_valid():
            try:
                actions.reckon_rings(slug=slug, by=self.viewer, at=self.now, far_km=float(form.cleaned_data["far_km"]))
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Reckoned. Nobody is asked before you propose a ring.")
                return HttpResponseRedirect(reverse("support-rings", args=[slug]))
        return self._show(form, status=422)

    def _show(self, form: Form, status: int = 200) -> HttpResponse:
        seen = self.found(queries.rings(self.slug, viewer=self.viewer, at=self.today))
        return self.page("support/rings.jinja", seen=seen, form=form, status=status)


class OfRing(PartnershipPage):
    """What every page of one ring shares."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    @cached_property
    def ring(self) -> RingSeen:
        """The ring of the address, for a school in it and for the broker who proposed it."""
        return self.found(queries.ring(self.slug, self.kwargs["pk"], viewer=self.viewer))  # type: ignore[no-any-return]


class Ring(OfRing):
    """One ring: who helps whom with what, and whether it has begun."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        return self.page("support/ring.jinja", ring=self.ring)


class RingAction(OfRing, ActionPage):
    """One step of a ring."""

    template = "support/beside_action.jinja"

    def may(self) -> bool:
        """Whether this viewer does this, now."""
        raise NotImplementedError

    def form(self, data: Any = None) -> Form:
        if not self.may():
            raise Http404("That is not for you to do, or not now.")
        return self.box(data)

    def box(self, data: Any) -> Form:
        """The form itself."""
        return forms.NothingToFillIn(data)

    @property
    def urn(self) -> str:
        """The school of the address."""
        return str(self.kwargs["urn"])

    def about(self) -> dict[str, Any]:
        return {"version": self.ring.version}

    def back(self) -> str:
        return reverse("support-ring", args=[self.slug, self.kwargs["pk"]])


class AgreeRing(RingAction):
    """A head agrees, to giving and receiving at once."""

    permission = Permission.SCHOOL_SPEAK
    title, button, done = "Agree to this ring", "Agree", "Thank you. It begins when every head has agreed."
    lede = "To what your school gives and to what it receives, at once. No money moves. Any school may leave, no reason asked."

    def may(self) -> bool:
        return self.urn in self.ring.waits_for_me

    def perform(self, form: Any) -> None:
        posted = self.request.POST.get("version", "")
        version = int(posted) if posted.isdecimal() else None
        actions.agree_ring(slug=self.slug, ring_id=self.ring.pk, urn=self.urn, by=self.viewer, at=self.now, version=version)


class LeaveRing(RingAction):
    """A school would rather not, or can no longer."""

    permission = Permission.SCHOOL_SPEAK
    title, button, done = "Rather not", "We would rather not", "The ring has ended. Nobody is told through whom."
    lede = "The ring ends for all in it. No reason is asked, and the others are not told which school it was."

    def may(self) -> bool:
        return self.urn in self.ring.speaks and self.ring.ended_on is None

    def perform(self, form: Any) -> None:
        actions.leave_ring(slug=self.slug, ring_id=self.ring.pk, urn=self.urn, by=self.viewer, at=self.now)

    def back(self) -> str:
        return reverse("support-rings", args=[self.slug])


class EndRing(RingAction):
    """The broker ends a ring."""

    permission = Permission.SUPPORT_BROKER
    title, button, done = "End this ring", "End it", "It has ended, and its schools are told."
    lede = "It has done its work, or not everybody would join. Its schools can then be in another."

    def may(self) -> bool:
        return self.ring.proposer and self.ring.ended_on is None

    def perform(self, form: Any) -> None:
        actions.end_ring(slug=self.slug, ring_id=self.ring.pk, by=self.viewer, at=self.now)


class ToldRing(RingAction):
    """The school that was helped says what came of it."""

    permission = Permission.SUPPORT_ASK
    title, button, done = "What came of it?", "Keep it", "Kept. The school that helped you can read it."
    lede = "In your words. Only the school that helped you reads them."

    @property
    def link(self) -> LinkSeen:
        """The link of the address, received by a school for which they act."""
        found = next((each for each in self.ring.links if each.pk == self.kwargs["link"]), None)
        if found is None or not self.viewer.may(Permission.SUPPORT_ASK, urn=found.receiver_urn):
            raise Http404("There is no such link in this ring.")
        return found

    def may(self) -> bool:
        return self.link is not None and self.ring.begun_on is not None

    def box(self, data: Any) -> Form:
        return forms.CameForm(data, initial={"words": self.link.words})

    def perform(self, form: Any) -> None:
        actions.say_what_came(slug=self.slug, link_id=self.link.pk, words=form.cleaned_data["words"], by=self.viewer, at=self.now)


class ProposeRing(ActionPage):
    """A broker proposes one ring of the newest reckoning."""

    permission = Permission.SUPPORT_BROKER
    room, tab = ROOM, TAB
    template = "support/ring_propose.jinja"
    title, button, done = "Propose this ring", "Ask its heads", "Proposed. Every head is told, and it begins when all have agreed."
    lede = "Every head is asked at once, and sees the whole ring. It begins when all have agreed. No money moves."

    @cached_property
    def proposed(self) -> Proposed:
        """The ring of the address, of one's own newest reckoning, that was not proposed yet."""
        seen = queries.rings(self.slug, viewer=self.viewer, at=self.today)
        plan = seen.plan if seen is not None else None
        found = None
        if plan is not None and plan.pk == self.kwargs["plan"]:
            found = next((each for each in plan.rings if each.number == self.kwargs["number"] and not each.asked), None)
        return self.found(found)  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        assert self.proposed
        return forms.NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        actions.propose_ring(slug=self.slug, plan_id=self.kwargs["plan"], number=self.kwargs["number"], by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        return {"ring": self.proposed}

    def back(self) -> str:
        return reverse("support-rings", args=[self.slug])
