"""The schools of an area as a list, and one school at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.england import authorities
from convenor.partnership.gate import PartnershipHere
from convenor.registers.queries import schools as queries
from convenor.registers.queries.schools import PAGE_SIZE, InspectionRow, SchoolRow
from convenor.registers.rules import inspection_words
from convenor.registers.rules.school_filters import INSPECTIONS, SIZES, SchoolFilter
from convenor.web import downloads
from convenor.web.views.registers import AreaPage, data_line
from convenor.web.words import day, number

COLUMNS = (
    "URN", "LAESTAB", "School", "Local authority", "Phase", "Type", "Type group", "Ages from", "Ages to", "Pupils", "Trust", "Town",
    "Postcode", "Opened on", "Latest graded inspection", "Finding", "Vocabulary", "Inspected as URN", "Register editions",
    "Inspection edition", "Fictitious",
)  # fmt: skip


def demonstration_here(partnership: PartnershipHere | None, codes: tuple[str, ...]) -> bool:
    """Whether the viewer stands inside a demonstration partnership of this very area."""
    return partnership is not None and partnership.demonstration and partnership.area in codes


class AreaSchools(AreaPage):
    """An area's open schools, filtered in the address, fifty a page, by name; or the whole list as a file."""

    address = "area-schools"

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The list, or with `download=csv` or `download=xlsx` the file."""
        asked = SchoolFilter.read(request.GET)
        file = request.GET.get("download", "")
        page = request.GET.get("page", "1")
        codes = tuple(dict.fromkeys((self.area.code, *self.area.codes)))
        may_invent = demonstration_here(self.viewer.partnership, codes)
        found = queries.schools_of_area(
            codes,
            asked,
            viewer=self.viewer,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
            fictitious=may_invent and request.GET.get("fictitious") == "yes",
            everything=file in ("csv", "xlsx"),
        )
        said = asked.words(trust=next((one.label for one in found.trusts if one.key == asked.trust), ""))
        if file in ("csv", "xlsx"):
            return self._file(file, found, said)
        address = reverse("area-schools", args=[self.area.code])
        return self.page(
            "web/area_schools.jinja",
            area=self.area,
            trail_links=self.trail(),
            found=found,
            asked=asked,
            said=said,
            address=address,
            keep=asked.address() | ({"fictitious": "yes"} if found.fictitious else {}),
            may_invent=may_invent,
            other_kind=asked.kind in {one.key for one in found.others},
            rows=[_shown(row) for row in found.rows],
            choices={
                "phase": found.phases,
                "kind": found.kinds,
                "trust": found.trusts,
                "inspection": [(key, words[0]) for key, words in INSPECTIONS.items()],
                "size": [(key, words[0]) for key, words in SIZES.items()],
            },
            pages=Paginator(range(found.found), PAGE_SIZE).page(found.page) if found.found else None,
            data_line=data_line(found.editions),
        )

    def _file(self, kind: str, found: queries.SchoolList, said: list[str]) -> HttpResponse:
        name = f"schools-{self.area.code}-{self.today.isoformat()}"
        editions = {one.key: f"{one.publisher}, {one.title}, as at {one.as_at.isoformat()}" for one in found.editions}
        rows = _file_rows(found.rows, self.area.name, editions)
        if kind == "csv":
            return downloads.csv_file(name, COLUMNS, rows)
        about = [
            ("What this is", f"Open schools, {self.area.name}, sorted by name"),
            ("How many", f"{found.found}; the area has {found.total} open state-funded schools"),
            ("Asked for", "; ".join(said) or "all"),
            ("Made on", self.today.isoformat()),
            *(("Edition", said) for said in editions.values()),
            ("Licence", "Contains public sector information licensed under the Open Government Licence v3.0"),
            ("Grades", "Grades before September 2024, key judgements of 2024/25 and report cards are never converted into each other"),
        ]
        return downloads.xlsx_file(name, COLUMNS, rows, sheet=f"Schools {self.area.code}", about=about)


def _finding(row: SchoolRow) -> tuple[str, str]:
    one = row.inspection
    if one is None:
        return "", ""
    return inspection_words.finding(vocabulary=one.vocabulary, overall=one.overall, outcome=one.outcome, started_on=one.started_on)


def _when(one: InspectionRow) -> str:
    return day(one.started_on) if one.started_on else f"by {day(one.told_on)}"


def _shown(row: SchoolRow) -> dict[str, Any]:
    """One line of the list as the page shows it."""
    said, beside = _finding(row)
    return {
        "urn": row.urn,
        "name": row.name,
        "phase": row.phase,
        "type": row.type_name,
        "trust": row.trust_name if row.trust_name.casefold() != row.name.casefold() else "",
        "pupils": number(row.pupils) if row.pupils is not None else "",
        "finding": said,
        "beside": beside,
        "when": _when(row.inspection) if row.inspection else "",
        "fictitious": row.fictitious,
    }


def _file_rows(rows: list[SchoolRow], area: str, editions: dict[str, str]) -> Iterator[list[Any]]:
    for row in rows:
        one = row.inspection
        said, beside = _finding(row)
        yield [
            row.urn, row.laestab, row.name, area if len(row.laestab) < 3 else _authority(row.laestab[:3], area), row.phase,
            row.type_name, row.type_group, row.low_age, row.high_age, row.pupils, row.trust_name, row.town, row.postcode, row.opened_on,
            one.started_on if one else None, said, beside, one.urn_at_inspection if one else "",
            "; ".join(editions[key] for key in row.edition_keys if key in editions), editions.get(one.edition, "") if one else "",
            "fictitious" if row.fictitious else "",
        ]  # fmt: skip


def _authority(code: str, otherwise: str) -> str:
    known = authorities.AUTHORITIES.get(code)
    return known.name if known else otherwise
