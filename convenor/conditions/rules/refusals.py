"""Why something about a workshop, a self-assessment or a prediction is not done now, in words that say what to do."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class ConditionsRefused(Refused):
    """Something that is not allowed now."""


class NotOpen(ConditionsRefused):
    """It has not begun, or it has ended. What was written is kept where it was written."""


class NoDiamond(ConditionsRefused):
    """The cards are not placed 1-2-3-2-1, or are not the cards of this workshop."""


class NoWords(ConditionsRefused):
    """Words are needed here, or there are too many."""


class TooMany(ConditionsRefused):
    """More came from one place than a room of people would send."""


class BadAgenda(ConditionsRefused):
    """An agenda or a framework that cannot be read: which line, and what would mend it."""


class BadCards(ConditionsRefused):
    """Cards that cannot be placed: fewer than nine, more than twelve, one of them twice."""


class WrongDay(ConditionsRefused):
    """A day that cannot be."""


class ChangedMeanwhile(ConditionsRefused):
    """Somebody else changed it after it was read. `now` is the version that stands."""

    def __init__(self, message: str, *, now: int) -> None:
        super().__init__(message)
        self.now = now
