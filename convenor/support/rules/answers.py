"""What a school can offer and what it wants to learn: the answer that every school gives once a year, and what the area sees of it.

Both are asked of every school: a school that only ever receives would be a lesser one, and there is none such. Who wants to learn what is
told in numbers, from three schools on; who offers is told by name, since that is what an offer is for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from convenor.peer_review.rules import themes
from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules.refusals import NoWords, WrongSum

WORDS_AT_MOST: Final = 1000
#: So many things a school wants to learn at once; more would be no choice.
WANTS_AT_MOST: Final = 5
HALF_DAYS_AT_MOST: Final = 100
#: How many schools want to learn something is told from so many on.
WANTED_FROM: Final = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One school's answer. `half_days` is what it could give in the year; `ring`: it would join a support ring."""

    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    words: str = ""
    half_days: int = 0
    ring: bool = True


@dataclass(frozen=True, slots=True)
class ThemeHere:
    """One theme over the area: which schools offer it, and how many want to learn it (None: fewer than three)."""

    key: str
    name: str
    offered_by: tuple[str, ...]
    wanted_by: int | None


def check_answer(answer: Answer) -> Answer:
    """The answer as it is kept. Raises NoWords for nothing ticked, one thing both offered and wanted, too many wants or words; WrongSum."""
    offers, wants = themes.in_order(answer.offers), themes.in_order(answer.wants)
    if not offers and not wants:
        raise NoWords("Tick at least one thing: what others could come and see, or what you would like to learn. Nothing was changed.")
    both = [THEMES[key].name for key in offers if key in wants]
    if both:
        raise NoWords(f"{both[0]} is ticked on both sides. Which is it, for now? Nothing was changed.")
    if len(wants) > WANTS_AT_MOST:
        raise NoWords(f"Choose at most {WANTS_AT_MOST} things to learn: those you want most. Nothing was changed.")
    words = answer.words.strip()
    if len(words) > WORDS_AT_MOST:
        raise NoWords(f"Keep it within {WORDS_AT_MOST:,} characters. Nothing was changed.")
    if not 0 <= answer.half_days <= HALF_DAYS_AT_MOST:
        raise WrongSum(f"Give from none to {HALF_DAYS_AT_MOST} half days. Nothing was changed.")
    return replace(answer, offers=offers, wants=wants, words=words)


def begin(before: Answer | None, excellent: Iterable[str]) -> Answer:
    """What the page is filled with: last year's answer, and beside it what the school offered after its peer review.

    What it said it wants to learn is never turned into an offer by that.
    """
    last = before or Answer()
    offers = themes.in_order((*last.offers, *(key for key in excellent if key not in last.wants)))
    return replace(last, offers=offers)


def area(answers: Iterable[tuple[str, Answer]]) -> tuple[ThemeHere, ...]:
    """Every theme that is offered or wanted, in the order of the list. `answers` are names of schools with their answers."""
    offered: dict[str, list[str]] = {key: [] for key in THEMES}
    wanted: Counter[str] = Counter()
    for school, answer in answers:
        for key in answer.offers:
            offered.setdefault(key, []).append(school)
        wanted.update(set(answer.wants))
    return tuple(
        ThemeHere(key, theme.name, tuple(sorted(offered[key])), wanted[key] if wanted[key] >= WANTED_FROM else None)
        for key, theme in THEMES.items()
        if offered[key] or wanted[key] >= WANTED_FROM
    )
