"""Whether one area's schools, compared within the area, are judged as truly as England's: every authority that is large enough, in turn.

    python -m bench.effect_areas [../shared/data]

The series of `bench.effect` for Surrey, but of each authority, and of all its schools and not of draws: in an area there are few schools,
and many draws of them are the same few again. Beside each coverage stands its standard error, by school: the outcomes of one school are no
separate witnesses.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev

import numpy as np

from bench.effect import ASKED, SURREY, Asked, Flags, Floats, Series, census_of, judge_one, read

#: Authorities with so many schools that thirty are similar to each.
LARGE = 150
LOWEST = {"all": 1.0, "lowest quarter": 0.25, "lowest tenth": 0.1}


@dataclass(frozen=True)
class Area:
    """What was said of the schools of an area, in one way of choosing; shares of 1. `error`: the standard error of the coverage."""

    cases: int
    schools: int
    coverage: float
    error: float
    better: float
    worse: float


def asked_of(area: str) -> tuple[Asked, ...]:
    """The series of an authority."""
    (name,) = [each for each in ASKED if each.startswith("Surrey")]
    return tuple(replace(each, area=area) for each in ASKED[name])


def lowest(series: Series, share: float) -> Flags:
    """The schools that were lowest against their similar schools in the last year before."""
    low = np.where(np.isfinite(series.gap), series.gap, np.inf)
    return low <= np.nanquantile(series.gap, share)


def told(every: Sequence[Series], share: float) -> Area:
    """Every school of the lowest share of each series, judged once; each series weighs the same."""
    said, keys, weights = [], [], []
    for series in every:
        places = np.flatnonzero(lowest(series, share))
        said += [judge_one(series, int(place))[:3] for place in places]
        keys += [series.keys[place] for place in places]
        weights += [1 / len(places) / len(every)] * len(places)
    covered, better, worse = np.array(said, dtype=float).T
    weight: Floats = np.array(weights)
    coverage = float((weight * covered).sum())
    off, whose = weight * (covered - coverage), np.array(keys)
    error = sum(float(off[whose == key].sum()) ** 2 for key in set(keys)) ** 0.5
    return Area(len(keys), len(set(keys)), coverage, error, float((weight * better).sum()), float((weight * worse).sum()))


def areas(folder: Path) -> Iterator[tuple[str, dict[str, Area]]]:
    """Each large authority with what was said of it; Surrey first."""
    codes = [key[:3] for key in census_of(folder)]
    large = sorted({code for code in codes if codes.count(code) >= LARGE} - {SURREY})
    for code in (SURREY, *large):
        every = [series for asked in asked_of(code) if len((series := read(folder, asked)).before) > 2 * asked.comparators]
        if every:
            yield code, {name: told(every, share) for name, share in LOWEST.items()}


def main(argv: Sequence[str] | None = None) -> None:
    """Reads the folder and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default="../shared/data", type=Path)
    found = dict(areas(parser.parse_args(argv).folder))
    print("| chosen | | areas | coverage | from | to | standard deviation of areas | usual standard error | better | worse |")
    print(f"| --- | --- |{' ---: |' * 8}")
    for name in LOWEST:
        own, others = found[SURREY][name], [each[name] for code, each in found.items() if code != SURREY]
        print(f"| {name} | Surrey, {own.cases:,} cases of {own.schools} schools | 1 | {_line([own])} |")
        print(f"| | the other areas | {len(others)} | {_line(others)} |")


def _line(some: Sequence[Area]) -> str:
    every = [each.coverage for each in some]
    shares = (mean(every), min(every), max(every), stdev(every) if len(every) > 1 else 0.0, mean(each.error for each in some))
    return " | ".join(f"{100 * share:.1f} %" for share in (*shares, mean(each.better for each in some), mean(each.worse for each in some)))


if __name__ == "__main__":
    main()
