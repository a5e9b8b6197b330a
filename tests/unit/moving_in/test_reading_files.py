"""Files as sheets: what a reader sees, and refusals whole and with words."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.moving_in.rules.reading import FILE_BYTES_MOST, FileRefused, Sheet, read_file, read_pasted
from convenor.moving_in.rules.reading.cells import format_kind, is_formula, label_of_link, number_text, shown
from convenor.moving_in.rules.reading.shapes import place
from tests.factories.dirty_writing import cards_file, csv_file, ods_file, packed, xlsx_file
from tests.factories.mutated_spreadsheets import KINDS, bases, mutated
from tests.factories.old_workbook import xls_file

BASE = bases(1)


def rows(name: str, content: bytes) -> tuple[tuple[str, ...], ...]:
    """The first sheet."""
    return read_file(name, content).sheets[0].rows


def refused(name: str, content: bytes) -> str:
    """The short reason of a refusal."""
    with pytest.raises(FileRefused) as caught:
        read_file(name, content)
    assert "Nothing was read." in str(caught.value) or caught.value.reason == "empty"
    return caught.value.reason


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A packed file with one part changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed([(name, archive.read(name).replace(old, new) if name == part else archive.read(name)) for name in archive.namelist()])


SMALL = xlsx_file([("Contacts", [["School", "URN"], ["Fernhollow", "990001"]], [], 0)])
SHEET = "xl/worksheets/sheet1.xml"


def workbook(fill) -> bytes:
    """A workbook that `fill` writes to."""
    book = openpyxl.Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook_gives_days_numbers_and_text_as_seen() -> None:
    def fill(sheet) -> None:
        sheet.append([date(2025, 9, 1), 990001, 990001.0, 12.5, True, " St  Mary’s\u200b "])
        sheet.append([0.5, 1234, 45901.5, "x", None, None])
        sheet["A2"].number_format, sheet["B2"].number_format, sheet["C2"].number_format = "0%", "0000000", "dd/mm/yyyy hh:mm"

    assert rows("a.xlsx", workbook(fill)) == (
        ("2025-09-01", "990001", "990001", "12.5", "TRUE", "St Mary’s"), ("50%", "0001234", "2025-09-01 12:00", "x", "", ""),
    )  # fmt: skip


def test_merged_cells_are_filled_to_the_right_and_down() -> None:
    content = xlsx_file([("S", [["Head", "", "x"], ["", "", "y"], ["a", "b", "c"]], [(0, 0, 1, 1)], 0)])
    sheet = read_file("a.xlsx", content).sheets[0]
    assert sheet.rows == (("Head", "Head", "x"), ("Head", "Head", "y"), ("a", "b", "c"))
    assert sheet.notes == ("1 merged cell was filled to the right and down.",)


def test_merged_cells_of_open_documents_are_filled_too() -> None:
    content = ods_file([("S", [["Head", "", "x"], ["a", "b", "c"]])])
    merged = changed(
        content,
        "content.xml",
        b'<table:table-cell office:value-type="string"><text:p>Head',
        b'<table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>Head',
    )
    assert rows("a.ods", merged) == (("Head", "Head", "x"), ("a", "b", "c"))


def test_hidden_sheets_and_rows_are_read_and_said() -> None:
    def fill(sheet) -> None:
        sheet.append(["School"])
        sheet.append(["Fernhollow"])
        sheet.row_dimensions[2].hidden = True
        other = sheet.parent.create_sheet("Old")
        other.append(["x", "y"])
        other.sheet_state = "veryHidden"

    first, second = read_file("a.xlsx", workbook(fill)).sheets
    assert first.rows == (("School",), ("Fernhollow",))
    assert first.notes == ("Hidden rows (1) and columns (0) were read too.",)
    assert second.notes == ("This sheet is hidden in the file; it was read too.",)


def test_formulas_give_their_kept_result_and_are_never_kept() -> None:
    content = xlsx_file([("S", [["=1+1", "x"], ['=HYPERLINK("http://a.example","Fern")', "y"]], [], 0)])
    assert rows("a.xlsx", content) == (("2", "x"), ("2", "y"))


def test_formula_without_a_kept_result_is_empty_and_said() -> None:
    def fill(sheet) -> None:
        sheet.append(["=1+1", "x"])

    sheet = read_file("a.xlsx", workbook(fill)).sheets[0]
    assert sheet.rows == (("", "x"),)
    assert sheet.notes[0].startswith("1 formula has no kept result, read as empty.")


def test_formula_text_in_plain_files_is_left_out_and_said() -> None:
    sheet = read_file(
        "a.csv", csv_file([["School", "Note"], ["Fern", "=1+1"], ["Ash", "@SUM(1+1)*cmd|' /C calc'!A0"], ["Elm", "-"]])
    ).sheets[0]
    assert sheet.rows == (("School", "Note"), ("Fern", ""), ("Ash", ""), ("Elm", "-"))
    assert sheet.notes == ("Text that a spreadsheet would run as a formula was left out: B2, B3.",)


def test_the_words_of_a_link_stay() -> None:
    assert label_of_link('=HYPERLINK("http://a.example","Fern ""Hollow""")') == 'Fern "Hollow"'
    assert label_of_link('=HYPERLINK("http://a.example","=1+1")') == ""


