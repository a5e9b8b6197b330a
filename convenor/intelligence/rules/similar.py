"""Which schools are most like a school in what they were given: their size, their pupils, their place. Never in how they do.

Schools of one phase are laid out on published variables, each scaled by its median and its middle half, and the nearest are found with a
KD-tree. Whatever a school does well or badly has no axis here; neither has ethnicity, religion, or who runs the school.

The distance between two schools is the weighted root mean square of their differences, each in typical spreads of the phase: 0 is the
same, 1 means that on the whole they lie one typical spread apart (for a normal spread, one standard deviation).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from convenor.partnership.rules.refusals import Refused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int32]
    Flags = NDArray[np.bool_]

#: How many similar schools are kept for each school.
KEPT: Final = 50
#: A difference from the median counts up to this many typical spreads and no further: beyond it all are simply "very far".
CLIP: Final = 4.0
#: The middle half of a normal distribution is this many standard deviations wide.
_MIDDLE_HALF: Final = 1.3489795003921634
#: The mean distance from the median of a normal distribution, in standard deviations.
_MEAN_DISTANCE: Final = math.sqrt(2 / math.pi)
#: A school of which less than this share of the weight is published is compared with nobody, and nobody with it.
LEAST_KNOWN: Final = 0.5
#: Two distances that differ by less than this are the same: the URN then decides.
_SAME: Final = 1e-9
#: Kept beside the measures of the registers: the rank of the small area in which the school stands.
DEPRIVATION: Final = "imd_rank"


class SetRefused(Refused):
    """A set of similar schools cannot be kept; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One published figure on which schools are laid out.

    `measures` are keys of the registers' measures: the first that at least half of a phase's schools have is used, else none. `weight`
    is whole; `because` is the reason for it. `ratio` says that schools are compared by ratio: 30 and 60 pupils lie as far apart as 300
    and 600.
    """

    key: str
    name: str
    measures: tuple[str, ...]
    unit: str
    weight: int
    because: str
    ratio: bool = False


#: The variables with their weights: data, to be argued with.
VARIABLES: Final[tuple[Variable, ...]] = (
    Variable(
        "prior_attainment", "Where the year group started: key stage 2 scaled score", ("ks4_prior_scaled_score",), "scaled score", 3,
        "What pupils knew when they came tells most of later results. Published for the end of key stage 4 only.",
    ),
    Variable(
        "size", "Pupils on roll", ("pupils_on_roll",), "pupils", 2,
        "Small schools are organised otherwise, and their figures swing more. Compared by ratio.", ratio=True,
    ),
    Variable(
        "disadvantage", "Pupils eligible for free school meals in the last six years", ("fsm_ever6_percent", "fsm_eligible_percent"), "%",
        3, "The published figure most closely tied to results and to attendance.",
    ),
    Variable("eal", "Pupils with English as an additional language", ("eal_percent",), "%", 1, "Part of whom a school serves."),
    Variable("sen_support", "Pupils with special educational needs support", ("sen_support_percent",), "%", 1,
        "Part of whom a school serves.",
    ),
    Variable("ehcp", "Pupils with an education, health and care plan", ("ehcp_percent",), "%", 1, "Part of whom a school serves."),
    Variable(
        "mobility", "Pupils who did not move school in the last two years of the stage",
        ("ks4_non_mobile_percent", "ks2_non_mobile_percent"), "%", 1,
        "Where many come late, results say less of the school.",
    ),
    Variable(
        "deprivation", "Deprivation of the small area in which the school stands", (DEPRIVATION,), "rank, 1 the most deprived", 2,
        "The place; its weight is less than that of the pupils, who may come from elsewhere.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """One variable as it was used for one phase: which measure, its median and typical spread (both on the axis, so of the logarithm
    where schools are compared by ratio), and for how many of the phase's schools it is not published."""

    key: str
    measure: str
    weight: float
    centre: float
    spread: float
    missing: int
    ratio: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """How the schools of one phase were laid out: the axes, and which variables were left out and why."""

    phase: str
    schools: int
    axes: tuple[Axis, ...]
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Similar:
    """For every school the nearest others, nearest first: places in the population, -1 where there are no more, and distances (nan)."""

    indices: Whole
    distances: Floats
    bases: dict[str, Basis]


