"""Money of a package: what days cost, what of it stays with the broker, who pays, and what was planned beside what was delivered.

Whole pence, half days, shares in hundredths of a per cent. The money goes to the supporter's school or employer, never to the person.
A share may lie within the day's price (15 per cent of it, or £50 of it) or come on top. Source: charging policies of three partnerships
(partnerships.md 6.3); the longest and dearest that is taken is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from convenor.funding.rules import Rate
from convenor.peer_review.rules.report import words_of
from convenor.support.rules.plan import HALF_DAYS_AT_MOST
from convenor.support.rules.refusals import Missing, WrongSum
from convenor.support.rules.states import Payer

NOTHING: Final = "Nothing was changed."
WHAT_AT_MOST: Final = 160
#: The dearest line: a million pounds would be a slip of the hand.
PENCE_AT_MOST: Final = 100_000_000

PAYER_SAYS: Final[dict[Payer, str]] = {
    Payer.FUND: "A fund of the partnership",
    Payer.RECEIVING: "The school that receives it",
    Payer.SUPPLYING: "The school that gives it",
    Payer.ELSEWHERE: "Somebody else",
    Payer.NOBODY: "Nobody: it is given freely",
}


@dataclass(frozen=True, slots=True)
class Price:
    """What some half days cost: in all, and what of that stays with the broker."""

    pence: int
    broker_pence: int = 0

    @property
    def lender_pence(self) -> int:
        """What reaches the supporter's school or employer."""
        return self.pence - self.broker_pence


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that costs, as it is agreed: half days at a rate, or a sum (travel, cover). `payer_named` says who else pays."""

    what: str
    payer: Payer
    half_days: int = 0
    rate: Rate | None = None
    sum_pence: int = 0
    payer_named: str = ""


def price(half_days: int, rate: Rate) -> Price:
    """What half days cost at a rate. Half pence go up. Raises WrongSum for a share beyond the price that it lies within."""
    days = _half_up(half_days * rate.day_pence, 2)
    share = _half_up(days * rate.share_basis_points, 10_000) + _half_up(half_days * rate.share_pence, 2)
    if rate.on_top:
        return Price(days + share, share)
    if share > days:
        raise WrongSum(f"The broker’s share is more than the price that it lies within. {NOTHING}")
    return Price(days, share)


def check_line(line: Line) -> tuple[Line, Price]:
    """A line as it is kept, and what it costs.

    Raises NoWords without what it is; Missing without a sum where somebody pays, or without the name of somebody else; WrongSum for half
    days, sums or shares that cannot be, and for a sum that nobody pays.
    """
    what = words_of(line.what, "what it is for", WHAT_AT_MOST, needed=True)
    if not 0 <= line.half_days <= HALF_DAYS_AT_MOST or line.sum_pence < 0:
        raise WrongSum(f"Half days and sums are nought or more, and at most {HALF_DAYS_AT_MOST} half days. {NOTHING}")
    cost = price(line.half_days, line.rate) if line.rate is not None and line.half_days else Price(line.sum_pence)
    if cost.pence > PENCE_AT_MOST:
        raise WrongSum(f"That is £{cost.pence / 100:,.2f}. Look at the sum again. {NOTHING}")
    if line.payer is Payer.NOBODY and cost.pence:
        raise WrongSum(f"Nobody pays, so it costs nothing; or say who pays. {NOTHING}")
    if line.payer is not Payer.NOBODY and not cost.pence:
        raise Missing(f"Say what it costs; if it is given freely, nobody pays. {NOTHING}")
    named = words_of(line.payer_named, "who pays", WHAT_AT_MOST, needed=line.payer is Payer.ELSEWHERE)
    return Line(what, line.payer, line.half_days, line.rate, line.sum_pence, named), cost


def check_budget(total_pence: int, budget_pence: int | None) -> None:
    """Whether what a package costs stays within what there is for it (None: not settled). Raises WrongSum with how much is too much."""
    if budget_pence is not None and total_pence > budget_pence:
        raise WrongSum(
            f"There is £{budget_pence / 100:,.2f} for this, and it comes to £{total_pence / 100:,.2f}: £"
            f"{(total_pence - budget_pence) / 100:,.2f} too much. Ask for fewer days, or settle another payer. {NOTHING}"
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """A line that stands. `set_aside` is false while a fund is to pay and nothing has been committed from it yet."""

    payer: Payer
    half_days: int
    pence: int
    broker_pence: int
    set_aside: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """Planned beside delivered. Half days: in the plan's objectives, priced, booked for visits, held. Pence: agreed in all, with the
    broker, for days (the rest are other sums), and what the days held so far come to."""

    planned_half_days: int
    priced_half_days: int
    booked_half_days: int
    held_half_days: int
    pence: int
    broker_pence: int
    days_pence: int
    held_pence: int

    @property
    def settled(self) -> bool:
        """Whether every half day that is booked has a price, or at least none was priced."""
        return not self.priced_half_days or self.booked_half_days <= self.priced_half_days


def account(costs: Sequence[Cost], *, planned_half_days: int, booked_half_days: int, held_half_days: int) -> Account:
    """Puts planned beside delivered. Days that were held beyond those that were priced add no money: nobody agreed to any."""
    by_day = [each for each in costs if each.half_days]
    priced, days_pence = sum(each.half_days for each in by_day), sum(each.pence for each in by_day)
    held_pence = _half_up(days_pence * min(held_half_days, priced), priced) if priced else 0
    return Account(
        planned_half_days, priced, booked_half_days, held_half_days, sum(each.pence for each in costs),
        sum(each.broker_pence for each in costs), days_pence, held_pence,
    )  # fmt: skip


def by_payer(costs: Iterable[Cost]) -> list[tuple[Payer, int]]:
    """What each pays, the most first."""
    found: dict[Payer, int] = {}
    for each in costs:
        found[each.payer] = found.get(each.payer, 0) + each.pence
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0].value))


def settled(costs: Sequence[Cost]) -> bool:
    """Whether it is agreed what the package costs and who pays: something is said, and each fund that pays has set it aside."""
    return bool(costs) and all(each.set_aside for each in costs)


def _half_up(number: int, by: int) -> int:
    return (2 * number + by) // (2 * by)
