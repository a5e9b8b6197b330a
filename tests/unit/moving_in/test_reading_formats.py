"""The corners of each format: what a stream of XML, an old workbook and plain text may hold."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from convenor.moving_in.rules.reading import FileRefused, read_file, read_pasted
from convenor.moving_in.rules.reading.apart import as_text, tell
from convenor.moving_in.rules.reading.cells import number_text, shown
from convenor.moving_in.rules.reading.shapes import TEXT_MOST, Budget, Grid
from tests.factories.dirty_writing import csv_file, packed, xlsx_file
from tests.factories.old_workbook import xls_file

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def ods(table: str, *, styles: str = "", parts: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """An open document of XML."""
    names = " ".join(f'xmlns:{each}="urn:{each}"' for each in ("office", "table", "text", "style"))
    content = (
        f"<office:document-content {names}>{styles}<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        f"</office:document-content>"
    )
    return packed([("mimetype", ODS.encode()), ("content.xml", content.encode()), *parts])


def cell(text: str, attributes: str = "") -> str:
    """A cell of an open document."""
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    """A row of an open document."""
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def table(*lines: str, attributes: str = 'table:name="S"') -> str:
    """A sheet of an open document."""
    return f"<table:table {attributes}>{''.join(lines)}</table:table>"


def refused(name: str, content: bytes) -> str:
    """The short reason of a refusal."""
    with pytest.raises(FileRefused) as caught:
        read_file(name, content)
    return caught.value.reason


def with_sheet(xml: bytes, *, drop: str = "", more: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """A workbook whose sheet is the given rows of XML."""
    with zipfile.ZipFile(io.BytesIO(xlsx_file([("S", [["x"]], [], 0)]))) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist() if name != drop and name not in dict(more)]
    sheet = b'<?xml version="1.0"?><worksheet><sheetData>' + xml + b"</sheetData></worksheet>"
    return packed([*((name, sheet if name.endswith("sheet1.xml") else part) for name, part in parts), *more])


def test_values_of_an_open_document_are_what_a_reader_sees() -> None:
    cells = (
        cell("1st Sept", 'office:value-type="date" office:date-value="2025-09-01T14:30:00"'), cell("odd",
        'office:value-type="date" office:date-value="never"'),
        cell("9:05", 'office:value-type="time" office:time-value="PT9H5M0S"'), cell("1,250.50",
        'office:value-type="float" office:value="1250.5"'),
        cell("0123", 'office:value-type="float" office:value="123"'),
        cell("Fern<text:s text:c=\"2\"/>Hollow<text:line-break/>School<text:tab/>x"),
    )  # fmt: skip
    told = ("2025-09-01 14:30", "odd", "09:05", "1250.5", "0123", "Fern Hollow\nSchool x")
    assert read_file("a.ods", ods(table(row(*cells)))).sheets[0].rows == (told,)


def test_repeated_cells_and_rows_of_an_open_document_stand_as_often() -> None:
    content = ods(table(row(cell("x", 'table:number-columns-repeated="2"'), cell("y"), attributes='table:number-rows-repeated="2"')))
    assert read_file("a.ods", content).sheets[0].rows == (("x", "x", "y"), ("x", "x", "y"))


def test_notes_and_covered_cells_of_an_open_document_are_passed_over() -> None:
    noted = "<table:table-cell><office:annotation><text:p>secret</text:p></office:annotation><text:p>x</text:p></table:table-cell>"
    covered = "<table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>"
    assert read_file("a.ods", ods(table(row(noted, covered, cell("z"))))).sheets[0].rows == (("x", "", "z"),)


def test_what_an_open_document_hides_is_read_and_said() -> None:
    styles = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    lines = (
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>',
        row(cell("x"), attributes='table:visibility="collapse"'),
        row('<table:table-cell table:formula="of:=1"/>'),
    )
    sheet = read_file("a.ods", ods(table(*lines, attributes='table:name="S" table:style-name="h"'), styles=styles)).sheets[0]
    assert sheet.notes == (
        "This sheet is hidden in the file; it was read too.", "Hidden rows (1) and columns (2) were read too.",
        "1 formula has no kept result, read as empty. Open the file in a spreadsheet program and save it, and they will have one.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ods("".join(table(row(cell("x"))) for _ in range(61))), "too-many-cells"),
        (ods(table(row(cell("x", 'table:number-columns-repeated="-1"')))), "damaged"),
        (ods(table(row(cell("x", 'office:value-type="float" office:value="x"')))), "damaged"),
        (packed([("mimetype", ODS.encode())]), "damaged"),
        (ods(table()), "empty"),
        (ods(table(row(cell("x"))), parts=(("Scripts/python/a.py", b"x"),)), "macros"),
    ],
)  # fmt: skip
def test_odd_open_documents_are_refused(content: bytes, reason: str) -> None:
    assert refused("a.ods", content) == reason


def test_cells_of_a_workbook_in_every_form_are_read() -> None:
    rows = (
        b'<row><c t="inlineStr"><is><r><t>Fern</t></r><rPh><t>x</t></rPh><r><t> Hollow</t></r></is></c><c t="b"><v>0</v></c>'
        b'<c t="d"><v>2025-09-01T00:00:00</v></c>'
        b'<c t="e"><v>#REF!</v></c><c t="str"><f>A1</f><v></v></c><c><v>1e300</v></c></row><row/><row r="4" hidden="1">'
        b'<c r="B4" t="str"><v>y</v></c></row>'
    )
    sheet = read_file("a.xlsx", with_sheet(rows)).sheets[0]
    assert sheet.rows == (("Fern Hollow", "FALSE", "2025-09-01", "", "", "1e+300"), ("",) * 6, ("",) * 6, ("", "y", "", "", "", ""))
    assert sheet.notes == (
        "Hidden rows (1) and columns (0) were read too.",
        "1 cell shows a spreadsheet's error, such as #REF!, read as empty.",
    )


@pytest.mark.parametrize(
    "rows",
    [b'<c r="A0"><v>1</v></c>', b'<c r="A1" t="s"><v>99</v></c>', b'<c r="A1"><v>x</v></c>',
    b'<c r="A1" t="str"><v>' + b"x" * 300_000 + b"</v></c>", b"<c>"],
)  # fmt: skip
def test_damaged_cells_refuse_the_workbook(rows: bytes) -> None:
    assert refused("a.xlsx", with_sheet(rows)) == "damaged"


def test_workbooks_without_their_parts_or_with_too_many_are_refused() -> None:
    assert refused("a.xlsx", with_sheet(b"", drop="xl/workbook.xml")) == "damaged"
    assert refused("a.xlsx", with_sheet(b"", drop="xl/_rels/workbook.xml.rels")) == "damaged"
    assert refused("a.xlsx", xlsx_file([(f"S{at}", [["x"]], [], 0) for at in range(61)])) == "too-many-cells"
    merged = b'<row r="1"><c t="str"><v>x</v></c></row></sheetData><mergeCells><mergeCell ref="A0:B1"/></mergeCells><sheetData>'
    assert refused("a.xlsx", with_sheet(merged)) == "damaged"


def test_workbook_is_found_without_the_packages_own_list() -> None:
    assert read_file("a.xlsx", with_sheet(b'<row><c t="str"><v>x</v></c></row>', drop="_rels/.rels")).sheets[0].rows == (("x",),)


def test_sheets_of_charts_are_passed_over_and_absolute_paths_followed() -> None:
    relations = (
        b'<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        b'<Relationship Id="rId2" Type="http://x/chartsheet" Target="c.xml"/>'
        b'<Relationship Id="rId9" Type="http://x/y" Target="http://z" TargetMode="External"/></Relationships>'
    )
    book = (
        b'<workbook xmlns:r="urn:r"><workbookPr date1904="1"/><sheets><sheet name="C" r:id="rId2"/><sheet name="S" r:id="rId1"/>'
        b"</sheets></workbook>"
    )
    content = with_sheet(b'<row><c t="str"><v>x</v></c></row>', more=(("xl/_rels/workbook.xml.rels", relations), ("xl/workbook.xml", book)))
    assert [(sheet.name, sheet.rows) for sheet in read_file("a.xlsx", content).sheets] == [("S", (("x",),))]


def test_budgets_refuse_what_is_too_much() -> None:
    with pytest.raises(FileRefused, match="filled cells"):
        Budget().took("x" * (TEXT_MOST + 1))
    with pytest.raises(FileRefused, match="spread so widely"):
        Budget().laid_out(2_000_000)
    grid = Grid("S", Budget())
    grid.merged = [(0, 0, 3, 3)]
    assert grid.sheet().rows == ()


def test_many_formulas_are_not_all_listed() -> None:
    sheet = read_file("a.csv", csv_file([["School"], *[["=1+1", "x"] for _ in range(7)]])).sheets[0]
    assert sheet.notes == ("Text that a spreadsheet would run as a formula was left out: A2, A3, A4, A5, A6 and 2 more.",)


def test_old_workbook_is_told_as_plain_lists() -> None:
    assert tell(xls_file("Contacts", [["School", "URN"], ["Fern", 990001.0]])) == {
        "sheets": [
            {
                "name": "Contacts",
                "hidden": False,
                "cells": [(0, 0, "School"), (0, 1, "URN"), (1, 0, "Fern"), (1, 1, "990001")],
                "merged": [],
            }
        ],
    }


def test_old_workbook_that_takes_too_long_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*args: object, **kwargs: object) -> None:
        raise subprocess.TimeoutExpired("python", 8)

    monkeypatch.setattr(subprocess, "run", slow)
    assert refused("a.xls", xls_file("S", [["x"]])) == "too-slow"


def test_values_of_old_workbooks_are_what_a_reader_sees() -> None:
    values = (
        True,
        12.5,
        datetime(2025, 9, 1),
        datetime(2025, 9, 1, 14, 30),
        date(2025, 9, 1),
        time(9, 5),
        timedelta(hours=1, minutes=2),
        "x",
        None,
    )
    assert [as_text(each) for each in values] == ["TRUE", "12.5", "2025-09-01", "2025-09-01 14:30", "2025-09-01", "09:05", "01:02", "x", ""]


def test_pasted_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(FileRefused, match="Nothing was pasted"):
        read_pasted(" \n ")
    with pytest.raises(FileRefused, match="too long"):
        read_pasted("x" * 21_000_000)


def test_cards_without_a_written_name_use_its_parts() -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nN:Bee;Ann;;;\nORG:Fern\nEND:VCARD\n"
    assert read_file("a.vcf", card.encode()).sheets[0].rows[1][:4] == ("Fern", "", "Ann Bee", "")


def test_too_many_or_too_long_cards_and_calendars_are_refused() -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\n{}END:VCARD\n"
    assert refused("a.vcf", (card.format("") * 5_001).encode()) == "too-many-cells"
    assert refused("a.vcf", card.format(f"NOTE:{'x' * 40_000}\n").encode()) == "damaged"
    assert refused("a.ics", b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 5_001 + b"END:VCALENDAR\n") == "too-many-cells"


def test_unseen_signs_and_odd_numbers_are_left_out() -> None:
    assert shown("St\u00a0 Mary\u200b’s\r\n\x07 School_x000D_") == "St Mary’s\nSchool"
    assert (number_text(float("inf")), number_text(-5, "date"), number_text(30, "date")) == ("", "-5", "1900-01-30")


def test_text_in_two_encodings_is_refused() -> None:
    assert refused("a.csv", b"School,URN\r\nFern,990001\r\n" * 3 + "Ash,990002".encode("utf-16-le") * 9) == "wrong-kind"
    assert refused("a.csv", b"\xff\xfeS\x00c\x00h") == "wrong-kind"
