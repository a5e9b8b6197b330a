"""The report as a document that anybody can go on writing in: real headings, real tables, and bars that say their number in words."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any, Final

from convenor.consultation.rules.report import Bar, Part, Report

#: A bar in dots.
WIDE: Final = 600
HIGH: Final = 24
#: Shares of the page's width, in inches, of a label, its bar, and its number in words.
WIDTHS: Final = (1.7, 2.3, 2.5)
_INK = (15, 76, 92)
_PAPER = (238, 234, 224)


def docx(report: Report, *, draft: bool) -> bytes:
    """The report as DOCX."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    document.core_properties.title = report.title
    document.core_properties.author = report.partnership
    document.core_properties.language = "en-GB"
    document.styles["Normal"].font.name = "Verdana"
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(report.title, 0)
    if draft:
        document.add_paragraph("Draft: not published yet.")
    document.add_paragraph(report.partnership)
    _table(document, ("", ""), report.about, caption="", head=False)
    for part in report.parts:
        _part(document, part)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _part(document: Any, part: Part) -> None:
    if part.kind == "heading":
        document.add_heading(part.words, part.level - 1)
    elif part.kind == "words":
        document.add_paragraph(part.words)
    elif part.kind == "list":
        for line in part.lines:
            document.add_paragraph(line, style="List Bullet")
    elif part.kind == "table":
        _table(document, part.columns, part.rows, caption=part.words)
    elif part.kind == "bars":
        _bars(document, part)
    elif part.kind == "done":
        document.add_heading(part.words, 2)
        for name, line in zip(("You said", "We did", ""), part.lines, strict=False):
            paragraph = document.add_paragraph()
            if name:
                paragraph.add_run(f"{name}: ").bold = True
            paragraph.add_run(line)


def _table(document: Any, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], *, caption: str, head: bool = True) -> None:
    if caption:
        document.add_paragraph(caption).paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    if head:
        cells = table.add_row().cells
        for cell, words in zip(cells, columns, strict=True):
            cell.text = ""
            cell.paragraphs[0].add_run(words).bold = True
        _repeated(table.rows[0])
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph()


def _repeated(row: Any) -> None:
    """The row is repeated at the head of each page, and is what a screen reader calls the columns."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _bars(document: Any, part: Part) -> None:
    from docx.shared import Inches

    document.add_paragraph(part.words).paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=3)
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Inches(width)
    for bar in part.bars:
        cells = table.add_row().cells
        for cell, width in zip(cells, WIDTHS, strict=True):
            cell.width = Inches(width)
        cells[0].text, cells[2].text = bar.label, bar.says
        picture = cells[1].paragraphs[0].add_run().add_picture(BytesIO(picture_of(bar)), width=Inches(WIDTHS[1] - 0.1))
        picture._inline.docPr.set("descr", f"{bar.label}: {bar.says}")
    document.add_paragraph()


def picture_of(bar: Bar) -> bytes:
    """A bar as PNG: filled to its value, in outline to what it could be, on the length of all that were asked."""
    filled, most = (round(WIDE * min(part, bar.of) / bar.of) if bar.of else 0 for part in (bar.value, bar.most))
    middle = [_INK] * filled + [_PAPER] * (WIDE - filled)
    edge = [_INK] * filled + [_INK if filled <= x < most and x // 6 % 2 == 0 else _PAPER for x in range(filled, WIDE)]
    if most > filled:
        middle[most - 2 : most] = [_INK] * len(middle[most - 2 : most])
    lines = [edge if y < 2 or y >= HIGH - 2 else middle for y in range(HIGH)]
    raw = b"".join(b"\x00" + bytes(value for pixel in line for value in pixel) for line in lines)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
