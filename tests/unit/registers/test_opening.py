"""Files of every kind, whole and broken."""

import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from convenor.registers.sources import Refused
from convenor.registers.sources.opening import EMPTY, PROSE, SCHEMA, File

HEAD = "LA,ESTAB,URN,PERCTOT,PPERSABS10\r\n"
BODY = "936,2001,100001,4.5,10.1\r\n936,2002,100002,5.5,SUPP\r\n"


def opened(folder: Path, content: bytes, name: str = "file.csv") -> File:
    path = folder / name
    path.write_bytes(content)
    return File(path)


def refusal(folder: Path, content: bytes, name: str = "file.csv") -> str:
    with pytest.raises(Refused) as caught:
        opened(folder, content, name).frame()
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_is_read_in_every_encoding_publishers_use(tmp_path: Path, encoding: str) -> None:
    text = "URN,NAME\r\n100001,St Anne’s – Café\r\n"
    frame = opened(tmp_path, text.encode(encoding)).frame()
    assert frame.to_pylist() == [{"URN": "100001", "NAME": "St Anne’s – Café", "_row": 2}]


def test_utf8_mark_with_other_bytes_is_refused_by_its_line(tmp_path: Path) -> None:
    content = "URN,NAME\n100001,Café\n".encode("utf-8-sig") + "100002,Café\n".encode("cp1252")
    assert refusal(tmp_path, content).startswith("The file says it is UTF-8, and line 3 is not")


def test_two_encodings_in_one_file_are_refused(tmp_path: Path) -> None:
    content = "URN,NAME\n100001,Café\n".encode() + "100002,Café\n".encode("cp1252")
    assert refusal(tmp_path, content).startswith("Line 3 mixes two encodings")


def test_bytes_of_no_encoding_are_refused_by_their_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"URN,NAME\n100001,Caf\xe9\n100002,\x81\x8d\n").startswith("Line 3 is neither UTF-8 nor Windows-1252")


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"URN,NAME\n\x00\x01\x02\x03").startswith("The file holds bytes that no table of text has")


@pytest.mark.parametrize("content", [b"", b"  \r\n \n"])
def test_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content) == EMPTY


def test_prose_is_refused_as_words(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"Key stage 4 performance\nAcademic year 2023/24\n", "data-guidance.txt") == PROSE


def test_schema_is_refused_as_a_format(tmp_path: Path) -> None:
    assert refusal(tmp_path, b'{"name": "service", "properties": {"id": {}}}', "service.json") == SCHEMA


def test_last_row_that_stops_half_way_is_a_cut(tmp_path: Path) -> None:
    assert refusal(tmp_path, (HEAD + BODY)[:-14].encode()) == (
        "The last row (3) stops after 3 of 5 values: the file was cut short. Fetch it again."
    )


def test_cut_inside_a_quotation_is_refused(tmp_path: Path) -> None:
    content = b'URN,NAME\n100001,"First"\n100002,"Seco'
    assert refusal(tmp_path, content) == "The file ends inside a quotation: it was cut short. Fetch it again."


def test_file_without_a_last_line_end_is_whole(tmp_path: Path) -> None:
    assert opened(tmp_path, (HEAD + BODY).rstrip().encode()).frame().num_rows == 2


def test_ragged_rows_are_refused_by_number_with_their_urn(tmp_path: Path) -> None:
    file = opened(tmp_path, (HEAD + BODY + "936,2003,100003,4.5\r\n936,2004,100004,4.5,1,2,3\r\n").encode())
    assert file.frame()["URN"].to_pylist() == ["100001", "100002"]
    assert [(each.row, each.urn, each.reason) for each in file.refusals] == [
        (4, "100003", "the row has 4 values where the header names 5"),
        (5, "100004", "the row has 7 values where the header names 5"),
    ]
    assert file.rows_read == 4


def test_short_rows_of_a_family_known_for_them_are_filled_with_blanks(tmp_path: Path) -> None:
    file = opened(tmp_path, (HEAD + "936,2001,100001\r\n" + BODY).encode())
    frame = file.frame(pad_short_rows=True)
    assert frame.to_pylist()[0] == {"LA": "936", "ESTAB": "2001", "URN": "100001", "PERCTOT": "", "PPERSABS10": "", "_row": 2}
    assert (file.refusals, file.warnings) == (
        [],
        ["1 rows are shorter than the header; the values missing at their end are taken as blank"],
    )


