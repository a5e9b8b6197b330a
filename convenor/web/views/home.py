"""The first page: a calm front for anyone, and for each person their own next things to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from convenor.partnership.gate import PUBLIC, Page
from convenor.web.homes import chosen_holding, home_of


class Home(Page):
    """Each person's own page."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The home that belongs to the post they work under."""
        holding = chosen_holding(self.viewer, request.session.get("home") if self.viewer.signed_in else None)
        kind = home_of(self.viewer, holding)
        return self.page("web/home_front.jinja", kind=kind, holding=holding)
