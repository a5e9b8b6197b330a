"""Old workbooks (XLS), read by python-calamine in a process of its own with bounded memory and time.

The library lays a whole sheet out before it can be asked how large it is, and a broken file can make it stop the process it runs in; so
neither can harm the page that was asked for the file. `python -m` this module reads a workbook from standard input and writes JSON.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from convenor.moving_in.rules.reading.cells import moment_text, number_text, shown
from convenor.moving_in.rules.reading.packages import damaged
from convenor.moving_in.rules.reading.shapes import CELLS_MOST, SHEETS_MOST, Budget, Grid, Sheet
from convenor.moving_in.rules.reading.workbooks import keep
from convenor.moving_in.rules.refusals import FileRefused

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECONDS_MOST: Final = 20
MEMORY_BYTES_MOST: Final = 1024 * 1024 * 1024


def _name(text: str) -> bytes:
    return text.encode("utf-16-le")


def read_old_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an XLS file that hold something. Raises FileRefused for passwords, macros, other programs' files and what is "
    "broken."""
    if _name("EncryptedPackage") in content or _name("EncryptionInfo") in content:
        raise FileRefused(
            "The file has a password. Nothing was read. Open it, take the password off, save it and bring it again.", "encrypted"
        )
    if _name("_VBA_PROJECT") in content:
        raise FileRefused(
            "The file carries macros (small programs). Nothing was read. Open it, save it as an Excel workbook without macros (.xlsx) "
            "or as "
            "CSV, and bring that.",
            "macros",
        )
    if _name("Workbook") not in content and _name("Book") not in content:
        raise FileRefused(
            "The file is of an older program, but no spreadsheet. Nothing was read. Bring XLSX, ODS, CSV, vCard or ICS, or paste the "
            "cells.",
            "wrong-kind",
        )
    told = _read_apart(content)
    if told.get("refused"):
        raise FileRefused(told["refused"], told["reason"])
    budget, found = Budget(), []
    for each in told["sheets"]:
        grid = Grid(shown(each["name"])[:100] or "Sheet", budget)
        if each["hidden"]:
            grid.notes.append("This sheet is hidden in the file; it was read too.")
        grid.merged = [(top, left, bottom, right) for top, left, bottom, right in each["merged"]]
        for row, column, text in each["cells"]:
            keep(grid, row, column, text)
        if (sheet := grid.sheet()).rows:
            found.append(sheet)
    return tuple(found)


def _read_apart(content: bytes) -> dict[str, Any]:
    """What the process of its own tells; every way in which it may end otherwise is a damaged file."""
    command = [sys.executable, "-m", __name__ if __name__ != "__main__" else "convenor.moving_in.rules.reading.old_workbooks"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS_MOST, check=True)  # noqa: S603 - our own module
        told: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as reason:
        raise damaged() from reason
    return told


def _bounded() -> None:
    """Take no more memory and processor time than allowed, where the system can hold us to it."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MOST, MEMORY_BYTES_MOST))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MOST, SECONDS_MOST))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tell(content: bytes) -> dict[str, Any]:
    """The filled cells of every sheet, as plain lists; a refusal where the file holds macros or too much."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        words = "The file has a password. Nothing was read. Open it, take the password off, save it and bring it again."
        return {"refused": words, "reason": "encrypted"}
    sheets: list[dict[str, Any]] = []
    count = 0
    for told in book.sheets_metadata[: SHEETS_MOST + 1]:
        if told.typ in {SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba}:
            words = "The file carries macros (small programs). Nothing was read. Open it, save it as .xlsx or CSV, and bring that."
            return {"refused": words, "reason": "macros"}
        if told.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(told.name)
        top, left = sheet.start or (0, 0)
        cells: list[tuple[int, int, str]] = []
        for row, values in enumerate(sheet.iter_rows(), top):
            cells.extend((row, column, text) for column, value in enumerate(values, left) if (text := as_text(value)))
            if count + len(cells) > CELLS_MOST:
                words = (
                    f"The file holds more than {CELLS_MOST:,} filled cells. Nothing was read. Bring the sheets that are needed, one by one."
                )
                return {"refused": words, "reason": "too-many-cells"}
        count += len(cells)
        merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        sheets.append({"name": told.name, "hidden": told.visible != SheetVisibleEnum.Visible, "cells": cells, "merged": merged})
    return {"sheets": sheets}


def as_text(value: object) -> str:
    """A value as the library gives it, as a reader sees it."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return number_text(value)
        case datetime():
            return moment_text(value)
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            minutes = int(value.total_seconds() // 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        case str():
            return value
        case _:
            return ""


if __name__ == "__main__":
    _bounded()
    sys.stdout.write(json.dumps(tell(sys.stdin.buffer.read())))
