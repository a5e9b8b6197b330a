"""A body's page: what the partnership knows of it, beside the priorities it leads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from convenor.governance.queries import priorities
from convenor.partnership.gate import PUBLIC
from convenor.partnership.queries.body import BodyPage, body_page
from convenor.partnership.views.drawing import DatedPage


class Body(DatedPage):
    """What a body is for, who sits on it, to whom it reports: for anyone, with names of those who chair; for members, with everybody's."""

    permission = PUBLIC
    tab = "structure"

    def get(self, request: HttpRequest, slug: str, key: str) -> HttpResponse:
        """The page."""
        on = self.day_asked()
        seen: BodyPage = self.found(body_page(slug, key, viewer=self.viewer, at=on))
        here = seen.structure.here
        led = [] if "priorities" in here.rooms_off else [
            each for each in priorities(slug, viewer=self.viewer, at=on) if each.lead_key == key
        ]  # fmt: skip
        return self.page(
            "partnership/body.jinja", seen=seen, on=on, asked=self.on_query(on), priorities=led, problem=self.problem,
            partnership_name=here.name,
        )  # fmt: skip
