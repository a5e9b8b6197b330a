"""What each side expects to find, named in private before the visit."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from convenor.peer_review.actions.expectations import name_expectations
from convenor.peer_review.forms import review as boxes
from convenor.peer_review.queries import reviews as queries
from convenor.peer_review.queries.reviews import OwnExpectation
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.themes import name_of
from convenor.peer_review.views.reviews import ReviewAction


class Expect(ReviewAction):
    """One's own side's three, and nothing of the other's."""

    sight = Sight.OWN_EXPECTATION
    record_class = "expectation"
    template = "peer_review/expect.jinja"
    done = "Kept. Nobody but your own side reads it before the report is final."

    @cached_property
    def seen(self) -> OwnExpectation:
        """What the viewer's own side expects."""
        return self.found(queries.own_expectation(self.slug, self.here.pk, viewer=self.viewer, at=self.now))  # type: ignore[no-any-return]

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What it is for, and who reads it."""
        other = "The team" if self.here.host else "The school"
        reads = (
            "Later you alone see, by theme, how far expectation and report agree."
            if self.here.host
            else "Your team reads it, and may change it. Later the school alone sees, by theme, how far expectation and report agree."
        )
        begins = "Before the visit, name three things that you expect to be found."
        return f"{begins} {other} names three too, and neither reads the other’s words. {reads}"

    def may(self) -> bool:
        return self.seen.may_name

    def box(self, data: Any) -> Form:
        return boxes.ExpectForm(data, initial=boxes.ExpectForm.of(self.seen.findings))

    def about(self) -> dict[str, Any]:
        return super().about() | {"seen": self.seen, "theme_name": name_of}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; after the visit began, what was named."""
        if self.may():
            return super().get(request, *args, **kwargs)
        return self.page(self.template, form=None, title="What you expect", lede=self.lede, back=self.back(), **self.about())

    def perform(self, form: Any) -> None:
        known = {key: value for key, value in self.known.items() if key != "version"}
        name_expectations(**known, findings=form.findings)
