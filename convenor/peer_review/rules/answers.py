"""What schools and reviewers answer to a round: whether they host, on what, on which days; how many reviews they offer.

Days are asked for in the way that takes the fewest taps: any school day, any but those marked, or only those marked. They are kept as
the days that suit, so that everything that reads them reads one thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from convenor.partnership.rules.refusals import Refused
from convenor.peer_review.rules.themes import THEMES, in_order

#: A host asks eyes for so many themes at most: a visit that looks at everything sees little.
MOST_FOCUS: Final = 3
#: So many reviews may one person offer to one round.
MOST_REVIEWS: Final = 6


class AnswerRefused(Refused):
    """An answer that cannot be kept; nothing was changed. `field` names what to change."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class Which(StrEnum):
    """How days are said."""

    ANY = "any"
    NOT = "not"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Days:
    """The days that suit: any school day of the round, or those named."""

    any_day: bool = True
    days: tuple[date, ...] = ()

    def suits(self, day: date) -> bool:
        """Whether a day suits, as far as this answer says."""
        return self.any_day or day in self.days


@dataclass(frozen=True, slots=True)
class Week:
    """One school week of a round's window, for tapping days: its Monday and its school days."""

    monday: date
    days: tuple[date, ...]


def days_of(which: Which, marked: Iterable[date], school_days: Sequence[date]) -> Days:
    """The days that suit, from how they were said. Raises AnswerRefused where no day is left, or a mark lies outside the round."""
    possible = set(school_days)
    chosen = set(marked)
    if which is Which.ANY:
        return Days()
    if not chosen <= possible:
        raise AnswerRefused(
            "A day you marked is no school day of this round any more. Look at the days again. Nothing was changed.", "days"
        )
    if not chosen:
        if which is Which.NOT:
            return Days()
        raise AnswerRefused("Mark at least one day, or choose any school day. Nothing was changed.", "days")
    left = chosen if which is Which.ONLY else possible - chosen
    if not left:
        raise AnswerRefused("You marked every day, so none is left. Mark fewer, or say not this time. Nothing was changed.", "days")
    return Days(False, tuple(sorted(left)))


def as_marked(days: Days, school_days: Sequence[date]) -> tuple[Which, tuple[date, ...]]:
    """How a kept answer is shown again: in the way that needs fewer marks. Days outside the round are left away."""
    if days.any_day:
        return Which.ANY, ()
    suit = tuple(day for day in school_days if day in set(days.days))
    out = tuple(day for day in school_days if day not in set(suit))
    return (Which.NOT, out) if len(out) < len(suit) else (Which.ONLY, suit)


def weeks_of(school_days: Iterable[date]) -> tuple[Week, ...]:
    """School days by week, in order."""

    def monday(day: date) -> date:
        return day - timedelta(days=day.weekday())

    return tuple(Week(key, tuple(days)) for key, days in groupby(sorted(school_days), key=monday))


def check_focus(keys: Collection[str]) -> tuple[str, ...]:
    """The themes on which a host would like eyes, in their order. Raises AnswerRefused for more than three, or one that is none."""
    if not set(keys) <= set(THEMES):
        raise AnswerRefused("One of the themes is not in the list any more. Choose again. Nothing was changed.", "focus")
    found = in_order(keys)
    if len(found) > MOST_FOCUS:
        raise AnswerRefused(
            f"Choose at most {MOST_FOCUS} themes: a visit that looks at everything sees little. Nothing was changed.", "focus"
        )
    return found


def check_reviews(count: int) -> int:
    """How many reviews somebody offers. Raises AnswerRefused outside 0 to 6."""
    if not 0 <= count <= MOST_REVIEWS:
        raise AnswerRefused(f"Offer from 0 to {MOST_REVIEWS} reviews. Nothing was changed.", "reviews")
    return count
