"""Funds: money of one financial year, and what may be promised from it; and the rate card, what a day of support costs.

Money is whole pence, shares hundredths of a per cent. Rates of the past, and who kept what of them, stand in charging policies of three
partnerships (field notes, partnerships.md 6.3): £350 to £700 a day, with 15 per cent within the price, 15 per cent on top, or £50 of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

YEAR = re.compile(r"(\d{4})-(\d{2})")


class Refused(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """The fund or commitment cannot stand. The message says why; nothing was changed."""


def financial_year(on: date) -> str:
    """The financial year of local government in which a day lies, 1 April to 31 March, as 2026-27."""
    first = on.year if (on.month, on.day) >= (4, 1) else on.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def refuse_year(year: str) -> None:
    """Raises Refused unless the year is written as 2026-27."""
    match = YEAR.fullmatch(year)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise Refused(f"'{year}' is not a financial year such as 2026-27.")


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """What one school was asked to pay for one year (2026-27). `paid` None: nobody has said."""

    urn: str
    year: str
    pence: int
    paid: bool | None = None
    paid_on: date | None = None
    invoiced_on: date | None = None
    note: str = ""


#: More than any school's subscription: a sum beyond it is a slip of the hand.
SUBSCRIPTION_AT_MOST: Final = 10_000_000


def check_subscription(line: SubscriptionLine) -> SubscriptionLine:
    """A subscription as it is kept, its note cut to what is kept of it. Raises Refused."""
    refuse_year(line.year)
    if not 0 <= line.pence <= SUBSCRIPTION_AT_MOST:
        raise Refused(f"A subscription is from nothing to £{SUBSCRIPTION_AT_MOST / 100:,.0f}. Nothing was changed.")
    if line.paid is False and line.paid_on is not None:
        raise Refused("A subscription that is not paid has no day on which it was. Nothing was changed.")
    return replace(line, paid=True if line.paid_on is not None else line.paid, note=" ".join(line.note.split())[:300])


def refuse_commitment(*, pence: int, left_pence: int) -> None:
    """Raises Refused unless the sum is more than nothing and no more than what is left in the fund."""
    if pence <= 0:
        raise Refused("Commit more than nothing.")
    if pence > left_pence:
        short = pence - left_pence
        raise Refused(f"The fund has £{left_pence / 100:,.2f} left, £{short / 100:,.2f} too little. Nothing was changed.")


#: A day of support lasts five hours, with the writing of its note (Northern Alliance's policy, field notes C).
DAY_HOURS_USUAL: Final = 5
#: 15 per cent, as two of three policies have it.
SHARE_USUAL: Final = 1500
DAY_PENCE_AT_MOST: Final = 500_000
SHARE_AT_MOST: Final = 5000


@dataclass(frozen=True, slots=True)
class Rate:
    """What a day costs and what of it stays with the broker: a share of the price, or so much a day; within the price or on top of it."""

    day_pence: int
    share_basis_points: int = 0
    share_pence: int = 0
    on_top: bool = False
    vat: bool = False
    day_hours: int = DAY_HOURS_USUAL


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the rate card. `until_on` is the first day without it, None while nobody has set one."""

    pk: int
    key: str
    name: str
    rate: Rate
    from_on: date
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


def check_rate(rate: Rate) -> Rate:
    """A rate as the card takes it. Raises Refused for a price, share or day that cannot be, or for two shares at once."""
    if not 0 <= rate.day_pence <= DAY_PENCE_AT_MOST:
        raise Refused(f"A day costs from nothing to £{DAY_PENCE_AT_MOST / 100:,.0f}. Nothing was changed.")
    if not 0 <= rate.share_basis_points <= SHARE_AT_MOST:
        raise Refused(f"The broker's share is from nothing to {SHARE_AT_MOST / 100:.0f} per cent. Nothing was changed.")
    if rate.share_basis_points and rate.share_pence:
        raise Refused("The broker's share is a part of the price or so much a day, not both. Nothing was changed.")
    if rate.share_pence < 0 or (rate.share_pence > rate.day_pence and not rate.on_top):
        raise Refused("The broker's share is nothing or more, and no more than the price that it lies within. Nothing was changed.")
    if not 1 <= rate.day_hours <= 12:
        raise Refused("A day has from 1 to 12 hours. Nothing was changed.")
    return rate


def rate_on(entries: Iterable[Entry], keys: Iterable[str], on: date) -> Entry | None:
    """The rate of whoever holds these designations on a day: the dearest of them, since one person may hold several; None for none."""
    wanted = set(keys)
    found = [each for each in entries if each.key in wanted and each.holds(on)]
    return max(found, key=lambda each: (each.rate.day_pence, each.pk), default=None)
