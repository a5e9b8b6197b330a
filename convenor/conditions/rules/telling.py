"""What may be told of a room without telling of a person.

An entry is *personal* where one person made it, and a *table's* where a pair or a table did, in the open. Of personal entries nothing is
told together below five, of tables' below two; a mixed group is told where its personal entries alone are none or five and more, since
what tables placed stands on the table for anybody to take away again.

Leaving a small group out is not enough. It could be had back by subtraction: the whole less the groups that are shown, or, across two
groupings, heads less primaries where all primaries but one are heads. So a further group is left out with it (complementary suppression),
and a grouping is added only where no sum over too few entries can be put together from everything shown, by any weights whatever. That is
asked as a question about a code: the sums that can be had are those of the span of the shown groups; what must not be there is a word of
it with fewer than five personal entries. A word with at most four has, of five sets of columns that each fix it wholly and share none, at
least one in which it is nought; so where five such sets are found there is no such word, and with fewer only a few words are left to try
(the information sets of coding theory: <https://en.wikipedia.org/wiki/Linear_code>). What cannot be settled so is not shown.

Sums of whatever is worked out of each entry are covered: means, shares, squares, and how many there are. Not covered: watching a wall while
single entries come in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Of fewer personal entries nothing is told together.
LEAST_PERSONAL: Final = 5
#: Of fewer tables' entries, where no personal one is among them, nothing is told together.
LEAST_TABLES: Final = 2
#: Sums are looked at modulo this prime: a way to put few together that holds exactly holds modulo it too.
_PRIME: Final = 2_147_483_629

Matrix = NDArray[np.int64]


def may_tell(*, personal: int, tables: int) -> bool:
    """Whether so many personal entries and so many of tables may be told together."""
    return personal >= LEAST_PERSONAL or (personal == 0 and tables >= LEAST_TABLES)


def counting(personal: Sequence[bool]) -> tuple[int, ...]:
    """The places of the entries that count in the whole: all; without the personal ones while those are fewer than five; or none yet."""
    alone = sum(personal)
    tables = len(personal) - alone
    if may_tell(personal=alone, tables=tables):
        return tuple(range(len(personal)))
    if may_tell(personal=0, tables=tables):
        return tuple(place for place, one in enumerate(personal) if not one)
    return ()


def told_groups(
    personal: Sequence[bool], groupings: Mapping[str, Sequence[str]], *, alone: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """For each grouping the group of each entry as it may be told, "" where it may not; a grouping that may not be told at all is absent.

    `groupings` has the group of each entry, "" where nobody said. The first has the first claim: a later one is told as far as those
    before it allow. A grouping needs two groups, those named in `alone` one. The whole is taken to be told. Raises ValueError for labels
    of another length.
    """
    shown: list[tuple[bool, ...]] = [(True,) * len(personal)]
    found: dict[str, tuple[str, ...]] = {}
    for name, labels in groupings.items():
        if len(labels) != len(personal):
            raise ValueError(f"{name}: {len(labels)} labels for {len(personal)} entries")
        sizes = Counter(label for label in labels if label)
        # The smallest are left out first; of two as large, the one whose name comes later.
        kept = [each for each in sorted(sizes, key=lambda label: (-sizes[label], label)) if _size_may(personal, labels, each)]
        least = 1 if name in alone else 2
        while len(kept) >= least:
            masks = [tuple(label == each for label in labels) for each in kept]
            if not recoverable(personal, [*shown, *masks]):
                found[name] = tuple(label if label in kept else "" for label in labels)
                shown += masks
                break
            kept.pop()
    return found


def _size_may(personal: Sequence[bool], labels: Sequence[str], group: str) -> bool:
    own = [one for one, label in zip(personal, labels, strict=True) if label == group]
    return may_tell(personal=sum(own), tables=len(own) - sum(own))


def recoverable(personal: Sequence[bool], shown: Sequence[Sequence[bool]]) -> bool:
    """Whether a sum over too few could be put together from the sums over these sets of entries; True too where that cannot be excluded.

    Too few: one to four personal entries, whatever tables stand beside them; or one table alone.
    """
    alone = np.array(personal, dtype=bool)
    sums = np.array(shown, dtype=np.int64).reshape(len(shown), len(personal))
    reduced, _ = _reduced(sums, np.arange(len(personal)))
    if any(not alone[np.flatnonzero(word)].any() and np.count_nonzero(word) < LEAST_TABLES for word in reduced):
        return True
    return bool(alone.any()) and _has_light_word(sums[:, alone])


def _reduced(sums: Matrix, columns: NDArray[np.int64]) -> tuple[Matrix, list[int]]:
    """The span of the rows as its reduced rows, with the columns that fix it, looked for in this order."""
    rows, pivots, place = sums % _PRIME, [], 0
    for column in columns.tolist():
        below = np.flatnonzero(rows[place:, column])
        if not len(below):
            continue
        first = place + int(below[0])
        rows[[place, first]] = rows[[first, place]]
        rows[place] = rows[place] * pow(int(rows[place, column]), -1, _PRIME) % _PRIME
        factors = rows[:, column].copy()
        factors[place] = 0
        rows = (rows - factors[:, None] * rows[place][None, :] % _PRIME) % _PRIME
        pivots.append(column)
        place += 1
        if place == len(rows):
            break
    return rows[:place], pivots


def _has_light_word(sums: Matrix) -> bool:
    """Whether the span holds a word of one to four entries, or that cannot be excluded."""
    kinds, many = np.unique(sums, axis=1, return_counts=True)
    left, rank, forms = many.copy(), None, []
    while True:
        order = np.argsort(-left, kind="stable")
        reduced, pivots = _reduced(kinds, order[left[order] > 0])
        rank = len(pivots) if rank is None else rank
        if len(pivots) < rank or not rank:
            break
        forms.append(reduced)
        left[pivots] -= 1
        if len(forms) == LEAST_PERSONAL:
            return False
    if not rank:
        return False
    reach = (LEAST_PERSONAL - 1) // len(forms)
    return reach > 2 or any(_light(form, many, reach) for form in forms)


def _light(form: Matrix, many: Matrix, reach: int) -> bool:
    """Whether a word made of at most `reach` (1 or 2) of these rows is of fewer than five entries; `many` stand behind each column."""
    if any(int(many[word != 0].sum()) < LEAST_PERSONAL for word in form):
        return True
    return reach == 2 and any(_lightest(one, other, many) < LEAST_PERSONAL for one, other in combinations(form, 2))


def _lightest(one: Matrix, other: Matrix, many: Matrix) -> int:
    """The fewest entries in any word made of both: all in which either is not nought, less those that one weighing cancels."""
    both = np.flatnonzero((one != 0) & (other != 0))
    cancelled: Counter[int] = Counter()
    for column in both.tolist():
        cancelled[int(one[column]) * pow(int(other[column]), -1, _PRIME) % _PRIME] += int(many[column])
    return int(many[(one != 0) | (other != 0)].sum()) - max(cancelled.values(), default=0)
