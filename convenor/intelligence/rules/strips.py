"""Where a school lies among its similar schools on each variable: places for a small picture, on one scale for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from convenor.intelligence.rules.similar import Axis, as_axis

#: The picture reaches this many typical spreads to either side of the median; what lies further is drawn at its end.
REACH: Final = 3.0


@dataclass(frozen=True, slots=True)
class Strip:
    """One variable, drawn: places in per cent of the width, the median of the phase in the middle (50).

    `own` is None where the school's own figure is not published; `others` leaves out schools without the figure. `below`, `same` and
    `above` count the similar schools by the school's own figure.
    """

    own: float | None
    others: tuple[float, ...]
    below: int
    same: int
    above: int


def strip(own: float | None, others: Sequence[float | None], axis: Axis, *, reach: float = REACH) -> Strip:
    """Places of a school and its similar schools on one variable; `reach` is how many spreads the picture shows to either side."""
    known = [each for each in others if each is not None]
    places = tuple(_place(each, axis, reach) for each in known)
    if own is None:
        return Strip(None, places, 0, 0, 0)
    below, above = sum(each < own for each in known), sum(each > own for each in known)
    return Strip(_place(own, axis, reach), places, below, len(known) - below - above, above)


def _place(value: float, axis: Axis, reach: float) -> float:
    lain = as_axis(np.array([value], dtype=np.float64), ratio=axis.ratio)[0]
    if np.isnan(lain):
        return 0.0
    spreads = min(max((float(lain) - axis.centre) / axis.spread, -reach), reach)
    return round(50 + 50 * spreads / reach, 2)
