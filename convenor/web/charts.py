"""Where the marks of a chart stand. PURE: figures in, coordinates out; the drawing itself is ``components/chart.jinja``.

Three pictures are known: a series over years (`series_chart`), a comparison of places (`comparison_chart`) and two shares
side by side (`shares_chart`). A missing figure is never drawn: its mark is written where it would stand. Intervals are
drawn wherever they are given. Bars begin at zero.

Features hand over their own dataclasses or mappings; only the attributes named in each function are read. Coordinates of
a series are in units of its view box; those of the other two are percentages of the bar's width, so that they fit any page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Fewer pupils than this and a point is drawn hollow: one pupil moves the figure by nine percentage points or more.
SMALL_COHORT = 11
GAP_WORD = "no figure"
_TEXT = 13.0
_YEAR = re.compile(r"^(\d{4})(?:[/-](\d{2,4}))?$")


@dataclass(frozen=True)
class Point:
    """One figure of a series. `period` is its year or school year; `mark` says in words why there is no value."""

    period: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    cohort: int | None = None
    mark: str = ""


@dataclass(frozen=True)
class Band:
    """What the comparators did in a period, from `low` to `high`."""

    period: str
    low: float
    high: float


@dataclass(frozen=True)
class Dot:
    """A drawn figure; `says` is its value in words."""

    x: float
    y: float
    hollow: bool
    says: str


@dataclass(frozen=True)
class Whisker:
    """A drawn interval."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Label:
    """A word in the picture; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class SeriesChart:
    """A series, placed. `lines` and `bands` are lists of points as SVG writes them; a broken series has several lines."""

    width: float
    height: float
    left: float
    right: float
    ticks: tuple[Label, ...]
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    dots: tuple[Dot, ...]
    whiskers: tuple[Whisker, ...]
    gaps: tuple[Label, ...]
    periods: tuple[Label, ...]
    says: str

    @property
    def has_small(self) -> bool:
        """Whether a point stands for few pupils, which the key must then explain."""
        return any(dot.hollow for dot in self.dots)


@dataclass(frozen=True)
class Bar:
    """One row of a comparison, in percentages of the width; None where there is no figure."""

    label: str
    shown: str
    kind: str
    href: str
    at: float | None
    start: float
    length: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ComparisonChart:
    """A comparison, placed. `zero` is where nought stands, in percentages of the width."""

    bars: tuple[Bar, ...]
    zero: float
    dots: bool
    lowest: float
    highest: float
    says: str


@dataclass(frozen=True)
class Share:
    """The share one group has of the seats, beside that of the schools; lengths in percentages of the width."""

    label: str
    seats: int
    schools: int
    seats_percent: float
    schools_percent: float
    seats_length: float
    schools_length: float
    seats_in_proportion: float


def text_width(text: str, size: float = _TEXT) -> float:
    """About how wide `text` is at `size`, in the same unit: an estimate on the generous side, for placing words."""
    return sum(size * _ADVANCE.get(c, 0.72 if c.isupper() else 0.58) for c in text)


_ADVANCE = {**dict.fromkeys("iljI.,'|!:;", 0.32), **dict.fromkeys("frt()-/ ", 0.4), **dict.fromkeys("mwMW%", 0.92)}


def _read(source: Any, name: str, otherwise: Any = None) -> Any:
    """An attribute or a key of what a feature handed over."""
    found = source.get(name, otherwise) if isinstance(source, Mapping) else getattr(source, name, otherwise)
    return otherwise if found is None else found


def _number(source: Any, name: str) -> float | None:
    found = _read(source, name)
    return None if found is None else float(found)


def nice_ticks(lowest: float, highest: float, most: int = 4) -> list[float]:
    """Round numbers that embrace both ends: steps of 1, 2, 2.5 or 5 times a power of ten, at most `most` steps."""
    if highest - lowest < 1e-6:  # a single figure: room above it
        highest = lowest + 1.0
    span = highest - lowest
    power = 10.0 ** math.floor(math.log10(span / most))
    for step in (power * factor for factor in (1, 2, 2.5, 5, 10, 20, 25, 50)):
        first, last = math.floor(lowest / step + 1e-9), math.ceil(highest / step - 1e-9)
        if last - first <= most:
            break
    return [round(step * n, 10) for n in range(first, max(last, first + 1) + 1)]


def _said(value: float, unit: str) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{text.replace('-', chr(0x2212))}{unit}"


def _positions(periods: Sequence[str]) -> list[float]:
    """Where each period stands in time: its year when all are years, otherwise its place in the row."""
    years = [_YEAR.match(period) for period in periods]
    if all(years) and len(set(periods)) == len(periods):
        return [float(year.group(1)) for year in years if year]
    return [float(n) for n in range(len(periods))]


def short_period(period: str, first: bool) -> str:
    """2016 stays at the start and becomes 17, 18 after; 2016/17 is 16/17."""
    year = _YEAR.match(period)
    if not year:
        return period
    if year.group(2):
        return f"{year.group(1)[2:]}/{year.group(2)[-2:]}"
    return period if first else period[2:]


def series_chart(
    points: Iterable[Any],
    band: Iterable[Any] = (),
    *,
    unit: str = "",
    lowest: float | None = None,
    highest: float | None = None,
    width: float = 320,
    height: float = 150,
    every: float = 1,
    small_cohort: int = SMALL_COHORT,
) -> SeriesChart:
    """Place a series of `points` (period, value, low, high, cohort, mark) over a `band` (period, low, high).

    `lowest` and `highest` fix the scale (the same across small multiples); otherwise it embraces all that is drawn. A
    line breaks where a value is missing or where more than `every` years lie between two values.
    """
    series = [
        Point(str(_read(p, "period")), _number(p, "value"), _number(p, "low"), _number(p, "high"), _read(p, "cohort"), _read(p, "mark", ""))
        for p in points
    ]
    beside = {b.period: b for b in (Band(str(_read(b, "period")), float(_read(b, "low")), float(_read(b, "high"))) for b in band)}
    ticks = _scale(series, beside.values(), unit, lowest, highest)
    words = _gap_words(series, every)
    frame = _Frame(
        left=round(max(text_width(_said(tick, unit)) for tick in ticks) + 10, 1),
        right=width - 12,
        top=10.0,
        bottom=height - (40.0 if words else 24.0),
        lowest=ticks[0],
        highest=ticks[-1],
        times=_positions([point.period for point in series]),
    )
    xs = [frame.x(time) for time in frame.times]
    shown = [(x, p, p.value) for x, p in zip(xs, series, strict=True) if p.value is not None]
    return SeriesChart(
        width=width,
        height=height,
        left=frame.left,
        right=frame.right,
        ticks=tuple(Label(frame.left - 8, frame.y(tick), _said(tick, unit), "end") for tick in ticks),
        lines=tuple(_polyline([(xs[n], frame.y(series[n].value or 0.0)) for n in run]) for run in _runs(series, frame.times, every)),
        bands=_bands(series, xs, beside, frame),
        dots=tuple(Dot(x, frame.y(value), p.cohort is not None and p.cohort < small_cohort, _point_said(p, unit)) for x, p, value in shown),
        whiskers=tuple(Whisker(x, frame.y(p.high), frame.y(p.low)) for x, p, _ in shown if p.low is not None and p.high is not None),
        gaps=_gap_labels(words, frame, height - 24.0),
        periods=_period_labels([(x, p.period) for x, p, _ in shown], height - 6.0, width),
        says="; ".join(_point_said(point, unit) for point in series) + ("." if series else "No figures."),
    )


@dataclass(frozen=True)
class _Frame:
    """The plot's edges in the view box, and its scales."""

    left: float
    right: float
    top: float
    bottom: float
    lowest: float
    highest: float
    times: list[float]

    def x(self, time: float) -> float:
        first, last = min(self.times), max(self.times)
        inner_left, inner_right = self.left + 12, self.right - 8
        return round(
            (inner_left + inner_right) / 2 if first == last else inner_left + (time - first) / (last - first) * (inner_right - inner_left),
            1,
        )

    def y(self, value: float) -> float:
        inside = min(max(value, self.lowest), self.highest)
        return round(self.bottom - (inside - self.lowest) / (self.highest - self.lowest) * (self.bottom - self.top), 1)


