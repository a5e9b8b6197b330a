"""The directory: who offers support, what vouches for them, and what of their days is left.

What a supporter declares in private goes into the matching and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.england.school_years import school_year_of
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.support.models import CapacityYear, StandingInterest, Supporter
from convenor.support.queries.assurances import assured_of
from convenor.support.rules.assurance import in_date
from convenor.support.rules.capacity import Year
from convenor.support.rules.placing import Offer

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def offers_for_matching(*, viewer: Viewer, at: date | datetime) -> list[Offer]:
    """Every supporter of the viewer's partnership as the matching reads them, declared interests included; empty for whoever brokers nothing.

    Days are those left in the school year of the day. An answer of the matching names no interest. Four queries.
    """
    here = viewer.partnership
    if here is None or not viewer.may(Permission.SUPPORT_BROKER):
        return []
    on = day_of(at)
    rows = list(Supporter.objects.filter(in_force(on), partnership_id=here.id).select_related("school", "trust").order_by("id"))
    pks = [row.pk for row in rows]
    assured = assured_of(pks, viewer=viewer)
    years = years_of(pks, school_year_of(on).label, viewer=viewer)
    interests: dict[int, set[str]] = defaultdict(set)
    declared = StandingInterest.objects.filter(Q(until_on=None) | Q(until_on__gt=on), supporter_id__in=pks)
    for pk, urn in declared.values_list("supporter_id", "school_id"):
        interests[pk].add(urn)
    return [
        _offer(row, assured=in_date(assured.get(row.pk, ()), on), left=years.get(row.pk, Year()).left, interests=interests[row.pk])
        for row in rows
    ]


def years_of(supporter_ids: list[int], year: str, *, viewer: Viewer) -> dict[int, Year]:
    """Half days offered, booked and delivered in a school year, for each supporter who offers any. One query."""
    rows = CapacityYear.objects.filter(supporter_id__in=supporter_ids, year=year)
    return {
        row[0]: Year(*row[1:]) for row in rows.values_list("supporter_id", "half_days_offered", "half_days_booked", "half_days_delivered")
    }


def _offer(row: Supporter, *, assured: bool, left: int, interests: set[str]) -> Offer:
    """A supporter as the matching reads them: their own place where they have one, else that of their school."""
    school = row.school
    easting, northing = place_of(row, viewer=None)
    return Offer(
        id=str(row.pk), urn=row.school_id, trust=row.trust_id or (school.trust_id if school else None),
        federation=school.federation_id if school else None, organisation=row.organisation or (row.trust.name if row.trust else ""),
        themes=frozenset(row.expertise), phases=frozenset(row.phases), half_days_left=left, day_pence=None, easting=easting,
        northing=northing, reach_km=row.reach_km, assured=assured, interests=frozenset(interests), formats=frozenset(row.formats),
    )  # fmt: skip


def place_of(row: Supporter, *, viewer: Viewer | None) -> tuple[int | None, int | None]:
    """Where a supporter sets out from, metres: a place of their own, else their school; nothing where neither is known."""
    if row.easting is not None and row.northing is not None:
        return row.easting, row.northing
    return (row.school.easting, row.school.northing) if row.school else (None, None)
