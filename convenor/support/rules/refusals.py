"""Why something about support is not done now, in words: what is missing, who does it, and that nothing was changed."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class SupportRefused(Refused):
    """Something that support does not allow now."""


class OutOfTurn(SupportRefused):
    """It does not follow from where the package stands."""


class Missing(SupportRefused):
    """Something that it rests on is not there yet."""


class NotYours(SupportRefused):
    """It belongs to somebody else of this package, or to nobody of one's own organisation."""


class NoDaysLeft(SupportRefused):
    """The supporter has too few days left in the year."""


class AssuranceEnded(SupportRefused):
    """The supporter's assurance is not in date on the day that is asked about."""


class Conflict(SupportRefused):
    """An interest stands between the two: one trust, one federation, a declaration, the broker's own organisation."""


class WrongDay(SupportRefused):
    """A day that cannot be: before the start, in the future, in the holidays."""


class WrongSum(SupportRefused):
    """A sum, share or number of days that cannot be."""


class NoWords(SupportRefused):
    """Words are needed here, or there are too many."""


class BadWorkflow(SupportRefused):
    """A workflow that cannot be read: which line, and what would mend it."""


class ChangedMeanwhile(SupportRefused):
    """Somebody else changed it after it was read. `now` is the version that stands."""

    def __init__(self, message: str, *, now: int) -> None:
        super().__init__(message)
        self.now = now


class BadRing(SupportRefused):
    """Links that are no ring, or a school that would stand in one twice."""
