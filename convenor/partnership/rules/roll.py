"""The roll of a partnership: which bodies and seats are in force on a day, and who holds them, ex-officio seats derived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from convenor.partnership.rules.constitution import (
    Appointment,
    Body,
    Constitution,
    Dated,
    Member,
    Places,
    Seat,
    in_force,
    term_ends_on,
)
from convenor.partnership.rules.vocabulary import Part


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone in a seat. ``through`` is the id of the body whose part brings the seat; "" for a seat held by appointment.

    ``ends_on`` is the first day after the term, None where neither the appointment nor the seat tells.
    """

    person: str
    part: Part
    role: str = ""
    school: str = ""
    trust: str = ""
    federation: str = ""
    phase: str = ""
    type: str = ""
    from_on: date | None = None
    ends_on: date | None = None
    through: str = ""


class Roll:
    """A constitution indexed, so that what holds on a day is found quickly. Nothing in it changes once made."""

    def __init__(self, constitution: Constitution) -> None:
        self.constitution = constitution
        self.body_by_id: dict[str, Body] = {body.id: body for body in constitution.bodies}
        self.rank_by_tier: dict[str, int] = {tier.key: rank for rank, tier in enumerate(constitution.tiers)}
        self._appointments: defaultdict[tuple[str, str], list[Appointment]] = defaultdict(list)
        for appointment in constitution.appointments:
            self._appointments[appointment.body, appointment.seat].append(appointment)
        self._groups_by_day: dict[date, dict[str, dict[int, Body]]] = {}
        self._member_rows: defaultdict[str, list[Member]] = defaultdict(list)
        for member in constitution.members:
            self._member_rows[member.school].append(member)

    def bodies(self, on: date) -> tuple[Body, ...]:
        """The bodies in force on the day, in the order of the file; none when the partnership itself is not in force."""
        if not in_force(self.constitution, on):
            return ()
        return tuple(body for body in self.constitution.bodies if in_force(body, on))

    def seats(self, body: Body, on: date) -> tuple[Seat, ...]:
        """The body's seats in force on the day."""
        return tuple(seat for seat in body.seats if in_force(seat, on))

    def reports_to(self, body: Body, on: date) -> str:
        """The id of the body it reports to on the day: a dated reporting line where one is in force, else ``reports_to``; "" for none."""
        return next((line.to for line in body.reporting_lines if in_force(line, on)), body.reports_to)

    def select(self, selectors: Iterable[str], on: date) -> tuple[Body, ...]:
        """The bodies in force that any of the selectors names, each once."""
        groups = self._groups(on)
        found: dict[int, Body] = {}
        for selector in selectors:
            found |= groups.get(selector, {})
        return tuple(found[place] for place in sorted(found))

    def _groups(self, on: date) -> dict[str, dict[int, Body]]:
        """The day's bodies under every selector that names them, each with its place in the file. Worked out once for each day."""
        if on not in self._groups_by_day:
            groups: defaultdict[str, dict[int, Body]] = defaultdict(dict)
            for place, body in enumerate(self.bodies(on)):
                for selector in (body.id, f"kind:{body.kind}", f"tier:{body.tier}", f"under:{self.reports_to(body, on)}"):
                    groups[selector][place] = body
            self._groups_by_day[on] = dict(groups)
        return self._groups_by_day[on]

    def appointments(self, body: Body, seat: Seat) -> tuple[Appointment, ...]:
        """Every appointment ever made to the seat, in the order of the file."""
        return tuple(self._appointments.get((body.id, seat.id), ()))

    def holders(self, body: Body, seat: Seat, on: date) -> tuple[Holder, ...]:
        """Who holds the seat on the day. The holders of an ex-officio seat are derived from the bodies it names, each person once."""
        return self._holders(body, seat, on, frozenset())

    def _holders(self, body: Body, seat: Seat, on: date, asked: frozenset[tuple[str, str]]) -> tuple[Holder, ...]:
        here = (body.id, seat.id)
        if here in asked or not (in_force(self.constitution, on) and in_force(body, on) and in_force(seat, on)):
            return ()
        if seat.ex_officio is None:
            return tuple(self._holder(each, seat, on) for each in self.appointments(body, seat) if in_force(each, on))
        found: dict[str, Holder] = {}
        for source_body, source_seat in self.ex_officio_sources(seat, on):
            for holder in self._holders(source_body, source_seat, on, asked | {here}):
                found.setdefault(holder.person, replace(holder, part=seat.part, through=source_body.id))
        return tuple(found.values())

    def ex_officio_sources(self, seat: Seat, on: date) -> Iterator[tuple[Body, Seat]]:
        """The seats on other bodies whose holders hold this one by right of office."""
        if seat.ex_officio is None:
            return
        parts = set(seat.ex_officio.parts)
        if Part.CHAIR in parts:
            parts.add(Part.CO_CHAIR)
        for body in self.select(seat.ex_officio.bodies, on):
            for source in self.seats(body, on):
                if source.part in parts:
                    yield body, source

    def _holder(self, appointment: Appointment, seat: Seat, on: date) -> Holder:
        school = self.member(appointment.school, on) if appointment.school else None
        known = school or Member(appointment.school)
        return Holder(
            person=appointment.person,
            part=seat.part,
            role=appointment.role,
            school=appointment.school,
            trust=appointment.trust or known.trust,
            federation=appointment.federation or known.federation,
            phase=appointment.phase or known.phase,
            type=appointment.type or known.type,
            from_on=appointment.from_on,
            ends_on=term_ends_on(appointment, seat),
        )

    def members(self, on: date) -> tuple[Member, ...]:
        """The member schools' rows in force on the day."""
        return tuple(member for member in self.constitution.members if in_force(member, on))

    def member(self, school: str, on: date) -> Member | None:
        """A school's membership on the day; None for a school that is not a member then."""
        return next((row for row in self._member_rows.get(school, ()) if in_force(row, on)), None)

    def places(self, body: Body, seat: Seat, on: date) -> Places:
        """How many may hold the seat on the day.

        An ex-officio seat has as many places as the seats that bring it, less one for each person who holds two of those.
        """
        if seat.ex_officio is None:
            return seat.places
        sources = tuple(self.ex_officio_sources(seat, on))
        least, most, holding = 0, 0, 0
        unlimited = False
        for source_body, source_seat in sources:
            held = len(self.holders(source_body, source_seat, on))
            holding += held
            least += max(source_seat.places.minimum, held)
            most += source_seat.places.maximum or 0
            unlimited = unlimited or source_seat.places.maximum is None
        twice = holding - len(self.holders(body, seat, on))
        return Places(least - twice, None if unlimited else most)

    def change_days(self, body: Body, seat: Seat, until: date) -> tuple[date, ...]:
        """The days up to one day on which the holders of the seat may have changed, earliest first."""
        things: list[Dated] = [self.constitution, body, seat, *self.appointments(body, seat)]
        if seat.ex_officio is not None:
            for other in self.constitution.bodies:
                things += [other, *other.reporting_lines]
                for source in other.seats:
                    things += [source, *self.appointments(other, source)]
        days = {day for thing in things for day in (thing.from_on, thing.until_on) if day is not None and day <= until}
        return tuple(sorted(days))
