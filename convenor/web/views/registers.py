"""What the pages over the published record share: which area an address means, and the line that names its editions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from convenor.england import authorities
from convenor.england.authorities import Area
from convenor.partnership.gate import PUBLIC, Page


class AreaPage(Page):
    """A page about an area. Its address takes the authority's code; a name, an ONS code or an old spelling leads there.

    `kinds` are the kinds of area that the page can be about.
    """

    permission = PUBLIC
    kinds: ClassVar[tuple[str, ...]] = ("authority",)
    address: ClassVar[str]
    area: Area

    def get(self, request: HttpRequest, area: str) -> HttpResponseBase:
        """Answers for the area meant, or leads to its proper address."""
        try:
            self.area = authorities.area(area)
        except authorities.UnknownAreaError as unknown:
            raise Http404(str(unknown)) from unknown
        if self.area.kind not in self.kinds:
            raise Http404(f"{self.area.name} has no such page: it is asked for one local authority at a time.")
        if self.area.code != area:
            asked = request.GET.urlencode()
            return redirect(reverse(self.address, args=[self.area.code]) + (f"?{asked}" if asked else ""))
        return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page itself; `self.area` is known."""
        raise NotImplementedError

    def trail(self) -> list[tuple[str, str]]:
        """Where the page stands."""
        return [("Areas", reverse("areas")), (self.area.name, reverse("area", args=[self.area.code]))]


def data_line(editions: Iterable[Any]) -> str:
    """The footer's first line: each edition once with its year or date, newest first; says so when there is none."""
    said = list(dict.fromkeys(f"{one.publisher}, {one.title} ({_when(one)})" for one in editions))
    return f"Figures from: {'; '.join(said)}." if said else "No edition has been loaded that this page rests on."


def _when(edition: Any) -> str:
    on = edition.as_at
    day = f"{on.day} {on:%B %Y}"
    return f"{edition.period.replace('-', '/')}, as at {day}" if edition.period else f"as at {day}"
