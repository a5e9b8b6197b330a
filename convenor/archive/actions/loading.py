"""An archive taken in: whole, with the keys its rows bear, or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction

from convenor.archive.actions.opening import PART, Opened, opened
from convenor.archive.actions.rows import add
from convenor.archive.queries.arriving import absent, addresses_taken, apart, editions_missing, is_empty, partnership_here
from convenor.archive.queries.everything import editions_folder, known_tables, papers_folder
from convenor.archive.queries.tables import model_of
from convenor.archive.rules.belonging import PARTNERSHIP, PERSON, Belongs, Table
from convenor.archive.rules.changes import Key
from convenor.archive.rules.form import NOTHING, Contents, TableListed
from convenor.archive.rules.leaving import with_new_keys
from convenor.archive.rules.refusals import ArchiveRefused, KeysTaken, NotAnArchive
from convenor.archive.rules.values import BadValue, Row
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed
from convenor.registers.queries.schools import forget_editions
from convenor.registers.queries.search import forget

BATCH = 500
#: How many of what stands in the way are named.
NAMED = 5
Say = Callable[[str], None]
EMPTY = (
    "Load it into an installation of its own: set CONVENOR_DATA_DIR to an empty folder (and, with PostgreSQL, CONVENOR_DATABASE_URL to an "
    "empty database), and run the same command there."
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An archive that was taken in: whose it is, how many rows came, how many were here already, and how many files."""

    contents: Contents
    rows: int
    already: int
    files: int


