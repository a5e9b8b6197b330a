"""Reading the journal: a school sees what was done about it and who looked; the manager and the auditor their partnership's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from convenor.journal.models import Entry, Look
from convenor.journal.rules import CONFIDENTIAL, said

#: How many entries a page shows.
PAGE = 50


class Reader(Protocol):
    """Whoever reads: what matters of a viewer here."""

    @property
    def journal_of(self) -> str:
        """The slug of the partnership whose journal they may read, "" for none."""

    @property
    def partnership(self) -> Any:
        """The partnership in which they stand; its `slug` is the line that no reading crosses."""

    def sees_record(self, urn: str) -> bool:
        """Whether they may open what is held about a school and is not public."""


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """One thing that was done. `said` is the verb in words: "Seat filled"."""

    at: datetime
    by: str
    verb: str
    said: str
    subject: str
    subject_kind: str
    subject_key: str
    urn: str
    why: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LookSeen:
    """One look at a school's record that is not public."""

    at: datetime
    by: str
    role: str
    record: str


@dataclass(frozen=True, slots=True)
class EntriesSeen:
    """A page of the journal, newest first. `verbs` are those that occur, with their words, to narrow by."""

    entries: tuple[EntrySeen, ...]
    total: int
    page: int
    verbs: tuple[tuple[str, str], ...]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def _seen(rows: QuerySet[Entry]) -> tuple[EntrySeen, ...]:
    fields = ("at", "by_label", "verb", "subject_label", "subject_kind", "subject_key", "urn", "why", "detail")
    return tuple(EntrySeen(row[0], row[1], row[2], said(row[2]), *row[3:]) for row in rows.values_list(*fields))


def entries(partnership: str, *, viewer: Reader, page: int = 1, verb: str = "", urn: str = "") -> EntriesSeen | None:
    """A partnership's journal, page by page; None for those who may not read it. Three queries.

    `partnership` is a slug. Another partnership's journal is never shown, whatever the viewer holds in their own. What is for a school
    alone (`rules.CONFIDENTIAL`) is not in it: the school sees it among what was done about itself.
    """
    if not partnership or viewer.journal_of != partnership:
        return None
    for_schools = reduce(or_, (Q(verb__startswith=beginning) for beginning in CONFIDENTIAL))
    everything = Entry.objects.filter(partnership=partnership).exclude(for_schools)
    verbs = everything.order_by("verb").values_list("verb", flat=True).distinct()
    rows = everything.filter(**{name: value for name, value in (("verb", verb), ("urn", urn)) if value})
    page = max(1, page)
    return EntriesSeen(
        _seen(rows.order_by("-at", "-id")[(page - 1) * PAGE : page * PAGE]), rows.count(), page, tuple((each, said(each)) for each in verbs)
    )


def entries_for_school(urn: str, *, viewer: Reader, limit: int = PAGE) -> list[EntrySeen]:
    """What was done about a school, newest first, for its own people; empty for anyone else. One query.

    Only what concerns the partnership in which they stand: another partnership's dealings with the school are shown to its
    people there.
    """
    if viewer.partnership is None or not viewer.sees_record(urn):
        return []
    rows = Entry.objects.filter(urn=urn, partnership=viewer.partnership.slug).order_by("-at", "-id")
    return list(_seen(rows[:limit]))


def looks_at(urn: str, *, viewer: Reader, limit: int = PAGE, record: str = "", beginning: str = "") -> list[LookSeen]:
    """Who looked at a school's record that is not public, newest first, for its own people; empty for anyone else. One query.

    `record`: at that one alone, in the words in which it was written down; `beginning`: at those alone whose words begin so.
    """
    if viewer.partnership is None or not viewer.sees_record(urn):
        return []
    rows = Look.objects.filter(urn=urn, partnership=viewer.partnership.slug).order_by("-at", "-id")
    if record:
        rows = rows.filter(record=record[:120])
    if beginning:
        rows = rows.filter(record__startswith=beginning)
    return [LookSeen(*row) for row in rows.values_list("at", "by_label", "role", "record")[:limit]]
