"""Plain text tables: CSV in the encodings and with the signs between cells that spreadsheet programs write, and cells pasted from one."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Final

from convenor.moving_in.rules.reading.shapes import ROWS_MOST, Budget, Grid, Sheet
from convenor.moving_in.rules.reading.workbooks import keep
from convenor.moving_in.rules.refusals import FileRefused

_BETWEEN: Final = (",", ";", "\t", "|")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
#: What no text holds, and every picture or program does.
_BINARY_SHARE: Final = 0.02
_LAST: Final = "\x00last"


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of the encoding it was read in: by its mark, else UTF-8, else CP1252. Raises FileRefused."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _text(content, encoding), encoding
    if content[:4000].count(0) > len(content[:4000]) * 0.2:
        even = content[:4000:2].count(0) > content[1:4000:2].count(0)
        return _text(content, "utf-16-be" if even else "utf-16-le"), "utf-16"
    try:
        return _text(content, "utf-8"), "utf-8"
    except FileRefused:
        pass
    odd = sum(content.count(bytes((each,))) for each in (*range(9), *range(14, 32)))
    if odd > len(content) * _BINARY_SHARE or b"\x00" in content:
        raise _no_text()
    return content.decode("cp1252", errors="replace").replace("\ufffd", ""), "cp1252"


def _text(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeError as reason:
        raise _no_text() from reason
    odd = sum(text.count(chr(each)) for each in (*range(9), *range(14, 32)))
    if odd > len(text) * _BINARY_SHARE:
        raise _no_text()
    return text


def _no_text() -> FileRefused:
    return FileRefused(
        "The file is neither a spreadsheet nor text that can be read. Nothing was read. Bring XLSX, ODS, CSV, vCard or ICS, or paste "
        "the cells.",
        "wrong-kind",
    )


def read_plain(text: str, encoding: str, name: str, *, pasted: bool = False) -> Sheet:
    """The one table of a text. Raises FileRefused for a quotation mark that never closes, and for too much."""
    text = text.removeprefix("\ufeff").replace(_LAST, "")
    between = ""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        between, text = first.strip()[4], rest
    between = between or _sign_between(text, pasted)
    grid = Grid(name, Budget())
    widths: list[int] = []
    for number, cells in enumerate(_rows(text, between)):
        grid.budget.wrote(len(cells))
        if number >= ROWS_MOST:
            if any(cells):
                raise FileRefused(
                    f"The file has more than {ROWS_MOST:,} lines. Nothing was read. Bring it in smaller files.", "too-many-cells"
                )
            continue
        widths.append(_filled(cells))
        for column, cell in enumerate(cells):
            if cell:
                keep(grid, number, column, cell)
    if encoding == "cp1252":
        grid.notes.append("The file is not in Unicode; it was read as Windows text (CP1252). Look whether names with accents are right.")
    sheet = grid.sheet()
    return Sheet(sheet.name, sheet.rows, sheet.notes, _uneven(widths))


def _rows(text: str, between: str) -> Iterator[list[str]]:
    """Each line's cells. A last line of our own tells whether a quotation mark swallowed the end of the file."""
    before: list[str] | None = None
    try:
        for cells in csv.reader(io.StringIO(f"{text}\n{_LAST}", newline=""), delimiter=between):
            if before is not None:
                yield before
            before = cells
    except csv.Error as reason:
        raise _open_quotation() from reason
    if before != [_LAST]:
        raise _open_quotation()


def _open_quotation() -> FileRefused:
    return FileRefused(
        "In the file a quotation mark opens and never closes, so that many lines would be taken for one cell. Nothing was read. Open "
        "it in a "
        "spreadsheet program, look for the line with the quotation mark, save it and bring it again.",
        "open-quotation",
    )


def _sign_between(text: str, pasted: bool) -> str:
    """The sign that most evenly parts the first lines: the one with which most lines have the same number of cells, more than one."""
    some = "\n".join(text[:40_000].splitlines()[:60])
    best, sign = (0.0, 0), "\t" if pasted else ","
    for each in _BETWEEN:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(some), delimiter=each) if any(row))
        except csv.Error:
            continue
        parted = {width: count for width, count in widths.items() if width > 1}
        if not parted:
            continue
        width, count = max(parted.items(), key=lambda one: (one[1], one[0]))
        found = (count / sum(widths.values()) + (0.5 if pasted and each == "\t" else 0.0), width)
        if found > best:
            best, sign = found, each
    return sign


def _filled(cells: list[str]) -> int:
    """How many cells a line has up to its last filled one."""
    return max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _uneven(widths: list[int]) -> tuple[int, ...]:
    """The numbers of lines that are longer than the headings and nearly all others: a comma stood in a cell without quotation marks."""
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return ()
    often = [width for width, count in counts.items() if count >= max(2, sum(counts.values()) * 0.05)]
    usual = max(often, default=max(counts))
    headings = next((width for width in widths if width > 1 and width >= usual * 0.6), usual)
    long = tuple(number for number, width in enumerate(widths, 1) if width > max(usual, headings))
    return long if len(long) <= max(1, sum(counts.values()) * 0.05) else ()
