"""The list of areas, by region."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from convenor.england import authorities
from convenor.england.regions import REGIONS
from convenor.partnership.gate import PUBLIC, Page
from convenor.registers.queries import schools as school_queries


class Areas(Page):
    """Every local authority of England by region, with how many schools are loaded for each."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list; with `q` a name or code, it leads to that area or says which are near."""
        asked = request.GET.get("q", "").strip()[:100]
        unknown = ""
        if asked:
            try:
                found = authorities.area(asked)
            except authorities.UnknownAreaError as error:
                unknown = str(error)
            else:
                return redirect("area", found.code)
        counts = school_queries.counts_by_authority(viewer=self.viewer)
        regions = []
        for region in REGIONS.values():
            here = [authorities.AUTHORITIES[code] for code in authorities.authorities_of_region(region.code)]
            lines = [{"code": one.code, "name": one.name, "schools": counts.get(one.code, 0)} for one in here]
            lines.sort(key=lambda line: str(line["name"]))
            regions.append({"name": region.name, "code": region.code, "areas": lines})
        return self.page("web/areas.jinja", regions=regions, asked=asked, unknown=unknown, total=sum(counts.values()))
