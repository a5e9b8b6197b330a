"""Terms and holidays of the area's schools: the page that members read, and the form that the manager fills in once a year."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.england.school_years import SchoolYear, school_year_of
from convenor.partnership import actions, forms
from convenor.partnership.gate import Permission
from convenor.partnership.queries import terms as queries
from convenor.partnership.queries.terms import TermsSeen, YearOfTerms
from convenor.partnership.views.pages import ActionPage, PartnershipPage


class Terms(PartnershipPage):
    """The terms as entered, for every member."""

    permission = Permission.PARTNERSHIP_SEE
    tab = "terms"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list, newest year first."""
        seen = self.found(queries.terms_seen(slug, viewer=self.viewer, at=self.today))
        return self.page("partnership/terms.jinja", seen=seen)


class SetTerms(ActionPage):
    """The terms of one school year, whole."""

    permission = Permission.TERM_SET
    tab = "terms"
    template = "partnership/terms_set.jinja"
    button, done = "Save the terms", "Saved. Dates of visits are held against them from now on."

    @cached_property
    def seen(self) -> TermsSeen:
        """The terms as entered."""
        return self.found(queries.terms_seen(self.slug, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @cached_property
    def opened(self) -> tuple[YearOfTerms, bool]:
        """The year of the address and what the form opens with."""
        start, authority = self.kwargs["year"], self.kwargs.get("authority", "")
        now = school_year_of(self.today).start_year
        if abs(start - now) > 3 or (authority and authority not in dict(self.seen.authorities)):
            raise Http404("There are no terms of that year and authority to enter.")
        return queries.terms_to_correct(self.slug, SchoolYear(start), authority, viewer=self.viewer)

    def form(self, data: Any = None) -> forms.TermsForm:
        year, _ = self.opened
        return forms.TermsForm(data, stretches=year.stretches, closed=year.closed)

    def about(self) -> dict[str, Any]:
        year, from_last_year = self.opened
        return {
            "title": f"Terms of {year.year}",
            "eyebrow": year.authority_name,
            "from_last_year": from_last_year,
            "others": [
                (name, reverse("terms-set-authority", args=[self.slug, year.year.start_year, code]))
                for code, name in self.seen.authorities
                if len(self.seen.authorities) > 1 and code != year.authority
            ],
        }

    def perform(self, form: Any) -> None:
        year, _ = self.opened
        actions.set_terms(
            slug=self.slug, year=year.year, stretches=form.cleaned_data["stretches"], closed=form.cleaned_data["days_off"],
            authority=year.authority, by=self.viewer, at=self.now,
        )  # fmt: skip
