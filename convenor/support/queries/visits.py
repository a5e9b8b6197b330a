"""Visits of a package with their notes, as somebody may see them; and the days on which a visit could be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.terms import calendars
from convenor.partnership.rules.terms import DAY, SchoolCalendar
from convenor.peer_review.models import PeerReview, TeamMember
from convenor.peer_review.rules.states import State
from convenor.support.models import NoteOfVisit, Objective, Package, Supporter, Visit
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.notes import NoteStands, Words, due_on, stands
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import Accuracy
from convenor.support.rules.visits import HALF_DAYS_A_DAY, Diary

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Reviews in these states take nobody's days up.
NO_REVIEW = (State.WITHDRAWN.value, State.POSTPONED.value)
#: How far ahead free days are looked for, and how many are offered.
LOOKED_FOR = timedelta(days=60)
OFFERED = 6


@dataclass(frozen=True, slots=True)
class MarkSeen:
    """What the head said of a note."""

    accuracy: Accuracy
    words: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """A note with everything the head said of it, in order."""

    pk: int
    number: int
    words: Words
    late: bool
    at: datetime
    by: str
    marks: tuple[MarkSeen, ...]

    @property
    def stands(self) -> NoteStands:
        """Where it stands with the head."""
        return stands([each.accuracy for each in self.marks])


@dataclass(frozen=True, slots=True)
class VisitSeen:
    """A visit with its notes. `note_due_on`: until when a first note is in time, once it was held. `draft`: the viewer's own, not sent."""

    pk: int
    on: date
    half_days: int
    what: str
    objectives: tuple[int, ...]
    delivered_on: date | None
    off: bool
    off_why: str
    notes: tuple[NoteSeen, ...]
    draft: Words | None
    draft_at: datetime | None
    version: int

    @property
    def held(self) -> bool:
        """Whether it took place."""
        return self.delivered_on is not None

    @property
    def note_due_on(self) -> date | None:
        """Until when its first note is in time; None where it is there, or nothing was held."""
        return due_on(self.delivered_on) if self.delivered_on is not None and not self.notes else None


def visits(here: PackageHere, *, viewer: Viewer) -> tuple[VisitSeen, ...] | None:
    """The visits of a package, in the order of their days; None for whoever may not see them. Three queries.

    A note that is not sent yet is there for whoever writes it alone.
    """
    if not here.sees(Sight.NOTES):
        return None
    rows = Visit.objects.filter(package_id=here.pk).order_by("on", "id")
    notes: dict[int, list[NoteSeen]] = {}
    found = NoteOfVisit.objects.filter(visit__package_id=here.pk).select_related("by").prefetch_related("marks__by")
    for each in found.order_by("at", "id"):
        marks = tuple(MarkSeen(Accuracy(mark.accuracy), mark.words, mark.at, mark.by.name) for mark in each.marks.all())
        words = Words(each.seen, each.agreed, each.next_time)
        notes.setdefault(each.visit_id, []).append(NoteSeen(each.pk, each.number, words, each.late, each.at, each.by.name, marks))
    return tuple(_seen(row, notes.get(row.pk, []), viewer) for row in rows)


def _seen(row: Visit, notes: list[NoteSeen], viewer: Viewer) -> VisitSeen:
    own = row.draft_by_id is not None and row.draft_by_id == viewer.person_id and any(row.draft.values())
    return VisitSeen(
        row.pk, row.on, row.half_days, row.what, tuple(row.objectives), row.delivered_on, row.cancelled_at is not None, row.cancelled_why,
        tuple(notes), Words(**row.draft) if own else None, row.draft_at if own else None, row.version,
    )  # fmt: skip


def calendar_of(row: Package, *, viewer: Viewer) -> SchoolCalendar:
    """The school days of the receiving school. Two queries."""
    return calendars(row.partnership.slug, viewer=viewer).of(row.school.authority_id or "")


def diary_of(row: Package, *, viewer: Viewer, but: int | None = None) -> Diary:
    """The days of a package's supporter: on visits anywhere, and on peer reviews. `but`: a visit that is not counted. Two queries."""
    supporter = _supporter(row)
    taken: dict[date, int] = {}
    others = Visit.objects.filter(supporter_id=supporter.pk, cancelled_at=None)
    if but is not None:
        others = others.exclude(pk=but)
    for on, held, half_days in others.values_list("on", "delivered_on", "half_days"):
        day = held or on
        taken[day] = taken.get(day, 0) + half_days
    return Diary(supporter.name, taken, _reviewing(supporter.person_id))


def _supporter(row: Package) -> Supporter:
    """The supporter of a package that has visits."""
    assert row.supporter is not None, "a package with visits has a supporter"
    return row.supporter


def _reviewing(person_id: int | None) -> frozenset[date]:
    """The days on which somebody is on a peer review. One query, none for a body."""
    if person_id is None:
        return frozenset()
    on_team = TeamMember.objects.filter(reviewer__person_id=person_id, left_on=None).values("review_id")
    dated = PeerReview.objects.filter(pk__in=on_team, visit_from_on__isnull=False, visit_until_on__isnull=False).exclude(
        state__in=NO_REVIEW
    )
    return frozenset(
        first + DAY * ahead
        for first, until in dated.values_list("visit_from_on", "visit_until_on")
        if first is not None and until is not None
        for ahead in range((until - first).days)
    )


def live_numbers(row: Package, *, viewer: Viewer) -> list[int]:
    """The numbers of the objectives that run. One query."""
    return sorted(Objective.objects.filter(package=row, ended_on=None).values_list("number", flat=True))


def free_days(here: PackageHere, *, viewer: Viewer, at: date | datetime, half_days: int = 1, after: date | None = None) -> list[date]:
    """The next school days of the receiving school on which the supporter is free for so long, from the day after `after` (or today).

    Empty for whoever may not see visits, or without a supporter. Six queries.
    """
    if not here.sees(Sight.NOTES) or here.supporter_id is None:
        return []
    row = Package.objects.select_related("partnership", "school", "supporter").get(pk=here.pk)
    first = max(day_of(at), after or day_of(at)) + DAY
    calendar, diary = calendar_of(row, viewer=viewer), diary_of(row, viewer=viewer)
    days = calendar.days(first, first + LOOKED_FOR)
    fits = [day for day in days if day not in diary.reviewing and diary.taken.get(day, 0) + half_days <= HALF_DAYS_A_DAY]
    return fits[:OFFERED]
