"""How well a score tells two groups of schools apart, with what chance alone could do: AUC, and precision, recall and lift at cuts.

AUC is the chance that a school later found weak had a higher score than one that was not: 0.5 is a coin, 1 is perfect. Intervals are
percentile bootstrap intervals of 95 %, drawn within each of the two groups with a fixed seed: the same rows give the same interval.
Sources: Hanley and McNeil, Radiology 143 (1982), for AUC as a rank statistic; Efron and Tibshirani, An Introduction to the Bootstrap,
1993, chapter 13, for percentile intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

CUTS: Final = (0.05, 0.1, 0.2, 0.3)
DRAWS: Final = 1000
SEED: Final = 2026
#: Under so many schools, or so few on either side, no AUC is given: its interval would span nearly everything.
LEAST_SCHOOLS, LEAST_EITHER = 30, 10

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AtCut:
    """What the `cut` of schools with the highest scores held: `schools` of them, the share later found weak (`precision`), the share of all
    weak schools among them (`recall`), and precision over the base rate (`lift`) with its interval. Ties at the edge count in part."""

    cut: float
    schools: int
    precision: float
    recall: float
    lift: float
    lift_interval: Interval


@dataclass(frozen=True)
class Discrimination:
    """A score against outcomes. `auc` is None, with the reason in `why`, where there are too few schools."""

    n: int
    positives: int
    auc: float | None
    auc_interval: Interval | None
    at: tuple[AtCut, ...]
    why: str = ""

    @property
    def base_rate(self) -> float | None:
        """The share found weak, chance's own precision."""
        return self.positives / self.n if self.n else None


def too_few(weak: Bools) -> str:
    """Why no AUC is given of these schools; empty where one is."""
    positives = int(weak.sum())
    if len(weak) < LEAST_SCHOOLS:
        return f"too few: {len(weak)} schools, under {LEAST_SCHOOLS}"
    if min(positives, len(weak) - positives) < LEAST_EITHER:
        return f"too few: {positives} of {len(weak)} schools were found weak; {LEAST_EITHER} on either side are needed"
    return ""


class _Ranked:
    """Scores in order, ties grouped, ready for many draws."""

    def __init__(self, weak: Bools, scores: Floats) -> None:
        order = np.argsort(-scores, kind="stable")
        self.weak = weak[order]
        ordered = scores[order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])

    def tallies(self, weights: Floats) -> tuple[Floats, Floats]:
        """Weak and other schools in each group of ties, highest score first."""
        weak = np.add.reduceat(np.where(self.weak, weights, 0.0), self.starts)
        other = np.add.reduceat(np.where(self.weak, 0.0, weights), self.starts)
        return weak, other

    def auc(self, weights: Floats) -> float:
        """The AUC of weighted schools, ties counting half."""
        weak, other = self.tallies(weights)
        below = other.sum() - np.cumsum(other)
        return float((weak * (below + other / 2)).sum() / (weak.sum() * other.sum()))

    def hits(self, weights: Floats, cuts: tuple[float, ...]) -> Floats:
        """How many weak schools stand in the top of each cut; of a group of ties at the edge, its share."""
        weak, other = self.tallies(weights)
        seen = np.r_[0.0, np.cumsum(weak + other)]
        found = np.r_[0.0, np.cumsum(weak)]
        return np.asarray(np.interp([_places(cut, len(self.weak)) for cut in cuts], seen, found), dtype=np.float64)


def _places(cut: float, schools: int) -> int:
    """How many schools a cut holds: at least one."""
    return max(1, int(cut * schools + 0.5))


def auc(weak: Bools, scores: Floats) -> float:
    """The chance that a weak school's score is the higher, ties counting half. Raises ValueError where either side is empty."""
    if not weak.any() or weak.all():
        raise ValueError("an AUC needs schools of both kinds")
    return _Ranked(weak, scores).auc(np.ones(len(weak)))


def _draws(weak: Bools, draws: int, seed: int) -> list[Floats]:
    """How often each school is drawn, in each of many draws within the two groups. The order is that of the schools given."""
    generator = np.random.default_rng(seed)
    groups = [np.flatnonzero(weak), np.flatnonzero(~weak)]
    found = []
    for _ in range(draws):
        weights = np.zeros(len(weak))
        for group in groups:
            weights[group] = np.bincount(generator.integers(0, len(group), len(group)), minlength=len(group))
        found.append(weights)
    return found


def _between(values: Floats) -> Interval:
    """The middle 95 % of values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def discrimination(weak: Bools, scores: Floats, *, draws: int = DRAWS, seed: int = SEED) -> Discrimination:
    """How well scores (high means sooner to be talked with) told which schools were later found weak."""
    n, positives = len(weak), int(weak.sum())
    why = too_few(weak)
    if why:
        return Discrimination(n, positives, None, None, (), why)
    order = np.argsort(-scores, kind="stable")
    ranked = _Ranked(weak, scores)
    once = np.ones(n)
    hits = ranked.hits(once, CUTS)
    drawn = [weights[order] for weights in _draws(weak, draws, seed)]
    aucs = np.array([ranked.auc(weights) for weights in drawn])
    many = np.array([ranked.hits(weights, CUTS) for weights in drawn])
    at = []
    for number, cut in enumerate(CUTS):
        places = _places(cut, n)
        scale = n / (places * positives)
        low, high = _between(many[:, number] * scale)
        here = float(hits[number])
        at.append(AtCut(cut, places, here / places, here / positives, here * scale, (low, high)))
    return Discrimination(n, positives, ranked.auc(once), _between(aucs), tuple(at))


def difference(weak: Bools, one: Floats, other: Floats, *, draws: int = DRAWS, seed: int = SEED) -> tuple[float, Interval]:
    """By how much the AUC of one score exceeds another's on the same schools, with the interval of the paired difference."""
    orders = [np.argsort(-scores, kind="stable") for scores in (one, other)]
    ranked = [_Ranked(weak, scores) for scores in (one, other)]
    drawn = np.array([ranked[0].auc(weights[orders[0]]) - ranked[1].auc(weights[orders[1]]) for weights in _draws(weak, draws, seed)])
    return auc(weak, one) - auc(weak, other), _between(drawn)


def permuted(weak: Bools, scores: Floats, *, draws: int = 200, seed: int = SEED) -> tuple[float, Interval]:
    """The mean AUC, and the middle 95 % of AUCs, when grades are dealt out among the schools by chance: a score that learns nothing it
    should not know gives 0.5."""
    generator = np.random.default_rng(seed)
    found = np.array([auc(generator.permutation(weak), scores) for _ in range(draws)])
    return float(found.mean()), _between(found)
