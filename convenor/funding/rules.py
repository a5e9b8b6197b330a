"""Funds: money of one financial year, and what may be promised from it. Money is whole pence."""

from __future__ import annotations

import re
from datetime import date

YEAR = re.compile(r"(\d{4})-(\d{2})")


class Refused(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """The fund or commitment cannot stand. The message says why; nothing was changed."""


def financial_year(on: date) -> str:
    """The financial year of local government in which a day lies, 1 April to 31 March, as 2026-27."""
    first = on.year if (on.month, on.day) >= (4, 1) else on.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def refuse_year(year: str) -> None:
    """Raises Refused unless the year is written as 2026-27."""
    match = YEAR.fullmatch(year)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise Refused(f"'{year}' is not a financial year such as 2026-27.")


def refuse_commitment(*, pence: int, left_pence: int) -> None:
    """Raises Refused unless the sum is more than nothing and no more than what is left in the fund."""
    if pence <= 0:
        raise Refused("Commit more than nothing.")
    if pence > left_pence:
        short = pence - left_pence
        raise Refused(f"The fund has £{left_pence / 100:,.2f} left, £{short / 100:,.2f} too little. Nothing was changed.")
