"""The sums of a review of effect: one school beside its comparators, before and after. Each can be done by hand.

Before and after are means over the years before and after. Of one school and J comparators:

* *gap before*: the school's mean before, less the comparators'.
* *r*: the share of a gap that lasts. It is the slope of after on before among the comparators (least squares): schools that stood apart
  before stand r times as far apart after, with nobody's support. Where both spread alike it is the correlation of the two.
* *expected without support*: the comparators' mean after, plus r times the gap. This is what regression to the mean alone would give.
* *difference in differences*: the school's mean after, less what was expected: the plain difference in differences with regression to the
  mean taken out. The plain one (change of the school less change of the comparators) counts recovery from a bad year as effect.
* *interval*: that difference, plus and minus Student's t (J - 2 degrees) times its standard error: the spread of the comparators, each
  about the line of all the others as the school itself is, for one school more, further from the comparators' mean the wider. Fewer pupils
  than the comparators have make it wider, more pupils narrower: the part of the spread that single pupils make (known from their number)
  is set to the school's own number.
* *placebo rank*: each comparator is taken in turn as if it had been supported, and held against all the others in the same way; the
  differences, each in its own standard error, are ranked by size. p is the rank over J + 1 and so never below 1 / (J + 1).

A selection of schools because they were low before is thereby allowed for; `bench/effect.py` shows how well on real series. Source:
regression prediction intervals, as in any textbook, with the spread of left-out predictions (PRESS: Allen, Technometrics
16, 1974); placebo ranks after Abadie, Diamond and Hainmueller (Journal of the American
Statistical Association 105, 2010); regression to the mean as in the field notes, H5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Fewer comparators than this have no line to speak of.
FEWEST_FOR_SUMS = 5
#: Differences of sizes that differ by less than this share a rank.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Sums:
    """What came of one school and its comparators, in the outcome's unit. `widened`: the spread of this school's difference beside that of
    a comparator of middling size, as a ratio of variances; 1 where pupils are not counted."""

    comparators: int
    before: float
    after: float
    comparators_before: float
    comparators_after: float
    gap_before: float
    r: float
    expected: float
    difference: float
    low: float
    high: float
    plain_difference: float
    rank: int
    p: float
    standard_error: float
    widened: float

    @property
    def change(self) -> float:
        """The naive figure: the school's mean after less its mean before."""
        return self.after - self.before

    @property
    def comparators_change(self) -> float:
        """The comparators' change in the same years."""
        return self.comparators_after - self.comparators_before

    @property
    def by_itself(self) -> float:
        """How far the school was expected to move against its comparators without anybody's support."""
        return (self.r - 1) * self.gap_before

    @property
    def smallest_p(self) -> float:
        """The smallest p that so many comparators allow."""
        return 1 / (self.comparators + 1)


def weigh(
    before: Floats, after: Floats, pupils_before: Floats | None = None, pupils_after: Floats | None = None, *, spread: float | None = None
) -> Sums | None:
    """The sums of a school (place 0) and its comparators (the rest). None where the comparators leave no line: fewer than five of them,
    mostly alike before, or all exactly on a line.

    `before` and `after` are means over years. `pupils_before` and `pupils_after`: for each school the mean over those years of one over
    the number of pupils, divided by the number of years; nan or None where it is not known. `spread`: of single pupils about their
    school's mean; None for a share of pupils in per cent.
    """
    of = len(before) - 1
    if of < FEWEST_FOR_SUMS:
        return None
    line = _line(before[1:], after[1:])
    if line is None:
        return None
    mean_before, mean_after, r, about, variance = line
    ratios = _ratios(variance, r, (mean_before, mean_after), pupils_before, pupils_after, spread)
    placed = _placebos(before, after, ratios if ratios is not None else np.ones(of + 1))
    gap = float(before[0]) - mean_before
    expected = mean_after + r * gap
    difference = float(after[0]) - expected
    widened = float(ratios[0]) if ratios is not None else 1.0
    error = float(np.sqrt(variance * (widened + 1 / of + gap * gap / about)))
    half = student(of - 2) * error
    return Sums(
        of, float(before[0]), float(after[0]), mean_before, mean_after, gap, r, expected, difference, difference - half, difference + half,
        gap_change(before, after), placed, placed / (of + 1), error, widened,
    )  # fmt: skip


def gap_change(before: Floats, after: Floats) -> float:
    """The plain difference in differences: the school's change less the mean change of its comparators."""
    return float((after[0] - before[0]) - (after[1:] - before[1:]).mean())


def student(degrees: int) -> float:
    """The 97.5 % point of Student's t distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.975))


def _line(before: Floats, after: Floats) -> tuple[float, float, float, float, float] | None:
    """Means, slope, sum of squares before, and the comparators' spread: the mean square of each one's distance from the line of all the
    others. None where there is no line. A comparator's distance from a line that it helped to draw is too small, and smallest where the
    line is drawn out furthest, which is where a school stands that was chosen because it was low.

    Where more than two thirds of them had the very same figure before, the few others alone would draw the line: there is none either.
    """
    mean_before, mean_after = float(before.mean()), float(after.mean())
    apart = before - mean_before
    about = float((apart * apart).sum())
    if about <= _SAME or np.unique(before, return_counts=True)[1].max() * 3 > 2 * len(before):
        return None
    r = float((apart * after).sum()) / about
    left = after - mean_after - r * apart
    pull = np.minimum(1 / len(before) + apart * apart / about, 1 - _SAME)
    variance = float(((left / (1 - pull)) ** 2).mean())
    return (mean_before, mean_after, r, about, variance) if variance > _SAME else None


def _ratios(
    variance: float, r: float, means: tuple[float, float], pupils_before: Floats | None, pupils_after: Floats | None, spread: float | None
) -> Floats | None:
    """Each school's spread about the line over that of the comparators on the whole, by its number of pupils; None where not known.

    What single pupils make of a difference is their variance over their number, after, and r² times that before. What is left of the
    comparators' spread belongs to schools and years, whatever their size.
    """
    if pupils_before is None or pupils_after is None:
        return None
    single = [share * (100 - share) if spread is None else spread * spread for share in (min(max(each, 0.0), 100.0) for each in means)]
    by_pupils = single[1] * pupils_after + r * r * single[0] * pupils_before
    known = by_pupils[1:][np.isfinite(by_pupils[1:])]
    if not np.isfinite(by_pupils[0]) or not known.size:
        return None
    middling = float(known.mean())
    if middling <= _SAME:
        return None
    lasting = max(variance - middling, 0.0)
    ratios: Floats = (lasting + np.where(np.isfinite(by_pupils), by_pupils, middling)) / (lasting + middling)
    return ratios


def _placebos(before: Floats, after: Floats, ratios: Floats) -> int:
    """The school's place among all, each held in turn against all the others: 1 is the largest difference, and a tie counts against it."""
    schools = len(before)
    apart = before - before.mean()
    about = float((apart * apart).sum())
    left = after - after.mean() - float((apart * after).sum()) / about * apart
    pull = np.minimum(1 / schools + apart * apart / about, 1 - _SAME)  # one that drew the line alone would stand on it
    size = np.abs(left / (1 - pull)) / np.sqrt(ratios + pull / (1 - pull))
    return 1 + int((size[1:] >= size[0] - _SAME).sum())
