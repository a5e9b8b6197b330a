"""The member schools of a partnership as early identification needs them: phase, cluster and place. Membership is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from convenor.partnership.models import BodySchool, Membership
from convenor.partnership.queries.holdings import in_force


@dataclass(frozen=True, slots=True)
class MemberSchool:
    """A member school. `cluster` is "" for none, and the first by the bodies' order where it sits in several.

    `easting` and `northing` are metres on the national grid, None where the register does not place it.
    """

    urn: str
    name: str
    phase: str
    cluster: str
    easting: int | None
    northing: int | None
    fictitious: bool


def member_schools(partnership_id: int, *, on: date) -> list[MemberSchool]:
    """Every member on the day, by name. Two queries."""
    sits = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership_id=partnership_id, body__tier__hue="cluster")
    clusters: dict[str, str] = {}
    for urn, name in sits.order_by("body__order", "body_id").values_list("school_id", "body__name"):
        clusters.setdefault(urn, name)
    rows = Membership.objects.filter(in_force(on), partnership_id=partnership_id).order_by("school__name", "school_id").values_list(
        "school_id", "school__name", "school__phase", "school__easting", "school__northing", "school__fictitious"
    )  # fmt: skip
    return [MemberSchool(row[0], row[1], row[2], clusters.get(row[0], ""), row[3], row[4], row[5]) for row in rows]
