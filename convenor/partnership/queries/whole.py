"""A partnership's tables read back as the constitution that the pure rules understand.

For queries and actions of this feature only: what comes back is everything, and hides nothing from anyone. Six queries,
or seven with the member schools.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, DateField, F, QuerySet, TextField, When
from django.db.models.functions import Cast

from convenor.england.authorities import successors
from convenor.partnership.models import Appointment, Body, BodySchool, Membership, ReportingLine, Seat
from convenor.partnership.models import Constitution as Version
from convenor.partnership.queries.holdings import PartnershipHere
from convenor.partnership.rules import constitution as rules
from convenor.partnership.rules.published import phase_key, type_key
from convenor.partnership.rules.schema import Table
from convenor.partnership.rules.storing import from_row, layout
from convenor.partnership.rules.vocabulary import BODY_KINDS, ROLES, How


@dataclass(frozen=True, slots=True)
class SchoolHere:
    """A school that sits in a body, as a drawing shows it: a dot sized by its pupils."""

    urn: str
    name: str
    phase: str
    pupils: int | None
    fictitious: bool
    trust: str = ""
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One appointment as the tables hold it, beside the name by which the rules know its holder."""

    id: int
    person_id: int
    person: str
    body: str
    seat: str
    school: str
    school_name: str
    organisation: str
    successor_id: int | None
    from_on: date | None
    until_on: date | None
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A partnership whole. `people` maps the rules' name of a person to the person's key; `schools` a body's key to its schools.

    `kinds` and `roles` give the title of every kind of body and role that any version of its constitution knows.
    """

    here: PartnershipHere
    constitution: rules.Constitution
    version_id: int
    version_from_on: date
    loaded_at: datetime
    kinds: dict[str, str]
    roles: dict[str, str]
    body_ids: dict[str, int] = field(default_factory=dict)
    seat_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    sittings: tuple[Sitting, ...] = ()
    schools: dict[str, tuple[SchoolHere, ...]] = field(default_factory=dict)
    school_names: dict[str, str] = field(default_factory=dict)

    def records_holders(self, on: date) -> bool:
        """Whether anybody's time in any seat is recorded to have begun by the day. Where none is, an empty seat tells nothing."""
        return any(each.from_on is None or each.from_on <= on for each in self.sittings)


Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the tables hold of a partnership, as the database gives it: read quickly, compared and pickled cheaply.

    Only `version` has been through Django's fields: elsewhere a day may still be text, and a truth a number.
    """

    version: Row
    bodies: tuple[Row, ...]
    lines: tuple[Row, ...]
    seats: tuple[Row, ...]
    appointments: tuple[Row, ...]
    placed: tuple[Row, ...]
    versions: tuple[str, ...] = ()
    """What every version says beside bodies and seats, newest first: an ended body may be of a kind the newest has no word for."""


VERSION_FIELDS = (
    "id", "loaded_at", "own", "partnership_id", "partnership__slug", "partnership__name", "partnership__kind", "partnership__rooms_off",
    "partnership__demonstration", "from_on",
)  # fmt: skip
BODY_FIELDS = ("id", "key", "own", "from_on", "until_on", "review_on")


def read_rows(slug: str, *, on: date | None = None) -> Rows | None:
    """Every row of a partnership but its members and people's posts; None when there is none, or it has no constitution. Six queries.

    `on` chooses the version of the constitution that stood on that day (the earliest, on a day before any), None the newest.
    """
    versions = Version.objects.filter(partnership__slug=slug).annotate(own=Cast("rules", TextField()))
    if on is not None:
        stood = Case(When(from_on__lte=on, then=F("from_on")), output_field=DateField()).desc(nulls_last=True)
        versions = versions.order_by(stood, "from_on", "-loaded_at", "-id")
    else:
        versions = versions.order_by("-loaded_at", "-id")
    all_versions = list(versions.values_list(*VERSION_FIELDS))
    if not all_versions:
        return None
    version = all_versions[0]
    pk = version[3]
    bodies = Body.objects.filter(partnership_id=pk).annotate(own=Cast("rules", TextField())).order_by("order", "id")
    lines = ReportingLine.objects.filter(partnership_id=pk).order_by("from_on", "id")
    seats = Seat.objects.filter(partnership_id=pk).annotate(own=Cast("rules", TextField())).order_by("order", "id")
    appointments = Appointment.objects.filter(partnership_id=pk).order_by("seat_id", "from_on", "id")
    placed = BodySchool.objects.filter(partnership_id=pk).order_by("school__name", "id")
    return Rows(
        version=version,
        bodies=_as_given(bodies.values_list(*BODY_FIELDS)),
        lines=_as_given(lines.values_list("body_id", "reports_to_id", "from_on", "until_on")),
        seats=_as_given(seats.values_list("id", "body_id", "key", "own", "from_on", "until_on")),
        appointments=_as_given(appointments.values_list(*APPOINTMENT_FIELDS)),
        placed=_as_given(placed.values_list(*PLACED_FIELDS)),
        versions=tuple(each[2] for each in sorted(all_versions, key=lambda each: (each[1], each[0]), reverse=True)),
    )


def _as_given(rows: QuerySet[Any, Any]) -> tuple[Row, ...]:
    """The rows of a query as the database gives them. Django's way through every field of a thousand rows costs twice the reading."""
    with connection.cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        return tuple(cursor.fetchall())


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def read_whole(slug: str, *, on: date | None = None, members: bool = False) -> Whole | None:
    """Everything the tables hold of a partnership, past, present and to come; None when there is none, or it has no constitution.

    `on` is as for `read_rows`. With `members`, the constitution also lists its member schools, which takes one more query.
    """
    rows = read_rows(slug, on=on)
    return whole_of(rows, members=members) if rows else None


