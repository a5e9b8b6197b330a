"""Computing a run over all England when data arrive, with everybody's similar schools, and withdrawing one with the edition it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from convenor.intelligence.actions.inserting import insert_rows
from convenor.intelligence.actions.similar_sets import clear_sets, keep_sets, sets_of, sets_stand
from convenor.intelligence.models import Run, RunSchool
from convenor.journal.actions import Actor, record
from convenor.partnership.queries.holdings import day_of
from convenor.registers.calm import calm
from convenor.registers.queries.loaded import standing_keys

if TYPE_CHECKING:
    from convenor.intelligence.queries.gathering import WorkedOut

_COLUMNS = (
    "run_id", "urn", "authority_code", "phase", "fictitious", "lines", "contributions", "score", "score_maximum", "uncertainty", "rank_raw",
    "rank_similar", "suggested", "suggested_by",
)  # fmt: skip
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def compute_run(*, by: Actor | str, at: datetime) -> Run | None:
    """Reckon all schools of England anew, where the standing editions, the weights or the rules have changed; the new run, else None.

    To be called after a load or a withdrawal. Runs whose editions were taken back are marked as withdrawn first, and kept. A run is written
    whole or not at all, and with it, in the place of the former, everybody's similar schools: the very ones it held each school against.
    Where a former run stands again, its similar schools are found again, as of its day. Frozen sets are never touched.
    """
    with calm():
        return _reckon(by, at)[0]


def compute_similar(*, by: Actor | str, at: datetime) -> int:
    """As `compute_run`, for whoever asks for similar schools: how many schools have a set that is new; 0 where nothing has changed."""
    with calm():
        return _reckon(by, at)[1]


def _reckon(by: Actor | str, at: datetime) -> tuple[Run | None, int]:
    """The new run, if any, and the number of schools whose similar schools were found with it."""
    from convenor.intelligence.queries import gathering

    withdraw_runs(by=by, at=at)
    what = gathering.basis(viewer=by)
    if what is None:
        clear_sets()
        return None, 0
    standing = Run.objects.filter(digest=what.digest, withdrawn_at=None).first()
    if standing is not None and sets_stand(what.digest):
        return None, 0
    on = day_of(at if standing is None else standing.computed_at)
    try:
        if standing is None:
            return _keep(gathering.work_out(what, viewer=by, on=on), by, at)
        sets = sets_of(gathering.gather(what, viewer=by, on=on), on=on, at=at)
        with transaction.atomic():
            keep_sets(sets, by=by, at=at)
        return None, sets.schools
    except IntegrityError:
        if Run.objects.filter(digest=what.digest, withdrawn_at=None).exists() and sets_stand(what.digest):
            return None, 0  # somebody else reckoned the same meanwhile
        raise


def _keep(found: WorkedOut, by: Actor | str, at: datetime) -> tuple[Run, int]:
    """Write a run, its schools and their similar schools, all or nothing."""
    from convenor.intelligence.rules import assessing

    what, rows = found.gathered.basis, list(_rows(found))
    real = [row for row in rows if not row[3]]
    sets = sets_of(found.gathered, on=day_of(at), at=at)
    with transaction.atomic():
        run = Run.objects.create(
            digest=what.digest, as_at=what.as_at, weights_year=found.assessed.weights.year, rules_version=assessing.VERSION,
            editions=sorted(each.key for each in what.editions), lists=_lists(found), england=assessing.england(found.assessed),
            schools=len(real), suggested=sum(row[11] for row in real), computed_at=at,
            computed_by=(by if isinstance(by, str) else by.label)[:200],
        )  # fmt: skip
        insert_rows(RunSchool, _COLUMNS, [(run.pk, *row) for row in rows])
        keep_sets(sets, by=by, at=at)
        record(
            by=by, at=at, verb="run.computed", subject_kind="run", subject_key=run.key, subject_label=str(run),
            detail={"schools": run.schools, "editions": len(run.editions), "weights": run.weights_year},
        )  # fmt: skip
    return run, sets.schools


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


def _lists(found: WorkedOut) -> dict[str, Any]:
    return found.assessed.lists({each.number: each.key for each in found.gathered.basis.editions}).as_dict()


def _rows(found: WorkedOut) -> Iterator[tuple[Any, ...]]:
    """The rows of a run, in the order of _COLUMNS without the first."""
    from convenor.intelligence.rules import assessing

    listed = found.gathered.listed
    phases, real = listed.phases.tolist(), listed.counts.tolist()
    for one in assessing.each_school(found.assessed):
        yield (
            listed.urns[one.place], listed.authorities[one.place], phases[one.place], not real[one.place], _compact(one.rows),
            _compact(one.contributions), one.score, one.score_maximum, one.uncertainty, one.rank_raw or None, one.rank_similar or None,
            bool(one.suggested_by), _compact(one.suggested_by),
        )  # fmt: skip
