"""What is held about a school, class by class, so that it sees at a glance what somebody could ask for, and who answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Model

from convenor.intelligence.models import CategoryJudgement, EarlyConversation, EnteredFigure, Reply, Response, SoftSignal
from convenor.partnership.queries.holdings import day_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Table -> the field that says when a row was written, and the way to its partnership.
_TABLES: tuple[tuple[type[Model], str, str], ...] = (
    (EnteredFigure, "entered_at", "partnership"),
    (SoftSignal, "noted_at", "partnership"),
    (Response, "at", "partnership"),
    (Reply, "at", "partnership"),
    (EarlyConversation, "opened_on", "partnership"),
    (CategoryJudgement, "at", "scheme__partnership"),
)


@dataclass(frozen=True, slots=True)
class HeldClass:
    """How many records of a class are held about a school by whom, what is withdrawn or ended included, and the newest one's day."""

    record_class: str
    holder: str
    number: int
    newest: date


def held_about(urns: Iterable[str], *, viewer: Viewer) -> dict[str, list[HeldClass]]:
    """What is held about schools, by class and holder, for their own people; schools of others are absent. Six queries at most."""
    here = viewer.partnership
    own = [urn for urn in urns if viewer.sees_record(urn)]
    if here is None or not own:
        return {}
    found: dict[tuple[str, str, str], HeldClass] = {}
    for table, when, partnership in _TABLES:
        rows = table._default_manager.filter(**{"school_id__in": own, partnership: here.id}).order_by()
        counted = rows.values_list("school_id", "record_class", "holder").annotate(Count("pk"), Max(when))
        for urn, key, holder, number, newest in counted:
            before = found.get((urn, key, holder), HeldClass(key, holder, 0, date.min))
            found[urn, key, holder] = HeldClass(key, holder, before.number + number, max(before.newest, day_of(newest)))
    return {urn: [each for (of, *_), each in sorted(found.items(), key=lambda item: item[0]) if of == urn] for urn in own}
