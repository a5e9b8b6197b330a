"""Seats on a day: how many hold them, which stand empty and since when, and whether the body has the members it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from convenor.partnership.rules.checking.known import broken, in_words, people
from convenor.partnership.rules.constitution import Body, Problem, Seat, in_force, overlap
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.structure import BodyNow, SeatNow, describe
from convenor.partnership.rules.vocabulary import CHAIRING_PARTS, COUNTED_PARTS


def seat_problems(roll: Roll, on: date) -> Iterator[Problem]:
    """Breaches of the rules about seats, as they stand on the day, and appointments that exceed a seat's places on any other."""
    for now in describe(roll.constitution, on).bodies:
        body = roll.body_by_id[now.id]
        for seat in now.seat_list:
            yield from _holders(now, seat)
        yield from _chair(now)
        yield from _nobody(now)
        yield from _members(body, now)
    for body in roll.body_by_id.values():
        for stored in {seat.id: seat for seat in body.seats}.values():
            if stored.ex_officio is None:
                yield from _overlaps(roll, body, stored, on)


def _holders(body: BodyNow, seat: SeatNow) -> Iterator[Problem]:
    held = len(seat.holders)
    if seat.derived:
        if not held:
            yield broken(
                "ex-officio-source-empty",
                body.id,
                f"{seat.title} of {body.name} goes with an office on another body, and nobody holds such an office. Fill that office.",
            )
        return
    if seat.places.maximum is not None and held > max(seat.places.maximum, seat.places.minimum):
        names = ", ".join(holder.person for holder in seat.holders)
        yield broken(
            "too-many-holders",
            body.id,
            f"{seat.title} of {body.name} has {people(held)} for {seat.places} to hold it: {names}. End an appointment, or add places.",
        )
    if seat.empty_since:
        dates = [in_words(day) for day in dict.fromkeys(seat.empty_since) if day is not None]
        since = f" since {' and '.join(dates)}" if dates else ""
        yield broken("vacancy", body.id, f"{seat.title} of {body.name} {_wanting(held, seat.places.minimum)}{since}.")


def _wanting(held: int, least: int) -> str:
    """What is wanting to a seat: "is empty", "has 1 of the 2 people it needs; 1 place is empty"."""
    if not held and least == 1:
        return "is empty"
    empty = "1 place is empty" if least - held == 1 else f"{least - held} places are empty"
    return f"has {held or 'none'} of the {least} people it needs; {empty}"


def _nobody(body: BodyNow) -> Iterator[Problem]:
    """A body that asks for nobody in particular, and has nobody: any number of seats is satisfied by none, a body is not."""
    seats = [seat for seat in body.seat_list if not seat.among_members]
    if seats and not body.people and body.seats == 0 and any(seat.places.maximum is None for seat in seats):
        yield broken("nobody-sits", body.id, f"{body.name} may have any number of people in its seats, and nobody is written in.")


def _chair(body: BodyNow) -> Iterator[Problem]:
    """A body that nobody leads; an empty seat for its leader that is told as a vacancy already is not told twice."""
    leading = [seat for seat in body.seat_list if seat.part in CHAIRING_PARTS]
    told = any(seat.empty_since and not seat.derived for seat in leading)
    if leading and not body.chairs and not told:
        yield broken("chair-empty", body.id, f"Nobody chairs, co-chairs or leads {body.name}.")


def _members(body: Body, now: BodyNow) -> Iterator[Problem]:
    count = len({holder.person for seat in now.seat_list if seat.part in COUNTED_PARTS for holder in seat.holders})
    if body.members is not None and count < body.members.minimum:
        yield broken("members-too-few", body.id, f"{body.name} has {people(count)} in post; it is to have {body.members} members.")
    if body.members is not None and body.members.maximum is not None and count > max(body.members.minimum, body.members.maximum):
        yield broken("members-too-many", body.id, f"{body.name} has {people(count)} in post; it is to have {body.members} members.")
    if body.quorum is not None and 0 < count < body.quorum:
        yield broken(
            "quorum-out-of-reach", body.id, f"{body.name} has a quorum of {body.quorum} and {people(count)} in post, so it cannot decide."
        )


def _overlaps(roll: Roll, body: Body, seat: Seat, on: date) -> Iterator[Problem]:
    appointments = roll.appointments(body, seat)
    for number, one in enumerate(appointments):
        if any(one.person == other.person and overlap(one, other) for other in appointments[:number]):
            yield broken(
                "appointments-overlap",
                body.id,
                f"{one.person} is appointed twice at once to {seat.title} of {body.name}. Let one end where the next begins.",
            )
            return
    most = seat.places.maximum
    if most is None or sum(in_force(each, on) for each in appointments) > max(most, seat.places.minimum):
        return
    for day in sorted({each.from_on or date.min for each in appointments}):
        held = sum(in_force(each, day) for each in appointments)
        if held > max(most, seat.places.minimum):
            when = in_words(day) if day > date.min else "the beginning"
            yield broken(
                "appointments-overlap",
                body.id,
                f"{seat.title} of {body.name} has {people(held)} appointed from {when}, for {seat.places} to hold it.",
            )
            return
