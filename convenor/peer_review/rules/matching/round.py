"""A round of peer reviews as the matching sees it: schools, people, what happened in earlier cycles, and what weighs how much."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

#: Phases as ROUND.json spells them.
PHASES = ("primary", "secondary", "all-through", "special", "nursery", "alternative")
#: An all-through school counts as both; every other phase is only itself.
COUNTS_AS = {"all-through": frozenset({"primary", "secondary"})}
#: A member's school of the host's phase nearer than this is a local competitor, kilometres; other phases have none.
COMPETES_WITHIN_KM = {"primary": 3.0, "secondary": 8.0, "all-through": 8.0}
#: In a round of three schools a lead rests one cycle at most, or the third cycle could not be matched.
SCHOOLS_IN_A_TRIAD = 3


class Rule(StrEnum):
    """Every hard rule, by the name that an answer gives it. None is ever relaxed in silence; only SAME_TRUST can be waived."""

    TEAM_SIZE = "team_size"
    LEAD = "lead"
    OWN_SCHOOL = "own_school"
    SAME_TRUST = "same_trust"
    FEDERATION = "federation"
    OBJECTION = "objection"
    DECLARED_INTEREST = "declared_interest"
    TWO_SCHOOLS = "two_schools"
    TRAINING = "training"
    REVIEWS_LEFT = "reviews_left"
    SCHOOL_SERVES = "school_serves_at_most"
    LEAD_REST = "lead_rest"
    NO_SWAP = "no_direct_swap"
    REACH = "reach"


EVERY_RULE = frozenset(Rule)
WAIVABLE = frozenset({Rule.SAME_TRUST})


@dataclass(frozen=True, slots=True)
class School:
    """A school of the round. `easting` and `northing` in metres of the national grid; `team_size` None means the round's.

    Schools of two different circles (clusters of a round that stays within clusters) never review each other; `circle` None has no bounds.
    """

    id: str
    phase: str
    trust: str | None = None
    federation: str | None = None
    easting: float | None = None
    northing: float | None = None
    hosts: bool = True
    team_size: int | None = None
    focus: tuple[str, ...] = ()
    objects_to: frozenset[str] = frozenset()
    circle: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who offers to review. `school` None is an independent reviewer with a place of their own, metres."""

    id: str
    school: str | None
    can_lead: bool
    trained_until: date
    reviews_left: int
    easting: float | None = None
    northing: float | None = None
    expertise: frozenset[str] = frozenset()
    declared_interests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Led:
    """That `lead_school` led the review of `host`, so many cycles ago (1 is the last cycle)."""

    cycles_ago: int
    host: str
    lead_school: str


@dataclass(frozen=True, slots=True)
class Weights:
    """What is summed and minimised; each is the cost of one kilometre, one team, one focus, one member, one review."""

    travel_per_km: float = 1.0
    phase_missing: float = 25.0
    focus_missing: float = 15.0
    competitor: float = 30.0
    second_review: float = 10.0


@dataclass(frozen=True)
class Round:
    """A whole round, read and found sound. `ignored` names keys of the input that nothing here uses."""

    schools: tuple[School, ...]
    people: tuple[Person, ...]
    on: date
    team_size: int
    seed: int = 0
    school_serves_at_most: int = 0
    lead_rest_cycles: int = 2
    waive: frozenset[Rule] = frozenset()
    history: tuple[Led, ...] = ()
    weights: Weights = field(default_factory=Weights)
    ignored: tuple[str, ...] = ()

    @property
    def hosts(self) -> tuple[School, ...]:
        """The schools that host a team, in the order of the input."""
        return tuple(school for school in self.schools if school.hosts)

    @property
    def enforced(self) -> frozenset[Rule]:
        """The rules that hold in this round: all but those waived."""
        return EVERY_RULE - self.waive

    @property
    def rest_cycles(self) -> int:
        """For how many cycles a school does not lead again at the same host: one at most in a round of three schools."""
        return min(self.lead_rest_cycles, 1) if len(self.schools) == SCHOOLS_IN_A_TRIAD else self.lead_rest_cycles

    def size_of(self, host: School) -> int:
        """How many people review `host`, the lead among them."""
        return self.team_size if host.team_size is None else host.team_size

    def school(self, school_id: str) -> School:
        """The school of that id. Raises KeyError where the round has none."""
        return self._schools_by_id[school_id]

    def person(self, person_id: str) -> Person:
        """The person of that id. Raises KeyError where the round has none."""
        return self._people_by_id[person_id]

    @cached_property
    def _schools_by_id(self) -> dict[str, School]:
        return {school.id: school for school in self.schools}

    @cached_property
    def _people_by_id(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def resting(self) -> frozenset[tuple[str, str]]:
        """Pairs (host, lead school) that must not meet again yet."""
        return frozenset((led.host, led.lead_school) for led in self.history if led.cycles_ago <= self.rest_cycles)


@dataclass(frozen=True, slots=True)
class Team:
    """Who reviews `host`: ids of people, the lead among the members."""

    host: str
    lead: str
    members: tuple[str, ...]


def of_phase(phase: str, host_phase: str) -> bool:
    """Whether a school of `phase` is of the host's phase; an all-through school is of primary and of secondary."""
    return not COUNTS_AS.get(phase, frozenset({phase})).isdisjoint(COUNTS_AS.get(host_phase, frozenset({host_phase})))


def plain(number: float) -> str:
    """A number as a person writes it: at most one decimal, none where it is whole."""
    return f"{number:.1f}".removesuffix(".0")