def whole_of(found: Rows, *, members: bool = False) -> Whole:
    """The same from rows that have been read already. No query, but one for the `members`."""
    version_id, loaded_at, own_text, pk, slug, name, kind, rooms_off, demonstration, from_on = found.version
    own = json.loads(own_text)
    kinds, roles = _words((own_text, *found.versions))
    tables = layout(kinds, roles)
    keys = {row[0]: row[1] for row in found.bodies}
    lines = _lines(found.lines, keys)
    seats, seat_ids = _seats(found.seats, kinds, roles, keys)
    bodies = tuple(_body(row, tables["body"], lines.get(row[0], ()), tuple(seats.get(row[0], ()))) for row in found.bodies)
    appointments, sittings, people = _appointments(found.appointments)
    placed, rows_of_schools, school_names = _placed(found.placed, keys)
    listed = {part: tuple(from_row(row, tables[table]) for row in own.get(part, [])) for part, table in LISTED.items()}
    about: dict[str, Any] = own.get("partnership", {}) | {"id": slug, "name": name, "kind": kind}
    constitution = from_row(
        about, replace(tables["partnership"], makes=rules.Constitution), kinds=_pairs(own, "kinds"), roles=_pairs(own, "roles"),
        bodies=bodies, appointments=appointments, members=_members(pk, placed) if members else (), **listed,
    )  # fmt: skip
    return Whole(
        here=PartnershipHere(pk, slug, name, _area(listed["areas"]), tuple(rooms_off or ()), demonstration),
        constitution=constitution,
        version_id=version_id,
        version_from_on=from_on,
        loaded_at=loaded_at,
        kinds=BODY_KINDS | dict(kinds),
        roles=ROLES | dict(roles),
        body_ids={key: body_id for body_id, key in keys.items()},
        seat_ids=seat_ids,
        people=people,
        sittings=sittings,
        schools=rows_of_schools,
        school_names=school_names,
    )


LISTED = {"areas": "area", "sources": "source", "tiers": "tier", "caps": "cap", "belongings": "belonging"}


