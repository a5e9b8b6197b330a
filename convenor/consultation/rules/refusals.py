"""Why something about a consultation is not done now, in words that say what to do, and that nothing was lost."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class ConsultationRefused(Refused):
    """Something that is not allowed now."""


class NotOpen(ConsultationRefused):
    """It has not opened, or it has closed. What was written is kept as a draft."""


class AlreadySent(ConsultationRefused):
    """The school's one formal response stands; it can be changed by whoever speaks for the school until the last day."""


class BadProposition(ConsultationRefused):
    """A proposition or a question that cannot be asked: which line, and what would mend it."""


class BadAnswer(ConsultationRefused):
    """An answer that is none of those offered, or lacks what is asked."""


class NoWords(ConsultationRefused):
    """Words are needed here, or there are too many."""


class WrongDay(ConsultationRefused):
    """A day that cannot be."""


class TooMany(ConsultationRefused):
    """More came from one place than people would send."""


class ChangedMeanwhile(ConsultationRefused):
    """Somebody else changed it after it was read. `now` is the version that stands."""

    def __init__(self, message: str, *, now: int) -> None:
        super().__init__(message)
        self.now = now
