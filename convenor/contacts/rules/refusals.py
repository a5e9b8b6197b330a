"""Why something about contacts cannot be done, in words."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class NotAContact(Refused):
    """What was given says of nobody how they are reached, or names a role that there is not."""


class ChangedMeanwhile(Refused):
    """Somebody changed it since it was opened."""


class AlreadySent(Refused):
    """A letter that has left is not changed, and not sent twice."""


class NobodyToWriteTo(Refused):
    """Nobody is left of the list."""


class InPractice(Refused):
    """What is asked for belongs to practice, or cannot be done in it."""
