"""Suggested groupings of what was written: answers that share words, for a person to read. Pure.

Each answer is counted by its words (less the most common ones of the language and of the question), each word weighing the more the fewer
answers hold it (tf-idf); answers are alike by the angle between those counts, and are joined, most alike first, while the mean likeness
within what is joined is enough (agglomerative clustering, average linkage). That is all it does: it knows no meaning, "not enough time"
and "enough time" look alike to it, and answers in other words for the same thing stay apart. So it suggests, and says how it was made.
It names no theme and files no answer: people do both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Answers are joined while their mean likeness (cosine) is at least this.
LIKENESS: Final = 0.18
#: A grouping has at least so many answers.
ANSWERS_AT_LEAST: Final = 3
#: More answers are not held against each other at once.
ANSWERS_AT_MOST: Final = 2_000
#: So many words say what a grouping shares.
TERMS: Final = 4
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?")
_COMMON_WORDS: Final = """
    a about above across after again against all almost along already also although always am among an and any are aren't as at be
    because been before being below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't done down
    during each either else enough even ever every few for from further get gets getting give given go going good got had has hasn't have
    haven't having he her here hers him his how however i i'd i'll i'm i've if in into is isn't it it's its itself just let like made make
    makes making many may me might mine more most much must my need needs neither no nor not now of off on once one only or other others
    ought our ours out over own perhaps please quite rather really same say says see seem shall she should shouldn't since so some still
    such sure take than that that's the their theirs them then there there's these they they're think this those though through thus to
    too toward towards under until up upon us use used very want was wasn't way we we'd we'll we're we've well were weren't what whatever
    when where whether which while who whom whose why will with within without won't would wouldn't yes yet you your yours
    school schools
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Answers (by their names) that share words, and which words most."""

    terms: tuple[str, ...]
    answers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The groupings of one question, the largest first, the answers that are in none, and how they were made, in words."""

    groups: tuple[Suggested, ...]
    apart: tuple[int, ...]
    how: str


def words_of(text: str) -> list[str]:
    """The words of a text that could tell what it is about: small letters, without the most common ones, plurals as the singular."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    return [_singular(word) for word in words if word not in _COMMON and len(word) > 2]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def suggest(answers: Mapping[int, str], question: str = "") -> Suggestions:
    """Groupings of answers, given by name, to a question whose own words count for nothing. The same answers give the same groupings."""
    asked = set(words_of(question))
    names = sorted(answers)[:ANSWERS_AT_MOST]
    bags = [Counter(word for word in words_of(answers[name]) if word not in asked) for name in names]
    held = Counter(word for bag in bags for word in bag)
    vocabulary = sorted(word for word, count in held.items() if count > 1)
    counts = _weighed(bags, vocabulary, held)
    speaking = np.flatnonzero(counts.any(axis=1))
    found = []
    for members in _joined(counts[speaking]):
        rows = speaking[members]
        if len(rows) >= ANSWERS_AT_LEAST:
            weight = counts[rows].sum(axis=0)
            best = [vocabulary[place] for place in np.argsort(-weight, kind="stable")[:TERMS] if weight[place] > 0]
            found.append(Suggested(tuple(best), tuple(names[row] for row in rows)))
    found.sort(key=lambda each: (-len(each.answers), each.answers))
    grouped = {name for each in found for name in each.answers}
    return Suggestions(tuple(found), tuple(name for name in names if name not in grouped), how_made(len(names)))


def how_made(answers: int) -> str:
    """How groupings of so many answers are made, in words for whoever reads them."""
    return (
        f"Made by a program from shared words alone (tf-idf over {answers:,} answers, cosine likeness, average linkage from "
        f"{LIKENESS:.2f} up). It understands nothing: read before you agree."
    )


def _weighed(bags: list[Counter[str]], vocabulary: list[str], held: Counter[str]) -> Counts:
    place = {word: number for number, word in enumerate(vocabulary)}
    counts = np.zeros((len(bags), len(vocabulary)))
    for row, bag in enumerate(bags):
        for word, count in bag.items():
            if word in place:
                counts[row, place[word]] = (1 + np.log(count)) * np.log((1 + len(bags)) / held[word])
    lengths = np.sqrt(np.square(counts).sum(axis=1, keepdims=True))
    weighed: Counts = np.divide(counts, lengths, out=np.zeros_like(counts), where=lengths > 0)
    return weighed


def _joined(counts: Counts) -> list[NDArray[np.int64]]:
    if len(counts) < ANSWERS_AT_LEAST:
        return []
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    apart = np.clip(1 - counts @ counts.T, 0, None)
    np.fill_diagonal(apart, 0)
    labels = fcluster(linkage(squareform(apart, checks=False), "average"), 1 - LIKENESS, "distance")
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]
