"""Taking in a directory that somebody else published as Open Referral: services with our extensions, or without them.

What stands in the file is a stranger's word: every part is looked at, texts are kept within their length, and what cannot be understood is
left out and named. Nothing is guessed. PURE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeGuard
from uuid import UUID

from convenor.england.phases import PHASES
from convenor.england.school_years import NotASchoolYearError, read_school_year
from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules.assurance import ASSURER_AT_MOST, SOURCE_AT_MOST, check_assurance
from convenor.support.rules.capacity import HALF_DAYS_AT_MOST
from convenor.support.rules.designations import DESIGNATIONS
from convenor.support.rules.hsds import ACTIVE, DESIGNATION, FORMAT, KIND, PHASE, THEME, URN_SCHEME, Listed, Vouched
from convenor.support.rules.refusals import SupportRefused
from convenor.support.rules.states import AssuranceKind, SupporterKind, SupportFormat

#: More services than any directory of an area holds; a longer file is refused whole.
SERVICES_AT_MOST: Final = 5000
NAME_AT_MOST: Final = 200
SAYS_AT_MOST: Final = 4000
ASSURANCES_AT_MOST: Final = 20
_KNOWN: Final[dict[str, frozenset[str]]] = {
    THEME: frozenset(THEMES),
    PHASE: frozenset(PHASES),
    FORMAT: frozenset(each.value for each in SupportFormat),
    DESIGNATION: frozenset(DESIGNATIONS),
    KIND: frozenset(each.value for each in SupporterKind),
}


class DirectoryRefused(SupportRefused):
    """A file that is no directory that can be taken in; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: entries that can be taken in, and what was left, each with the reason."""

    entries: tuple[Listed, ...]
    left: tuple[str, ...] = field(default=())


def read(content: Any, *, on: date) -> Reading:
    """The entries of a file: a whole list of services, or one service. Raises DirectoryRefused for what is no directory at all.

    `on` is the day: evidence that ended by then, or is dated later, is left out. A service that is not active is left.
    """
    entries: dict[UUID, Listed] = {}
    left: list[str] = []
    for number, each in enumerate(_services(content), 1):
        try:
            entry = _entry(each, on, left, number)
        except DirectoryRefused as refused:
            left.append(f"Service {number}: {refused}")
            continue
        if entry.uid in entries:
            left.append(f"Service {number}: it stands in the file twice, and the first was read")
        else:
            entries[entry.uid] = entry
    return Reading(tuple(entries.values()), tuple(left))


def _services(content: Any) -> list[Any]:
    if isinstance(content, Mapping) and isinstance(content.get("contents"), list):
        if content.get("last_page") is False or content.get("first_page") is False:
            raise DirectoryRefused("This is one page of a longer list. Take in a file of all services. Nothing was changed.")
        services = list(content["contents"])
    elif isinstance(content, Mapping) and "status" in content:
        services = [content]
    elif isinstance(content, list):
        services = content
    else:
        raise DirectoryRefused("This is no list of services as Open Referral writes it: it has no “contents”. Nothing was changed.")
    if len(services) > SERVICES_AT_MOST:
        raise DirectoryRefused(f"More than {SERVICES_AT_MOST:,} services cannot be taken in at once. Nothing was changed.")
    return services


def _entry(raw: Any, on: date, left: list[str], number: int) -> Listed:
    if not isinstance(raw, Mapping):
        raise DirectoryRefused("it is no service")
    uid, name = _uid(raw.get("id")), _text(raw.get("name"), NAME_AT_MOST)
    if not name:
        raise DirectoryRefused("it has no name")
    if raw.get("status") != ACTIVE:
        raise DirectoryRefused(f"“{name}” is not active")
    organisation = raw.get("organization") if isinstance(raw.get("organization"), Mapping) else {}
    assert isinstance(organisation, Mapping)
    terms, unknown = _terms(raw)
    left += [f"Service {number}, “{name}”: the term “{each}” is not known here and was left out" for each in unknown]
    kinds = terms[KIND]
    longitude, latitude = _place(raw)
    year, offered, available = _capacity(raw)
    return Listed(
        uid=uid, kind=SupporterKind(kinds[0]) if kinds else SupporterKind.SERVICE, name=name, urn=_urn(organisation),
        organisation=_text(organisation.get("name"), NAME_AT_MOST), says=_text(raw.get("description"), SAYS_AT_MOST),
        designations=terms[DESIGNATION], expertise=terms[THEME], phases=terms[PHASE], formats=terms[FORMAT], longitude=longitude,
        latitude=latitude, reach_km=_reach(raw), assurances=_assurances(raw, name, on, left, number), year=year, half_days_offered=offered,
        half_days_left=available,
    )  # fmt: skip


def _uid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise DirectoryRefused("its identifier is no UUID") from None


def _text(value: Any, longest: int) -> str:
    """Plain words of a text, without control characters; empty for what is no text."""
    if not isinstance(value, str):
        return ""
    return "".join(each for each in value if each.isprintable() or each == "\n").strip()[:longest]


def _many(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _terms(raw: Mapping[str, Any]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The terms that are ours, by taxonomy, and the codes of ours that are not known. Other taxonomies say nothing to us."""
    found: dict[str, list[str]] = {name: [] for name in _KNOWN}
    unknown = []
    for each in _many(raw.get("attributes")):
        taxonomy, term = each.get("link_type"), each.get("taxonomy_term")
        if taxonomy not in found or not isinstance(term, Mapping):
            continue
        code = _text(term.get("code"), 60)
        if code in _KNOWN[taxonomy]:
            found[taxonomy].append(code)
        else:
            unknown.append(_text(term.get("name"), 60) or code)
    return {name: tuple(dict.fromkeys(codes)) for name, codes in found.items()}, unknown