def nearest(
    features: Floats, n: int = KEPT, *, weights: Sequence[float] | None = None, candidates: Flags | None = None
) -> tuple[Whole, Floats]:
    """The `n` nearest candidates of every school of one phase: places (schools × n) and distances, nearest first.

    `features` holds schools × variables, nan where nothing is published: the median of the candidates stands in for it. Schools are in
    the order of their URN, so that of two at the same distance the lower URN comes first. Only `candidates` (all when None) set the scale
    and are anybody's neighbours; a school outside them is compared all the same. Nobody is their own neighbour, and none comes twice. A
    school with less than half of the weight published has no neighbours and is nobody's. Where there are fewer than `n`, the rest is -1
    and nan.

    >>> places, _ = nearest(np.array([[0.0], [1.0], [3.0], [3.5]]), 2)
    >>> places.tolist()
    [[1, 2], [0, 2], [3, 1], [2, 1]]
    """
    features = np.asarray(features, dtype=np.float64)
    schools, width = features.shape
    given = np.ones(width) if weights is None else np.asarray(weights, dtype=np.float64)
    among = np.ones(schools, dtype=bool) if candidates is None else np.asarray(candidates, dtype=bool)
    scales = [scale_of(features[among, column]) for column in range(width)]
    used = np.array([spread > 0 for _, spread in scales], dtype=bool)
    none = np.full((schools, n), -1, dtype=np.int32), np.full((schools, n), np.nan)
    if not used.any() or n < 1:
        return none
    kept, weight = features[:, used], given[used]
    centre = np.array([each for each, _ in scales])[used]
    spread = np.array([each for _, each in scales])[used]
    points = on_axes(kept, centre, spread) * np.sqrt(weight / weight.sum())
    told = (~np.isnan(kept)) @ weight >= LEAST_KNOWN * weight.sum() - _SAME
    return nearest_points(points, n, asks=told, among=among & told)


def on_axes(values: Floats, centre: Floats | float, spread: Floats | float) -> Floats:
    """Values as typical spreads from the median, no further than CLIP; what is missing lies at the median, at 0."""
    scaled: Floats = np.clip((values - centre) / spread, -CLIP, CLIP)
    return np.where(np.isnan(scaled), 0.0, scaled)


def scale_of(values: Floats) -> tuple[float, float]:
    """The median of a variable, and its typical spread: the middle half over 1.35, as of a normal distribution.

    Where half of the schools have the very same value, the mean distance from the median over 0.80 stands in. 0 where all are alike or
    nothing is known: such a variable tells no school from another.
    """
    known = values[~np.isnan(values)]
    if known.size == 0:
        return math.nan, 0.0
    low, middle, high = np.percentile(known, (25, 50, 75))
    spread = (high - low) / _MIDDLE_HALF
    if spread <= _SAME:
        spread = float(np.abs(known - middle).mean()) / _MEAN_DISTANCE
    return float(middle), float(spread) if spread > _SAME else 0.0


def nearest_points(points: Floats, n: int, *, asks: Flags, among: Flags) -> tuple[Whole, Floats]:
    """The nearest of `among` for each point that `asks`, by plain distance; as `nearest`, of points already laid out.

    One more than needed is looked up: it shows whether a tie reaches the edge, and those few schools are then compared with everyone.
    """
    from scipy.spatial import cKDTree

    schools = len(points)
    places = np.full((schools, n), -1, dtype=np.int32)
    distances = np.full((schools, n), np.nan)
    pool = np.flatnonzero(among)
    askers = np.flatnonzero(asks)
    if not pool.size or not askers.size:
        return places, distances
    turned = points @ _principal(points[pool])
    tree = cKDTree(turned[pool], leafsize=96, balanced_tree=False)
    along = askers[np.argsort(turned[askers, 0], kind="stable")]
    wanted = min(n + 2, pool.size)
    _, found = tree.query(turned[along], k=range(1, wanted + 1), workers=-1)
    others = pool[found]
    apart = _apart(points[along][:, None, :], points[others])
    apart[others == along[:, None]] = np.inf
    by = np.lexsort((others, _rounded(apart)), axis=1)
    others, apart = np.take_along_axis(others, by, axis=1), np.take_along_axis(apart, by, axis=1)
    width = min(n, wanted)
    places[along, :width] = np.where(np.isfinite(apart[:, :width]), others[:, :width], -1)
    distances[along, :width] = np.where(np.isfinite(apart[:, :width]), apart[:, :width], np.nan)
    if wanted > n:
        beyond = np.where(np.isfinite(apart), apart, -np.inf).max(axis=1)
        for school in along[beyond - apart[:, n - 1] <= 2 * _SAME]:
            _one_by_one(points, int(school), pool, places, distances)
    return places, distances


def _one_by_one(points: Floats, school: int, pool: NDArray[np.intp], places: Whole, distances: Floats) -> None:
    """One school against the whole pool: for the few whose last neighbours tie."""
    n = places.shape[1]
    others = pool[pool != school]
    apart = _apart(points[school], points[others])
    first = np.lexsort((others, _rounded(apart)))[:n]
    places[school, : first.size], distances[school, : first.size] = others[first], apart[first]


def _apart(one: Floats, other: Floats) -> Floats:
    gap = one - other
    apart: Floats = np.sqrt(np.einsum("...i,...i->...", gap, gap))
    return apart


def _rounded(apart: Floats) -> Floats:
    return np.round(apart, 9)


