"""Where support begins: what is one's own first, then the doors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage

ROOM = "support"
SEE = Permission.PARTNERSHIP_SEE
#: Further pages: address, whom it is open to, label and what is there. A door that would not open is not shown.
FURTHER = (
    ("support-directory", SEE, "The directory", "who offers support, what vouches for them, and how many days they have"),
    ("support-needs", Permission.SUPPORT_BROKER, "What schools ask for", "needs that wait for somebody, and those that found nobody"),
    ("support-packages", SEE, "Packages of support", "where each stands and whose turn it is, as far as you have a part in it"),
    ("support-rings", SEE, "Support rings", "schools that help one another in a circle: no money moves"),
    ("support-totals", Permission.SUPPORT_TOTALS_SEE, "How it goes", "time to match, days, reach and money, in totals"),
)


def door(name: str, *args: object) -> str:
    """The address of a page; empty where there is none such."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class Support(PartnershipPage):
    """The front page of the room, made of what this viewer has a part in."""

    permission = SEE
    room, tab = ROOM, "support"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        self.found(self.viewer.partnership)
        further = [(door(name, slug), label, says) for name, asked, label, says in FURTHER if door(name, slug) and self.viewer.may(asked)]
        return self.page("support/support.jinja", further=further, door=door)
