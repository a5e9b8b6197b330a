"""The form of an archive: which files it holds, what its list of contents says, and what is refused before a row is read.

An archive is one ZIP file. `archive.json` lists every other file with its length and digest, and every table with its columns and its
number of rows. `rows/` holds a line of JSON for every row of the partnership, in the order of the keys; `tables/` the same as CSV, to be
opened by anybody; `papers/` its documents, each named by its digest; `published/` what all partnerships share.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from convenor.archive.rules.belonging import Belongs, Table
from convenor.archive.rules.refusals import NotAnArchive

#: The number of this form. A newer one may hold what we do not know how to take in.
FORMAT: Final = 1
CONTENTS: Final = "archive.json"
README: Final = "README.txt"
#: A list of contents is never longer, in bytes.
CONTENTS_AT_MOST: Final = 32 * 1024 * 1024
#: Files in one archive, and bytes of all of them unpacked.
FILES_AT_MOST: Final = 200_000
UNPACKED_AT_MOST: Final = 64 * 1024**3
#: How often smaller than itself a file may be packed: rows repeat themselves, but not like this.
PACKED_AT_MOST: Final = 1_000
#: A line of a table is never longer, in characters.
LINE_AT_MOST: Final = 64 * 1024 * 1024

_LABEL = r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"
_KNOWN: Final = re.compile(
    rf"(?:README\.txt|archive\.json|(?:rows|published)/{_LABEL}\.jsonl|tables/{_LABEL}\.csv|papers/[0-9a-f]{{64}}"
    r"|published/editions/[A-Za-z0-9][A-Za-z0-9._-]{0,118})"
)  # fmt: skip
NOTHING: Final = "Nothing was taken in."


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a ZIP file, as its directory says: name, bytes unpacked and packed, and whether it is anything but a plain file."""

    name: str
    size: int
    packed: int
    plain: bool = True


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file of an archive: its length in bytes and its SHA-256."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class EditionNamed:
    """An edition that rows of the archive rest on: its key here, its name, and the digest of the publisher's file."""

    pk: int
    key: str
    digest: str
    title: str


