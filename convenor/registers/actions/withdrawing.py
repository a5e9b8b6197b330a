"""Taking an edition back."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, models, transaction

from convenor.journal.actions import Actor, record
from convenor.registers import parquet
from convenor.registers.actions import projecting
from convenor.registers.actions.context import compute_contexts
from convenor.registers.models import Edition, RefusedRow


class NoSuchEditionError(LookupError):
    """No edition of that key stands; the message names the nearest."""


def withdraw(*, edition_key: str, by: Actor | str, at: datetime, why: str = "") -> Edition:
    """Take an edition back: its rows go, schools and groups are put together anew from the editions that stand, and it stays on record
    as withdrawn.

    Raises NoSuchEditionError when none of that key stands.
    """
    with transaction.atomic():
        edition = Edition.objects.filter(key=edition_key, withdrawn_at=None).first()
        if edition is None:
            raise NoSuchEditionError(_unknown(edition_key))
        urns = projecting.urns_of(edition)
        uids = projecting.uids_of(edition)
        for model in tables_of_editions():
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE edition_id = %s', [edition.id])  # noqa: S608 - our own tables
        edition.withdrawn_at, edition.withdrawn_why = at, why
        edition.withdrawn_by = (by if isinstance(by, str) else by.label)[:200]
        kept = parquet.path_of(edition)
        edition.parquet = ""
        edition.save()
        projecting.project_groups_named(uids)
        projecting.project_schools(None if projecting.speaks_of_all(edition) else sorted(urns))
        record(by=by, at=at, verb="edition.withdrawn", subject_kind="edition", subject_key=edition.key, subject_label=str(edition), why=why)
        if kept:
            transaction.on_commit(lambda: kept.unlink(missing_ok=True))
    compute_contexts(by=by, at=at)
    return edition


def tables_of_editions() -> list[type[models.Model]]:
    """Every table whose rows belong to an edition, except the list of what was refused, which stays on record."""
    found = []
    for relation in Edition._meta.related_objects:
        if relation.on_delete is models.CASCADE and relation.related_model is not RefusedRow:
            found.append(relation.related_model)
    return found


def _unknown(key: str) -> str:
    from difflib import get_close_matches

    standing = list(Edition.objects.filter(withdrawn_at=None).values_list("key", flat=True))
    near = get_close_matches(key, standing, n=3, cutoff=0.4)
    hint = f" The nearest are: {', '.join(near)}." if near else " `/editions/` on the site lists what is loaded."
    return f"No edition '{key}' is loaded.{hint}"
