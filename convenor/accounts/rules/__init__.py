"""The rules of signing in: what a link is worth, which answer a stranger gets, how an address is compared."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

#: A sign-in link works once, and for this long. Long enough for a slow mail scanner, short enough for a shared desk.
LINK_LASTS = timedelta(minutes=20)

#: An invitation to come in works once too, and for this long: a letter of the second week of a holiday is still good.
INVITATION_LASTS = timedelta(days=14)

#: The answer to "send me a link" is never quicker than this, in seconds, whether or not the address is known.
ANSWER_TAKES_SECONDS = 0.35

#: How links may be asked for: from one network address (a whole school may share one), and for one e-mail address.
LINK_LIMITS = "40/h/ip,4/10m/key"


class LinkRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A sign-in link that cannot be spent: used before, too old, altered, or of somebody who has left."""


class PersonRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A person who cannot be added or changed as asked; the message says why and what to do."""


@dataclass(frozen=True)
class SignInLetter:
    """The words of the letter that carries a link. It names nobody's school and no concern."""

    subject: str
    body: str


def same_address(address: str) -> str:
    """An e-mail address as we compare it: trimmed, composed, lower case. Raises nothing; an empty text stays empty."""
    return unicodedata.normalize("NFKC", address).strip().lower()


def sign_in_letter(*, name: str, address: str, demonstration: bool = False) -> SignInLetter:
    """What the letter says. `address` is the whole web address of the page that shows the button.

    Opening the page spends nothing, so a mail scanner's visit does no harm; the button on it does.
    """
    minutes = int(LINK_LASTS.total_seconds() // 60)
    first = name.split()[0] if name.split() else "colleague"
    lines = [
        f"Dear {first},",
        "",
        "You asked to sign in to Convenor. Open this page and press the button on it:",
        "",
        address,
        "",
        f"The link works once, and for {minutes} minutes. If you did not ask for it, nothing has happened and you need do nothing.",
    ]
    if demonstration:
        lines += ["", "This is a demonstration: the people in it are invented."]
    return SignInLetter(subject="Your link to sign in", body="\n".join(lines) + "\n")
