"""What answers in words are found to be about, by people who read them, and what was done about it. Pure.

A theme is named by a person and said in the partnership's own words; an answer may be about several. How many answers are about a theme is
told from five on, for schools and for open views apart and never added up, so that none can be worked out from the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from convenor.consultation.rules.refusals import NoWords
from convenor.consultation.rules.states import Heard, ResponseKind
from convenor.consultation.rules.tally import LEAST

NAME_AT_MOST: Final = 120
SAID_AT_MOST: Final = 1_500
DID_AT_MOST: Final = 1_500
#: So many words in a row, as they stand in an answer, are a quotation: whoever wrote them, or knows them, could be known by it.
QUOTED: Final = 7
HEARD: Final[dict[Heard, str]] = {
    Heard.DOING: "We are doing this",
    Heard.PARTLY: "We are doing part of this",
    Heard.LATER: "Not now: we come back to it",
    Heard.NOT_DOING: "We are not doing this, and say why",
}
#: What rests on a decision that the partnership has recorded.
DECIDED: Final = frozenset({Heard.DOING, Heard.PARTLY})
_WORDS: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class ThemeTold:
    """One theme as it is reported: how many answers of schools and of views are about it, None under five."""

    name: str
    said: str
    heard: str
    did: str
    decision: str
    schools: int | None
    views: int | None


def checked_name(name: str) -> str:
    """A theme's name as it is kept. Raises NoWords."""
    kept = " ".join(name.split())
    if not kept:
        raise NoWords("Give the theme a name: a few words that say what these answers are about.")
    if len(kept) > NAME_AT_MOST:
        raise NoWords(f"A theme's name has at most {NAME_AT_MOST} letters; say the rest below it. Nothing was changed.")
    return kept


def checked_said(said: str, answers: Iterable[str]) -> str:
    """ "You said" as it is kept: in our own words. Raises NoWords for too many, or for words that stand in an answer as they are here."""
    kept = said.strip()
    if len(kept) > SAID_AT_MOST:
        raise NoWords(f"Keep “you said” within {SAID_AT_MOST:,} letters. Nothing was changed.")
    taken = quoted(kept, answers)
    if taken:
        raise NoWords(
            f"“{taken}” stands word for word in an answer, and whoever wrote it could be known by it. Say it in your own words. "
            "Nothing was changed."
        )
    return kept


def checked_did(heard: Heard | None, did: str, *, decision: bool) -> str:
    """ "We did" as it is kept. Raises NoWords where what was done is not said, or rests on no decision."""
    kept = did.strip()
    if len(kept) > DID_AT_MOST:
        raise NoWords(f"Keep “we did” within {DID_AT_MOST:,} letters. Nothing was changed.")
    if heard is None:
        if kept or decision:
            raise NoWords("Choose what came of it: doing, partly, later, or not doing. Nothing was changed.")
        return kept
    if not kept:
        raise NoWords("Say in a sentence what was done, or why not: it goes to everybody who answered. Nothing was changed.")
    if heard in DECIDED and not decision:
        raise NoWords("Choose the decision that this rests on; record it under Decisions first, if it is not there. Nothing was changed.")
    return kept


def quoted(said: str, answers: Iterable[str]) -> str:
    """The first run of QUOTED words that stands in an answer just as in `said`; "" where none does. Case and signs do not count."""
    ours = [each.group() for each in _WORDS.finditer(said)]
    runs = {tuple(word.lower() for word in ours[place : place + QUOTED]): place for place in range(len(ours) - QUOTED + 1)}
    if not runs:
        return ""
    places = []
    for answer in answers:
        theirs = [each.group().lower() for each in _WORDS.finditer(answer)]
        places += [runs[run] for run in (tuple(theirs[at : at + QUOTED]) for at in range(len(theirs) - QUOTED + 1)) if run in runs]
    return " ".join(ours[min(places) : min(places) + QUOTED]) if places else ""


def told(codings: Iterable[ResponseKind]) -> tuple[int | None, int | None]:
    """How many answers of schools, and how many views, are about a theme: None where it is fewer than five, nought included."""
    kinds = list(codings)
    schools, views = (kinds.count(kind) for kind in (ResponseKind.SCHOOL, ResponseKind.VIEW))
    return (schools if schools >= LEAST else None), (views if views >= LEAST else None)


def unfinished(themes: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """The names of themes (name, said, heard) that cannot be reported yet: nothing is said of what was said, or of what was done."""
    return tuple(name for name, said, heard in themes if not said.strip() or not heard)
