"""Legal holds: what one covers, and when it stands. A hold stops every deletion that it reaches; it opens nothing to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from convenor.records.rules.classes import CLASSES
from convenor.records.rules.refusals import NotRunning, NoWords, WrongDay

MOST_WORDS: Final = 4000


class HoldKind(StrEnum):
    """What a hold is put on."""

    SCHOOL = "school"
    PERSON = "person"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Held:
    """A hold as the rules know it: `on` is a URN, a person's key, or the key of a class of record; half-open in its days."""

    kind: HoldKind
    on: str
    partnership: int
    from_on: date
    until_on: date | None

    def stands(self, today: date) -> bool:
        """Whether it stops a deletion on this day. One that begins later holds from the moment it was written down: what is deleted
        before it begins would be missing when it does."""
        return self.until_on is None or today < self.until_on


def check_hold(kind: HoldKind, *, record_class: str, reason: str, from_on: date, today: date) -> str:
    """The reason of a hold, checked. Raises NoWords without one or for an unknown class, WrongDay for one that begins in the future."""
    said = reason.strip()
    if not said:
        raise NoWords("Say why this must not be deleted: a claim, an inquiry, a request that is open. Nothing was changed.")
    if len(said) > MOST_WORDS:
        raise NoWords(f"At most {MOST_WORDS} letters. Nothing was changed.")
    if kind is HoldKind.CLASS and record_class not in CLASSES:
        raise NoWords("Choose a class of record from the list. Nothing was changed.")
    if from_on > today:
        raise WrongDay("A hold begins today or began before: what is deleted until it begins would be gone. Nothing was changed.")
    return said


def check_end(until_on: date | None, *, why: str, today: date) -> str:
    """Why a hold ends, checked. Raises NotRunning for one that is over, NoWords without a reason."""
    if until_on is not None and until_on <= today:
        raise NotRunning("This hold is over already. Nothing was changed.")
    said = why.strip()
    if not said or len(said) > MOST_WORDS:
        raise NoWords("Say in a few words why it may end. Nothing was changed.")
    return said
