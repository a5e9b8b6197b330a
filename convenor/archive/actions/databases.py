"""The database copied whole and put back whole, SQLite by its own backup, PostgreSQL by its own programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from convenor.archive.rules.backups import NOTHING, POSTGRESQL, SQLITE
from convenor.archive.rules.refusals import ArchiveRefused

#: Files that belong to an SQLite database while it is open.
BESIDE = ("", "-wal", "-shm")
#: Pages copied before others may write.
PAGES = 4096


def kind() -> str:
    """The name of the file that holds the copy of this database."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def sqlite_file() -> Path:
    """Where the SQLite database stands."""
    return Path(str(connection.settings_dict["NAME"]))


def there() -> bool:
    """Whether there is a database at all; looking for one must not make one."""
    return connection.vendor != "sqlite" or sqlite_file().exists()


def copy_to(path: Path) -> None:
    """A consistent copy of the whole database, while others go on. Raises ArchiveRefused where the copy is not sound."""
    if connection.vendor == "sqlite":
        try:
            with closing(sqlite3.connect(f"file:{sqlite_file()}?mode=ro", uri=True)) as here, closing(sqlite3.connect(path)) as there_:
                here.backup(there_, pages=PAGES)
                there_.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise ArchiveRefused(f"The database could not be copied: {error}. Nothing was kept of it. See: convenor check") from error
        _refuse_unsound(path)
        return
    _program("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}", *_server())
    _program("pg_restore", "--list", str(path))


def put_back(path: Path, *, keep_old: Path) -> None:
    """The database is the copy from now on; the old one is kept beside. Raises ArchiveRefused where somebody still uses it."""
    if path.name == SQLITE:
        _refuse_unsound(path)
        _move_aside(keep_old)
        here = sqlite_file()
        here.parent.mkdir(parents=True, exist_ok=True)
        part = here.with_name(f".{here.name}.part")
        shutil.copyfile(path, part)
        part.replace(here)
        return
    connection.close()
    keep_old.mkdir(parents=True, exist_ok=True)
    _program("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={keep_old / POSTGRESQL}", *_server())
    _program(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        *_server(),
        str(path),
    )


def _move_aside(keep_old: Path) -> None:
    """The living SQLite database, moved where it can be found. Whoever still has it open is found out: it would be written to unseen."""
    here = sqlite_file()
    connection.close()
    if not here.exists():
        return
    try:
        with closing(sqlite3.connect(here, timeout=1)) as old:
            old.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise ArchiveRefused(
            f"The database is in use. {NOTHING} Stop the site and the worker (convenor serve, convenor worker), then restore."
        ) from error
    except sqlite3.DatabaseError:
        pass  # it is damaged: that is why it is being replaced
    keep_old.mkdir(parents=True, exist_ok=True)
    for ending in BESIDE:
        each = here.with_name(here.name + ending)
        if each.exists():
            each.replace(keep_old / each.name)


def _refuse_unsound(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            said = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    if said != ["ok"]:
        raise ArchiveRefused(f"The copy of the database is damaged ({'; '.join(said)[:200]}). {NOTHING}")


def _server() -> list[str]:
    given = connection.settings_dict
    found = [f"--dbname={given['NAME']}"]
    for option, name in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if given.get(name):
            found.append(f"{option}={given[name]}")
    return found


def _program(name: str, *words: str) -> None:
    """Run one of PostgreSQL's programs. Raises ArchiveRefused with what it said."""
    path = shutil.which(name) or next((str(each) for each in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None)
    if path is None:
        raise ArchiveRefused(f"The program {name} is not installed. {NOTHING} One line does: apt-get install postgresql-client")
    password = str(settings.DATABASES["default"].get("PASSWORD") or "")
    where = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run([path, *words], env=where, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise ArchiveRefused(f"{name} could not do it: {done.stderr.strip()[-300:]} {NOTHING}")
