"""What is seen at a glance: the bodies drawn, who sits where, which seats are empty and since when, which terms end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from convenor.partnership.rules.constitution import Appointment, Body, Constitution, Places, Seat, in_force, months_later
from convenor.partnership.rules.roll import Holder, Roll
from convenor.partnership.rules.vocabulary import CHAIRING_PARTS, COUNTED_PARTS, How, Hue, Part

SOON_MONTHS = 6
"""A term that ends within so many months is worth preparing for."""


@dataclass(frozen=True, slots=True)
class SeatNow:
    """One seat as it stands. ``empty_since`` has one entry for each empty place: the day it fell empty, None where nobody can tell."""

    id: str
    title: str
    part: Part
    constituency: str
    places: Places
    seats: int
    filled: int
    holders: tuple[Holder, ...]
    empty_since: tuple[date | None, ...]
    who: tuple[str, ...]
    how: How | None
    by: str
    derived: bool
    among_members: bool


@dataclass(frozen=True, slots=True)
class BodyNow:
    """One body as it stands, with what a drawing of it needs. ``seats`` is never less than the body's own number of members.

    ``schools`` counts the member schools that belong to it. ``depth`` is how many reporting lines lie between it and the top.
    """

    id: str
    name: str
    kind: str
    tier: str
    hue: Hue
    reports_to: str
    depth: int
    purpose: str
    phases: tuple[str, ...]
    seats: int
    filled: int
    seat_list: tuple[SeatNow, ...]
    schools: int
    not_found: tuple[str, ...]

    @property
    def chairs(self) -> tuple[Holder, ...]:
        """Who chairs, co-chairs or leads the body."""
        return tuple(holder for seat in self.seat_list if seat.part in CHAIRING_PARTS for holder in seat.holders)

    @property
    def people(self) -> tuple[Holder, ...]:
        """Everyone on the body, each person once, in the order of its seats."""
        found: dict[str, Holder] = {}
        for seat in self.seat_list:
            for holder in seat.holders:
                found.setdefault(holder.person, holder)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Structure:
    """The partnership on a day: its tiers from the schools upward, and its bodies in the order of the file."""

    partnership: str
    name: str
    on: date
    tiers: tuple[str, ...]
    bodies: tuple[BodyNow, ...]

    @property
    def seats(self) -> int:
        """Every seat of every body."""
        return sum(body.seats for body in self.bodies)

    @property
    def filled(self) -> int:
        """Every seat held."""
        return sum(body.filled for body in self.bodies)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """One empty place. ``empty_since`` is None where no date is known.

    A ``derived`` seat fills itself once the office that brings it is filled.
    """

    body: str
    body_name: str
    seat: str
    title: str
    part: Part
    who: tuple[str, ...]
    how: How | None
    by: str
    derived: bool
    empty_since: date | None


@dataclass(frozen=True, slots=True)
class Succession:
    """A term that has ended or soon will, and who follows.

    ``successor`` is "" where nobody is named; ``follows_on`` is their first day, where known. ``overdue`` says that
    the term is already over while its holder sits on.
    """

    body: str
    body_name: str
    seat: str
    title: str
    person: str
    ends_on: date
    overdue: bool
    successor: str
    follows_on: date | None
    handover: str


def describe(constitution: Constitution, on: date) -> Structure:
    """The partnership as it stands on the day, ex-officio seats derived from the offices that bring them."""
    roll = Roll(constitution)
    hues = {tier.key: tier.hue for tier in constitution.tiers}
    school_counts: dict[str, int] = {}
    for member in roll.members(on):
        for body_id in member.bodies:
            school_counts[body_id] = school_counts.get(body_id, 0) + 1
    bodies = tuple(_body_now(roll, body, on, hues.get(body.tier, Hue.CLUSTER), school_counts.get(body.id, 0)) for body in roll.bodies(on))
    return Structure(constitution.id, constitution.name, on, tuple(tier.key for tier in constitution.tiers), bodies)


def vacancies(constitution: Constitution, on: date) -> tuple[Vacancy, ...]:
    """Every empty place on the day: fewer holders than a seat's least number. Observers' and clerks' places are counted too."""
    return tuple(
        Vacancy(body.id, body.name, seat.id, seat.title, seat.part, seat.who, seat.how, seat.by, seat.derived, since)
        for body in describe(constitution, on).bodies
        for seat in body.seat_list
        for since in seat.empty_since
    )


def terms_ending(constitution: Constitution, on: date, within_months: int = SOON_MONTHS) -> tuple[Succession, ...]:
    """The terms already over or ending within so many months of the day, earliest first, each with who follows.

    A term whose holder has gone is not here: if nobody followed, its seat is among the ``vacancies``.
    """
    horizon = months_later(on, within_months)
    return tuple(each for each in succession(constitution, on) if each.ends_on <= horizon)


