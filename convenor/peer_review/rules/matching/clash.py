"""Why a round cannot be matched: a smallest set of rules and schools that clash.

A set clashes when no teams for its hosts keep its rules, whoever else does what. A smallest one is found by answering, again and again,
the least set that meets every repair known so far, until that set itself clashes (then nothing smaller can). Where that takes more
questions than allowed, a set is given from which nothing can be taken away, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from convenor.peer_review.rules.matching.round import Round, Rule
from convenor.peer_review.rules.matching.rows import run, solver
from convenor.peer_review.rules.matching.solving import UndecidedError, can_be_kept

#: Questions "could these rules be kept for these hosts?" that may be asked. In a large round each takes longer, and fewer are asked.
QUESTIONS = 300
QUESTIONS_TIMES_HOSTS = 9_000
FEWEST_QUESTIONS = 30
#: Above so many hosts the proof that nothing smaller clashes is not tried.
PROVED_UP_TO_HOSTS = 30


@dataclass(frozen=True)
class Clash:
    """Rules and hosts that cannot all be satisfied.

    `irreducible`: any one of them left out would mend this clash. `smallest`: proved that no clash of fewer rules and schools exists.
    """

    rules: frozenset[Rule]
    hosts: tuple[str, ...]
    irreducible: bool
    smallest: bool


Element = Rule | str


@dataclass
class _Asking:
    """Answers whether a set of rules and hosts clashes, remembers, and counts."""

    found: Round
    left: int = QUESTIONS
    known: dict[frozenset[Element], bool] = field(default_factory=dict)

    def clashes(self, elements: Iterable[Element]) -> bool:
        """Whether these clash. Undecided counts as no: nothing unproved is told."""
        asked = frozenset(elements)
        if asked not in self.known:
            self.left -= 1
            rules = frozenset(e for e in asked if isinstance(e, Rule))
            hosts = frozenset(e for e in asked if not isinstance(e, Rule))
            try:
                self.known[asked] = not can_be_kept(self.found, rules=rules, hosts=hosts)
            except UndecidedError:
                self.known[asked] = False
        return self.known[asked]


def find_clash(found: Round, *, questions: int | None = None) -> Clash:
    """A smallest clash of a round that cannot be matched. Raises ValueError where the round does not clash."""
    usual = min(QUESTIONS, max(FEWEST_QUESTIONS, QUESTIONS_TIMES_HOSTS // max(1, len(found.hosts))))
    asking = _Asking(found, usual if questions is None else questions)
    everything: list[Element] = [*(rule for rule in Rule if rule in found.enforced), *(host.id for host in found.hosts)]
    if not asking.clashes(everything):
        raise ValueError("the round does not clash")
    least, irreducible = _thinned(asking, everything)
    smallest = None
    if irreducible and len(found.hosts) <= PROVED_UP_TO_HOSTS:
        smallest = _smallest(asking, everything, least)
    chosen = least if smallest is None else smallest
    order = [host.id for host in found.hosts]
    hosts = tuple(sorted((e for e in chosen if not isinstance(e, Rule)), key=order.index))
    return Clash(frozenset(e for e in chosen if isinstance(e, Rule)), hosts, irreducible, smallest is not None)


def _thinned(asking: _Asking, elements: Sequence[Element]) -> tuple[list[Element], bool]:
    """What still clashes, and whether nothing more can be taken away; rules one by one, then hosts by halves, quarters, ones."""
    kept = list(elements)
    for rule in [element for element in elements if isinstance(element, Rule)]:
        without = [element for element in kept if element != rule]
        if asking.clashes(without):
            kept = without
    size = max(1, len(kept) // 2)
    while True:
        at = 0
        while at < len(kept):
            if asking.left <= 0:
                return kept, False
            without = kept[:at] + kept[at + size :]
            if asking.clashes(without):
                kept = without
            else:
                at += size
        if size == 1:
            return kept, True
        size = max(1, size // 2)


def _smallest(asking: _Asking, everything: list[Element], least: list[Element]) -> list[Element] | None:
    """The smallest clash, or None where the questions ran out before it was proved."""
    repairs: list[frozenset[Element]] = []
    while asking.left > 0:
        candidate = _meeting_all(repairs, everything)
        if len(candidate) >= len(least):
            return least
        if asking.clashes(candidate):
            return candidate
        repairs.append(frozenset(everything) - _grown(asking, candidate, everything))
    return None


def _grown(asking: _Asking, candidate: list[Element], everything: list[Element]) -> frozenset[Element]:
    """As much of everything as can be added without a clash: what is left outside is a repair. Blocks are tried before single ones."""
    kept = set(candidate)
    blocks = [[element for element in everything if element not in kept]]
    while blocks:
        block = blocks.pop()
        if not asking.clashes(kept | set(block)):
            kept |= set(block)
        elif len(block) > 1:
            half = len(block) // 2
            blocks += [block[half:], block[:half]]
    return frozenset(kept)


def _meeting_all(repairs: list[frozenset[Element]], everything: list[Element]) -> list[Element]:
    """The fewest elements of which every repair holds one: a small covering problem, solved exactly."""
    if not repairs:
        return []
    import highspy
    import numpy as np

    number = {element: n for n, element in enumerate(everything)}
    model: Any = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(everything), len(repairs)
    model.col_cost_, model.col_lower_, model.col_upper_ = np.ones(len(everything)), np.zeros(len(everything)), np.ones(len(everything))
    model.row_lower_, model.row_upper_ = np.ones(len(repairs)), np.full(len(repairs), float("inf"))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(repair) for repair in repairs)])
    model.a_matrix_.index_ = np.array([number[element] for repair in repairs for element in sorted(repair, key=number.__getitem__)])
    model.a_matrix_.value_ = np.ones(len(model.a_matrix_.index_))
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(everything)
    highs = solver(random_seed=0)
    highs.passModel(model)
    run(highs)
    taken = np.asarray(highs.getSolution().col_value) > 0.5
    return [element for element, chosen in zip(everything, taken.tolist(), strict=True) if chosen]
