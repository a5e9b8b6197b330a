"""How far a figure moves from one year to another by chance alone, so that nobody takes a small cohort's swing for a change.

Two years are two groups of children. Had the school taught both equally well, their figures would still differ. A change is therefore
shown beside its *chance movement*: the half-width of the 95 % interval of the difference between two years of which nothing changed. A
change inside it is what chance does; one beyond it happens by chance in about one of twenty comparisons, so that among many schools
and figures some always lie beyond it.

Shares of pupils: the binomial spread of both cohorts about their common share, with two pupils more on either side (Agresti and Coull,
"Approximate is better than exact", The American Statistician 52, 1998), so that it never vanishes at 0 or 100. Means: from the published
95 % intervals where both years have one; else the normal spread from the cohorts and the spread between single pupils (SPREADS).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from convenor.registers.rules.intervals import Z_95

#: A cohort under this is not spoken of at all.
HIDDEN_UNDER: Final = 6

#: The spread (standard deviation) of single pupils about their school's average, by measure of the registers, in its unit.
#: Progress: behind the Department's own published intervals of 2016/17 to 2018/19 (half-width × square root of the cohort ÷ 1.96; the
#: median of the schools). The other means have no published interval; their spreads come from how the published averages of some 14,000
#: primary schools (4,100 secondary) moved between 2015/16, 2016/17 and 2017/18, by size of cohort. That is a little more than between
#: pupils alone: what one class shares is in it, as it is in the change of a school.
SPREADS: Final[dict[str, float]] = {
    "ks2_reading_average": 8.8,
    "ks2_maths_average": 7.9,
    "ks2_gps_average": 7.8,
    "ks2_reading_progress": 6.3,
    "ks2_writing_progress": 5.9,
    "ks2_maths_progress": 5.6,
    "ks4_attainment8": 25.0,
    "ks4_attainment8_disadvantaged": 25.0,
    "ks4_attainment8_others": 25.0,
    "ks4_progress8": 1.27,
    "ks4_progress8_disadvantaged": 1.27,
    "ks4_progress8_others": 1.27,
}


class Verdict(StrEnum):
    """What can be said of a change."""

    WITHIN = "within what chance does"
    BEYOND = "beyond what chance usually does"
    UNTOLD = "how far chance moves it cannot be told"
    TOO_FEW = "too few pupils to compare"


@dataclass(frozen=True, slots=True)
class YearFigure:
    """One year's figure in its unit, with its cohort and the published ends of its 95 % interval, where there are any."""

    period: str
    value: float
    cohort: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """From one year to another. `difference` is now less before; `chance` the movement that chance alone makes (±), None where untold."""

    before: YearFigure
    now: YearFigure
    unit: str
    difference: float
    chance: float | None
    verdict: Verdict


def chance_movement(before: YearFigure, now: YearFigure, *, measure: str, share_of_pupils: bool) -> float | None:
    """How far (±, in the measure's unit) chance alone moves a figure between two years, in 95 of 100 cases; None where it cannot be told.

    `share_of_pupils` is true for a percentage of a counted cohort; a share of sessions, such as absence, is none. Raises ValueError for a
    share outside 0 to 100 and for a cohort under 1.
    """
    if share_of_pupils:
        if before.cohort is None or now.cohort is None:
            return None
        return _of_shares(before.value, before.cohort, now.value, now.cohort)
    errors = [_standard_error(each, SPREADS.get(measure)) for each in (before, now)]
    if errors[0] is None or errors[1] is None:
        return None
    return Z_95 * math.hypot(errors[0], errors[1])


def _of_shares(first: float, first_cohort: int, second: float, second_cohort: int) -> float:
    if not (0 <= first <= 100 and 0 <= second <= 100):
        raise ValueError("a share lies between 0 and 100")
    if min(first_cohort, second_cohort) < 1:
        raise ValueError("a share of nobody moves nowhere")
    pupils = first_cohort + second_cohort
    common = ((first * first_cohort + second * second_cohort) / 100 + 2) / (pupils + 4)
    return 100 * Z_95 * math.sqrt(common * (1 - common) * (1 / first_cohort + 1 / second_cohort))


def _standard_error(figure: YearFigure, spread: float | None) -> float | None:
    if figure.low is not None and figure.high is not None:
        return (figure.high - figure.low) / (2 * Z_95)
    if spread is None or figure.cohort is None:
        return None
    if figure.cohort < 1:
        raise ValueError("a mean of nobody moves nowhere")
    return spread / math.sqrt(figure.cohort)


def change(before: YearFigure, now: YearFigure, *, measure: str, unit: str, share_of_pupils: bool) -> Change:
    """What lies between two years, beside what chance alone does. Of a cohort under six nothing is said but that."""
    difference = now.value - before.value
    if any(each.cohort is not None and each.cohort < HIDDEN_UNDER for each in (before, now)):
        return Change(before, now, unit, difference, None, Verdict.TOO_FEW)
    chance = chance_movement(before, now, measure=measure, share_of_pupils=share_of_pupils)
    if chance is None:
        return Change(before, now, unit, difference, None, Verdict.UNTOLD)
    return Change(before, now, unit, difference, chance, Verdict.BEYOND if abs(difference) > chance else Verdict.WITHIN)


def change_words(found: Change, *, decimals: int = 0) -> str:
    """A change in one sentence without a full stop.

    >>> before, now = YearFigure("2017-18", 70.0, 12), YearFigure("2018-19", 60.0, 14)
    >>> change_words(change(before, now, measure="ks2_rwm_expected", unit="%", share_of_pupils=True))
    '10 points lower than in 2017/18: within what chance does with 12 and 14 pupils (37 points either way)'
    """
    if found.verdict is Verdict.TOO_FEW:
        return "too few pupils in one of the two years to compare them"
    size = round(abs(found.difference), decimals)
    year = found.before.period.replace("-", "/")
    if size == 0:
        moved = f"the same as in {year}"
    else:
        moved = f"{_amount(size, found.unit, decimals)} {'higher' if found.difference > 0 else 'lower'} than in {year}"
    if found.chance is None:
        return f"{moved}: {found.verdict.value}"
    cohorts = [each.cohort for each in (found.before, found.now) if each.cohort is not None]
    pupils = f" with {cohorts[0]} and {cohorts[1]} pupils" if len(cohorts) == 2 else ""
    return f"{moved}: {found.verdict.value}{pupils} ({_amount(round(found.chance, decimals), found.unit, decimals)} either way)"


def _amount(size: float, unit: str, decimals: int) -> str:
    word = {"%": "points", "scaled score": "scaled score points"}.get(unit, unit)
    if size == 1 and word.endswith("s"):
        word = word[:-1]
    return f"{size:.{decimals}f} {word}"
