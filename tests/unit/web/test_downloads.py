"""Files that a spreadsheet can open without running anything."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.web import downloads


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_safe_gives_an_apostrophe_to_what_a_spreadsheet_would_run(cell: str) -> None:
    assert downloads.safe(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "kept"), [("St Mary's", "St Mary's"), (None, ""), (12, 12), (-1.5, -1.5), (True, "yes"), (date(2025, 8, 31), "2025-08-31")]
)
def test_safe_leaves_the_harmless_as_it_is(cell: object, kept: object) -> None:
    assert downloads.safe(cell) == kept


@given(st.text(max_size=30))
def test_safe_text_never_begins_a_formula(text: str) -> None:
    assert not str(downloads.safe(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_csv_file_holds_the_table_and_its_mark() -> None:
    response = downloads.csv_file("schools-916", ["School", "Pupils"], [["=Évil, School", 12], ["Fernhollow", None]])
    text = response.content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["School", "Pupils"], ["'=Évil, School", "12"], ["Fernhollow", ""]]
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == 'attachment; filename="schools-916.csv"'


def test_xlsx_file_holds_numbers_as_numbers_and_says_its_editions() -> None:
    response = downloads.xlsx_file("schools 916", ["School", "Pupils"], [["=Evil", 12]], sheet="Schools 916", about=[("Edition", "Ofsted")])
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert [[cell.value for cell in row] for row in book["Schools 916"]] == [["School", "Pupils"], ["'=Evil", 12]]
    assert [[cell.value for cell in row] for row in book["About this file"]] == [["Edition", "Ofsted"]]
    assert response["Content-Disposition"] == 'attachment; filename="schools-916.xlsx"'
