"""The process of its own in which old workbooks are opened: `python -m` this module reads one from standard input and writes JSON.

Not imported by anything else. It takes no more memory and processor time than allowed, and when it is stopped, only it is.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from convenor.moving_in.rules.reading.cells import moment_text, number_text
from convenor.moving_in.rules.reading.shapes import CELLS_MOST, SHEETS_MOST

SECONDS_MOST: Final = 2
MEMORY_BYTES_MOST: Final = 1024 * 1024 * 1024


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
        if told.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba):
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
