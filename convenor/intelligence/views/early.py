"""Early identification as each comes to it: one's own school, the conversations one holds, or totals that name no school."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.intelligence.queries.overview import overview
from convenor.intelligence.views.lines import door
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage

SEE, TOTALS = Permission.PARTNERSHIP_SEE, Permission.EARLY_TOTALS_SEE
#: Further rooms: address, whom it is open to, label and what is there. A door that would not open is not shown.
FURTHER = (
    ("early-method", SEE, "How it works", "each indicator, its threshold, what is never used, and who sees what when"),
    ("early-backtest", SEE, "How well it would have told", "the score held against later inspections, with what it missed"),
    ("early-shared", TOTALS, "Shared problems", "which figures are weak across a cluster, a phase or the area, beyond chance"),
    ("early-long-ago", TOTALS, "Good but long ago", "good schools, long uninspected, whose results now lie below England’s"),
    ("categories", SEE, "Categories", "off unless the board has decided otherwise, after asking schools"),
)


class Early(PartnershipPage):
    """Where early identification begins."""

    permission = Permission.PARTNERSHIP_SEE
    room = "early-identification"
    confidential = True
    tab = "early"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page. Whatever is asked beside the address changes nothing: totals are not to be narrowed."""
        seen = self.found(overview(slug, viewer=self.viewer, at=self.today))
        further = [(door(name, slug), label, says) for name, asked, label, says in FURTHER if door(name, slug) and self.viewer.may(asked)]
        return self.page(
            "intelligence/early.jinja",
            seen=seen,
            further=further,
            conversations=door("early-conversations", slug),
            conversation_of={
                school.urn: door("early-conversation", slug, school.conversation) for school in seen.own if school.conversation
            },
            lines_of={school.urn: reverse("early-school", args=[slug, school.urn]) for school in seen.own},
        )
