"""What many tests begin with, built once in a process and laid back row by row for each test after the first.

    @remembered
    def world() -> World: ...

The first call acts as it stands, through the actions. Each later call that finds the same beginning - nothing but what the
migrations leave, the same words given, the same patched clock - lays the very rows back and gives a fresh copy of what was
returned: a hundredth of the work. A beginning of any other kind, or a builder that sent letters or left something to do after the
commit, is built as if nothing were remembered.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from unittest.mock import NonCallableMock

from django.core import mail
from django.db import connection
from django.utils import timezone

P, R = ParamSpec("P"), TypeVar("R")

#: Tables that the migrations themselves fill.
FROM_MIGRATIONS = frozenset({"django_migrations", "django_content_type", "auth_permission"})
#: Tables of the database, asked for once.
_TABLES: list[str] = []


@dataclass(frozen=True, slots=True)
class Kept:
    """What one builder returned, pickled, and every row that then lay in the database, by table. On SQLite, the last keys given too."""

    returned: bytes
    rows: dict[str, Any]
    given: list[tuple[int, str]]


#: What was built in this process; None for a builder that does more than lay rows.
KEPT: dict[Hashable, Kept | None] = {}


def remembered(build: Callable[P, R]) -> Callable[P, R]:
    """A builder that starts from an empty database, and whose work is remembered."""

    @wraps(build)
    def given(*words: P.args, **more: P.kwargs) -> R:
        key = _beginning(build, words, more)
        if key is None or KEPT.get(key, ...) is None:
            return build(*words, **more)
        if key in KEPT:
            lay(KEPT[key])
        else:
            before = _beyond_rows()
            found = build(*words, **more)
            KEPT[key] = Kept(pickle.dumps(found), rows(), _given()) if _beyond_rows() == before else None
            if KEPT[key] is None:
                return found
        kept: R = pickle.loads(KEPT[key].returned)  # type: ignore[union-attr]
        return kept

    return given


def rows() -> dict[str, Any]:
    """Every row in the database but those of migrations, as the database itself writes them, by table."""
    return {table: found for table in _tables() if (found := (_read if connection.vendor == "sqlite" else _copied)(table))}


def lay(kept: Kept | None) -> None:
    """Put the rows back into an empty database."""
    assert kept is not None
    connection.ensure_connection()
    raw = connection.connection
    for table, found in kept.rows.items():
        if connection.vendor == "sqlite":
            raw.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(found[0]))})', found)
        else:
            with raw.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                into.write(found)
    if kept.given:
        raw.executemany("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", kept.given)


def _beginning(build: Callable[..., Any], words: tuple[Any, ...], more: dict[str, Any]) -> Hashable | None:
    """What tells one beginning from another; None for one that is not remembered."""
    if not connection.in_atomic_block:
        return None
    now = timezone.now() if isinstance(timezone.now, NonCallableMock) else None
    key = (build.__module__, build.__qualname__, words, tuple(sorted(more.items())), now if isinstance(now, datetime | None) else "other")
    try:
        hash(key)
    except TypeError:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in _tables()))
        if cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT min(id), max(id) FROM django_content_type")
        return (*key, *cursor.fetchone())


def _beyond_rows() -> tuple[int, int]:
    """What a builder might leave elsewhere than in rows: letters, and things to do after the commit."""
    return len(getattr(mail, "outbox", [])), len(connection.run_on_commit)


def _tables() -> list[str]:
    if not _TABLES:
        _TABLES.extend(sorted(set(connection.introspection.table_names()) - FROM_MIGRATIONS))
    return _TABLES


def _read(table: str) -> list[tuple[Any, ...]]:
    """Rows of SQLite; the stroke before each name keeps the driver from making days and moments of what is text."""
    with connection.cursor() as cursor:
        names = [f'+"{each[1]}"' for each in cursor.execute(f'PRAGMA table_info("{table}")').fetchall()]
        found: list[tuple[Any, ...]] = cursor.execute(f'SELECT {", ".join(names)} FROM "{table}"').fetchall()
        return found


def _copied(table: str) -> bytes:
    """Rows of PostgreSQL."""
    with connection.connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as out:
        return b"".join(bytes(part) for part in out)


def _given() -> list[tuple[int, str]]:
    """The last key that SQLite gave in each table. PostgreSQL never goes back on its own."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        found: list[tuple[int, str]] = cursor.execute("SELECT seq, name FROM sqlite_sequence").fetchall()
        return found