@dataclass(frozen=True, slots=True)
class TableListed:
    """A table of an archive: its columns and how many rows."""

    label: str
    columns: tuple[str, ...]
    rows: int
    published: bool = False

    @property
    def member(self) -> str:
        """The file that holds its rows."""
        return f"{'published' if self.published else 'rows'}/{self.label}.jsonl"


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive says of itself. `made` is the moment, `made_with` the version of Convenor, `published` whether what all share is
    in it."""

    slug: str
    name: str
    made: str
    made_with: str
    published: bool
    tables: tuple[TableListed, ...]
    editions: tuple[EditionNamed, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, FileMade] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(each.rows for each in self.tables)

    def as_json(self) -> str:
        """The list of contents, the same for the same contents."""
        said = {
            "format": FORMAT,
            "what": "Everything that one partnership holds in Convenor",
            "made_with": self.made_with,
            "made": self.made,
            "partnership": {"slug": self.slug, "name": self.name},
            "published": self.published,
            "tables": [{"table": t.label, "published": t.published, "rows": t.rows, "columns": list(t.columns)} for t in self.tables],
            "editions": [{"id": e.pk, "key": e.key, "sha256": e.digest, "title": e.title} for e in self.editions],
            "left_behind": [{"table": label, "why": why} for label, why in self.left],
            "files": {name: {"bytes": made.size, "sha256": made.digest} for name, made in sorted(self.files.items())},
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def read_contents(text: str) -> Contents:
    """What a list of contents says. Raises NotAnArchive for one that is none, and for one of a newer form."""
    try:
        said = json.loads(text)
        form = said["format"]
        if type(form) is not int or form < 1:
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotAnArchive(f"This is no archive of Convenor: its list of contents cannot be read. {NOTHING}") from error
    if form > FORMAT:
        raise NotAnArchive(
            f"This archive is of form {form}, made with {str(said.get('made_with', 'a newer version'))[:60]}; this version of Convenor "
            f"knows forms up to {FORMAT}. {NOTHING} Install that version or a later one, and load it there."
        )
    try:
        return Contents(
            slug=_word(said["partnership"]["slug"]),
            name=_word(said["partnership"]["name"]),
            made=_word(said["made"]),
            made_with=_word(said["made_with"]),
            published=bool(said["published"]),
            tables=tuple(
                TableListed(_word(t["table"]), tuple(_word(c) for c in t["columns"]), _count(t["rows"]), bool(t["published"]))
                for t in said["tables"]
            ),
            editions=tuple(EditionNamed(_count(e["id"]), _word(e["key"]), _word(e["sha256"]), _word(e["title"])) for e in said["editions"]),
            left=tuple((_word(each["table"]), _word(each["why"])) for each in said["left_behind"]),
            files={_word(name): FileMade(_count(made["bytes"]), _word(made["sha256"])) for name, made in said["files"].items()},
        )
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise NotAnArchive(f"This archive's list of contents is damaged. {NOTHING} Take the archive out once more.") from error


def check_members(members: Sequence[Member]) -> None:
    """Refuse a ZIP file that is no archive of ours or plays tricks. Raises NotAnArchive.

    Names that lead out of a folder, links, two files of one name, files packed smaller than rows ever are, more than any partnership holds.
    """
    names = [each.name for each in members]
    if CONTENTS not in names:
        raise NotAnArchive(f"This is no archive of Convenor: it holds no {CONTENTS}. {NOTHING}")
    if len(names) > FILES_AT_MOST:
        raise NotAnArchive(f"This file holds {len(names):,} files, more than any archive does. {NOTHING}")
    if len(set(names)) != len(names):
        raise NotAnArchive(f"This file holds two files of one name, as no archive does. {NOTHING}")
    odd = next((each for each in members if not each.plain or not _KNOWN.fullmatch(each.name)), None)
    if odd is not None:
        raise NotAnArchive(f"This file holds “{odd.name[:80]}”, which no archive holds. {NOTHING}")
    bomb = next((each for each in members if each.size > max(each.packed, 100) * PACKED_AT_MOST), None)
    if bomb is not None or sum(each.size for each in members) > UNPACKED_AT_MOST:
        raise NotAnArchive(f"This file would unpack to far more than any archive holds. {NOTHING}")
    if next(each.size for each in members if each.name == CONTENTS) > CONTENTS_AT_MOST:
        raise NotAnArchive(f"This archive's list of contents is longer than any is. {NOTHING}")


def check_listed(contents: Contents, members: Iterable[Member]) -> None:
    """Every file is listed with its length, every listed file is there, and every table has its file. Raises NotAnArchive."""
    there = {each.name: each.size for each in members if each.name != CONTENTS}
    listed = {name: made.size for name, made in contents.files.items()}
    wrong = sorted(name for name in {*there, *listed} if there.get(name) != listed.get(name))
    missing = sorted(each.member for each in contents.tables if each.member not in there)
    unnamed = sorted({name for name in there if name.endswith(".jsonl")} - {each.member for each in contents.tables})
    if wrong or missing or unnamed:
        what = (*wrong, *missing, *unnamed)[0]
        raise NotAnArchive(
            f"This archive is not whole or was altered: “{what[:80]}” is not as its list of contents says. {NOTHING} "
            "Take the archive out once more, or copy it again."
        )


def check_tables(contents: Contents, tables: Mapping[str, Table]) -> None:
    """Every table is one that this version knows, with the same columns, and one that leaves. Raises NotAnArchive."""
    for listed in contents.tables:
        known = tables.get(listed.label)
        if known is None or not known.leaves or listed.published != (known.belongs is Belongs.PUBLISHED):
            what = f"a table “{listed.label[:80]}” that this version does not take in"
        elif tuple(each.name for each in known.columns) != listed.columns:
            what = f"a table “{listed.label}” whose columns are others here"
        else:
            continue
        raise NotAnArchive(
            f"This archive was made with {contents.made_with[:60]} and holds {what}. {NOTHING} "
            "Install that version, load the archive there, "
            "and bring the installation up to date."
        )
    labels = [each.label for each in contents.tables]
    if len(set(labels)) != len(labels):
        raise NotAnArchive(f"This archive names a table twice. {NOTHING}")


def row_from(line: str, listed: TableListed, number: int) -> dict[str, Any]:
    """One row from its line. Raises NotAnArchive where it is none of this table."""
    try:
        row = json.loads(line)
        if type(row) is not dict or tuple(row) != listed.columns:
            raise ValueError
    except (ValueError, RecursionError) as error:
        raise NotAnArchive(f"Line {number} of {listed.member} is no row of its table. {NOTHING}") from error
    return row


def line_of(row: Mapping[str, Any]) -> str:
    """One row as a line, the same for the same row."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _word(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value
