"""What a measure is, and the shapes that several of them share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """What a value counts in. The value is what stands behind the number on a page."""

    PERCENT = "%"
    PUPILS = "pupils"
    SCALED_SCORE = "scaled score"
    PROGRESS = "progress points"
    POINTS = "points"
    GRADES = "grades"


class Direction(StrEnum):
    """Which way is better for pupils. Make-up of a school has no better way, and is never drawn as if it had."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    CONTEXT = "neither is better"


class Interval(StrEnum):
    """Where the 95 % interval of a value comes from."""

    PUBLISHED = "published"
    WORKED_OUT = "worked out from the share and its cohort (Wilson)"
    NONE = "none"


PRIMARY: Final = ("Primary", "All-through", "Special")
SECONDARY: Final = ("Secondary", "All-through", "Special", "PRU")
ALL: Final = ("Nursery", "Primary", "Secondary", "All-through", "Special", "PRU", "16 plus")
SCHOOL_AGE: Final = ("Primary", "Secondary", "All-through", "Special", "PRU")

KS2: Final = "Department for Education, key stage 2 performance tables"
KS4: Final = "Department for Education, key stage 4 performance tables"
DESTINATIONS: Final = "Department for Education, key stage 4 destinations"
CENSUS: Final = "Department for Education, school census"
ABSENCE: Final = "Department for Education, pupil absence in schools"


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of figure. `columns` are the publisher's names, best-known first; `families` the readers that may take it.

    `low` and `high` name the columns of a published interval; `cohort_columns` those that hold the number of pupils the figure is about,
    in order of trust. A value outside `least` to `most` is impossible and its row is refused. A cohort under `small_cohort` is shown with a
    warning that one pupil weighs much; nothing is hidden by us that the publisher shows.
    """

    key: str
    name: str
    unit: Unit
    direction: Direction
    phases: tuple[str, ...]
    source: str
    says: str
    columns: tuple[str, ...]
    families: tuple[str, ...]
    cohort_columns: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    decimals: int = 0
    least: float = 0.0
    most: float = 100.0
    small_cohort: int = 30
    note: str = ""

    @property
    def column(self) -> str:
        """The publisher's best-known name of it, as in PTRWM_EXP."""
        return self.columns[0]

    @property
    def phase(self) -> str:
        """The one phase it is about, or "all"."""
        return {PRIMARY: "primary", SECONDARY: "secondary"}.get(self.phases, "all")

    @property
    def is_share(self) -> bool:
        """Whether it is a share of pupils."""
        return self.unit is Unit.PERCENT

    @property
    def interval(self) -> Interval:
        """Where its interval comes from.

        Absence is a share of sessions, not of pupils, so none may be worked out for it. Who is on roll is counted: chance has no part in
        that, so the make-up of a school has none either.
        """
        if self.low:
            return Interval.PUBLISHED
        sampled = self.is_share and self.cohort_columns and self.direction is not Direction.CONTEXT
        return Interval.WORKED_OUT if sampled else Interval.NONE


#: Whom the Department counts as disadvantaged, in words.
DISADVANTAGED: Final = "disadvantaged pupils (eligible for free school meals in the last six years, or looked after, or adopted from care)"


def make_up(
    key: str,
    name: str,
    says: str,
    *columns: str,
    source: str = CENSUS,
    families: tuple[str, ...] = ("census",),
    cohort: tuple[str, ...] = ("NOR",),
    phases: tuple[str, ...] = ALL,
    decimals: int = 1,
    note: str = "",
) -> Measure:
    return Measure(
        key, name, Unit.PERCENT, Direction.CONTEXT, phases, source, says, columns, families, cohort, decimals=decimals, note=note
    )


def count(key: str, name: str, says: str, *columns: str, source: str, families: tuple[str, ...], phases: tuple[str, ...]) -> Measure:
    return Measure(key, name, Unit.PUPILS, Direction.CONTEXT, phases, source, says, columns, families, most=20_000)
