"""A partnership's public page: what it is for, what it works on, who sits where, who belongs, and its constitution."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from convenor.governance.queries import priorities
from convenor.partnership.gate import PUBLIC
from convenor.partnership.queries.constitution import newest_version
from convenor.partnership.queries.members import member_counts
from convenor.partnership.queries.structure import structure
from convenor.partnership.views.pages import PartnershipPage

KINDS = {
    "collaborative-partnership": "A collaborative partnership",
    "school-improvement-partnership": "A school improvement partnership",
    "company-limited-by-guarantee": "A company limited by guarantee",
    "charitable-company": "A charitable company",
}


class PartnershipFront(PartnershipPage):
    """Open to anyone."""

    permission = PUBLIC
    tab = "partnership"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen = self.found(structure(slug, viewer=self.viewer, at=self.today))
        return self.page(
            "partnership/front.jinja",
            seen=seen,
            kind=KINDS.get(seen.kind, ""),
            chaired=[each for each in seen.bodies if each.hue == "board" or each.chairs],
            counts=member_counts(slug, viewer=self.viewer, at=self.today),
            priorities=priorities(slug, viewer=self.viewer, at=self.today) if "priorities" not in seen.here.rooms_off else [],
            version=newest_version(slug, viewer=self.viewer),
        )
