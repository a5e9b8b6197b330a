"""What commands ask for in words, read the same way by each."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

from convenor.england.dates import NotADateError, read_date


def day(text: str) -> date:
    """The day given on the command line, in any spelling of the publishers. Raises ArgumentTypeError (wrong usage) for anything else."""
    try:
        found = read_date(text)
    except NotADateError as error:
        raise ArgumentTypeError(str(error)) from error
    if found is None:
        raise ArgumentTypeError("give a date, such as 2025-08-31")
    return found
