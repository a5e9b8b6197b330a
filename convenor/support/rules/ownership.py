"""Who sees what of a package of support. The receiving school works inside its own case and sees all of it.

| who | what |
| --- | --- |
| the receiving school's own people | everything: the need, the plan, every visit and note, the money, the reviews, who looked |
| the broker who holds it | the same, while they hold it |
| the supporter, and the head who lends them | once chosen, what is asked and money; once the receiving head agrees, plan, notes, reviews |
| a coordinator | states, dates, days and money: never what was written about the school |
| whoever signs off | the evaluation at the end, besides what a coordinator sees |
| everybody else of the partnership | totals, where they may see totals |

The supplying side reads until 30 days after the end. Source: the requirements H4 of the field notes and the three owners of the
design rules; 30 days is ours, as in peer review.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

#: How long the supplying side still reads a package after it ended.
SUPPLIER_READS_FOR: Final = timedelta(days=30)


class Sight(StrEnum):
    """One part of a package that somebody may see."""

    STATES = "states and dates"
    ASKED = "what is asked for, and by which school"
    NEED_WORDS = "the school's own words about its need"
    PLAN = "objectives, tasks and agreements"
    NOTES = "visits and notes of visits"
    REVIEWS = "progress reviews"
    MONEY = "days and money"
    EVALUATION = "the evaluation at the end"
    CONCERNS = "concerns about taking part, where the workflow has them"
    EFFECT = "the review of effect"
    ACCESS = "who looked"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody in regard to one package, today."""

    receiving: bool = False
    broker: bool = False
    supplying: bool = False
    coordinates: bool = False
    signs_off: bool = False


#: What is left to somebody beyond the receiving school where its agreement does not let support be used there.
WITHHELD_LEAVES: Final = frozenset({Sight.STATES, Sight.MONEY})


def sights(looking: Onlooker, *, agreed: bool, ended_on: date | None, on: date, withheld: bool = False) -> frozenset[Sight]:
    """What somebody may see of a package on a day; empty for anybody who has no part in it.

    `agreed`: the head of the receiving school agreed to a plan, which opens it to the other side, who is asked next. A package that
    ended stays open to its school and broker; the supplying side reads it for 30 days. Where the receiving school's agreement does not let
    support be used beyond it (`withheld`), dates and money alone are left to others, but to the broker and supplier of a package that runs.
    """
    found: set[Sight] = set()
    if looking.receiving or looking.broker:
        found |= set(Sight)
        if not looking.receiving:
            found.discard(Sight.ACCESS)
    if looking.supplying and supplier_still_reads(ended_on, on):
        found |= {Sight.STATES, Sight.ASKED, Sight.MONEY}
        if agreed:
            found |= {Sight.NEED_WORDS, Sight.PLAN, Sight.NOTES, Sight.REVIEWS, Sight.EVALUATION}
    if looking.coordinates:
        found |= {Sight.STATES, Sight.ASKED, Sight.MONEY}
    if looking.signs_off:
        found |= {Sight.STATES, Sight.ASKED, Sight.MONEY, Sight.EVALUATION}
    works = ended_on is None and (looking.broker or looking.supplying)
    if withheld and not looking.receiving and not works:
        found &= WITHHELD_LEAVES
    return frozenset(found)


def supplier_still_reads(ended_on: date | None, on: date) -> bool:
    """Whether the supplying side still has the package open."""
    return ended_on is None or on <= ended_on + SUPPLIER_READS_FOR
