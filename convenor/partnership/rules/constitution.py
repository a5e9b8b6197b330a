"""A partnership's constitution: what its one-page description holds, as plain frozen values.

Every period is half-open: a body, seat or appointment is in force from its ``from_on`` up to, and not on, its ``until_on``.
None in ``from_on`` means "since before anyone wrote it down"; None in ``until_on`` means "until further notice".
``not_found`` lists what the evidence does not say, so that nothing is passed off as known.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from convenor.partnership.rules.vocabulary import Chairing, How, Hue, Part, PartnershipKind, Per, Severity, Status


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule, in words a partnership manager can act on.

    ``body`` is the id of the body it concerns, or "" when it concerns the partnership as a whole. ``rule`` is a stable code,
    explained in the how-to on writing a constitution.
    """

    body: str
    rule: str
    severity: Severity
    message: str


class ConstitutionError(ValueError):
    """The file cannot be read as a constitution; ``problems`` names every place and its remedy."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.message for problem in problems))


class Dated(Protocol):
    """Anything in force from a day until a day."""

    @property
    def from_on(self) -> date | None: ...

    @property
    def until_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Places:
    """How many: from ``minimum`` to ``maximum`` (None: any number more)."""

    minimum: int
    maximum: int | None

    def __str__(self) -> str:
        """As a manager writes it: 2, "2 or 3", "6 to 8", "up to 3", "at least 5", "any number"."""
        if self.maximum is None:
            return f"at least {self.minimum}" if self.minimum else "any number"
        if self.minimum == self.maximum:
            return str(self.minimum)
        if self.minimum == 0:
            return f"up to {self.maximum}"
        return f"{self.minimum} {'or' if self.maximum == self.minimum + 1 else 'to'} {self.maximum}"


ONE = Places(1, 1)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement of the constitution comes from."""

    id: str
    title: str
    publisher: str = ""
    address: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A local authority the partnership serves, by its three-digit code, old or new."""

    code: str
    name: str
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """A level of the partnership. Tiers are listed from the schools upward: the first is nearest to the schools."""

    key: str
    name: str
    hue: Hue
    purpose: str = ""
    sources: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExOfficio:
    """A seat that belongs to whoever holds a part on other bodies, such as the chairs of all sub-groups.

    ``parts`` are the parts that bring the seat ("chair" takes in co-chairs). ``bodies`` are ids, or ``kind:sub-group``,
    ``tier:alliance``, ``under:board`` (those that report to it).
    """

    parts: tuple[Part, ...]
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat, or several alike, on a body."""

    id: str
    title: str
    part: Part = Part.MEMBER
    places: Places = ONE
    constituency: str = ""
    how: How | None = None
    by: str = ""
    who: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    post: str = ""
    independent: bool = False
    among_members: bool = False
    term_months: int | None = None
    terms_running: int | None = None
    release_funded: bool = False
    release: str = ""
    ex_officio: ExOfficio | None = None
    from_on: date | None = None
    until_on: date | None = None
    note: str = ""
    sources: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportingLine:
    """To whom a body reports during a period; used when a reporting line has changed."""

    to: str
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A board, sub-group, alliance, cluster or other standing or temporary group of the partnership."""

    id: str
    name: str
    kind: str
    tier: str
    reports_to: str = ""
    from_on: date | None = None
    until_on: date | None = None
    review_on: date | None = None
    purpose: str = ""
    phases: tuple[str, ...] = ()
    members: Places | None = None
    schools: Places | None = None
    quorum: int | None = None
    quorum_percent: int | None = None
    meets: str = ""
    meetings_a_year: int | None = None
    no_individual_schools: bool = False
    chair: Chairing = Chairing.REQUIRED
    replaces: tuple[str, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    reporting_lines: tuple[ReportingLine, ...] = ()
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many people of one school, trust or federation among the members of each of these bodies.

    ``who`` limits the count to people in those roles; empty counts everyone.
    """

    bodies: tuple[str, ...]
    per: tuple[Per, ...]
    at_most: int = 1
    who: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Belonging:
    """How many bodies of one kind a member school belongs to, such as one cluster only."""

    kind: str
    at_least: int = 0
    at_most: int | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member school, and the bodies it belongs to, over a period. A school that moves is written twice, period after period."""

    school: str
    name: str = ""
    phase: str = ""
    type: str = ""
    trust: str = ""
    federation: str = ""
    bodies: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person in a seat over a period. What is not said of their school is taken from the member school of that URN."""

    body: str
    seat: str
    person: str
    from_on: date | None = None
    until_on: date | None = None
    role: str = ""
    school: str = ""
    trust: str = ""
    federation: str = ""
    phase: str = ""
    type: str = ""
    how: How | None = None
    successor: str = ""
    handover: str = ""


@dataclass(frozen=True, slots=True)
class Constitution:
    """A whole partnership: what it is, its tiers, bodies, seats and rules, and, where the file says so, who sits where."""

    id: str
    name: str
    kind: PartnershipKind
    purpose: str = ""
    status: Status = Status.IN_USE
    from_on: date | None = None
    until_on: date | None = None
    review_on: date | None = None
    note: str = ""
    cites: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()
    sources: tuple[Source, ...] = ()
    tiers: tuple[Tier, ...] = ()
    bodies: tuple[Body, ...] = ()
    caps: tuple[Cap, ...] = ()
    belongings: tuple[Belonging, ...] = ()
    members: tuple[Member, ...] = ()
    appointments: tuple[Appointment, ...] = ()


def in_force(thing: Dated, on: date) -> bool:
    """Whether a dated thing is in force on a day: on or after its first day, and before its ``until_on``."""
    return (thing.from_on is None or thing.from_on <= on) and (thing.until_on is None or on < thing.until_on)


def overlap(one: Dated, other: Dated) -> bool:
    """Whether two half-open periods share at least one day."""
    starts_before_end = one.from_on is None or other.until_on is None or one.from_on < other.until_on
    ends_after_start = one.until_on is None or other.from_on is None or other.from_on < one.until_on
    return starts_before_end and ends_after_start


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of that month where it is shorter."""
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def term_ends_on(appointment: Appointment, seat: Seat) -> date | None:
    """The first day after a person's term: what the appointment says, or its start plus the seat's term; None if neither tells."""
    if appointment.until_on is not None:
        return appointment.until_on
    if appointment.from_on is None or seat.term_months is None:
        return None
    return months_later(appointment.from_on, seat.term_months)
