"""The published directory: the entries that agreed to stand there and that something vouches for, as anybody may read them.

No person's name, no place of somebody's own, nothing declared, nothing of a package.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from convenor.england.school_years import school_year_of
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.queries.keys import partnership_id
from convenor.registers.rules.grid import to_longitude_and_latitude
from convenor.support.models import Assurance, CapacityYear, Supporter
from convenor.support.queries.supporters import designations
from convenor.support.rules.assurance import Assured
from convenor.support.rules.capacity import Year
from convenor.support.rules.designations import Designation
from convenor.support.rules.entries import published_name
from convenor.support.rules.hsds import Listed, Vouched
from convenor.support.rules.states import AssuranceKind, SupporterKind


def published(slug: str, *, viewer: Any, at: date | datetime) -> list[Listed]:
    """Every published entry of a partnership, by name; the same for everybody. Five queries.

    Entries that were taken in from another directory stay with that one. Without assurance in date an entry is not published.
    """
    on = day_of(at)
    rows = Supporter.objects.filter(in_force(on), partnership_id=partnership_id(slug), published=True, taken_from="")
    found = list(rows.select_related("school", "trust").order_by("name", "id"))
    pks = [row.pk for row in found]
    evidence = _evidence(pks, on)
    label = school_year_of(on).label
    years = {
        row.supporter_id: Year(row.half_days_offered, row.half_days_booked, row.half_days_delivered)
        for row in CapacityYear.objects.filter(supporter_id__in=pks, year=label)
    }
    named = designations(slug, viewer=viewer)
    vouched = [row for row in found if row.pk in evidence]
    degrees = _degrees(vouched)
    listed = [_listed(row, evidence[row.pk], label, years.get(row.pk, Year()), degrees.get(row.pk), named) for row in vouched]
    return sorted(listed, key=lambda each: (each.name, str(each.uid)))


def published_one(slug: str, uid: UUID, *, viewer: Any, at: date | datetime) -> Listed | None:
    """One published entry; None where there is none such, or none that is published."""
    return next((each for each in published(slug, viewer=viewer, at=at) if each.uid == uid), None)


def _evidence(pks: Sequence[int], on: date) -> dict[int, list[Vouched]]:
    """What vouches for each on the day; whoever nothing vouches for is absent."""
    found: dict[int, list[Vouched]] = {}
    for row in Assurance.objects.filter(supporter_id__in=pks).order_by("assured_on", "id"):
        if Assured(row.assured_on, row.valid_until_on, row.withdrawn_on).counts(on):
            found.setdefault(row.supporter_id, []).append(
                Vouched(AssuranceKind(row.kind), row.assurer, row.source, row.assured_on, row.valid_until_on)
            )
    return found


def _degrees(rows: Sequence[Supporter]) -> dict[int, tuple[float, float]]:
    """Longitude and latitude of the school that somebody comes from; never of a place of somebody's own."""
    placed = [
        (row.pk, (row.school.easting, row.school.northing))
        for row in rows
        if row.school is not None and row.school.easting is not None and row.school.northing is not None
    ]
    degrees = to_longitude_and_latitude([place for _, place in placed])
    return {pk: each for (pk, _), each in zip(placed, degrees, strict=True)}


def _listed(
    row: Supporter, evidence: list[Vouched], label: str, year: Year, degrees: tuple[float, float] | None, named: dict[str, Designation]
) -> Listed:
    kind = SupporterKind(row.kind)
    house = row.school.name if row.school else row.trust.name if row.trust else row.organisation
    first = next((named[key].name for key in row.designations if key in named), "")
    name = published_name(kind, row.name, first, house)
    return Listed(
        uid=row.uid, kind=kind, name=name, organisation=house or name, urn=row.school_id or "", says=row.says,
        designations=tuple(row.designations), expertise=tuple(row.expertise), phases=tuple(row.phases), formats=tuple(row.formats),
        longitude=degrees[0] if degrees else None, latitude=degrees[1] if degrees else None, reach_km=row.reach_km,
        assurances=tuple(evidence), year=label if year.offered else "", half_days_offered=year.offered, half_days_left=year.left,
    )  # fmt: skip
