"""How far chance alone may have moved a figure.

Small schools swing on one or two pupils: in a group of 10 one pupil is 10 points, of 30 about 3. A figure is therefore shown with its
interval. A share of pupils gets Wilson's score interval (E. B. Wilson, "Probable inference, the law of succession, and statistical
inference", Journal of the American Statistical Association 22, 1927), which stays inside 0 to 100 and holds for small groups.
"""

from __future__ import annotations

import math
from typing import Final

#: The 97.5 % point of the normal distribution: a 95 % interval leaves 2.5 % on either side.
Z_95: Final = 1.959963984540054


def wilson(share_percent: float, cohort: int, *, z: float = Z_95) -> tuple[float, float]:
    """The 95 % interval of a share of `cohort` pupils, both in percentage points.

    The published share is rounded, so the interval is that of the rounded share. Raises ValueError for a share outside 0 to 100 and for
    a cohort under 1: of nobody there is no share.

    >>> tuple(round(end) for end in wilson(60, 10))
    (31, 83)
    """
    if not 0 <= share_percent <= 100:
        raise ValueError(f"a share lies between 0 and 100, not at {share_percent}")
    if cohort < 1:
        raise ValueError("a share of nobody has no interval")
    share, z2 = share_percent / 100, z * z
    middle = share + z2 / (2 * cohort)
    half = z * math.sqrt(share * (1 - share) / cohort + z2 / (4 * cohort * cohort))
    whole = 1 + z2 / cohort
    return max(0.0, 100 * (middle - half) / whole), min(100.0, 100 * (middle + half) / whole)


def one_pupil_points(cohort: int) -> float:
    """How many percentage points one pupil weighs in a cohort. Raises ValueError for a cohort under 1."""
    if cohort < 1:
        raise ValueError("one pupil weighs nothing in a cohort of nobody")
    return 100 / cohort


def overlap(first: tuple[float, float], second: tuple[float, float]) -> bool:
    """Whether two intervals share a value: where they do, chance may be all that lies between the two figures."""
    return first[0] <= second[1] and second[0] <= first[1]
