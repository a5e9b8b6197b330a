"""Who else is in there: everybody who works with a school already, told before anybody more is sent.

What is published is never asked for: a school's trust, federation and diocese come from the register. A regional team, a hub, an
authority's own programme is entered by whoever knows of it, with a source, and ends. Source: partnerships.md 3.7 and 5 of the field
notes ("Do our cases and theirs collide?"); avoiding duplication is a principle of every brokerage found there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from convenor.support.rules.refusals import Missing, NoWords, WrongDay
from convenor.support.rules.states import OtherKind

NOTHING: Final = "Nothing was changed."
NAME_AT_MOST: Final = 200
WORDS_AT_MOST: Final = 300
SOURCE_AT_MOST: Final = 200
#: From this many at once a page says that somebody should speak with all of them before anybody more is sent.
CROWDED_FROM: Final = 3

KIND_SAYS: Final[dict[OtherKind, str]] = {
    OtherKind.RISE: "DfE regional improvement team (RISE)",
    OtherKind.HUB: "Hub or research school",
    OtherKind.TRUST: "Trust or federation",
    OtherKind.DIOCESE: "Diocese or religious authority",
    OtherKind.AUTHORITY: "Local authority",
    OtherKind.OTHER: "Somebody else",
}
#: What the register itself says, and nobody enters.
FROM_REGISTER: Final = frozenset({OtherKind.TRUST, OtherKind.DIOCESE})
REGISTER: Final = "the published register"


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who works with a school: who, about which themes, and until when. `standing`: by what it is, not for a task."""

    kind: OtherKind
    name: str
    about: tuple[str, ...] = ()
    standing: bool = False


def standing_others(*, trust: str = "", federation: str = "", diocese: str = "") -> tuple[Other, ...]:
    """Those who stand beside a school by what it is, as published; "" for none. The register's "Not applicable" is none."""
    found = [Other(OtherKind.TRUST, name, standing=True) for name in (trust, federation) if name.strip()]
    named = diocese.strip()
    if named and named.casefold() not in ("not applicable", "none"):
        found.append(Other(OtherKind.DIOCESE, named, standing=True))
    return tuple(found)


def overlap(others: Iterable[Other], themes: Iterable[str]) -> tuple[Other, ...]:
    """Those who already work on one of the themes asked about."""
    asked = set(themes)
    return tuple(each for each in others if asked & set(each.about))


def crowded(others: Iterable[Other]) -> bool:
    """Whether so many work with the school for a task that they should be brought together first."""
    return sum(not each.standing for each in others) >= CROWDED_FROM


def check_other(
    kind: OtherKind, name: str, words: str, source: str, *, from_on: date, until_on: date | None, today: date
) -> tuple[str, str, str]:
    """Name, words and source, trimmed.

    Raises Missing for what the register says by itself, NoWords without a name or a source or with too many words, WrongDay for a
    beginning to come or an end before the beginning.
    """
    said, about, known = " ".join(name.split()), " ".join(words.split()), " ".join(source.split())
    if kind in FROM_REGISTER:
        raise Missing(f"{KIND_SAYS[kind]}: the register says that by itself, so there is nothing to enter. {NOTHING}")
    if not said or len(said) > NAME_AT_MOST:
        raise NoWords(f"Say who it is (at most {NAME_AT_MOST} characters). {NOTHING}")
    if not known or len(known) > SOURCE_AT_MOST:
        raise NoWords(f"Say how you know (at most {SOURCE_AT_MOST} characters): the school reads it. {NOTHING}")
    if len(about) > WORDS_AT_MOST:
        raise NoWords(f"Say what they do there in at most {WORDS_AT_MOST} characters. {NOTHING}")
    if from_on > today:
        raise WrongDay(f"It has not begun yet. Enter it once it has. {NOTHING}")
    if until_on is not None and until_on <= from_on:
        raise WrongDay(f"It would end before it begins. {NOTHING}")
    return said, about, known
