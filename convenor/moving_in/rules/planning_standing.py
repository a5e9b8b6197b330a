"""What a plan is made from: the lines that were brought, and what stands in the partnership's tables already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.recognising_lines import Line
from convenor.moving_in.rules.schools import Register
from convenor.partnership.rules.constitution import Constitution


@dataclass(frozen=True, slots=True)
class Brought:
    """One sheet with its lines: `columns` as they were recognised or said; `left` are lines that tell nothing, and why."""

    sheet_id: int
    file_id: int
    file: str
    sheet: str
    kind: Kind
    sure: float
    said: bool
    columns: Mapping[str, int]
    lines: tuple[Line, ...]
    left: tuple[tuple[int, str], ...] = ()
    alone: bool = True

    @property
    def called(self) -> str:
        """How its lines are placed for a reader: by the file, and by the sheet where the file has several."""
        return self.file if self.alone else f"{self.file}, {self.sheet}"

    def where(self, line: Line) -> tuple[str, int]:
        """Where a line stands, and its number, as they are shown."""
        return self.called, line.number


@dataclass(frozen=True, slots=True)
class AboutSchool:
    """A school as the constitution's rules and the words of a plan know it."""

    urn: str
    name: str
    phase: str = ""
    type: str = ""
    trust: str = ""
    federation: str = ""
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """How a school is reached in one role, as it stands."""

    id: int
    urn: str
    role: str
    name: str
    email: str
    phone: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the partnership knows."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody on the register of reviewers, with the trainings that are recorded: kind and day."""

    id: int
    person_id: int
    urn: str
    trainings: frozenset[tuple[str, date]]


@dataclass(frozen=True, slots=True)
class Supporter:
    """An entry of the directory that stands today."""

    id: int
    kind: str
    name: str
    urn: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on the day. `members` are the URNs of today's member schools; `taken` addresses that somebody anywhere signs in with."""

    on: date
    register: Register
    schools: Mapping[str, AboutSchool]
    members: frozenset[str]
    constitution: Constitution | None
    people_of_constitution: Mapping[str, int] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    people: tuple[Person, ...] = ()
    reviewers: tuple[Reviewer, ...] = ()
    supporters: tuple[Supporter, ...] = ()
    designations: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    earlier: frozenset[tuple[str, date, str, str]] = frozenset()
    subscriptions: Mapping[tuple[str, str], tuple[int, bool | None, date | None, date | None, str]] = field(default_factory=dict)

    def name_of(self, urn: str) -> str:
        """A school's name; its URN where the register has none."""
        found = self.schools.get(urn)
        return found.name if found else f"School {urn}"
