"""When something is due: a time limit counted from a state, a task or a day of the package. Pure.

Hours become whole days, rounded up, because what is kept and listed is a day. Working days leave out weekends and the bank holidays of
England; school days follow the terms that the partnership entered, or the bounds of England's terms where it entered none.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from math import ceil
from typing import Final

from convenor.england.working_days import BeyondTheListError, add_working_days
from convenor.support.rules.workflow_shape import Due, Unit

#: Whether schools are open on a day.
OpenOn = Callable[[date], bool]
#: How far ahead school days are looked for; beyond it the terms of no area are known.
LOOKED_FOR: Final = 730
HOURS_A_DAY: Final = 24


def add_months(day: date, count: int) -> date:
    """The same day so many months later; the last of the month where that month is shorter."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_school_days(day: date, count: int, open_on: OpenOn) -> date:
    """The day that lies so many school days after another; in calendar days where no terms are known so far ahead."""
    found, left = day, count
    for _ in range(LOOKED_FOR):
        found += timedelta(days=1)
        left -= open_on(found)
        if not left:
            return found
    return day + timedelta(days=count)


def due_on(due: Due, from_on: date, open_on: OpenOn) -> date:
    """The last day on which it is in time."""
    if due.unit is Unit.HOURS:
        return from_on + timedelta(days=ceil(due.count / HOURS_A_DAY))
    if due.unit is Unit.DAYS:
        return from_on + timedelta(days=due.count)
    if due.unit is Unit.MONTHS:
        return add_months(from_on, due.count)
    if due.unit is Unit.SCHOOL_DAYS:
        return add_school_days(from_on, due.count, open_on)
    try:
        return add_working_days(from_on, due.count)
    except BeyondTheListError:
        return from_on + timedelta(days=ceil(due.count * 7 / 5))


def anchored_on(due: Due, *, states: Mapping[str, date], tasks: Mapping[str, date], days: Mapping[str, date]) -> date | None:
    """The day from which a limit counts: when a state was last entered, a task completed, or a named day; None while it has not come."""
    kind, key = due.anchor
    return {"state": states, "task": tasks, "day": days}[kind].get(key)
