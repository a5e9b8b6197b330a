"""Shared problems: what is weak across a cluster, a phase or the area beyond chance, in numbers that name no school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from convenor.intelligence.models import PhaseBound
from convenor.intelligence.queries.member_schools import MemberSchool, member_schools
from convenor.intelligence.rules import shared_problems as rules
from convenor.intelligence.rules.shared_problems import OTHERS, Bound, Problem, SchoolHere
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.registers.queries import readings
from convenor.registers.rules.grid import to_longitude_and_latitude
from convenor.registers.rules.measures import MEASURES, Direction

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: A bound of fewer schools than this share of its phase is not England's, and is called by what it is.
ENGLAND: Final = 0.5


@dataclass(frozen=True, slots=True)
class Against:
    """Whom a figure's weakest fifth is of: so many schools of the phase, and whether they are England's."""

    schools: int
    england: bool


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """Where a cluster lies: the middle of its schools, in degrees; None where the register places none of them."""

    name: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class SharedProblems:
    """What the page shows: problems in the catalogue's order, whom each is held against, and where the clusters lie."""

    problems: tuple[Problem, ...]
    against: dict[tuple[str, str], Against]
    clusters: tuple[ClusterPlace, ...]
    schools: int
    editions: tuple[str, ...]

    @property
    def shared(self) -> tuple[Problem, ...]:
        """Those beyond chance somewhere."""
        return tuple(problem for problem in self.problems if problem.shared)

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases of which anything can be told."""
        return tuple(dict.fromkeys(problem.phase for problem in self.problems))


def shared_problems(slug: str, *, viewer: Viewer, at: date | datetime) -> SharedProblems | None:
    """The member schools' shared problems; None for whoever may not see totals. Five queries.

    It is the same for everybody who may see it, and nothing that is asked narrows it: two answers cannot be held against each other.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.EARLY_TOTALS_SEE):
        return None
    members = member_schools(here.id, on=day_of(at))
    bounds, against = _bounds(members)
    measures = sorted({measure for _, measure in bounds})
    known = readings.by_year([one.urn for one in members], measures, viewer=viewer) if bounds else {}
    schools, editions = [], set()
    for one in members:
        figures = {}
        for (phase, measure), bound in bounds.items():
            point = known.get((one.urn, measure, bound.period)) if phase == one.phase else None
            if point is not None and point.value is not None:
                figures[measure] = point.value
                editions.add(point.edition_key)
        schools.append(SchoolHere(one.phase, one.cluster, figures))
    higher = {measure: MEASURES[measure].direction is Direction.HIGHER for measure in measures}
    found = rules.shared_problems(schools, bounds, higher_is_better=higher)
    return SharedProblems(tuple(found), against, _places(members), len(members), tuple(sorted(editions)))


def _bounds(members: list[MemberSchool]) -> tuple[dict[tuple[str, str], Bound], dict[tuple[str, str], Against]]:
    """Where the weakest fifth begins, by phase and measure, of the phases that there are among the members."""
    rows = PhaseBound.objects.filter(phase__in={one.phase for one in members}, share__gt=0)
    bounds, against = {}, {}
    for row in rows:
        bounds[row.phase, row.measure] = Bound(row.period, row.schools, row.bound, row.share)
        against[row.phase, row.measure] = Against(row.schools, row.schools >= ENGLAND * row.of_schools)
    return bounds, against


def _places(members: list[MemberSchool]) -> tuple[ClusterPlace, ...]:
    """The middle of each cluster's schools; of a cluster that is not told apart nothing is drawn."""
    by_cluster: dict[str, list[MemberSchool]] = {}
    for one in members:
        if one.cluster and one.cluster != OTHERS:
            by_cluster.setdefault(one.cluster, []).append(one)
    names, points = [], []
    for name, schools in sorted(by_cluster.items()):
        placed = [(one.easting, one.northing) for one in schools if one.easting and one.northing]
        if len(placed) < rules.FEWEST:
            continue
        names.append(name)
        points.append((round(sum(east for east, _ in placed) / len(placed)), round(sum(north for _, north in placed) / len(placed))))
    return tuple(ClusterPlace(name, *place) for name, place in zip(names, to_longitude_and_latitude(points), strict=True))