@pytest.mark.parametrize("text", ["+44 1234 567890", "-", "- see below", "@stmarys", "+1", "a=b", ""])
def test_what_no_spreadsheet_runs_is_no_formula(text: str) -> None:
    assert not is_formula(text)


@pytest.mark.parametrize("text", ["=1", " =1", "'=1", "＝1+1", "+A1*2", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", '"=1"'])
def test_what_a_spreadsheet_runs_is_a_formula(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_plain_files_are_read_in_every_usual_encoding(encoding: str) -> None:
    assert rows("a.csv", csv_file([["School", "Head"], ["St Zoë’s – Café", "Ann"]], encoding=encoding)) == (
        ("School", "Head"),
        ("St Zoë’s – Café", "Ann"),
    )


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_plain_files_are_read_with_every_usual_sign_between_cells(between: str) -> None:
    assert rows("a.csv", csv_file([["School", "Amount"], ["Fern", "1,250"], ["Ash; Elm", "2"]], between=between))[1] == ("Fern", "1,250")


def test_sign_named_by_the_file_itself_is_believed() -> None:
    assert rows("a.csv", b"sep=;\r\na,b;c\r\n1,5;2\r\n") == (("a,b", "c"), ("1,5", "2"))


def test_line_with_a_loose_comma_is_marked() -> None:
    content = b"School,Name,Email\r\n" + b"Fern,Ann Bee,a@x.example\r\n" * 9 + b"Ash, Elm and Oak,Cy Dee,c@x.example\r\n"
    assert read_file("a.csv", content).sheets[0].uneven == (11,)


def test_quotation_that_never_closes_is_refused() -> None:
    assert refused("a.csv", b'School,Head\r\nFern,"Ann\r\nAsh,Cy\r\n') == "open-quotation"


def test_pasted_cells_are_parted_by_tabs() -> None:
    read = read_pasted('School\tHead\nFern, Upper\t"Ann\nBee"\n')
    assert (read.kind_of_file, read.sheets[0].rows) == ("pasted", (("School", "Head"), ("Fern, Upper", "Ann\nBee")))


def test_old_workbook_is_read_in_a_process_apart() -> None:
    read = read_file("a.xls", xls_file("Contacts", [["School", "URN"], ["St Mary’s", 990001.0], ["", 12.5]]))
    assert (read.kind_of_file, read.sheets[0].rows) == ("xls", (("School", "URN"), ("St Mary’s", "990001"), ("", "12.5")))


def test_address_cards_become_lines_one_for_each_address() -> None:
    card = (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Bee\r\n"
        b"N:Bee;Ann;;;\r\nORG:Fern\\, Upper\r\nTITLE:Headteacher\r\n"
        b"EMAIL:a@x.example\r\nEMAIL:b@x.example\r\nTEL:01234 567890\r\n"
        b"NOTE:weak\r\nADR:;;;Ferndon;;FN1 1AA;\r\nREV:20250901\r\n"
        b"END:VCARD\r\n"
    )
    sheet = read_file("a.vcf", card).sheets[0]
    ends = ("01234 567890", "FN1 1AA", "Ferndon", "20250901")
    assert sheet.rows[1:] == (
        ("Fern, Upper", "Headteacher", "Ann Bee", "a@x.example", *ends),
        ("Fern, Upper", "Headteacher", "Ann Bee", "b@x.example", *ends),
    )
    assert sheet.notes == ("1 card carries a note; notes of address cards are not brought in.",)


def test_card_that_cannot_be_read_refuses_the_file() -> None:
    content = cards_file([("Ann Bee", "Fern", "Head", "a@x.example", "FN1 1AA")] * 3)
    assert refused("a.vcf", content.replace(b"END:VCARD", b"END:X", 1)) == "damaged"
    assert refused("a.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\n:::;\r\nEND:VCARD\r\n") == "damaged"


def test_calendar_becomes_days_and_what() -> None:
    content = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n"
        b"DTSTART:20251001T093000\r\nDTEND;VALUE=DATE:20251002\r\nSUMMARY:Board\r\n"
        b"LOCATION:Hall\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n"
        b"END:VCALENDAR\r\n"
    )
    read = read_file("a.ics", content)
    assert (read.kind_of_file, read.sheets[0].rows) == (
        "ics",
        (("Date", "Until", "What", "Where"), ("2025-10-01 09:30", "2025-10-02", "Board", "Hall")),
    )
    assert read.sheets[0].notes == ("1 meeting repeats; only the first day of each is shown.",)
    assert refused("a.ics", content.replace(b"END:VEVENT\r\n", b"")) == "damaged"
    assert refused("a.ics", content.replace(b"20251001T", b"zzzz")) == "damaged"


def test_macros_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(SMALL)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    assert refused("a.xlsx", packed([*parts, ("xl/vbaProject.bin", b"x")])) == "macros"
    assert refused("a.xlsx", changed(SMALL, "[Content_Types].xml", b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")) == "macros"
    assert refused("a.xls", xls_file("S", [["a"]], beside="_VBA_PROJECT_CUR")) == "macros"
    assert (
        refused(
            "a.ods",
            packed(
                [
                    ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
                    ("Basic/Standard/Module1.xml", b"<x/>"),
                    ("content.xml", b"<x/>"),
                ]
            ),
        )
        == "macros"
    )


def test_passwords_are_refused() -> None:
    at = SMALL.find(b"PK\x01\x02")
    assert refused("a.xlsx", SMALL[: at + 8] + b"\x01\x00" + SMALL[at + 10 :]) == "encrypted"
    assert refused("a.xlsx", xls_file("S", [["a"]], stream="EncryptedPackage")) == "encrypted"
    locked = packed(
        [
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", b"x"),
            ("META-INF/manifest.xml", b"<m:encryption-data/>"),
        ]
    )
    assert refused("a.ods", locked) == "encrypted"


def test_bombs_are_refused() -> None:
    assert refused("a.xlsx", changed(SMALL, SHEET, b"<sheetData>", b" " * 51_000_000 + b"<sheetData>")) == "zip-bomb"
    entities = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert refused("a.xlsx", changed(SMALL, SHEET, b"<worksheet", entities + b"<worksheet")) == "entities"
    assert refused("a.xlsx", changed(SMALL, SHEET, b'r="A2"', b'r="XFD1048576"')) == "too-many-cells"
    many = ods_file([("S", [["x"]])])
    assert (
        refused("a.ods", changed(many, "content.xml", b"<table:table-row>", b'<table:table-row table:number-rows-repeated="900000">'))
        == "too-many-cells"
    )
    assert (
        refused("a.ods", changed(many, "content.xml", b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="900000" '))
        == "too-many-cells"
    )
    assert refused("a.csv", b"a,b,c\r\n" * 30_000) == "too-many-cells"
    assert refused("a.csv", b"," * 2_000_000) == "too-many-cells"
    assert refused("a.csv", b"School\r\n" + b"x" * 40_000) == "too-much-text"


def test_too_large_a_file_is_refused_with_its_size() -> None:
    with pytest.raises(FileRefused, match=r"^The file has 200 MB; at most 20 MB are read\."):
        read_file("a.csv", b"x" * 200_000_000)
    assert FILE_BYTES_MOST == 20 * 1024 * 1024


def test_zip_tricks_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(SMALL)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = packed([*parts, (SHEET, b"<x/>")])
    assert refused("a.xlsx", twice) == "zip-trick"
    assert refused("a.xlsx", packed([*parts, *((f"x{at}", b"") for at in range(2_001))])) == "zip-trick"
    assert refused("a.xlsx", packed([(name, part) for name, part in parts if name != SHEET])) == "damaged"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7", "wrong-kind"), (b"\x89PNG\r\n", "wrong-kind"), (b"<html><table>", "wrong-kind"), (b"MZ\x00", "wrong-kind"), (b"",
            "empty"), (b"\r\n \r\n", "empty"),
        (bytes(range(256)) * 9, "wrong-kind"), (packed([("word/document.xml", b"<x/>")]), "wrong-kind"),
        (packed([("xl/workbook.bin", b"x")]), "wrong-kind"),
        (packed([("a.csv", b"x")]), "wrong-kind"), (b"PK\x03\x04",
            "damaged"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "wrong-kind"),
        (xls_file("S", [["a"]], stream="WordDocument"), "wrong-kind"), (xls_file("S", [["a"]])[:1500], "damaged"),
    ],
)  # fmt: skip
def test_other_files_are_refused_with_what_to_do(content: bytes, reason: str) -> None:
    assert refused("contacts.xlsx", content) == reason


def test_damaged_file_is_refused_with_what_to_do() -> None:
    with pytest.raises(FileRefused) as caught:
        read_file("a.xlsx", SMALL[:500])
    assert str(caught.value) == (
        "The file is damaged or cut short, and cannot be read whole. Nothing was read. Open it in a spreadsheet program, save it again, "
        "and bring that."
    )


def test_what_a_file_points_to_is_not_opened_and_said() -> None:
    with zipfile.ZipFile(io.BytesIO(SMALL)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    sheet = read_file("a.xlsx", packed([*parts, ("xl/externalLinks/externalLink1.xml", b"<x/>")])).sheets[0]
    assert sheet.notes == ("The file points to other files; those were not opened.",)


@pytest.mark.parametrize("cut", range(2, len(SMALL), 397))
def test_truncated_workbook_is_never_half_read(cut: int) -> None:
    assert refused("a.xlsx", SMALL[:cut]) == "damaged"


def tried(name: str, content: bytes) -> tuple[Sheet | None, str]:
    """The first sheet, or why there is none."""
    try:
        return read_file(name, content).sheets[0], ""
    except FileRefused as words:
        return None, words.reason


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_spoilt_file_is_read_whole_or_refused(number: int) -> None:
    spoilt = mutated(11, number, BASE)
    sheet, reason = tried(spoilt.name, spoilt.content)
    cells = [cell for row in sheet.rows for cell in row] if sheet else []
    assert (bool(reason), spoilt.refused and sheet is not None) == (sheet is None, False)
    assert [cell for cell in cells if is_formula(cell)] == []
    assert sheet is None or spoilt.rows in {None, sum(map(any, sheet.rows))}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    sheet, reason = tried("a.csv", content)
    assert bool(reason) == (sheet is None)
    assert sheet is None or len({len(row) for row in sheet.rows}) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zs", "Zl", "Zp")), max_size=12),
            min_size=3,
            max_size=3,
        ),
        min_size=2,
        max_size=8,
    )
)
def test_a_table_comes_back_as_it_was_written(table: list[list[str]]) -> None:
    table = [["School", "URN", "Head"], *table]
    seen = [tuple("" if is_formula(cell) else shown(cell) for cell in row) for row in table]
    while seen and not any(seen[-1]):
        seen.pop()
    assert rows("a.ods", ods_file([("S", table)])) == tuple(seen)
    assert rows("a.csv", csv_file(table)) == tuple(seen)


@settings(max_examples=80, deadline=None)
@given(st.floats(allow_nan=True), st.sampled_from(["", "date", "time", "percent", "zeros:7"]), st.booleans())
def test_any_number_has_a_text(value: float, kind: str, since_1904: bool) -> None:
    assert not is_formula(number_text(value, kind, since_1904=since_1904))


def test_number_formats_are_understood() -> None:
    told = [
        format_kind(number, code)
        for number, code in (
            (14, ""),
            (0, "dd/mm/yyyy"),
            (0, '"day "0'),
            (0, "[h]:mm"),
            (10, ""),
            (0, "0000000"),
            (0, "General"),
            (0, "#,##0.00"),
            (0, "mmm yy"),
        )
    ]
    assert told == ["date", "date", "", "time", "percent", "zeros:7", "", "", "date"]


def test_serials_of_both_calendars_are_days() -> None:
    assert number_text(45901, "date") == "2025-09-01"
    assert number_text(44439, "date", since_1904=True) == "2025-09-01"
    assert number_text(0.75, "time") == "18:00"
    assert number_text(1, "date") == "1900-01-01"


def test_place_is_written_as_spreadsheets_do() -> None:
    assert [place(0, 0), place(9, 25), place(0, 26), place(1, 701), place(0, 702)] == ["A1", "Z10", "AA1", "ZZ2", "AAA1"]
