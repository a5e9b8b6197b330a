"""What schools ask for: the form for a phone, a school's own requests, a broker's list, and one request."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import Permission, record_look
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.rules.themes import THEMES
from convenor.support.actions import needs as actions
from convenor.support.forms import needs as forms
from convenor.support.queries import needs as queries
from convenor.support.queries.need_beginnings import Beginning, beginning, beginnings
from convenor.support.queries.needs import AskingSchool, NeedSeen
from convenor.support.queries.others import others_about, others_at
from convenor.support.queries.proposals import fits
from convenor.support.rules.states import NeedOrigin, NeedState
from convenor.support.views.front import ROOM, door

TAB = "support-needs"
#: What is written down when a broker looks at a request.
LOOKED_AT = "what it asks support for"
LEDE = "Three minutes. A broker who does not act for your school looks for people who are good at it, and nothing starts before you agree."
LEDE_FOR = "With the school’s agreement, in its own words. It is told at once."
#: Requests on one page of a broker's list.
ROWS = 50
#: Supporters shown at once beside a request; the rest unfold.
SHOWN_FIRST = 5


class Needs(PartnershipPage):
    """Everybody's own requests first; for a broker, then those of the area, the longest waiting first."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB
    confidential = True

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page, narrowed by its address."""
        asked = {name: request.GET.get(name, "") for name in ("state", "theme")}
        state = NeedState(asked["state"]) if asked["state"] in set(NeedState) else None
        theme = asked["theme"] if asked["theme"] in THEMES else ""
        seen = self.found(queries.needs_page(slug, viewer=self.viewer, at=self.today, state=state, theme=theme))
        return self.page(
            "support/needs.jinja", seen=seen, requests=Paginator(seen.area, ROWS).get_page(request.GET.get("page")),
            page_address=lambda number: reverse(TAB, args=[slug], query={k: v for k, v in asked.items() if v} | {"page": number}),
            form=forms.NeedsFilter(asked, counts=seen.counts), narrowed=bool(state or theme),
            half_days=forms.half_day_words, NeedState=NeedState, door=door,
        )  # fmt: skip


class Asking(ActionPage):
    """A page with the form of a request. What cannot be kept is said, and nothing typed is lost."""

    room, tab = ROOM, TAB
    template: ClassVar[str] = "support/ask.jinja"

    def perform(self, form: Any) -> None:
        """Keeps what is filled in."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keeps it, or shows what is wrong and where."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.perform(form)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(self.back())
        return self._show(form, status=422)


