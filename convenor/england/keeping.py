"""How long a record is kept, as a rule that a machine can follow: from which day it runs, how long, and with what it stays.

Each table says its period in words and as one of these rules. Words alone delete nothing, and a rule alone says nothing to the people
whose records these are. "The current year" is the school year, which ends on 31 August, or the financial year, which ends on 31 March.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class Clock(StrEnum):
    """How a keeping period is counted."""

    LASTING = "while the partnership lasts"
    PUBLISHED = "until the publisher's edition is replaced or withdrawn"
    ACT = "until somebody's own act ends it"
    SCHOOL_YEAR = "from the end of the school year"
    FINANCIAL_YEAR = "from the end of the financial year"
    RUNNING = "from the day itself"


#: In which month a year of each kind begins.
BEGINS: Final = {Clock.SCHOOL_YEAR: 9, Clock.FINANCIAL_YEAR: 4}
#: The clocks by which a row's time comes on its own; the other rows go by somebody's act, or not at all.
RUNS: Final = frozenset({Clock.SCHOOL_YEAR, Clock.FINANCIAL_YEAR, Clock.RUNNING})


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later (earlier, when negative), or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Keep:
    """One rule. Made by the functions below it, which say what each means.

    `since`: fields whose latest day begins the period; a path such as "round__ended_on" follows a key. `ended`: a field that must be
    filled, or the record is still in use and its period has not begun. `named`: a field that holds the year itself, as 2026-27.
    `within`: keys to rows with which this one stays: it never goes before them. `by`: whose act ends it, for those that end by an act.
    """

    clock: Clock
    years: int = 0
    months: int = 0
    days: int = 0
    since: tuple[str, ...] = ()
    ended: str = ""
    named: str = ""
    within: tuple[str, ...] = ()
    by: str = ""

    @property
    def runs(self) -> bool:
        """Whether rows of this table go on their own when their time has come."""
        return self.clock in RUNS

    def last_day(self, days: Sequence[date | None], *, ended: bool = True) -> date | None:
        """The last day on which a row is kept, given the days of its `since` (or the first day of the year that it names).

        None where its period has not begun: it is in use still, none of its days is known, or it does not go on its own.
        """
        known = [day for day in days if day is not None]
        if not self.runs or not ended or not known:
            return None
        newest = max(known)
        if self.clock is Clock.RUNNING:
            return add_months(newest, 12 * self.years + self.months) + timedelta(days=self.days)
        return date(_start_year(newest, BEGINS[self.clock]) + 1 + self.years, BEGINS[self.clock], 1) - timedelta(days=1)

    def goes_before(self, today: date) -> date | None:
        """The first day that is still kept on `today`: rows whose days all lie before it are past their period. None where none goes."""
        if not self.runs:
            return None
        if self.clock is Clock.RUNNING:
            return add_months(today - timedelta(days=self.days), -12 * self.years - self.months)
        return date(_start_year(today, BEGINS[self.clock]) - self.years, BEGINS[self.clock], 1)

    def first_day_of(self, year: str) -> date | None:
        """The first day of a year that is written as 2026-27, by this rule's kind of year; None for anything else."""
        if not year[:4].isdigit() or self.clock not in BEGINS:
            return None
        return date(int(year[:4]), BEGINS[self.clock], 1)


def _start_year(day: date, begins: int) -> int:
    return day.year if day.month >= begins else day.year - 1


def lasting() -> Keep:
    """Kept while the partnership lasts: it is its memory."""
    return Keep(Clock.LASTING)


def published() -> Keep:
    """A publisher's own figures: they go when their edition is withdrawn or replaced."""
    return Keep(Clock.PUBLISHED)


def until_act(by: str, *, within: tuple[str, ...] = ()) -> Keep:
    """Kept until somebody's own act ends it; `by` says which, in words that end the sentence "It goes when".

    With `within` it goes at the latest with the row that it belongs to.
    """
    return Keep(Clock.ACT, by=by, within=within)


def years_after_year_end(years: int, *since: str, ended: str = "", named: str = "", within: tuple[str, ...] = ()) -> Keep:
    """The current school year and so many more."""
    return Keep(Clock.SCHOOL_YEAR, years, since=since, ended=ended, named=named, within=within)


def years_after_financial_year(years: int, *since: str, ended: str = "", named: str = "", within: tuple[str, ...] = ()) -> Keep:
    """The current financial year and so many more."""
    return Keep(Clock.FINANCIAL_YEAR, years, since=since, ended=ended, named=named, within=within)


def years(count: int, *since: str, ended: str = "", within: tuple[str, ...] = ()) -> Keep:
    """So many years from the day itself."""
    return Keep(Clock.RUNNING, count, since=since, ended=ended, within=within)


def months(count: int, *since: str, ended: str = "", within: tuple[str, ...] = ()) -> Keep:
    """So many calendar months from the day itself."""
    return Keep(Clock.RUNNING, months=count, since=since, ended=ended, within=within)


def days(count: int, *since: str, ended: str = "", within: tuple[str, ...] = ()) -> Keep:
    """So many days from the day itself."""
    return Keep(Clock.RUNNING, days=count, since=since, ended=ended, within=within)
