"""What several packages show together: exact tests that need no bell curve, over every package, those that stopped included.

Each package brings its difference from what was expected without support, divided by that difference's standard error, so that packages
with different outcomes can be counted together; for the better is positive. If support changes nothing, each is as likely above nought as
below:

* *sign test*: how many of them lie above, against the tossing of a coin;
* *signed-rank test* (Wilcoxon's, by every one of the 2^n ways of placing the signs): whether the larger ones lie on one side.

Both are two-sided and exact. A word other than "within chance" needs p of at most 0.05 in the signed-rank test, and most packages on its
side; the sign test stands beside it, for whoever would rather toss a coin. Under eight packages that could be
measured nothing is pooled: a single odd school would speak for all. A package that stopped, or was changed, counts as it stands: leaving
out what went badly would make any support look good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb, isfinite
from statistics import median
from typing import Final

from convenor.support.rules.states import Verdict

#: Packages that could be measured, below which nothing is pooled.
FEWEST_PACKAGES: Final = 8
#: The p that the signed-rank test needs.
MOST_P: Final = 0.05


@dataclass(frozen=True, slots=True)
class PackageEffect:
    """One package in a pool. `standardised`: its difference over its standard error, for the better positive; None where its verdict is
    "too early" or "not measurable"."""

    key: str
    verdict: Verdict
    standardised: float | None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Pooled:
    """What packages show together. `listed` counts all of them, `measured` those that could be reckoned, `stopped` those of all that
    stopped. Where fewer than eight could be measured, `verdict` is "not measurable" and no figure is given."""

    verdict: Verdict
    why: str
    listed: int
    measured: int
    stopped: int
    by_verdict: tuple[tuple[Verdict, int], ...]
    above: int | None = None
    middle: float | None = None
    sign_p: float | None = None
    rank_p: float | None = None


def pooled(packages: Iterable[PackageEffect]) -> Pooled:
    """What all packages of a place and time show together. Raises ValueError for a package given twice: it would count double."""
    every = list(packages)
    keys = [each.key for each in every]
    if len(set(keys)) != len(keys):
        raise ValueError("a package stands in the pool more than once")
    values = [each.standardised for each in every if each.standardised is not None and isfinite(each.standardised)]
    counts = tuple((verdict, sum(each.verdict is verdict for each in every)) for verdict in Verdict)
    stopped = sum(each.stopped for each in every)
    if len(values) < FEWEST_PACKAGES:
        why = f"{len(values)} of {len(every)} packages can be measured; from {FEWEST_PACKAGES} up they are counted together."
        return Pooled(Verdict.NOT_MEASURABLE, why, len(every), len(values), stopped, counts)
    above = sum(value > 0 for value in values)
    signs, ranks = sign_test(values), signed_rank_test(values)
    verdict = Verdict.WITHIN_CHANCE
    if ranks <= MOST_P and 2 * above != len(values):
        verdict = Verdict.BETTER if 2 * above > len(values) else Verdict.WORSE
    why = (
        f"{above} of {len(values)} packages lie above what was expected without support (sign test p = {signs:.3f}, signed-rank test p = "
        f"{ranks:.3f})."
    )
    return Pooled(verdict, why, len(every), len(values), stopped, counts, above, median(values), signs, ranks)


def sign_test(values: Sequence[float]) -> float:
    """The exact two-sided p of the sign test; a value of nought says nothing and is left out. 1.0 where all are.

    >>> sign_test([1.0] * 8)
    0.0078125
    """
    told = [value for value in values if value != 0]
    fewer = min(sum(value > 0 for value in told), sum(value < 0 for value in told))
    return float(min(1.0, 2 * sum(comb(len(told), count) for count in range(fewer + 1)) / 2 ** len(told)))


def signed_rank_test(values: Sequence[float]) -> float:
    """The exact two-sided p of Wilcoxon's signed-rank test, over all ways of placing the signs; values of one size share their mean rank.

    >>> signed_rank_test([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    0.0078125
    """
    told = sorted((value for value in values if value != 0), key=abs)
    if not told:
        return 1.0
    twice = _twice_ranks([abs(value) for value in told])
    reached = sum(rank for rank, value in zip(twice, told, strict=True) if value > 0)
    whole = sum(twice)
    ways = [1] + [0] * whole  # how many placings of the signs give each sum (doubled, so that it is whole)
    for rank in twice:
        for total in range(whole, rank - 1, -1):
            ways[total] += ways[total - rank]
    furthest = abs(2 * reached - whole)
    return float(sum(count for total, count in enumerate(ways) if abs(2 * total - whole) >= furthest) / 2 ** len(told))


def _twice_ranks(sizes: Sequence[float]) -> list[int]:
    """Twice the rank of each of sizes in rising order; equal sizes share the mean of their ranks, which twice is whole."""
    found: list[int] = []
    while len(found) < len(sizes):
        first = len(found)
        tied = sum(size == sizes[first] for size in sizes[first:])
        found += [2 * first + tied + 1] * tied
    return found
