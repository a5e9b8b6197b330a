"""`School` and `Group` put together anew from what the editions say, for the URNs that a load or a withdrawal touched.

Private to this feature's actions.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError, QuerySet

from convenor.england.authorities import AUTHORITIES, successors
from convenor.england.types import school_type
from convenor.registers.actions.writing import upsert
from convenor.registers.models import Edition, Group, LocalAuthority, School
from convenor.registers.rules import projection
from convenor.registers.rules.projection import CLOSED, OPEN, Saying
from convenor.registers.rules.spelling import fold

#: Families that list every open state-funded school, so that absence from them says something.
COMPLETE_FAMILIES = ("ofsted-mi",)
FIELDS = (
    "urn", "laestab", "ukprn", "name", "search_name", "authority_id", "phase", "type_name", "type_group", "status", "opened_on", "closed_on",
    "low_age", "high_age", "gender", "religious_character", "diocese", "admissions", "sixth_form", "pupils", "capacity", "trust_id",
    "federation_id", "street", "town", "postcode", "website", "telephone", "easting", "northing", "lsoa_code", "urban_rural", "described_by",
)  # fmt: skip
_LENGTHS = {field.attname: field.max_length for field in School._meta.concrete_fields if field.max_length}


class _Editions:
    """The editions that stand, in the order in which they speak."""

    def __init__(self) -> None:
        rows = Edition.objects.filter(withdrawn_at=None).values_list("as_at", "family", "digest", "id", "key")
        ordered = sorted(rows)
        self.rank = {row[3]: rank for rank, row in enumerate(ordered)}
        self.key = {row[3]: row[4] for row in ordered}
        self.as_at = {row[3]: row[0] for row in ordered}
        self.day_of_rank = [row[0] for row in ordered]
        self.complete = [row[3] for row in ordered if row[1] in COMPLETE_FAMILIES]
        links = [row[0] for row in ordered if row[1] == "gias-links"]
        self.links_as_at: date | None = max(links, default=None)


def ensure_authorities(codes: Iterable[str]) -> None:
    """Rows for local authorities that are not there yet, from the facts of England."""
    known = set(LocalAuthority.objects.values_list("code", flat=True))
    new = [AUTHORITIES[code] for code in sorted(set(codes) - known) if code in AUTHORITIES]
    LocalAuthority.objects.bulk_create(
        LocalAuthority(
            code=each.code, gss_code=each.gss_codes[0] if each.gss_codes else "", name=each.name, region=each.region,
            region_code=each.region_code, opened_on=each.opened_on, closed_on=each.closed_on,
        )
        for each in new
    )  # fmt: skip


def uids_of(edition: Edition) -> set[str]:
    """The groups that an edition names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT uid FROM registers_grouprecord WHERE edition_id = %s", [edition.id])
        return {uid for (uid,) in cursor.fetchall()}


def project_groups(edition: Edition) -> None:
    """Put together anew the groups that this edition names."""
    project_groups_named(uids_of(edition))


def project_groups_named(uids: set[str]) -> None:
    """Put together anew these groups; one that no edition names any more goes."""
    editions = _Editions()
    rows, spoken = [], set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT uid, edition_id, facts FROM registers_grouprecord ORDER BY uid")
        for uid, records in groupby(_fetched(cursor), key=itemgetter(0)):
            if uid not in uids:
                continue
            spoken.add(uid)
            facts: dict[str, Any] = {}
            last = None
            for _, edition_id, given in sorted(records, key=lambda record: editions.rank[record[1]]):
                facts.update({name: value for name, value in _loaded(given).items() if value not in (None, "")})
                last = edition_id
            rows.append(
                (uid, facts.get("group_id", ""), facts.get("name", "")[:200], facts.get("kind", ""), facts.get("status", ""),
                 facts.get("companies_house_number", ""), facts.get("ukprn", ""), facts.get("opened_on"), facts.get("closed_on"), last)
            )  # fmt: skip
    names = ("uid", "group_id", "name", "kind", "status", "companies_house_number", "ukprn", "opened_on", "closed_on", "edition_id")
    upsert(Group, "uid", names, rows, unless="fictitious")
    gone = sorted(uids - spoken)
    for start in range(0, len(gone), 500):
        Group.objects.filter(uid__in=gone[start : start + 500], fictitious=False).delete()


