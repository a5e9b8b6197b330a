"""Readers of publishers' files, one module a publisher or family, each found by itself.

To add a published file, write `registers/sources/<publisher>.py` holding `SOURCES: tuple[Source, ...]`. Nothing else needs to know: the
registry looks through this folder. A source is pure: it gets an opened file, and gives back rows; it never touches the database or the
clock.

The order of events for one file:

1. `opening.File(path)` says what kind of file it is and reads the first lines of each of its tables (`header`). A file that cannot be
   read (truncated, binary, wrongly encoded, empty) is refused here.
2. Each source is asked `recognise(header)`: by the names of columns and sheets and the kind of file, never by the file's name. Exactly
   one must say yes.
3. `edition(file, hint)` says which edition it is. What the content says wins; the names of file and folders and `--as-at` come after.
   Where none says it, or where they contradict each other, it raises `Refused` with the remedy (`rules.recognise.school_year` and
   `as_at_day` do so with UnknownEditionError, which counts as the same).
4. `parse(file, facts, known)` gives `Parsed`: batches of rows for the tables, every refused row with its reason, and the number of
   aggregate rows. The engine works out `rows_read = rows_loaded + rows_refused + rows_aggregate`: it counts the rows of every table
   taken with `file.frame()` (or `Parsed.rows_read`, for a file that is not made of tables), takes away the distinct refused rows and the
   aggregates, and calls the rest loaded.
5. The engine writes all of it or nothing, and keeps the frames once as Parquet without `personal_columns`.

Frames are `pyarrow.Table`s in which every column is text, trimmed, blank as the empty string, never null; the extra column `_row`
(int32) is the line of the file, the header being 1. Whole numbers that a library turned into floats come as `100000`, dates of
spreadsheets as ISO text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

OGL = "Open Government Licence v3.0"

#: The order in which the files of one command are loaded: later ones lean on earlier ones.
AREAS, REGISTERS, LINKS, READINGS, MATCHED = range(5)


class Refused(Exception):  # noqa: N818 - the word the field and our reports use
    """This file is not taken. The message is a sentence for the person who sent it, and names the remedy where there is one."""


@dataclass(frozen=True)
class Sheet:
    """The head of one table of a file: a CSV, a sheet of a workbook, a member of an archive, a list in a JSON file."""

    name: str
    columns: tuple[str, ...]
    #: The first lines as they stand (at most 12), for workbooks with titles or several header rows.
    top: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Header:
    """What a file shows of itself before it is read: kind is csv, xlsx, parquet, rda, zip, json or topojson."""

    kind: str
    sheets: tuple[Sheet, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names of the first table."""
        return self.sheets[0].columns if self.sheets else ()

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return tuple(sheet.name for sheet in self.sheets)

    def has(self, *names: str) -> bool:
        """Whether the first table has all these columns (case as published)."""
        return set(names) <= set(self.columns)

    def sheet_with(self, *names: str) -> str | None:
        """The name of the first table that has all these columns, or None."""
        return next((sheet.name for sheet in self.sheets if set(names) <= set(sheet.columns)), None)


@dataclass(frozen=True)
class Hint:
    """What stands outside the file: its name, the folders above it (nearest last), and the day the operator gave."""

    file_name: str
    folders: tuple[str, ...] = ()
    as_at: date | None = None


@dataclass(frozen=True)
class EditionFacts:
    """Which edition a file is. `period` is a school year as 2022-23; `key` defaults to the family with the period or the day."""

    title: str
    as_at: date
    period: str = ""
    note: str = ""
    key: str = ""
    #: Put in place of the source's own where the file is another's work (a third party's join or subset).
    publisher: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """One row that we would not take. `row` is the line of the file, the header being 1; `sheet` where a file has several tables."""

    row: int
    reason: str
    urn: str = ""
    field: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Batch:
    """Rows for one table, the edition left out (the engine adds it).

    `table` is the model's name in snake case: reading, area_reading, inspection, school_record, school_link, group_record,
    group_membership, head_of_school, statistical_neighbour, district, boundary, small_area, area_measure, field_meaning,
    local_authority. `rows` are tuples in the order of `columns`, or a `pyarrow.Table` with those columns. Dates are ISO text or None;
    objects (facts, judgements, geometry) are dicts or JSON text. Columns left out get the empty value of the field.
    """

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]] | Iterable[tuple[Any, ...]] | pa.Table


@dataclass
class Parsed:
    """What a file held. Refusals and aggregate must be complete when `parse` returns; the rows of batches may be lazy."""

    batches: list[Batch] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    #: Local-authority, regional and national rows among school rows.
    aggregate: int = 0
    #: Whether the last row of a table of figures is a school's; whole tables of the Department end with rows of England.
    ends_with_school: bool = False
    warnings: list[str] = field(default_factory=list)
    #: Only for files without tables (boundaries): what counts as a row there.
    rows_read: int | None = None
    #: What to keep as Parquet, where it is not simply the frames taken.
    keep: pa.Table | None = None


@dataclass(frozen=True)
class KnownSchool:
    """A school already in the register, for files that name schools otherwise than by URN. `laestabs` holds former ones too."""

    urn: str
    name: str
    authority_code: str
    phase: str
    status: str
    opened_on: date | None
    closed_on: date | None
    laestabs: frozenset[str]


class Known(Protocol):
    """What a parse may ask of the register as it stands before this file."""

    #: URNs whose head teachers' names may be kept: a partnership's own schools.
    heads_for: frozenset[str]

    def schools(self) -> tuple[KnownSchool, ...]:
        """Every real school of the register, read once."""
        ...


class OpenedFile(Protocol):
    """A file that could be opened. See `opening`."""

    path: Path
    header: Header

    def frame(self, sheet: str | None = None, *, header_row: int | None = None, pad_short_rows: bool = False) -> pa.Table:
        """One table, all text, with `_row`; its rows count as read.

        `header_row` (from 0) where the header is not the line that was found. Rows of the wrong length are refused by number, unless
        `pad_short_rows`, which fills short ones with blanks and says so in a warning. Raises `Refused` when the file is cut short.
        """
        ...

    def peek(self, sheet: str | None = None) -> pa.Table:
        """The same, without counting: for `edition`."""
        ...

    def json(self) -> Any:
        """The whole of a JSON file."""
        ...


@dataclass(frozen=True)
class Source:
    """A family of published files. The texts are printed in `docs/sources.md`."""

    family: str
    publisher: str
    cadence: str
    takes: str
    leaves: str
    recognise: Callable[[Header], bool]
    edition: Callable[[OpenedFile, Hint], EditionFacts]
    parse: Callable[[OpenedFile, EditionFacts, Known], Parsed]
    licence: str = OGL
    stage: int = READINGS
    #: Columns that name people: never written to the Parquet.
    personal_columns: frozenset[str] = frozenset()
