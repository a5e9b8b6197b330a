"""What is newest in the record, for a person's own page. All of it is published and open to everyone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from convenor.registers.models import AreaContext, Edition, Reading


@dataclass(frozen=True, slots=True)
class NewEdition:
    """An edition, and when it came."""

    key: str
    title: str
    publisher: str
    as_at: date
    loaded_at: datetime


def newest_about(urns: Iterable[str], *, viewer: Any) -> NewEdition | None:
    """The edition that was loaded last of those with a figure about any of these schools; None where there is none. One query."""
    speaks = Reading.objects.filter(urn__in=list(urns)).values("edition_id")
    row = Edition.objects.filter(pk__in=speaks, withdrawn_at=None).order_by("-loaded_at", "-id").values_list(
        "key", "title", "publisher", "as_at", "loaded_at"
    ).first()  # fmt: skip
    return NewEdition(*row) if row else None


@dataclass(frozen=True, slots=True)
class FamilyAge:
    """The newest edition of one family of files."""

    family: str
    as_at: date


def families_by_age(*, viewer: Any) -> list[FamilyAge]:
    """The newest day that each loaded family of files describes, the oldest first. One query."""
    newest = Edition.objects.filter(withdrawn_at=None).order_by().values_list("family").annotate(newest=Max("as_at"))
    return sorted((FamilyAge(family, as_at) for family, as_at in newest), key=lambda one: (one.as_at, one.family))


@dataclass(frozen=True, slots=True)
class ContextNow:
    """An area's latest context: `indicators` as `convenor context` prints them."""

    kind: str
    code: str
    as_at: date
    indicators: dict[str, Any]


def latest_contexts(codes: Iterable[str], *, viewer: Any) -> dict[str, ContextNow]:
    """The latest context that was worked out for each of these areas, by code; areas without one are absent. One query."""
    rows = AreaContext.objects.filter(area_code__in=list(codes)).order_by("as_at", "computed_at", "id")
    found: dict[str, ContextNow] = {}
    for kind, code, as_at, indicators in rows.values_list("area_kind", "area_code", "as_at", "indicators"):
        found[code] = ContextNow(kind, code, as_at, indicators)
    return found
