"""Mentors for new and acting heads: who is matched with whom, exactly, and why, in words for both.

Hard: assurance in date, room for one more, never one's own school, trust or federation, no declared interest, within reach. As many
heads as possible get a mentor; of those choices the one that costs least: the same phase first, then a short way, then mentors who have
nobody yet. The head is told first; the mentor learns who it is once the head agrees. Nothing of what the two speak about is kept.

A head is new for two years, and a mentor has two heads at once: both are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import hypot
from typing import Final

#: How long a head counts as new to the post.
NEW_FOR: Final = timedelta(days=730)
#: How many heads one mentor has at once.
HEADS_AT_MOST: Final = 2
#: A mentoring lasts a year unless it is ended.
LASTS: Final = timedelta(days=365)
#: What it counts when the mentor knows another phase, and when they have a head already, in kilometres of way.
OTHER_PHASE_KM: Final = 60.0
HAS_ONE_KM: Final = 15.0
#: The way to somebody whose place nobody knows, kilometres.
UNKNOWN_KM: Final = 20.0


class Why(StrEnum):
    """Why a head is in want of a mentor."""

    ACTING = "acting or interim"
    NEW = "in the first two years of the post"


@dataclass(frozen=True, slots=True)
class NewHead:
    """A head without a mentor. `key` is theirs; places are "" or None where not known."""

    key: int
    urn: str
    why: Why
    phase: str = ""
    trust: str = ""
    federation: str = ""
    easting: float | None = None
    northing: float | None = None


@dataclass(frozen=True, slots=True)
class Mentor:
    """Somebody who offers to mentor: where they come from, what phases they know (none named: all), and how many heads they have."""

    key: int
    person: int | None = None
    urn: str = ""
    phases: tuple[str, ...] = ()
    trust: str = ""
    federation: str = ""
    easting: float | None = None
    northing: float | None = None
    reach_km: float | None = None
    heads: int = 0
    assured: bool = True
    apart: frozenset[str] = frozenset()

    @property
    def room(self) -> int:
        """For how many more there is room."""
        return max(0, HEADS_AT_MOST - self.heads)


class NoMentor(StrEnum):
    """Why somebody cannot be a head's mentor. The value is the sentence that a broker reads; a declared interest is never told."""

    NOT_ASSURED = "Nothing vouches for them in date."
    NO_ROOM = "They have two heads already."
    SAME = "They are of the head’s own school, trust or federation."
    NOT_HERE = "They cannot be matched with this school."
    TOO_FAR = "It is further than they go."


@dataclass(frozen=True, slots=True)
class Pair:
    """A head and the mentor proposed, with why in sentences for both to read."""

    head: int
    mentor: int
    why: tuple[str, ...]


def want(from_on: date, *, acting: bool, on: date) -> Why | None:
    """Why a head should be offered a mentor; None for one who is neither acting nor new."""
    if acting:
        return Why.ACTING
    return Why.NEW if on - from_on < NEW_FOR else None


def why_not(head: NewHead, mentor: Mentor) -> NoMentor | None:
    """Why the two cannot be matched; None where they can."""
    if not mentor.assured:
        return NoMentor.NOT_ASSURED
    if not mentor.room:
        return NoMentor.NO_ROOM
    same = (mentor.urn == head.urn, bool(head.trust) and mentor.trust == head.trust)
    if any(same) or (head.federation and mentor.federation == head.federation) or mentor.person == head.key:
        return NoMentor.SAME
    if head.urn in mentor.apart:
        return NoMentor.NOT_HERE
    km = _km(head, mentor)
    if km is not None and mentor.reach_km is not None and km > mentor.reach_km:
        return NoMentor.TOO_FAR
    return None


def why(head: NewHead, mentor: Mentor) -> tuple[str, ...]:
    """Why the two are matched, for both to read."""
    found = []
    if mentor.phases and head.phase in mentor.phases:
        found.append(f"Knows {head.phase.lower()} schools.")
    km = _km(head, mentor)
    if km is not None:
        found.append(f"{km:.0f} km away in a straight line." if km >= 1 else "Less than a kilometre away.")
    found.append("Is of another school and trust, so that you can speak freely.")
    return tuple(found)


def match(heads: Sequence[NewHead], mentors: Sequence[Mentor]) -> tuple[tuple[Pair, ...], dict[int, tuple[NoMentor, ...]]]:
    """The pairs, and for each head left without, why each mentor was not for them, each reason once.

    As many heads as possible, then the least cost; the same input gives the same pairs. A head named twice counts once.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    waiting = sorted({each.key: each for each in heads}.values(), key=lambda each: each.key)
    places = [each for each in sorted(mentors, key=lambda each: each.key) for _ in range(each.room)]
    never = 1e6
    cost = np.full((len(waiting), len(places) + len(waiting)), never)
    for row, head in enumerate(waiting):
        seen: set[int] = set()
        for column, mentor in enumerate(places):
            if why_not(head, mentor) is None:
                cost[row, column] = _cost(head, mentor, second=mentor.key in seen)
            seen.add(mentor.key)
    pairs, alone = [], {}
    for row, column in zip(*linear_sum_assignment(cost), strict=True):
        head = waiting[int(row)]
        if cost[row, column] < never:
            mentor = places[int(column)]
            pairs.append(Pair(head.key, mentor.key, why(head, mentor)))
        else:
            reasons = {found for mentor in mentors if (found := why_not(head, mentor)) is not None}
            alone[head.key] = tuple(each for each in NoMentor if each in reasons)
    return tuple(pairs), alone


def _cost(head: NewHead, mentor: Mentor, *, second: bool) -> float:
    km = _km(head, mentor)
    found = UNKNOWN_KM if km is None else km
    found += OTHER_PHASE_KM if mentor.phases and head.phase not in mentor.phases else 0.0
    return found + HAS_ONE_KM * (mentor.heads + second)


def _km(head: NewHead, mentor: Mentor) -> float | None:
    if head.easting is None or head.northing is None or mentor.easting is None or mentor.northing is None:
        return None
    return hypot(head.easting - mentor.easting, head.northing - mentor.northing) / 1000
