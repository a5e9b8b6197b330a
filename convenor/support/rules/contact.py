"""A note of contact with a school: a minute to write, and its head reads it first and says whether it is right.

Nobody but its writer and the school reads a note until the school has marked it. What the school says stands beside it for ever, and
whoever reads the note later reads that too. Source: the requirements H4 of the field notes (notes marked accurate or not, the dispute
kept); that silence opens nothing is ours, since a note that its school never saw right is hearsay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.support.rules.refusals import NotYours, NoWords, WrongDay
from convenor.support.rules.states import Accuracy, ContactKind

NOTHING: Final = "Nothing was changed."
#: The longest note, its next step, and what a head says of it, in characters. Two sentences are a note; a page is a report.
WORDS_AT_MOST: Final = 600
NEXT_AT_MOST: Final = 300
REPLY_AT_MOST: Final = 1000
#: How long after a contact a note of it can still be written. What is remembered longer is remembered wrongly.
REMEMBERED: Final = timedelta(days=28)

KIND_SAYS: Final[dict[ContactKind, str]] = {
    ContactKind.ANNUAL: "Annual conversation",
    ContactKind.CALL: "Phone call",
    ContactKind.VISIT: "Visit",
    ContactKind.MEETING: "Met at a meeting",
    ContactKind.MESSAGE: "Message",
}


class Marked(StrEnum):
    """What is known of a note's accuracy; the value is what pages say."""

    NOT_YET = "the school has not said yet whether it is accurate"
    ACCURATE = "the school says that it is accurate"
    DISPUTED = "the school says that it is not accurate"


@dataclass(frozen=True, slots=True)
class NoteReader:
    """Somebody in regard to one note. `works_with`: the broker who holds a package or an early conversation of the school now."""

    school: bool = False
    writer: bool = False
    works_with: bool = False


def marked(marks: Sequence[Accuracy]) -> Marked:
    """How a note stands after everything the school said of it, in order: the last word counts."""
    if not marks:
        return Marked.NOT_YET
    return Marked.ACCURATE if marks[-1] is Accuracy.ACCURATE else Marked.DISPUTED


def reads(reader: NoteReader, state: Marked) -> bool:
    """Whether somebody reads a note: its school and its writer at once, the school's broker once the school has marked it."""
    return reader.school or reader.writer or (reader.works_with and state is not Marked.NOT_YET)


def check_note(words: str, next_step: str, *, on: date, today: date, own_school: bool) -> tuple[str, str]:
    """The note and its next step, trimmed.

    Raises NotYours for one's own school, NoWords for no words or too many, WrongDay for a day to come or more than four weeks ago.
    """
    if own_school:
        raise NotYours(f"A note of contact is for somebody from outside the school to write. {NOTHING}")
    said, after = words.strip(), " ".join(next_step.split())
    if not said or len(said) > WORDS_AT_MOST:
        raise NoWords(f"Say in a sentence or two what was said (at most {WORDS_AT_MOST} characters). {NOTHING}")
    if len(after) > NEXT_AT_MOST:
        raise NoWords(f"Say the next step in at most {NEXT_AT_MOST} characters. {NOTHING}")
    if on > today:
        raise WrongDay(f"That day has not come yet. {NOTHING}")
    if today - on > REMEMBERED:
        raise WrongDay(f"A note of contact is written within {REMEMBERED.days} days, while it is remembered. {NOTHING}")
    return said, after


def check_mark(accuracy: Accuracy, words: str) -> str:
    """What the school says of a note, trimmed. Raises NoWords where it is not accurate and nothing says why, and for too many words."""
    said = words.strip()
    if accuracy is Accuracy.NOT_ACCURATE and not said:
        raise NoWords(f"Say what is not right, in your words: they stand beside the note. {NOTHING}")
    if len(said) > REPLY_AT_MOST:
        raise NoWords(f"Say it in at most {REPLY_AT_MOST} characters. {NOTHING}")
    return said
