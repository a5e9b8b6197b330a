"""Legal holds, for whoever keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.accounts.models import Person
from convenor.archive.queries.reading import people_named
from convenor.partnership.gate import day_of
from convenor.partnership.queries.seats import people_to_choose
from convenor.partnership.roles import Permission
from convenor.records.models import Hold
from convenor.records.queries.retention import as_held
from convenor.records.rules.classes import CLASSES
from convenor.records.rules.holds import HoldKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class HoldSeen:
    """One hold. `on` says what it is put on, in words; `href_urn` is the school's URN, if it is on one."""

    pk: int
    kind: HoldKind
    on: str
    reason: str
    from_on: date
    until_on: date | None
    placed_by: str
    ended_by: str
    ended_why: str
    stands: bool


def holds(slug: str, *, viewer: Viewer, at: date | datetime) -> tuple[HoldSeen, ...]:
    """Every hold of the partnership, those that stand first; empty for anybody else. One query."""
    if not _keeps(slug, viewer):
        return ()
    rows = Hold.objects.filter(partnership__slug=slug).select_related("school", "person")
    seen = [_seen(row, day_of(at)) for row in rows]
    return tuple(sorted(seen, key=lambda each: (not each.stands, -each.pk)))


def hold(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> HoldSeen | None:
    """One hold; None for anybody else. One query."""
    return next((each for each in holds(slug, viewer=viewer, at=at) if each.pk == pk), None)


def people_to_hold(slug: str, *, viewer: Viewer, at: date | datetime) -> list[tuple[int, str]]:
    """Everybody whom a row of the partnership names, by name, with what they hold now; empty for whoever keeps no holds."""
    if not _keeps(slug, viewer):
        return []
    now = {each.person_id: each.said for each in people_to_choose(slug, viewer=viewer, at=at)}
    people = Person.objects.filter(pk__in=people_named(slug, viewer=viewer)).order_by("name", "pk").values_list("pk", "name")
    return [(key, f"{name} – {now.get(key, 'holds nothing now')}") for key, name in people]


def _keeps(slug: str, viewer: Viewer) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.RETENTION_RUN)


def _seen(row: Hold, today: date) -> HoldSeen:
    kind = HoldKind(row.kind)
    on = row.school.name if row.school else row.person.name if row.person else CLASSES[row.record_class].name
    return HoldSeen(
        row.pk, kind, on, row.reason, row.from_on, row.until_on, row.placed_by, row.ended_by, row.ended_why, as_held(row).stands(today)
    )
