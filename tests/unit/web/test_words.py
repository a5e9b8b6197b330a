"""How dates, numbers and money are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from convenor.web import words


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (words.day(date(2026, 11, 21)), "21 November 2026"),
        (words.day(datetime(2026, 7, 31, 23, 30, tzinfo=UTC)), "1 August 2026"),
        (words.day(None), "not known"),
        (words.day_short(date(2026, 9, 1)), "1 Sept 2026"),
        (words.day_short(date(2026, 11, 21)), "21 Nov 2026"),
        (words.month_year(date(2024, 6, 30)), "June 2024"),
        (words.clock(datetime(2026, 7, 1, 11, 5, tzinfo=UTC)), "1 July 2026 at 12.05pm"),
        (words.clock(datetime(2026, 1, 1, 0, 0, tzinfo=UTC)), "1 January 2026 at 12.00am"),
        (words.school_year(date(2026, 8, 31)), "2025/26"),
        (words.school_year(date(2026, 9, 1)), "2026/27"),
        (words.school_year(1999), "1999/00"),
        (words.school_year("202324"), "2023/24"),
        (words.school_year("2017-18"), "2017/18"),
        (words.school_year(None), "not known"),
        (words.number(1234567), "1,234,567"),
        (words.number(1234.5), "1,234.5"),
        (words.number(0), "0"),
        (words.number(100), "100"),
        (words.number(-3), "\N{MINUS SIGN}3"),
        (words.number(Decimal("2.345"), 1), "2.3"),
        (words.number(2.25, 1), "2.3"),
        (words.number(None), "not known"),
        (words.number(None, missing="suppressed"), "suppressed"),
        (words.percent(52.4), "52%"),
        (words.percent(93.46, 1), "93.5%"),
        (words.percent(0), "0%"),
        (words.percent(None), "not known"),
        (words.pence(123400), "£1,234"),
        (words.pence(123450), "£1,234.50"),
        (words.pence(5), "£0.05"),
        (words.pence(-250), "\N{MINUS SIGN}£2.50"),
        (words.pence(0), "£0"),
        (words.count_of(1, "school"), "1 school"),
        (words.count_of(1270, "school"), "1,270 schools"),
        (words.count_of(0, "body", "bodies"), "no bodies"),
        (words.ordinal(1), "1st"),
        (words.ordinal(12), "12th"),
        (words.ordinal(22), "22nd"),
        (words.ordinal(113), "113th"),
        (words.and_list(["a", "b", "c"]), "a, b and c"),
        (words.and_list(["a"]), "a"),
        (words.and_list([]), ""),
    ],
)
def test_written_as_people_write(written: str, expected: str) -> None:
    assert written == expected
