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
    """The footer's first line: publishers with their editions, newest first, each with its year or date; says so when there is none."""
    said = [f"{publisher}: {', '.join(titles)}" for publisher, titles in edition_lines(editions)]
    return f"Figures from {'; '.join(said)}." if said else "No edition has been loaded that this page rests on."


def edition_lines(editions: Iterable[Any]) -> list[tuple[str, list[str]]]:
    """Each publisher with the titles of its editions, newest first, for a page that rests on many."""
    publishers: dict[str, list[str]] = {}
    for one in editions:
        publishers.setdefault(one.publisher, []).append(_named(one))
    return [(publisher, list(dict.fromkeys(titles))) for publisher, titles in publishers.items()]


def _named(edition: Any) -> str:
    """An edition's title with its date, unless the title says it already."""
    on = edition.as_at
    day = f"{on.day} {on:%B %Y}"
    if day in edition.title or f"{on:%B %Y}" in edition.title or (edition.period and edition.period in edition.title):
        return str(edition.title)
    return f"{edition.title} ({day})"
