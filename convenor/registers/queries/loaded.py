"""What is loaded: every edition with its counts, and each row that was refused by name and reason. Open to everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from convenor.registers.models import Edition, RefusedRow

REFUSED_PAGE = 100


@dataclass(frozen=True, slots=True)
class EditionCounts:
    """One edition as its page tells it. `rows_read` is the sum of the other three."""

    key: str
    family: str
    publisher: str
    title: str
    as_at: date
    period: str
    licence: str
    note: str
    file_name: str
    digest: str
    rows_read: int
    rows_loaded: int
    rows_refused: int
    rows_aggregate: int
    warnings: list[str]
    loaded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: str

    @property
    def withdrawn(self) -> bool:
        """Whether it has been taken back: nothing of it is shown any more, but that it was here is."""
        return self.withdrawn_at is not None


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that would not be taken. `row` is the line of the file, the header being 1."""

    row: int
    urn: str
    field: str
    reason: str


_FIELDS = (
    "key", "family", "publisher", "title", "as_at", "period", "licence", "note", "file_name", "digest", "rows_read", "rows_loaded",
    "rows_refused", "rows_aggregate", "warnings", "loaded_at", "withdrawn_at", "withdrawn_why",
)  # fmt: skip


def loaded_editions(*, viewer: Any) -> list[EditionCounts]:
    """Every edition ever loaded, withdrawn ones among them, by publisher and then newest first. One query."""
    rows = Edition.objects.order_by("publisher", "-as_at", "title", "-id").values_list(*_FIELDS)
    return [EditionCounts(*row) for row in rows]


def edition(key: str, *, viewer: Any) -> EditionCounts | None:
    """One edition by its key; None when there is none. One query."""
    row = Edition.objects.filter(key=key).values_list(*_FIELDS).first()
    return EditionCounts(*row) if row else None


def refused_rows(key: str, *, viewer: Any, page: int = 1) -> list[Refused]:
    """A page (of 100, from 1) of the rows refused in an edition, in the order of the file; empty beyond the last. One query."""
    first = (max(1, page) - 1) * REFUSED_PAGE
    rows = RefusedRow.objects.filter(edition__key=key).order_by("row", "id").values_list("row", "urn", "field", "reason")
    return [Refused(*row) for row in rows[first : first + REFUSED_PAGE]]


def refused_number(key: str, *, viewer: Any) -> int:
    """How many refused rows of an edition are kept by name. One query."""
    return RefusedRow.objects.filter(edition__key=key).count()


def standing_keys(*, viewer: Any) -> frozenset[str]:
    """The keys of all editions that stand. One query."""
    return frozenset(Edition.objects.filter(withdrawn_at=None).values_list("key", flat=True))
