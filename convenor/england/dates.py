"""Dates as publishers spell them: dd/mm/yyyy (Ofsted), dd-mm-yyyy (GIAS), yyyymmdd, ISO, and Excel's count of days.

In England the day comes before the month: 03/04/2019 is the third of April.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

#: Day 0 of Excel's calendar, set so that its non-existent 29 February 1900 does no harm after that month.
EXCEL_EPOCH = date(1899, 12, 30)
#: Excel serials we believe: 1950 to 2079. A smaller or larger number is more likely something else than a date.
EXCEL_SERIALS = range(18_264, 65_746)

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -](\d{4})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_CLOCK = re.compile(r"[t ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class NotADateError(ValueError):
    """The text is no date in any of the spellings that publishers use."""


def read_date(value: object) -> date | None:
    """The date of a cell: text in any of the spellings, a date, or an Excel serial; None for nothing at all.

    A time of day is dropped. Raises NotADateError, naming the text, for anything else, the 30th of February included.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _read_text(str(value).strip())


@lru_cache(maxsize=65_536)
def _read_text(text: str) -> date | None:
    """The date that `text` spells; None for the empty text."""
    if not text:
        return None
    plain = _CLOCK.sub("", text.lower())
    try:
        return _spelt(plain)
    except ValueError as reason:
        raise NotADateError(f"'{text[:40]}' is not a date we can read (dd/mm/yyyy, dd-mm-yyyy, yyyy-mm-dd or yyyymmdd)") from reason


def _spelt(plain: str) -> date:
    """The date in the one spelling that fits; ValueError when none does or there is no such day."""
    if found := _DAY_FIRST.fullmatch(plain):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _WORDS.fullmatch(plain):
        name = found[2]
        if name in _FULL_MONTHS or name in _MONTHS or name == "sept":
            return date(int(found[3]), _MONTHS.index(name[:3]) + 1, int(found[1]))
    if (found := _SERIAL.fullmatch(plain)) and int(found[1]) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(found[1]))
    raise ValueError(plain)
