"""The words of a scale, where a host wants one: never those of an inspection, present or former, however they are spelt.

A review gives no grade by default. A host may ask for a scale in words of its own, such as *just begun*, *under way*, *part of how
we work*. It must not read like an inspection. Sources: the requirements H2 of the field notes; the vocabularies in
`convenor.england.inspections`; before 2005 inspections spoke on a scale of seven, from excellent to very poor.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from convenor.england.inspections import GRADES
from convenor.peer_review.rules.refusals import ReviewRefused

FEWEST_WORDS: Final = 2
MOST_WORDS: Final = 5
LONGEST: Final = 40


class InspectionWord(ReviewRefused):
    """A word of the scale is one that inspections use or used."""


class NoScale(ReviewRefused):
    """Too few words or too many, one twice, or one too long."""


#: Words and phrases of inspections, as plain lower-case words. Where one stands in a word of a scale, the scale is refused.
PHRASES: Final = tuple(
    dict.fromkeys(
        [
            *(grade.lower() for grade in GRADES.values()),
            "require improvement", "requiring improvement", "requires improving", "requires significant improvement",
            "satisfactory", "unsatisfactory", "special measures", "special measure", "serious weaknesses", "serious weakness",
            "notice to improve", "causing concern", "cause for concern", "causes concern",
            "exceptional", "exceptionally", "strong standard", "expected standard", "needs attention", "need attention",
            "needing attention", "attention needed", "urgent improvement", "urgently improve",
            "excellent", "poor", "very good", "very poor",
        ]
    )
)  # fmt: skip
#: Those that say too little to be refused inside a longer phrase, and are refused when they stand alone.
ALONE: Final = frozenset({"met", "not met", "strong", "expected", "exceptional", "urgent", "ri", "sm", "sw"})
#: Letters that look like Latin ones, and figures that stand for letters.
_LOOKS_LIKE: Final = str.maketrans("аеоросхуіѕԁɡ013457@$|", "aeopocxyisdgoieastasl")
_LONG: Final = 8


def check_scale(words: Iterable[str]) -> tuple[str, ...]:
    """The words of a scale, from the first to the last, without space around them; empty for no grade.

    Raises NoScale for one word or more than five, one twice or one longer than forty characters; InspectionWord for a word of
    an inspection in any case, with hyphens, spaces or letters that only look like its own, or a number that reads as a grade.
    """
    kept = tuple(" ".join(each.replace("\x00", "").split()) for each in words if each.strip())
    if not kept:
        return ()
    if not FEWEST_WORDS <= len(kept) <= MOST_WORDS:
        raise NoScale(f"A scale has {FEWEST_WORDS} to {MOST_WORDS} words, or none for no grade. Nothing was changed.")
    long = next((each for each in kept if len(each) > LONGEST), None)
    if long is not None:
        raise NoScale(f"“{long[:LONGEST]}…” is too long: a word of a scale has at most {LONGEST} characters. Nothing was changed.")
    if len({plain(each) for each in kept}) != len(kept):
        raise NoScale("A word stands twice in the scale. Nothing was changed.")
    for each in kept:
        found = inspection_word(each)
        if found:
            raise InspectionWord(
                f"“{each}” reads as an inspection’s word ({found}). A peer review is no inspection: choose words of your own, "
                "such as just begun, under way, part of how we work. Nothing was changed."
            )
    return kept


def inspection_word(text: str) -> str:
    """The inspection's word that a text holds in any spelling, or "a grade in figures"; "" for none.

    >>> inspection_word("OUT-STANDING"), inspection_word("very g00d"), inspection_word("Grade 2"), inspection_word("Goodwill")
    ('outstanding', 'good', 'a grade in figures', '')
    """
    said = plain(text, letters=False)
    figures = said.replace(" ", "")
    if figures and (figures.isdigit() or figures.removeprefix("grade") in ("1", "2", "3", "4")):
        return "a grade in figures"
    worded = plain(text)
    run_together = worded.replace(" ", "")
    if worded in ALONE or run_together in {each.replace(" ", "") for each in ALONE}:
        return worded
    for phrase in PHRASES:
        close = phrase.replace(" ", "")
        if f" {phrase} " in f" {worded} " or run_together == close or (len(close) >= _LONG and close in run_together):
            return phrase
    return ""


def plain(text: str, *, letters: bool = True) -> str:
    """A text as plain lower-case words: no accents, marks or signs that cannot be seen; with `letters` look-alikes become letters."""
    open_ = unicodedata.normalize("NFKD", text).casefold()
    seen = "".join(each for each in open_ if not unicodedata.combining(each) and unicodedata.category(each) != "Cf")
    if letters:
        seen = seen.translate(_LOOKS_LIKE)
    return " ".join("".join(each if each.isalnum() else " " for each in seen).split())