def _loaded(facts: Any) -> dict[str, Any]:
    return json.loads(facts) if isinstance(facts, str) else facts


def project_schools_of(edition: Edition) -> None:
    """Put together anew every school that this edition speaks of, and close those that a complete list leaves out."""
    if edition.family in COMPLETE_FAMILIES or edition.family == "gias-links":
        project_schools(None)
    else:
        project_schools(urns_of(edition))


def urns_of(edition: Edition) -> list[str]:
    """The URNs that an edition speaks of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT urn FROM registers_schoolrecord WHERE edition_id = %s", [edition.id])
        return [urn for (urn,) in cursor.fetchall()]


def project_schools(urns: list[str] | None) -> None:
    """Put together anew these schools, or (None) all. A school of which no edition speaks any more goes, unless something refers to it."""
    editions = _Editions()
    groups = set(Group.objects.values_list("uid", flat=True))
    lists = _Lists(editions)
    rows, spoken = [], set()
    for urn, sayings in _sayings(editions, urns):
        spoken.add(urn)
        rows.append(_row(urn, sayings, editions, lists, groups))
    ensure_authorities({row[5] for row in rows if row[5]})
    upsert(School, "urn", FIELDS, rows, unless="fictitious")
    _remove_unspoken(spoken, urns)


def _sayings(editions: _Editions, urns: list[str] | None) -> Iterator[tuple[str, list[Saying]]]:
    """What each edition says of each school, school by school."""
    statement = (
        "SELECT urn, edition_id, authority_code, phase, type_name, status, opened_on, closed_on, facts FROM registers_schoolrecord {} ORDER BY urn"
    )
    with connection.cursor() as cursor:
        if urns is None or len(urns) > 500:
            cursor.execute(statement.format(""))
            wanted = None if urns is None else set(urns)
        else:
            marks = ", ".join(["%s"] * len(urns))
            cursor.execute(statement.format(f"WHERE urn IN ({marks or 'NULL'})"), urns)
            wanted = None
        for urn, records in groupby(_fetched(cursor), key=itemgetter(0)):
            if wanted is not None and urn not in wanted:
                continue
            yield urn, [_saying(record, editions) for record in records]


def _fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(5_000):
        yield from rows


def _saying(record: tuple[Any, ...], editions: _Editions) -> Saying:
    _, edition_id, authority, phase, type_name, status, opened_on, closed_on, facts = record
    values = _loaded(facts)
    values |= {
        "authority_code": authority, "phase": phase, "type_name": type_name, "status": status,
        "opened_on": opened_on and str(opened_on), "closed_on": closed_on and str(closed_on),
    }  # fmt: skip
    return Saying(editions.rank[edition_id], editions.key[edition_id], values)


class _Lists:
    """The newest complete list of open schools, whom it names, for which authorities it speaks, and the links that end a school's life."""

    def __init__(self, editions: _Editions) -> None:
        self.successions: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT urn, kind, established_on FROM registers_schoollink WHERE kind LIKE 'Successor%%'", [])
            for urn, kind, day in cursor.fetchall():
                self.successions[urn].append((kind, date.fromisoformat(day) if isinstance(day, str) else day))
            #: Newest first: rank, edition's key, the day, the URNs it names, the authorities it speaks for.
            self.complete = [self._read(cursor, editions, edition_id) for edition_id in reversed(editions.complete)]

    @staticmethod
    def _read(cursor: Any, editions: _Editions, edition_id: int) -> tuple[int, str, date, frozenset[str], frozenset[str]]:
        cursor.execute(
            "SELECT edition_id, authority_code, type_name, count(*) FROM registers_schoolrecord WHERE status IN ('open', 'proposed to close') "
            "GROUP BY edition_id, authority_code, type_name"
        )
        counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for edition, code, type_name, number in cursor.fetchall():
            if code and type_name and school_type(type_name).state_funded and editions.rank[edition] <= editions.rank[edition_id]:
                counts[edition][code] += number
        listed = counts.pop(edition_id, {})
        older: dict[str, int] = {}
        for each in counts.values():
            for code, number in each.items():
                older[code] = max(older.get(code, 0), number)
        covered = projection.areas_covered(listed, older, {code: successors(code) for code in older if code in AUTHORITIES})
        cursor.execute("SELECT urn FROM registers_schoolrecord WHERE edition_id = %s", [edition_id])
        named = frozenset(urn for (urn,) in cursor.fetchall())
        return editions.rank[edition_id], editions.key[edition_id], editions.as_at[edition_id], named, covered

    def leaves_out(self, urn: str, code: str, status_rank: int) -> str:
        """The key of a complete list, newer than the last word on this school, that does not name it; or nothing."""
        for rank, key, _, named, covered in self.complete:
            if rank > status_rank and code in covered and urn not in named:
                return key
        return ""


