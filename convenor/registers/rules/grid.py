"""The national grid: metres east and north (OSGB36) to degrees of longitude and latitude (WGS84). Pure.

Without the Ordnance Survey's correction grid the result is right to within about five metres: enough for a dot on a map.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

#: Decimals kept of a degree: five are about a metre.
DECIMALS = 5


@lru_cache(maxsize=1)
def _transformer() -> Any:
    """From EPSG:27700 to EPSG:4326; made once, when first asked, since it takes a tenth of a second."""
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)


def to_longitude_and_latitude(places: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Eastings and northings in metres as longitudes and latitudes in degrees, all at once, in the same order."""
    if not places:
        return []
    eastings, northings = zip(*places, strict=True)
    longitudes, latitudes = _transformer().transform(eastings, northings)
    return [(round(longitude, DECIMALS), round(latitude, DECIMALS)) for longitude, latitude in zip(longitudes, latitudes, strict=True)]
