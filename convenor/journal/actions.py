"""Writing the journal. Every other feature's action ends here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from convenor.journal.models import Entry, Look

LONDON = ZoneInfo("Europe/London")


class Actor(Protocol):
    """Whoever does or looks: a viewer, or an operator at the command line."""

    @property
    def person_id(self) -> int | None: ...

    @property
    def label(self) -> str: ...


def _key(by: Actor | str) -> str:
    return "" if isinstance(by, str) or by.person_id is None else str(by.person_id)


def _label(by: Actor | str) -> str:
    return (by if isinstance(by, str) else by.label)[:200]


def record(
    *,
    by: Actor | str,
    at: datetime,
    verb: str,
    subject_kind: str,
    subject_key: object,
    subject_label: str,
    partnership: str = "",
    urn: str = "",
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Writes down one thing that was done: by whom, when, to what and why.

    `by` is a viewer, or the words "the system" or an operator's name. `verb` is the field's word, as in "seat.filled".
    `partnership` is a slug, empty for the shared registers; `urn` the school it is about, if one.
    """
    return Entry.objects.create(
        at=at,
        by_key=_key(by),
        by_label=_label(by),
        partnership=partnership,
        verb=verb,
        subject_kind=subject_kind,
        subject_key=str(subject_key)[:80],
        subject_label=subject_label[:300],
        urn=urn,
        why=why,
        detail=detail or {},
    )


def look(*, by: Actor, at: datetime, role: str, partnership: str, urn: str, record: str) -> Look:
    """Writes down one look at a school's record that is not public; the school sees it. `role` is the role that allowed it."""
    return Look.objects.create(
        at=at, by_key=_key(by), by_label=_label(by), role=role, partnership=partnership, urn=urn, record=record[:120]
    )


def look_at_list(
    *, by: Actor, at: datetime, day: date, role: str, partnership: str, urns: Iterable[str], record: str
) -> int:  # fmt: skip
    """Writes down that somebody was shown schools in a list that is not public: for each school once on a day, however often it is opened.

    `day` is the day in England on which `at` falls. Returns how many looks were new. Two queries.
    """
    asked = list(dict.fromkeys(urns))
    if not asked:
        return 0
    begun = datetime.combine(day, time(), tzinfo=LONDON)
    known = Look.objects.filter(by_key=_key(by), partnership=partnership, urn__in=asked, record=record[:120], at__gte=begun)
    seen = set(known.values_list("urn", flat=True))
    rows = [
        Look(at=at, by_key=_key(by), by_label=_label(by), role=role, partnership=partnership, urn=urn, record=record[:120])
        for urn in asked
        if urn not in seen
    ]
    return len(Look.objects.bulk_create(rows))
