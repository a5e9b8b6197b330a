"""What several diamonds say together, in whole and by role: one working-out for the shell and for the pages.

Ranks are mid-ranks: 1 is the top of the diamond (a strength), 9 the bottom (most improvement needed), 5 the middle. One entry is one vote:
how many people made it is shown and never weighs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from convenor.conditions.rules.concordance import kendall_w, p_value, point_95_percent
from convenor.conditions.rules.consensus import consensus_of
from convenor.conditions.rules.diamonds import DOUBLED, Rows, boards
from convenor.conditions.rules.entries import Entries, Entry

#: As many optimal diamonds are listed; all are counted.
LISTED: Final = 2_000


@dataclass(frozen=True)
class Together:
    """What some entries say together. Figures by card are in the order of the cards.

    `spreads` are standard deviations of a card's ranks over the entries (0: all have it in the same row). `consensus` lists optimal
    diamonds (the rows of each card) up to LISTED, those with the earlier cards in the higher rows first; `consensus_count` counts them all.
    `p` and `w_95_percent_point` are None for one entry.
    """

    entries: int
    mean_ranks: tuple[float, ...]
    spreads: tuple[float, ...]
    top_three_percents: tuple[float, ...]
    bottom_three_percents: tuple[float, ...]
    w: float
    p: float | None
    w_95_percent_point: float | None
    consensus: tuple[tuple[int, ...], ...]
    consensus_count: int
    total_distance: int
    agreement: tuple[float, ...]

    @property
    def agree_more_than_chance(self) -> bool:
        """Whether so much agreement comes by chance in at most one case of twenty; never of one entry."""
        return self.p is not None and self.p <= 0.05


@dataclass(frozen=True)
class Results:
    """What all entries say together, and those of each role by its name; an entry without a role counts in the whole only."""

    items: tuple[str, ...]
    entries: tuple[Entry, ...]
    whole: Together
    roles: dict[str, Together]


def together(rows: Rows) -> Together:
    """What these diamonds say together; at least one."""
    ranks = DOUBLED[rows] / 2
    consensus = consensus_of(rows)
    return Together(
        entries=len(rows),
        mean_ranks=_told(ranks.mean(axis=0)),
        spreads=_told(ranks.std(axis=0)),
        top_three_percents=_told(100 * (rows <= 2).mean(axis=0)),
        bottom_three_percents=_told(100 * (rows >= 4).mean(axis=0)),
        w=kendall_w(rows),
        p=p_value(rows),
        w_95_percent_point=point_95_percent(len(rows)),
        consensus=tuple(tuple(each) for each in consensus.optimal[:LISTED].tolist()),
        consensus_count=consensus.count,
        total_distance=consensus.total_distance,
        agreement=_told(consensus.agreement),
    )


def results(read: Entries) -> Results:
    """What the entries say, in whole and by role, the roles in the order of their names."""
    roles = sorted({entry.role for entry in read.entries} - {""})
    return Results(
        read.items,
        read.entries,
        together(_board(read.entries)),
        {role: together(_board(entry for entry in read.entries if entry.role == role)) for role in roles},
    )


def _board(entries: Iterable[Entry]) -> Rows:
    return boards([entry.rows for entry in entries])


def _told(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def board_of(items: Sequence[str], rows: Sequence[int]) -> list[list[str]]:
    """A diamond as its five rows of cards, the top row first."""
    return [[item for item, at in zip(items, rows, strict=True) if at == row] for row in range(1, 6)]


def shape(found: Results) -> dict[str, Any]:
    """The shape that other programs rely on; more keys may be added."""
    return _shape(found.items, found.entries, found.whole) | {
        "items": list(found.items),
        "roles": {
            role: _shape(found.items, [entry for entry in found.entries if entry.role == role], each) for role, each in found.roles.items()
        },
    }


def _shape(items: Sequence[str], entries: Sequence[Entry], found: Together) -> dict[str, Any]:
    """One part of the shape, of these entries."""
    names = [entry.name for entry in entries]
    return {
        "entries": found.entries,
        "people": sum(entry.group_size for entry in entries),
        "group_size": {entry.name: entry.group_size for entry in entries},
        "mean_rank": dict(zip(items, found.mean_ranks, strict=True)),
        "spread": dict(zip(items, found.spreads, strict=True)),
        "kendall_w": found.w,
        "p_value": found.p,
        "w_95_percent_point": found.w_95_percent_point,
        "consensus": [board_of(items, rows) for rows in found.consensus],
        "consensus_count": found.consensus_count,
        "total_distance": found.total_distance,
        "agreement": dict(zip(names, found.agreement, strict=True)),
        "top_three_percent": dict(zip(items, found.top_three_percents, strict=True)),
        "bottom_three_percent": dict(zip(items, found.bottom_three_percents, strict=True)),
    }