def _room(least: float, most: float, unit: str) -> tuple[float, float]:
    """A scale wide enough that a small change does not look large: 20 percentage points (10 where all is low), else a fifth of the figure.

    It stays within what the unit can be: a share between 0 and 100, a count not below 0.
    """
    span = (20.0 if most > 20 else 10.0) if unit == "%" else max(1.0, 0.2 * max(abs(least), abs(most)))
    if most - least >= span:
        return least, most
    floor = 0.0 if least >= 0 else -math.inf
    low = max(floor, (least + most - span) / 2)
    if unit == "%" and most <= 100:
        low = min(low, 100 - span)
    return low, low + span


def _scale(series: Sequence[Point], bands: Iterable[Band], unit: str, lowest: float | None, highest: float | None) -> list[float]:
    drawn = [v for p in series if p.value is not None for v in (p.value, p.low, p.high) if v is not None]
    drawn += [v for b in bands for v in (b.low, b.high)]
    least, most = _room(min(drawn, default=0.0), max(drawn, default=1.0), unit)
    least = lowest if lowest is not None else least
    most = highest if highest is not None else most
    ticks = nice_ticks(least, max(most, least))
    if lowest is not None:
        ticks = [lowest, *(tick for tick in ticks if tick > lowest)]
    if highest is not None:
        ticks = [*(tick for tick in ticks if tick < highest), highest]
    if unit == "%" and least >= 0 and most <= 100:
        ticks = [tick for tick in ticks if 0 <= tick <= 100]
    return ticks if len(ticks) > 1 else [ticks[0], ticks[0] + 1]


