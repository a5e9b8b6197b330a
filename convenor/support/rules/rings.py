"""Support rings: A helps B, B helps C, C helps A. No money moves; everybody gives, and everybody learns.

A ring has two to four schools, each in it once: it gives what it said it can offer to the next, which said that it wants to learn that,
and receives from the one before. A school is in one ring at a time. Always kept: both schools would join a ring, the giver has the half
days, they are of no one trust or federation, nobody said they should be apart, and no link is longer than the distance asked for.

Which rings serve the most schools is chosen exactly (`ring_packing`): `optimal` is proved; `feasible` says that more was not ruled out.
Up to four, since a ring waits for every head in it, and the longer it is the more likely that one cannot. Source: the kidney-exchange
problem, whose cycles are limited for the same reason (Abraham, Blum, Sandholm 2007, https://doi.org/10.1145/1250910.1250954).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import hypot
from typing import Final

from convenor.peer_review.rules.themes import in_order
from convenor.support.rules.refusals import BadRing

#: The most schools of a ring.
RING_AT_MOST: Final = 4
#: What each school gives in a ring unless its heads agree on something else: one day.
LINK_HALF_DAYS: Final = 2
#: The longest a link may be in a straight line where nobody says, kilometres.
FAR_KM: Final = 40.0

Arc = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """A school that answered: what it can offer and wants to learn (keys of themes), the half days it could give, and where it is.

    `trust` and `federation` are "" for none; a place that nobody knows (None) is never too far.
    """

    urn: str
    offers: tuple[str, ...]
    wants: tuple[str, ...]
    half_days: int = LINK_HALF_DAYS
    trust: str = ""
    federation: str = ""
    easting: int | None = None
    northing: int | None = None

    @property
    def joins(self) -> bool:
        """Whether it could be in any ring at all."""
        return bool(self.offers and self.wants) and self.half_days >= LINK_HALF_DAYS


@dataclass(frozen=True, slots=True)
class RingLink:
    """Who helps whom, with what, and how far apart they are; None where a place is not known."""

    giver: str
    receiver: str
    theme: str
    km: float | None = None


@dataclass(frozen=True, slots=True)
class RingFound:
    """One ring, its links in the order in which help goes round."""

    links: tuple[RingLink, ...]

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools in it, in the order in which help goes round."""
        return tuple(each.giver for each in self.links)


class LeftOut(StrEnum):
    """Why a school that answered is in no ring. The value is the sentence that the broker and the school read."""

    OFFERS_NOTHING = "It has not said yet what it could offer."
    WANTS_NOTHING = "It has not said yet what it wants to learn."
    NO_DAYS = "It could give less than one day this year."
    NOBODY_ASKS = "Nobody within reach asks for what it offers."
    NOBODY_OFFERS = "Nobody within reach offers what it wants to learn."
    NO_RING = "No ring of up to four comes round to it."
    OTHERS = "A ring would come round to it, but then fewer schools would be served in all."


@dataclass(frozen=True)
class RingsAnswer:
    """The rings that serve the most schools. `served`: how many; `bound`: no rings could serve more. `left`: why others are in none."""

    rings: tuple[RingFound, ...]
    served: int
    bound: int
    status: str
    left: Mapping[str, LeftOut] = field(default_factory=dict)

    @property
    def optimal(self) -> bool:
        """Whether it is proved that no other rings serve more schools."""
        return self.status == "optimal"


def km_apart(one: Member, other: Member) -> float | None:
    """How far apart two schools are in a straight line, kilometres; None where a place is not known."""
    if one.easting is None or one.northing is None or other.easting is None or other.northing is None:
        return None
    return hypot(one.easting - other.easting, one.northing - other.northing) / 1000


