"""Keys by which features above point at a partnership's things. They say nothing that is not public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from convenor.partnership.models import Body, Partnership, Tier


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body by its primary key, with what other features ask of it."""

    pk: int
    partnership_id: int
    key: str
    name: str
    quorum: int | None
    from_on: date | None
    until_on: date | None


def partnership_id(slug: str) -> int:
    """The primary key of a partnership. Raises Partnership.DoesNotExist."""
    return Partnership.objects.values_list("pk", flat=True).get(slug=slug)


def body_row(slug: str, key: str) -> BodyRow | None:
    """The body of this key, or None."""
    fields = ("pk", "partnership_id", "key", "name", "quorum", "from_on", "until_on")
    row = Body.objects.filter(partnership__slug=slug, key=key).values_list(*fields).first()
    return BodyRow(*row) if row else None


def tier_id(slug: str, key: str) -> int | None:
    """The primary key of a tier, or None."""
    return Tier.objects.filter(partnership__slug=slug, key=key).values_list("pk", flat=True).first()
