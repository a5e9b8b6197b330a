"""Notes of visits: what a supporter writes for the school, by when, and what the head says of it.

A note is written once. What is wrong is answered, not erased: the head marks it accurate or not, and the word stands beside the note for
ever; whoever wrote it may write a second, and both stand. Source: a record of visit within five working days (East Sussex, in the field
notes C), marked accurate or inaccurate by the head (partnerships.md, 7); the lengths are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from convenor.england.working_days import FIRST_DAY, LAST_DAY, add_working_days
from convenor.peer_review.rules.report import words_of
from convenor.support.rules.states import Accuracy

NOTHING: Final = "Nothing was changed."
#: A note is with the school within five working days.
NOTE_WORKING_DAYS: Final = 5
SEEN_AT_MOST: Final = 4000
AGREED_AT_MOST: Final = 1500
NEXT_AT_MOST: Final = 1500
MARK_AT_MOST: Final = 3000
#: What a note is: key, what is asked, the most characters, whether it must be there.
BOXES: Final = (
    ("seen", "What you did and saw", SEEN_AT_MOST, True),
    ("agreed", "What you agreed", AGREED_AT_MOST, False),
    ("next_time", "Next time", NEXT_AT_MOST, False),
)


class NoteStands(StrEnum):
    """Where a note stands with the head."""

    UNREAD = "not yet marked"
    ACCURATE = "accurate"
    DISPUTED = "disputed"
    SETTLED = "accurate, after a dispute"


@dataclass(frozen=True, slots=True)
class Words:
    """What a note says."""

    seen: str
    agreed: str = ""
    next_time: str = ""


def due_on(held_on: date) -> date | None:
    """The last day on which a note is in time; None where the bank holidays of that time are not known."""
    if not held_on >= FIRST_DAY or held_on.year >= LAST_DAY.year:
        return None
    return add_working_days(held_on, NOTE_WORKING_DAYS)


def is_late(held_on: date, written_on: date) -> bool:
    """Whether a note came after its five working days. It is taken all the same, and says so."""
    due = due_on(held_on)
    return due is not None and written_on > due


def check_note(words: Words) -> Words:
    """A note as it is kept. Raises NoWords without what was seen, or for too many."""
    return Words(*(words_of(getattr(words, key), what[:1].lower() + what[1:], most, needed=needed) for key, what, most, needed in BOXES))


def draft_of(words: Words) -> dict[str, str]:
    """A note that is not sent yet, as it is kept beside the visit: no longer than a note may be. It may be empty."""
    return {key: getattr(words, key).replace("\x00", "").replace("\r\n", "\n")[:most] for key, _, most, _ in BOXES}


def check_mark(accuracy: Accuracy, words: str) -> str:
    """The head's word on a note, as it is kept. Who says that it is not accurate says what is right. Raises NoWords."""
    return words_of(words, "what is not right, and what is", MARK_AT_MOST, needed=accuracy is Accuracy.NOT_ACCURATE)


def stands(marks: Sequence[Accuracy]) -> NoteStands:
    """Where a note stands, by its marks in the order in which they were made. A dispute that was settled still says that it was one."""
    if not marks:
        return NoteStands.UNREAD
    if marks[-1] is Accuracy.NOT_ACCURATE:
        return NoteStands.DISPUTED
    return NoteStands.SETTLED if Accuracy.NOT_ACCURATE in marks else NoteStands.ACCURATE
