"""Supporters in Fernshire: somebody in the directory, what vouches for them and how many half days they offer."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.partnership.models import Membership
from convenor.registers.models import School
from convenor.support.models import Assurance, CapacityYear, Supporter
from tests.factories.partnership import AT, ON, SLUG, World, world
from tests.factories.remembered import remembered

__all__ = ["AT", "ON", "SLUG", "YEAR", "World", "assured", "directory_world", "supporter"]

YEAR = "2026-27"


@remembered
def directory_world() -> World:
    """Fernshire with places for its schools, 4 km apart."""
    here = world()
    for number, urn in enumerate(Membership.objects.order_by("school_id").values_list("school_id", flat=True)):
        School.objects.filter(urn=urn).update(easting=385000 + 4000 * number, northing=215000)
    return here


def supporter(here: World, name: str = "Ada Example", *, half_days: int | None = 30, assure: bool = True, **more: Any) -> Supporter:
    """Somebody in the directory: from a school of Fernshire, who knows reading, with assurance in date and 15 days this year."""
    given: dict[str, Any] = {
        "kind": "person", "name": name, "school_id": "990003", "expertise": ["reading"], "formats": ["coaching"],
        "from_on": date(2026, 9, 1), "published": True,
    }  # fmt: skip
    row = Supporter.objects.create(partnership=here.partnership, **given | more)
    if half_days is not None:
        CapacityYear.objects.create(supporter=row, year=YEAR, half_days_offered=half_days)
    if assure:
        assured(row)
    return row


def assured(row: Supporter, *, assured_on: date = date(2026, 1, 12), valid_until_on: date = date(2028, 1, 12), **more: Any) -> Assurance:
    """Something that vouches for a supporter."""
    given: dict[str, Any] = {"kind": "local-panel", "assurer": "The alliance", "source": "Panel of 12 January 2026"}
    return Assurance.objects.create(
        supporter=row, assured_on=assured_on, valid_until_on=valid_until_on, recorded_at=AT, recorded_by="the test", **given | more
    )