def _urn(organisation: Mapping[str, Any]) -> str:
    for each in _many(organisation.get("organization_identifiers")):
        urn = _text(each.get("identifier"), 8)
        if each.get("identifier_scheme") == URN_SCHEME and each.get("identifier_type") == "URN" and urn.isdigit():
            return urn
    return ""


def _place(raw: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Longitude and latitude of the first place in the British Isles that is named."""
    for each in _many(raw.get("service_at_locations")):
        place = each.get("location")
        if isinstance(place, Mapping):
            longitude, latitude = place.get("longitude"), place.get("latitude")
            if _number(longitude) and _number(latitude) and -9 <= longitude <= 3 and 49 <= latitude <= 61:
                return float(longitude), float(latitude)
    return None, None


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _reach(raw: Mapping[str, Any]) -> int | None:
    for each in _many(raw.get("service_areas")):
        km = each.get("reach_km")
        if _number(km) and 0 < km <= 1000:
            return int(km)
    return None


def _capacity(raw: Mapping[str, Any]) -> tuple[str, int, int]:
    """School year, half days offered and half days left; nothing where the unit is another one or no school year is named."""
    for each in _many(raw.get("capacities")):
        unit = each.get("unit")
        if not isinstance(unit, Mapping) or _text(unit.get("name"), 40).casefold() != "half day":
            continue
        try:
            year = read_school_year(_text(each.get("description"), 60).lower().removeprefix("school year")).label
        except NotASchoolYearError:
            continue
        most, available = each.get("maximum"), each.get("available")
        if _number(most) and _number(available) and 0 <= available <= most <= HALF_DAYS_AT_MOST:
            return year, int(most), int(available)
    return "", 0, 0


def _assurances(raw: Mapping[str, Any], name: str, on: date, left: list[str], number: int) -> tuple[Vouched, ...]:
    """The evidence that counts on the day; each other piece is named among what was left."""
    found = []
    for each in _many(raw.get("assurances"))[:ASSURANCES_AT_MOST]:
        try:
            kind, begins, ends = AssuranceKind(str(each.get("kind"))), _day(each.get("assured_on")), _day(each.get("valid_until_on"))
            assurer, source = _text(each.get("assurer"), ASSURER_AT_MOST), _text(each.get("source"), SOURCE_AT_MOST)
            check_assurance(kind, supporter=name, assurer=assurer, source=source, assured_on=begins, valid_until_on=ends, on=on)
        except (ValueError, SupportRefused) as error:
            said = str(error).removesuffix(" Nothing was changed.")
            left.append(f"Service {number}, “{name}”: evidence was left out. {said}")
            continue
        if ends < on:
            left.append(f"Service {number}, “{name}”: evidence that ended on {ends.isoformat()} was left out")
            continue
        found.append(Vouched(kind, assurer, source, begins, ends))
    return tuple(found)


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise DirectoryRefused(f"“{str(value)[:40]}” is no day.") from None
