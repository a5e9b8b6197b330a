"""Finding somebody in the directory: what narrows it, how spelling is forgiven, and in which order people are shown.

Nobody is ranked by how good they are: whoever fits the words best comes first, then whoever is nearest, then by name. Whoever nothing
vouches for today is not found by schools at all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from rapidfuzz import fuzz

from convenor.registers.rules.spelling import fold
from convenor.support.rules.commissioning import Part, part
from convenor.support.rules.placing import serves_phase
from convenor.support.rules.states import Met, Verdict

TEXT_AT_MOST: Final = 100
#: A word is taken for another one from this likeness on, points of 100: one slip in a word of five letters or more.
CLOSE_ENOUGH: Final = 78.0
SHORTEST_FORGIVEN: Final = 4


class Entry(Protocol):
    """What the search asks of an entry of the directory."""

    @property
    def words(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def expertise(self) -> Sequence[str]: ...
    @property
    def phases(self) -> Sequence[str]: ...
    @property
    def formats(self) -> Sequence[str]: ...
    @property
    def designations(self) -> Sequence[str]: ...
    @property
    def half_days_left(self) -> int: ...
    @property
    def km(self) -> float | None: ...
    @property
    def reach_km(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; an empty part narrows nothing. `within_km` is from the school named by the page, `days` in half days."""

    text: str = ""
    theme: str = ""
    phase: str = ""
    format: str = ""
    designation: str = ""
    kind: str = ""
    within_km: int | None = None
    days: int = 0

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return self != Asked()


Each = TypeVar("Each", bound=Entry)


@dataclass(frozen=True)
class Found(Generic[Each]):
    """What was found, in order; how many entries each choice of each facet would show, the other choices kept."""

    entries: tuple[Each, ...]
    counts: dict[str, Counter[str]] = field(default_factory=dict)


def search(entries: Iterable[Each], asked: Asked) -> Found[Each]:
    """The entries that fit, the best first, with the counts beside each facet. A count never depends on the facet's own choice."""
    known = [(score, each) for each in entries if (score := likeness(asked.text, each.words)) > 0]
    tests = _tests(asked)
    kept = [(score, each) for score, each in known if all(test(each) for test in tests.values())]
    kept.sort(key=lambda one: (-one[0], one[1].km if one[1].km is not None else math.inf, fold(one[1].name)))
    counts = {facet: _count(facet, [each for _, each in known], tests) for facet in _VALUES}
    return Found(tuple(each for _, each in kept), counts)


def likeness(text: str, words: str) -> float:
    """How well an entry's words hold what was asked, 0 to 100; 100 where nothing was asked, 0 where one of the words is not to be found.

    A word counts where it stands, begins a word, or is nearly one: spelling is forgiven from four letters on.
    """
    wanted = fold(text[:TEXT_AT_MOST]).split()
    if not wanted:
        return 100.0
    held = fold(words).split()
    scores = [max((_near(word, each) for each in held), default=0.0) for word in dict.fromkeys(wanted)]
    return 0.0 if min(scores) < CLOSE_ENOUGH else sum(scores) / len(scores)


def _near(word: str, other: str) -> float:
    if other == word:
        return 100.0
    if other.startswith(word) and len(word) > 1:
        return 96.0
    return fuzz.ratio(word, other) if len(word) >= SHORTEST_FORGIVEN else 0.0


def _tests(asked: Asked) -> dict[str, Callable[[Entry], bool]]:
    """One test for each part that narrows."""
    found: dict[str, Callable[[Entry], bool]] = {}
    if asked.theme:
        found["theme"] = lambda each: asked.theme in each.expertise
    if asked.phase:
        found["phase"] = lambda each: serves_phase(frozenset(each.phases), asked.phase)
    if asked.format:
        found["format"] = lambda each: asked.format in each.formats
    if asked.designation:
        found["designation"] = lambda each: asked.designation in each.designations
    if asked.kind:
        found["kind"] = lambda each: each.kind == asked.kind
    within = asked.within_km
    if within is not None:
        found["within_km"] = lambda each: each.km is not None and each.km <= within and (each.reach_km is None or each.km <= each.reach_km)
    if asked.days > 0:
        found["days"] = lambda each: each.half_days_left >= asked.days
    return found


#: The facets that are counted, and the values an entry has in each. Phases are counted where an entry names them; naming none is all.
_VALUES: Final[dict[str, Callable[[Entry], Iterable[str]]]] = {
    "theme": lambda each: each.expertise,
    "format": lambda each: each.formats,
    "designation": lambda each: each.designations,
    "kind": lambda each: (each.kind,),
}


def _count(facet: str, entries: Sequence[Entry], tests: dict[str, Callable[[Entry], bool]]) -> Counter[str]:
    others = [test for name, test in tests.items() if name != facet]
    counted: Counter[str] = Counter()
    for each in entries:
        if all(test(each) for test in others):
            counted.update(dict.fromkeys(_VALUES[facet](each), 1))
    return counted


def km_apart(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> float | None:
    """Kilometres in a straight line between two places in metres of the national grid; None where either is not known."""
    if one[0] is None or one[1] is None or other[0] is None or other[1] is None:
        return None
    return math.hypot(one[0] - other[0], one[1] - other[1]) / 1000


#: What was agreed came about, in full or in part.
CAME_ABOUT: Final = frozenset({Met.MET.value, Met.PARTLY.value})
#: Verdicts of packages that could be measured, and the one of which the directory tells.
MEASURED: Final = frozenset({Verdict.WITHIN_CHANCE.value, Verdict.BETTER.value, Verdict.WORSE.value})
BETTER: Final = frozenset({Verdict.BETTER.value})


def outcomes_told(schools: Mapping[str, str], good: Collection[str]) -> Part:
    """Of which part of the schools that somebody supported one thing is true, as totals tell it: in halves, from twenty schools in
    quarters, and not at all of fewer than five. `schools` gives the newest word of each school, `good` the words that count.

    One part alone is told of each set of schools, so that there is nothing to subtract it from.
    """
    return part({urn: word in good for urn, word in schools.items()})
