"""Whether known groups place cards otherwise, and whether a room has changed its mind since last time.

Both are asked of chance: the groups' names, or a person's two boards, are exchanged at random many times over, and what was seen is held
against what that gives. Nine cards are nine questions, and several groupings more; so the chances of cards are adjusted together (Holm:
at most one time in twenty will any of those called different be so by chance alone), and so are those of whole groupings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from convenor.conditions.rules.concordance import DRAWS, SEED
from convenor.conditions.rules.diamonds import CARDS, DOUBLED, Rows

#: A group of fewer entries is left out: its means would tell of persons.
LEAST: Final = 5
#: Called different where the adjusted chance is at most this.
LEVEL: Final = 0.05
#: Up to here every way to exchange the boards of two rounds is tried (2 to this power, 8,192) rather than some drawn.
ALL_TRIED: Final = 13
_AT_ONCE: Final = 500

Matrix = NDArray[np.float64]


class TooFewError(ValueError):
    """There is too little to compare; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class CardCompared:
    """One card: its mean rank in each group, or before and after, with the chance of so great a difference, plain and adjusted."""

    means: tuple[float, ...]
    p: float
    p_adjusted: float

    @property
    def differs(self) -> bool:
        """Whether the adjusted chance is at most one in twenty."""
        return self.p_adjusted <= LEVEL


@dataclass(frozen=True, slots=True)
class Comparison:
    """One grouping (role, tier, phase ...): its groups with their sizes, all cards taken together, and each card in their order.
    `left_out` counts the entries that are in no group of at least LEAST."""

    grouping: str
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    left_out: int
    p: float
    p_adjusted: float
    cards: tuple[CardCompared, ...]

    @property
    def differs(self) -> bool:
        """Whether the groups differ over all cards taken together, the adjusted chance being at most one in twenty."""
        return self.p_adjusted <= LEVEL


@dataclass(frozen=True, slots=True)
class Change:
    """What changed between two rounds among those who took part in both: how many they are, all cards taken together, each card."""

    people: int
    p: float
    cards: tuple[CardCompared, ...]

    @property
    def changed(self) -> bool:
        """Whether so great a change, over all cards taken together, comes by chance at most one time in twenty."""
        return self.p <= LEVEL


def holm(chances: Sequence[float]) -> list[float]:
    """Chances adjusted for being several (Holm 1979, <https://www.jstor.org/stable/4615733>), in the order given; none for none."""
    adjusted = [0.0] * len(chances)
    so_far = 0.0
    for place, number in enumerate(sorted(range(len(chances)), key=lambda each: chances[each])):
        so_far = max(so_far, min(1.0, chances[number] * (len(chances) - place)))
        adjusted[number] = so_far
    return adjusted


def compare_groups(rows: Rows, groupings: Mapping[str, Sequence[str]], *, least: int = LEAST) -> tuple[Comparison, ...]:
    """How known groups compare: for each grouping the group of each entry ("" where not known), held against exchanging groups at random.

    Groups of fewer than `least` entries are left out (`rules.telling` says for whom that may be less than LEAST); a grouping with fewer
    than two groups then is left out whole. Chances are adjusted over all cards of all groupings, and over groupings. Raises ValueError for
    a grouping that is not as long as the entries.
    """
    tested = [found for name, labels in groupings.items() if (found := _one_grouping(rows, name, labels, least)) is not None]
    wholes = holm([each.p for each in tested])
    by_card = holm([card.p for each in tested for card in each.cards])
    return tuple(
        Comparison(
            each.grouping, each.groups, each.sizes, each.left_out, each.p, wholes[number],
            tuple(
                CardCompared(card.means, card.p, adjusted)
                for card, adjusted in zip(each.cards, by_card[number * CARDS : (number + 1) * CARDS], strict=True)
            ),
        )
        for number, each in enumerate(tested)
    )  # fmt: skip


