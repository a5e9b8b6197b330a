"""Filling a seat: who may, over which days, and how a call with more names than places is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from convenor.partnership.rules.checking import check
from convenor.partnership.rules.constitution import Appointment, Body, Constitution, Member, Problem, Seat, in_force, overlap
from convenor.partnership.rules.refusals import NotThere, Refused, SeatByOffice, SeatRefused, SeatTaken, Undecided, WrongDays
from convenor.partnership.rules.vocabulary import Severity


def seat_called(constitution: Constitution, body_id: str, seat_id: str) -> tuple[Body, Seat]:
    """The body and its seat of these ids. Raises NotThere."""
    body = next((each for each in constitution.bodies if each.id == body_id), None)
    seat = next((each for each in body.seats if each.id == seat_id), None) if body else None
    if body is None or seat is None:
        raise NotThere("The constitution has no such seat. Nothing was changed.")
    return body, seat


def refuse_unfit(constitution: Constitution, proposed: Appointment) -> None:
    """Raises when the constitution does not allow the appointment; says nothing when it does.

    NotThere: no such seat, or it or its body is not in force on the first day. SeatByOffice: the seat comes with an office.
    WrongDays: it would end before it begins. SeatTaken: on some day of it every place is held. SeatRefused: it would break
    further rules (who may fill the seat, one from each trust, terms running ...), each named, on the first day or on any later
    day on which somebody else's time in that body begins.
    """
    body, seat = seat_called(constitution, proposed.body, proposed.seat)
    first = proposed.from_on
    if first is None or (proposed.until_on is not None and proposed.until_on <= first):
        raise WrongDays("The appointment needs a first day, and an end after it. Nothing was changed.")
    if not (in_force(body, first) and in_force(seat, first)):
        raise NotThere(f"{seat.title} on {body.name} is not in force on {first}. Nothing was changed.")
    if seat.ex_officio is not None:
        raise SeatByOffice(f"{seat.title} comes with an office: whoever holds that office sits there. Fill the office instead.")
    beside = [each for each in constitution.appointments if each.body == body.id and overlap(each, proposed)]
    days = sorted({first, *(each.from_on for each in beside if each.from_on is not None and each.from_on > first)})
    _refuse_taken(seat, [each for each in beside if each.seat == seat.id], days, body)
    broken: dict[tuple[str, str], Problem] = {}
    with_it = replace(constitution, appointments=(*constitution.appointments, proposed))
    for day in days:
        before = {(each.rule, each.message) for each in check(constitution, day)}
        for problem in check(with_it, day):
            if problem.severity is Severity.ERROR and (problem.rule, problem.message) not in before:
                broken.setdefault((problem.rule, problem.message), problem)
    if broken:
        raise SeatRefused(tuple(broken.values()))


def without_holders(constitution: Constitution, body_id: str, seat_id: str) -> Constitution:
    """The same with a seat empty, so as to ask whether somebody could ever fill it."""
    kept = tuple(each for each in constitution.appointments if (each.body, each.seat) != (body_id, seat_id))
    return replace(constitution, appointments=kept)


def _refuse_taken(seat: Seat, sitting: Sequence[Appointment], days: Sequence[date], body: Body) -> None:
    if seat.places.maximum is None:
        return
    for day in days:
        held = [each.person for each in sitting if in_force(each, day)]
        if len(held) >= seat.places.maximum:
            raise SeatTaken(
                f"{seat.title} on {body.name} has room for {seat.places.maximum}, and on {day} it is held by {', '.join(held)}. "
                "End that time first, or choose a later first day. Nothing was changed."
            )


def refuse_unfit_place(constitution: Constitution, school: str, body_id: str, first: date) -> None:
    """Raises when a school may not sit in a body from a day.

    NotThere: the school is no member then, or the body is not in force. SeatRefused: it would break a rule, such as one
    cluster only.
    """
    body = next((each for each in constitution.bodies if each.id == body_id), None)
    if body is None or not in_force(body, first):
        raise NotThere(f"That body is not in force on {first}. Nothing was changed.")
    row = next((each for each in constitution.members if each.school == school and in_force(each, first)), None)
    if row is None:
        raise NotThere(f"The school is not a member on {first}: record that it joins first. Nothing was changed.")
    moved = _placed(constitution, row, body_id, first)
    before = {(each.rule, each.message) for each in check(constitution, first)}
    broken = [each for each in check(moved, first) if each.severity is Severity.ERROR and (each.rule, each.message) not in before]
    if broken:
        raise SeatRefused(tuple(broken))


def _placed(constitution: Constitution, row: Member, body_id: str, first: date) -> Constitution:
    there = tuple(each for each in constitution.members if each is not row)
    begun = row.from_on is None or row.from_on < first
    earlier = (replace(row, until_on=first),) if begun else ()
    return replace(constitution, members=(*there, *earlier, replace(row, from_on=first, bodies=(*row.bodies, body_id))))


@dataclass(frozen=True, slots=True)
class Decision:
    """Who is chosen, and in what words it was decided."""

    chosen: tuple[int, ...]
    words: str


def decide(standing: Sequence[int], places: int, *, votes: Mapping[int, int] | None, chosen: Collection[int] | None, why: str) -> Decision:
    """Who of those standing fills the places of a call.

    As many as there are places or fewer: all of them, uncontested. More: those with most votes; or those named in `chosen`,
    with the reason. `standing` are the keys of the nominations in the order in which they came.
    Raises Undecided when nobody stands, when votes tie for the last place, when neither votes nor a choice are given, when a
    choice gives no reason; Refused when it names somebody who does not stand or more than there are places.
    """
    if not standing:
        raise Undecided("Nobody has been put forward. Withdraw the call, or open it again with a later closing day.")
    if chosen:
        if not set(chosen) <= set(standing):
            raise Refused("Somebody was chosen who does not stand. Nothing was changed.")
        if len(set(chosen)) > places:
            raise Refused(f"{len(set(chosen))} were chosen for {places} {'place' if places == 1 else 'places'}. Nothing was changed.")
        if not why.strip():
            raise Undecided("Say how it was decided, so that anyone can see later why these were chosen.")
        return Decision(tuple(each for each in standing if each in set(chosen)), why.strip())
    if len(standing) <= places:
        return Decision(tuple(standing), why.strip() or "Uncontested.")
    if votes is None or not all(each in votes for each in standing):
        raise Undecided("More people stand than there are places: enter the votes of each, or choose and say how it was decided.")
    ordered = sorted(standing, key=lambda each: -votes[each])
    if votes[ordered[places - 1]] == votes[ordered[places]]:
        raise Undecided("The votes tie for the last place. Settle it by the means your constitution names, then choose and say how.")
    return Decision(tuple(ordered[:places]), why.strip() or "By votes.")
