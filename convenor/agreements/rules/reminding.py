"""When a school is written to about its agreement: six weeks and one week before its end, and on the day. Ours; nobody likes more
letters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from convenor.agreements.rules.standing import GRACE

#: So long before the end of an agreement its school is written to; on the day of the end for the last time.
BEFORE: Final = (timedelta(days=42), timedelta(days=7), timedelta(0))
#: So long before the day by which schools are first asked, those not yet heard from are written to, once.
BEFORE_FIRST: Final = timedelta(days=14)
#: Nobody is written to twice within this time, even where a machine that stood still catches up.
REST: Final = timedelta(days=5)


def first_reminder_on(until_on: date) -> date:
    """The day on which the first letter about an agreement is due that lasts until a day."""
    return until_on - max(BEFORE)


def next_reminder_on(until_on: date, *, on: date) -> date | None:
    """After a letter on a day, the day of the next; None where that was the last. Steps that were missed are not made up for."""
    ahead = [until_on - each for each in BEFORE if until_on - each >= on + REST]
    return min(ahead, default=None)


def still_worth(until_on: date, *, on: date) -> bool:
    """Whether a letter still makes sense: not once the thirty days after the end are over."""
    return on < until_on + GRACE


def first_due(agree_by_on: date, *, on: date) -> bool:
    """Whether schools not yet heard from are reminded: in the two weeks before the day by which they are asked."""
    return agree_by_on - BEFORE_FIRST <= on <= agree_by_on
