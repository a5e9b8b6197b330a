"""What is weak across a cluster, a phase or the area, more often than chance would have it: so that a board can choose priorities.

A school stands in England's weakest fifth on a figure of its phase, or it does not. Were a cluster's schools drawn from England's by lot,
about a fifth of them would. How far the number found is beyond that is told by the exact binomial tail; over the many comparisons made at
once, by Benjamini and Hochberg ("Controlling the false discovery rate", Journal of the Royal Statistical Society B 57, 1995): of all that
is called a shared problem at most about one in twenty is expected to be chance.

It says that something is shared, not why. Schools in poorer places are in the weakest fifth more often; a board knows its place.

Nobody is named, and nothing can be worked out: a number under five schools is not shown, nor one that leaves under five; where the whole
less what is shown would tell such a number, more is held back (`suppress`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: A number of schools under this is not shown, nor one that leaves fewer.
FEWEST: Final = 5
#: A group of fewer is put together with the others: of it hardly any number could be shown.
TELLING: Final = 2 * FEWEST
#: Of what is called a shared problem, at most this share is expected to be chance.
FALSE_DISCOVERIES: Final = 0.05
#: The weakest part of England's schools.
WEAKEST: Final = 0.2
#: Figures older than this many school years say nothing of what to do next.
MOST_YEARS_OLD: Final = 5
#: The schools in no cluster, or in one too small to be told of, stand together.
OTHERS: Final = "Other schools"

#: The measures of the registers that are looked at, by phase, in the order in which a page shows them.
MEASURES: Final[dict[str, tuple[str, ...]]] = {
    "Primary": (
        "ks2_rwm_expected", "ks2_rwm_higher", "ks2_reading_average", "ks2_maths_average", "ks2_gps_average", "ks2_reading_progress",
        "ks2_writing_progress", "ks2_maths_progress", "ks2_rwm_expected_disadvantaged", "absence_overall", "absence_persistent",
    ),
    "Secondary": (
        "ks4_attainment8", "ks4_progress8", "ks4_basics_95", "ks4_ebacc_entered", "ks4_attainment8_disadvantaged",
        "ks4_progress8_disadvantaged", "absence_overall", "absence_persistent", "destinations_sustained",
    ),
    "Special": ("absence_overall", "absence_persistent"),
}  # fmt: skip


class Finding(StrEnum):
    """What can be said of a group on a figure."""

    MORE = "weak in more schools than chance would have it"
    CHANCE = "no more than chance would have it"
    HELD_BACK = "not shown, so that no school can be worked out"


@dataclass(frozen=True, slots=True)
class Bound:
    """Where England's weakest fifth begins: a value beyond `bound` is in it. `share` (0 to 1) of England's schools really are."""

    period: str
    schools: int
    bound: float
    share: float


@dataclass(frozen=True, slots=True)
class SchoolHere:
    """A school as this rule needs it: phase, place (its cluster or alliance, "" for none), and its figures of the bounds' years."""

    phase: str
    place: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """One group on one figure: so many of its schools have the figure, and so many would be weak by chance.

    `weak` is None where it is not shown; `most` then says that it is at least all but four (and five or more).
    """

    group: str
    schools: int
    weak: int | None
    expected: float
    finding: Finding
    most: bool = False

    @property
    def percent(self) -> float | None:
        """The share of its schools that are weak, 0 to 100; None where the number is not shown."""
        return None if self.weak is None else 100 * self.weak / self.schools


@dataclass(frozen=True, slots=True)
class Problem:
    """One figure of one phase across the area and its clusters. `without` schools of the phase have no figure of that year."""

    phase: str
    measure: str
    period: str
    total: Cell
    cells: tuple[Cell, ...]
    without: int

    @property
    def shared(self) -> bool:
        """Whether it is beyond chance anywhere that is shown."""
        return any(cell.finding is Finding.MORE for cell in (self.total, *self.cells))


def weakest_fifth(values: Floats, *, higher_is_better: bool) -> tuple[float, float] | None:
    """Where the weakest fifth of the values begins, and what share of them lies strictly beyond it; None for fewer than 100 values.

    Figures are rounded and many schools share one: the bound is set so that never more than a fifth lies beyond it.
    """
    known = values[~np.isnan(values)]
    if known.size < 100:
        return None
    turned = known if higher_is_better else -known
    bound = float(np.percentile(turned, 100 * WEAKEST, method="lower"))
    share = float((turned < bound).mean())
    return (bound if higher_is_better else -bound), share


def is_weak(value: float, bound: float, *, higher_is_better: bool) -> bool:
    """Whether a value lies in the weakest fifth."""
    return value < bound if higher_is_better else value > bound


def shared_problems(
    schools: Sequence[SchoolHere], bounds: Mapping[tuple[str, str], Bound], *, higher_is_better: Mapping[str, bool]
) -> list[Problem]:
    """What is weak across the area and its clusters, figure by figure, as it may be shown to anyone.

    `bounds` are by phase and measure; a measure without one is not looked at, nor a phase with fewer than five schools that have the
    figure. In the order of MEASURES.
    """
    counted = []
    for phase, measures in MEASURES.items():
        here = [school for school in schools if school.phase == phase]
        for measure in measures:
            bound = bounds.get((phase, measure))
            told = [school for school in here if measure in school.figures]
            if bound is None or bound.share <= 0 or len(told) < FEWEST:
                continue
            weak = [is_weak(school.figures[measure], bound.bound, higher_is_better=higher_is_better[measure]) for school in told]
            groups = _groups([school.place for school in told], weak)
            counted.append((phase, measure, bound, len(here) - len(told), groups))
    adjusted = iter(benjamini_hochberg([p for _, _, bound, _, groups in counted for p in _tails(groups, bound.share)]))
    found = []
    for phase, measure, bound, without, groups in counted:
        cells = [_cell(name, n, k, bound.share, next(adjusted) if n >= FEWEST else 1.0) for name, n, k in groups]
        total, *parts = suppress(cells)
        found.append(Problem(phase, measure, bound.period, total, tuple(parts), without))
    return found


