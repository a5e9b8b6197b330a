"""Good but long ago: good or outstanding in an inspection of years ago, and now below England in both attainment and progress.

It is the pattern that headteachers of one county saw for themselves: good schools, long uninspected, whose results had quietly fallen. It
is a reason to talk, and nothing else: results swing, and an ungraded visit may have come since.

Primary: the expected standard in reading, writing and maths; progress in reading, writing and maths, where published. Secondary: Attainment
8 and Progress 8. A figure is below England only where its whole 95 % interval is; where no interval can be told, the figure alone decides
and that is said. Both must be of the same year, and not older than the inspection. What cannot be told is listed apart with the reason, and
is never taken for good news.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from convenor.england.inspections import is_good_or_outstanding
from convenor.england.school_years import SchoolYear
from convenor.intelligence.rules.volatility import SPREADS
from convenor.registers.rules.intervals import Z_95, wilson

#: How many years ago "long ago" begins, unless asked otherwise; and what may be asked.
YEARS: Final = 5
YEARS_TO_CHOOSE: Final = (3, 4, 5, 6, 7, 8, 10)
#: A cohort under this is not spoken of.
HIDDEN_UNDER: Final = 6

#: Attainment and progress by phase, as measures of the registers. All-through schools are looked at by both.
PATTERN: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "Primary": ("ks2_rwm_expected", ("ks2_reading_progress", "ks2_writing_progress", "ks2_maths_progress")),
    "Secondary": ("ks4_attainment8", ("ks4_progress8",)),
}
#: Progress is measured against England, whose average is nought by the way it is worked out.
ENGLAND_IS_NOUGHT: Final = frozenset(key for _, keys in PATTERN.values() for key in keys)


class Side(StrEnum):
    """Where a figure lies against England's."""

    BELOW = "below England"
    WITHIN = "below England, within what chance does"
    NOT_BELOW = "not below England"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one year, with its cohort and published interval where there are any, and England's figure of the same year.

    `value` is None where it was withheld; `mark_says` then tells why.
    """

    measure: str
    period: str
    value: float | None
    england: float | None
    cohort: int | None = None
    low: float | None = None
    high: float | None = None
    mark_says: str = ""
    edition: str = ""
    england_edition: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A figure held against England's. `told_by_interval` is False where no interval could be told and the figure alone decided."""

    figure: Figure
    low: float | None
    high: float | None
    side: Side
    told_by_interval: bool


@dataclass(frozen=True, slots=True)
class LastGraded:
    """A school's newest graded inspection: its day, and its overall grade ("1" to "4", "" where that vocabulary has none)."""

    on: date
    overall: str


@dataclass(frozen=True, slots=True)
class Fits:
    """A school that fits the pattern, with the figures that say so."""

    graded: LastGraded
    years: int
    attainment: Held
    progress: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class CannotTell:
    """A school good or outstanding long ago of which the rest cannot be told, with the reason."""

    graded: LastGraded
    years: int
    reason: str


@dataclass(frozen=True, slots=True)
class FitsNot:
    """A school that does not fit, with what decided."""

    reason: str


def full_years(since: date, until: date) -> int:
    """Whole years between two days."""
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def look(
    *, graded: LastGraded | None, attainment: Figure | None, progress: Sequence[Figure], on: date, years: int = YEARS, period: str = ""
) -> Fits | CannotTell | FitsNot:
    """Whether a school fits the pattern on a day. `attainment` and `progress` are its figures of the year looked at (`period`).

    Progress in a primary school is below England where at least one of the subjects' intervals lies wholly below, and the average of the
    published subjects is below nought. Raises ValueError for years under 1.
    """
    if years < 1:
        raise ValueError("long ago begins at one year")
    if graded is None:
        return FitsNot("no graded inspection is known")
    since = full_years(graded.on, on)
    if not is_good_or_outstanding(graded.overall):
        return FitsNot("its last graded inspection gave no overall grade of good or outstanding")
    if since < years:
        return FitsNot("its last graded inspection was less long ago")
    if period and SchoolYear(int(period[:4])).ends_on < graded.on:
        return CannotTell(graded, since, f"the results of {period.replace('-', '/')} are older than that inspection")
    held = [held_against(each) for each in progress]
    first = held_against(attainment) if attainment is not None else _unknown(period)
    told = [each for each in held if isinstance(each, Held)]
    if isinstance(first, Held) and first.side is Side.NOT_BELOW:
        return FitsNot("its attainment is not below England")
    if told and not _progress_below(told):
        return FitsNot("its progress is not below England, or only within what chance does")
    if isinstance(first, Held) and first.side is Side.WITHIN:
        return FitsNot("its attainment is below England only within what chance does")
    if not isinstance(first, Held):
        return CannotTell(graded, since, f"attainment: {first}")
    if not told:
        reasons = dict.fromkeys(str(each) for each in held) or {_unknown(period): None}
        return CannotTell(graded, since, f"progress: {'; '.join(reasons)}")
    return Fits(graded, since, first, tuple(told))


def _unknown(period: str) -> str:
    return f"not published for {period.replace('-', '/')}" if period else "not published"


def _progress_below(told: Sequence[Held]) -> bool:
    gaps = [(each.figure.value or 0.0) - (each.figure.england or 0.0) for each in told]
    return any(each.side is Side.BELOW for each in told) and sum(gaps) / len(gaps) < 0


def held_against(figure: Figure) -> Held | str:
    """A figure beside England's; or, in words, why that cannot be told."""
    if figure.value is None:
        return figure.mark_says or _unknown(figure.period)
    if figure.cohort is not None and figure.cohort < HIDDEN_UNDER:
        return f"{figure.cohort} pupils: too few"
    if figure.england is None:
        return f"no national figure for {figure.period.replace('-', '/')} is loaded"
    low, high = _interval(figure)
    above = figure.value >= figure.england
    side = Side.NOT_BELOW if above else Side.BELOW if high is None or high < figure.england else Side.WITHIN
    return Held(figure, low, high, side, high is not None)


def _interval(figure: Figure) -> tuple[float | None, float | None]:
    """The published interval; else the one worked out from the cohort, by Wilson for a share, by the spread of pupils for a mean."""
    if figure.low is not None and figure.high is not None:
        return figure.low, figure.high
    if figure.value is None or not figure.cohort:
        return None, None
    if figure.measure in SHARES:
        return wilson(figure.value, figure.cohort)
    spread = SPREADS.get(figure.measure)
    if spread is None:
        return None, None
    half = Z_95 * spread / math.sqrt(figure.cohort)
    return figure.value - half, figure.value + half


#: Those of the pattern that are shares of pupils, whose interval can be worked out.
SHARES: Final = frozenset({"ks2_rwm_expected"})


def phases_looked_at(phase: str) -> tuple[str, ...]:
    """By which patterns a school of a phase is looked at: an all-through school by both, others by their own, most special ones by none."""
    return tuple(PATTERN) if phase == "All-through" else (phase,) if phase in PATTERN else ()


def newest_common_period(periods: Mapping[str, Sequence[str]], phase: str) -> str:
    """The newest school year of which both attainment and any progress measure are known in the pattern of a phase; "" for none.

    `periods` gives the years that are known of each measure.
    """
    attainment, progress = PATTERN[phase]
    both = set(periods.get(attainment, ())) & {one for key in progress for one in periods.get(key, ())}
    return max(both, default="")
