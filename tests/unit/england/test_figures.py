"""Marks, numbers and dates as publishers spell them."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from convenor.england.dates import EXCEL_EPOCH, EXCEL_SERIALS, NotADateError, read_date
from convenor.england.marks import MARKS, Mark, Vocabulary, mark_of, says
from convenor.england.numbers import Figure, NotANumberError, percent, read_number, read_whole


@pytest.mark.parametrize(
    ("text", "vocabulary", "mark"),
    [
        ("SUPP", Vocabulary.PERFORMANCE_TABLES, Mark.SUPPRESSED),
        ("supp ", Vocabulary.PERFORMANCE_TABLES, Mark.SUPPRESSED),
        ("SUPPMAT", Vocabulary.PERFORMANCE_TABLES, Mark.SUPPRESSED_TRUST),
        ("NE", Vocabulary.PERFORMANCE_TABLES, Mark.NO_ENTRIES),
        ("NA", Vocabulary.PERFORMANCE_TABLES, Mark.NOT_APPLICABLE),
        ("NP", Vocabulary.PERFORMANCE_TABLES, Mark.NOT_PUBLISHED),
        ("LOWCOV", Vocabulary.PERFORMANCE_TABLES, Mark.LOW_COVERAGE),
        ("SP", Vocabulary.PERFORMANCE_TABLES, Mark.SMALL_PERCENTAGE),
        ("c", Vocabulary.STATISTICS, Mark.SUPPRESSED),
        ("z", Vocabulary.STATISTICS, Mark.NOT_APPLICABLE),
        ("x", Vocabulary.STATISTICS, Mark.UNAVAILABLE),
        ("x", Vocabulary.FIRST_RELEASE, Mark.SUPPRESSED),
        ("u", Vocabulary.STATISTICS, Mark.UNRELIABLE),
        ("low", Vocabulary.STATISTICS, Mark.ROUNDS_TO_ZERO),
        ("k", Vocabulary.STATISTICS, Mark.ROUNDS_TO_ZERO),
        (":", Vocabulary.STATISTICS, Mark.UNAVAILABLE),
        ("-", Vocabulary.AREA_TOOL, Mark.UNAVAILABLE),
        ("9", Vocabulary.OFSTED, Mark.NOT_APPLICABLE),
        ("Not judged", Vocabulary.OFSTED, Mark.NOT_JUDGED),
        ("", Vocabulary.OFSTED, Mark.BLANK),
        (None, Vocabulary.STATISTICS, Mark.BLANK),
    ],
)
def test_mark_is_read_in_the_vocabulary_of_its_file(text: str | None, vocabulary: Vocabulary, mark: Mark) -> None:
    assert mark_of(text, vocabulary) == mark


def test_number_is_no_mark() -> None:
    assert mark_of("9", Vocabulary.PERFORMANCE_TABLES) is None


def test_every_mark_of_every_publisher_stands_for_no_value() -> None:
    figures = [read_number(text, vocabulary) for vocabulary, marks in MARKS.items() for text in marks]
    assert {figure.value for figure in figures} == {None}
    assert all(says(figure.mark) for figure in figures)


def test_no_mark_says_nothing() -> None:
    assert says("") == ""
    with pytest.raises(ValueError, match="nonsense"):
        says("nonsense")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18%", 18.0),
        ("98.60%", 98.6),
        ("39.8", 39.8),
        (" 1,234 ", 1234.0),
        ("-0.35", -0.35),
        ("−0.35", -0.35),
        ("0", 0.0),
        ("100.0", 100.0),
    ],
)
def test_number_is_read_in_every_spelling(text: str, value: float) -> None:
    assert read_number(text) == Figure(value)


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1_000", "12a", "SUPPRESSED", "1.2.3", "%"])
def test_number_refuses_what_is_neither_number_nor_mark(text: str) -> None:
    with pytest.raises(NotANumberError, match=re.escape(f"'{text}'")):
        read_number(text)


@given(some.text(max_size=12), some.sampled_from(Vocabulary))
def test_figure_is_a_value_or_a_mark_and_never_both(text: str, vocabulary: Vocabulary) -> None:
    try:
        figure = read_number(text, vocabulary)
    except NotANumberError:
        return
    assert (figure.value is None) == bool(figure.mark)


def test_whole_number_drops_the_point_of_a_data_frame() -> None:
    assert read_whole("100.0") == 100
    assert read_whole("SUPP") is None
    with pytest.raises(NotANumberError):
        read_whole("1.5")


def test_percent_rounds_half_up_and_has_no_share_of_nothing() -> None:
    assert percent(1, 8) == 12.5
    assert percent(1, 16, decimals=1) == 6.3
    assert percent(0, 5) == 0.0
    assert percent(0, 0) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/08/2025", date(2025, 8, 31)),
        ("3/4/2019", date(2019, 4, 3)),
        ("07-03-2026", date(2026, 3, 7)),
        ("20190601", date(2019, 6, 1)),
        ("2021-09-01", date(2021, 9, 1)),
        ("2021-09-01T00:00:00", date(2021, 9, 1)),
        ("2021-09-01 09:30:00", date(2021, 9, 1)),
        ("45809", date(2025, 6, 1)),
        ("45809.0", date(2025, 6, 1)),
        ("5 Sept 2024", date(2024, 9, 5)),
        ("10 November 2025", date(2025, 11, 10)),
        (date(2020, 1, 2), date(2020, 1, 2)),
        (datetime(2020, 1, 2, 3, 4), date(2020, 1, 2)),
        ("", None),
        (None, None),
    ],
)
def test_date_is_read_in_every_spelling(text: object, day: date | None) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize("text", ["30/02/2020", "13/13/2020", "2020", "1", "99999", "soon", "31 Febtober 2020", "01/02/20"])
def test_date_refuses_what_is_none(text: str) -> None:
    with pytest.raises(NotADateError, match=text):
        read_date(text)


@given(some.dates(date(1950, 1, 1), date(2079, 12, 31)))
def test_date_means_the_same_in_every_spelling(day: date) -> None:
    serial = (day - EXCEL_EPOCH).days
    assert serial in EXCEL_SERIALS
    spellings = [day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%Y%m%d}", str(serial), f"{day.day} {day:%B %Y}"]
    assert {read_date(each) for each in spellings} == {day}
