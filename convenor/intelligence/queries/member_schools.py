"""The member schools of a partnership as early identification needs them: phase, cluster and place. Membership is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from convenor.partnership.models import BodySchool, Membership, ReportingLine
from convenor.partnership.queries.holdings import in_force

CLUSTER, ALLIANCE = "cluster", "alliance"


@dataclass(frozen=True, slots=True)
class MemberSchool:
    """A member school. `cluster` and `alliance` are "" for none, and the first by the bodies' order where it sits in several.

    `easting` and `northing` are metres on the national grid, None where the register does not place it.
    """

    urn: str
    name: str
    phase: str
    cluster: str
    alliance: str
    easting: int | None
    northing: int | None
    fictitious: bool


def member_schools(partnership_id: int, *, viewer: Any, on: date) -> list[MemberSchool]:
    """Every member on the day, by name: the same for every viewer. Three queries."""
    above = ReportingLine.objects.filter(in_force(on), partnership_id=partnership_id, reports_to__tier__hue=ALLIANCE)
    alliance_of = dict(above.order_by("-reports_to__order").values_list("body_id", "reports_to__name"))
    sits = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership_id=partnership_id).order_by("body__order", "body_id")
    clusters: dict[str, str] = {}
    alliances: dict[str, str] = {}
    for urn, body, name, hue in sits.values_list("school_id", "body_id", "body__name", "body__tier__hue"):
        if hue == CLUSTER:
            clusters.setdefault(urn, name)
        place = name if hue == ALLIANCE else alliance_of.get(body)
        if place:
            alliances.setdefault(urn, place)
    rows = Membership.objects.filter(in_force(on), partnership_id=partnership_id).order_by("school__name", "school_id").values_list(
        "school_id", "school__name", "school__phase", "school__easting", "school__northing", "school__fictitious"
    )  # fmt: skip
    return [
        MemberSchool(row[0], row[1], row[2], clusters.get(row[0], ""), alliances.get(row[0], ""), row[3], row[4], row[5]) for row in rows
    ]
