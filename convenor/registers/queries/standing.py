"""Where the published schools of an area stand and what they are called: so that invented ones may lie near, and be called otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convenor.registers.models import School


def standing(authorities: Sequence[str], *, viewer: Any = None) -> tuple[list[tuple[int, int]], frozenset[str]]:
    """Coordinates (easting and northing, in metres) and lower-case names of the authorities' published schools, in the order of their URNs.

    Names are those of all England, since a name must be nobody's. Two queries.
    """
    real = School.objects.filter(fictitious=False)
    points = real.filter(authority_id__in=authorities, easting__isnull=False, northing__isnull=False).order_by("urn")
    names = real.values_list("name", flat=True)
    placed = [(easting, northing) for easting, northing in points.values_list("easting", "northing") if easting and northing]
    return placed, frozenset(name.lower() for name in names)
