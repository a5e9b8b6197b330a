"""A backup as a folder: what its list says, which old ones go, and what is refused before anything is put back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from convenor.archive.rules.form import FileMade
from convenor.archive.rules.refusals import ArchiveRefused

#: The number of this form.
FORMAT: Final = 1
LIST: Final = "backup.json"
SQLITE, POSTGRESQL = "database.sqlite3", "database.dump"
_NAME: Final = re.compile(r"convenor-\d{8}T\d{6}Z")
_FILE: Final = re.compile(r"database\.(?:sqlite3|dump)|secret-key|(?:papers|editions)/[A-Za-z0-9][A-Za-z0-9._-]{0,118}")
NOTHING: Final = "Nothing was changed."


class NoBackup(ArchiveRefused):
    """A folder that is no backup, is damaged, or is of a form not known here."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself: when it was made and with what, of which kind of database, and every file with length and digest.

    `key_included`: whether the key that signs sessions and links is in it; `key_kept` is where it was kept.
    """

    made: str
    made_with: str
    database: str
    key_included: bool
    key_kept: str
    files: Mapping[str, FileMade] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(each.size for each in self.files.values())

    def as_json(self) -> str:
        """The list, the same for the same files."""
        said = {
            "format": FORMAT, "what": "A backup of Convenor", "made": self.made, "made_with": self.made_with, "database": self.database,
            "key": {"included": self.key_included, "kept": self.key_kept},
            "files": {name: {"bytes": made.size, "sha256": made.digest} for name, made in sorted(self.files.items())},
        }  # fmt: skip
        return json.dumps(said, indent=1) + "\n"


def read_backup(text: str) -> Backup:
    """What a list says. Raises NoBackup for one that is none, or of a newer form, or that names files elsewhere."""
    try:
        said: Any = json.loads(text)
        form = said["format"]
        if type(form) is int and form > FORMAT:
            raise NoBackup(
                f"This backup is of form {form}; this version of Convenor knows forms up to {FORMAT}. {NOTHING} Install the "
                "version that made it, or a later one."
            )
        files = {name: FileMade(int(made["bytes"]), str(made["sha256"])) for name, made in said["files"].items()}
        found = Backup(
            said["made"], said["made_with"], said["database"], bool(said["key"]["included"]), str(said["key"]["kept"]), files
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, NoBackup):
            raise
        raise NoBackup(f"This is no backup of Convenor: its {LIST} cannot be read. {NOTHING}") from error
    if found.database not in files or any(not _FILE.fullmatch(name) for name in files):
        raise NoBackup(f"This is no backup of Convenor: its {LIST} names files that no backup holds. {NOTHING}")
    return found


def name_of(at: datetime) -> str:
    """The folder of a backup made at a moment: its names stand in the order of time."""
    return at.astimezone(UTC).strftime("convenor-%Y%m%dT%H%M%SZ")


def backups_among(names: Iterable[str]) -> list[str]:
    """Those that are names of backups, the newest first."""
    return sorted((name for name in names if _NAME.fullmatch(name)), reverse=True)


def to_forget(names: Iterable[str], *, keep: int | None) -> list[str]:
    """The backups that go when so many are kept; none where nobody said how many."""
    return [] if keep is None else backups_among(names)[max(keep, 1) :]
