"""Why something is not taken back, not taken out, or not taken in: what happened, that nothing was changed, and what to do."""

from __future__ import annotations

from convenor.partnership.rules.refusals import Refused


class ArchiveRefused(Refused):
    """Something that cannot be taken out, in or back."""


class ChangedSince(ArchiveRefused):
    """Something was altered after the change that is to be taken back, or something new leans on it. `what` names each, in words."""

    def __init__(self, words: str, what: tuple[str, ...]) -> None:
        super().__init__(words)
        self.what = what


class NotAnArchive(ArchiveRefused):
    """A file that is none of ours, is damaged, was altered, or is of a form not known here."""


class KeysTaken(ArchiveRefused):
    """Rows of the archive bear keys that other rows here bear already. `what` names each table, in words."""

    def __init__(self, words: str, what: tuple[str, ...]) -> None:
        super().__init__(words)
        self.what = what
