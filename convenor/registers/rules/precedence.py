"""Which of several editions is believed when they give the same figure of the same year. Said here and nowhere else.

1. An edition that says something (a value, or why there is none) before one that only lost the mark or left a blank.
2. The school's own figure before a predecessor's, in a year that has both.
3. The publisher's own final figures before a third party's copy of them, and both before provisional figures, which schools had not yet
   checked.
4. The edition of the later day, then the one loaded later.

A figure is taken whole: its cohort, interval and mark come from the edition that won, never from another.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import Final

from convenor.england.marks import Mark


class Standing(IntEnum):
    """How near an edition is to the publisher's last word."""

    PROVISIONAL = 1
    COPY = 2
    ORIGINAL = 3


#: Families that are not the publisher's own final figures.
STANDINGS: Final[dict[str, Standing]] = {
    "ks2-final-extract": Standing.COPY,
    "ks4-final-extract": Standing.COPY,
    "ks4-join": Standing.COPY,
    "ks2-names": Standing.COPY,
    "ks4-names": Standing.COPY,
    "school-fsm": Standing.COPY,
    "ks4-provisional": Standing.PROVISIONAL,
}
#: Marks that say nothing of why there is no figure.
SILENT: Final = frozenset({Mark.BLANK.value, Mark.UNKNOWN.value})

Rank = tuple[bool, int, int, date, int]


def standing_of(family: str) -> Standing:
    """How near a family of editions is to the publisher's last word; the publisher's own unless it is known to be otherwise."""
    return STANDINGS.get(family, Standing.ORIGINAL)


def rank(*, mark: str, place: int, family: str, as_at: date, edition_id: int) -> Rank:
    """How much a figure is to be believed among others of the same measure and year: the greatest wins.

    `place` is 0 for the school itself, 1 for its nearest predecessor, and so on.
    """
    return mark not in SILENT, -place, standing_of(family).value, as_at, edition_id
