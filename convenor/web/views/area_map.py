"""An area's schools on a map drawn by the server, with a list that says the same, and the data for the livelier map."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from convenor.england import phases
from convenor.registers.queries import areas, schools
from convenor.registers.queries.areas import MapOfSchools, Outline, PlacedSchool
from convenor.web import mapping
from convenor.web.views.registers import AreaPage, data_line
from convenor.web.words import and_list


def _phase_order(phase: str) -> tuple[int, str]:
    return (phases.PHASES.index(phase) if phase in phases.PHASES else len(phases.PHASES), phase)


def choices(found: Sequence[PlacedSchool]) -> list[tuple[str, int]]:
    """Each phase with its number of schools, in the order of a child's life."""
    counted: dict[str, int] = {}
    for one in found:
        counted[one.phase] = counted.get(one.phase, 0) + 1
    return [(phase, counted[phase]) for phase in sorted(counted, key=_phase_order)]


class _Mapped(AreaPage):
    """What both forms of the map are made of: outlines (of an abolished authority, its successors'), schools, and the phase asked for."""

    def outlines(self) -> list[Outline]:
        """The area's outline; where none is drawn under its own code, those of the authorities that make it up today."""
        own = areas.boundary(self.area, viewer=self.viewer)
        if own is not None or self.area.codes == (self.area.code,):
            return [own] if own else []
        parts = [areas.boundary(areas.area(code, viewer=self.viewer), viewer=self.viewer) for code in self.area.codes]
        return [part for part in parts if part is not None]

    def schools(self) -> tuple[MapOfSchools, list[PlacedSchool], list[PlacedSchool], str]:
        """All open schools; those placed and those not of the phase asked for; and that phase, empty for all or an unknown one."""
        found = areas.schools_on_map(self.area, viewer=self.viewer)
        asked = self.request.GET.get("phase", "")
        known = {one.phase for one in (*found.placed, *found.unplaced)}
        phase = asked if asked in known else ""
        placed = [one for one in found.placed if not phase or one.phase == phase]
        unplaced = [one for one in found.unplaced if not phase or one.phase == phase]
        return found, placed, unplaced, phase


class AreaMap(_Mapped):
    """The page: drawing, key, list, and the schools without coordinates."""

    address = "area-map"

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Draws it."""
        outlines = self.outlines()
        found, placed, unplaced, phase = self.schools()
        address = reverse("area-map", args=[self.area.code])
        asked = f"?phase={phase}" if phase else ""
        keys = {outline.edition for outline in outlines} | set(found.editions)
        return self.page(
            "web/area_map.jinja",
            area=self.area,
            trail_links=self.trail(),
            lede=_lede(found),
            address=address,
            data_address=reverse("area-map-data", args=[self.area.code]) + asked,
            choices=choices([*found.placed, *found.unplaced]),
            phase=phase,
            placed=placed,
            unplaced=unplaced,
            total=len(placed) + len(unplaced),
            everything=found.total,
            drawing=mapping.draw([outline.geometry for outline in outlines], placed),
            paths=mapping.PATHS,
            outline_note=_outline_note(outlines),
            data_line=data_line(schools.editions(keys, viewer=self.viewer)),
        )


class AreaMapData(_Mapped):
    """The same outlines and schools as data, for the map that moves."""

    address = "area-map-data"

    def answer(self, request: HttpRequest) -> HttpResponse:
        """GeoJSON outlines, and each school with its shape and address."""
        _found, placed, _unplaced, _phase = self.schools()
        outlines = [{"type": "Feature", "properties": {"name": one.name}, "geometry": one.geometry} for one in self.outlines()]
        points = [
            {
                "urn": one.urn,
                "name": one.name,
                "phase": one.phase or "phase not known",
                "shape": mapping.shape_of(one.phase),
                "longitude": one.longitude,
                "latitude": one.latitude,
                "href": f"/schools/{one.urn}/",
            }
            for one in placed
        ]
        return JsonResponse({"outlines": {"type": "FeatureCollection", "features": outlines}, "schools": points})


def _lede(found: MapOfSchools) -> str:
    if not found.total:
        return ""
    where = "Each open state-funded school where the register places it"
    return f"{where}; the list says the same." if not found.unplaced else f"{where}; those it does not place are listed below."


def _outline_note(outlines: Sequence[Outline]) -> str:
    if not outlines:
        return "No loaded edition draws this area's boundary, so only the schools are shown."
    notes = [f"{one.name}: {one.note}" for one in outlines if one.note]
    return f"{and_list(notes)}." if notes else ""
