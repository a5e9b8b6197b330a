"""For whom a board speaks: its seats by phase, trust and type of school, beside those of the schools it stands for.

Bexley's partnership publishes its seats by phase, number of trusts and type of school (sep-bexley.org.uk, "Our mission"). A share
says what is, never what ought to be: a small board cannot mirror its area, and the rules say so where numbers are small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from convenor.partnership.rules.constitution import Body, Constitution
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.vocabulary import COUNTED_PARTS, TYPES_WITHIN, phase_within

SMALL_SEATS = 10
"""Below so many seats held by people of schools, one seat moves a share by more than a tenth, and shares say little. Ours."""

SMALL_SCHOOLS = 5
"""Below so many schools in a group, its share says little. Ours."""

NO_TRUST = "no trust"
NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class SchoolStanding:
    """What counts of a school here: phase and type as the vocabulary spells them, and trust; "" where not known, or in no trust."""

    phase: str = ""
    type: str = ""
    trust: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One phase, trust or type.

    ``seats_percent`` is of the seats held by people of schools, ``schools_percent`` of the schools; None where there are none to
    be a share of. ``seats_in_proportion`` is how many of those seats the group would have if they followed the schools. ``small`` says
    that the group has too few schools for its share to mean much.
    """

    key: str
    seats: int
    schools: int
    seats_percent: float | None
    schools_percent: float | None
    seats_in_proportion: float | None
    small: bool


@dataclass(frozen=True, slots=True)
class Representation:
    """A board beside the schools it stands for.

    ``seats`` counts members who come from a school; ``other_seats`` those who come from elsewhere (officers, dioceses, an
    independent chair). ``by_type`` keeps maintained schools and academies each together. ``small`` is the sentence to show where
    shares say little, else "".
    """

    seats: int
    other_seats: int
    schools: int
    by_phase: tuple[Group, ...]
    by_trust: tuple[Group, ...]
    by_type: tuple[Group, ...]
    trusts_on_board: int
    trusts: int
    small: str


def representation(voices: Sequence[SchoolStanding | None], schools: Sequence[SchoolStanding]) -> Representation:
    """The members of a board beside the schools it stands for.

    ``voices`` has one entry for each member: the school they come from, or None for someone who comes from no school. Groups are ordered
    by number of schools, largest first, then by name; those with schools and no seat are there, with 0 seats.
    """
    heard = [voice for voice in voices if voice is not None]

    def grouped(key: Callable[[SchoolStanding], str]) -> tuple[Group, ...]:
        return _groups([key(voice) for voice in heard], [key(school) for school in schools])

    small = ""
    if len(heard) < SMALL_SEATS:
        noun = "seat is" if len(heard) == 1 else "seats are"
        small = f"Only {len(heard)} {noun} held by people of schools, so shares say little."
    return Representation(
        seats=len(heard),
        other_seats=len(voices) - len(heard),
        schools=len(schools),
        by_phase=grouped(lambda school: school.phase or NOT_SAID),
        by_trust=grouped(lambda school: school.trust or NO_TRUST),
        by_type=grouped(_broad_type),
        trusts_on_board=len({voice.trust for voice in heard if voice.trust}),
        trusts=len({school.trust for school in schools if school.trust}),
        small=small,
    )


def representation_of(constitution: Constitution, on: date, body: str = "") -> Representation:
    """The representation of one body on the day, from the constitution's own appointments and members.

    ``body`` is its id; "" takes every body at the top of the partnership (in the highest tier and reporting to none). A body with
    phases is set beside the schools of those phases that belong to the partnership. Each person counts once. A body that is not in
    force has no voices.
    """
    roll = Roll(constitution)
    bodies = [each for each in roll.bodies(on) if (each.id == body if body else _is_top(roll, each, on))]
    voices: dict[str, SchoolStanding | None] = {}
    for each in bodies:
        for seat in roll.seats(each, on):
            if seat.part in COUNTED_PARTS:
                for holder in roll.holders(each, seat, on):
                    from_school = bool(holder.school or holder.phase or holder.type)
                    voices.setdefault(holder.person, SchoolStanding(holder.phase, holder.type, holder.trust) if from_school else None)
    phases = tuple(phase for each in bodies for phase in each.phases) if all(each.phases for each in bodies) else ()
    schools = [
        SchoolStanding(member.phase, member.type, member.trust)
        for member in roll.members(on)
        if not phases or not member.phase or phase_within(member.phase, phases)
    ]
    return representation(list(voices.values()), schools)


def _is_top(roll: Roll, body: Body, on: date) -> bool:
    return roll.rank_by_tier.get(body.tier) == len(roll.rank_by_tier) - 1 and not roll.reports_to(body, on)


def _broad_type(school: SchoolStanding) -> str:
    """Maintained, academy, or the type itself where it is neither."""
    for broad, narrow in TYPES_WITHIN.items():
        if school.type in narrow:
            return broad
    return school.type or NOT_SAID


def _groups(voices: Iterable[str], schools: Iterable[str]) -> tuple[Group, ...]:
    seats, numbers = Counter(voices), Counter(schools)
    all_seats, all_schools = seats.total(), numbers.total()
    keys = sorted({*seats, *numbers}, key=lambda key: (-numbers[key], key))
    return tuple(
        Group(
            key=key,
            seats=seats[key],
            schools=numbers[key],
            seats_percent=100 * seats[key] / all_seats if all_seats else None,
            schools_percent=100 * numbers[key] / all_schools if all_schools else None,
            seats_in_proportion=all_seats * numbers[key] / all_schools if all_schools else None,
            small=numbers[key] < SMALL_SCHOOLS,
        )
        for key in keys
    )
