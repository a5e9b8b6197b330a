"""Words that commands are given."""

from argparse import ArgumentTypeError
from datetime import date

import pytest

from convenor.registers.management.arguments import day


@pytest.mark.parametrize("text", ["2025-08-31", "31/08/2025", "31 August 2025"])
def test_day_is_read_in_any_spelling(text: str) -> None:
    assert day(text) == date(2025, 8, 31)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "give a date, such as 2025-08-31"),
        ("31/02/2025", "'31/02/2025' is not a date we can read (dd/mm/yyyy, dd-mm-yyyy, yyyy-mm-dd or yyyymmdd)"),
    ],
)
def test_anything_else_is_wrong_usage(text: str, why: str) -> None:
    with pytest.raises(ArgumentTypeError) as refused:
        day(text)
    assert str(refused.value) == why
