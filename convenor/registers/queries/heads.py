"""Heads' names as the register publishes them, for a partnership's own schools."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from convenor.registers.models import HeadOfSchool


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """The head's name in the newest edition that gives one. `as_at` is the edition's day, in words for the source."""

    name: str
    job_title: str
    edition: str


def heads_of(urns: Iterable[str], *, viewer: Any) -> dict[str, PublishedHead]:
    """The published name of each of these schools' heads; schools of which none is published are absent. One query.

    The register is public: every viewer gets the same answer. The caller asks only for schools of its own partnership.
    """
    rows = HeadOfSchool.objects.filter(urn__in=list(urns), edition__withdrawn_at=None).order_by("edition__as_at", "id")
    fields = ("urn", "title", "first_name", "last_name", "job_title", "edition__title", "edition__as_at")
    found: dict[str, PublishedHead] = {}
    for urn, title, first, last, job, edition, as_at in rows.values_list(*fields):
        name = " ".join(part for part in (title, first, last) if part.strip())
        if first.strip() or last.strip():
            found[urn] = PublishedHead(name, job, f"{edition}, {as_at.day} {as_at:%B %Y}")
    return found