def _area(areas: tuple[rules.Area, ...]) -> str:
    return next(iter(successors(areas[0].code)), "") if areas else ""


def _lines(rows: Iterable[Row], keys: dict[int, str]) -> dict[int, tuple[rules.ReportingLine, ...]]:
    """Each body's reporting lines, earliest first."""
    found: dict[int, list[rules.ReportingLine]] = defaultdict(list)
    for body_id, to, from_on, until_on in rows:
        found[body_id].append(rules.ReportingLine(keys[to], _day(from_on), _day(until_on)))
    return {body_id: tuple(each) for body_id, each in found.items()}


Pairs = tuple[tuple[str, str], ...]


def _pairs(own: dict[str, Any], name: str) -> Pairs:
    """The further kinds of body or roles that one version declares, each with its title."""
    return tuple((key, title) for key, title in own.get(name, []))


@lru_cache(maxsize=256)
def _words(versions: tuple[str, ...]) -> tuple[Pairs, Pairs]:
    """The further kinds and roles of all versions together: where several declare one, the first that is given has its title."""
    kinds: dict[str, str] = {}
    roles: dict[str, str] = {}
    for own in map(json.loads, reversed(versions)):
        kinds |= dict(_pairs(own, "kinds"))
        roles |= dict(_pairs(own, "roles"))
    return tuple(sorted(kinds.items())), tuple(sorted(roles.items()))


@lru_cache(maxsize=4096)
def _seat(own: str, kinds: Pairs, roles: Pairs, from_on: date | None, until_on: date | None) -> rules.Seat:
    """A seat of the tables as the rules know it. Seats alike are read once: nothing in one can change."""
    return from_row(json.loads(own), layout(kinds, roles)["seat"], from_on=from_on, until_on=until_on)  # type: ignore[no-any-return]


def _seats(
    rows: Iterable[Row], kinds: Pairs, roles: Pairs, keys: dict[int, str]
) -> tuple[dict[int, list[rules.Seat]], dict[tuple[str, str], int]]:
    found: dict[int, list[rules.Seat]] = defaultdict(list)
    ids: dict[tuple[str, str], int] = {}
    for pk, body_id, key, own, from_on, until_on in rows:
        found[body_id].append(_seat(own, kinds, roles, _day(from_on), _day(until_on)))
        ids[keys[body_id], key] = pk
    return found, ids


def _body(row: Row, table: Table, lines: tuple[rules.ReportingLine, ...], seats: tuple[rules.Seat, ...]) -> rules.Body:
    """A body of the tables as the rules know it. A reporting line without days is simply to whom it reports."""
    own, from_on, until_on, review_on = row[2], _day(row[3]), _day(row[4]), _day(row[5])
    always = next((line.to for line in lines if line.from_on is None and line.until_on is None), "")
    dated = tuple(line for line in lines if line.from_on is not None or line.until_on is not None)
    instead = {"from_on": from_on, "until_on": until_on, "review_on": review_on, "reports_to": always}
    return from_row(json.loads(own), table, seats=seats, reporting_lines=dated, **instead)  # type: ignore[no-any-return]


APPOINTMENT_FIELDS = (
    "id", "person_id", "person__name", "seat__body__key", "seat__key", "school_id", "school__name", "school__phase", "school__type_name",
    "school__trust_id", "school__federation_id", "trust_id", "organisation", "role", "told", "how", "from_on", "until_on", "successor_id",
    "successor__name", "hand_over", "ended_why",
)  # fmt: skip


