"""The picture of an effect: the school's series with its intervals over what its comparators did, and what was expected without support.

PURE: an answer as `effect_shape` gives it in, coordinates out. Lines and bands break where a figure is missing and where the measure broke;
a break is drawn as one. The school is in ink with thin intervals; the comparators' mean is a fine line in a band of one standard deviation
to either side; what was expected is a dashed line over the years after. The scale embraces all of it, and a share stays between 0 and 100.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

#: Room that a scale has at least, so that a small change does not look large: points of a share, and part of any other figure.
LEAST_SPAN_PERCENT: Final = 30.0
LEAST_SPAN: Final = 1.0
_TOP, _BOTTOM, _RIGHT, _DIGIT = 22.0, 30.0, 14.0, 9.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A word in the picture."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure of the school, with its interval where there is one; `hollow`: it counts for nothing in the comparison."""

    x: float
    y: float
    top: float | None
    bottom: float | None
    hollow: bool
    says: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture, placed in its own units. `expected` is (from, to, height); `begins` where support began; `breaks` where the measure
    broke."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    ticks: tuple[Mark, ...]
    years: tuple[Mark, ...]
    bands: tuple[str, ...]
    means: tuple[str, ...]
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    expected: tuple[float, float, float] | None
    begins: float | None
    breaks: tuple[float, ...]
    says: str
    begun: bool = True


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    right: float
    bottom: float
    lowest: float
    highest: float
    years: int

    def x(self, place: float) -> float:
        inner = self.right - self.left - 36
        return round(self.left + 18 + (inner * place / (self.years - 1) if self.years > 1 else inner / 2), 1)

    def y(self, value: float) -> float:
        inside = min(max(value, self.lowest), self.highest)
        return round(self.bottom - (inside - self.lowest) / (self.highest - self.lowest) * (self.bottom - _TOP), 1)


def picture(said: Mapping[str, Any], *, width: float = 640, height: float = 300, begun: bool = True) -> Picture | None:
    """The picture of an answer; None where no year has a figure of anybody. `begun`: support has begun by the day of the page."""
    series: Sequence[Mapping[str, Any]] = said["series"]
    drawn = [value for year in series for value in _drawn(year)] + [
        value for value in (said.get("expected_without_support"),) if value is not None
    ]
    if not drawn:
        return None
    unit = said["outcome"].get("unit", "")
    ticks = _ticks(min(drawn), max(drawn), percent=unit == "%")
    words = [_said(tick, unit) for tick in ticks]
    frame = _Frame(max(len(word) for word in words) * _DIGIT + 12, width - _RIGHT, height - _BOTTOM, ticks[0], ticks[-1], len(series))
    runs = _runs(series)
    every = math.ceil(44 / max((frame.right - frame.left - 36) / max(len(series) - 1, 1), 1))
    return Picture(
        width, height, frame.left, frame.right, _TOP, frame.bottom,
        tuple(Mark(frame.left - 8, frame.y(tick) + 4.5, word) for tick, word in zip(ticks, words, strict=True)),
        tuple(Mark(frame.x(n), height - 8, _short(year["period"])) for n, year in enumerate(series) if (len(series) - 1 - n) % every == 0),
        tuple(_band(run, series, frame) for run in _parts(runs, series, "comparators_spread")),
        tuple(_line(run, series, frame, "comparators_mean") for run in _parts(runs, series, "comparators_mean")),
        tuple(_line(run, series, frame, "value") for run in _parts(runs, series, "value") if len(run) > 1),
        tuple(_dot(n, year, frame, unit, used(said)) for n, year in enumerate(series) if year["value"] is not None),
        _expected(said, series, frame), _begins(series, frame),
        tuple(frame.x(n - 0.5) for n, year in enumerate(series) if year["break_before"] and n),
        _all_said(series, said, unit), begun,
    )  # fmt: skip


def _drawn(year: Mapping[str, Any]) -> list[float]:
    mean, spread = year["comparators_mean"], year["comparators_spread"]
    around = [mean - spread, mean + spread] if mean is not None and spread is not None else [mean]
    return [value for value in (year["value"], year["low"], year["high"], *around) if value is not None]


