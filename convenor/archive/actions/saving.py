"""Everything that a partnership holds, written into one file."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from convenor import __version__
from convenor.archive.queries.everything import (
    editions_folder,
    editions_here,
    leaving_tables,
    left_behind,
    one_moment,
    papers_folder,
    partnership_named,
    rows_leaving,
)
from convenor.archive.rules.belonging import Belongs, Table
from convenor.archive.rules.form import CONTENTS, README, Contents, FileMade, TableListed, line_of
from convenor.archive.rules.leaving import cell
from convenor.archive.rules.refusals import ArchiveRefused
from convenor.archive.rules.words import readme
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere

#: Every file of an archive bears this day, so that the same rows make the same bytes.
DAY = (1980, 1, 1, 0, 0, 0)
BYTE_ORDER_MARK = "\ufeff"
IN_MEMORY = 8 * 1024 * 1024
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """An archive that was written: where, how many bytes, its digest, and what it holds."""

    path: Path
    size: int
    digest: str
    contents: Contents


def save_archive(
    *, slug: str, to: Path, by: Viewer | str, at: datetime, with_published: bool = True, say: Say = lambda _: None
) -> Saved:  # fmt: skip
    """Write everything that the partnership holds into one file, as it stood at one moment, while others go on working.

    By whoever may take everything. The same rows make the same bytes but for the moment it was made. The file is there whole or not at
    all. Raises NotAllowed, NotThere where there is no such partnership, ArchiveRefused where the file is there already or cannot be
    written. The journal says that it was taken, after the moment that the archive holds.
    """
    allow(by, Permission.ARCHIVE_TAKE, partnership=slug)
    name = partnership_named(slug, viewer=by)
    if name is None:
        raise NotThere(f"There is no partnership “{slug}” here. Nothing was written.")
    if to.exists():
        raise ArchiveRefused(f"There is a file {to.name} already. Nothing was written: name another, or move that one away first.")
    part = to.with_name(f".{to.name}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as stream:
            os.fchmod(stream.fileno(), 0o600)
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed, one_moment():
                contents = _Writing(packed, slug, by, say).write(name, at, with_published)
            stream.flush()
            os.fsync(stream.fileno())
        size, digest = part.stat().st_size, _digest_of(part)
        part.replace(to)
    except OSError as error:
        raise ArchiveRefused(f"The archive could not be written: {error.strerror or error}. Nothing was kept of it.") from error
    finally:
        _forget(part)
    journal.record(
        by=by, at=at, verb="archive.taken", subject_kind="archive", subject_key=digest[:16], subject_label=name, partnership=slug,
        detail={"rows": contents.rows, "bytes": size, "sha256": digest, "published": with_published},
    )  # fmt: skip
    return Saved(to, size, digest, contents)


class _Writing:
    """One archive being written."""

    def __init__(self, packed: zipfile.ZipFile, slug: str, by: Viewer | str, say: Say) -> None:
        self.packed, self.slug, self.by, self.say = packed, slug, by, say
        self.files: dict[str, FileMade] = {}
        self.papers: dict[str, str] = {}
        self.editions: dict[str, str] = {}

    def write(self, name: str, at: datetime, with_published: bool) -> Contents:
        """Every file, and last the list of them."""
        leaving = leaving_tables(published=with_published, viewer=self.by)
        listed = []
        for number, table in enumerate(leaving, start=1):
            self.say(f"{number} of {len(leaving)}: {table.name}")
            listed.append(self._table(table))
        left = [*left_behind(), *self._kept(self.papers, papers_folder(), "papers")]
        left += self._kept(self.editions, editions_folder(), "published/editions")
        contents = Contents(
            slug=self.slug, name=name, made=at.astimezone(UTC).isoformat(), made_with=f"Convenor {__version__}", published=with_published,
            tables=tuple(listed), editions=editions_here(viewer=self.by), left=tuple(left), files=self.files,
        )  # fmt: skip
        self._put(README, [readme(contents).encode()])
        contents = replace(contents, files=dict(self.files))
        self._put(CONTENTS, [contents.as_json().encode()])
        return contents

    def _table(self, table: Table) -> TableListed:
        """Its rows as lines of JSON and, where they are the partnership's own, as a spreadsheet too."""
        published = table.belongs is Belongs.PUBLISHED
        listed = TableListed(table.label, tuple(each.name for each in table.columns), 0, published)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as sheet:
            count = self._put(listed.member, self._lines(table, None if published else sheet))
            if not published:
                sheet.seek(0)
                self._put(f"tables/{table.label}.csv", _parts(sheet))
        return TableListed(listed.label, listed.columns, count, published)

    def _lines(self, table: Table, sheet: IO[bytes] | None) -> Iterator[bytes]:
        if sheet is not None:
            sheet.write(_sheet_line([BYTE_ORDER_MARK + table.columns[0].name, *(each.name for each in table.columns[1:])]))
        for row in rows_leaving(table, self.slug, viewer=self.by):
            if sheet is not None:
                sheet.write(_sheet_line([cell(each.kind, row[each.name]) for each in table.columns]))
            if table.label == "papers.paper":
                self.papers[row["digest"]] = f"{row['title']}, version {row['version']}"
            if table.label == "registers.edition" and row["parquet"]:
                self.editions[row["parquet"]] = row["title"]
            yield line_of(row).encode()

    def _kept(self, names: dict[str, str], folder: Path, into: str) -> Iterator[tuple[str, str]]:
        """Put the files of these names into the archive; those that are not in their folder are told."""
        for name, title in sorted(names.items()):
            path = folder / name
            if not path.is_file():
                yield f"{into}/{name}", f"the file of “{title}” was not in its folder"
                continue
            with path.open("rb") as stream:
                self._put(f"{into}/{name}", _parts(stream), packed=not name.endswith(".parquet"))

    def _put(self, name: str, parts: Iterable[bytes], *, packed: bool = True) -> int:
        """One file; how many parts it had."""
        info = zipfile.ZipInfo(name, DAY)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.create_system, info.external_attr = 3, 0o100600 << 16
        said, size, count = hashlib.sha256(), 0, 0
        with self.packed.open(info, "w", force_zip64=True) as out:
            for count, part in enumerate(parts, start=1):  # noqa: B007 - the count is what is wanted
                out.write(part)
                said.update(part)
                size += len(part)
        self.files[name] = FileMade(size, said.hexdigest())
        return count


def _forget(part: Path) -> None:
    with suppress(OSError):
        part.unlink(missing_ok=True)


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    while part := stream.read(1 << 20):
        yield part


def _sheet_line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