_Group = tuple[str, int, int]


def level_of(schools: Sequence[tuple[str, str]]) -> int:
    """Whether a phase's schools are told of by cluster (0) or by alliance (1): by whichever has more groups that are large enough.

    `schools` gives each one's cluster and alliance. It follows from sizes alone, never from how schools do.
    """
    large = [sum(count >= TELLING for name, count in Counter(names).items() if name) for names in zip(*schools, strict=True)]
    return 1 if large and large[1] > large[0] else 0


def _groups(in_places: Sequence[str], weak: Sequence[bool]) -> list[_Group]:
    """The whole, then every place by name, then the others: name, schools, weak. Every school stands in the whole and in one part."""
    sizes = {name: in_places.count(name) for name in set(in_places) if name}
    places = [name if sizes.get(name, 0) >= TELLING else OTHERS for name in in_places]
    names = sorted(set(places) - {OTHERS}) + ([OTHERS] if OTHERS in places else [])
    parts = [(name, places.count(name), sum(one for one, place in zip(weak, places, strict=True) if place == name)) for name in names]
    return [("", len(in_places), sum(weak)), *(parts if names != [OTHERS] else [])]


def _tails(groups: Iterable[_Group], share: float) -> list[float]:
    """How likely so many weak schools or more are by chance, for each group that is told of.

    Of "most" only the least that it can mean is counted, so that the finding tells no more than the word does.
    """
    return [at_least(_least_of_most(n) if _is_most(k, n) else k, n, share) for _, n, k in groups if n >= FEWEST]


def at_least(weak: int, schools: int, share: float) -> float:
    """The chance that so many or more of the schools are weak, when each is with probability `share` (above 0, under 1): exact.

    >>> round(at_least(2, 3, 0.5), 3)
    0.5
    """
    logs = [
        math.lgamma(schools + 1)
        - math.lgamma(k + 1)
        - math.lgamma(schools - k + 1)
        + k * math.log(share)
        + (schools - k) * math.log1p(-share)
        for k in range(weak, schools + 1)
    ]
    return min(1.0, math.fsum(math.exp(each) for each in logs))


def _is_most(weak: int, schools: int) -> bool:
    """Whether a number is told as "most": it would leave under five. Of five schools it would mean all, so it is not told."""
    return weak >= FEWEST and schools - weak < FEWEST and schools > FEWEST


def _least_of_most(schools: int) -> int:
    return max(FEWEST, schools - FEWEST + 1)


def benjamini_hochberg(chances: Sequence[float]) -> list[float]:
    """The chances adjusted for being many, in their order: a set cut at q holds at most q false ones on the whole.

    >>> [round(each, 3) for each in benjamini_hochberg([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    adjusted = [1.0] * len(chances)
    least = 1.0
    for rank in range(len(order), 0, -1):
        place = order[rank - 1]
        least = min(least, chances[place] * len(order) / rank)
        adjusted[place] = least
    return adjusted


def _cell(name: str, schools: int, weak: int, share: float, chance: float) -> Cell:
    finding = Finding.MORE if chance <= FALSE_DISCOVERIES else Finding.CHANCE
    return Cell(name, schools, weak, round(schools * share, 1), finding)


def suppress(cells: Sequence[Cell]) -> list[Cell]:
    """The whole (first) and its parts as they may be shown: no number under five, none that leaves under five, none by subtraction.

    A part in which all but four schools or more are weak is told as "most" where that is five or more. While what is left after taking
    the shown parts from the whole belongs to one part, or is under five, or leaves under five, the smallest shown part that is no finding
    is held back too, then one that is; and when none is left, the whole.
    """
    total, *parts = cells
    shown = [_as_may_be_shown(part) for part in parts]
    whole = _as_may_be_shown(total)
    if whole.weak is None:
        return [whole, *shown]
    while _tells(total, shown):
        open_ = [place for place, cell in enumerate(shown) if cell.weak is not None]
        if not open_:
            return [_held_back(total), *shown]
        least = min(open_, key=lambda place: (shown[place].finding is Finding.MORE, parts[place].weak or 0, place))
        shown[least] = _held_back(parts[least])
    return [whole, *shown]


def _as_may_be_shown(cell: Cell) -> Cell:
    weak = cell.weak or 0
    if _is_most(weak, cell.schools):
        return replace(cell, weak=None, most=True)
    return cell if FEWEST <= weak <= cell.schools - FEWEST else _held_back(cell)


def _held_back(cell: Cell) -> Cell:
    return replace(cell, weak=None, finding=Finding.HELD_BACK, most=False)


def _tells(total: Cell, shown: Sequence[Cell]) -> bool:
    """Whether the whole less the parts shown gives away a number that is held back."""
    unshown = [cell for cell in shown if cell.weak is None]
    if not unshown:
        return False
    left = (total.weak or 0) - sum(cell.weak for cell in shown if cell.weak is not None)
    schools = sum(cell.schools for cell in unshown)
    if len(unshown) < 2 or left < FEWEST or schools - left < FEWEST:
        return True
    ranges = [possible(cell) for cell in unshown]
    least, most = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    return any(max(low, left - (most - high)) >= min(high, left - (least - low)) for low, high in ranges)


def possible(cell: Cell) -> tuple[int, int]:
    """What a reader knows of a number from its own cell alone: the least and the most it can be."""
    if cell.weak is not None:
        return cell.weak, cell.weak
    return (_least_of_most(cell.schools), cell.schools) if cell.most else (0, cell.schools)
