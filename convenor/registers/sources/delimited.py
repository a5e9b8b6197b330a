"""Delimited text: decoding, the header, rows of the wrong length, signs that a file was cut short.

Pure: bytes in, tables out. The reader is Arrow's, which hands every row of the wrong length back with its number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from convenor.registers.sources import Refusal, Refused, Sheet

_NUMBER = re.compile(r"-?[\d.,/ -]+%?")
#: Lines looked at for a header.
TOP_LINES = 12
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
NO_ROWS = "The file has no rows of a table: a quotation is never ended, or it is damaged. Fetch it again from its publisher."
#: The five bytes that Windows-1252 leaves without a meaning.
NOT_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


Keeper = Callable[[arrow_csv.InvalidRow], str]


@dataclass
class Reading:
    """One table as read: its rows, the rows refused for their length, and what a reader must be told."""

    table: pa.Table
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: Rows of the wrong length that were refused, by line: a second header may be among them.
    odd: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)


def decode(raw: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was in: UTF-8 (with or without a mark), UTF-16 with a mark, or Windows-1252.

    Raises `Refused` for bytes that are none of them.
    """
    if raw[:2] in UTF16_MARKS:
        try:
            return raw.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise Refused("The file begins as UTF-16 and does not go on so: it is damaged or cut short. Fetch it again.") from error
    if b"\x00" in raw:
        raise Refused(
            "The file holds bytes that no table of text has: it is not a table, or it is damaged. Fetch it again from its publisher."
        )
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        where = raw.count(b"\n", 0, error.start) + 1
        if raw.startswith(UTF8_MARK):
            raise Refused(
                f"The file says it is UTF-8, and line {where} is not: it is damaged or wrongly joined. Fetch it again."
            ) from error
    strange = next((position for position in (raw.find(bytes((byte,))) for byte in NOT_CP1252) if position >= 0), -1)
    if strange >= 0:
        line = raw.count(b"\n", 0, strange) + 1
        raise Refused(f"Line {line} is neither UTF-8 nor Windows-1252: the file is wrongly encoded. Fetch it again, or save it as UTF-8.")
    text = raw.decode("cp1252")
    if "Ã©" in text or "â€" in text:
        raise Refused(f"Line {where} mixes two encodings (UTF-8 and Windows-1252). Fetch the file again, or save it whole as UTF-8.")
    return text, "cp1252"


def split_line(text: str, delimiter: str) -> tuple[str, ...]:
    """The cells of one record. Raises `Refused` for one that is no record at all."""
    try:
        return tuple(cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), []))
    except csv.Error as error:
        raise Refused(NO_ROWS) from error


def delimiter_of(text: str) -> str:
    """Comma, semicolon or tab: whichever the first lines hold most of."""
    start = text[:4000]
    return max((",", ";", "\t"), key=start.count)


def top_of(text: str, delimiter: str) -> tuple[tuple[str, ...], ...]:
    """The first records. Raises `Refused` where there are none."""
    rows = csv.reader(io.StringIO(text[:400_000]), delimiter=delimiter)
    try:
        return tuple(tuple(cell.strip() for cell in row) for row, _ in zip(rows, range(TOP_LINES), strict=False))
    except csv.Error as error:  # a cell of more than 128 KB: a quotation never ended, or no lines at all
        raise Refused(NO_ROWS) from error


def header_row_of(top: tuple[tuple[str, ...], ...]) -> int:
    """Which of the first lines is the header: the first that fills half as many cells as the fullest, all with words, or nearly all.

    So titles above it are passed over, and a row below it that is too long does not hide it.
    """
    filled = [sum(1 for cell in row if cell) for row in top]
    if max(filled, default=0) < 2:
        return 0
    most = sorted(filled)[-2] if len(filled) > 2 else max(filled)  # one odd line does not count
    for index, (row, count) in enumerate(zip(top, filled, strict=True)):
        wordy = count >= max(2, most / 2) and not any(_NUMBER.fullmatch(cell) for cell in row if cell)
        if wordy or count >= 0.8 * most:
            return index
    return 0