def _runs(series: Sequence[Point], times: Sequence[float], every: float) -> list[list[int]]:
    """The unbroken stretches of the series, as lists of places."""
    runs: list[list[int]] = []
    for n, point in enumerate(series):
        if point.value is None:
            continue
        if runs and runs[-1][-1] == n - 1 and times[n] - times[n - 1] <= every:
            runs[-1].append(n)
        else:
            runs.append([n])
    return [run for run in runs if len(run) > 1]


def _gap_words(series: Sequence[Point], every: float) -> list[tuple[float, float, str]]:
    """Each stretch without figures: from when, until when, and the word that stands there."""
    times = _positions([point.period for point in series])
    words: list[tuple[float, float, str]] = []
    for n, point in enumerate(series):
        if point.value is None:
            word = point.mark or GAP_WORD
            joins = words and words[-1][2] == word and n and series[n - 1].value is None
            words[-1:] = [(words[-1][0], times[n], word)] if joins else [*words[-1:], (times[n], times[n], word)]
        elif n and series[n - 1].value is not None and times[n] - times[n - 1] > every:
            words.append((times[n - 1] + every, times[n] - every, GAP_WORD))
    return words


def _gap_labels(words: Sequence[tuple[float, float, str]], frame: _Frame, y: float) -> tuple[Label, ...]:
    """The words of the gaps, each beneath its gap, kept inside the picture and apart; one that does not fit is said in the table."""
    labels: list[Label] = []
    free_from = 0.0
    for start, end, word in words:
        half = text_width(word, 12.5) / 2
        x = min(max((frame.x(start) + frame.x(end)) / 2, frame.left + half, free_from + half), frame.right + 12 - half)
        if x - half >= free_from:
            labels.append(Label(round(x, 1), y, word))
            free_from = x + half + 8
    return tuple(labels)


def _period_labels(places: Sequence[tuple[float, str]], y: float, width: float) -> tuple[Label, ...]:
    """As many periods as fit without touching, the first and the last always."""
    labels: list[Label] = []
    texts = [(x, short_period(period, n == 0)) for n, (x, period) in enumerate(places)]
    first_end = 0.0
    for n, (x, text) in enumerate(texts):
        half = text_width(text) / 2
        centre = min(max(x, half), width - half)
        last_start = min(texts[-1][0], width - text_width(texts[-1][1]) / 2) - text_width(texts[-1][1]) / 2
        fits = centre - half >= first_end + (6 if labels else 0)
        if n in (0, len(texts) - 1) or (fits and centre + half + 6 <= last_start):
            labels.append(Label(round(centre, 1), y, text))
            first_end = centre + half
    return tuple(labels)


def _bands(series: Sequence[Point], xs: Sequence[float], beside: Mapping[str, Band], frame: _Frame) -> tuple[str, ...]:
    stretches: list[list[tuple[float, Band]]] = [[]]
    for x, point in zip(xs, series, strict=True):
        if point.period in beside:
            stretches[-1].append((x, beside[point.period]))
        elif stretches[-1]:
            stretches.append([])
    polygons = []
    for stretch in stretches:
        if len(stretch) == 1:
            x, only = stretch[0]
            stretch = [(x - 6, only), (x + 6, only)]
        if stretch:
            upper = [(x, frame.y(b.high)) for x, b in stretch]
            lower = [(x, frame.y(b.low)) for x, b in reversed(stretch)]
            polygons.append(_polyline(upper + lower))
    return tuple(polygons)