def _ticks(least: float, most: float, *, percent: bool) -> list[float]:
    """Round numbers that embrace both ends, three to six of them."""
    span = LEAST_SPAN_PERCENT if percent else LEAST_SPAN
    if most - least < span:
        least, most = (least + most - span) / 2, (least + most + span) / 2
    power = 10.0 ** math.floor(math.log10((most - least) / 4))
    steps = (power * factor for factor in (1, 2, 2.5, 5, 10, 20))
    step = next(each for each in steps if math.ceil(most / each) - math.floor(least / each) <= 5)
    found = [round(step * n, 10) for n in range(math.floor(least / step), math.ceil(most / step) + 1)]
    return [tick for tick in found if 0 <= tick <= 100] if percent else found


def _said(value: float, unit: str) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "\N{MINUS SIGN}")
    return f"{text}{unit if unit == '%' else ''}"


def _short(period: str) -> str:
    return f"{period[2:4]}/{period[5:7]}"


def _runs(series: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Places of years without a break between them."""
    runs: list[list[int]] = []
    for place, year in enumerate(series):
        if place == 0 or year["break_before"]:
            runs.append([])
        runs[-1].append(place)
    return runs


def _parts(runs: Sequence[Sequence[int]], series: Sequence[Mapping[str, Any]], key: str) -> list[list[int]]:
    """The same, cut where a figure is missing."""
    parts: list[list[int]] = []
    for run in runs:
        parts.append([])
        for place in run:
            if series[place][key] is None:
                parts.append([])
            else:
                parts[-1].append(place)
    return [part for part in parts if part]


def _line(run: Sequence[int], series: Sequence[Mapping[str, Any]], frame: _Frame, key: str) -> str:
    """A line as SVG writes it; a single year is a short stroke."""
    if len(run) == 1:
        x, y = frame.x(run[0]), frame.y(series[run[0]][key])
        return f"{x - 10:g},{y:g} {x + 10:g},{y:g}"
    return " ".join(f"{frame.x(place):g},{frame.y(series[place][key]):g}" for place in run)


def _band(run: Sequence[int], series: Sequence[Mapping[str, Any]], frame: _Frame) -> str:
    """One standard deviation to either side of the comparators' mean, as a polygon."""
    ends = [(frame.x(place), series[place]["comparators_mean"], series[place]["comparators_spread"]) for place in run]
    if len(ends) == 1:
        x, mean, spread = ends[0]
        ends = [(x - 10, mean, spread), (x + 10, mean, spread)]
    upper = [f"{x:g},{frame.y(mean + spread):g}" for x, mean, spread in ends]
    lower = [f"{x:g},{frame.y(mean - spread):g}" for x, mean, spread in reversed(ends)]
    return " ".join((*upper, *lower))


def used(said: Mapping[str, Any]) -> frozenset[str]:
    """The school years that count as before or after."""
    years = said.get("years", {})
    return frozenset((*years.get("before", ()), *years.get("after", ())))


def _dot(place: int, year: Mapping[str, Any], frame: _Frame, unit: str, counted: frozenset[str]) -> Dot:
    low, high = year["low"], year["high"]
    top, bottom = (frame.y(high), frame.y(low)) if low is not None and high is not None else (None, None)
    return Dot(frame.x(place), frame.y(year["value"]), top, bottom, year["period"] not in counted, _year_said(year, unit))


def _expected(said: Mapping[str, Any], series: Sequence[Mapping[str, Any]], frame: _Frame) -> tuple[float, float, float] | None:
    value = said.get("expected_without_support")
    used = [n for n, year in enumerate(series) if year["period"] in said.get("years", {}).get("after", ())]
    if value is None or not used:
        return None
    return frame.x(used[0]) - 14, frame.x(used[-1]) + 14, frame.y(value)


def _begins(series: Sequence[Mapping[str, Any]], frame: _Frame) -> float | None:
    """Where support began: before the first year after, or in the year in which it began."""
    began = next((n for n, year in enumerate(series) if year["role"] == "began"), None)
    first = next((n for n, year in enumerate(series) if year["role"] == "after"), None)
    if began is not None:
        return frame.x(began)
    return frame.x(first - 0.5) if first else None


def _year_said(year: Mapping[str, Any], unit: str) -> str:
    interval = f" ({_said(year['low'], unit)} to {_said(year['high'], unit)})" if year["low"] is not None else ""
    return f"{year['period']}: {_said(year['value'], unit)}{interval}"


def _all_said(series: Sequence[Mapping[str, Any]], said: Mapping[str, Any], unit: str) -> str:
    told = [_year_said(year, unit) if year["value"] is not None else f"{year['period']}: no figure" for year in series]
    expected = said.get("expected_without_support")
    return "; ".join(told) + (f"; expected without support {_said(round(expected, 2), unit)}." if expected is not None else ".")
