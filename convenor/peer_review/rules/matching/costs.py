"""What a team costs: the four parts that a coordinator sees, and the whole of a round. The same arithmetic as the search, told plainly."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from convenor.peer_review.rules.matching.round import COMPETES_WITHIN_KM, Person, Round, School, Team, of_phase


@dataclass(frozen=True, slots=True)
class TeamCost:
    """The soft cost of one team, in the units of the weights."""

    travel: float
    phase: float
    focus: float
    competitor: float

    @property
    def total(self) -> float:
        """The four parts together."""
        return math.fsum((self.travel, self.phase, self.focus, self.competitor))


def place_of(found: Round, person: Person) -> tuple[float, float]:
    """Easting and northing, metres, from which a person travels: their school's, or their own. Raises ValueError where none is known."""
    place: School | Person = found.school(person.school) if person.school else person
    if place.easting is None or place.northing is None:
        raise ValueError(f"{person.id} has no place to travel from")
    return place.easting, place.northing


def km_between(found: Round, person: Person, host: School) -> float:
    """Straight-line kilometres from a person's place to the host. Raises ValueError where either has none."""
    if host.easting is None or host.northing is None:
        raise ValueError(f"{host.id} has no place")
    east, north = place_of(found, person)
    return math.hypot(east - host.easting, north - host.northing) / 1000


def is_of_phase(found: Round, person: Person, host: School) -> bool:
    """Whether the person's school is of the host's phase; an independent reviewer is of none."""
    return person.school is not None and of_phase(found.school(person.school).phase, host.phase)


def competes(found: Round, person: Person, host: School) -> bool:
    """Whether the person comes from a local competitor of the host: a near school of its phase."""
    within_km = COMPETES_WITHIN_KM.get(host.phase, 0.0)
    return is_of_phase(found, person, host) and km_between(found, person, host) < within_km


def team_cost(found: Round, team: Team) -> TeamCost:
    """The cost of one team. Raises KeyError for an unknown host or person."""
    host, weights = found.school(team.host), found.weights
    members = [found.person(member) for member in team.members]
    missing = [focus for focus in host.focus if not any(focus in member.expertise for member in members)]
    return TeamCost(
        travel=weights.travel_per_km * math.fsum(km_between(found, member, host) for member in members),
        phase=0.0 if any(is_of_phase(found, member, host) for member in members) else weights.phase_missing,
        focus=weights.focus_missing * len(missing),
        competitor=weights.competitor * sum(competes(found, member, host) for member in members),
    )


def second_reviews(teams: Sequence[Team]) -> int:
    """Reviews by people beyond their first."""
    served = Counter(member for team in teams for member in team.members)
    return sum(times - 1 for times in served.values())


def total_cost(found: Round, teams: Sequence[Team]) -> float:
    """The objective: every team's cost and the second reviews."""
    return math.fsum([*(team_cost(found, team).total for team in teams), found.weights.second_review * second_reviews(teams)])
