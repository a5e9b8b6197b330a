"""Each edition kept once as Parquet, named by the digest of the publisher's file: what computations over many schools read.

Columns that name people are left out. Every column is text as published, with `_row` (the line) and, for files of several tables, `_table`.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    import pyarrow as pa

    from convenor.registers.models import Edition


def folder() -> Path:
    """Where editions are kept."""
    return Path(settings.EDITIONS_DIR)


def path_of(edition: Edition) -> Path | None:
    """The file of an edition; None where nothing was kept (outlines, for instance)."""
    return folder() / edition.parquet if edition.parquet else None


def read(edition: Edition, columns: list[str] | None = None) -> pa.Table | None:
    """An edition as a table of text, or None where nothing was kept."""
    import pyarrow.parquet as pq

    path = path_of(edition)
    return pq.read_table(path, columns=columns) if path and path.exists() else None


def write(frames: dict[str, pa.Table], *, digest: str, without: frozenset[str]) -> Path:
    """Write the tables of a file under a passing name, and flush it to the disk. `settle` gives it its name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder().mkdir(parents=True, exist_ok=True)
    kept = []
    for name, frame in frames.items():
        frame = frame.drop_columns([column for column in frame.column_names if column in without])
        if len(frames) > 1:
            frame = frame.append_column("_table", pa.array([name] * frame.num_rows, pa.string()))
        kept.append(frame)
    table = kept[0] if len(kept) == 1 else pa.concat_tables(kept, promote_options="default")
    passing = folder() / f".{digest}.{os.getpid()}"
    with passing.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd", compression_level=1)
        stream.flush()
        os.fsync(stream.fileno())
    return passing


def name_of(digest: str) -> str:
    """The name under which an edition's file is kept."""
    return f"{digest}.parquet"


def settle(passing: Path, *, digest: str) -> None:
    """Give a written file its name, at once: only after the edition itself is in the database for good."""
    passing.replace(folder() / name_of(digest))


def tidy(standing: Collection[str]) -> None:
    """Deal with files under a passing name whose load was killed: named where their edition stands after all, else removed.

    `standing`: the digests of the editions that stand. A file of a load that still runs is left alone.
    """
    for passing in folder().glob(".*.*"):
        digest, _, process = passing.name[1:].partition(".")
        if not process.isdigit() or _runs(int(process)):
            continue
        if digest in standing and not (folder() / name_of(digest)).exists():
            settle(passing, digest=digest)
        else:
            passing.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    """Whether another process of this number runs. One of our own number is gone: numbers come again."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
