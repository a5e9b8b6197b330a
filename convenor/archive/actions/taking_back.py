"""A change taken back whole: what it added is removed, what it altered is as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from convenor.archive.actions.rows import add, alter, hold, remove
from convenor.archive.queries.reading import leaning, standing
from convenor.archive.queries.tables import model_of, table
from convenor.archive.rules.changes import Change, Changes, Key, Verb, altered
from convenor.archive.rules.refusals import ChangedSince
from convenor.archive.rules.telling import altered_since, leans_on_it, said_of
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission

SINCE = (
    "Something was changed after it, so it is not taken back: either all of it can be undone, or none of it. Nothing was changed. "
    "Look at what is named here; undo or end those changes first, or mend by hand what you wanted to take back."
)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many rows were removed, put back and made as they were; `counts` by table and what had happened to them."""

    removed: int
    put_back: int
    as_before: int
    counts: dict[str, dict[str, int]]


def take_back(*, slug: str, changes: Changes, by: Viewer | str, at: datetime) -> TakenBack:
    """Takes back what `changes_between` found, in one transaction: whole, or not at all.

    By whoever may bring things in. Raises ChangedSince, which names each, when a row that was added or changed was altered since, when
    a key that became free was given again, or when a later row leans on one that would go. Rows that are written once and stand for
    ever are removed here all the same, together with their histories: what never should have come in was never written down. The
    journal keeps that it was there and who took it back. Raises NotAllowed for anybody else, ValueError for another partnership's.
    """
    allow(by, Permission.MOVE_IN, partnership=slug)
    if changes.slug != slug:
        raise ValueError(f"These are changes of {changes.slug}, not of {slug}.")
    try:
        with transaction.atomic():
            _hold(changes)
            found = [*_altered(changes, by), *_leaning(changes, by)]
            if found:
                raise ChangedSince(SINCE, tuple(dict.fromkeys(found)))
            _undo(changes)
            connection.check_constraints(sorted({model_of(each.table)._meta.db_table for each in changes.changes}))
            journal.record(
                by=by, at=at, verb="changes.taken-back", subject_kind="changes", subject_key=slug,
                subject_label=f"{len(changes)} rows", partnership=slug, detail=changes.counts(),
            )  # fmt: skip
    except IntegrityError as error:
        raise ChangedSince(SINCE, ("a row that took the place of one that would come back",)) from error
    new, gone, changed = (len(changes.of(verb)) for verb in (Verb.NEW, Verb.GONE, Verb.CHANGED))
    return TakenBack(new, gone, changed, changes.counts())


def _by_table(changes: Iterable[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for each in changes:
        found.setdefault(each.table, []).append(each)
    return found


def _hold(changes: Changes) -> None:
    """Nobody else changes these rows until it is done."""
    for label, each in _by_table(changes.changes).items():
        hold(label, [change.key for change in each])


def _altered(changes: Changes, by: Viewer | str) -> Iterable[str]:
    for label, each in _by_table(changes.changes).items():
        now = standing(table(label), [change.key for change in each], viewer=by)
        for change in each:
            if altered(change, now.get(change.key)):
                yield altered_since(table(label).name, change, now.get(change.key))


def _leaning(changes: Changes, by: Viewer | str) -> Iterable[str]:
    """Rows that are no part of the changes and point at a row that would go."""
    going: dict[str, dict[Key, Change]] = {label: {c.key: c for c in each} for label, each in _by_table(changes.of(Verb.NEW)).items()}
    changed = {(c.table, c.key) for c in changes.of(Verb.CHANGED)}
    for label, each in going.items():
        for other, key, to in leaning(label, each, viewer=by):
            if key not in going.get(other.label, {}) and (other.label, key) not in changed:
                yield leans_on_it(other.name, said_of(each[to].after or {}), table(label).name)


def _undo(changes: Changes) -> None:
    for label, each in _by_table(changes.changes).items():
        of = table(label)
        remove(of, [change.key for change in each if change.verb is Verb.NEW])
        for change in each:
            if change.before is not None and change.verb is Verb.CHANGED:
                alter(of, change.key, {name: change.before[name] for name in change.columns})
        add(of, [change.before for change in each if change.verb is Verb.GONE and change.before is not None])
