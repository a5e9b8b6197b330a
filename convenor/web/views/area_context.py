"""An area's context: the indicators on a chosen date, beside statistical neighbours, region and England, and over time."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.england.authorities import AUTHORITIES
from convenor.registers.queries import areas, schools
from convenor.registers.rules.context import made_from
from convenor.web import context_pages, downloads
from convenor.web.views.registers import AreaPage, data_line

COLUMNS = ("Figure", "Area", "Numerator of denominator", "Mean of statistical neighbours", "Region", "England", "Edition", "As at")


def _chosen(text: str) -> date | None:
    """The day asked for as 2025-08-31; None for the newest, and for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class AreaContextPage(AreaPage):
    """The context of an authority, a region or England."""

    kinds = ("authority", "region", "england")
    address = "area"

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page, or with `download=csv` or `xlsx` its table."""
        chosen = _chosen(request.GET.get("as-at", ""))
        found = areas.contexts(self.area, viewer=self.viewer, at=chosen)
        series = areas.series(self.area, viewer=self.viewer)
        told = {point.edition for one in series for point in one.points if point.edition}
        editions = schools.editions({*found.editions, *told}, viewer=self.viewer)
        titles = {one.key: f"{one.publisher}, {one.title}" for one in editions}
        lines = context_pages.table(found, titles)
        file = request.GET.get("download", "")
        if file in ("csv", "xlsx"):
            return self._file(file, lines)
        own = found.area
        charts = [context_pages.comparison(key, found, titles) for key in context_pages.SHARES] if own else []
        return self.page(
            "web/area.jinja",
            area=self.area,
            code_names={code: AUTHORITIES[code].name for code in self.area.codes},
            authority=self.area.kind == "authority",
            trail_links=[("Areas", reverse("areas"))],
            lede=context_pages.sentence(found),
            found=found,
            as_at=own.as_at if own else None,
            days=areas.days(self.area, viewer=self.viewer),
            chosen=chosen,
            headlines=context_pages.headlines(own, titles) if own else [],
            charts=charts,
            over_time=context_pages.over_time(series, titles),
            lines_as_cells=context_pages.as_cells(lines),
            beside=context_pages.beside([one for one in charts if one]),
            made_from=made_from(self.area.code) if self.area.kind == "authority" else "",
            address=reverse("area", args=[self.area.code]),
            keep=f"as-at={chosen.isoformat()}&" if chosen else "",
            data_line=data_line(one for one in editions if one.key in found.editions),
        )

    def _file(self, kind: str, lines: list[context_pages.TableLine]) -> HttpResponse:
        name = f"context-{self.area.code}-{self.today.isoformat()}"
        rows = [[one.name, one.area, one.how, one.neighbours, one.region, one.england, one.edition, one.as_at] for one in lines]
        if kind == "csv":
            return downloads.csv_file(name, COLUMNS, rows)
        about = [
            ("What this is", f"Context of {self.area.name}"),
            ("Licence", "Contains public sector information licensed under the Open Government Licence v3.0"),
        ]
        return downloads.xlsx_file(name, COLUMNS, rows, sheet=f"Context {self.area.code}", about=about)
