"""The rules of the post: which letters there are, how often one is tried, and what none may say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Attempts before a letter rests and the manager is told of it.
ATTEMPTS = 5

#: How long to wait before each further attempt.
WAITS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))

#: How long a letter is kept, sent or not: proof of what was sent, and no longer.
KEPT = timedelta(days=366)

#: Letters whose words open a door: they are not kept once sent, nor once they can no longer be of use.
DOOR_OPENING = frozenset({"sign-in-link", "head-invitation"})

#: What stands in their place.
NOT_KEPT = "(This letter held a link or a code. It was sent, and its words are not kept.)"

#: Words that a letter may not hold: it says that something waits, and where; it never carries a concern.
CONCERNS = (
    "inadequate",
    "requires improvement",
    "special measures",
    "causing concern",
    "early conversation",
    "soft signal",
    "safeguarding",
)


class LetterRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A letter that may not be posted; the message says why."""


@dataclass(frozen=True)
class Tried:
    """How one attempt to send went: `problem` is empty when it was sent. `for_good`: the address takes no letters, trying again is idle."""

    problem: str = ""
    for_good: bool = False


#: What a mail server answers when there is no such mailbox (RFC 5321, section 4.2.2).
NO_MAILBOX = frozenset({550, 551, 553})


def refused_for_good(code: int, said: str) -> bool:
    """Whether a server's answer to a recipient means that the address is dead, and not that the server mistrusts us or is busy.

    An answer of class 5.7 is about policy (RFC 3463, section 3.8): it says nothing of the address.
    """
    return code in NO_MAILBOX and " 5.7." not in f" {said}"


#: What an invitation may ask of a calendar: take the entry in or change it, or take it out.
METHODS = frozenset({"REQUEST", "CANCEL"})


def method_of(calendar: str) -> str:
    """What an iCalendar message asks of whoever receives it (RFC 5546): its METHOD. Raises LetterRefused for none of ours."""
    found = {line.removeprefix("METHOD:").strip() for line in calendar.splitlines() if line.startswith("METHOD:")}
    if len(found) != 1 or not found <= METHODS:
        raise LetterRefused("A calendar message says once whether it invites (REQUEST) or takes back (CANCEL).")
    return found.pop()


def unfolded(calendar: str) -> str:
    """An iCalendar message with its folded lines put together (RFC 5545, section 3.1), so that no word hides in a fold."""
    return calendar.replace("\r\n ", "").replace("\n ", "")


def check(*, subject: str, body: str, calendar: str = "") -> None:
    """Refuse a letter that carries a concern, has no words, or could forge a header. Raises LetterRefused."""
    if not subject.strip() or not body.strip():
        raise LetterRefused("A letter needs a subject and words.")
    if "\n" in subject or "\r" in subject:
        raise LetterRefused("A subject is one line.")
    if calendar:
        method_of(calendar)
    said = f"{subject}\n{body}\n{unfolded(calendar)}".lower()
    for word in CONCERNS:
        if word in said:
            raise LetterRefused(f"A letter never carries a concern; this one says “{word}”. Say that something waits, and where.")


def due(*, queued_at: datetime, attempts: int, at: datetime) -> bool:
    """Whether a letter that was tried `attempts` times is to be tried again now."""
    if attempts >= ATTEMPTS:
        return False
    return at >= queued_at + sum(WAITS[: attempts + 1], timedelta(0))
