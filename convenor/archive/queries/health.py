"""How this installation stands, as far as it can be seen from inside."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from convenor.archive.queries.everything import editions_folder, papers_folder
from convenor.archive.queries.tables import model_of
from convenor.archive.queries.takings import SEEN
from convenor.archive.rules import health as rules
from convenor.archive.rules.belonging import PARTNERSHIP, PERSON
from convenor.archive.rules.health import Finding
from convenor.post.rules import ATTEMPTS

#: Where the last backup is noted.
LAST = "last-backup.json"


def health(*, viewer: Any, at: datetime) -> tuple[Finding, ...]:
    """Everything that can be looked at, in the order in which it should be mended. For the operator alone."""
    found = [rules.database(_problems())]
    if not found[0].remedy:
        found.append(rules.tables(_waiting_tables()))
    if all(not each.remedy for each in found):
        found += [rules.keys(_loose()), _editions(), _papers(), _letters(at)]
    folder = Path(settings.DATA_DIR)
    made, where = _last_backup(folder)
    return (
        *found,
        rules.worker(_seen(folder), at=at, demonstration=settings.DEMONSTRATION),
        rules.disk(free=shutil.disk_usage(folder if folder.exists() else Path.cwd()).free, needed=_size()),
        rules.backup(made, where=where, at=at, demonstration=settings.DEMONSTRATION),
    )


def living(*, viewer: Any) -> str:
    """What a database that is in use holds, in words: "2 partnerships, 31 people"; "" for one that is new, empty or cannot be read."""
    try:
        partnerships, people = (model_of(label)._base_manager.count() for label in (PARTNERSHIP, PERSON))
    except DatabaseError:
        connection.close()
        return ""
    return f"{partnerships} partnerships, {people} people" if partnerships or people else ""


def _problems() -> tuple[str, ...]:
    try:
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite":
                cursor.execute("SELECT 1")
                return ()
            cursor.execute("PRAGMA quick_check(3)")
            return tuple(row[0] for row in cursor.fetchall() if row[0] != "ok")
    except DatabaseError as error:
        connection.close()
        return (str(error).strip(),)


def _waiting_tables() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _loose() -> dict[str, int]:
    """Keys that point nowhere, by table. PostgreSQL lets none in."""
    if connection.vendor != "sqlite":
        return {}
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        for row in cursor.fetchall():
            found[row[0]] = found.get(row[0], 0) + 1
    return found


def _editions() -> Finding:
    """Editions whose columns are kept as Parquet: each file is there, and is one."""
    rows = model_of("registers.edition")._base_manager.exclude(parquet="").filter(withdrawn_at=None)
    names = sorted(rows.order_by("pk").values_list("parquet", flat=True))
    missing = tuple(name for name in names if not (editions_folder() / name).is_file())
    altered = tuple(name for name in names if name not in missing and not _is_parquet(editions_folder() / name))
    return rules.files(
        "editions", "editions kept as Parquet", rows=len(names), missing=missing, altered=altered,
        remedy="Load the publisher's file again (convenor load FILE), or put the file back from a backup.",
    )  # fmt: skip


def _papers() -> Finding:
    rows = dict(model_of("papers.paper")._base_manager.order_by("digest").values_list("digest", "title"))
    missing = tuple(title for digest, title in rows.items() if not (papers_folder() / digest).is_file())
    altered = tuple(title for digest, title in rows.items() if title not in missing and _digest_of(papers_folder() / digest) != digest)
    return rules.files(
        "papers", "documents", rows=len(rows), missing=missing, altered=altered, remedy="Put the file back from a backup: papers/ in it."
    )


def _letters(at: datetime) -> Finding:
    """Letters of a partnership that practises are held, and wait for nobody."""
    practising = list(model_of("post.practice")._base_manager.values_list("partnership", flat=True))
    waiting = model_of("post.letter")._base_manager.filter(sent_at=None).order_by("queued_at")
    held = waiting.filter(partnership__in=practising)
    rest = waiting.exclude(partnership__in=practising)
    trying = rest.filter(attempts__lt=ATTEMPTS)
    oldest = trying.values_list("queued_at", flat=True).first()
    return rules.letters(
        waiting=trying.count(), oldest=oldest, resting=rest.filter(attempts__gte=ATTEMPTS).count(), held=held.count(), at=at
    )  # fmt: skip


def _seen(folder: Path) -> datetime | None:
    try:
        return datetime.fromisoformat((folder / SEEN).read_text().strip())
    except (OSError, ValueError):
        return None


def _last_backup(folder: Path) -> tuple[datetime | None, str]:
    try:
        said = json.loads((folder / LAST).read_text())
        return datetime.fromisoformat(said["at"]), str(said["where"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, ""


def _size() -> int:
    """Bytes that the database takes."""
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        return path.stat().st_size if path.exists() else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _is_parquet(path: Path) -> bool:
    """Whether it begins and ends as such a file does, and is not half of one."""
    with path.open("rb") as stream:
        begins = stream.read(4)
        stream.seek(max(path.stat().st_size - 4, 0))
        return begins == stream.read() == b"PAR1"


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
