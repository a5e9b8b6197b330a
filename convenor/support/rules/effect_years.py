"""Which school years count as before and as after a package, and which as neither.

*Before*: the latest years, at most three, in which the outcome meant the same as after, and whose figures were settled (the tests sat, the
year's absence counted) before the day support began. *After*: full school years of support, at most three: the first is the one that begins
on or after that day, or at most thirty days before it; the last is the year after the one in which the package ended. The year in which it
began, where it is neither, is drawn and counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.england.school_years import SchoolYear, school_year_of
from convenor.support.rules.outcomes import Outcome
from convenor.support.rules.refusals import WrongDay

#: How many years count on either side at most: further back tells less of the school, further on more of other things.
MOST_YEARS: Final = 3
#: A package that begins so many days into a school year has the whole of that year.
GRACE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Years:
    """The years of a comparison, oldest first. Where there can be none, `why` says so in words, and `before` or `after` is empty."""

    before: tuple[SchoolYear, ...]
    neither: tuple[SchoolYear, ...]
    after: tuple[SchoolYear, ...]
    why: str = ""

    def role(self, year: SchoolYear) -> str:
        """What a year counts as: before, began, after, or nothing."""
        for name, years in (("before", self.before), ("began", self.neither), ("after", self.after)):
            if year in years:
                return name
        return ""


def check_days(started_on: date, ended_on: date | None, today: date) -> None:
    """Refuses days that cannot be. Raises WrongDay."""
    if ended_on is not None and ended_on < started_on:
        raise WrongDay(f"The package would end on {said(ended_on)}, before it began on {said(started_on)}. Correct one of the two days.")
    if today < started_on:
        raise WrongDay(
            f"The package begins on {said(started_on)}, and the review would be of {said(today)}: there is nothing to review before its "
            "beginning. Ask again later."
        )


def said(day: date) -> str:
    """A day as it is written for people: 1 September 2026."""
    return f"{day.day} {day:%B %Y}"


def first_after(started_on: date) -> SchoolYear:
    """The first full school year of support."""
    year = school_year_of(started_on)
    return year if started_on < year.starts_on + GRACE else SchoolYear(year.start_year + 1)


def years_of(outcome: Outcome, started_on: date, ended_on: date | None = None) -> Years:
    """The years before and after, as far as the outcome is published in one meaning."""
    first = first_after(started_on)
    run = outcome.run_of(first)
    if run is None:
        return Years((), (), (), f"The first full school year of support is {first}, and {outcome.why_no_run(first)}.")
    last = first.start_year + MOST_YEARS - 1
    if ended_on is not None:
        last = min(last, max(first.start_year, school_year_of(ended_on).start_year + 1))
    after = tuple(each for each in map(SchoolYear, range(first.start_year, last + 1)) if run.holds(each))
    earlier = [SchoolYear(start) for start in range(run.since, first.start_year)]
    settled = [each for each in earlier if outcome.settled_on(each) < started_on]
    neither = tuple(each for each in earlier if each not in settled)
    why = "" if settled else f"Nothing before the beginning can be compared with {first}: {run.broken_by}."
    return Years(tuple(settled[-MOST_YEARS:]), neither, after, why)