def _principal(points: Floats) -> Floats:
    """The turn onto principal axes. It changes no distance, and lets the tree cut where schools differ most."""
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turn: Floats = axes[:, ::-1]
    return turn


def similar_schools(
    urns: Sequence[str],
    phases: NDArray[Any],
    values: Mapping[str, Floats],
    counts: Flags,
    *,
    n: int = KEPT,
    variables: Sequence[Variable] = VARIABLES,
) -> Similar:
    """The `n` nearest schools of the same phase for every school of a population: the method named "convenor".

    `values` are parallel arrays by measure of the registers, and `imd_rank`; nan where nothing is published. `counts` marks the schools
    that are in the reference population: an invented school is compared with those, and is never among anybody's neighbours. A school
    without a phase has none. Of two schools at the same distance the lower URN comes first.
    """
    population = len(urns)
    indices = np.full((population, n), -1, dtype=np.int32)
    distances = np.full((population, n), np.nan)
    bases: dict[str, Basis] = {}
    by_urn = np.argsort(np.asarray(urns, dtype=np.str_), kind="stable")
    for phase in sorted({str(each) for each in phases} - {""}):
        rows = by_urn[np.asarray(phases)[by_urn] == phase]
        features, basis = lay_out(phase, {key: each[rows] for key, each in values.items()}, counts[rows], variables)
        bases[phase] = basis
        if not basis.axes:
            continue
        places, apart = nearest(features, n, weights=[axis.weight for axis in basis.axes], candidates=counts[rows])
        indices[rows] = np.where(places >= 0, rows[places], -1)
        distances[rows] = apart
    return Similar(indices, distances, bases)


def lay_out(phase: str, values: Mapping[str, Floats], counts: Flags, variables: Sequence[Variable] = VARIABLES) -> tuple[Floats, Basis]:
    """The schools of one phase on the variables that are published for it (schools × axes), and how that was done."""
    columns: list[Floats] = []
    axes: list[Axis] = []
    left_out: list[tuple[str, str]] = []
    ours = [values[key] for variable in variables for key in variable.measures if key in values]
    told_of = int((~np.isnan(np.array(ours))[:, counts]).any(axis=0).sum()) if ours else 0
    for variable in variables:
        chosen, why = _chosen(variable, values, counts, told_of)
        if chosen is None:
            left_out.append((variable.key, why))
            continue
        column = as_axis(values[chosen], ratio=variable.ratio)
        centre, spread = scale_of(column[counts])
        if spread == 0:
            left_out.append((variable.key, "the same for all schools of this phase"))
            continue
        missing = int(np.isnan(column[counts]).sum())
        columns.append(column)
        axes.append(Axis(variable.key, chosen, variable.weight, centre, spread, missing, variable.ratio))
    features = np.column_stack(columns) if columns else np.empty((len(counts), 0))
    return features, Basis(phase, int(counts.sum()), tuple(axes), tuple(left_out))


def as_axis(values: Floats, *, ratio: bool) -> Floats:
    """Values as they lie on the axis: themselves, or their logarithm where schools are compared by ratio (none on roll is unknown)."""
    if not ratio:
        return values
    return np.log(values, where=values > 0, out=np.full(values.shape, np.nan))


def _chosen(variable: Variable, values: Mapping[str, Floats], counts: Flags, told_of: int) -> tuple[str | None, str]:
    """The first measure that half of the schools of which anything is published have; or None, with the reason."""
    known = {key: int((~np.isnan(values[key][counts])).sum()) for key in variable.measures if key in values}
    enough = next((key for key, number in known.items() if number and 2 * number >= told_of), None)
    if enough is not None:
        return enough, ""
    most = max(known.values(), default=0)
    if not most:
        return None, "not published of late for schools of this phase, or not loaded"
    return None, f"published for {most:,} of {told_of:,} schools of this phase only"


def parts(one: Sequence[float | None], other: Sequence[float | None], axes: Sequence[Axis]) -> list[float | None]:
    """How far two schools lie apart on each axis, in typical spreads, before weighing; None where either figure is missing.

    `one` and `other` are their values in the order of the axes, as published.
    """
    found: list[float | None] = []
    for mine, yours, axis in zip(one, other, axes, strict=True):
        if mine is None or yours is None:
            found.append(None)
            continue
        ends = on_axes(as_axis(np.array([mine, yours], dtype=np.float64), ratio=axis.ratio), axis.centre, axis.spread)
        found.append(abs(float(ends[0] - ends[1])))
    return found


def newest_period(known: Mapping[str, int]) -> str:
    """The newest school year that at least half as many schools have a figure of as have one of any year; "" where none has.

    A file of a few schools never makes a year, and a year is never mixed with another.

    >>> newest_period({"2021-22": 16_000, "2022-23": 16_100, "2023-24": 12})
    '2022-23'
    """
    most = max(known.values(), default=0)
    return max((period for period, number in known.items() if number and 2 * number >= most), default="")