def _row(urn: str, sayings: list[Saying], editions: _Editions, lists: _Lists, groups: set[str]) -> tuple[Any, ...]:
    """The row of one school."""
    described = projection.merge(sayings)
    values, by = described.values, described.by
    kind = school_type(values.get("type_name", ""))
    status, closed_on = values.get("status", ""), values.get("closed_on")
    if status in (OPEN, projection.CLOSING):
        closed_on = closed_on if status == projection.CLOSING else None
        said_on = editions.day_of_rank[described.status_rank]
        succeeded = projection.closed_by_succession(status, said_on, lists.successions.get(urn, ()), editions.links_as_at)
        unlisted = kind.state_funded and lists.leaves_out(urn, values.get("authority_code", ""), described.status_rank)
        if unlisted:
            by["status"] = unlisted
        if succeeded or unlisted:
            status, closed_on = CLOSED, str(succeeded) if succeeded else None
    code = values.get("authority_code", "")
    trust, federation = projection.trust_uid(values), values.get("federation_uid", "")
    name = values.get("name", "") or f"School {urn}"
    derived = {
        "urn": urn, "search_name": fold(name), "authority_id": code if code in AUTHORITIES else None, "type_group": kind.group if values.get("type_name") else "",
        "status": status, "closed_on": closed_on, "trust_id": trust if trust in groups else None, "name": name,
        "federation_id": federation if federation in groups else None, "described_by": json.dumps(by),
    }  # fmt: skip
    return tuple(_fitting(field, derived[field] if field in derived else values.get(field)) for field in FIELDS)


_NULL = {"opened_on", "closed_on", "low_age", "high_age", "sixth_form", "pupils", "capacity", "easting", "northing", "authority_id", "trust_id", "federation_id"}


def _fitting(field: str, value: Any) -> Any:
    """A value as its column takes it: nothing as null or the empty text, long texts cut."""
    if value is None:
        return None if field in _NULL else ""
    length = _LENGTHS.get(field)
    return value[:length] if length and isinstance(value, str) else value


def _remove_unspoken(spoken: set[str], urns: list[str] | None) -> None:
    """Schools that editions once described and none does any more; one that something refers to stays, described by nothing."""
    described = School.objects.filter(fictitious=False).exclude(described_by={})
    known = set(described.values_list("urn", flat=True)) if urns is None else set(urns)
    gone = sorted(known - spoken)
    for start in range(0, len(gone), 500):
        _remove(described, gone[start : start + 500])


def _remove(described: QuerySet[School], urns: list[str]) -> None:
    try:
        with transaction.atomic():
            described.filter(urn__in=urns).delete()
    except ProtectedError as error:
        held = {getattr(each, "school_id", None) for each in error.protected_objects}
        free = [urn for urn in urns if urn not in held]
        described.filter(urn__in=[urn for urn in urns if urn in held]).update(described_by={})
        if len(free) < len(urns):
            _remove(described, free)
        else:  # held by something that names the school otherwise
            described.filter(urn__in=urns).update(described_by={})