def links_of(members: Sequence[Member], *, far_km: float = FAR_KM, apart: frozenset[frozenset[str]] = frozenset()) -> dict[Arc, RingLink]:
    """Every permitted link by giver and receiver. Its theme is the first of the themes that one offers and the other wants.

    `apart` holds pairs that should not work together. Raises BadRing where a school stands twice.
    """
    if len({each.urn for each in members}) < len(members):
        raise BadRing("A school stands twice among those who answered. Nothing was reckoned.")
    joining = sorted((each for each in members if each.joins), key=lambda each: each.urn)
    found: dict[Arc, RingLink] = {}
    for giver in joining:
        for receiver in joining:
            theme = _theme(giver, receiver)
            if not theme or not _permitted(giver, receiver, apart):
                continue
            km = km_apart(giver, receiver)
            if km is None or km <= far_km:
                found[giver.urn, receiver.urn] = RingLink(giver.urn, receiver.urn, theme, km)
    return found


def _theme(giver: Member, receiver: Member) -> str:
    """What one could help the other with; "" for nothing."""
    if giver.urn == receiver.urn:
        return ""
    shared = in_order(set(giver.offers) & set(receiver.wants))
    return shared[0] if shared else ""


def _permitted(giver: Member, receiver: Member, apart: frozenset[frozenset[str]]) -> bool:
    if giver.trust and giver.trust == receiver.trust:
        return False
    if giver.federation and giver.federation == receiver.federation:
        return False
    return frozenset((giver.urn, receiver.urn)) not in apart


def check_ring(links: Sequence[RingLink]) -> None:
    """Raises BadRing unless the links go round: two to four schools, each giving once to the next and receiving once."""
    givers = [each.giver for each in links]
    if not 2 <= len(links) <= RING_AT_MOST or len(set(givers)) < len(givers):
        raise BadRing(f"A ring has two to {RING_AT_MOST} schools, each of them once. Nothing was changed.")
    if any(one.receiver != after.giver for one, after in zip(links, (*links[1:], links[0]), strict=True)):
        raise BadRing("The links do not go round: whoever receives gives to the next, and the last to the first. Nothing was changed.")


def ring_of(schools: Sequence[str], links: Mapping[Arc, RingLink]) -> RingFound:
    """The ring through these schools in their order, begun at the first by URN so that one ring is written in one way."""
    first = schools.index(min(schools))
    turned = [*schools[first:], *schools[:first]]
    return RingFound(tuple(links[giver, receiver] for giver, receiver in zip(turned, (*turned[1:], turned[0]), strict=True)))


def why_left(members: Iterable[Member], links: Mapping[Arc, RingLink], rings: Iterable[RingFound]) -> dict[str, LeftOut]:
    """For every school in no ring, why. `links` are those permitted."""
    inside = {urn for ring in rings for urn in ring.schools}
    gives: dict[str, set[str]] = {}
    for giver, receiver in links:
        gives.setdefault(giver, set()).add(receiver)
    receives = {receiver for _, receiver in links}
    return {each.urn: _why(each, gives, receives) for each in sorted(members, key=lambda member: member.urn) if each.urn not in inside}


def _why(member: Member, gives: Mapping[str, set[str]], receives: set[str]) -> LeftOut:
    if not member.offers:
        return LeftOut.OFFERS_NOTHING
    if not member.wants:
        return LeftOut.WANTS_NOTHING
    if member.half_days < LINK_HALF_DAYS:
        return LeftOut.NO_DAYS
    if member.urn not in gives:
        return LeftOut.NOBODY_ASKS
    if member.urn not in receives:
        return LeftOut.NOBODY_OFFERS
    return LeftOut.OTHERS if comes_round(member.urn, gives) else LeftOut.NO_RING


def comes_round(urn: str, gives: Mapping[str, set[str]]) -> bool:
    """Whether help that goes out from a school can come back to it in a ring of up to four."""
    reached, seen = {urn}, set[str]()
    for _ in range(RING_AT_MOST):
        reached = {further for each in reached for further in gives.get(each, ())}
        if urn in reached:
            return True
        reached -= seen
        seen |= reached
    return False
