"""Which counts of a comparison by group may be told, so that none that is held back can be worked out from the others. Pure.

For each question the answers are counted by phase, by type, by trust and so on: several tables over the same schools. Who is in which
group is public, and who answered may be known; what each answered is not. So whoever reads all tables of a question together, subtracts
rows from totals and one table from another, must not arrive at a count that is held back, nor at what one school said:

1. groups of fewer than ten who answered are put together with one another, and with the next larger where that is needed;
2. a count under five is held back, in every table, unless the total itself tells it (nobody at all chose it; everybody said the same);
3. further counts are held back (complementary suppression) until each count that is held back, and each school, is in doubt for anyone
   who knows what one school answered, such as that school itself: see `holding_back.py`, which keeps the proof.

What it cannot withstand: several schools that lay side by side what they know. Totals over all who answered are told from five answers
on; under that nothing is. Counts of one question say nothing of another's, since no table crosses two questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from convenor.consultation.rules.holding_back import Cells
from convenor.consultation.rules.tally import LEAST

#: A group of fewer who answered is put together with others: at most one of its counts could be told.
GROUP_AT_LEAST: Final = 2 * LEAST
#: What groups that were put together are called.
REST: Final = "smaller groups together"


@dataclass(frozen=True, slots=True)
class Row:
    """One group: how many of it answered, and how many chose each option, None where that is held back. `names` were put together in it."""

    group: str
    answered: int
    counts: tuple[int | None, ...]
    names: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        """Whether any count of it is told."""
        return any(each is not None for each in self.counts)


@dataclass(frozen=True, slots=True)
class Table:
    """One question by one grouping. `same`: all who answered said the same, so the total says it of each group, and no rows are told."""

    grouping: str
    rows: tuple[Row, ...]
    same: bool = False

    @property
    def told(self) -> tuple[Row, ...]:
        """The groups of which something is told."""
        return tuple(each for each in self.rows if each.told)


def put_together(labels: Sequence[str]) -> dict[str, str]:
    """Under which name each group is told: its own, or REST where it is too small. All under REST where no two could be told."""
    sizes = Counter(labels)
    from_largest = sorted(sizes, key=lambda group: (-sizes[group], group))
    own = [group for group in from_largest if sizes[group] >= GROUP_AT_LEAST]
    rest = len(labels) - sum(sizes[group] for group in own)
    while own and 0 < rest < GROUP_AT_LEAST:
        rest += sizes[own.pop()]
    return {group: group if group in own else REST for group in sizes}


def tables(answers: Sequence[int], groupings: Mapping[str, Sequence[str]], *, options: int) -> tuple[Table, ...]:
    """One question by every grouping, with what may be told.

    `answers` has the option (from 0) of each school that answered, `groupings` the group of each, in the same order. Under LEAST answers
    there are no tables, nor for a grouping of which no two groups are large enough. Raises ValueError for a grouping that is not as long
    as the answers.
    """
    told_as: dict[str, list[str]] = {}
    names: dict[str, dict[str, str]] = {}
    for name, labels in groupings.items():
        if len(labels) != len(answers):
            raise ValueError(f"{name}: {len(labels)} groups for {len(answers)} answers")
        together = put_together(labels)
        if len(set(together.values())) > 1:
            names[name], told_as[name] = together, [together[label] for label in labels]
    if len(answers) < LEAST or not told_as:
        return ()
    chosen = np.asarray(answers, dtype=np.int64)
    if len(np.unique(chosen)) == 1:
        return tuple(Table(name, (), same=True) for name in told_as)
    groups = {name: sorted(set(labels), key=lambda group: (group == REST, group)) for name, labels in told_as.items()}
    codes = np.array([[groups[name].index(label) for label in labels] for name, labels in told_as.items()], dtype=np.int64).T
    cells = Cells(codes, chosen, options)
    cells.protect()
    return tuple(
        Table(
            name,
            tuple(
                Row(
                    group,
                    labels.count(group),
                    cells.told(place, code),
                    tuple(sorted(each for each, under in names[name].items() if under == group == REST)),
                )
                for code, group in enumerate(groups[name])
            ),
        )
        for place, (name, labels) in enumerate(told_as.items())
    )
