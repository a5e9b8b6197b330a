"""Opening a file of any kind that publishers send, whatever it is called.

The kind is told from the first bytes. Pure: it reads the file and nothing else, writes nothing, runs nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from convenor.registers.sources import Header, Refusal, Refused, Sheet, delimited, formats

#: What these kinds of file hold is words about data, never data.
PROSE = "This is a text to read, not a table of figures: there is nothing in it to load."
SCHEMA = "This describes a format and holds no figures: there is nothing in it to load."
EMPTY = "The file is empty. Fetch it again from its publisher."


class File:
    """An opened file. `rows_read`, `refusals` and `warnings` grow as its tables are taken with `frame()`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        raw = path.read_bytes()
        if not raw.strip():
            raise Refused(EMPTY)
        self.digest = hashlib.sha256(raw).hexdigest()
        self.bytes = len(raw)
        self.refusals: list[Refusal] = []
        self.warnings: list[str] = []
        self.rows_read = 0
        #: Whether the last line of a text stops without a line end, and not at the end of a quotation.
        self.unended = False
        self.taken: dict[str, pa.Table] = {}
        self.odd: list[tuple[int, tuple[str, ...]]] = []
        self._cache: dict[tuple[str, int | None, bool], delimited.Reading] = {}
        self._texts: dict[str, tuple[str, int, str]] = {}
        self._json: Any = None
        self.header = self._open(raw)

    def _open(self, raw: bytes) -> Header:
        if raw[:4] == b"PAR1":
            return Header("parquet", (formats.parquet_head(self.path),))
        if raw[:4] == b"PK\x03\x04":
            return self._open_archive()
        if raw[:2] == b"\x1f\x8b":
            raw = unpacked(raw)
        if raw[:4] in (b"RDX2", b"RDX3"):
            self._r = formats.r_frames(self.path)
            return Header("rda", tuple(Sheet(name, tuple(frame.column_names[:-1])) for name, frame in self._r.items()))
        if raw.lstrip(delimited.UTF8_MARK + b" \t\r\n")[:1] in (b"{", b"["):
            return self._open_json(raw)
        return self._open_text(raw)

    def _open_json(self, raw: bytes) -> Header:
        self._json = formats.json_value(raw)
        kind, sheet = formats.json_head(self._json)
        names = set(sheet.columns)
        if isinstance(self._json, dict) and kind == "json" and ("properties" in names or "$schema" in names):
            raise Refused(SCHEMA)
        return Header(kind, (sheet,))

    def _open_text(self, raw: bytes) -> Header:
        text, encoding = delimited.decode(raw)
        self.unended = not text.endswith(("\n", "\r", '"'))
        sheet = self._hold("", text, prose=self.path.suffix.lower() in (".md", ".txt", ".html", ".htm"))
        if encoding == "utf-16":
            self.warnings.append("the file was in UTF-16, which its publisher does not use")
        return Header("csv", (sheet,))

    def _hold(self, name: str, text: str, *, prose: bool = False) -> Sheet:
        if "\n" not in text and "\r" in text:
            text = text.replace("\r", "\n")
        sheet, row, delimiter = delimited.head_of(text, name)
        if prose or (len(sheet.columns) < 2 and max(map(len, sheet.columns), default=0) > 40):
            raise Refused(PROSE)
        self._texts[name] = (text, row, delimiter)
        return sheet

    def _open_archive(self) -> Header:
        try:
            with zipfile.ZipFile(self.path) as archive:
                names = archive.namelist()
                if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
                    self._book = formats.Workbook(self.path)
                    return Header("xlsx", self._book.sheets())
                formats.refuse_a_bomb(archive)
                tables = [name for name in names if name.lower().endswith(".csv")]
                sheets = tuple(self._hold(name, delimited.decode(archive.read(name))[0]) for name in tables)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise Refused("The archive cannot be opened to its end: it is damaged or cut short. Fetch it again.") from error
        others = [name for name in names if name not in tables and not name.endswith("/")]
        if others:
            self.warnings.append(f"left in the archive, being no tables: {', '.join(others[:10])}")
        return Header("zip", sheets)

    # What sources ask

    def frame(self, sheet: str | None = None, *, header_row: int | None = None, pad_short_rows: bool = False) -> pa.Table:
        """One table; see `OpenedFile`."""
        name = self._name(sheet)
        reading = self._read(name, header_row, pad_short_rows)
        if name not in self.taken:
            self.taken[name] = reading.table
            self.rows_read += reading.table.num_rows + len(reading.refusals)
            self.refusals += reading.refusals
            self.warnings += reading.warnings
            self.odd += reading.odd
        return reading.table

    def peek(self, sheet: str | None = None) -> pa.Table:
        """One table, not counted; rows of the wrong length are left out."""
        return self._read(self._name(sheet), None, False).table

    def json(self) -> Any:
        """The whole of a JSON file."""
        return self._json

    def _name(self, sheet: str | None) -> str:
        if sheet is not None:
            return sheet
        return self.header.sheets[0].name if self.header.sheets else ""

    def _read(self, name: str, header_row: int | None, pad: bool) -> delimited.Reading:
        key = (name, header_row, pad)
        if key not in self._cache:
            reading = self._read_now(name, header_row, pad)
            self._cache[key] = _without_blank_rows(reading, name if len(self.header.sheets) > 1 else "")
        return self._cache[key]

    def _read_now(self, name: str, header_row: int | None, pad: bool) -> delimited.Reading:
        match self.header.kind:
            case "parquet":
                return formats.parquet(self.path)
            case "xlsx":
                return self._book.read(name, header_row)
            case "rda":
                return delimited.Reading(self._r[name])
            case "json" | "topojson":
                return formats.json_table(self._json)
        text, row, delimiter = self._texts[name]
        at = row if header_row is None else header_row
        return delimited.read(text, header_row=at, delimiter=delimiter, pad_short_rows=pad, sheet=name)


def unpacked(raw: bytes) -> bytes:
    """The content of a gzip file."""
    try:
        reader = gzip.GzipFile(fileobj=__import__("io").BytesIO(raw))
        content = reader.read(formats.MOST_BYTES_UNPACKED + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise Refused("The packed file stops before its end: it was cut short. Fetch it again.") from error
    if len(content) > formats.MOST_BYTES_UNPACKED:
        raise Refused("The file unpacks to more than 2 GB, which no published table does. It was not opened.")
    return content


def _without_blank_rows(reading: delimited.Reading, sheet: str) -> delimited.Reading:
    """Refuse rows that hold nothing, trim every cell."""
    table = reading.table
    names = [name for name in table.column_names if name != "_row"]
    if not table.num_rows or not names:
        return reading
    trimmed = {name: pc.utf8_trim_whitespace(table[name]) for name in names}
    blank = None
    for name in names:
        empty = pc.equal(trimmed[name], "")
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            break
    table = pa.table({**trimmed, "_row": table["_row"]})
    if not pc.any(blank).as_py():
        return delimited.Reading(table, reading.refusals, reading.warnings, reading.odd)
    rows = table["_row"].filter(blank).to_pylist()
    refusals = [*reading.refusals, *(Refusal(row, "blank row", sheet=sheet) for row in rows)]
    return delimited.Reading(table.filter(pc.invert(blank)), refusals, reading.warnings, reading.odd)
