"""A small England for tests of rules: a phase of look-alike schools, and one more at the end whose figures a test may set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from convenor.england.marks import Mark
from convenor.england.school_years import SchoolYear
from convenor.intelligence.rules.population import Population
from convenor.registers.rules.columns import MARKS, TOLD, Column, empty

#: How many of England's schools there are; the school of the test comes after them.
MANY = 120
OURS = MANY
SIMILAR = 50
Figures = Mapping[tuple[str, str], Column]


def column(
    england: float | None, ours: float | None = None, *, cohort: float | None = 60, our_cohort: float | None = None, spread: float = 0.0,
    mark: Mark | None = None, low: float | None = None, high: float | None = None, edition: int = 7, of: int = MANY,
) -> Column:  # fmt: skip
    """A measure of one year: the same figure for the first `of` of England's schools (or spread evenly about it), and our school's own."""
    found = empty(MANY + 1)
    if england is not None:
        found.value[:of] = england + np.linspace(-spread, spread, MANY)[:of]
        found.cohort[:of] = np.nan if cohort is None else cohort
        found.mark[:of], found.edition[:of] = TOLD, edition
    if ours is not None:
        found.value[OURS], found.mark[OURS], found.edition[OURS] = ours, TOLD, edition
        size = our_cohort if our_cohort is not None else cohort
        found.cohort[OURS] = np.nan if size is None else size
        found.low[OURS] = np.nan if low is None else low
        found.high[OURS] = np.nan if high is None else high
    elif mark is not None:
        found.mark[OURS], found.edition[OURS] = MARKS.index(mark.value), edition
    return found


def england(figures: Figures, *, phase: str = "Primary", fictitious: bool = False, year: int = 2023) -> Population:
    """England with these figures. Our school is like the first fifty; `fictitious` leaves it out of England's schools."""
    similar = np.tile(np.arange(SIMILAR, dtype=np.int32), (MANY + 1, 1))
    counts = np.ones(MANY + 1, dtype=bool)
    counts[OURS] = not fictitious
    return Population(
        urns=[f"{100000 + number}" for number in range(MANY + 1)], phases=np.array([phase] * (MANY + 1)), counts=counts, similar=similar,
        columns=dict(figures), year_groups=np.full(MANY + 1, 7.0), year=SchoolYear(year),
    )  # fmt: skip


def without_similar(everyone: Population) -> Population:
    """The same, where our school has no similar schools."""
    similar = everyone.similar.copy()
    similar[OURS] = -1
    return replace(everyone, similar=similar)
