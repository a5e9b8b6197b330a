"""Workbooks, Parquet, R data frames and JSON, each turned into tables of text.

Pure: a path in, tables out. Whole numbers that a library made floats of are printed whole, dates as ISO text, nothing as the empty text.
"""

from __future__ import annotations

import json
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from convenor.registers.sources import Refused, Sheet
from convenor.registers.sources.delimited import TOP_LINES, Reading, header_row_of, named

#: Nothing that a publisher sends is larger than this when unpacked; more is an accident or an attack.
MOST_BYTES_UNPACKED = 2_000_000_000
#: A sheet that spans more cells, empty ones among them, would fill a small machine's memory (ours).
MOST_CELLS = 20_000_000


def cell(value: Any) -> str:
    """One cell as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if (value.hour, value.minute, value.second) == (0, 0, 0) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value)


def table_of(names: tuple[str, ...], rows: list[tuple[Any, ...]], first: int) -> pa.Table:
    """Rows of values as a table of text; `first` is the line of the first row."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    table = {name: pa.array([cell(value) for value in values], pa.string()) for name, values in zip(names, columns, strict=True)}
    return pa.table(table).append_column("_row", pa.array(range(first, first + len(rows)), pa.int32()))


def refuse_a_bomb(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks to more than any publisher sends."""
    if sum(member.file_size for member in archive.infolist()) > MOST_BYTES_UNPACKED:
        raise Refused("The file unpacks to more than 2 GB, which no published table does. It was not opened.")


class Workbook:
    """An XLSX file. Formulas are not run: the value that the publisher's program last saved is taken."""

    def __init__(self, path: Path) -> None:
        import openpyxl

        try:
            with zipfile.ZipFile(path) as archive:
                refuse_a_bomb(archive)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except Refused:
            raise
        except Exception as error:
            raise Refused("The workbook cannot be opened: it is damaged or cut short. Fetch it again from its publisher.") from error
        self._rows: dict[str, list[tuple[Any, ...]]] = {}

    def sheets(self) -> tuple[Sheet, ...]:
        """The head of every sheet that holds anything."""
        heads = []
        for sheet in self._book.worksheets:
            top = tuple(tuple(cell(value) for value in row) for row in self._read(sheet.title, TOP_LINES))
            if any(any(row) for row in top):
                heads.append(Sheet(sheet.title, named(top[header_row_of(top)]), top))
        return tuple(heads)

    def _read(self, sheet: str, most: int | None = None) -> list[tuple[Any, ...]]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self._rows_of(sheet, most)
        except Refused:
            raise
        except Exception as error:
            raise Refused(f"The sheet '{sheet}' cannot be read: the workbook is damaged or cut short. Fetch it again.") from error

    def _rows_of(self, sheet: str, most: int | None) -> list[tuple[Any, ...]]:
        """The rows down to `most`; a sheet's last cell may lie so far away that the empty ones before it would fill the memory."""
        rows, cells = [], 0
        for row in self._book[sheet].iter_rows(values_only=True, max_row=most):
            cells += len(row)
            if cells > MOST_CELLS:
                raise Refused(f"The sheet '{sheet}' spans more than {MOST_CELLS:,} cells, which no published table does. It was not read.")
            rows.append(tuple(row))
        return rows

    def read(self, sheet: str, header_row: int | None) -> Reading:
        """All of one sheet, without wholly blank rows at its end."""
        if sheet not in self._rows:
            self._rows[sheet] = self._read(sheet)
        rows = self._rows[sheet]
        last = len(rows)
        while last and not any(value not in (None, "") for value in rows[last - 1]):
            last -= 1
        top = tuple(tuple(cell(value) for value in row) for row in rows[:TOP_LINES])
        at = header_row_of(top) if header_row is None else header_row
        names = named(top[at])
        width = len(names)
        body = [(row + (None,) * width)[:width] for row in rows[at + 1 : last]]
        return Reading(table_of(names, body, at + 2))


def parquet_head(path: Path) -> Sheet:
    """Column names of a Parquet file."""
    import pyarrow.parquet as pq

    try:
        return Sheet("", named(tuple(pq.read_schema(path).names)))
    except (pa.ArrowInvalid, OSError) as error:
        raise Refused("The Parquet file has no readable end: it is damaged or cut short. Fetch it again from its publisher.") from error


def parquet(path: Path) -> Reading:
    """A Parquet file as text."""
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise Refused("The Parquet file cannot be read to its end: it is damaged or cut short. Fetch it again.") from error
    table = table.rename_columns(list(named(tuple(table.column_names))))
    columns = {name: _as_text(table[name]) for name in table.column_names}
    return Reading(_numbered(pa.table(columns)))


def _numbered(table: pa.Table) -> pa.Table:
    return table.append_column("_row", pa.array(range(2, table.num_rows + 2), pa.int32()))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """One column as text; Arrow prints whole floats without a point."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = pc.cast(column, pa.date32(), safe=False)
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
    if pa.types.is_nested(kind):
        return pa.chunked_array([pa.array([cell(value) for value in column.to_pylist()], pa.string())])
    text = pc.cast(column, pa.string())
    return pc.utf8_trim_whitespace(pc.fill_null(text, ""))


def _r_date(days: Any, attributes: Any) -> Any:
    """R's dates are days since 1970, missing ones not a number."""
    import numpy as np

    numbers = np.asarray(days, dtype=float)
    dates = np.full(numbers.shape, np.datetime64("NaT"), dtype="datetime64[D]")
    known = ~np.isnan(numbers)
    dates[known] = numbers[known].astype("int64").astype("datetime64[D]")
    return dates.astype("datetime64[s]")


def r_frames(path: Path) -> dict[str, pa.Table]:
    """The data frames of an R data file."""
    import rdata

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            held = rdata.read_rda(path, constructor_dict={**rdata.conversion.DEFAULT_CLASS_MAP, "Date": _r_date})
    except Exception as error:
        raise Refused("The R data file cannot be read: it is damaged, cut short, or holds kinds of object we do not read.") from error
    frames = {name: frame for name, frame in held.items() if hasattr(frame, "columns")}
    return {name: _numbered(_frame_as_text(frame)) for name, frame in frames.items()}


def _frame_as_text(frame: Any) -> pa.Table:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return pa.table({name: _as_text(table[name]) for name in named(tuple(table.column_names))})


def json_value(raw: bytes) -> Any:
    """The value of a JSON file. Raises `Refused` for a file that is not whole."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused("The JSON file cannot be read to its end: it is damaged or cut short. Fetch it again.") from error


def json_head(value: Any) -> tuple[str, Sheet]:
    """Its kind (json or topojson), and the names of the first record, or of the object itself."""
    if isinstance(value, list):
        first = value[0] if value and isinstance(value[0], dict) else {}
        return "json", Sheet("", tuple(first))
    if isinstance(value, dict):
        kind = "topojson" if value.get("type") == "Topology" else "json"
        return kind, Sheet("", tuple(value), (tuple(value.get("objects", ())),) if kind == "topojson" else ())
    return "json", Sheet("", ())


def json_table(value: Any) -> Reading:
    """A list of records as a table; records that are no objects cannot be."""
    if not isinstance(value, list) or not all(isinstance(record, dict) for record in value):
        raise Refused("The JSON file is not a list of records.")
    names = tuple(dict.fromkeys(name for record in value for name in record))
    return Reading(table_of(names, [tuple(record.get(name) for name in names) for record in value], 2))
