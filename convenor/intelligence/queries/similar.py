"""Similar schools: one school's set for a page or the command line, and a set that somebody relied on. They are found in `gathering`.

Everything here is published, so every viewer gets the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from convenor.intelligence.models import FrozenSet, SimilarBasis, SimilarSet
from convenor.intelligence.rules import similar as rules
from convenor.intelligence.rules import similar_dfe as dfe
from convenor.registers.queries.known import names_of

CONVENOR: Final = "convenor"
DFE: Final = "dfe30"
#: What each method is called on a page.
METHODS: Final[dict[str, str]] = {CONVENOR: "Convenor's method", DFE: "the Department's method (DfE 30)"}


@dataclass(frozen=True, slots=True)
class AxisSeen:
    """One variable as a page shows it. `missing` counts schools of the phase of which it is not published."""

    key: str
    name: str
    unit: str
    weight: float
    because: str
    ratio: bool
    missing: int
    period: str
    editions: tuple[str, ...]
    value: float | None
    axis: rules.Axis


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A similar school. `values` and `parts` (how far apart, in typical spreads) are in the order of the axes; None where missing."""

    urn: str
    name: str
    authority: str
    distance: float
    rank: int
    values: tuple[float | None, ...]
    parts: tuple[float | None, ...]

    @property
    def missing(self) -> int:
        """How many of its figures are not published."""
        return sum(value is None for value in self.values)


@dataclass(frozen=True, slots=True)
class SimilarSchools:
    """A school's similar schools, nearest first, with the variables used, those left out with the reason, and the run's name."""

    urn: str
    name: str
    phase: str
    method: str
    run: str
    computed_at: datetime
    compared_with: int
    axes: tuple[AxisSeen, ...]
    left_out: tuple[tuple[str, str], ...]
    schools: tuple[Neighbour, ...]

    @property
    def editions(self) -> tuple[str, ...]:
        """Keys of the editions behind it."""
        return tuple(dict.fromkeys(key for axis in self.axes for key in axis.editions))

    @property
    def edition(self) -> str:
        """Key of the edition that most of it rests on; "" where nothing does."""
        counted = [key for axis in self.axes for key in axis.editions]
        return max(dict.fromkeys(counted), key=counted.count, default="")

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the variables that are not published for the school itself."""
        return tuple(axis.name for axis in self.axes if axis.value is None)


def similar_to(urn: str, *, n: int = 30, method: str = CONVENOR, viewer: Any) -> SimilarSchools | None:
    """The `n` schools most like a school, by the newest run of a method; None where the school is in no run. Four queries.

    Raises ValueError for a method that there is none of.
    """
    if method not in METHODS:
        raise ValueError(f"there is no method '{method}'; there are {' and '.join(METHODS)}")
    own = SimilarSet.objects.filter(urn=urn, method=method).order_by("-id").first()
    if own is None:
        return None
    basis = SimilarBasis.objects.filter(run=own.run, method=method, phase=own.phase).first()
    if basis is None:
        return None
    urns = own.members.split()[:n]
    distances = [int(each) / 1000 for each in own.distances.split()[:n]]
    values = dict(SimilarSet.objects.filter(run=own.run, method=method, urn__in=urns).values_list("urn", "values"))
    names = names_of([urn, *urns], viewer=viewer)
    axes = tuple(_axis_seen(each, value) for each, value in zip(basis.axes, own.values, strict=True))
    found = []
    for rank, (other, distance) in enumerate(zip(urns, distances, strict=True), start=1):
        theirs = values.get(other) or [None] * len(axes)
        apart = (
            rules.parts(own.values, theirs, [each.axis for each in axes]) if method == CONVENOR else _over_range(own.values, theirs, axes)
        )
        found.append(Neighbour(other, *names.get(other, (other, "")), distance, rank, tuple(theirs), tuple(apart)))
    return SimilarSchools(
        urn, names.get(urn, (urn, ""))[0], own.phase, method, own.run, basis.computed_at, basis.schools, axes,
        tuple((_word(key)[0], why) for key, why in basis.left_out), tuple(found),
    )  # fmt: skip


def _over_range(one: Sequence[float | None], other: Sequence[float | None], axes: Sequence[AxisSeen]) -> list[float | None]:
    """How far apart on each axis as a part of the phase's range, as the Department's method counts it."""
    return [
        None if mine is None or theirs is None else abs(mine - theirs) / seen.axis.spread
        for mine, theirs, seen in zip(one, other, axes, strict=True)
    ]


_VARIABLES: Final = {variable.key: variable for variable in rules.VARIABLES}


def _word(key: str) -> tuple[str, str, str]:
    """Name, unit and reason of a variable."""
    if key in _VARIABLES:
        return _VARIABLES[key].name, _VARIABLES[key].unit, _VARIABLES[key].because
    return (*dfe.NAMES.get(key, (key, "")), "")


def _axis_seen(axis: Mapping[str, Any], value: float | None) -> AxisSeen:
    name, unit, because = _word(axis["key"])
    plain = rules.Axis(axis["key"], axis["measure"], axis["weight"], axis["centre"], axis["spread"], axis["missing"], axis["ratio"])
    return AxisSeen(
        axis["key"],
        name,
        unit,
        axis["weight"],
        because,
        axis["ratio"],
        axis["missing"],
        axis["period"],
        tuple(axis["editions"]),
        value,
        plain,
    )


def urns_of_sets(*, viewer: Any, method: str = CONVENOR) -> int:
    """How many schools have a set of similar schools by the method."""
    return SimilarSet.objects.filter(method=method).count()


@dataclass(frozen=True, slots=True)
class FrozenSeen:
    """A set as it stood when somebody relied on it: pairs of URN and distance, nearest first."""

    id: int
    urn: str
    purpose: str
    method: str
    run: str
    members: tuple[tuple[str, float], ...]
    frozen_at: datetime


def frozen_set(set_id: int, *, partnership: str, viewer: Any, at: date | datetime | None = None) -> FrozenSeen | None:
    """A frozen set of a partnership (a slug) by its number; None where there is none, or for a viewer of another partnership."""
    here = getattr(viewer, "partnership", None)
    if viewer is not None and (here is None or here.slug != partnership):
        return None
    row = FrozenSet.objects.filter(partnership__slug=partnership, pk=set_id).first()
    if row is None:
        return None
    members = tuple((urn, float(distance)) for urn, distance in row.members)
    return FrozenSeen(row.pk, row.urn, row.purpose, row.method, row.run, members, row.frozen_at)
