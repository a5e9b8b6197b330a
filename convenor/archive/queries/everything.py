"""Everything that one partnership holds, as it leaves: row by row, table by table, from one and the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.functions import Collate

from convenor.archive.queries.reading import belonging, people_named, read_rows, rows_of_keys
from convenor.archive.queries.tables import model_of, table, tables
from convenor.archive.rules.belonging import PARTNERSHIP, Belongs, Kind, Table
from convenor.archive.rules.form import EditionNamed
from convenor.archive.rules.leaving import leaves, without_keys
from convenor.archive.rules.values import Row


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read within is as it stood at one moment, while others go on writing. Inside a transaction, it is that transaction's.

    SQLite would take the only lock for writing with any transaction of Django's; a plain one reads beside those who write.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def leaving_tables(*, published: bool, viewer: Any) -> tuple[Table, ...]:
    """The tables that leave: the partnership's own and its people, then, where asked for, what is published."""
    own = [each for each in tables() if each.of_partnership or each.belongs is Belongs.PEOPLE]
    shared = [each for each in tables() if each.belongs is Belongs.PUBLISHED]
    return (*own, *(shared if published else ()))


def rows_leaving(of: Table, slug: str, *, viewer: Any) -> Iterator[Row]:
    """The rows of one table that leave with this partnership, in the order of their keys, without whatever opens something.

    For actions that have asked whether they may. A viewer who is not the operator has been asked there.
    """
    if of.belongs is Belongs.PEOPLE:
        found = rows_of_keys(of, people_named(slug, viewer=viewer), viewer=viewer)
    elif of.belongs is Belongs.PUBLISHED:
        found = read_rows(of, model_of(of.label)._base_manager.order_by(in_order(of)))
    else:
        found = belonging(of, slug, viewer=viewer)
    for row in found:
        if leaves(of, row):
            yield without_keys(of, row)


def in_order(of: Table) -> Any:
    """The order of a table's keys, the same in both databases: text letter by letter, whatever the language."""
    key = of.column(of.key)
    by_text = key is not None and key.kind is Kind.TEXT and connection.vendor == "postgresql"
    return Collate(of.key, "C") if by_text else of.key


def partnership_named(slug: str, *, viewer: Any) -> str | None:
    """The partnership's name; None where there is none of this short name."""
    name: str | None = model_of(PARTNERSHIP)._base_manager.filter(slug=slug).values_list("name", flat=True).first()
    return name


def editions_here(*, viewer: Any) -> tuple[EditionNamed, ...]:
    """Every edition of this deployment, withdrawn ones too, by key."""
    rows = model_of("registers.edition")._base_manager.order_by("pk").values_list("pk", "key", "digest", "title")
    return tuple(EditionNamed(*each) for each in rows)


def papers_folder() -> Path:
    """Where documents are kept, each named by its digest."""
    return Path(settings.PAPERS_DIR)


def editions_folder() -> Path:
    """Where editions are kept."""
    return Path(settings.EDITIONS_DIR)


def known_tables() -> dict[str, Table]:
    """Every table by its label."""
    return {each.label: each for each in tables()}


def left_behind() -> tuple[tuple[str, str], ...]:
    """Tables of a partnership, of its people or of sign-in that do not leave, and why."""
    return tuple((each.label, each.why) for each in tables() if each.belongs is Belongs.LEFT and table(each.label).columns)