@dataclass(slots=True)
class _Arriving:
    """What has come so far: keys by table, and what the rows rest on, by table."""

    keys: dict[str, set[Key]] = field(default_factory=dict)
    rests_on: dict[str, set[Key]] = field(default_factory=dict)
    parts_of: dict[str, set[Key]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    added: int = 0
    already: int = 0


def load_archive(*, file: Path, by: str, at: datetime, say: Say = lambda _: None) -> Loaded:
    """Take in everything that an archive holds, in one transaction, with the keys the rows bear. `by` is the operator's name.

    Raises NotAnArchive for a file that is none, is damaged, was altered, is of a newer form or holds rows of another partnership;
    KeysTaken where its rows bear keys that others bear here; ArchiveRefused where editions that it rests on are not here. Whatever opened
    something where it was made opens nothing here: it is made anew. Raises NotAllowed for anybody but the operator.
    """
    if not isinstance(by, str):
        raise NotAllowed("An archive is taken in by the operator, at the command line. Nothing was taken in.")
    written: list[Path] = []
    try:
        with opened(file) as archive, transaction.atomic():
            contents = archive.contents
            _refuse_at_once(contents, by)
            come = _Arriving()
            for number, listed in enumerate(contents.tables, start=1):
                say(f"{number} of {len(contents.tables)}: {listed.label}")
                _take_in(archive, listed, come, by)
            _refuse_taken(come, by)
            _refuse_loose(contents, come, by)
            connection.check_constraints([model_of(each.label)._meta.db_table for each in contents.tables])
            _count_on(contents)
            _keep_files(archive, written)
            journal.record(
                by=by, at=at, verb="archive.loaded", subject_kind="archive", subject_key=contents.slug, subject_label=contents.name,
                detail={"rows": come.added, "made": contents.made, "made_with": contents.made_with},
            )  # fmt: skip
    except BaseException as error:
        for each in written:
            each.unlink(missing_ok=True)
        if isinstance(error, BadValue | DataError):
            raise NotAnArchive(f"A row of the archive does not fit its table: {error}. {NOTHING}") from error
        if isinstance(error, IntegrityError):
            raise KeysTaken(
                f"Something of the archive stands here already in another way: {error}. {NOTHING} {EMPTY}", (str(error),)
            ) from error
        raise
    forget_editions()
    forget()
    return Loaded(contents, come.added, come.already, len(written))


def _refuse_at_once(contents: Contents, by: str) -> None:
    if partnership_here(contents.slug, viewer=by):
        raise KeysTaken(f"There is a partnership “{contents.slug}” here already. {NOTHING} {EMPTY}", (f"partnership “{contents.slug}”",))
    missing = [] if contents.published else editions_missing(contents.editions, viewer=by)
    if missing:
        named = "; ".join(each.title for each in missing[:NAMED])
        raise ArchiveRefused(
            f"The archive rests on {len(missing)} published files that are not here as they were there ({named}). {NOTHING} Take the "
            "archive out with its published rows, and load that."
        )


def _take_in(archive: Opened, listed: TableListed, come: _Arriving, by: str) -> None:
    """The rows of one table; those that may not be are counted, and nothing more is added from then on."""
    table = known_tables()[listed.label]
    keys, empty = come.keys.setdefault(listed.label, set()), is_empty(table, viewer=by)
    for rows in _batches(archive.rows(listed)):
        found = {row[table.key]: row for row in rows}
        if len(found) != len(rows) or keys & found.keys():
            raise NotAnArchive(f"{listed.member} holds two rows of one key. {NOTHING}")
        keys.update(found)
        _note(table, rows, archive.contents, come)
        new, taken = (rows, []) if empty else apart(table, found, viewer=by)
        if table.label == PERSON:
            _refuse_addresses({row["email"]: row["id"] for row in new if row["email"]}, by)
        if taken:
            come.taken[table.name] = come.taken.get(table.name, 0) + len(taken)
        elif not come.taken:
            come.added += add(table, [with_new_keys(table, row, secrets.choice) for row in new])
            come.already += len(rows) - len(new)


def _note(table: Table, rows: list[Row], contents: Contents, come: _Arriving) -> None:
    """What these rows rest on. A row that bears the name of another partnership is refused."""
    if table.belongs is Belongs.NAME and any(row[table.by_name] != contents.slug for row in rows):
        raise NotAnArchive(f"The archive holds rows of another partnership than “{contents.slug}”. {NOTHING}")
    if table.belongs is Belongs.ITSELF and [row["slug"] for row in rows] != [contents.slug]:
        raise NotAnArchive(f"The archive holds another partnership than “{contents.slug}”. {NOTHING}")
    for column in table.columns:
        if column.to and column.held:
            into = come.rests_on if known_tables()[column.to].belongs is Belongs.PUBLISHED else come.parts_of
            into.setdefault(column.to, set()).update(row[column.name] for row in rows if row[column.name] is not None)


def _refuse_addresses(people: dict[str, Key], by: str) -> None:
    taken = addresses_taken(people, viewer=by) if people else []
    if taken:
        raise KeysTaken(
            f"{len(taken)} people of the archive have addresses that others have here ({', '.join(taken[:NAMED])}). {NOTHING} {EMPTY}",
            tuple(taken),
        )


def _refuse_taken(come: _Arriving, by: str) -> None:
    if come.taken:
        what = tuple(f"{name}: {count}" for name, count in sorted(come.taken.items()))
        raise KeysTaken(
            f"Rows of the archive bear numbers that other rows bear here ({'; '.join(what[:NAMED])}). Notes and plans refer to those "
            f"numbers, so none is changed on the way. {NOTHING} {EMPTY}",
            what,
        )


def _refuse_loose(contents: Contents, come: _Arriving, by: str) -> None:
    """Every row leans on rows that came along, or on what is published and here. Nothing of an archive touches another partnership."""
    for label, keys in sorted(come.parts_of.items()):
        loose = sorted(map(str, keys - come.keys.get(label, set())))
        if loose:
            name = known_tables()[label].name
            raise NotAnArchive(f"Rows of the archive point to {name} {loose[0]}, which is not in it. {NOTHING}")
    if len(come.keys.get(PARTNERSHIP, ())) != 1:
        raise NotAnArchive(f"The archive does not hold its partnership. {NOTHING}")
    for label, keys in sorted(come.rests_on.items()):
        missing = absent(label, keys, viewer=by)
        if missing:
            name = known_tables()[label].name
            raise ArchiveRefused(
                f"The archive rests on {name} {', '.join(map(str, missing[:NAMED]))}, which is not here. {NOTHING} Take the archive out "
                "with its published rows, and load that."
            )


def _count_on(contents: Contents) -> None:
    """The next row of each table gets a key after those that came; SQLite sees to that by itself."""
    models = [model_of(each.label) for each in contents.tables]
    with connection.cursor() as cursor:
        for line in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(line)


def _keep_files(archive: Opened, written: list[Path]) -> None:
    """Documents and editions into their folders, each under the name it bears; what is there already must be the very same."""
    for inside, folder in (("papers/", papers_folder()), ("published/editions/", editions_folder())):
        for name in archive.names_in(inside):
            digest = archive.contents.files[inside + name].digest
            if inside == "papers/" and name != digest:
                raise NotAnArchive(f"“{inside}{name}” is not what its name says. {NOTHING}")
            kept = folder / name
            if kept.exists():
                if _digest_of(kept) != digest:
                    raise KeysTaken(f"There is another file {name} here already. {NOTHING} {EMPTY}", (name,))
                continue
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{name}.part"
            written.append(part)
            with archive.open(inside + name) as stream, part.open("wb") as out:
                while block := stream.read(PART):
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            part.replace(kept)
            written[-1] = kept


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
