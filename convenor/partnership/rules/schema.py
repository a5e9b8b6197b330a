"""Every key a constitution file may hold: where it stands, what it means, and the kind of value it takes.

Reading, writing and the table in the how-to all follow this one list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convenor.partnership.rules.constitution import (
    Appointment,
    Area,
    Belonging,
    Body,
    Cap,
    Member,
    ReportingLine,
    Seat,
    Source,
    Tier,
)
from convenor.partnership.rules.kinds_of_value import (
    PARTS,
    AreaCode,
    Choice,
    Count,
    Day,
    ExOfficioTable,
    Identifier,
    Kind,
    Number,
    SelectorText,
    Several,
    Term,
    Text,
    Urn,
    YesNo,
)
from convenor.partnership.rules.vocabulary import (
    PHASES,
    SCHOOL_TYPES,
    Chairing,
    How,
    Hue,
    PartnershipKind,
    Per,
    Status,
)


@dataclass(frozen=True)
class Key:
    """One key of a table: its name in the file, its field in the constitution, and the kind of its value."""

    name: str
    kind: Kind
    field: str = ""
    required: bool = False

    @property
    def held_as(self) -> str:
        """The dataclass field that holds the value."""
        return self.field or self.name


@dataclass(frozen=True)
class Table:
    """A table of the file: what it is called when a problem is named, its keys, and the tables inside it."""

    called: str
    keys: tuple[Key, ...]
    makes: type[Any] | None = None
    inside: Mapping[str, tuple[str, Table]] | None = None

    @property
    def names(self) -> list[str]:
        """Every name that may stand in the table."""
        return [key.name for key in self.keys] + list(self.inside or {})


def _words(values: Any) -> dict[str, Any]:
    return {value.value: value for value in values}


def _keys(values: Mapping[str, str]) -> dict[str, str]:
    return {value: value for value in values}


TEXT, DAY, YES_NO, IDENTIFIER, COUNT = Text(), Day(), YesNo(), Identifier(), Count()
TEXTS, IDENTIFIERS, SELECTORS = Several(TEXT), Several(IDENTIFIER), Several(SelectorText())
PHASE, SCHOOL_TYPE, HOW = Choice(_keys(PHASES)), Choice(_keys(SCHOOL_TYPES)), Choice(_words(How))
FROM, UNTIL, REVIEW = Key("from", DAY, "from_on"), Key("until", DAY, "until_on"), Key("review_on", DAY)
NOTE, SOURCES, NOT_FOUND, PURPOSE = Key("note", TEXT), Key("sources", IDENTIFIERS), Key("not_found", TEXTS), Key("purpose", TEXT)


def tables(body_kinds: Mapping[str, str], roles: Mapping[str, str]) -> dict[str, Table]:
    """The tables of a file in which these kinds of body and these roles may be named (ours and the file's own)."""
    body_kind, role = Choice(_keys(body_kinds)), Choice(_keys(roles))
    who = Key("who", Several(role))
    school = (Key("phase", PHASE), Key("type", SCHOOL_TYPE), Key("trust", TEXT), Key("federation", TEXT))
    seat = Table("seat", _seat_keys(who), Seat)
    line = Table("reporting line", (Key("to", IDENTIFIER, required=True), FROM, UNTIL), ReportingLine)
    inside = {"reporting_line": ("reporting_lines", line), "seat": ("seats", seat)}
    return {
        "area": Table("area", (Key("code", AreaCode(), required=True), Key("name", TEXT, required=True), FROM, UNTIL), Area),
        "source": Table("source", _source_keys(), Source),
        "tier": Table("tier", _tier_keys(), Tier),
        "body": Table("body", _body_keys(body_kind), Body, inside),
        "cap": Table("cap", _cap_keys(who), Cap),
        "belonging": Table("belonging", _belonging_keys(body_kind), Belonging),
        "member": Table(
            "member",
            (Key("school", Urn(), required=True), Key("name", TEXT), *school, Key("bodies", IDENTIFIERS), FROM, UNTIL),
            Member,
        ),
        "appointment": Table("appointment", _appointment_keys(role, school), Appointment),
    }


FIELD_OF_TABLE = {
    "area": "areas",
    "source": "sources",
    "tier": "tiers",
    "body": "bodies",
    "cap": "caps",
    "belonging": "belongings",
    "member": "members",
    "appointment": "appointments",
}
"""The constitution's field that holds each repeated table."""

PARTNERSHIP = Table(
    "partnership",
    (
        Key("id", IDENTIFIER, required=True),
        Key("name", TEXT, required=True),
        Key("kind", Choice(_words(PartnershipKind)), required=True),
        PURPOSE,
        Key("status", Choice(_words(Status))),
        FROM,
        UNTIL,
        REVIEW,
        NOTE,
        Key("sources", IDENTIFIERS, "cites"),
        NOT_FOUND,
    ),
)
"""The one [partnership] table."""


def _source_keys() -> tuple[Key, ...]:
    return (
        Key("id", IDENTIFIER, required=True),
        Key("title", TEXT, required=True),
        Key("publisher", TEXT),
        Key("address", TEXT),
        Key("published", TEXT),
    )


def _tier_keys() -> tuple[Key, ...]:
    return (
        Key("key", IDENTIFIER, required=True),
        Key("name", TEXT, required=True),
        Key("hue", Choice(_words(Hue)), required=True),
        PURPOSE,
        SOURCES,
        NOT_FOUND,
    )


def _body_keys(body_kind: Kind) -> tuple[Key, ...]:
    return (
        Key("id", IDENTIFIER, required=True),
        Key("name", TEXT, required=True),
        Key("kind", body_kind, required=True),
        Key("tier", IDENTIFIER, required=True),
        Key("reports_to", IDENTIFIER),
        FROM,
        UNTIL,
        REVIEW,
        PURPOSE,
        Key("phases", Several(PHASE)),
        Key("members", COUNT),
        Key("schools", COUNT),
        Key("quorum", Number()),
        Key("quorum_percent", Number(1, 100)),
        Key("meets", TEXT),
        Key("meetings_a_year", Number()),
        Key("no_individual_schools", YES_NO),
        Key("chair", Choice(_words(Chairing))),
        Key("replaces", IDENTIFIERS),
        NOTE,
        SOURCES,
        NOT_FOUND,
    )


def _seat_keys(who: Key) -> tuple[Key, ...]:
    return (
        Key("id", IDENTIFIER, required=True),
        Key("title", TEXT, required=True),
        Key("part", Choice(PARTS)),
        Key("places", COUNT),
        Key("constituency", TEXT),
        Key("how", HOW),
        Key("by", TEXT),
        who,
        Key("phases", Several(PHASE)),
        Key("types", Several(SCHOOL_TYPE)),
        Key("post", TEXT),
        Key("independent", YES_NO),
        Key("among_members", YES_NO),
        Key("term", Term(), "term_months"),
        Key("terms_running", Number()),
        Key("release_funded", YES_NO),
        Key("release", TEXT),
        Key("ex_officio", ExOfficioTable()),
        FROM,
        UNTIL,
        NOTE,
        SOURCES,
        NOT_FOUND,
    )


def _cap_keys(who: Key) -> tuple[Key, ...]:
    return (
        Key("bodies", SELECTORS, required=True),
        Key("per", Several(Choice(_words(Per))), required=True),
        Key("at_most", Number()),
        who,
        FROM,
        UNTIL,
    )


def _belonging_keys(body_kind: Kind) -> tuple[Key, ...]:
    return (Key("kind", body_kind, required=True), Key("at_least", Number(0)), Key("at_most", Number()), FROM, UNTIL)


def _appointment_keys(role: Kind, school: tuple[Key, ...]) -> tuple[Key, ...]:
    return (
        Key("body", IDENTIFIER, required=True),
        Key("seat", IDENTIFIER, required=True),
        Key("person", TEXT, required=True),
        FROM,
        UNTIL,
        Key("role", role),
        Key("school", Urn()),
        *school,
        Key("how", HOW),
        Key("successor", TEXT),
        Key("handover", TEXT),
    )
