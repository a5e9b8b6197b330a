"""What a school is, from what many editions say of it: for each field, the newest edition that says anything.

The order in which editions were loaded never matters: records are merged in the order of the days they describe, then of family and digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

#: Fields of a school, by the group under which a page says which edition they come from.
GROUPS: dict[str, tuple[str, ...]] = {
    "identity": ("name", "laestab", "ukprn", "authority_code", "phase", "type_name"),
    "status": ("status", "opened_on", "closed_on"),
    "character": ("low_age", "high_age", "gender", "religious_character", "diocese", "admissions", "sixth_form"),
    "size": ("pupils", "capacity"),
    "groups": ("mat_uid", "sat_uid", "federation_uid"),
    "address": ("street", "town", "postcode", "website", "telephone"),
    "place": ("easting", "northing", "lsoa_code", "urban_rural"),
}
GROUP_OF: dict[str, str] = {name: group for group, names in GROUPS.items() for name in names}
#: Said of a school that a complete list shows in no multi-academy trust.
NO_TRUST = "-"
OPEN, CLOSED, PROPOSED, CLOSING = "open", "closed", "proposed", "proposed to close"
#: A list of open schools speaks for an area when it names at least this share of the schools that an older list had there.
COVERAGE = 0.7
#: ... and at least this many there: a handful of rows closes nothing.
LEAST_LISTED = 10
#: A list that covers this many authorities speaks for all of England, and so for schools whose authority is not known.
ENGLAND_COVERED = 120


@dataclass(frozen=True, slots=True)
class Saying:
    """What one edition says of one school. `rank` orders editions: day described, family, digest."""

    rank: int
    edition_key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Described:
    """A school put together: the value of each field that anyone gave, and for each group of fields the edition that spoke last."""

    values: dict[str, Any]
    by: dict[str, str]
    #: Rank of the newest edition that said whether the school is open.
    status_rank: int


def merge(sayings: Iterable[Saying]) -> Described:
    """The newest word on each field. Blank says nothing; `sixth_form` False says something."""
    values: dict[str, Any] = {}
    by: dict[str, str] = {}
    status_rank = -1
    for saying in sorted(sayings, key=_rank):
        for name, value in saying.values.items():
            if value is None or value == "":
                continue
            values[name] = value
            by[GROUP_OF[name]] = saying.edition_key
            if name == "status":
                status_rank = saying.rank
    return Described(values, by, status_rank)


def _rank(saying: Saying) -> int:
    return saying.rank


def trust_uid(values: Mapping[str, Any]) -> str:
    """The trust a school is in: its multi-academy trust; where a list says it has none, its single-academy trust; or nothing."""
    multi = str(values.get("mat_uid") or "")
    return multi if multi and multi != NO_TRUST else str(values.get("sat_uid") or "")


def closed_by_succession(
    status: str, as_at: date | None, successions: Iterable[tuple[str, date | None]], links_as_at: date | None
) -> date | None:
    """The day on which a school that was open became another, or None.

    `successions` are the kind and day of its published links; `as_at` the day of the word that it was open. Only a link that names a
    successor
    and is dated after that word, and not after the links were published, closes it.
    """
    if status not in (OPEN, CLOSING) or as_at is None or links_as_at is None:
        return None
    days = [day for kind, day in successions if kind.startswith("Successor") and day is not None and as_at < day <= links_as_at]
    return min(days, default=None)


def areas_covered(listed: Mapping[str, int], older: Mapping[str, int], now: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The authorities for which a list of all open schools is complete enough that a school not on it is open no more.

    `listed` counts the list's schools by authority, `older` the most that any earlier edition had open there, `now` gives for an
    authority the
    live ones it lies in today. A cut of one area, or a handful of rows, never closes the rest of England.
    """
    covered = set()
    for code, before in older.items():
        here = sum(listed.get(each, 0) for each in {code, *now.get(code, (code,))})
        if here >= LEAST_LISTED and here >= COVERAGE * before:
            covered.add(code)
    if len(covered) >= ENGLAND_COVERED:
        covered.add("")
    return frozenset(covered)
