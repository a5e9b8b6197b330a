"""Computing a run over all England when data arrive, and withdrawing one with the edition it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction

from convenor.intelligence.models import Run, RunSchool
from convenor.journal.actions import Actor, record
from convenor.partnership.queries.holdings import day_of
from convenor.registers.queries.loaded import standing_keys

if TYPE_CHECKING:
    from convenor.intelligence.queries.gathering import Gathered

#: Rows written to the database at a time.
CHUNK = 2_000
_COLUMNS = (
    "run_id", "urn", "authority_code", "phase", "fictitious", "lines", "contributions", "score", "score_maximum", "uncertainty", "rank_raw",
    "rank_similar", "suggested", "suggested_by",
)  # fmt: skip
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def compute_run(*, by: Actor | str, at: datetime) -> Run | None:
    """Reckon all schools of England anew, where the standing editions, the weights or the rules have changed; the new run, else None.

    To be called after a load or a withdrawal. Runs whose editions were taken back are marked as withdrawn first, and kept. A run is written
    whole or not at all.
    """
    from convenor.intelligence.queries import gathering

    withdraw_runs(by=by, at=at)
    what = gathering.basis(viewer=by)
    if what is None or Run.objects.filter(digest=what.digest, withdrawn_at=None).exists():
        return None
    found = gathering.work_out(what, viewer=by, on=day_of(at))
    rows = list(_rows(found))
    try:
        return _keep(found, what.digest, rows, by, at)
    except IntegrityError:
        if Run.objects.filter(digest=what.digest, withdrawn_at=None).exists():
            return None  # somebody else reckoned the same meanwhile
        raise


def _keep(found: Gathered, digest: str, rows: list[tuple[Any, ...]], by: Actor | str, at: datetime) -> Run:
    """Write a run and its schools, all or nothing."""
    from convenor.intelligence.rules import assessing

    real = [row for row in rows if not row[3]]
    with transaction.atomic():
        run = Run.objects.create(
            digest=digest, as_at=found.basis.as_at, weights_year=found.assessed.weights.year, rules_version=assessing.VERSION,
            editions=sorted(each.key for each in found.basis.editions), lists=_lists(found), england=assessing.england(found.assessed),
            schools=len(real), suggested=sum(row[11] for row in real), computed_at=at,
            computed_by=(by if isinstance(by, str) else by.label)[:200],
        )  # fmt: skip
        _write(run.pk, rows)
        record(
            by=by, at=at, verb="run.computed", subject_kind="run", subject_key=run.key, subject_label=str(run),
            detail={"schools": run.schools, "editions": len(run.editions), "weights": run.weights_year},
        )  # fmt: skip
    return run


def withdraw_runs(*, by: Actor | str, at: datetime) -> int:
    """Mark as withdrawn every run that rests on an edition which does not stand any more; how many. Their lines are kept.

    An edition that was taken back and loaded again is a new one: a run resting on the former stays withdrawn.
    """
    standing = standing_keys(viewer=by)
    gone = [run for run in Run.objects.filter(withdrawn_at=None) if not set(run.editions) <= standing]
    with transaction.atomic():
        for run in gone:
            lost = sorted(set(run.editions) - standing)
            run.withdrawn_at, run.withdrawn_why = at, f"It rests on {', '.join(lost[:3])}, which was taken back."
            run.save(update_fields=["withdrawn_at", "withdrawn_why"])
            record(
                by=by, at=at, verb="run.withdrawn", subject_kind="run", subject_key=run.key, subject_label=str(run), why=run.withdrawn_why
            )
    return len(gone)


def _lists(found: Gathered) -> dict[str, Any]:
    return found.assessed.lists({each.number: each.key for each in found.basis.editions}).as_dict()


def _rows(found: Gathered) -> Iterator[tuple[Any, ...]]:
    """The rows of a run, in the order of _COLUMNS without the first."""
    from convenor.intelligence.rules import assessing

    listed = found.listed
    phases, real = listed.phases.tolist(), listed.counts.tolist()
    for one in assessing.each_school(found.assessed):
        yield (
            listed.urns[one.place], listed.authorities[one.place], phases[one.place], not real[one.place], _compact(one.rows),
            _compact(one.contributions), one.score, one.score_maximum, one.uncertainty, one.rank_raw or None, one.rank_similar or None,
            bool(one.suggested_by), _compact(one.suggested_by),
        )  # fmt: skip


def _write(run_id: int, rows: list[tuple[Any, ...]]) -> None:
    """Many rows at once: twenty times as quick as an object for each."""
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    places = ", ".join(["%s"] * len(_COLUMNS))
    statement = f'INSERT INTO "{RunSchool._meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608 - names are our own fields
    with connection.cursor() as cursor:
        for start in range(0, len(rows), CHUNK):
            cursor.executemany(statement, [(run_id, *row) for row in rows[start : start + CHUNK]])
