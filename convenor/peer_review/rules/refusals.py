"""Why a step of a peer review is not taken now, in words: what is missing, who does it, and that nothing was changed."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class ReviewRefused(Refused):
    """A step that the review does not allow now."""


class OutOfTurn(ReviewRefused):
    """The step does not follow from where the review stands."""


class TooSoon(ReviewRefused):
    """The day for it has not come."""


class Missing(ReviewRefused):
    """Something that the step rests on is not there yet."""


class NotYours(ReviewRefused):
    """The step belongs to somebody else of this review."""


class SamePerson(ReviewRefused):
    """One person in two parts that must be apart: the improvement champion was not the lead."""


class WrongDay(ReviewRefused):
    """A day that cannot be: before the visit, in the past, outside the visit."""


class Clash(ReviewRefused):
    """Somebody would be in two places at one time."""


class NoWords(ReviewRefused):
    """Words are needed here, or there are too many."""


class ChangedMeanwhile(ReviewRefused):
    """Somebody else changed it after it was read. `now` is the version that stands; `who` and `what` say who changed what."""

    def __init__(self, message: str, *, now: int, who: str = "", what: str = "") -> None:
        super().__init__(message)
        self.now, self.who, self.what = now, who, what
