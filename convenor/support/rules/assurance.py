"""Evidence of quality: who vouches for a supporter, what they saw, and until when it counts.

National designations lapse, and a name that was once given says little today. So everybody who stands in the directory needs something
that vouches for them now: it names its source and its assurer, and it ends. 24 months are proposed in the requirements H4 of the field
notes; a designation says itself until when it was given, at most five years (ours).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.partnership.rules.constitution import months_later
from convenor.support.rules.refusals import AssuranceEnded, NoWords, WrongDay
from convenor.support.rules.states import AssuranceKind

#: How long a piece of evidence counts where it says nothing else, months.
COUNTS_FOR_MONTHS: Final = 24
#: How long a designation may count, months.
DESIGNATION_COUNTS_AT_MOST_MONTHS: Final = 60
#: From how long before its last day the end of assurance is spoken of.
SOON: Final = timedelta(days=90)
ASSURER_AT_MOST: Final = 160
SOURCE_AT_MOST: Final = 300


class AssuranceState(StrEnum):
    """How somebody's assurance stands on a day; the value is what pages say."""

    NONE = "nothing vouches for them yet"
    IN_DATE = "in date"
    ENDS_SOON = "ends soon"
    ENDED = "ended"

    @property
    def stands(self) -> bool:
        """Whether something vouches for them today."""
        return self in (AssuranceState.IN_DATE, AssuranceState.ENDS_SOON)


@dataclass(frozen=True, slots=True)
class Assured:
    """One piece of evidence: from which day, the last day on which it counts, and the day on which it was withdrawn, if it was."""

    assured_on: date
    valid_until_on: date
    withdrawn_on: date | None = None

    def counts(self, on: date) -> bool:
        """Whether it counts on a day: begun, not over, not withdrawn by then."""
        return self.assured_on <= on <= self.valid_until_on and (self.withdrawn_on is None or on < self.withdrawn_on)

    @property
    def last_on(self) -> date | None:
        """The last day on which it counts; None for one that was withdrawn before it began to."""
        if self.withdrawn_on is None:
            return self.valid_until_on
        last = min(self.valid_until_on, self.withdrawn_on - timedelta(days=1))
        return last if last >= self.assured_on else None


def in_date(assurances: Iterable[Assured], on: date) -> bool:
    """Whether at least one piece of evidence counts on a day. Without any, a supporter stands in no shortlist."""
    return any(each.counts(on) for each in assurances)


def assured_until(assurances: Iterable[Assured]) -> date | None:
    """The last day on which anything vouches for somebody; None where nothing ever did."""
    return max((last for each in assurances if (last := each.last_on) is not None), default=None)


def state_on(assurances: Iterable[Assured], on: date) -> AssuranceState:
    """How assurance stands on a day. What ends within 90 days is said to end soon, where nothing longer stands beside it."""
    known = tuple(assurances)
    until = assured_until(known)
    if until is None:
        return AssuranceState.NONE
    if not in_date(known, on):
        return AssuranceState.ENDED
    return AssuranceState.ENDS_SOON if until <= on + SOON else AssuranceState.IN_DATE


def check_in_date(name: str, assurances: Iterable[Assured], on: date) -> None:
    """Raises AssuranceEnded, in words, unless something vouches for the supporter on the day."""
    known = tuple(assurances)
    if in_date(known, on):
        return
    until = assured_until(known)
    ended = f"What vouched for {name} ended on {said(until)}." if until and until < on else f"Nothing vouches for {name} yet."
    raise AssuranceEnded(f"{ended} Record something that vouches for them in the directory, or choose somebody else. Nothing was changed.")


def check_assurance(
    kind: AssuranceKind, *, supporter: str, assurer: str, source: str, assured_on: date, valid_until_on: date | None, on: date
) -> date:
    """The last day on which a new piece of evidence counts: the day it names, or 24 months after it was given.

    Raises NoWords without an assurer or a source, or for somebody who vouches for themselves; WrongDay for a day to come, an end before
    the beginning, and an end too far off.
    """
    if not assurer.strip() or not source.strip():
        raise NoWords("Say who vouches for them, and where it can be read or what was seen. Nothing was changed.")
    if assurer.strip().casefold() == supporter.strip().casefold():
        raise NoWords("Nobody vouches for themselves: name another body. Nothing was changed.")
    if assured_on > on:
        raise WrongDay("That day has not come yet. Record evidence once it is there. Nothing was changed.")
    months = DESIGNATION_COUNTS_AT_MOST_MONTHS if kind is AssuranceKind.DESIGNATION else COUNTS_FOR_MONTHS
    until = valid_until_on or months_later(assured_on, COUNTS_FOR_MONTHS)
    if until < assured_on:
        raise WrongDay("It would end before it began. Nothing was changed.")
    if until > months_later(assured_on, months):
        raise WrongDay(f"This kind of evidence counts for {months} months at most: then somebody looks again. Nothing was changed.")
    return until


def said(day: date) -> str:
    """A day as a sentence names it."""
    return f"{day.day} {day:%B %Y}"
