"""The Department's way of choosing 30 schools to compare with, offered for parity under the name "DfE 30".

It is the comparator set of the Department's financial benchmarking service (open code, read in 2025). Inside a phase the distance is

    square root of the sum of weight × (difference ÷ range of the phase)²

with pupils 0.5, free school meals 0.4 and special educational needs 0.1 (special schools: pupils 0.6, free school meals 0.4). A missing
figure is taken at the median. Of the 60 nearest, the school itself among them, 30 are taken: the school itself, then those of its own
region, nearest first, then the nearest.

What we do otherwise, and say: no school stands in a set twice. In the Department's code a school that met two rules was added twice. What
we cannot do, because nothing of it is loaded: schools bought under a private finance contract and boarding schools matched first, the ten
kinds of need by which special schools are compared, buildings (floor area and age), and the rule that a candidate has sent a full year of
accounts. One large outlier widens the range and so shrinks everybody's distances: that is how the method is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from convenor.intelligence.rules.similar import Axis, Basis, Similar, nearest_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: How many schools stand in a set, the school itself being one of them; and from how many nearest they are taken.
SET: Final = 30
POOL: Final = 60

#: Weights by phase; the others are those of "".
WEIGHTS: Final[dict[str, dict[str, float]]] = {
    "": {"pupils": 0.5, "fsm": 0.4, "sen": 0.1},
    "Special": {"pupils": 0.6, "fsm": 0.4},
}

#: Part of the method that needs what is not loaded, in words for the page.
NOT_LOADED: Final = (
    "schools bought under a private finance contract, which the Department matches first",
    "boarding schools, which it matches next",
    "the ten kinds of special educational need by which it compares special schools",
    "buildings: floor area and age",
    "whether a school has sent a full year of accounts",
)


def characteristics(values: Mapping[str, Floats], schools: int) -> dict[str, Floats]:
    """Pupils on roll; the share eligible for free school meals; the share with special educational needs, support and plans together.

    nan where the figures are not published.
    """
    none = np.full(schools, np.nan)
    support, plans = values.get("sen_support_percent", none), values.get("ehcp_percent", none)
    return {
        "pupils": values.get("pupils_on_roll", none),
        "fsm": values.get("fsm_eligible_percent", none),
        "sen": support + plans,
    }


def similar_dfe(urns: Sequence[str], phases: NDArray[Any], regions: NDArray[Any], values: Mapping[str, Floats], counts: Flags) -> Similar:
    """The 29 others of every school's set: those of its own region first, nearest first, then the nearest of the other regions.

    The arguments are those of `similar.similar_schools`, with each school's region ("" for none). Distances are as the method
    has them. A phase in which nothing is published has no sets, nor has a school of which nothing
    is published. Of two schools at the same distance the lower URN comes first.
    """
    population, others = len(urns), SET - 1
    indices = np.full((population, others), -1, dtype=np.int32)
    distances = np.full((population, others), np.nan)
    bases: dict[str, Basis] = {}
    figures = characteristics(values, population)
    by_urn = np.argsort(np.asarray(urns, dtype=np.str_), kind="stable")
    for phase in sorted({str(each) for each in phases} - {""}):
        rows = by_urn[np.asarray(phases)[by_urn] == phase]
        points, basis = _lay_out(phase, {key: each[rows] for key, each in figures.items()}, counts[rows])
        bases[phase] = basis
        if not basis.axes:
            continue
        told = ~np.isnan(np.column_stack([figures[axis.key][rows] for axis in basis.axes])).all(axis=1)
        places, apart = nearest_points(points, POOL - 1, asks=told, among=counts[rows] & told)
        chosen = _own_region_first(places, np.asarray(regions)[rows])[:, :others]
        kept = np.take_along_axis(places, chosen, axis=1)
        indices[rows] = np.where(kept >= 0, rows[kept], -1)
        distances[rows] = np.take_along_axis(apart, chosen, axis=1)
    return Similar(indices, distances, bases)


def _own_region_first(places: NDArray[np.int32], regions: NDArray[Any]) -> NDArray[np.intp]:
    """The order in which a set is filled: own region first, else as they lie; places that hold nobody last."""
    same = (regions[places] == regions[:, None]) & (regions != "")[:, None]
    rank = np.where(places < 0, 2, np.where(same, 0, 1))
    return np.argsort(rank, axis=1, kind="stable")


def _lay_out(phase: str, figures: Mapping[str, Floats], counts: Flags) -> tuple[Floats, Basis]:
    """Points whose plain distance is the method's, and how they were made: on each axis the difference over the range of the phase."""
    weights = WEIGHTS.get(phase, WEIGHTS[""])
    columns: list[Floats] = []
    axes: list[Axis] = []
    left_out: list[tuple[str, str]] = []
    for key, weight in weights.items():
        column = figures[key]
        known = column[counts & ~np.isnan(column)]
        if not known.size or known.max() == known.min():
            left_out.append((key, "not published for schools of this phase, or the same for all"))
            continue
        middle, reach = float(np.median(known)), float(known.max() - known.min())
        columns.append(np.where(np.isnan(column), middle, column) / reach * np.sqrt(weight))
        missing = int(counts.sum()) - known.size
        axes.append(Axis(key, MEASURES[key], weight, middle, reach, missing))
    points = np.column_stack(columns) if columns else np.empty((len(counts), 0))
    return points, Basis(phase, int(counts.sum()), tuple(axes), tuple(left_out))


#: The published figures behind each characteristic.
MEASURES: Final[dict[str, str]] = {
    "pupils": "pupils_on_roll",
    "fsm": "fsm_eligible_percent",
    "sen": "sen_support_percent+ehcp_percent",
}

#: The same one by one, as the registers keep them.
NEEDED: Final = frozenset(key for keys in MEASURES.values() for key in keys.split("+"))

#: What a page calls each characteristic, with its unit.
NAMES: Final[dict[str, tuple[str, str]]] = {
    "pupils": ("Pupils on roll", "pupils"),
    "fsm": ("Pupils eligible for free school meals", "%"),
    "sen": ("Pupils with special educational needs, support and plans together", "%"),
}
