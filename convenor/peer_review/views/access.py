"""Who may read the report: for the host, who says so, sees who looked, and takes it back with one tap."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from convenor.partnership.gate import Permission
from convenor.peer_review.actions import access as actions
from convenor.peer_review.forms import report as boxes
from convenor.peer_review.forms.review import NothingToFillIn
from convenor.peer_review.queries import access as queries
from convenor.peer_review.queries.access import AccessSeen, Reader
from convenor.peer_review.queries.steps import facts
from convenor.peer_review.rules.gates import impact_window
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.states import State
from convenor.peer_review.views.reviews import OfReview, ReviewAction

LOOK = queries.REVIEW_LOOK


class Access(OfReview):
    """Who reads the report, who looked, and a search for somebody to let in."""

    permission = Permission.SCHOOL_RECORD_SEE
    sight = Sight.ACCESS

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page, with the people that a search found."""
        seen: AccessSeen = self.found(queries.access(self.here, viewer=self.viewer, at=self.now))
        text = request.GET.get("q", "")
        speaks = self.viewer.may(Permission.SCHOOL_SPEAK, urn=self.here.urn)
        reading = {each.person_id for each in seen.grants if each.stands}
        return self.page(
            "peer_review/access.jinja",
            **self.frame(),
            seen=seen,
            finder=boxes.SearchForm(request.GET),
            text=text,
            people=queries.people(self.here, text, viewer=self.viewer, at=self.now) if speaks else (),
            speaks=speaks,
            looks=[
                {
                    "when": localtime(each.at).strftime("%-d %B %Y, %H:%M"),
                    "by": each.by,
                    "what": each.record.removeprefix(LOOK),
                }
                for each in seen.looks
            ],
            final=Sight.REPORT in self.here.sights,
            back_in=[each for each in seen.team if each.person_id not in reading] if self.impact_is_near() else [],
            back=reverse("review", args=[slug, pk]),
        )

    def impact_is_near(self) -> bool:
        """Whether whoever comes back for the impact visit needs to be let in again: priorities are agreed."""
        return self.here.state is State.ACTIONS_AGREED


class LetRead(ReviewAction):
    """The host lets a named person read the final report."""

    permission = Permission.SCHOOL_SPEAK
    sight = Sight.ACCESS
    button, done = "Let them read", "They may read the report from now on. You see here each time they look."

    @cached_property
    def person(self) -> Reader:
        """The person of the address."""
        return self.found(queries.person(self.here, self.kwargs["person"], viewer=self.viewer, at=self.now))  # type: ignore[no-any-return]

    @property
    def title(self) -> str:  # type: ignore[override]
        """Whom it is about."""
        return f"Let {self.person.name} read your report"

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What they will see."""
        more = " and, for the impact visit, your priorities" if self._of_team() else ""
        return f"{self.person.name} ({self.person.does}) will read the final report{more}; never drafts, evidence or what you expected."

    def _of_team(self) -> bool:
        return self.person.person_id in {each.person_id for each in queries.team(self.here, viewer=self.viewer)}

    def may(self) -> bool:
        return self.viewer.may(Permission.SCHOOL_SPEAK, urn=self.here.urn) and self.person is not None

    def box(self, data: Any) -> Form:
        window = impact_window(facts(self.here, viewer=self.viewer))
        return boxes.LetReadForm(data, until_on=window[1] if window and self._of_team() else None)

    def back(self) -> str:
        return reverse("review-access", args=[self.slug, self.kwargs["pk"]])

    def perform(self, form: Any) -> None:
        actions.let_read(
            slug=self.slug, review_id=self.here.pk, person_id=self.person.person_id, until_on=form.cleaned_data["until_on"],
            by=self.viewer, at=self.now,
        )  # fmt: skip


class TakeBack(ReviewAction):
    """The host takes back that somebody reads its report."""

    permission = Permission.SCHOOL_SPEAK
    sight = Sight.ACCESS
    title, button, done = "Take it back", "Take it back", "They no longer read it."
    lede = "From this moment they read the report no more. No letter tells them."

    def may(self) -> bool:
        seen = queries.access(self.here, viewer=self.viewer, at=self.now)
        found = seen is not None and any(each.pk == self.kwargs["grant"] and each.stands for each in seen.grants)
        if not found:
            raise Http404("That is taken back already.")
        return self.viewer.may(Permission.SCHOOL_SPEAK, urn=self.here.urn)

    def box(self, data: Any) -> Form:
        return NothingToFillIn(data)

    def back(self) -> str:
        return reverse("review-access", args=[self.slug, self.kwargs["pk"]])

    def perform(self, form: Any) -> None:
        actions.take_back(slug=self.slug, review_id=self.here.pk, grant_id=self.kwargs["grant"], by=self.viewer, at=self.now)
