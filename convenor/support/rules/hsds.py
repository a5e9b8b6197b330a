"""The published directory as Open Referral writes it (Human Services Data Specification 3), out and in.

A supporter is a *service* of an *organization*. What the standard has no word for stands beside it: `capacities` with its `unit`, as the
standard itself has them from 3.1 on, counted in half days of one school year; and `assurances`, our own, since for the standard to be
assured means only that the entry was looked over. Names of persons are never published: a person stands there as what they are and where
they come from. PURE: entries in, JSON-ready values out; `hsds_reading` reads them back.
Source: https://docs.openreferral.org/en/latest/hsds/ (CC BY-SA 4.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from convenor.england.phases import PHASES
from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules.designations import DESIGNATIONS
from convenor.support.rules.states import AssuranceKind, SupporterKind, SupportFormat

#: Names of our taxonomies, as an attribute of a service says of each of its terms.
THEME, PHASE, FORMAT, DESIGNATION, KIND = "theme", "phase", "format", "designation", "kind"
TAXONOMIES: Final = {
    THEME: "Themes of school improvement",
    PHASE: "Phases of education",
    FORMAT: "Ways of giving support",
    DESIGNATION: "Designations",
    KIND: "Kinds of supporter",
}
UNIT_NAME: Final = "Half day"
URN_SCHEME: Final = "GB-EDU"
#: The root of the identifiers that are made from names.
_ROOT: Final = uuid5(NAMESPACE_URL, "https://docs.openreferral.org/")
ACTIVE: Final = "active"


@dataclass(frozen=True, slots=True)
class Vouched:
    """One piece of evidence, as it is published."""

    kind: AssuranceKind
    assurer: str
    source: str
    assured_on: date
    valid_until_on: date


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it is published and taken in. `name` of a person is what they are and where they come from, never their own.

    `half_days_*` are of the school year `year`. `longitude` and `latitude` are degrees.
    """

    uid: UUID
    kind: SupporterKind
    name: str
    organisation: str
    urn: str = ""
    says: str = ""
    designations: tuple[str, ...] = ()
    expertise: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    reach_km: int | None = None
    assurances: tuple[Vouched, ...] = ()
    year: str = ""
    half_days_offered: int = 0
    half_days_left: int = 0


def service_list(
    entries: Iterable[Listed], *, at: datetime, names: Mapping[str, Mapping[str, str]], page: int = 1, size: int = 100
) -> dict[str, Any]:  # fmt: skip
    """One page of services, as the standard's list of services has them. A page beyond the last is empty."""
    known = sorted(entries, key=lambda each: str(each.uid))
    pages = max(1, -(-len(known) // size))
    shown = known[(page - 1) * size : page * size]
    return {
        "total_items": len(known),
        "total_pages": pages,
        "page_number": page,
        "size": len(shown),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not shown,
        "contents": [service(each, at=at, names=names) for each in shown],
    }


def service(entry: Listed, *, at: datetime, names: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """One supporter as a service. `names` gives the name of each term by taxonomy and key."""
    uid = entry.uid
    organisation = _id(uid, "organization")
    found: dict[str, Any] = {
        "id": str(uid),
        "organization_id": organisation,
        "name": entry.name,
        "description": entry.says,
        "status": ACTIVE,
        "last_modified": at.isoformat(),
        "organization": organization(entry),
        "attributes": [_attribute(uid, taxonomy, key, names) for taxonomy, keys in _terms(entry).items() for key in keys],
        "service_areas": [_area(entry)],
        "assurances": [_assurance(each) for each in entry.assurances],
    }
    if entry.assurances:
        newest = max(entry.assurances, key=lambda each: each.assured_on)
        found["accreditations"] = "; ".join(f"{each.assurer}, until {each.valid_until_on.isoformat()}" for each in entry.assurances)
        found["assured_date"] = newest.assured_on.isoformat()
    if entry.longitude is not None and entry.latitude is not None:
        found["service_at_locations"] = [_at_location(entry)]
    if entry.year:
        found["capacities"] = [_capacity(entry, at)]
    return found


def organization(entry: Listed) -> dict[str, Any]:
    """Whose supporter it is, as an organization of the standard; a school carries its URN."""
    pk = _id(entry.uid, "organization")
    found: dict[str, Any] = {"id": pk, "name": entry.organisation, "description": f"Lends support to schools: {entry.organisation}"}
    if entry.urn:
        found["organization_identifiers"] = [
            {
                "id": _id(entry.uid, "urn"), "organization_id": pk, "identifier_scheme": URN_SCHEME, "identifier_type": "URN",
                "identifier": entry.urn,
            }
        ]  # fmt: skip
    return found


def _terms(entry: Listed) -> dict[str, tuple[str, ...]]:
    return {
        KIND: (entry.kind.value,), THEME: entry.expertise, PHASE: entry.phases, FORMAT: entry.formats, DESIGNATION: entry.designations,
    }  # fmt: skip


def _attribute(uid: UUID, taxonomy: str, key: str, names: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    name = names.get(taxonomy, {}).get(key, key)
    term = str(uuid5(_ROOT, f"{taxonomy}/{key}"))
    return {
        "id": _id(uid, f"{taxonomy}/{key}"), "link_id": str(uid), "link_entity": "service", "link_type": taxonomy,
        "taxonomy_term_id": term,
        "taxonomy_term": {"id": term, "code": key, "name": name, "description": name, "taxonomy": TAXONOMIES[taxonomy]},
    }  # fmt: skip


def _area(entry: Listed) -> dict[str, Any]:
    says = "The whole area" if entry.reach_km is None else f"Within {entry.reach_km} km in a straight line"
    return {"id": _id(entry.uid, "area"), "service_id": str(entry.uid), "name": says, "extent_type": "text", "extent": says} | (
        {} if entry.reach_km is None else {"reach_km": entry.reach_km}
    )


def _assurance(each: Vouched) -> dict[str, Any]:
    return {
        "kind": each.kind.value, "assurer": each.assurer, "source": each.source, "assured_on": each.assured_on.isoformat(),
        "valid_until_on": each.valid_until_on.isoformat(),
    }  # fmt: skip


def _at_location(entry: Listed) -> dict[str, Any]:
    place = _id(entry.uid, "location")
    return {
        "id": _id(entry.uid, "at"), "service_id": str(entry.uid), "location_id": place,
        "location": {
            "id": place, "location_type": "physical", "name": entry.organisation, "latitude": entry.latitude, "longitude": entry.longitude,
        },
    }  # fmt: skip


def _capacity(entry: Listed, at: datetime) -> dict[str, Any]:
    unit = str(uuid5(_ROOT, "unit/half-day"))
    return {
        "id": _id(entry.uid, f"capacity/{entry.year}"), "service_id": str(entry.uid), "unit_id": unit,
        "unit": {"id": unit, "name": UNIT_NAME},
        "available": entry.half_days_left, "maximum": entry.half_days_offered, "description": f"School year {entry.year}",
        "updated": at.isoformat(),
    }  # fmt: skip


def _id(uid: UUID, part: str) -> str:
    """The identifier of a part of an entry: the same each time it is published."""
    return str(uuid5(uid, part))


def names_of_terms(designations: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The names of all terms, as pages show them. `designations` are those of the partnership by key."""
    return {
        THEME: {key: theme.name for key, theme in THEMES.items()},
        PHASE: {each: each for each in PHASES},
        FORMAT: {each.value: each.value.capitalize() for each in SupportFormat},
        DESIGNATION: {key: each.said for key, each in DESIGNATIONS.items()} | dict(designations),
        KIND: {each.value: each.value.capitalize() for each in SupporterKind},
    }
