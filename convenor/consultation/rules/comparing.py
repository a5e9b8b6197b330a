"""Whether groups answered otherwise than one another, asked only of what is told. Pure.

A comparison that used the counts held back would give them away, so it uses those counts alone that every group of it is told, and puts
the other answers together. What was seen is held against chance: the same numbers of each group and of each answer, dealt at random.
Many questions in several groupings are many comparisons, so their chances are adjusted together (Holm 1979,
<https://www.jstor.org/stable/4615733>): at most one time in twenty is any that is called different so by chance alone.

Different is not better, and a small group is marked: under thirty, a few answers move its share a lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from convenor.consultation.rules.disclosure import Row, Table

#: Called different where the adjusted chance is at most this.
LEVEL: Final = 0.05
#: A group of fewer who answered is marked small.
SMALL: Final = 30
#: How many tables are dealt at random.
DRAWS: Final = 1_999
_SEED: Final = 20_180_301

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The groups that could be compared, by which options, and the chance of so great a difference, plain and adjusted."""

    groups: tuple[str, ...]
    options: tuple[int, ...]
    p: float
    p_adjusted: float = 1.0

    @property
    def differs(self) -> bool:
        """Whether the adjusted chance is at most one in twenty."""
        return self.p_adjusted <= LEVEL

    @property
    def says(self) -> str:
        """The finding in a sentence."""
        if self.differs:
            return "These groups answered differently; so great a difference seldom comes by chance."
        return "No difference that chance would not make."


def is_small(row: Row) -> bool:
    """Whether a group is so small that its shares are to be read with care."""
    return row.answered < SMALL


def compare(tables: Sequence[Table]) -> tuple[Comparison | None, ...]:
    """One comparison for each table, in their order, with chances adjusted over all of them; None where too little is told to compare."""
    found = [_one(table) for table in tables]
    adjusted = iter(holm([each.p for each in found if each is not None]))
    return tuple(None if each is None else Comparison(each.groups, each.options, each.p, next(adjusted)) for each in found)


def holm(chances: Sequence[float]) -> list[float]:
    """Chances adjusted for being several, in the order given; none for none."""
    adjusted = [0.0] * len(chances)
    highest = 0.0
    for already, number in enumerate(np.argsort(np.asarray(chances), kind="stable").tolist()):
        highest = max(highest, min(1.0, chances[number] * (len(chances) - already)))
        adjusted[number] = highest
    return adjusted


def shared(table: Table) -> tuple[tuple[Row, ...], tuple[int, ...]]:
    """The groups and the options that can be compared: the option that most groups are told, those groups, and what all of these are told.
    Nothing where fewer than two groups share an option that somebody chose and somebody did not."""
    rows = table.told
    options = range(len(rows[0].counts)) if rows else range(0)
    told = {option: [row for row in rows if row.counts[option] is not None] for option in options}
    telling = [option for option in options if _parts(told[option], option)]
    if not telling:
        return (), ()
    best = max(telling, key=lambda option: (len(told[option]), sum(row.counts[option] or 0 for row in told[option]), -option))
    groups = told[best]
    return tuple(groups), tuple(option for option in options if all(row.counts[option] is not None for row in groups))


def _parts(rows: Sequence[Row], option: int) -> bool:
    """Whether an option parts at least two groups' answers in chosen and not."""
    chosen = sum(row.counts[option] or 0 for row in rows)
    return len(rows) > 1 and 0 < chosen < sum(row.answered for row in rows)


def _one(table: Table) -> Comparison | None:
    rows, options = shared(table)
    if not rows:
        return None
    counts = np.array([[row.counts[option] or 0 for option in options] for row in rows], dtype=np.int64)
    rest = np.array([row.answered for row in rows]) - counts.sum(axis=1)
    counts = np.column_stack([counts, rest])
    counts = counts[:, counts.sum(axis=0) > 0]
    return Comparison(tuple(row.group for row in rows), options, chance_of(counts))


def chance_of(counts: Counts) -> float:
    """How often tables with the same sums, dealt at random, depart as far from proportion (by chi squared), counting this one."""
    from scipy.stats import random_table

    of_groups, of_answers = counts.sum(axis=1), counts.sum(axis=0)
    expected = np.outer(of_groups, of_answers) / counts.sum()
    drawn = random_table(of_groups, of_answers, seed=_SEED).rvs(DRAWS)
    seen = (np.square(counts - expected) / expected).sum()
    far = (np.square(drawn - expected) / expected).sum(axis=(1, 2)) >= seen - 1e-9
    return float((1 + far.sum()) / (1 + DRAWS))