def _one_grouping(rows: Rows, name: str, labels: Sequence[str], least: int) -> Comparison | None:
    """One grouping with chances as they are, not yet adjusted."""
    if len(labels) != len(rows):
        raise ValueError(f"{name}: {len(labels)} labels for {len(rows)} entries")
    sizes = {label: size for label, size in sorted(Counter(labels).items()) if label and size >= least}
    if len(sizes) < 2:
        return None
    order = [number for label in sizes for number, each in enumerate(labels) if each == label]
    ranks = DOUBLED[rows[order]].astype(np.float64)
    counts = np.array(list(sizes.values()))
    seen = _between(ranks[None], counts)[0]
    chance = np.random.default_rng([SEED, len(order)])
    places = np.tile(np.arange(len(order)), (_AT_ONCE, 1))
    card_reach, whole_reach = np.zeros(CARDS, dtype=np.int64), 0
    for _ in range(DRAWS // _AT_ONCE):
        drawn = _between(ranks[chance.permuted(places, axis=1)], counts)
        card_reach += _reach(drawn, seen)
        whole_reach += int(_reach(drawn.sum(axis=1), seen.sum()))
    means = np.add.reduceat(ranks, _starts(counts), axis=0) / counts[:, None] / 2
    chances = (1 + card_reach) / (1 + DRAWS)
    cards = tuple(CardCompared(_told(means[:, card]), float(chances[card]), 1.0) for card in range(CARDS))
    p = (1 + whole_reach) / (1 + DRAWS)
    return Comparison(name, tuple(sizes), tuple(sizes.values()), len(labels) - len(order), p, 1.0, cards)


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return starts


def _between(ranks: Matrix, counts: NDArray[np.int64]) -> Matrix:
    """For each draw and card, how far the groups' means are from the mean of all, squared, by entry. The groups lie one after another."""
    sums = np.add.reduceat(ranks, _starts(counts), axis=1)
    between: Matrix = (np.square(sums) / counts[:, None]).sum(axis=1) - np.square(ranks.sum(axis=1)) / ranks.shape[1]
    return between


def _reach(drawn: Matrix, seen: Matrix | float) -> NDArray[np.int64]:
    """How many draws come at least as far; those equal but for the last digits of the arithmetic count."""
    reach: NDArray[np.int64] = (drawn >= np.asarray(seen) - 1e-7).sum(axis=0, dtype=np.int64)
    return reach


def change_since(before: Mapping[str, Sequence[int]], after: Mapping[str, Sequence[int]], *, least: int = LEAST) -> Change:
    """What changed between two rounds over the same cards, each given as the rows (1 to 5) by who placed them.

    Only those who took part in both are compared, each with themselves: their two boards are exchanged at random, or in every way there is
    for up to 13. Raises TooFewError where fewer than `least` took part in both.
    """
    both = sorted(before.keys() & after.keys())
    if len(both) < least:
        raise TooFewError(f"{len(both)} took part in both rounds, and at least {least} must have for a change to be told")
    first, second = (DOUBLED[np.array([each[who] for who in both], dtype=np.int8)] for each in (before, after))
    turns = _turns(len(both))
    drawn = turns @ (second - first)
    seen = (second - first).sum(axis=0)
    # Among draws the change as it was counts once more; where every way is tried it is among them.
    more, of = (0, len(turns)) if len(both) <= ALL_TRIED else (1, len(turns) + 1)
    chances = (more + (np.abs(drawn) >= np.abs(seen)).sum(axis=0)) / of
    whole = (more + int((np.square(drawn).sum(axis=1) >= np.square(seen).sum()).sum())) / of
    means = np.stack([first.mean(axis=0), second.mean(axis=0)]) / 2
    adjusted = holm([float(each) for each in chances])
    cards = tuple(CardCompared(_told(means[:, card]), float(chances[card]), adjusted[card]) for card in range(CARDS))
    return Change(len(both), whole, cards)


def _turns(people: int) -> NDArray[np.int64]:
    """Ways to leave (1) or exchange (-1) the boards of each person: all of them, or DRAWS at random."""
    if people <= ALL_TRIED:
        bits = np.arange(2**people)[:, None] >> np.arange(people) & 1
    else:
        bits = np.random.default_rng([SEED, people, 2]).integers(0, 2, (DRAWS, people))
    turns: NDArray[np.int64] = 1 - 2 * bits
    return turns


def _told(values: Matrix) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
