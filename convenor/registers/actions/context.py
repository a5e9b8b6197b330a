"""Working out every area's context when data arrive, so that a page only reads it by key.

Each row is named by the digest of the editions it rests on: a row is never changed, and working it out again from the same editions
adds nothing. What rested on an edition that was withdrawn goes with it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from convenor.england.inspections import is_good_or_outstanding, read_grade
from convenor.england.phases import counted_as
from convenor.england.types import school_type
from convenor.journal.actions import Actor, record
from convenor.registers import parquet
from convenor.registers.models import AreaContext, Edition
from convenor.registers.rules import context
from convenor.registers.rules.context import Census, Count, Editions, Grades, Inspections, Pupils, Register

#: Families whose lists hold every phase, so that none listed in an area means none there.
EVERY_PHASE_FAMILIES = ("ofsted-mi", "gias")
CENSUS_FAMILY = "census"
#: Kinds of school that the census marks as not state-funded.
NOT_STATE_FUNDED = ("Independent school",)

_OPEN = """
    r.status IN ('open', 'proposed to close')
    AND (r.opened_on IS NULL OR r.opened_on <= e.as_at) AND (r.closed_on IS NULL OR r.closed_on > e.as_at)
    AND NOT EXISTS (SELECT 1 FROM registers_school s WHERE s.urn = r.urn AND s.fictitious)
"""
_COUNTS = f"""
    SELECT r.edition_id, r.authority_code, r.phase, r.type_name, count(*)
    FROM registers_schoolrecord r JOIN registers_edition e ON e.id = r.edition_id
    WHERE e.withdrawn_at IS NULL AND {_OPEN}
    GROUP BY r.edition_id, r.authority_code, r.phase, r.type_name
"""  # noqa: S608 - our own statement
_INSPECTED = "SELECT DISTINCT edition_id FROM registers_inspection WHERE kind = 'graded'"
_GRADES = f"""
    SELECT r.authority_code, r.phase, r.type_name, g.overall, g.urn IS NOT NULL, count(*)
    FROM registers_schoolrecord r JOIN registers_edition e ON e.id = r.edition_id
    LEFT JOIN (
        SELECT urn, overall, row_number() OVER (PARTITION BY urn ORDER BY started_on IS NULL, started_on DESC, id DESC) AS place
        FROM registers_inspection WHERE kind = 'graded' AND edition_id = %s
    ) g ON g.urn = r.urn AND g.place = 1
    WHERE r.edition_id = %s AND {_OPEN}
    GROUP BY r.authority_code, r.phase, r.type_name, g.overall, g.urn IS NOT NULL
"""  # noqa: S608 - our own statement


def compute_contexts(*, by: Actor | str, at: datetime) -> int:
    """Work out the context of every area on every day that an edition describes; how many rows are new.

    To be called after a load or a withdrawal. An area has a row for a day only when one of its figures is of that day; a later day without
    news of the area adds none. Nothing changes when the editions are the same.
    """
    with transaction.atomic():
        _forget_withdrawn()
        editions, digests = _gather()
        held = set(AreaContext.objects.values_list("run", "area_kind", "area_code", "as_at"))
        new = [row for row in _rows(editions, digests, at) if (row.run, row.area_kind, row.area_code, row.as_at) not in held]
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
        row_id
        for row_id, found in AreaContext.objects.values_list("id", "indicators").iterator(chunk_size=500)
        if not context.rests_on(found) <= standing
    ]
    AreaContext.objects.filter(id__in=gone).delete()


def _rows(editions: Editions, digests: Mapping[str, str], at: datetime) -> Iterable[AreaContext]:
    """One row for each area and day on which a figure of the area is new."""
    for day in editions.dates():
        for where in context.places():
            found = context.indicators(where, day, editions)
            if context.newest_day(found) == day:
                run = run_of(context.rests_on(found), digests)
                yield AreaContext(run=run, area_kind=where.kind, area_code=where.code, as_at=day, indicators=found, computed_at=at)


def run_of(keys: Iterable[str], digests: Mapping[str, str]) -> str:
    """The name of a run: the digest of the rules' version and of the editions that the figures rest on."""
    parts = [context.VERSION, *sorted(digests[key] for key in keys)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _gather() -> tuple[Editions, dict[str, str]]:
    """All that contexts rest on, counted; and each edition's digest by its key."""
    standing = {each.pk: each for each in Edition.objects.filter(withdrawn_at=None)}
    inspected = [standing[pk] for pk in _column(_INSPECTED) if pk in standing]
    pks = {each.key: each.pk for each in standing.values()}
    kept: dict[tuple[str, str], Mapping[context.Place, Grades]] = {}

    def grades(register: str, inspections: str) -> Mapping[context.Place, Grades]:
        if (register, inspections) not in kept:
            kept[register, inspections] = _grades(pks[register], pks[inspections])
        return kept[register, inspections]

    editions = Editions(
        registers=_registers(standing),
        inspections=[Inspections(each.key, each.digest, each.as_at) for each in inspected],
        censuses=[census for each in standing.values() if each.family == CENSUS_FAMILY and (census := _census(each))],
        grades=grades,
    )
    return editions, {each.key: each.digest for each in standing.values()}


def _column(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def _registers(standing: Mapping[int, Edition]) -> list[Register]:
    """Every edition that lists open state-funded schools, counted by authority and phase."""
    counts: dict[int, dict[context.Place, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        for pk, code, phase, type_name, number in cursor.fetchall():
            kind = school_type(type_name)
            if kind.state_funded and code and phase:
                held = counts[pk][code, counted_as(phase)]
                held[0] += number
                held[1] += number if kind.counts_as_academy else 0
    return [
        Register(
            standing[pk].key, standing[pk].digest, standing[pk].as_at,
            {place: Count(*numbers) for place, numbers in held.items()}, standing[pk].family in EVERY_PHASE_FAMILIES,
        )
        for pk, held in counts.items()
    ]  # fmt: skip


def _grades(register: int, inspections: int) -> dict[context.Place, Grades]:
    """The latest grades of a register's open state-funded schools, by authority and phase."""
    counts: dict[context.Place, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    with connection.cursor() as cursor:
        cursor.execute(_GRADES, [inspections, register])
        for code, phase, type_name, overall, seen, number in cursor.fetchall():
            if not school_type(type_name).state_funded:
                continue
            held, grade = counts[code, counted_as(phase)], read_grade(overall or "")
            if grade:
                held[0] += number
                held[1] += number if is_good_or_outstanding(grade) else 0
            else:
                held[2 if seen else 3] += number
    return {place: Grades(*numbers) for place, numbers in counts.items()}


def _census(edition: Edition) -> Census | None:
    """A census counted by authority, from the edition's own columns; None where its table was not kept."""
    table = parquet.read(edition)
    if table is None:
        return None
    names = {name.upper(): name for name in table.column_names}
    columns = [table[names[name]].to_pylist() for name in ("URN", "LA", "SCHOOLTYPE", "NOR", "NUMFSM")]
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    seen = set()
    for urn, code, kind, on_roll, eligible in zip(*columns, strict=True):
        if not urn.isdigit() or urn in seen or kind in NOT_STATE_FUNDED:
            continue
        seen.add(urn)
        held = counts[code]
        if on_roll.isdigit() and eligible.isdigit():
            held[0] += 1
            held[1] += int(eligible)
            held[2] += int(on_roll)
        else:
            held[3] += 1
    return Census(edition.key, edition.digest, edition.as_at, {code: Pupils(*numbers) for code, numbers in counts.items()})
