"""Why a file is not read, in words: what is wrong with it, that nothing was taken from it, and what to do."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class FileRefused(Refused):
    """A file that is not read at all. `reason` is a short key for counting (`too-large`, `macros`, `not-readable` ...)."""

    def __init__(self, words: str, reason: str = "not-readable") -> None:
        self.words = words
        self.reason = reason
        super().__init__(words)


class NotReadable(ValueError):  # noqa: N818 - an answer about one cell, not a fault
    """A cell that says nothing we can read as what its column holds; the message is for the person who brings the file."""


class NoLongerFits(Refused):
    """A preview that no longer fits what stands: it was made anew, to be looked at again."""