def _appointments(rows: Iterable[Row]) -> tuple[tuple[rules.Appointment, ...], tuple[Sitting, ...], dict[str, int]]:
    """Every appointment ever made. Two people of one name are told apart by a number in brackets."""
    people: dict[str, int] = {}
    names: dict[int, str] = {}
    found, sittings = [], []
    for row in rows:
        if row[1] not in names:
            names[row[1]] = row[2] if row[2] not in people else f"{row[2]} ({row[1]})"
            people[names[row[1]]] = row[1]
        (pk, person_id, _, body, seat, urn, school, phase, type_name, school_trust, federation, trust, organisation, role, told, how,
         from_on, until_on, successor_id, successor, hand_over, why) = row  # fmt: skip
        from_on, until_on = _day(from_on), _day(until_on)
        told = json.loads(told) if isinstance(told, str) else told
        found.append(
            rules.Appointment(
                body=body, seat=seat, person=names[person_id], from_on=from_on, until_on=until_on, role=role, school=urn or "",
                trust=school_trust or trust or told.get("trust", ""), federation=federation or told.get("federation", ""),
                phase=phase_key(phase or "") or told.get("phase", ""), type=type_key(type_name or "") or told.get("type", ""),
                how=How(how) if how else None, successor=successor or "", handover=hand_over,
            )
        )  # fmt: skip
        sittings.append(
            Sitting(
                pk, person_id, names[person_id], body, seat, urn or "", school or "", organisation, successor_id, from_on, until_on, why
            )
        )
    return tuple(found), tuple(sittings), people


PLACED_FIELDS = (
    "body_id", "school_id", "school__name", "school__phase", "school__pupils", "school__fictitious", "school__trust_id",
    "from_on", "until_on",
)  # fmt: skip
MEMBER_FIELDS = (
    "school_id", "school__name", "school__phase", "school__type_name", "school__trust_id", "school__federation_id", "from_on", "until_on",
)  # fmt: skip
Placed = dict[str, list[tuple[str, date | None, date | None]]]


def _placed(found: Iterable[Row], keys: dict[int, str]) -> tuple[Placed, dict[str, tuple[SchoolHere, ...]], dict[str, str]]:
    """Which schools sit in which bodies and when; and the same as a drawing needs it."""
    placed: Placed = defaultdict(list)
    drawn: dict[str, list[SchoolHere]] = defaultdict(list)
    names: dict[str, str] = {}
    for body_id, urn, name, phase, pupils, fictitious, trust, from_on, until_on in found:
        from_on, until_on = _day(from_on), _day(until_on)
        placed[urn].append((keys[body_id], from_on, until_on))
        names[urn] = name
        drawn[keys[body_id]].append(SchoolHere(urn, name, phase, pupils, bool(fictitious), trust or "", from_on, until_on))
    return placed, {key: tuple(each) for key, each in drawn.items()}, names


def _members(partnership_id: int, placed: Placed) -> tuple[rules.Member, ...]:
    """The member schools, a row for each stretch of days over which the bodies they sit in stay the same."""
    rows = Membership.objects.filter(partnership_id=partnership_id).order_by("school__name", "from_on").values_list(*MEMBER_FIELDS)
    found = []
    for urn, name, phase, type_name, trust, federation, from_on, until_on in rows:
        about = rules.Member(urn, name, phase_key(phase), type_key(type_name), trust or "", federation or "", (), from_on, until_on)
        found += _stretches(about, placed.get(urn, []))
    return tuple(found)


def _stretches(member: rules.Member, placed: list[tuple[str, date | None, date | None]]) -> list[rules.Member]:
    days = {day for _, from_on, until_on in placed for day in (from_on, until_on) if day is not None}
    inside = sorted(day for day in days if (member.from_on or date.min) < day and (member.until_on is None or day < member.until_on))
    starts: list[date | None] = [member.from_on, *inside]
    ends: list[date | None] = [*inside, member.until_on]
    found = []
    for start, end in zip(starts, ends, strict=True):
        first = start or date.min
        bodies = tuple(
            key for key, from_on, until_on in placed if (from_on or date.min) <= first and (until_on is None or first < until_on)
        )
        found.append(replace(member, bodies=bodies, from_on=start, until_on=end))
    return found