def succession(constitution: Constitution, on: date) -> tuple[Succession, ...]:
    """Every holder by appointment whose term has an end, earliest first, with the successor named or already appointed.

    The person appointed again counts as their own successor. Of several holders of one seat, the first to end is matched with the
    first to follow.
    """
    roll = Roll(constitution)
    found = [each for body in roll.bodies(on) for seat in roll.seats(body, on) for each in _succession_of(roll, body, seat, on)]
    return tuple(sorted(found, key=lambda each: (each.ends_on, each.body, each.seat, each.person)))


def _succession_of(roll: Roll, body: Body, seat: Seat, on: date) -> list[Succession]:
    appointments = roll.appointments(body, seat)
    to_come = sorted((each for each in appointments if each.from_on is not None and each.from_on > on), key=_first_day)
    serving = {each.person: each for each in appointments if in_force(each, on)}
    found = []
    for holder in sorted(roll.holders(body, seat, on), key=lambda each: (each.ends_on or date.max, each.person)):
        if holder.ends_on is None or holder.through:
            continue
        own = serving[holder.person]
        follower = next((each for each in to_come if _first_day(each) >= holder.ends_on), None)
        if follower is not None:
            to_come.remove(follower)
        found.append(
            Succession(
                body=body.id,
                body_name=body.name,
                seat=seat.id,
                title=seat.title,
                person=holder.person,
                ends_on=holder.ends_on,
                overdue=holder.ends_on <= on,
                successor=follower.person if follower else own.successor,
                follows_on=follower.from_on if follower else None,
                handover=own.handover,
            )
        )
    return found


def _first_day(appointment: Appointment) -> date:
    return appointment.from_on or date.min


def _body_now(roll: Roll, body: Body, on: date, hue: Hue, schools: int) -> BodyNow:
    seat_list = tuple(_seat_now(roll, body, seat, on) for seat in roll.seats(body, on))
    seats = sum(seat.seats for seat in seat_list)
    counted = sum(seat.seats for seat in seat_list if seat.part in COUNTED_PARTS)
    least = body.members.minimum if body.members is not None else 0
    return BodyNow(
        id=body.id,
        name=body.name,
        kind=body.kind,
        tier=body.tier,
        hue=hue,
        reports_to=roll.reports_to(body, on),
        depth=_depth(roll, body, on),
        purpose=body.purpose,
        phases=body.phases,
        seats=seats + max(0, least - counted),
        filled=sum(seat.filled for seat in seat_list),
        seat_list=seat_list,
        schools=schools,
        not_found=body.not_found,
    )


def _depth(roll: Roll, body: Body, on: date) -> int:
    """How many reporting lines lead from the body to the top; a circle is followed once round."""
    seen: set[str] = set()
    here: Body | None = body
    while here is not None and here.id not in seen:
        seen.add(here.id)
        here = roll.body_by_id.get(roll.reports_to(here, on))
    return len(seen) - 1


def _seat_now(roll: Roll, body: Body, seat: Seat, on: date) -> SeatNow:
    holders = roll.holders(body, seat, on)
    places = roll.places(body, seat, on)
    own_places = 0 if seat.among_members else places.minimum
    filled = 0 if seat.among_members else len(holders)
    extra = max(0, filled - own_places)
    if places.maximum is not None:
        extra = min(extra, max(0, places.maximum - own_places))
    missing = max(0, places.minimum - len(holders))
    return SeatNow(
        id=seat.id,
        title=seat.title,
        part=seat.part,
        constituency=seat.constituency,
        places=places,
        seats=own_places + extra,
        filled=filled,
        holders=holders,
        empty_since=_empty_since(roll, body, seat, on, len(holders), missing),
        who=seat.who,
        how=seat.how,
        by=seat.by,
        derived=seat.ex_officio is not None,
        among_members=seat.among_members,
    )


def _empty_since(roll: Roll, body: Body, seat: Seat, on: date, held: int, missing: int) -> tuple[date | None, ...]:
    """For each missing holder, the day since when so many have been wanting; a place never filled is empty since its seat began.

    The most recent vacancy stands first; None where it was never filled and no beginning is known.
    """
    if not missing:
        return ()
    days = roll.change_days(body, seat, on)
    latest_first = [(day, len(roll.holders(body, seat, day))) for day in reversed(days)]
    beginnings = [thing.from_on for thing in (roll.constitution, body, seat) if thing.from_on is not None]
    found: list[date | None] = []
    for level in range(held + 1, held + missing + 1):
        since = max(beginnings, default=None)
        for (after, _), (_, count) in pairwise(latest_first):
            if count >= level:
                since = after
                break
        found.append(since)
    return tuple(found)
