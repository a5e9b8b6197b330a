"""Why something about records is not done now, in words: what is missing, who decides it, and that nothing was changed."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class RecordsRefused(Refused):
    """Something that the keeping of records does not allow now."""


class NoWords(RecordsRefused):
    """Words are needed here, or there are too many."""


class WrongDay(RecordsRefused):
    """A day that cannot be: in the future, before the request came, an end before its beginning."""


class OutOfTurn(RecordsRefused):
    """It does not follow from where the request or the hold stands."""


class Undecided(RecordsRefused):
    """Somebody has yet to decide on something that was found. `left` is how many."""

    def __init__(self, message: str, *, left: int) -> None:
        super().__init__(message)
        self.left = left


class ChangedMeanwhile(RecordsRefused):
    """Somebody else changed it after it was read. `now` is the version that stands."""

    def __init__(self, message: str, *, now: int) -> None:
        super().__init__(message)
        self.now = now


class NotRunning(RecordsRefused):
    """A legal hold that is over already."""