class Ask(Asking):
    """A school asks for support: one screen for a phone, filled in as far as it is known. A broker may ask for one that agreed."""

    permission = Permission.PARTNERSHIP_SEE
    title, button = "Ask for support", "Send our request"
    made: int | None = None

    @cached_property
    def urn(self) -> str:
        """The school of the address (`?school=`), or the first for which they may ask."""
        own = [urn for urn in self.viewer.urns if self.viewer.may(Permission.SUPPORT_ASK, urn=urn)]
        return str(self.request.GET.get("school", "") or (own[0] if own else ""))

    @cached_property
    def own(self) -> bool:
        """Whether they ask for a school of theirs."""
        return self.viewer.may(Permission.SUPPORT_ASK, urn=self.urn)

    @cached_property
    def begun(self) -> Beginning:
        """What the request begins with; not found for a school or a beginning that is not theirs to ask from."""
        given = self.request.GET.get("from", "") or NeedOrigin.SCHOOL.value
        found = beginning(self.slug, self.urn, given, self.request.GET.get("key", ""), viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    @cached_property
    def school(self) -> AskingSchool:
        """The school for which it is asked."""
        return self.found(queries.asking_school(self.slug, self.urn, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        return forms.AskForm(data, asked=self.begun.asked, for_school=not self.own, phase=self.school.phase)

    def perform(self, form: Any) -> None:
        self.made = actions.ask_for_support(
            slug=self.slug, urn=self.urn, asked=form.asked, origin=self.begun.origin.value, key=self.begun.key,
            agreed=form.cleaned_data.get("agreed", False), by=self.viewer, at=self.now,
        ).pk  # fmt: skip

    @property
    def done(self) -> str:  # type: ignore[override]
        """Thanks, and what happens next."""
        if not self.own:
            return "Kept. The school is told, and may change it or take it back."
        return "Thank you for asking. A broker who does not act for your school looks for somebody, and you hear from them first."

    def back(self) -> str:
        return reverse("support-need", args=[self.slug, self.made]) if self.made else reverse(TAB, args=[self.slug])

    def about(self) -> dict[str, Any]:
        school = self.school
        ways = [
            (
                each.label,
                reverse("support-need-ask", args=[self.slug], query={"school": self.urn, "from": each.origin.value, "key": each.key}),
            )
            for each in beginnings(self.slug, self.urn, viewer=self.viewer, at=self.today)
            if (each.origin, each.key) != (self.begun.origin, self.begun.key)
        ]
        others = [(urn, name) for urn, name in school.others if urn != self.urn]
        return {
            "begun": self.begun, "ways": ways, "own": self.own, "school": school, "others": others, "lede": LEDE if self.own else LEDE_FOR,
        }  # fmt: skip


class OfNeed(PartnershipPage):
    """Every page about one request: for its school and for brokers of other schools; for everybody else there is no such page."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB
    confidential = True

    @cached_property
    def seen(self) -> NeedSeen:
        """The request."""
        return self.found(queries.need_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def need_address(self) -> str:
        """Its own page."""
        return reverse("support-need", args=[self.slug, self.kwargs["pk"]])

    def looked(self) -> None:
        """Writes down that a broker looks, before the page is made; the school's own people look at their own."""
        if not self.seen.own:
            record_look(self.viewer, urn=self.seen.urn, record=LOOKED_AT, at=self.now, by_right=Permission.SUPPORT_BROKER)


class Need(OfNeed):
    """One request: where it stands for its school; for a broker its words, who else is in there, and who could serve it."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        self.looked()
        found = fits(slug, pk, viewer=self.viewer, at=self.today)
        others = others_at(self.seen.urn, viewer=self.viewer, at=self.today) if found else ()
        busy = {each.name for each in others_about(self.seen.urn, self.seen.themes, viewer=self.viewer, at=self.today)} if others else set()
        return self.page(
            "support/need.jinja", seen=self.seen, fits=found, others=others, busy=busy,
            first=SHOWN_FIRST, half_days=forms.half_day_words, door=door,
            NeedState=NeedState, may_ask=self.viewer.may(Permission.SUPPORT_ASK, urn=self.seen.urn),
        )  # fmt: skip


class Change(OfNeed, Asking):
    """The school changes its request while somebody is looked for."""

    permission = Permission.SUPPORT_ASK
    title, button, done = "Change what you ask for", "Keep the changes", "Kept."

    def form(self, data: Any = None) -> Form:
        self._waits()
        return forms.AskForm(data, asked=self.seen.asked, version=self.seen.version, phase=self.seen.phase)

    def _waits(self) -> None:
        if not (self.seen.own and self.seen.state.waits):
            raise Http404("This request cannot be changed any more.")

    def perform(self, form: Any) -> None:
        actions.change_need(
            slug=self.slug, need_id=self.seen.pk, asked=form.asked, version=form.cleaned_data["version"], by=self.viewer, at=self.now
        )

    def back(self) -> str:
        return self.need_address()

    def about(self) -> dict[str, Any]:
        return {"begun": None, "ways": [], "own": True, "school": self.seen, "others": [], "eyebrow": self.seen.school, "lede": ""}


class OneStep(OfNeed, ActionPage):
    """One step on a request: what it means, a box, one button."""

    def back(self) -> str:
        return self.need_address()

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.seen.school}


class Withdraw(OneStep):
    """The school takes its request back."""

    permission = Permission.SUPPORT_ASK
    title, button, done = "Take our request back", "Take it back", "Taken back. Nobody is looked for any more."
    lede = "No reason is asked. You may ask again whenever you like."

    def form(self, data: Any = None) -> Form:
        if not (self.seen.own and self.seen.state.waits):
            raise Http404("There is no request to take back.")
        return forms.WhyWithdrawForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw_need(slug=self.slug, need_id=self.seen.pk, why=form.cleaned_data["why"], by=self.viewer, at=self.now)


class SayUnmet(OneStep):
    """A broker tells the school that nobody was found yet."""

    permission = Permission.SUPPORT_BROKER
    title, button, done = "Tell the school that nobody was found yet", "Tell the school", "Told. The request stays in every matching."
    lede = "Honest and soon is kinder than silence. The search goes on."

    def form(self, data: Any = None) -> Form:
        if not (self.seen.brokers and self.seen.state.waits):
            raise Http404("Nobody is looked for here now.")
        return forms.UnmetForm(data)

    def perform(self, form: Any) -> None:
        actions.say_unmet(slug=self.slug, need_id=self.seen.pk, why=form.cleaned_data["why"], by=self.viewer, at=self.now)


class Follow(OneStep):
    """A request of a school that has closed goes on with the school that it became, or ends."""

    permission = Permission.SUPPORT_BROKER
    title, button, done = "Follow it to the school that this one became", "Follow it", "Done: see where it stands now."
    lede = "The register says that this school has closed. Where one school took its place the request goes on there; else it ends."

    def form(self, data: Any = None) -> Form:
        if not (self.seen.brokers and self.seen.closed and self.seen.state.waits):
            raise Http404("This school stands.")
        return forms.NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.follow_need(slug=self.slug, need_id=self.seen.pk, by=self.viewer, at=self.now)
