"""School years and their terms, and the days on which schools are counted.

A school year runs from the first term that begins after July to the start of the next (Education Act 1996, section 579). For arithmetic
it is the twelve months from 1 September, as in the Department's statistics. It is written 2022-23.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_SPELLINGS = re.compile(r"(?:ay\s*)?(\d{4})\s*(?:[/_\u2013-]|to)?\s*(\d{4}|\d{2})", re.IGNORECASE)
_INSIDE = re.compile(r"(?<!\d)((?:19|20)\d{2})[/_\u2013-]?((?:19|20)\d{2}|\d{2})(?!\d)")


class NotASchoolYearError(ValueError):
    """The text names no school year."""


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One of the three terms, half-open: from `starts_on` until the day before `ends_before`."""

    starts_on: date
    ends_before: date
    name: str


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """The school year that begins on 1 September of `start_year`."""

    start_year: int

    @property
    def label(self) -> str:
        """As it is written everywhere: 2022-23, and 1999-00."""
        return f"{self.start_year}-{(self.start_year + 1) % 100:02d}"

    @property
    def starts_on(self) -> date:
        """1 September."""
        return date(self.start_year, 9, 1)

    @property
    def ends_on(self) -> date:
        """31 August of the next year, the last day."""
        return date(self.start_year + 1, 8, 31)

    @property
    def terms(self) -> tuple[Term, Term, Term]:
        """Autumn to the end of December, spring to Easter Sunday, summer to the end of August.

        Each authority and trust sets its own days; these are the bounds the Department's absence statistics count by.
        """
        new_year, easter = date(self.start_year + 1, 1, 1), easter_sunday(self.start_year + 1)
        return (
            Term(self.starts_on, new_year, "autumn"),
            Term(new_year, easter, "spring"),
            Term(easter, date(self.start_year + 1, 9, 1), "summer"),
        )

    @property
    def census_on(self) -> date:
        """The day of the spring school census, the third Thursday of January: the day that pupil numbers describe."""
        first = date(self.start_year + 1, 1, 1)
        return first + timedelta(days=(3 - first.weekday()) % 7 + 14)

    def __str__(self) -> str:
        return self.label


def read_school_year(text: str) -> SchoolYear:
    """The school year in any spelling the files use: 202223, 2022/23, 2022-23, 2022-2023, 2022_23, "2022 to 2023".

    Raises NotASchoolYearError for a single year (which of its two school years is meant cannot be known) and for years that do
    not follow each other.
    """
    found = _SPELLINGS.fullmatch(text.strip().removesuffix(".0"))
    year = _follow(found[1], found[2]) if found else None
    if year is None:
        raise NotASchoolYearError(f"'{text.strip()[:40]}' is not a school year such as 2022-23")
    return year


def school_year_in(text: str) -> SchoolYear | None:
    """The one school year written inside a longer text, such as a file's name; None when there is none, or more than one."""
    found = {year for first, second in _INSIDE.findall(text) if (year := _follow(first, second))}
    return found.pop() if len(found) == 1 else None


def _follow(first: str, second: str) -> SchoolYear | None:
    """The school year of two years that follow each other, the second with two or four digits."""
    start = int(first)
    expected = start + 1
    if not 1900 <= start <= 2100 or int(second) != (expected if len(second) == 4 else expected % 100):
        return None
    return SchoolYear(start)


def school_year_of(day: date) -> SchoolYear:
    """The school year in which a day lies."""
    return SchoolYear(day.year if day.month >= 9 else day.year - 1)


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