def named(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Column names made whole: a blank one becomes 'column 3', one that comes twice gets a number; blanks at the end fall away."""
    cells = tuple(cell.strip() for cell in cells)
    while cells and not cells[-1]:
        cells = cells[:-1]
    names: list[str] = []
    for index, cell in enumerate(cells, start=1):
        name = cell or f"column {index}"
        names.append(name if name not in names else f"{name} ({index})")
    return tuple(names)


def head_of(text: str, name: str = "") -> tuple[Sheet, int, str]:
    """The head of a delimited text: the sheet, the line (from 0) of its header, and its delimiter."""
    delimiter = delimiter_of(text)
    top = top_of(text, delimiter)
    row = header_row_of(top)
    return Sheet(name, named(top[row]) if top else (), top), row, delimiter


def cut_short(text: str) -> str:
    """Why the text seems to have lost its end, or nothing: a quotation left open at the end of the file."""
    if text.count('"') % 2:
        return "The file ends inside a quotation: it was cut short. Fetch it again."
    return ""


def read(text: str, *, header_row: int, delimiter: str, pad_short_rows: bool, sheet: str = "") -> Reading:
    """Every record below the header as text.

    A record of the wrong length is refused by its number, or, with `pad_short_rows`, filled up with blanks. Raises `Refused` when the last
    record is short, is not ended, and is like no other record: then the file was cut.
    """
    reason = cut_short(text)
    if reason:
        raise Refused(reason)
    names = named(top_of(text, delimiter)[header_row])
    wrong: list[tuple[int, str]] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        wrong.append((row.number, row.text))
        return "skip"

    table = _arrow(text, names, header_row, delimiter, keep)
    total = table.num_rows + len(wrong)
    first = header_row + 2
    numbers = np.arange(first, first + total, dtype=np.int32)
    if wrong:
        numbers = np.delete(numbers, [number - first for number, _ in wrong])
    table = table.append_column("_row", pa.array(numbers))
    if wrong:
        return _with_wrong(table, names, wrong, text, delimiter, pad_short_rows, sheet, last=first + total - 1)
    return Reading(table)


def _arrow(text: str, names: tuple[str, ...], header_row: int, delimiter: str, keep: Keeper) -> pa.Table:
    columns = [f"c{index}" for index in range(len(names))]
    body = _below(text, header_row)
    if not body:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    options = arrow_csv.ReadOptions(use_threads=False, column_names=columns, block_size=1 << 24)
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(body.encode("utf-8")),
            read_options=options,
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=_renumbered(keep, header_row)
            ),
            convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        raise Refused(f"The table cannot be read as rows of text ({str(error).splitlines()[0][:120]}). Fetch it again.") from error
    return table.rename_columns(list(names))


def _renumbered(keep: Keeper, header_row: int) -> Keeper:
    def handle(row: arrow_csv.InvalidRow) -> str:
        return keep(row._replace(number=row.number + header_row + 1))

    return handle


def _below(text: str, header_row: int) -> str:
    """What stands below the header, record by record (a header may itself hold a quoted line end)."""
    position, left = 0, header_row + 1
    inside = False
    while left:
        end = text.find("\n", position)
        if end < 0:
            return ""
        inside ^= text.count('"', position, end) % 2 == 1
        position = end + 1
        left -= not inside
    return text[position:]


def _with_wrong(
    table: pa.Table, names: tuple[str, ...], wrong: list[tuple[int, str]], text: str, delimiter: str, pad: bool, sheet: str, *, last: int
) -> Reading:
    """Deal with the records of the wrong length."""
    cells = [(number, split_line(line, delimiter)) for number, line in wrong]
    _refuse_a_cut(cells, len(names), text, last)
    padded, refusals, odd = [], [], []
    urn_at = names.index("URN") if "URN" in names else -1
    for number, values in cells:
        urn = values[urn_at] if 0 <= urn_at < len(values) else ""
        if not any(values):
            refusals.append(Refusal(number, "blank row", sheet=sheet))
        elif pad and len(values) < len(names):
            padded.append((number, values))
        else:
            reason = f"the row has {len(values)} values where the header names {len(names)}"
            refusals.append(Refusal(number, reason, urn=urn[:20], sheet=sheet))
            odd.append((number, values))
    warnings = []
    if padded:
        warnings.append(f"{len(padded)} rows are shorter than the header; the values missing at their end are taken as blank")
        columns: dict[str, list[Any]] = {}
        for place, name in enumerate(names):
            columns[name] = [values[place] if place < len(values) else "" for _, values in padded]
        columns["_row"] = [number for number, _ in padded]
        more = pa.table({name: pa.array(values, pa.int32() if name == "_row" else pa.string()) for name, values in columns.items()})
        table = pa.concat_tables([table, more]).sort_by("_row")
    return Reading(table, refusals, warnings, odd)


def _refuse_a_cut(cells: list[tuple[int, tuple[str, ...]]], width: int, text: str, last: int) -> None:
    """Refuse a file whose last record is short, not ended, and unlike the others."""
    number, values = cells[-1]
    if number != last or text.endswith(("\n", "\r")) or len(values) >= width:
        return
    if not any(len(other) == len(values) for _, other in cells[:-1]):
        raise Refused(f"The last row ({number}) stops after {len(values)} of {width} values: the file was cut short. Fetch it again.")