def _polyline(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _point_said(point: Point, unit: str) -> str:
    if point.value is None:
        return f"{point.period}: {point.mark or GAP_WORD}"
    interval = (
        f", chance alone could make it {_said(point.low, unit)} to {_said(point.high, unit)}"
        if point.low is not None and point.high is not None
        else ""
    )
    cohort = f", {point.cohort:,} pupils" if point.cohort is not None else ""
    return f"{point.period}: {_said(point.value, unit)}{cohort}{interval}"


def comparison_chart(
    rows: Iterable[Any], *, unit: str = "", lowest: float | None = None, highest: float | None = None, dots: bool = False
) -> ComparisonChart:
    """Place `rows` (label, value, low, high, kind, mark, shown, href) beside each other on one scale.

    `kind` is "own" for the reader's area or school, "reference" for region and England, otherwise anything. Bars always
    begin at zero; with `dots` the scale may begin at `lowest`. `shown` is the figure as written; without it the value with `unit`.
    """
    given = list(rows)
    reach = [
        v
        for row in given
        if _number(row, "value") is not None
        for v in (_number(row, "value"), _number(row, "low"), _number(row, "high"))
        if v is not None
    ]
    least = lowest if lowest is not None and dots else min([0.0, *reach])
    most = highest if highest is not None else max([*reach, least], default=1.0)
    span = (most - least) or 1.0

    def place(value: float) -> float:
        return round(min(max((value - least) / span, 0.0), 1.0) * 100, 2)

    places = max((_places(_number(row, "value")) for row in given), default=0)
    bars = []
    for row in given:
        value, low, high = _number(row, "value"), _number(row, "low"), _number(row, "high")
        shown = _read(row, "shown") or (f"{_fixed(value, places)}{unit}" if value is not None else _read(row, "mark") or GAP_WORD)
        at = None if value is None else place(value)
        start = min(place(0.0), at) if at is not None else 0.0
        bars.append(
            Bar(
                label=str(_read(row, "label", "")),
                shown=str(shown),
                kind=str(_read(row, "kind", "other")),
                href=str(_read(row, "href", "")),
                at=at,
                start=start,
                length=round(abs(at - place(0.0)), 2) if at is not None else 0.0,
                low=place(low) if at is not None and low is not None else None,
                high=place(high) if at is not None and high is not None else None,
            )
        )
    return ComparisonChart(tuple(bars), place(0.0), dots, least, most, "; ".join(f"{bar.label}: {bar.shown}" for bar in bars) + ".")


def _places(value: float | None) -> int:
    """How many decimals a figure needs, at most two."""
    return 0 if value is None else next((n for n in (0, 1) if round(value, 2) == round(value, n)), 2)


def _fixed(value: float, places: int) -> str:
    return f"{value:,.{places}f}".replace("-", "\N{MINUS SIGN}")


def shares_chart(rows: Iterable[Any]) -> tuple[Share, ...]:
    """Place each group's share of the seats beside its share of the schools (label, seats, schools).

    Shares are of the sums over all rows; `seats_in_proportion` is what the group would hold if seats followed schools.
    """
    counts = [(str(_read(row, "label", "")), int(_read(row, "seats", 0)), int(_read(row, "schools", 0))) for row in rows]
    seats_total, schools_total = sum(c[1] for c in counts), sum(c[2] for c in counts)
    percents = [(_percent(seats, seats_total), _percent(schools, schools_total)) for _, seats, schools in counts]
    widest = max((max(pair) for pair in percents), default=0.0) or 1.0
    return tuple(
        Share(
            label,
            seats,
            schools,
            round(ours, 1),
            round(theirs, 1),
            round(ours / widest * 100, 2),
            round(theirs / widest * 100, 2),
            round(theirs / 100 * seats_total, 1),
        )
        for (label, seats, schools), (ours, theirs) in zip(counts, percents, strict=True)
    )


def _percent(part: int, whole: int) -> float:
    return part / whole * 100 if whole else 0.0
