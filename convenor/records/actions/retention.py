"""Deleting what is past its keeping period: for good, in order, and whole or not at all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connections, router, transaction

from convenor.journal import actions as journal
from convenor.papers import actions as papers
from convenor.partnership.gate import allow, day_of
from convenor.partnership.roles import Permission
from convenor.records.models import RetentionRun
from convenor.records.queries.retention import is_past, ours, rows_of, rule_of, standing, what_goes
from convenor.records.rules.going import Row, batches, children_first


@dataclass(frozen=True, slots=True)
class Retained:
    """What one run did. `gone`: rows deleted, by table; `failed`: rows that could not go and stayed, by table, with why; `held`: rows past
    their period that a hold kept."""

    gone: dict[str, int]
    failed: dict[str, int]
    held: int
    why: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many rows went."""
        return sum(self.gone.values())


class _Altered(Exception):  # noqa: N818 - told to the run, not to a person
    """A row of a batch is no longer what it was when the batch was put together."""


def retain(*, by: Any, at: datetime, invented: bool = False) -> Retained:
    """Deletes for good every row of every partnership whose keeping period is over and that no hold keeps, with all that hangs on it.

    In batches of whole groups, each in one transaction, children first. A batch in which a row was changed meanwhile, or to which
    something new points, stays whole and is told; the holds are asked again before each. What went is written down in numbers, for each
    partnership, with an entry in its journal. `invented` deletes rows of demonstrations too. Raises NotAllowed.
    """
    allow(by, Permission.RETENTION_RUN, partnership="")
    today = day_of(at)
    holds = standing(today)  # before the looking, so that one placed while we look stops the run
    plan = what_goes(viewer=by, today=today, invented=invented)
    order = children_first({label: _points_at(label) for label in plan.counts})
    gone: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    failed: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    why: dict[str, None] = {}
    digests: set[str] = set()
    for batch in batches(plan.groups):
        counts, problem = gone, ""
        try:
            with transaction.atomic():
                if standing(today) != holds:
                    raise _Altered("Somebody placed or ended a hold meanwhile: the rest waits for the next run.")
                found = _delete(batch, order, today)
                connections[router.db_for_write(RetentionRun)].check_constraints()
            digests |= found
        except (_Altered, DatabaseError) as error:
            counts, problem = failed, str(error)
            why.setdefault(problem, None)
        for row in batch:
            counts[plan.whose[row]][row[0]] += 1
    papers.forget_files(digests=digests, by=by, at=at)
    _write_down(gone, failed, by, at)
    return Retained(_together(gone), _together(failed), plan.held, tuple(why))


def retain_due(*, by: Any, at: datetime) -> Retained | None:
    """The night's run: once on a day, and None when it was done already. Raises NotAllowed."""
    allow(by, Permission.RETENTION_RUN, partnership="")
    if RetentionRun.objects.filter(on=day_of(at), partnership="").exists():
        return None
    return retain(by=by, at=at)


def _delete(batch: list[Row], order: list[str], today: Any) -> set[str]:
    """Deletes one batch, children first; the digests of stored documents among it. Raises _Altered when a row is not what it was."""
    keys: dict[str, list[Any]] = defaultdict(list)
    for label, key in batch:
        keys[label].append(key)
    digests: set[str] = set()
    for label in order:
        for part in (keys[label][start : start + 500] for start in range(0, len(keys.get(label, ())), 500)):
            rows, rule = rows_of(label).filter(pk__in=part), rule_of(ours()[label])
            if rule is not None and rule.runs:
                rows = rows.filter(is_past(ours()[label], rule, today))
            standing_rows = [row.pk for row in rows.select_for_update(of=("self",)).only("pk")]
            if len(standing_rows) != len(part):
                raise _Altered("A record was changed while it was to be deleted: it stays, and is looked at again in the next run.")
            if label == "papers.Paper":
                digests.update(rows.values_list("digest", flat=True))
            # not through the table's own manager: rows that stand for ever stand for as long as was promised, and no longer
            rows_of(label).filter(pk__in=part)._raw_delete(using=router.db_for_write(ours()[label]))
    return digests


def _points_at(label: str) -> frozenset[str]:
    return frozenset(
        field.related_model._meta.label
        for field in ours()[label]._meta.concrete_fields
        if field.is_relation and field.related_model is not None and not isinstance(field.related_model, str)
    )


def _write_down(gone: dict[str, dict[str, int]], failed: dict[str, dict[str, int]], by: Any, at: datetime) -> None:
    """One line for each partnership of which something went or could not go; one for the day in any case, that nothing is done twice."""
    said = by if isinstance(by, str) else by.label
    with transaction.atomic():
        for slug in sorted({"", *gone, *failed}):
            counts, stayed = dict(sorted(gone.get(slug, {}).items())), dict(sorted(failed.get(slug, {}).items()))
            row = RetentionRun.objects.create(partnership=slug, on=day_of(at), at=at, by=said[:200], counts=counts, failed=stayed)
            if counts or stayed:
                journal.record(
                    by=by, at=at, verb="records.deleted", subject_kind="retention-run", subject_key=row.pk,
                    subject_label=f"Records past their keeping period: {sum(counts.values())}", partnership=slug,
                    detail={"deleted": counts, "could not go": stayed},
                )  # fmt: skip


def _together(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for of_one in counts.values():
        for label, count in of_one.items():
            found[label] += count
    return dict(sorted(found.items()))
