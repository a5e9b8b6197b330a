"""A backup of the whole installation, and its return."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from convenor import __version__
from convenor.archive.actions import databases
from convenor.archive.queries.everything import editions_folder, papers_folder
from convenor.archive.queries.health import living
from convenor.archive.rules.backups import LIST, NOTHING, Backup, NoBackup, backups_among, name_of, read_backup, to_forget
from convenor.archive.rules.form import FileMade
from convenor.archive.rules.refusals import ArchiveRefused
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed
from convenor.registers.queries.schools import forget_editions
from convenor.registers.queries.search import forget

#: Where the last backup is noted, so that `check` can say how old it is.
LAST = "last-backup.json"
KEY = "secret-key"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made: where, what it says of itself, and which old ones went."""

    folder: Path
    backup: Backup
    forgotten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back, and where what stood there before is kept ("" where nothing did)."""

    backup: Backup
    kept: str


def back_up(*, into: Path, by: str, at: datetime, keep: int | None = None, with_key: bool = False) -> BackedUp:
    """A consistent copy of the database, the documents and the editions in a folder of its own below `into`, while the site goes on.

    Every file is read again after it was written. The key that signs sessions and links is in it only `with_key`. Of older backups there
    the newest `keep` stay, this one counted; all, where nobody said. Raises ArchiveRefused where it cannot be written or is not sound;
    then nothing is kept of it and no older one goes. By the operator; NotAllowed for anybody else.
    """
    _refuse_all_but_operator(by)
    folder = into / name_of(at)
    part = into / f".{folder.name}.part"
    if folder.exists():
        raise ArchiveRefused(f"There is a backup {folder.name} already. {NOTHING} Try again in a second.")
    try:
        part.mkdir(parents=True, mode=0o700)
        backup = _write(part, _newest(into), at, with_key)
        _verify(part, backup)
        part.replace(folder)
    except OSError as error:
        raise ArchiveRefused(f"The backup could not be written: {error.strerror or error}. Nothing was kept of it.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    forgotten = tuple(to_forget((each.name for each in into.iterdir()), keep=keep))
    for name in forgotten:
        shutil.rmtree(into / name)
    _note(at, folder, backup)
    journal.record(
        by=by, at=at, verb="backup.made", subject_kind="backup", subject_key=folder.name, subject_label=folder.name,
        detail={"bytes": backup.size, "files": len(backup.files), "forgotten": list(forgotten)},
    )  # fmt: skip
    return BackedUp(folder, backup, forgotten)


def restore(*, source: Path, by: str, at: datetime, over: bool = False) -> Restored:
    """The installation as a backup holds it. `source` is a backup's folder, or one that holds several: then the newest.

    Raises NoBackup for a folder that is none, whose files were altered, or that is of another kind of database; ArchiveRefused over a
    living database unless `over` - then the old one is moved beside, and where is told - and where somebody still uses it. Documents and
    editions that are here stay: each is named by its digest. By the operator; NotAllowed for anybody else.
    """
    _refuse_all_but_operator(by)
    folder = source if (source / LIST).is_file() else _newest(source)
    if folder is None:
        raise NoBackup(f"There is no backup in {source}. {NOTHING}")
    try:
        backup = read_backup((folder / LIST).read_text())
        _verify(folder, backup)
    except (OSError, UnicodeDecodeError) as error:
        raise NoBackup(f"The backup {folder.name} cannot be read: {error}. {NOTHING}") from error
    if backup.database != databases.kind():
        raise NoBackup(
            f"This backup holds {backup.database}, and CONVENOR_DATABASE_URL names another kind of database. {NOTHING} Set it to "
            "the kind that the backup is of; to move from one kind to the other, take each partnership out and in with convenor archive."
        )
    stands = living(viewer=by) if databases.there() else ""
    if stands and not over:
        raise ArchiveRefused(
            f"There is a living database here: {stands}. {NOTHING} To put the backup in its place, add --over: the old one is kept beside."
        )
    keep_old = Path(settings.DATA_DIR) / f"before-restore-{name_of(at).removeprefix('convenor-')}"
    databases.put_back(folder / backup.database, keep_old=keep_old)
    _put_files(folder, backup, keep_old)
    forget_editions()
    forget()
    _record(folder, backup, by, at)
    return Restored(backup, str(keep_old) if keep_old.exists() else "")


def _refuse_all_but_operator(by: str) -> None:
    if not isinstance(by, str):
        raise NotAllowed("Backups are made and put back by the operator, at the command line. Nothing was changed.")


def _newest(into: Path) -> Path | None:
    names = backups_among(each.name for each in into.iterdir()) if into.is_dir() else []
    return next((into / name for name in names if (into / name / LIST).is_file()), None)


def _write(part: Path, before: Path | None, at: datetime, with_key: bool) -> Backup:
    """The database first: a document is on the disk before its row is written, so no row of the copy lacks its file."""
    name = databases.kind()
    databases.copy_to(part / name)
    kept = Path(settings.DATA_DIR) / KEY
    with_key = with_key and kept.is_file()
    if with_key:
        shutil.copyfile(kept, part / KEY)
    for inside, folder in (("papers", papers_folder()), ("editions", editions_folder())):
        (part / inside).mkdir()
        for each in sorted(folder.iterdir()) if folder.is_dir() else ():
            if each.is_file() and not each.name.startswith(".") and not each.name.endswith(".part"):
                _copy(each, part / inside / each.name, before / inside / each.name if before else None)
    files = {str(each.relative_to(part)): _made(each) for each in _files(part)}
    for each in _files(part):
        each.chmod(0o600)
    backup = Backup(at.astimezone(UTC).isoformat(), f"Convenor {__version__}", name, with_key, str(kept), files)
    (part / LIST).write_text(backup.as_json())
    return backup


def _copy(from_: Path, to: Path, before: Path | None) -> None:
    """A file named by its digest never changes: where the backup before holds the very same, both share it on the disk."""
    if before is not None and before.is_file() and _made(before) == _made(from_):
        try:
            os.link(before, to)
        except OSError:
            shutil.copyfile(from_, to)
        return
    shutil.copyfile(from_, to)


def _verify(folder: Path, backup: Backup) -> None:
    """Every file is there and is what the list says. Raises NoBackup."""
    for name, made in backup.files.items():
        path = folder / name
        if path.is_symlink() or not path.is_file() or _made(path) != made:
            raise NoBackup(f"The backup {folder.name} is damaged: {name} is not as its list says. {NOTHING} Use an older one.")


def _put_files(folder: Path, backup: Backup, keep_old: Path) -> None:
    for name in backup.files:
        if name.startswith(("papers/", "editions/")):
            inside, file = name.split("/")
            into = papers_folder() if inside == "papers" else editions_folder()
            _put(folder / name, into / file, keep_old / inside)
        elif name == KEY:
            _put(folder / name, Path(settings.DATA_DIR) / KEY, keep_old)
            (Path(settings.DATA_DIR) / KEY).chmod(0o600)


def _put(from_: Path, to: Path, keep_old: Path) -> None:
    if to.is_file() and _made(to) == _made(from_):
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    if to.exists():
        keep_old.mkdir(parents=True, exist_ok=True)
        to.replace(keep_old / to.name)
    part = to.with_name(f".{to.name}.part")
    shutil.copyfile(from_, part)
    part.replace(to)


def _record(folder: Path, backup: Backup, by: str, at: datetime) -> None:
    """The journal of what came back says so, where its tables are those of this version."""
    try:
        journal.record(
            by=by, at=at, verb="backup.restored", subject_kind="backup", subject_key=folder.name, subject_label=folder.name,
            detail={"made": backup.made, "made_with": backup.made_with},
        )  # fmt: skip
    except DatabaseError:  # an older version's tables: they are brought up to date by `convenor migrate`
        connection.close()


def _note(at: datetime, folder: Path, backup: Backup) -> None:
    said = {"at": at.astimezone(UTC).isoformat(), "where": str(folder.resolve()), "bytes": backup.size}
    (Path(settings.DATA_DIR) / LAST).write_text(json.dumps(said) + "\n")


def _files(folder: Path) -> Iterator[Path]:
    yield from (each for each in sorted(folder.rglob("*")) if each.is_file() and each.name != LIST)


def _made(path: Path) -> FileMade:
    with path.open("rb") as stream:
        return FileMade(path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())
