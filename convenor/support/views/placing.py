"""Matching over the whole area, and choosing: for brokers, who never place their own organisation."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import Permission, Viewer
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.rules.themes import THEMES
from convenor.support.actions import placing as actions
from convenor.support.forms import needs as forms
from convenor.support.queries.needs import carriers
from convenor.support.queries.proposals import Fit, Fits, fits, last_matching, matching_page
from convenor.support.queries.workflows import workflows_here
from convenor.support.rules.gap_picture import finding, gap_bars, scale_of
from convenor.support.rules.placing import Answer, Gap
from convenor.support.views.front import ROOM
from convenor.support.views.needs import TAB, OfNeed, OneStep

#: The workflow that a package takes where nobody says otherwise.
USUAL = "lifecycle"
#: Pairs of a proposal on one page.
PAIRS = 40
THEME_NAMES = {each.key: each.name for each in THEMES.values()}


class Matching(PartnershipPage):
    """The broker's proposal for the whole area: who for whom and why, what is not met and why, who is leant on, and the gaps."""

    permission = Permission.SUPPORT_BROKER
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen = self.found(matching_page(slug, viewer=self.viewer, at=self.today))
        gaps = drawn_gaps(seen.proposal.answer) if seen.proposal else []
        return self.page(
            "support/matching.jinja",
            seen=seen,
            gaps=gaps,
            theme_names=THEME_NAMES,
            half_days=forms.half_day_words,
            placed=Paginator(seen.proposal.placed if seen.proposal else (), PAIRS).get_page(request.GET.get("page")),
            page_address=lambda number: reverse("support-matching", args=[slug], query={"page": number}),
        )

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Matches, and shows what came of it."""
        try:
            actions.propose(slug=slug, by=self.viewer, at=self.now)
        except Refused as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, "Matched. Nobody is told of it: you choose, one by one.")
        return HttpResponseRedirect(reverse("support-matching", args=[slug]))


def drawn_gaps(answer: Answer) -> list[dict[str, Any]]:
    """Three pictures on one scale: themes, phases, places."""
    scale = scale_of(answer.by_theme, answer.by_phase, answer.by_place)
    groups: tuple[tuple[str, str, tuple[Gap, ...], dict[str, str]], ...] = (
        ("by theme", "A request that names several themes counts under each; so does whoever knows several.", answer.by_theme, THEME_NAMES),
        ("by phase", "Whoever serves every phase counts under each.", answer.by_phase, {}),
        ("by place", "Offers count where they come from, though they travel.", answer.by_place, {"": "In no cluster"}),
    )
    found = []
    for title, says, gaps, names in groups:
        bars = gap_bars(gaps, names, scale)
        found.append({"title": title, "says": says, "bars": bars, "finding": finding(bars)})
    return found


def flows(viewer: Viewer) -> list[tuple[str, str]]:
    """The workflows to choose from, the usual one first."""
    return [(each.key, f"{each.name}: {each.says}") for each in workflows_here(viewer=viewer)]


def carried(page: PartnershipPage) -> dict[str, Any]:
    """The tiers and priorities to choose from."""
    tiers, priorities = carriers(page.slug, viewer=page.viewer, at=page.today)
    return {"tiers": tiers, "priorities": priorities}


class Begin(OneStep):
    """A broker opens the package of a request before anybody is chosen, to understand first."""

    permission = Permission.SUPPORT_BROKER
    title, button = "Open its package first", "Open the package"
    lede = "For when you would visit and understand before you choose anybody. You hold it from now on, and the school is told."
    done = "Open. The school is told."
    made: int | None = None

    def form(self, data: Any = None) -> Form:
        found = fits(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        if found is None or found.begun:
            raise Http404("Its package is open already, or nobody is looked for.")
        return forms.CarriedForm(data, version=self.seen.version, flows=flows(self.viewer), **carried(self))

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        self.made = actions.begin(
            slug=self.slug, need_id=self.seen.pk, flow=data["flow"], version=data["version"], by=self.viewer, at=self.now,
            tier=data.get("tier", ""), priority=data.get("priority", ""),
        ).pk  # fmt: skip

    def back(self) -> str:
        return reverse("support-package", args=[self.slug, self.made]) if self.made else self.need_address()


class Choose(OfNeed, ActionPage):
    """A broker chooses one supporter for a request and says why."""

    permission = Permission.SUPPORT_BROKER
    template = "support/choose.jinja"
    title, button = "Choose them", "Choose them"
    done = "Chosen. The school is told first, and its package is open."
    room, tab = ROOM, TAB

    @cached_property
    def fits(self) -> Fits | None:
        """Who could serve the request; nobody any more once somebody is chosen."""
        return fits(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)

    @cached_property
    def fit(self) -> Fit:
        """Whom they would choose; not found for somebody whom the rules do not allow."""
        found: Fits = self.found(self.fits)
        chosen = next((each for each in found.able if each.supporter_id == self.kwargs["supporter"]), None)
        if chosen is None:
            raise Http404("They cannot be chosen for this request.")
        return chosen

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, after the look is written down."""
        self.looked()
        return super().get(request, *args, **kwargs)

    def form(self, data: Any = None) -> Form:
        if data is None:
            assert self.fit
        begun = self.fits is not None and self.fits.begun
        return forms.ChooseForm(data, version=self.seen.version, flows=[] if begun else flows(self.viewer), **carried(self))

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        actions.choose(
            slug=self.slug, need_id=self.seen.pk, supporter_id=self.kwargs["supporter"], why=data["why"], flow=data.get("flow", USUAL),
            tier=data.get("tier", ""), priority=data.get("priority", ""),
            version=data["version"], matching_id=last_matching(self.slug, viewer=self.viewer), by=self.viewer, at=self.now,
        )  # fmt: skip

    def back(self) -> str:
        return self.need_address()

    def about(self) -> dict[str, Any]:
        """The request and whom they would choose; after a refusal only the request."""
        shown = None if self.request.method == "POST" else self.fit
        name = shown.name if shown else "them"
        return {"seen": self.seen, "fit": shown, "title": f"Choose {name}", "eyebrow": self.seen.school, "half_days": forms.half_day_words}
