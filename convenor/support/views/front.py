"""Where support begins: what is one's own first, then the doors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage
from convenor.support.queries.front import support_home
from convenor.support.queries.the_call import calls_known, speaks_for

ROOM = "support"
SEE = Permission.PARTNERSHIP_SEE
#: Further pages: address, whom it is open to, label and what is there. A door that would not open is not shown.
FURTHER = (
    ("support-directory", SEE, "The directory", "who offers support, what vouches for them, and how many days they have"),
    ("support-yours", Permission.SUPPORT_GIVE, "Your own entry", "what you offer, your days, and what you declare in private"),
    ("support-needs", Permission.SUPPORT_BROKER, "What schools ask for", "requests that wait for somebody, and those that found nobody"),
    ("support-matching", Permission.SUPPORT_BROKER, "Match over the whole area", "which offers serve which requests best, and why"),
    ("support-packages", SEE, "Packages of support", "where each stands and whose turn it is, as far as you have a part in it"),
    ("support-answers", SEE, "What schools offer and want", "every school is asked both, once a year"),
    ("support-rings", SEE, "Support rings", "schools that help one another in a circle: no money moves"),
    ("support-mentors", SEE, "Mentors", "for new and acting heads; nobody keeps what the two speak about"),
    ("support-contacts", SEE, "Notes of contact", "who was in touch with your school, and whether the note is right"),
    ("support-rates", Permission.FUND_SEE, "Day rates", "what a day of somebody costs"),
    ("support-totals", Permission.SUPPORT_TOTALS_SEE, "How it goes", "time to match, days, reach and money, in totals"),
    ("support-effects", Permission.SUPPORT_TOTALS_SEE, "What came of it, together", "all reviews of effect in one, from eight packages on"),
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
        seen = self.found(support_home(slug, viewer=self.viewer, at=self.today))
        further = [(door(name, slug), label, says) for name, asked, label, says in FURTHER if door(name, slug) and self.viewer.may(asked)]
        calls = [each for each in calls_known(viewer=self.viewer, at=self.today) if not each.own]
        return self.page(
            "support/support.jinja", seen=seen, further=further, door=door, ask_href=door("support-need-ask", slug), calls=calls,
            speaks_for=speaks_for(viewer=self.viewer),
        )  # fmt: skip
