"""Files of several formats from plain rows, the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[str]]
_THEN = (1980, 1, 1, 0, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
#: What every program writes below a table: a million rows of nothing.
_EMPTY = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx_file(sheets: Sequence[tuple[str, Rows, Sequence[tuple[int, int, int, int]], int]], *, hidden: int | None = None) -> bytes:
    """A workbook of (name, rows, merged ranges, a hidden row or 0). A text that begins with = is a formula whose kept result is "2"."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": datetime(2025, 9, 1)})
    for name, rows, merged, _ in sheets:
        sheet = book.add_worksheet(name)
        for top, left, bottom, right in merged:
            sheet.merge_range(top, left, bottom, right, "")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell.startswith("="):
                    sheet.write_formula(at, column, cell, None, "2")
                elif cell:
                    sheet.write_string(at, column, cell)
    if hidden is not None:
        book.get_worksheet_by_name(sheets[hidden][0]).hide()
    book.close()
    return out.getvalue()


def ods_file(sheets: Sequence[tuple[str, Rows]]) -> bytes:
    """An open document of (name, rows)."""
    tables = []
    for name, rows in sheets:
        lines = "".join(f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>" for row in rows)
        tables.append(f'<table:table table:name="{escape(name)}">{lines}{_EMPTY}</table:table>')
    names = " ".join(f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text"))
    content = f"{_XML}<office:document-content {names}><office:body><office:spreadsheet>{''.join(tables)}"
    content += "</office:spreadsheet></office:body></office:document-content>"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", _ODS), ("content.xml", "text/xml"))
    )
    manifest = f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}</manifest:manifest>'
    return packed([("mimetype", _ODS.encode()), ("content.xml", content.encode()), ("META-INF/manifest.xml", manifest.encode())])


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def packed(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A ZIP archive of parts in order, the first one stored, with a day that never changes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for at, (name, content) in enumerate(parts):
            archive.writestr(zipfile.ZipInfo(name, _THEN), content, zipfile.ZIP_STORED if at == 0 else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def csv_file(rows: Rows, *, encoding: str = "utf-8", between: str = ",") -> bytes:
    """A plain table with Windows lines."""
    out = io.StringIO()
    csv.writer(out, delimiter=between, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding, "replace")


def cards_file(cards: Sequence[tuple[str, str, str, str, str]]) -> bytes:
    """Address cards of (name, organisation, title, e-mail, postcode), vCard 3.0, each with a picture nobody needs."""
    lines = []
    for name, organisation, title, email, postcode in cards:
        first, _, last = name.partition(" ")
        plain = organisation.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
        lines += [
            "BEGIN:VCARD",
            "VERSION:3.0", f"FN:{name}", f"N:{last};{first};;;", f"ORG:{plain}", f"TITLE:{title}", f"EMAIL;TYPE=INTERNET:{email}",
            f"ADR;TYPE=WORK:;;;;;{postcode};",
                "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUG",
                " CQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/AAALCAABAAEBAREA", "END:VCARD",
        ]  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines).encode()
