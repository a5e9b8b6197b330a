"""What the partnership learns: themes of ended rounds, told once; and what schools offer for others to come and see."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership.gate import NotAllowed, Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.actions.excellence import offer_excellence, take_back_excellence
from convenor.peer_review.actions.telling import tell_themes
from convenor.peer_review.forms import report as boxes
from convenor.peer_review.forms.review import NothingToFillIn
from convenor.peer_review.queries import themes as queries
from convenor.peer_review.queries.reports import ReportPage, report
from convenor.peer_review.queries.themes import RoundTold
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.report import Finding
from convenor.peer_review.rules.themes import name_of
from convenor.peer_review.rules.themes_shared import HOSTS_AT_LEAST, REPORTS_AT_LEAST
from convenor.peer_review.views.reviews import ROOM, ReviewAction


class Themes(PartnershipPage):
    """Themes of the rounds that have ended, the same for everybody who may see totals."""

    permission = Permission.REVIEW_TOTALS_SEE
    room, tab = ROOM, "reviews"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page. Nothing in its address narrows it."""
        found = queries.themes(slug, viewer=self.viewer)
        if found is None:
            raise NotAllowed(f"You cannot {Permission.REVIEW_TOTALS_SEE.value}: no post you hold today allows it.")
        return self.page(
            "peer_review/themes.jinja", rounds=found, name_of=name_of, fewest=REPORTS_AT_LEAST, hosts=HOSTS_AT_LEAST
        )  # fmt: skip


class TellThemes(ActionPage):
    """Whoever runs a round that has ended has its themes told."""

    permission = Permission.ROUND_RUN
    room, tab = ROOM, "reviews"
    button, done = "Tell the themes", "Told, and frozen."
    lede = (
        "They are reckoned once, from the final reports as they are now, and never change: a report that becomes final later no longer "
        "counts. Nobody, you included, sees which school a theme comes from."
    )

    @cached_property
    def round(self) -> RoundTold:
        """The ended round of the address whose themes are not told yet, and which this viewer runs."""
        rounds = queries.themes(self.slug, viewer=self.viewer) or ()
        found = next((each for each in rounds if each.pk == self.kwargs["pk"] and each.runs and each.told_at is None), None)
        return self.found(found)  # type: ignore[no-any-return]

    @property
    def title(self) -> str:  # type: ignore[override]
        """Of which round."""
        return f"Tell the themes of {self.round.name}"

    def form(self, data: Any = None) -> Form:
        assert self.round is not None
        return NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        tell_themes(slug=self.slug, round_id=self.round.pk, by=self.viewer, at=self.now)

    def back(self) -> str:
        return reverse("review-themes", args=[self.slug])


class Excellences(PartnershipPage):
    """What schools offer for others to come and see."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "reviews"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list, by theme."""
        return self.page("peer_review/excellences.jinja", offers=self.found(queries.excellences(slug, viewer=self.viewer)))


class OfExcellence(ReviewAction):
    """What offering and taking back share: for whoever speaks for the host, once the report is final."""

    permission = Permission.SCHOOL_SPEAK
    sight = Sight.ACCESS

    @cached_property
    def seen(self) -> ReportPage:
        """The report; not found before it is final."""
        found: ReportPage = self.found(report(self.here, viewer=self.viewer, at=self.now))
        if not found.report.final:
            raise Http404("The report is not final yet.")
        return found

    def may(self) -> bool:
        return self.viewer.may(Permission.SCHOOL_SPEAK, urn=self.here.urn) and self.seen is not None

    def back(self) -> str:
        return reverse("review-report", args=[self.slug, self.kwargs["pk"]])


class OfferExcellence(OfExcellence):
    """The host offers an area of excellence, in words it approves."""

    title, button = "Offer it to others", "Offer it to the partnership"
    done = "Everybody in the partnership can read it now. You may take it back any time."
    lede = "Other schools read your words beside your school’s name, and nothing else of the report. Change the words until they are yours."

    def box(self, data: Any) -> Form:
        offered, named = self.seen.offered, self.seen.report.writing.excellence or Finding()
        stands = {"theme": offered.theme, "words": offered.words} if offered else {"theme": named.theme, "words": named.words}
        return boxes.ExcellenceForm(data, initial=stands)

    def perform(self, form: Any) -> None:
        offer_excellence(slug=self.slug, review_id=self.here.pk, by=self.viewer, at=self.now, **form.cleaned_data)


class TakeBackExcellence(OfExcellence):
    """The host takes its offer back."""

    title, button, done = "Take the offer back", "Take it back", "It is no longer offered."
    lede = "From this moment nobody else reads it."

    def may(self) -> bool:
        return super().may() and self.seen.offered is not None and self.seen.offered.withdrawn_at is None

    def box(self, data: Any) -> Form:
        return NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        take_back_excellence(slug=self.slug, review_id=self.here.pk, by=self.viewer, at=self.now)
