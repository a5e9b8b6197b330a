"""The PIN: six digits that stand beside a mailbox which others read too. How one is chosen, tried and waited for.

Heads' mailboxes are shared with an office. A link proves the mailbox, not the person; before a page that holds what a school
keeps for itself the person is asked for something the mailbox does not hold.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

DIGITS = 6

#: Tries before the first wait, and between one wait and the next.
TRIES = 5
FIRST_WAIT = timedelta(minutes=15)
LATER_WAIT = timedelta(hours=1)

#: How long one proof opens confidential pages; and how long after it a form begun before is still taken, so that nothing typed is lost.
PROOF_OPENS = timedelta(minutes=30)
FORM_TAKEN = timedelta(hours=12)

#: Ways to begin a session that prove the mailbox alone.
MAILED = frozenset({"link", "invitation"})

#: Ways to show that it is the person.
PROOFS = frozenset({"mfa", "password", "socialaccount", "pin"})


class PinRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A PIN that cannot be chosen, or is not the right one; the message says why and what to do."""


class PinClosed(PinRefused):
    """Too many tries; the message says when the next one counts."""


def chosen(pin: str, again: str) -> str:
    """The PIN as it will be compared: six digits, however they are spaced.

    Raises PinRefused in words for any that is not six digits, is not the same twice, or would be among the first guesses.
    """
    said = digits(pin)
    if len(said) != DIGITS:
        raise PinRefused("A PIN is six digits.")
    if said != digits(again):
        raise PinRefused("The two are not the same. Give the same six digits twice.")
    if _easily_guessed(said):
        raise PinRefused("That one is among the first that anybody would try. Choose six digits without such an order.")
    return said


def digits(pin: str) -> str:
    """Digits alone, without the spaces and strokes that people type between them; "" for anything that holds something else."""
    said = "".join(letter for letter in pin if letter not in " -\u00a0")
    return said if said.isascii() and said.isdigit() else ""


def _easily_guessed(pin: str) -> bool:
    steps = {(int(later) - int(earlier)) % 10 for earlier, later in pairwise(pin)}
    repeats = any(pin == pin[:size] * (DIGITS // size) for size in (1, 2, 3))
    return repeats or steps in ({1}, {9})


def opens_again_at(*, failed: int, last_failed_at: datetime | None) -> datetime | None:
    """When the next try counts after `failed` wrong ones in a row: a quarter of an hour after the fifth, an hour after each fifth since.

    None when a try counts at once.
    """
    if last_failed_at is None or not failed or failed % TRIES:
        return None
    return last_failed_at + (FIRST_WAIT if failed == TRIES else LATER_WAIT)


def proof_wanted(records: list[tuple[str, bool, float]], *, now: float, form_sent: bool = False) -> bool:
    """Whether a confidential page asks this session who is there.

    `records` are the proofs given in the session, oldest first: the way ("link", "pin", "mfa" and so on), whether it was asked for
    again during the session, and when, in seconds since 1970. A session that nothing is known of, as the demonstration's door begins,
    is not asked; nor is one whose second factor was given at the door. `form_sent` asks on behalf of a form, which is taken for longer
    than a page is shown.
    """
    if not records or records[0][0] not in MAILED:
        return False
    if any(way == "mfa" and not again for way, again, _ in records):
        return False
    proved = max((at for way, _, at in records if way in PROOFS), default=None)
    if proved is None:
        return True
    return now - proved >= (FORM_TAKEN if form_sent else PROOF_OPENS).total_seconds()
