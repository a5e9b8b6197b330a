"""The register of reviewers: until when training counts, and how its end is said.

Training takes a day to begin with and a refresher every 24 months; both figures are proposed in the requirements H2 of the field
notes. Whoever has none, or whose training ended, is not matched; nobody is called anything for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.partnership.rules.constitution import months_later
from convenor.partnership.rules.refusals import Refused
from convenor.peer_review.rules.states import TrainingKind

#: How long training counts, months.
COUNTS_FOR_MONTHS: Final = 24
#: From how long before its last day the end of training is spoken of.
SOON: Final = timedelta(days=90)
#: Days on teams that one person gives in a year, at the most (the field's figure for specialist leaders).
MOST_DAYS_A_YEAR: Final = 15


class RegisterRefused(Refused):
    """Something that the register does not allow; nothing was changed. `field` names what to change."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class TrainingState(StrEnum):
    """How somebody's training stands on a day; the value is what pages say."""

    NONE = "not yet trained"
    IN_DATE = "in date"
    ENDS_SOON = "ends soon"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Trained:
    """One training: which, on what day, and the last day on which it counts."""

    kind: TrainingKind
    trained_on: date
    valid_until_on: date


def valid_until(trained_on: date) -> date:
    """The last day on which a training counts: the same day 24 months later."""
    return months_later(trained_on, COUNTS_FOR_MONTHS)


def trained_until(trainings: Iterable[Trained]) -> date | None:
    """The last day on which somebody is trained to review; None for somebody who never was. Champions' training is another thing."""
    return max((each.valid_until_on for each in trainings if each.kind is not TrainingKind.CHAMPION), default=None)


def champion_until(trainings: Iterable[Trained]) -> date | None:
    """The last day on which somebody is trained to lead improvement workshops; None for somebody who never was."""
    return max((each.valid_until_on for each in trainings if each.kind is TrainingKind.CHAMPION), default=None)


def state_on(until: date | None, on: date) -> TrainingState:
    """How training that counts until a day (the last one) stands on another."""
    if until is None:
        return TrainingState.NONE
    if until < on:
        return TrainingState.ENDED
    return TrainingState.ENDS_SOON if until <= on + SOON else TrainingState.IN_DATE


def check_training(kind: TrainingKind, trained_on: date, before: Iterable[Trained], *, on: date) -> date:
    """The last day on which a new training counts. Raises RegisterRefused for a day to come, a refresher without a beginning, or one told
    twice."""
    known = tuple(before)
    if trained_on > on:
        raise RegisterRefused("That day has not come yet. Record training once it has been held. Nothing was changed.", "trained_on")
    if any((each.kind, each.trained_on) == (kind, trained_on) for each in known):
        raise RegisterRefused("That training is recorded already. Nothing was changed.", "trained_on")
    if kind is TrainingKind.REFRESHER and not any(each.kind is TrainingKind.INITIAL and each.trained_on <= trained_on for each in known):
        raise RegisterRefused("A refresher follows the first training. Record that one first. Nothing was changed.", "kind")
    return valid_until(trained_on)


def check_days_a_year(days: int) -> int:
    """The days a year that somebody gives. Raises RegisterRefused outside 1 to 15."""
    if not 1 <= days <= MOST_DAYS_A_YEAR:
        raise RegisterRefused(f"Give from 1 to {MOST_DAYS_A_YEAR} days a year. Nothing was changed.", "days_a_year")
    return days
