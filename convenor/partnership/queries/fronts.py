"""The partnerships whose public page anyone may visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from convenor.partnership.models import Partnership


@dataclass(frozen=True, slots=True)
class Front:
    """A partnership, as the first page of the site leads to it."""

    slug: str
    name: str
    purpose: str
    area_code: str
    area: str
    demonstration: bool


def any_stands(*, viewer: Any) -> bool:
    """Whether any partnership lives here that has not ended: without one nobody reads what is worked out for partnerships."""
    return Partnership.objects.filter(ended_on=None).exists()


def partnerships_to_visit(*, viewer: Any, limit: int = 200) -> list[Front]:
    """Partnerships that have not ended, by name, each with its first area. One query.

    Nothing but what their public pages say: no member, no holder, no switched-off room.
    """
    rows = Partnership.objects.filter(ended_on=None).order_by("name", "areas__code")
    found: dict[str, Front] = {}
    for row in rows.values_list("slug", "name", "purpose", "areas__code", "areas__name", "demonstration")[: limit * 4]:
        slug, name, purpose, code, area, demonstration = row
        found.setdefault(slug, Front(slug, name, purpose, code or "", area or "", demonstration))
    return list(found.values())[:limit]
