"""A file that may be an archive, opened with care: nothing is believed before it was counted and its digest taken."""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from convenor.archive.queries.everything import known_tables
from convenor.archive.rules.form import (
    CONTENTS,
    CONTENTS_AT_MOST,
    LINE_AT_MOST,
    NOTHING,
    Contents,
    Member,
    TableListed,
    check_listed,
    check_members,
    check_tables,
    read_contents,
    row_from,
)
from convenor.archive.rules.refusals import NotAnArchive
from convenor.archive.rules.values import Row

WHOLE = f"This file is damaged or not whole. {NOTHING} Copy it again from where it was made, or take the archive out once more."
#: Bytes read at a time.
PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive whose every file is as its list of contents says."""

    packed: zipfile.ZipFile
    contents: Contents

    def rows(self, listed: TableListed) -> Iterator[Row]:
        """The rows of one table, by line. Raises NotAnArchive for one that is none, or where they are more or fewer than listed."""
        count = 0
        with self.packed.open(listed.member) as stream:
            while line := stream.readline(LINE_AT_MOST):
                count += 1
                try:
                    yield row_from(line.decode(), listed, count)
                except UnicodeDecodeError as error:
                    raise NotAnArchive(f"Line {count} of {listed.member} is no text. {NOTHING}") from error
        if count != listed.rows:
            raise NotAnArchive(f"{listed.member} holds {count} rows and not {listed.rows}, as its list of contents says. {NOTHING}")

    def names_in(self, folder: str) -> list[str]:
        """Names of the files of one folder, without it."""
        return [name.removeprefix(folder) for name in self.contents.files if name.startswith(folder)]

    def open(self, name: str) -> IO[bytes]:
        """One file of it."""
        return self.packed.open(name)


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """An archive with every file counted and its digest taken, before a row of it is read. Raises NotAnArchive, in words, for all else."""
    if not file.is_file():
        raise NotAnArchive(f"There is no file {file.name} there. {NOTHING}")
    try:
        with zipfile.ZipFile(file) as packed:
            members = [_member(each) for each in packed.infolist()]
            check_members(members)
            contents = read_contents(_text(packed))
            check_listed(contents, members)
            check_tables(contents, known_tables())
            _check_digests(packed, contents)
            yield Opened(packed, contents)
    except zipfile.BadZipFile as error:
        raise NotAnArchive(
            WHOLE if zipfile.is_zipfile(file) else f"This is no archive of Convenor, or only a part of one. {NOTHING}"
        ) from error
    except (zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise NotAnArchive(WHOLE) from error


def _member(info: zipfile.ZipInfo) -> Member:
    kind = stat.S_IFMT(info.external_attr >> 16)
    locked = bool(info.flag_bits & 0x1)
    plain = not info.is_dir() and kind in {0, stat.S_IFREG} and not locked
    return Member(info.orig_filename, info.file_size, info.compress_size, plain and info.compress_type in {0, zipfile.ZIP_DEFLATED})


def _text(packed: zipfile.ZipFile) -> str:
    with packed.open(CONTENTS) as stream:
        return stream.read(CONTENTS_AT_MOST).decode()


def _check_digests(packed: zipfile.ZipFile, contents: Contents) -> None:
    for name, made in contents.files.items():
        said, size = hashlib.sha256(), 0
        with packed.open(name) as stream:
            while part := stream.read(PART):
                said.update(part)
                size += len(part)
        if (size, said.hexdigest()) != (made.size, made.digest):
            raise NotAnArchive(
                f"“{name}” was altered after the archive was made: its digest is another. {NOTHING} Take the archive out once more."
            )
