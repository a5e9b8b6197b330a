"""Why something about an agreement is not done now, in words that say what to do, and that nothing was lost."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class AgreementRefused(Refused):
    """Something that is not allowed now."""


class BadText(AgreementRefused):
    """A text that cannot be put to schools: which part, and what would mend it."""


class NoText(AgreementRefused):
    """Nothing was put to the schools yet, so nothing can be agreed to."""


class AlreadyAgreed(AgreementRefused):
    """What was asked for stands already, with who signed it."""


class NothingChosen(AgreementRefused):
    """No class of record, no school or no name: something must be said before it can be agreed to."""


class NothingToWithdraw(AgreementRefused):
    """The school takes part in none of the classes named."""


class WrongDay(AgreementRefused):
    """A day that cannot be."""


class ChangedMeanwhile(AgreementRefused):
    """Somebody else changed it after it was read. `now` is the version that stands."""

    def __init__(self, message: str, *, now: int) -> None:
        super().__init__(message)
        self.now = now
