"""Days: what a supporter offers in a school year, what is booked of it, and what was delivered. Counted in half days.

The booked never pass the offered, and the delivered never pass the booked. A person of whom nothing else is known gives 15 days a year
(the field's figure for specialist leaders, in the field notes C).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from convenor.support.rules.refusals import NoDaysLeft, WrongSum

#: What a page offers to begin with: 15 days.
HALF_DAYS_USUAL: Final = 30
#: More than any school year holds, for one person or a whole body.
HALF_DAYS_AT_MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class Year:
    """One school year of one supporter, in half days."""

    offered: int = 0
    booked: int = 0
    delivered: int = 0

    @property
    def left(self) -> int:
        """What can still be booked."""
        return self.offered - self.booked

    @property
    def to_come(self) -> int:
        """What is booked and not delivered yet."""
        return self.booked - self.delivered


def booked(now: Year, half_days: int, *, name: str, year: str) -> int:
    """How many are booked once `half_days` more are. Raises NoDaysLeft, WrongSum."""
    _at_least_one(half_days)
    if half_days > now.left:
        raise NoDaysLeft(too_few(name, now.left, year))
    return now.booked + half_days


def too_few(name: str, left: int, year: str) -> str:
    """What is said when somebody has too few days left: how many there are, and that another broker may have had the same thought."""
    return (
        f"{name} has {half_days_said(left)} left in {year}; another broker may have booked them. Ask for fewer, or choose somebody else. "
        "Nothing was changed."
    )


def released(now: Year, half_days: int, *, name: str, year: str) -> int:
    """How many are booked once `half_days` are free again. What was delivered cannot be given back. Raises WrongSum."""
    _at_least_one(half_days)
    if half_days > now.to_come:
        raise WrongSum(f"{name} has {half_days_said(now.to_come)} booked and not yet delivered in {year}. Nothing was changed.")
    return now.booked - half_days


def delivered(now: Year, half_days: int, *, name: str, year: str) -> int:
    """How many are delivered once `half_days` more are: never more than were booked. Raises WrongSum."""
    _at_least_one(half_days)
    if half_days > now.to_come:
        raise WrongSum(
            f"{name} has {half_days_said(now.to_come)} booked and not yet delivered in {year}: book more before more is delivered. "
            "Nothing was changed."
        )
    return now.delivered + half_days


def offered(now: Year, half_days: int, *, name: str, year: str) -> int:
    """What a supporter offers anew: never fewer than are booked. Raises WrongSum."""
    if not 0 <= half_days <= HALF_DAYS_AT_MOST:
        raise WrongSum(f"Offer from none to {HALF_DAYS_AT_MOST:,} half days. Nothing was changed.")
    if half_days < now.booked:
        raise WrongSum(
            f"{name} has {half_days_said(now.booked)} booked in {year} already: their broker would have to give some back "
            "first. Nothing was changed."
        )
    return half_days


def half_days_said(number: int) -> str:
    """A number of half days in words that a page shows: "no half days", "1 half day", "4 half days"."""
    return "1 half day" if number == 1 else f"{number or 'no'} half days"


def _at_least_one(half_days: int) -> None:
    if half_days < 1:
        raise WrongSum("Give at least half a day. Nothing was changed.")
