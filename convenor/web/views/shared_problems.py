"""What is weak across clusters, phases and the area beyond chance: small multiples and a map. No school is ever named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from convenor.england.authorities import AUTHORITIES
from convenor.intelligence.queries.shared_problems import SharedProblems, shared_problems
from convenor.intelligence.rules.shared_problems import FEWEST, Cell, Finding, Problem
from convenor.partnership.gate import Permission
from convenor.partnership.queries.constitution import areas_served
from convenor.partnership.views.pages import PartnershipPage
from convenor.registers.queries import areas
from convenor.registers.queries.schools import editions
from convenor.registers.rules.measures import MEASURES, Measure
from convenor.web import mapping

NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a small picture, as `components/chart.jinja` reads it."""

    label: str
    value: float | None
    shown: str
    kind: str = "other"
    mark: str = NOT_SHOWN


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure of one phase across the places."""

    problem: Problem
    measure: Measure
    rows: tuple[Row, ...]
    finding: str
    against: str
    address: str

    @property
    def told(self) -> bool:
        """Whether any number or word of it is shown."""
        return any(cell.weak is not None or cell.most for cell in (self.problem.total, *self.problem.cells))


@dataclass(frozen=True, slots=True)
class Circle:
    """One place on the map; `radius` grows with its schools, `kind` says what was found."""

    x: float
    y: float
    radius: float
    kind: str
    name: str
    says: str
    right: bool


@dataclass(frozen=True, slots=True)
class _Point:
    """What the map's geometry asks of a mark."""

    longitude: float
    latitude: float
    urn: str
    name: str
    phase: str = ""


class SharedProblemsPage(PartnershipPage):
    """The page, the same for everybody who sees totals. `?of=` chooses which figure the map draws, and changes nothing else."""

    permission = Permission.EARLY_TOTALS_SEE
    room = "early-identification"
    tab = "early"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Small multiples by phase, what is beyond chance first."""
        seen: SharedProblems = self.found(shared_problems(slug, viewer=self.viewer, at=self.today))
        pictures = [_picture(problem, seen) for problem in seen.problems]
        asked = request.GET.get("of", "")
        drawn = next((one for one in pictures if one.address == asked), None) or _worth_drawing(pictures)
        map_, circles = self._map(seen, drawn.problem) if drawn else (None, ())
        return self.page(
            "intelligence/shared_problems.jinja",
            seen=seen,
            pictures=pictures,
            shared=[one for one in pictures if one.problem.shared],
            drawn=drawn,
            map=map_,
            circles=circles,
            fewest=FEWEST,
            finding=Finding,
            sources=editions(seen.editions, viewer=self.viewer),
        )

    def _map(self, seen: SharedProblems, problem: Problem) -> tuple[mapping.Drawing | None, tuple[Circle, ...]]:
        """The outlines of the areas served, and a circle for each place of the problem's phase."""
        cells = {cell.group: cell for cell in problem.cells}
        points = [_Point(one.longitude, one.latitude, one.name, one.name) for one in seen.places if one.name in cells]
        if not points:
            return None, ()
        drawing = mapping.draw(self._outlines(), points)
        if drawing is None:
            return None, ()
        return drawing, tuple(
            Circle(
                mark.x, mark.y, round(5 + 2.2 * math.sqrt(cells[mark.name].schools), 1), cells[mark.name].finding.name.lower(), mark.name,
                _said(cells[mark.name]), mark.x > drawing.width * 0.6,
            )
            for mark in drawing.marks
        )  # fmt: skip

    def _outlines(self) -> list[dict[str, Any]]:
        """The outlines of the areas served, as far as any edition draws them; an invented area has none."""
        found = []
        for code, _ in areas_served(self.slug, viewer=self.viewer):
            if code in AUTHORITIES:
                where = areas.area(code, viewer=self.viewer)
                own = areas.boundary(where, viewer=self.viewer)
                parts = [own] if own else [areas.boundary(areas.area(one, viewer=self.viewer), viewer=self.viewer) for one in where.codes]
                found += [part.geometry for part in parts if part is not None]
        return found


def _worth_drawing(pictures: Sequence[Picture]) -> Picture | None:
    """The figure that the map shows unasked: the first beyond chance in a place, else the first with places."""
    with_places = [one for one in pictures if one.problem.cells and one.told]
    beyond = [one for one in with_places if any(cell.finding is Finding.MORE for cell in one.problem.cells)]
    return next(iter([*beyond, *with_places]), None)


def _picture(problem: Problem, seen: SharedProblems) -> Picture:
    against = seen.against[problem.phase, problem.measure]
    expected = 100 * problem.total.expected / problem.total.schools
    whom = (
        f"England’s {against.schools:,} schools"
        if against.england
        else f"the {against.schools:,} schools whose figures are loaded, part of England only,"
    )
    rows = [_row("All", problem.total, "own"), *(_row(cell.group, cell) for cell in problem.cells)]
    return Picture(
        problem,
        MEASURES[problem.measure],
        (*rows, Row("By chance", round(expected, 1), f"{expected:.0f}%", "reference")),
        _finding(problem),
        f"Held against {whom} of the phase",
        f"{problem.phase}.{problem.measure}",
    )


def _row(label: str, cell: Cell, kind: str = "other") -> Row:
    return Row(label, cell.percent, _short(cell), kind, _short(cell))


def _short(cell: Cell) -> str:
    """A count as a narrow picture shows it."""
    if cell.weak is not None:
        return f"{cell.weak} of {cell.schools}"
    return f"most of {cell.schools}" if cell.most else f"{NOT_SHOWN}, of {cell.schools}"


def _said(cell: Cell) -> str:
    """A place in words, for the map's list."""
    return (
        f"{_short(cell)}: {cell.finding.value}"
        if cell.finding is not Finding.HELD_BACK
        else f"{cell.schools} schools: {cell.finding.value}"
    )


def _finding(problem: Problem) -> str:
    """The finding as a sentence."""
    places = [cell.group for cell in problem.cells if cell.finding is Finding.MORE]
    if problem.total.finding is Finding.MORE:
        more = f", most clearly in {_and(places)}" if places and len(places) < len(problem.cells) else ""
        return f"More {problem.phase.lower()} schools lie in the weakest fifth than chance would have it{more}."
    if places:
        return f"Beyond chance in {_and(places)}; elsewhere not."
    if problem.total.finding is Finding.HELD_BACK:
        return "The whole is not shown, so that no part can be worked out."
    return "No more than chance would have it."


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
