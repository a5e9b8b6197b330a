"""Working out every area's context when data arrive, so that a page only reads it by key.

Each row is named by the digest of the editions it rests on: a row is never changed, and working it out again from the same editions
adds nothing. What rested on an edition that was withdrawn goes with it.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from convenor.england.authorities import AUTHORITIES, successors
from convenor.england.inspections import is_good_or_outstanding, read_grade
from convenor.england.phases import counted_as
from convenor.england.school_years import read_school_year
from convenor.england.types import school_type
from convenor.journal.actions import Actor, record
from convenor.registers import parquet
from convenor.registers.models import AreaContext, AreaReading, Edition, School, SchoolLink
from convenor.registers.rules import context
from convenor.registers.rules.context import Census, Count, Editions, Grades, Inspections, Pupils, Register

#: Families whose lists hold every phase, so that none listed in an area means none there.
EVERY_PHASE_FAMILIES = ("ofsted-mi", "gias")
MAIN_PHASES = ("Primary", "Secondary")
CENSUS_FAMILY = "census"
HEADCOUNT_FAMILY = "headcounts"
#: A census is counted by today's authorities when it can be told of this share of an abolished one's schools where they are.
NEARLY_ALL = 0.9
#: Kinds of school that the census marks as not state-funded.
NOT_STATE_FUNDED = ("Independent school",)

_RECORDS = """
    SELECT r.edition_id, r.urn, r.authority_code, r.phase, r.type_name,
        r.status IN ('open', 'proposed to close')
        AND (r.opened_on IS NULL OR r.opened_on <= e.as_at) AND (r.closed_on IS NULL OR r.closed_on > e.as_at)
    FROM registers_schoolrecord r JOIN registers_edition e ON e.id = r.edition_id
    WHERE e.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM registers_school s WHERE s.urn = r.urn AND s.fictitious)
"""
#: Invented inspections are nobody's: an edition of them must never be taken for the newest news of real schools.
_INSPECTED = """
    SELECT DISTINCT i.edition_id FROM registers_inspection i JOIN registers_edition e ON e.id = i.edition_id
    WHERE i.kind = 'graded' AND e.family <> 'fictitious'
"""
_LATEST_GRADES = """
    SELECT urn, overall FROM (
        SELECT urn, overall, row_number() OVER (PARTITION BY urn ORDER BY started_on IS NULL, started_on DESC, id DESC) AS place
        FROM registers_inspection WHERE kind = 'graded' AND edition_id = %s
    ) graded WHERE place = 1
