"""Shared problems: what is weak across a cluster, a phase or the area beyond chance, in numbers that name no school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from convenor.intelligence.models import PhaseBound
from convenor.intelligence.queries.member_schools import ALLIANCE, CLUSTER, MemberSchool, member_schools
from convenor.intelligence.rules import shared_problems as rules
from convenor.intelligence.rules.shared_problems import Bound, Problem, SchoolHere
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.registers.queries import readings
from convenor.registers.queries.lineage import converted_from
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
class Place:
    """Where a cluster or alliance lies: the middle of its schools of all phases, in degrees."""

    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class SharedProblems:
    """What the page shows: problems in the catalogue's order, whom each is held against, and where the places lie.

    `level` says by phase whether its places are clusters or alliances.
    """

    problems: tuple[Problem, ...]
    against: dict[tuple[str, str], Against]
    places: tuple[Place, ...]
    schools: int
    level: dict[str, str]
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
    """The member schools' shared problems; None for whoever may not see totals. At most seven queries.

    It is the same for everybody who may see it, and nothing that is asked narrows it: two answers cannot be held against each other.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.EARLY_TOTALS_SEE):
        return None
    members = member_schools(here.id, viewer=viewer, on=day_of(at))
    bounds, against = _bounds(members)
    measures = sorted({measure for _, measure in bounds})
    urns = [one.urn for one in members]
    known = readings.by_year(urns, measures, viewer=viewer, before=converted_from(urns, viewer=viewer)) if bounds else {}
    level = _levels(members)
    schools, editions = [], set()
    for one in members:
        figures = {}
        for (phase, measure), bound in bounds.items():
            point = known.get((one.urn, measure, bound.period)) if phase == one.phase else None
            if point is not None and point.value is not None:
                figures[measure] = point.value
                editions.add(point.edition_key)
        schools.append(SchoolHere(one.phase, _place(one, level[one.phase]), figures))
    higher = {measure: MEASURES[measure].direction is Direction.HIGHER for measure in measures}
    found = rules.shared_problems(schools, bounds, higher_is_better=higher)
    return SharedProblems(
        tuple(found),
        against,
        _places(members, level),
        len(members),
        {phase: LEVELS[each] for phase, each in level.items()},
        tuple(sorted(editions)),
    )


def _bounds(members: list[MemberSchool]) -> tuple[dict[tuple[str, str], Bound], dict[tuple[str, str], Against]]:
    """Where the weakest fifth begins, by phase and measure, of the phases that there are among the members."""
    rows = PhaseBound.objects.filter(phase__in={one.phase for one in members}, share__gt=0)
    bounds, against = {}, {}
    for row in rows:
        bounds[row.phase, row.measure] = Bound(row.period, row.schools, row.bound, row.share)
        against[row.phase, row.measure] = Against(row.schools, row.schools >= ENGLAND * row.of_schools)
    return bounds, against


LEVELS: Final = (CLUSTER, ALLIANCE)


def _levels(members: list[MemberSchool]) -> dict[str, int]:
    """For each phase, whether its schools are told of by cluster or by alliance."""
    by_phase: dict[str, list[tuple[str, str]]] = {}
    for one in members:
        by_phase.setdefault(one.phase, []).append((one.cluster, one.alliance))
    return {phase: rules.level_of(places) for phase, places in by_phase.items()}


def _place(one: MemberSchool, level: int) -> str:
    return (one.cluster, one.alliance)[level]


def _places(members: list[MemberSchool], level: dict[str, int]) -> tuple[Place, ...]:
    """The middle of the schools of each place that is told of by any phase; a place with fewer than five on the map is left out."""
    found: dict[str, list[tuple[int, int]]] = {}
    for one in members:
        name = _place(one, level[one.phase])
        if name and one.easting and one.northing:
            found.setdefault(name, []).append((one.easting, one.northing))
    large = {name: points for name, points in sorted(found.items()) if len(points) >= rules.FEWEST}
    middles = [(round(sum(x for x, _ in each) / len(each)), round(sum(y for _, y in each) / len(each))) for each in large.values()]
    return tuple(Place(name, *where) for name, where in zip(large, to_longitude_and_latitude(middles), strict=True))
