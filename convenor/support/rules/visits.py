"""Visits: whether one can be on a day, how many half days are booked for it, and what moves when it moves.

A day has two halves, whoever gives it. A visit that is to come lies on a school day of the receiving school, on which the supporter is not
elsewhere; one that has already been held happened when it happened. Source: the requirements H4 of the field notes (half days, booked and
delivered); the longest look-ahead and look-back are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.england.school_years import school_year_of
from convenor.partnership.rules.terms import SchoolCalendar, said
from convenor.support.rules.capacity import half_days_said
from convenor.support.rules.plan import SIDES, Agreed
from convenor.support.rules.refusals import Missing, OutOfTurn, WrongDay, WrongSum

NOTHING: Final = "Nothing was changed."
HALF_DAYS_A_DAY: Final = 2
#: A visit is planned at most two years ahead, and written down at most 60 days after it was held.
AHEAD: Final = timedelta(days=731)
BEHIND: Final = timedelta(days=60)
WHAT_AT_MOST: Final = 160
WHY_AT_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Booking:
    """Half days to book (positive) or to give back (negative) in a school year, as "2026-27"."""

    year: str
    half_days: int


@dataclass(frozen=True, slots=True)
class Diary:
    """A supporter's days: how many halves other visits take up, by day, and the days on which they are on a peer review."""

    name: str
    taken: Mapping[date, int]
    reviewing: frozenset[date] = frozenset()


def check_length(half_days: int) -> None:
    """A visit takes half a day or a whole one. Raises WrongSum."""
    if not 1 <= half_days <= HALF_DAYS_A_DAY:
        raise WrongSum(f"A visit takes half a day or a whole day; plan a second visit for more. {NOTHING}")


def check_planned(on: date, half_days: int, *, today: date, calendar: SchoolCalendar, diary: Diary) -> None:
    """Whether a visit can be on a day that is to come, or today.

    Raises WrongDay for a day that has passed, lies too far ahead or is no school day (naming the nearest that are), and where the
    supporter is elsewhere; WrongSum for more than a day.
    """
    check_length(half_days)
    if on < today:
        raise WrongDay(f"{said(on)} has passed. {NOTHING}")
    if on > today + AHEAD:
        raise WrongDay(f"{said(on)} lies more than two years ahead. {NOTHING}")
    why = calendar.why_closed(on)
    if why:
        near = calendar.nearest(on, not_before=today)
        raise WrongDay(f"{said(on)} is no school day: {why}. {_near_said(near)} {NOTHING}")
    check_free(on, half_days, diary)


def check_free(on: date, half_days: int, diary: Diary) -> None:
    """Raises WrongDay where the supporter is on a peer review that day, or other visits leave too little of it."""
    if on in diary.reviewing:
        raise WrongDay(f"{diary.name} is on a peer review on {said(on)}. Choose another day. {NOTHING}")
    left = HALF_DAYS_A_DAY - diary.taken.get(on, 0)
    if half_days > left:
        how = "is on another visit all day" if left <= 0 else "has only half a day left"
        raise WrongDay(f"{diary.name} {how} on {said(on)}. Choose another day. {NOTHING}")


def check_held(on: date, half_days: int, *, today: date, opened_on: date, diary: Diary) -> None:
    """Whether a visit that nobody had planned can be written down as held. Raises WrongDay, WrongSum."""
    check_length(half_days)
    if on > today:
        raise WrongDay(f"{said(on)} is still to come. {NOTHING}")
    if on < max(opened_on, today - BEHIND):
        raise WrongDay(f"{said(on)} lies before this package, or more than {BEHIND.days} days back. {NOTHING}")
    check_free(on, half_days, diary)


def check_may_begin(*, chosen: bool, agreed: Agreed, began: bool) -> None:
    """Whether visits are booked: once both heads agree; or where support began and a plan to which both had agreed is being changed.

    Raises Missing, also where a head took the agreement back: then visits wait until both agree again.
    """
    if not chosen:
        raise Missing(f"No supporter is chosen yet. {NOTHING}")
    if agreed.both:
        return
    if not began:
        raise Missing(f"Visits are booked once both heads agree to the plan. {NOTHING}")
    if taken_back(agreed, began=began):
        raise Missing(f"{TAKEN_BACK} {NOTHING}")


#: Why no visit is planned after a head took the agreement back. It says not which head did.
TAKEN_BACK: Final = "An agreement to the plan was taken back. Visits are planned again once both heads agree; those planned before stand."


def taken_back(agreed: Agreed, *, began: bool) -> bool:
    """Whether support began and a head no longer agrees to any version of the plan; a changed plan alone takes nothing back."""
    return began and any(side not in agreed.on for side in SIDES)


def check_delivered(planned_on: date, held_on: date, *, today: date, opened_on: date) -> None:
    """Whether a planned visit can have been held on a day. Raises WrongDay for one to come or one before the package."""
    if held_on > today:
        coming = "is still to come" if held_on == planned_on else "lies in the future"
        raise WrongDay(f"{said(held_on)} {coming}. Say that a visit was held once it was. {NOTHING}")
    if held_on < opened_on:
        raise WrongDay(f"{said(held_on)} lies before this package was opened. {NOTHING}")


def check_open(*, delivered: bool, cancelled: bool) -> None:
    """Whether a visit can still be moved or called off. Raises OutOfTurn."""
    if delivered:
        raise OutOfTurn(f"That visit was held. {NOTHING}")
    if cancelled:
        raise OutOfTurn(f"That visit was called off. {NOTHING}")


def check_booked(visits_half_days: int, more: int, booked: int | None) -> None:
    """Visits never take more than is booked for the package (`booked`, None where nothing bounds it but the year). Raises WrongSum."""
    if booked is not None and visits_half_days + more > booked:
        left = max(booked - visits_half_days, 0)
        raise WrongSum(
            f"This package has {half_days_said(booked)}, of which {half_days_said(left)} are free. Ask the broker for more, or plan a "
            f"shorter visit. {NOTHING}"
        )


def year_of(day: date) -> str:
    """The school year from which a visit's days are booked."""
    return school_year_of(day).label


def rebooking(was_on: date, now_on: date, was: int, now: int) -> tuple[Booking, ...]:
    """What a moved or lengthened visit books and gives back, the earlier year first; nothing while it stays in its year with its length."""
    before, after = year_of(was_on), year_of(now_on)
    if before == after:
        return (Booking(after, now - was),) if now != was else ()
    return tuple(sorted((Booking(after, now), Booking(before, -was)), key=lambda each: each.year))


def numbers_of(given: Iterable[int], known: Iterable[int]) -> list[int]:
    """The objectives a visit is for: those of the plan among the numbers given, each once, in order."""
    return sorted(set(given) & set(known))


def _near_said(days: list[date]) -> str:
    if not days:
        return "No school day is known near it."
    return f"The nearest {'is' if len(days) == 1 else 'are'} {' and '.join(said(day) for day in days)}."
