"""Joining a room: the code that is on the wall, the secret that a phone holds, and how much may come from one place.

A code has eight signs out of 22 that nobody takes for another (no 0 and O, 1, I and L, 2 and Z, 5 and S, 8 and B, U and V; no vowel, so
that it spells nothing): 5.5 × 10^10 codes. Whoever may try 30 an hour from one address finds one of a hundred open workshops after about
two thousand years.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import Final

#: No sign of it looks like another, and none is a vowel.
SIGNS: Final = "CDFGHJKMNPQRTVWXY34679"
CODE_LENGTH: Final = 8
#: Wrong codes from one address in an hour; then the page asks to wait.
WRONG_CODES_IN_AN_HOUR: Final = 30
#: Phones that join from one address in an hour: a conference behind one school's address gets in, a machine does not go on for ever.
JOINS_IN_AN_HOUR: Final = 600
#: What one phone may send in a minute: more than any thumb, less than a machine.
SENDS_IN_A_MINUTE: Final = 60
#: Phones and sheets of paper in one workshop.
PARTICIPANTS_AT_MOST: Final = 2_000
#: People at one table.
PEOPLE_AT_A_TABLE: Final = 30


def code_by(pick: Callable[[Sequence[str]], str]) -> str:
    """A code, each sign chosen by `pick`: `secrets.choice` where it matters."""
    return "".join(pick(SIGNS) for _ in range(CODE_LENGTH))


def as_typed(text: str) -> str:
    """The code that somebody typed: small letters, blanks and hyphens are all right; "" where it cannot be one."""
    found = "".join(sign for sign in text.upper() if not sign.isspace() and sign not in "-–.")
    return found if len(found) == CODE_LENGTH and all(sign in SIGNS for sign in found) else ""


def as_read(code: str) -> str:
    """A code as people read it out: in two halves."""
    return f"{code[:4]} {code[4:]}" if len(code) == CODE_LENGTH else code


def spelled(code: str) -> str:
    """A code sign by sign, for a screen reader."""
    return " ".join(code)


def digest_of(secret: str) -> str:
    """What is kept of a phone's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def years_to_guess(open_workshops: int, tries_in_an_hour: int = WRONG_CODES_IN_AN_HOUR) -> float:
    """After how many years, on average, one address that tries without end has guessed one of so many open codes."""
    if open_workshops < 1:
        return math.inf
    return len(SIGNS) ** CODE_LENGTH / open_workshops / tries_in_an_hour / 24 / 365.25
