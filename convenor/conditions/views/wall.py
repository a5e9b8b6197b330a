"""The wall: one big page for a projector, which asks for itself again every few seconds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from convenor.conditions.queries import wall as queries
from convenor.conditions.rules.states import StepKind, WorkshopState
from convenor.conditions.views.joining_picture import join_picture
from convenor.conditions.views.workshops import ROOM, TAB
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage


class WallPage(PartnershipPage):
    """The wall of a workshop, opened by whoever leads it."""

    permission = Permission.WORKSHOP_RUN
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The whole page, or, asked again with what it shows, the inside of it; 204 where nothing changed."""
        seen = self.found(queries.wall(slug, pk, viewer=self.viewer, at=self.now))
        again = getattr(request, "htmx", False)
        if again and request.GET.get("token") == seen.token:
            return HttpResponse(status=204)
        template = "conditions/_wall.jinja" if again else "conditions/wall.jinja"
        return self.page(template, wall=seen, join=join_picture(request, seen.join_code), **self._results(seen))

    def _results(self, seen: queries.Wall) -> dict[str, Any]:
        """What the room said, where it belongs on the wall now."""
        found = None
        if seen.diamond:
            from convenor.conditions.queries.results import told

            found = told(self.slug, seen.pk, viewer=self.viewer, at=self.now)
        return {"told": found, "State": WorkshopState, "Kind": StepKind}
