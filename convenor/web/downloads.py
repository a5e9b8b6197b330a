"""Tables as files: CSV and XLSX, as they stand on the page, with their editions, and safe to open in a spreadsheet.

A cell that begins with = + - @, a tab or a line break could be run as a formula by a spreadsheet. Such text is given an
apostrophe first; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse

from convenor.papers.rules import never_run

BYTE_ORDER_MARK = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_NAME_MAXIMUM = 31
WIDTH_MINIMUM, WIDTH_MAXIMUM = 8, 48


def safe(cell: Any) -> Any:
    """The cell as it may stand in a file: text that a spreadsheet would run gets an apostrophe; None is empty."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    return never_run(str(cell))


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file with a header line and UTF-8's mark, so that a spreadsheet reads names rightly. `name` has no ending."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(column) for column in columns])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return _attachment(out.getvalue().encode(), "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_file(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str, about: Iterable[tuple[str, str]] = ()
) -> HttpResponse:
    """A workbook: the table on the sheet named `sheet`, and `about` (what it holds, from which editions) on a second one."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    table = book.add_worksheet(sheet[:SHEET_NAME_MAXIMUM])
    widths = [min(WIDTH_MAXIMUM, max(WIDTH_MINIMUM, len(column))) for column in columns]
    for at, column in enumerate(columns):
        table.write_string(0, at, str(safe(column)), bold)
    for line, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            value = safe(cell)
            if isinstance(value, int | float):
                table.write_number(line, at, value)
            elif value != "":
                table.write_string(line, at, value)
                widths[at] = min(WIDTH_MAXIMUM, max(widths[at], len(value)))
    for at, width in enumerate(widths):
        table.set_column(at, at, width + 1)
    table.freeze_panes(1, 1)
    notes = book.add_worksheet("About this file")
    notes.set_column(0, 0, 28)
    notes.set_column(1, 1, 100)
    for line, (what, said) in enumerate(about):
        notes.write_string(line, 0, str(safe(what)), bold)
        notes.write_string(line, 1, str(safe(said)))
    book.close()
    return _attachment(out.getvalue(), XLSX, f"{name}.xlsx")


def _attachment(content: bytes, kind: str, file_name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", file_name)
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    return response
