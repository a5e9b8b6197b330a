"""Where the marks of a line's picture stand: one figure with its interval beside what it is held against. PURE.

A strip that fits any width: places are percentages of it. The school's figure is a point in ink with its 95 % interval as a thin line;
the comparator is a quiet band. Strips of one unit share one scale (`common_scale`), so that two lines may be compared by eye. What lies
outside a scale is drawn at its end and said so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from convenor.web.charts import nice_ticks

#: A scale ends a little beyond the largest figure.
HEADROOM = 1.05
#: Figures that all lie above this share of the largest are drawn on a scale that does not begin at nought.
FAR_ABOVE = 0.6
#: Units that are counted from nothing.
COUNTED = frozenset({"years", "pupils", "suspensions", "complaints"})


@dataclass(frozen=True, slots=True)
class Scale:
    """What a strip runs from and to, in the figure's unit."""

    lowest: float
    highest: float

    def place(self, value: float) -> float:
        """Where a value stands, 0 to 100; at the end when it lies outside."""
        span = (self.highest - self.lowest) or 1.0
        return round(min(max((value - self.lowest) / span, 0.0), 1.0) * 100, 2)


@dataclass(frozen=True, slots=True)
class Strip:
    """A drawn line. Places are percentages of the width; None where there is nothing to draw."""

    at: float | None
    low: float | None
    high: float | None
    band: float | None
    zero: float | None
    hollow: bool
    lowest: str
    highest: str


def common_scale(values: Iterable[float | None], *, unit: str = "") -> Scale:
    """The scale that embraces all figures of one unit.

    Shares that reach beyond a third of the whole run from 0 to 100; smaller ones from 0 to a round number above the largest, so that a
    small figure is not drawn as nothing. Changes run as far to one side of nought as to the other. What is counted begins at nought, and
    so does anything else unless all of it lies far above.
    """
    drawn = [value for value in values if value is not None]
    if not drawn:
        return Scale(0.0, 100.0 if unit == "%" else 1.0)
    least, most = min(drawn), max(drawn)
    if least < 0:
        reach = nice_ticks(0.0, HEADROOM * max(-least, most))[-1]
        return Scale(-reach, reach)
    if unit == "%":
        return Scale(0.0, 100.0) if most > 35 else Scale(0.0, nice_ticks(0.0, HEADROOM * most)[-1])
    ticks = nice_ticks(0.0 if unit in COUNTED or least < FAR_ABOVE * most else least, HEADROOM * most)
    return Scale(ticks[0], ticks[-1])


def scales_of(lines: Iterable[Any]) -> dict[str, Scale]:
    """One scale for each kind of figure among lines (which have value, low, high, against, unit, scale)."""
    found: dict[str, list[Any]] = {}
    for line in lines:
        found.setdefault(line.scale, []).append(line)
    return {
        scale: common_scale((value for one in some for value in (one.value, one.low, one.high, one.against)), unit=some[0].unit)
        for scale, some in found.items()
    }


def interval_strip(
    value: float | None,
    *,
    low: float | None,
    high: float | None,
    comparator: float | None,
    lowest: float,
    highest: float,
    hollow: bool = False,
    unit: str = "",
) -> Strip:
    """Place one figure, its interval and its comparator on a scale. `hollow` draws an open circle: few pupils."""
    scale = Scale(lowest, highest)
    interval = value is not None and low is not None and high is not None
    return Strip(
        at=None if value is None else scale.place(value),
        low=scale.place(low) if interval and low is not None else None,
        high=scale.place(high) if interval and high is not None else None,
        band=None if comparator is None else scale.place(comparator),
        zero=scale.place(0.0) if lowest < 0 < highest else None,
        hollow=hollow,
        lowest=_end(lowest, unit),
        highest=_end(highest, unit),
    )


def _end(value: float, unit: str) -> str:
    """An end of the scale as it is written."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", "\N{MINUS SIGN}")
    return f"{text}{unit if unit == '%' else ''}"