def test_blank_rows_are_counted_and_refused(tmp_path: Path) -> None:
    file = opened(tmp_path, (HEAD + BODY + ",,,,\r\n\r\n").encode())
    assert file.frame().num_rows == 2
    assert [(each.row, each.reason) for each in file.refusals] == [(4, "blank row"), (5, "blank row")]
    assert file.rows_read == 4


def test_quoted_line_ends_keep_the_count_of_records(tmp_path: Path) -> None:
    file = opened(tmp_path, b'URN,NAME\n100001,"two\nlines"\n100002,one\nbad\n')
    assert file.frame()["_row"].to_pylist() == [2, 3]
    assert [each.row for each in file.refusals] == [4]


def test_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    file = opened(tmp_path, b"State-funded schools inspections,,,\nURN,NAME,PHASE,GRADE\n100001,A,Primary,2\n")
    assert file.header.columns == ("URN", "NAME", "PHASE", "GRADE")
    assert file.frame()["_row"].to_pylist() == [3]


@pytest.mark.parametrize(("given", "kept"), [("URN,,URN", ("URN", "column 2", "URN (3)")), ("URN,NAME,,", ("URN", "NAME"))])
def test_column_names_are_made_whole(tmp_path: Path, given: str, kept: tuple[str, ...]) -> None:
    assert opened(tmp_path, f"{given}\n1,2,3\n".encode()).header.columns == kept


def test_packed_file_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    packed = gzip.compress((HEAD + BODY).encode())
    assert opened(tmp_path, packed, "file.csv.gz").frame().num_rows == 2
    assert refusal(tmp_path, packed[:-12], "file.csv.gz") == "The packed file stops before its end: it was cut short. Fetch it again."


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def test_archive_of_tables_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    packed = archive(a_csv=(HEAD + BODY).encode(), b_csv=b"year,level\n1,2\n", readme_pdf=b"%PDF")
    file = opened(tmp_path, packed, "file.zip")
    assert (file.header.kind, file.header.sheet_names, file.warnings) == (
        "zip",
        ("a.csv", "b.csv"),
        ["left in the archive, being no tables: readme.pdf"],
    )
    assert refusal(tmp_path, packed[:-30], "file.zip").startswith("The archive cannot be opened to its end")


def test_parquet_prints_whole_floats_whole_and_a_cut_one_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"URN": [100000.0, None], "SHARE": [1.5, 2.0], "NAME": ["A", None]}), stream)
    file = opened(tmp_path, stream.getvalue(), "x.parquet")
    assert file.frame().to_pylist() == [
        {"URN": "100000", "SHARE": "1.5", "NAME": "A", "_row": 2},
        {"URN": "", "SHARE": "2", "NAME": "", "_row": 3},
    ]
    assert refusal(tmp_path, stream.getvalue()[:-20], "x.parquet").startswith("The Parquet file has no readable end")


def test_workbook_takes_saved_values_and_never_runs_formulas(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["URN", "Inspection date", "REPORURL"])
    sheet.append([100000, __import__("datetime").datetime(2013, 4, 19), '=HYPERLINK("http://example.org")'])
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert File(path).frame().to_pylist() == [{"URN": "100000", "Inspection date": "2013-04-19", "REPORURL": "", "_row": 2}]
    assert refusal(tmp_path, path.read_bytes()[:-200], "cut.xlsx").startswith("The archive cannot be opened to its end")


def test_json_records_are_a_table_and_a_cut_one_is_refused(tmp_path: Path) -> None:
    whole = b'[{"name": "A", "lea": 830, "rwm": 58.0}, {"name": "B", "lea": 831, "rwm": null}]'
    assert opened(tmp_path, whole, "x.json").frame()["rwm"].to_pylist() == ["58", ""]
    assert refusal(tmp_path, whole[:-9], "x.json").startswith("The JSON file cannot be read to its end")


def test_r_data_frame_keeps_its_dates(tmp_path: Path) -> None:
    rdata = pytest.importorskip("rdata")
    pandas = pytest.importorskip("pandas")
    path = tmp_path / "frame.rda"
    rdata.write_rda(path, {"schools": pandas.DataFrame({"urn": [100000.0, 100001.0], "name": pandas.Series(["A", "B"], dtype=object)})})
    file = File(path)
    assert (file.header.kind, file.header.columns) == ("rda", ("urn", "name"))
    assert file.frame()["urn"].to_pylist() == ["100000", "100001"]
    assert refusal(tmp_path, path.read_bytes()[:60], "cut.rda").startswith("The")