"""


class Listed(NamedTuple):
    """An open school as an edition lists it."""

    urn: str
    code: str
    phase: str
    type_name: str


def compute_contexts(*, by: Actor | str, at: datetime) -> int:
    """Work out the context of every area on every day that an edition describes; how many rows are new.

    To be called after a load or a withdrawal. An area has a row for a day only when one of its figures is of that day; a later day without
    news of the area adds none, and a day on which nothing describes it any more goes. Nothing changes when the editions are the same.
    """
    with transaction.atomic():
        _forget_withdrawn()
        editions, digests = _gather()
        worked_out = {(row.area_kind, row.area_code, row.as_at): row for row in _rows(editions, digests, at)}
        held = AreaContext.objects.order_by("computed_at", "id").values_list("area_kind", "area_code", "as_at", "run", "id")
        read = {(kind, code, day): run for kind, code, day, run, _ in held}
        new = [row for place, row in worked_out.items() if read.get(place) != row.run]
        again = {(row.area_kind, row.area_code, row.as_at, row.run) for row in new}
        gone = [pk for *place, run, pk in held if tuple(place) not in worked_out or (*place, run) in again]
        for start in range(0, len(gone), 500):
            AreaContext.objects.filter(id__in=gone[start : start + 500]).delete()
        AreaContext.objects.bulk_create(new, batch_size=200)
        if new:
            days = sorted({row.as_at.isoformat() for row in new})
            record(
                by=by, at=at, verb="context.computed", subject_kind="context", subject_key=context.VERSION,
                subject_label=f"the context of {len({(row.area_kind, row.area_code) for row in new})} areas",
                detail={"rows": len(new), "days": days},
            )  # fmt: skip
    return len(new)


def _forget_withdrawn() -> None:
    """Take away what rested on an edition that does not stand any more."""
    standing = set(Edition.objects.filter(withdrawn_at=None).values_list("key", flat=True))
    gone = [
        pk
        for pk, found in AreaContext.objects.values_list("id", "indicators").iterator(chunk_size=500)
        if not context.rests_on(found) <= standing
    ]
    for start in range(0, len(gone), 500):
        AreaContext.objects.filter(id__in=gone[start : start + 500]).delete()


def _rows(editions: Editions, digests: Mapping[str, str], at: datetime) -> Iterable[AreaContext]:
    """One row for each area and day on which a figure of the area is new. An authority has none of days before it existed."""
    for day in editions.dates():
        for where in context.places():
            if not context.existed(where, day):
                continue
            found = context.indicators(where, day, editions)
            if context.newest_day(found) == day:
                run = _run_of(found, digests)
                yield AreaContext(run=run, area_kind=where.kind, area_code=where.code, as_at=day, indicators=found, computed_at=at)


def _run_of(found: Mapping[str, Mapping[str, Any]], digests: Mapping[str, str]) -> str:
    """The name of a run: the digest of the rules' version, of the editions that the figures rest on, and of the figures themselves."""
    parts = [context.VERSION, *sorted(digests[key] for key in context.rests_on(found)), json.dumps(found, sort_keys=True)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _gather() -> tuple[Editions, dict[str, str]]:
    """All that contexts rest on, counted; and each edition's digest by its key."""
    standing = {each.pk: each for each in Edition.objects.filter(withdrawn_at=None)}
    listed = _listed(standing)
    pks = {each.key: each.pk for each in standing.values()}
    latest: dict[str, dict[str, str]] = {}
    kept: dict[tuple[str, str], Mapping[context.Place, Grades]] = {}

    def grades(register: str, inspections: str) -> Mapping[context.Place, Grades]:
        if inspections not in latest:
            latest[inspections] = dict(_fetched(_LATEST_GRADES, [pks[inspections]]))
        if (register, inspections) not in kept:
            kept[register, inspections] = _grades(listed[pks[register]], latest[inspections])
        return kept[register, inspections]

    inspected = [standing[pk] for (pk,) in _fetched(_INSPECTED) if pk in standing]
    now = _Now()
    censuses = [census for each in standing.values() if each.family == CENSUS_FAMILY and (census := _census(each, now))]
    editions = Editions(
        registers=[_register(standing[pk], schools) for pk, schools in listed.items()],
        inspections=[Inspections(each.key, each.digest, each.as_at) for each in inspected],
        censuses=[*censuses, *_published_pupils(standing)],
        grades=grades,
    )
    return editions, {each.key: each.digest for each in standing.values()}


def _fetched(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return list(cursor.fetchall())


def _listed(standing: Mapping[int, Edition]) -> dict[int, list[Listed]]:
    """What each edition lists as open, each school with its authority, phase and type.

    An edition that leaves out a school's authority or type (an outcomes file names neither) borrows it, by the URN, from the edition
    nearest in time that gives it: a URN keeps its type for life, since a school that converts gets a new one.
    """
    listed: dict[int, list[Listed]] = defaultdict(list)
    said: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    wanting: set[str] = set()
    for pk, urn, code, phase, type_name, is_open in _fetched(_RECORDS):
        if is_open:
            listed[pk].append(Listed(urn, code, phase, type_name))
            if not (code and type_name):
                wanting.add(urn)
        if code or type_name:
            said[urn].append((pk, code, type_name))
    for pk, schools in listed.items():
        day = standing[pk].as_at
        for place, school in enumerate(schools):
            if school.urn in wanting and not (school.code and school.type_name):
                near = sorted(said[school.urn], key=lambda each: (abs((standing[each[0]].as_at - day).days), each[0]))
                code = school.code or next((each[1] for each in near if each[1]), "")
                type_name = school.type_name or next((each[2] for each in near if each[2]), "")
                schools[place] = Listed(school.urn, code, school.phase, type_name)
    return listed


def _register(edition: Edition, schools: Sequence[Listed]) -> Register:
    """An edition's open state-funded schools, counted by authority and phase."""
    counts: dict[context.Place, list[int]] = defaultdict(lambda: [0, 0])
    unplaced = 0
    for school in schools:
        kind = school_type(school.type_name)
        if not (school.code and school.type_name):
            unplaced += 1
        elif kind.state_funded and school.phase:
            held = counts[school.code, counted_as(school.phase)]
            held[0] += 1
            held[1] += kind.counts_as_academy
    held_by_place = {place: Count(*numbers) for place, numbers in counts.items()}
    # A cut of such a list that holds primaries and secondaries alone says nothing of the phases that it leaves out.
    every_phase = edition.family in EVERY_PHASE_FAMILIES and any(phase not in MAIN_PHASES for _, phase in held_by_place)
    return Register(edition.key, edition.digest, edition.as_at, held_by_place, every_phase, unplaced)


def _grades(schools: Sequence[Listed], latest: Mapping[str, str]) -> dict[context.Place, Grades]:
    """The latest grades of a register's open state-funded schools, by authority and phase."""
    counts: dict[context.Place, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for school in schools:
        if not (school.code and school_type(school.type_name).state_funded):
            continue
        held, grade = counts[school.code, counted_as(school.phase)], read_grade(latest.get(school.urn, ""))
        if grade:
            held[0] += 1
            held[1] += is_good_or_outstanding(grade)
        else:
            held[2 if school.urn in latest else 3] += 1
    return {place: Grades(*numbers) for place, numbers in counts.items()}


class _Now:
    """In which of its successors a school of an abolished authority lies now: by its URN, or that of the school it became."""

    def __init__(self) -> None:
        new = {later for code, each in AUTHORITIES.items() if not each.live for later in successors(code)}
        schools = School.objects.filter(authority_id__in=new, fictitious=False).order_by("urn")
        self._codes = {urn: code or "" for urn, code in schools.values_list("urn", "authority_id")}
        links = SchoolLink.objects.filter(kind__startswith="Successor", linked_urn__in=self._codes.keys()).order_by("id")
        for urn, later in links.values_list("urn", "linked_urn") if self._codes else ():
            self._codes.setdefault(urn, self._codes[later])

    def code(self, urn: str, old: str) -> str:
        """The successor's code; the old one where it cannot be told."""
        found = self._codes.get(urn, "")
        return found if found in successors(old) else old


def _census(edition: Edition, now: _Now) -> Census | None:
    """A census counted by authority, from the edition's own columns; None where its table was not kept.

    Schools that it names under an authority abolished since are counted under the successor they lie in now, where that can be told of
    nearly all of them; the rest stay under the old code, so that the old area's and England's figures are whole.
    """
    table = parquet.read(edition)
    if table is None:
        return None
    names = {name.upper(): name for name in table.column_names}
    columns = [table[names[name]].to_pylist() for name in ("URN", "LA", "SCHOOLTYPE", "NOR", "NUMFSM")]
    rows = {urn: rest for urn, *rest in zip(*columns, strict=True) if urn.isdigit() and rest[1] not in NOT_STATE_FUNDED}
    told: dict[str, list[bool]] = defaultdict(list)
    for urn, (code, *_) in rows.items():
        if code in AUTHORITIES and not AUTHORITIES[code].live:
            told[code].append(now.code(urn, code) != code)
    moved = {old for old, found in told.items() if sum(found) >= NEARLY_ALL * len(found)}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for urn, (code, _, on_roll, eligible) in rows.items():
        held = counts[now.code(urn, code) if code in moved else code]
        if on_roll.isdigit() and eligible.isdigit():
            held[0] += 1
            held[1] += int(eligible)
            held[2] += int(on_roll)
        else:
            held[3] += 1
    pupils = {code: Pupils(*numbers) for code, numbers in counts.items()}
    return Census(edition.key, edition.digest, edition.as_at, pupils, moved=frozenset(moved))


def _published_pupils(standing: Mapping[int, Edition]) -> list[Census]:
    """Pupils on roll and eligible as the Department published them by authority, a census for each year that has both."""
    rows = AreaReading.objects.filter(
        edition__in=[pk for pk, each in standing.items() if each.family == HEADCOUNT_FAMILY],
        area_kind="authority", measure__in=("fsm_eligible_pupils", "pupils_on_roll"), value__isnull=False,
    ).values_list("edition_id", "period", "area_code", "measure", "value")  # fmt: skip
    found: dict[tuple[int, str], dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for pk, period, code, measure, value in rows:
        found[pk, period][code][measure] = value or 0
    censuses = []
    for (pk, period), codes in found.items():
        counts = {
            code: Pupils(0, int(each["fsm_eligible_pupils"]), int(each["pupils_on_roll"])) for code, each in codes.items() if len(each) == 2
        }
        if counts:
            edition = standing[pk]
            censuses.append(Census(edition.key, edition.digest, read_school_year(period).census_on, counts, published=True))
    return censuses
