"""Terms and holidays: on which days the area's schools are open, and why a day is none of them.

Terms are the partnership's own entry, since each authority and trust sets its days. Where nobody has entered a school year, the
bounds of England's terms stand in, without August; half-terms and other holidays are then not known, and whatever rests on them says so.
Bank holidays: https://www.gov.uk/bank-holidays, by `england.working_days`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Final

from convenor.england.school_years import SchoolYear, school_year_of
from convenor.england.working_days import BANK_HOLIDAYS, FIRST_DAY, LAST_DAY
from convenor.partnership.rules.refusals import Refused

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
#: Fifty-two weeks: the same weekday a year on.
YEAR_OF_WEEKS: Final = timedelta(weeks=52)
#: How far from a day the next school day is looked for; summer holidays are the longest.
LOOKED_FOR: Final = 90
#: Some areas' autumn term begins in the last week of August (Leicestershire's has), so a year's terms may.
EARLIEST_MONTH: Final = 8
#: Half-terms as most areas publish them.
USUAL_NAMES: Final = (
    "Autumn, first half", "Autumn, second half", "Spring, first half", "Spring, second half", "Summer, first half", "Summer, second half",
)  # fmt: skip


class TermsRefused(Refused):
    """Terms that overlap, end before they begin, or lie outside their school year."""


class Known(StrEnum):
    """Whose terms a day is held against."""

    AUTHORITY = "the authority's terms, as entered"
    PARTNERSHIP = "the partnership's terms, as entered"
    BOUNDS = "the bounds of England's terms, as nobody has entered any"


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """School days without a break: from its first day until the first day of the holiday."""

    from_on: date
    until_on: date
    name: str = ""

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.from_on <= day < self.until_on

    @property
    def last_on(self) -> date:
        """Its last day, as people write it."""
        return self.until_on - DAY


@dataclass(frozen=True, slots=True)
class Closed:
    """A single day on which schools are closed to pupils."""

    on: date
    why: str = ""


@dataclass(frozen=True)
class SchoolCalendar:
    """The school days of one area or authority. `stretches` and `known` by the school year's first calendar year."""

    stretches: Mapping[int, tuple[Stretch, ...]]
    closed: Mapping[date, str]
    known: Mapping[int, Known]

    def why_closed(self, day: date) -> str:
        """Why a day is no school day, in words that follow "…: "; empty for a school day."""
        if day.weekday() > 4:
            return "a weekend"
        if not FIRST_DAY <= day <= LAST_DAY:
            return f"a day whose bank holidays are not known: the list runs until {LAST_DAY.year}"
        if day in BANK_HOLIDAYS:
            return "a bank holiday"
        if self.stretch_of(day) is None:
            return "in the holidays"
        if day in self.closed:
            return self.closed[day] or "a day on which schools are closed"
        return ""

    def open_on(self, day: date) -> bool:
        """Whether schools are open on a day."""
        return not self.why_closed(day)

    def stretch_of(self, day: date) -> Stretch | None:
        """The term or half-term in which a day lies. A term that begins in August belongs to the school year that follows."""
        year = school_year_of(day).start_year
        for start in (year, year + 1):
            found = next((each for each in self._of_year(start) if each.holds(day)), None)
            if found is not None:
                return found
        return None

    def _of_year(self, start: int) -> tuple[Stretch, ...]:
        """The stretches of one school year: as entered, or else England's bounds."""
        return self.stretches[start] if start in self.stretches else bounds(SchoolYear(start))

    def days(self, from_on: date, until_on: date) -> list[date]:
        """The school days from a day until (without) another, in their order."""
        return [day for day in each_day(from_on, until_on) if self.open_on(day)]

    def nearest(self, day: date, *, not_before: date | None = None, count: int = 2) -> list[date]:
        """The school days nearest to a day, at most one before it and the others after, in their order; none before `not_before`."""
        before = (day - DAY * ahead for ahead in range(1, LOOKED_FOR))
        after = (day + DAY * ahead for ahead in range(1, LOOKED_FOR))
        early = next((each for each in before if (not_before is None or each >= not_before) and self.open_on(each)), None)
        late = [each for each in after if (not_before is None or each >= not_before) and self.open_on(each)]
        found = [early] if early is not None else []
        return [*found, *late[: count - len(found)]]

    def unknown_years(self, from_on: date, until_on: date) -> list[str]:
        """The school years of a window for which nobody has entered terms, as "2026-27"."""
        years = {school_year_of(day).start_year for day in (from_on, max(from_on, until_on - DAY))}
        asked = range(min(years), max(years) + 1)
        return [SchoolYear(year).label for year in asked if self.known.get(year, Known.BOUNDS) is Known.BOUNDS]


def each_day(from_on: date, until_on: date) -> Iterator[date]:
    """Every calendar day from a day until (without) another."""
    return (from_on + DAY * ahead for ahead in range((until_on - from_on).days))


@cache
def bounds(year: SchoolYear) -> tuple[Stretch, ...]:
    """England's three terms for counting (england.school_years), the summer ending with July: the school year begins with the first
    term after July (Education Act 1996, section 579)."""
    return tuple(Stretch(each.starts_on, min(each.ends_before, date(year.start_year + 1, 8, 1)), each.name) for each in year.terms)


def school_year_of_term(from_on: date) -> SchoolYear:
    """The school year to which a term belongs: one that begins in August to the year that follows."""
    return SchoolYear(from_on.year if from_on.month >= EARLIEST_MONTH else from_on.year - 1)


def check_terms(year: SchoolYear, stretches: Iterable[Stretch], closed: Iterable[Closed]) -> tuple[list[Stretch], list[Closed]]:
    """The terms of a school year and its days off, in order. Raises TermsRefused, naming the first that does not fit.

    Days off must lie inside a term: outside they are holidays already. None at all is no answer.
    """
    found, off = sorted(stretches), sorted(closed, key=lambda each: each.on)
    if not found:
        raise TermsRefused("Enter at least one term. Nothing was changed.")
    first, last = date(year.start_year, EARLIEST_MONTH, 1), date(year.start_year + 1, 8, 31)
    for each in found:
        if each.until_on <= each.from_on:
            raise TermsRefused(f"{each.name}: its last day comes before its first. Nothing was changed.")
        if each.from_on < first or each.last_on > last or school_year_of_term(each.from_on) != year:
            raise TermsRefused(f"{each.name} does not lie in the school year {year}. Nothing was changed.")
    for before, after in pairwise(found):
        if after.from_on < before.until_on:
            raise TermsRefused(f"{after.name} begins before {before.name} has ended. Nothing was changed.")
    seen: set[date] = set()
    for single in off:
        if not any(each.holds(single.on) for each in found):
            raise TermsRefused(f"{said(single.on)} lies outside every term, so schools are closed then anyway. Nothing was changed.")
        if single.on in seen:
            raise TermsRefused(f"{said(single.on)} stands twice. Nothing was changed.")
        seen.add(single.on)
    return found, off


def suggested(last_year: Iterable[Stretch]) -> list[Stretch]:
    """Last year's terms on the same weekdays of this year: a suggestion to correct, since Easter moves and authorities differ."""
    return [Stretch(each.from_on + YEAR_OF_WEEKS, each.until_on + YEAR_OF_WEEKS, each.name) for each in sorted(last_year)]


def said(day: date) -> str:
    """A day as a sentence says it: Monday 2 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"
