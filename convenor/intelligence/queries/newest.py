"""All of England's schools side by side, each with the newest figures that its phase has: on these similar schools are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convenor.england.authorities import AUTHORITIES
from convenor.intelligence.rules import similar as rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convenor.registers.queries.columns import EditionShort, Schools
    from convenor.registers.rules.columns import Column


@dataclass(frozen=True, slots=True)
class Newest:
    """All open state-funded schools side by side: for each measure the newest year that its phase has, nan where nothing is published.

    `periods` gives that year by phase and measure, `editions` the keys of the editions behind it; `deprivation` those of the indices.
    """

    listed: Schools
    regions: NDArray[np.str_]
    values: dict[str, NDArray[np.float64]]
    periods: dict[tuple[str, str], str]
    editions: dict[tuple[str, str], tuple[str, ...]]
    deprivation: tuple[str, ...]


def newest_figures(listed: Schools, found: Mapping[tuple[str, str], Column], editions: Sequence[EditionShort], *, viewer: Any) -> Newest:
    """Of the figures that were read (columns by measure and school year) the newest of each phase. Published, so the same for everyone.

    A measure of which no phase has a figure is absent. No query.
    """
    keys = {each.number: each.key for each in editions}
    values: dict[str, NDArray[np.float64]] = {}
    periods: dict[tuple[str, str], str] = {}
    behind: dict[tuple[str, str], tuple[str, ...]] = {}
    years: dict[str, list[str]] = {}
    for measure, period in found:
        years.setdefault(measure, []).append(period)
    for phase in sorted(set(listed.phases.tolist()) - {""}):
        rows = listed.phases == phase
        real = rows & listed.counts
        for measure, known in years.items():
            period = rules.newest_period({one: int((~np.isnan(found[measure, one].value[real])).sum()) for one in known})
            if not period:
                continue
            column = found[measure, period]
            values.setdefault(measure, np.full(len(listed), np.nan))[rows] = column.value[rows]
            periods[phase, measure] = period
            numbers = np.unique(column.edition[real & ~np.isnan(column.value)]).tolist()
            behind[phase, measure] = tuple(keys[number] for number in numbers if number in keys)
    values[rules.DEPRIVATION] = listed.imd_rank
    regions = np.array([_region(code) for code in listed.authorities], dtype=np.str_)
    indices = tuple(each.key for each in editions if each.family == "deprivation")[-1:]
    return Newest(listed, regions, values, periods, behind, indices)


def _region(code: str) -> str:
    return AUTHORITIES[code].region_code if code in AUTHORITIES else ""
