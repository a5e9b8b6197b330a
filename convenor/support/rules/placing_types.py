"""What matching over the whole area reads and gives: needs, offers, what weighs how much, and the answer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from convenor.england.phases import ALL_THROUGH, PRIMARY, SECONDARY, SIXTEEN_PLUS

#: An all-through school is both; a college for 16 plus is served like a secondary school.
_COUNTS_AS: Final = {ALL_THROUGH: frozenset({PRIMARY, SECONDARY}), SIXTEEN_PLUS: frozenset({SIXTEEN_PLUS, SECONDARY})}
#: One school that serves so many needs of a proposal, or more, is leant on heavily.
OVERUSED_FROM: Final = 3


class Rule(StrEnum):
    """Every hard rule, by the name that an answer gives it. None is ever relaxed in silence."""

    ASSURANCE = "assurance"
    DAYS = "days"
    OWN_SCHOOL = "own-school"
    SAME_TRUST = "same-trust"
    FEDERATION = "federation"
    INTEREST = "declared-interest"
    BROKER = "brokers-own"
    EXPERTISE = "expertise"
    PHASE = "phase"
    REACH = "reach"
    BUDGET = "budget"
    ASKED_BEFORE = "asked-before"


class Cause(StrEnum):
    """Why an offer does not serve a need that is left unmet. What was declared in private stands with other reasons to be kept apart."""

    NOBODY = "nobody"
    APART = "kept-apart"
    BROKER = "brokers-own"
    ASKED_BEFORE = "asked-before"
    PHASE = "phase"
    ASSURANCE = "assurance"
    REACH = "reach"
    BUDGET = "budget"
    DAYS = "days"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Need:
    """What one school asks for. `themes` begin with the most wanted; `phase` is the register's word; `budget_pence` None is not settled.

    `easting` and `northing` are metres of the national grid. `asked_before` are offers that were chosen for it once and came to nothing;
    `place` names where the school is, for gaps by place alone.
    """

    id: str
    urn: str
    themes: tuple[str, ...]
    formats: frozenset[str] = frozenset()
    phase: str = ""
    half_days: int = 1
    budget_pence: int | None = None
    easting: float | None = None
    northing: float | None = None
    trust: str | None = None
    federation: str | None = None
    asked_before: frozenset[str] = frozenset()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one supporter has to give in the school year. `phases` and `formats` empty: all; `reach_km` None: the whole area.

    `urn` is the school they come from, None outside every school; `organisation` names who employs them, and is what over-use is counted
    by. `day_pence` None: no day rate is stated. `interests` are schools kept apart from them by what they declared: never shown.
    """

    id: str
    urn: str | None = None
    trust: str | None = None
    federation: str | None = None
    organisation: str = ""
    themes: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    half_days_left: int = 0
    day_pence: int | None = None
    easting: float | None = None
    northing: float | None = None
    reach_km: float | None = None
    assured: bool = False
    interests: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    place: str = ""

    @property
    def house(self) -> str:
        """Whose people these are: their school, else who employs them, else they themselves."""
        return self.urn or self.organisation or self.id


@dataclass(frozen=True, slots=True)
class BrokersOwn:
    """What a broker belongs to, and so never places: schools, trusts, federations, other employers by folded name (`folded`), and the ids
    of offers that are the broker's own."""

    urns: frozenset[str] = frozenset()
    trusts: frozenset[str] = frozenset()
    federations: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Weights:
    """What is summed and minimised: the cost of a need left unmet, one kilometre, one theme missing, no way of working in common, a hundred
    pounds, and each further need that the same school (or other employer) serves.

    A need left unmet costs as much as a thousand kilometres, so that nobody is left out to spare others a drive. Source: ours.
    """

    unmet: float = 1000.0
    per_km: float = 1.0
    first_theme_missing: float = 30.0
    theme_missing: float = 15.0
    format_missing: float = 10.0
    per_hundred_pounds: float = 2.0
    again: float = 10.0
    place_unknown: float = 20.0


@dataclass(frozen=True, slots=True)
class Costs:
    """What one placing costs, part by part."""

    travel: float = 0.0
    themes: float = 0.0
    formats: float = 0.0
    money: float = 0.0

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return self.travel + self.themes + self.formats + self.money


@dataclass(frozen=True, slots=True)
class Placed:
    """One need with the offer that serves it: what that costs, and why it fits, in sentences that both schools may read."""

    need: str
    offer: str
    costs: Costs
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause for which a need is not met: how many offers it keeps away, and what would change that."""

    cause: Cause
    offers: int
    says: str


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need that is not met, and why: what the offers that know the theme lack, each cause once, the commonest first."""

    need: str
    says: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LeantOn:
    """A school, or other employer, whose people serve many needs of a proposal."""

    house: str
    needs: int
    half_days: int
    half_days_left: int


@dataclass(frozen=True, slots=True)
class Gap:
    """How one theme, phase or place stands: half days asked for and met, and half days offered in date."""

    key: str
    needs: int
    unmet: int
    half_days_asked: int
    half_days_unmet: int
    offers: int
    half_days_offered: int


@dataclass(frozen=True)
class Answer:
    """Who serves whom over the whole area. `status` is "optimal" (proved) or "feasible" (`bound` says how far from the best it can be).

    `objective` is the cost of all placings, of leaning on one school again, and of the needs left unmet.
    """

    status: str
    objective: float
    bound: float
    seed: int
    placed: tuple[Placed, ...]
    unmet: tuple[Unmet, ...]
    overused: tuple[LeantOn, ...]
    by_theme: tuple[Gap, ...]
    by_phase: tuple[Gap, ...]
    by_place: tuple[Gap, ...]
    weights: Weights = field(default_factory=Weights)


def counts_as(phase: str) -> frozenset[str]:
    """The phases that a school of this phase is of."""
    return _COUNTS_AS.get(phase, frozenset({phase}))


def serves_phase(phases: frozenset[str], phase: str) -> bool:
    """Whether somebody who serves `phases` (empty: all) serves a school of `phase`; a school of no stated phase is served by anybody."""
    return not phases or not phase or any(not counts_as(each).isdisjoint(counts_as(phase)) for each in phases)


def km_between(need: Need, offer: Offer) -> float | None:
    """Kilometres in a straight line between the school and where the supporter comes from; None where either place is not known."""
    if need.easting is None or need.northing is None or offer.easting is None or offer.northing is None:
        return None
    return math.hypot(need.easting - offer.easting, need.northing - offer.northing) / 1000


def pence_for(half_days: int, day_pence: int | None) -> int | None:
    """What so many half days cost, whole pence, a half day being half a day's rate rounded up; None where no rate is stated."""
    return None if day_pence is None else (half_days * day_pence + 1) // 2
