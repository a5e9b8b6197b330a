"""People in seats on a day: who may fill them, from which schools and trusts, for how long, and who follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from convenor.partnership.rules.checking.known import broken, in_words
from convenor.partnership.rules.constitution import Appointment, Body, Cap, Problem, Seat, in_force, months_later
from convenor.partnership.rules.roll import Holder, Roll
from convenor.partnership.rules.structure import terms_ending
from convenor.partnership.rules.vocabulary import (
    COUNTED_PARTS,
    PHASES,
    ROLES,
    SCHOOL_TYPES,
    phase_within,
    role_within,
    type_within,
)

RUNNING_GAP_MONTHS = 3
"""Terms with a gap shorter than this, such as a summer, are counted as running on. Ours: constitutions seldom say."""


def people_problems(roll: Roll, on: date) -> Iterator[Problem]:
    """Breaches of the rules about people, as they stand on the day."""
    for body in roll.bodies(on):
        for seat in roll.seats(body, on):
            if seat.ex_officio is None:
                for holder in roll.holders(body, seat, on):
                    yield from _may_hold(roll, body, seat, holder)
                yield from _appointments(roll, body, seat, on)
        yield from _seats_of_each(roll, body, on)
    for cap in roll.constitution.caps:
        if in_force(cap, on):
            for body in roll.select(cap.bodies, on):
                yield from _capped(roll, cap, body, on)
    yield from _terms(roll, on)


def _listed(keys: tuple[str, ...], titles: dict[str, str]) -> str:
    return " or ".join(titles.get(key, key).lower() if key != "dfe-region" else titles[key] for key in keys)


def _may_hold(roll: Roll, body: Body, seat: Seat, holder: Holder) -> Iterator[Problem]:
    titles = ROLES | dict(roll.constitution.roles)
    place = f"{holder.person} as {seat.title} of {body.name}"
    for rule, what, value, allowed, within, names in (
        ("role-not-allowed", "role", holder.role, seat.who, role_within, titles),
        ("phase-not-allowed", "phase", holder.phase, seat.phases, phase_within, PHASES),
        ("type-not-allowed", "type", holder.type, seat.types, type_within, SCHOOL_TYPES),
    ):
        if allowed and not value:
            yield broken(
                "cannot-tell", body.id, f"{place}: the seat is for {_listed(allowed, names)}, and no {what} is written. Add {what}."
            )
        elif allowed and not within(value, allowed):
            yield broken(rule, body.id, f"{place}: the seat is for {_listed(allowed, names)}, not {_listed((value,), names)}.")
    if seat.independent and _of_a_member_school(roll, holder):
        yield broken(
            "not-independent",
            body.id,
            f"{place}: the seat is for someone independent, not of a member school, its trust or its federation.",
        )


def _of_a_member_school(roll: Roll, holder: Holder) -> bool:
    members = roll.constitution.members
    if not members:
        return bool(holder.school or holder.trust or holder.federation)
    return any(
        (holder.school and holder.school == member.school)
        or (holder.trust and holder.trust == member.trust)
        or (holder.federation and holder.federation == member.federation)
        for member in members
    )


def _appointments(roll: Roll, body: Body, seat: Seat, on: date) -> Iterator[Problem]:
    appointments = roll.appointments(body, seat)
    for appointment in appointments:
        if not in_force(appointment, on):
            continue
        place = f"{appointment.person} as {seat.title} of {body.name}"
        if appointment.how is not None and seat.how is not None and appointment.how is not seat.how:
            yield broken("filled-another-way", body.id, f"{place}: filled by {appointment.how}, where the seat is filled by {seat.how}.")
        if seat.term_months is None or appointment.from_on is None:
            continue
        longest = months_later(appointment.from_on, seat.term_months)
        if appointment.until_on is not None and appointment.until_on > longest:
            yield broken(
                "term-too-long",
                body.id,
                f"{place}: the appointment ends on {in_words(appointment.until_on)}; the term ends on {in_words(longest)}.",
            )
    if seat.terms_running is not None:
        yield from _running(body, seat, appointments, on)


def _running(body: Body, seat: Seat, appointments: tuple[Appointment, ...], on: date) -> Iterator[Problem]:
    """Terms that follow one another without a break, up to the one in force."""
    by_person: defaultdict[str, list[Appointment]] = defaultdict(list)
    for appointment in sorted(appointments, key=lambda each: each.from_on or date.min):
        if appointment.from_on is None or appointment.from_on <= on:
            by_person[appointment.person].append(appointment)
    for person, terms in by_person.items():
        running, ended_on = 0, date.min
        for term in terms:
            gone_on = (
                ended_on < date.max and ended_on > date.min and (term.from_on or date.min) >= months_later(ended_on, RUNNING_GAP_MONTHS)
            )
            running = 1 if gone_on else running + 1
            ended_on = term.until_on or date.max
        if in_force(terms[-1], on) and seat.terms_running is not None and running > seat.terms_running:
            yield broken(
                "too-many-terms",
                body.id,
                f"{person} as {seat.title} of {body.name} is in term {running} running; the seat allows {seat.terms_running}.",
            )


def _seats_of_each(roll: Roll, body: Body, on: date) -> Iterator[Problem]:
    held: defaultdict[str, list[Seat]] = defaultdict(list)
    offices: list[tuple[str, Seat]] = []
    for seat in roll.seats(body, on):
        for person in dict.fromkeys(holder.person for holder in roll.holders(body, seat, on)):
            if seat.among_members:
                offices.append((person, seat))
            else:
                held[person].append(seat)
    for person, seats in held.items():
        if len(seats) > 1 and any(seat.ex_officio is None for seat in seats):
            titles = " and ".join(seat.title for seat in seats)
            yield broken(
                "two-seats-one-person", body.id, f"{person} holds more than one seat on {body.name}: {titles}. Free one for somebody else."
            )
    for person, seat in offices:
        if not any(each.part in COUNTED_PARTS for each in held[person]):
            yield broken(
                "not-a-member",
                body.id,
                f"{person} is {seat.title} of {body.name}, an office for one of its members, and has no seat on it.",
            )


def _capped(roll: Roll, cap: Cap, body: Body, on: date) -> Iterator[Problem]:
    holders: dict[str, Holder] = {}
    for seat in roll.seats(body, on):
        if seat.part in COUNTED_PARTS:
            for holder in roll.holders(body, seat, on):
                holders.setdefault(holder.person, holder)
    told: set[frozenset[str]] = set()
    for holder in holders.values():
        if cap.who and not holder.role and (holder.school or holder.trust or holder.federation):
            yield broken("cannot-tell", body.id, f"{holder.person} on {body.name}: a cap counts by role, and no role is written. Add role.")
    for per in cap.per:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for holder in holders.values():
            if not cap.who or (holder.role and role_within(holder.role, cap.who)):
                through = roll.body_by_id[holder.through].name if holder.through else ""
                said = f"{holder.person} (by right of office on {through})" if through else holder.person
                groups[getattr(holder, per.value)].append(said)
        for name, people in groups.items():
            if name and len(people) > cap.at_most and frozenset(people) not in told:
                told.add(frozenset(people))
                yield broken(
                    "cap-broken",
                    body.id,
                    f"{body.name} has {len(people)} people of {per.value} {name}: {', '.join(people)}. It may have {cap.at_most}: free a "
                    "seat, or the office that brings one.",
                )


def _terms(roll: Roll, on: date) -> Iterator[Problem]:
    for ending in terms_ending(roll.constitution, on):
        if ending.successor:
            continue
        place = f"{ending.person} as {ending.title} of {ending.body_name}"
        if ending.overdue:
            yield broken("term-ended", ending.body, f"{place}: the term ended on {in_words(ending.ends_on)} and has not been renewed.")
        else:
            yield broken("term-ending", ending.body, f"{place}: the term ends on {in_words(ending.ends_on)} and nobody is named to follow.")
