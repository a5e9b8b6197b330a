"""`School` and `Group` put together anew from what the editions say, for the URNs that a load or a withdrawal touched.

Private to this feature's actions.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
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
from convenor.registers.rules.projection import CLOSED, CLOSING, OPEN, Described, Saying
from convenor.registers.rules.spelling import fold

#: Families that list every open state-funded school, so that absence from them says something.
COMPLETE_FAMILIES = ("ofsted-mi",)
FIELDS = (
    "urn",
    "laestab",
    "ukprn",
    "name",
    "search_name",
    "authority_id",
    "phase",
    "type_name",
    "type_group",
    "status",
    "opened_on",
    "closed_on",
    "low_age",
    "high_age",
    "gender",
    "religious_character",
    "diocese",
    "admissions",
    "sixth_form",
    "pupils",
    "capacity",
    "trust_id",
    "federation_id",
    "street",
    "town",
    "postcode",
    "website",
    "telephone",
    "easting",
    "northing",
    "lsoa_code",
    "urban_rural",
    "described_by",
)


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
    return dict(json.loads(facts) if isinstance(facts, str) else facts)


def project(editions: Iterable[Edition]) -> None:
    """Put together anew every group and school that these editions speak of, and close those that a complete list leaves out."""
    editions = list(editions)
    if uids := set().union(*(uids_of(edition) for edition in editions)):
        project_groups_named(uids)
    if any(speaks_of_all(edition) for edition in editions):
        project_schools(None)
    elif urns := set().union(*(urns_of(edition) for edition in editions)):
        project_schools(sorted(urns))


def speaks_of_all(edition: Edition) -> bool:
    """Whether an edition says something of schools that it does not name, or names only in links."""
    return edition.family in COMPLETE_FAMILIES or edition.family == "gias-links"


def urns_of(edition: Edition) -> set[str]:
    """The URNs that an edition speaks of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT urn FROM registers_schoolrecord WHERE edition_id = %s", [edition.id])
        return {urn for (urn,) in cursor.fetchall()}


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
        "SELECT urn, edition_id, authority_code, phase, type_name, status, opened_on, closed_on, facts "
        "FROM registers_schoolrecord {} ORDER BY urn"
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
            if len(urn) != 6 or (wanted is not None and urn not in wanted):  # five digits name children's centres, which are no schools
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
            #: Newest first: rank, edition's key, the URNs it names, the authorities it speaks for.
            self.complete = [self._read(cursor, editions, edition_id) for edition_id in reversed(editions.complete)]

    @staticmethod
    def _read(cursor: Any, editions: _Editions, edition_id: int) -> tuple[int, str, frozenset[str], frozenset[str]]:
        cursor.execute(
            "SELECT edition_id, authority_code, type_name, count(*) FROM registers_schoolrecord WHERE status IN ('open', "
            "'proposed to close') "
            "GROUP BY edition_id, authority_code, type_name"
        )
        counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for edition, code, type_name, number in cursor.fetchall():
            if code and type_name and _type(type_name).state_funded and editions.rank[edition] <= editions.rank[edition_id]:
                counts[edition][code] += number
        listed = counts.pop(edition_id, {})
        older: dict[str, int] = {}
        for each in counts.values():
            for code, number in each.items():
                older[code] = max(older.get(code, 0), number)
        covered = projection.areas_covered(listed, older, {code: successors(code) for code in older if code in AUTHORITIES})
        cursor.execute("SELECT urn FROM registers_schoolrecord WHERE edition_id = %s", [edition_id])
        named = frozenset(urn for (urn,) in cursor.fetchall())
        return editions.rank[edition_id], editions.key[edition_id], named, covered

    def leaves_out(self, urn: str, code: str, status_rank: int) -> str:
        """The key of a complete list, newer than the last word on this school, that does not name it; or nothing."""
        for rank, key, named, covered in self.complete:
            if rank > status_rank and code in covered and urn not in named:
                return key
        return ""


def _row(urn: str, sayings: list[Saying], editions: _Editions, lists: _Lists, groups: set[str]) -> tuple[Any, ...]:
    """The row of one school."""
    described = projection.merge(sayings)
    values, by = described.values, described.by
    status = values.get("status", "")
    if status in (OPEN, CLOSING):
        _close(urn, described, editions, lists)
    elif status != CLOSED:
        values.pop("closed_on", None)
    code, type_name = values.get("authority_code", ""), values.get("type_name", "")
    trust, federation = projection.trust_uid(values), values.get("federation_uid", "")
    name = values.setdefault("name", f"School {urn}")
    values["urn"], values["search_name"] = urn, fold(name)
    values["authority_id"] = code if code in AUTHORITIES else None
    values["type_group"] = _type(type_name).group if type_name else ""
    values["trust_id"] = trust if trust in groups else None
    values["federation_id"] = federation if federation in groups else None
    values["described_by"] = _as_text(tuple(by.items()))
    row: list[Any] = [values.get(field, nothing) for field, nothing in _NOTHING]
    for place, length in _LENGTHS:
        if len(row[place]) > length:
            row[place] = row[place][:length]
    return tuple(row)


def _close(urn: str, described: Described, editions: _Editions, lists: _Lists) -> None:
    """A school last heard of as open: closed since, when it was succeeded, or when a complete list leaves it out."""
    values = described.values
    status, code = values["status"], values.get("authority_code", "")
    if status == OPEN:
        values.pop("closed_on", None)
    successions = lists.successions.get(urn)
    succeeded = None
    if successions:
        said_on = editions.day_of_rank[described.status_rank]
        succeeded = projection.closed_by_succession(status, said_on, successions, editions.links_as_at)
    # A school without a type is named only by Ofsted, whose lists hold the state-funded.
    funded = "type_name" not in values or _type(values["type_name"]).state_funded
    unlisted = funded and lists.leaves_out(urn, code, described.status_rank)
    if unlisted:
        described.by["status"] = unlisted
    if succeeded or unlisted:
        values["status"] = CLOSED
        values["closed_on"] = str(succeeded) if succeeded else None


@lru_cache(maxsize=10_000)
def _as_text(by: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(by))


_type = lru_cache(maxsize=2_000)(school_type)
_NULL = {
    "opened_on", "closed_on", "low_age", "high_age", "sixth_form", "pupils", "capacity", "easting", "northing", "authority_id", "trust_id",
    "federation_id",
}  # fmt: skip
_NOTHING = [(field, None if field in _NULL else "") for field in FIELDS]
_LENGTHS = [
    (place, getattr(School._meta.get_field(field), "max_length", None) or 0)
    for place, field in enumerate(FIELDS)
    if field not in _NULL and field != "described_by"
]


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
