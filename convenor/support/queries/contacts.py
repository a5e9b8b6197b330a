"""Notes of contact: one's own school's, those one wrote, and of schools one works with those that the school has marked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from convenor.intelligence.models import EarlyConversation
from convenor.intelligence.queries.reach import Member, member, member_list, schools_led, standpoint
from convenor.partnership.roles import ROLES, HeldAt, Permission
from convenor.support.models import ContactMark, ContactNote, Package
from convenor.support.rules.contact import KIND_SAYS, Marked, NoteReader, marked, reads
from convenor.support.rules.states import Accuracy, ContactKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: How many notes a page shows.
PAGE = 100


@dataclass(frozen=True, slots=True)
class MarkSeen:
    """What the school said of a note, and when."""

    accurate: bool
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """A note of contact for somebody who reads it. `school_own`: it is about their own school; `mine`: they wrote it."""

    pk: int
    urn: str
    school: str
    fictitious: bool
    kind: ContactKind
    on: date
    at: datetime
    by: str
    words: str
    next_step: str
    state: Marked
    marks: tuple[MarkSeen, ...]
    school_own: bool
    mine: bool

    @property
    def says(self) -> str:
        """What kind of contact it was."""
        return KIND_SAYS[self.kind]

    @property
    def waits(self) -> bool:
        """Whether the school has not said yet whether it is accurate."""
        return self.state is Marked.NOT_YET


@dataclass(frozen=True, slots=True)
class ContactSeen:
    """That there was a contact, for whoever coordinates: with which school, how and when; never what was written."""

    urn: str
    school: str
    fictitious: bool
    says: str
    on: date
    state: Marked


@dataclass(frozen=True, slots=True)
class ContactsSeen:
    """The page of one viewer. `followed`: every contact of the partnership, for whoever coordinates. `writes`: they may write notes."""

    notes: tuple[NoteSeen, ...]
    followed: tuple[ContactSeen, ...]
    writes: bool

    @property
    def waiting(self) -> tuple[NoteSeen, ...]:
        """The notes about their own school that wait for its word."""
        return tuple(each for each in self.notes if each.school_own and each.waits)


def contacts(slug: str, *, viewer: Viewer, at: date | datetime) -> ContactsSeen | None:
    """The notes that this viewer reads, the newest first; None outside the partnership. At most six queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None:
        return None
    rows = ContactNote.objects.filter(partnership_id=here.id).select_related("school")
    seen = _readable(rows, viewer)
    followed: tuple[ContactSeen, ...] = ()
    if any(each.body_id is None and each.allows(Permission.PACKAGE_FOLLOW) for each in viewer.holdings):
        every = list(rows.order_by("-on", "-pk")[:PAGE])
        states = _states([row.pk for row in every])
        followed = tuple(
            ContactSeen(
                row.school_id, row.school.name, row.school.fictitious, KIND_SAYS[ContactKind(row.kind)], row.on,
                marked([each for each, _, _ in states[row.pk]]),
            )
            for row in every
        )  # fmt: skip
    return ContactsSeen(tuple(seen), followed, viewer.may(Permission.CONTACT_NOTE))


def contact(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> NoteSeen | None:
    """One note for whoever reads it; None for everybody else. At most four queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None:
        return None
    rows = ContactNote.objects.filter(partnership_id=here.id, pk=pk).select_related("school")
    return next(iter(_readable(rows, viewer)), None)


def _readable(rows: QuerySet[ContactNote], viewer: Viewer) -> list[NoteSeen]:
    """The notes among these that the viewer reads, with everything the school said of them."""
    assert viewer.partnership is not None
    own = [urn for urn in viewer.urns if viewer.sees_record(urn)]
    works = _worked_with(viewer)
    found = list(rows.filter(Q(school_id__in=own) | Q(by_id=viewer.person_id) | Q(school_id__in=works)).order_by("-on", "-pk")[:PAGE])
    states = _states([row.pk for row in found])
    seen = []
    for row in found:
        state = marked([each for each, _, _ in states[row.pk]])
        reader = NoteReader(row.school_id in own, row.by_id == viewer.person_id, row.school_id in works)
        if reads(reader, state):
            marks = tuple(MarkSeen(each is Accuracy.ACCURATE, words, at) for each, words, at in states[row.pk])
            seen.append(
                NoteSeen(
                    row.pk, row.school_id, row.school.name, row.school.fictitious, ContactKind(row.kind), row.on, row.at, row.by_label,
                    row.words, row.next_step, state, marks, reader.school, reader.writer,
                )
            )  # fmt: skip
    return seen


def _states(pks: list[int]) -> dict[int, list[tuple[Accuracy, str, datetime]]]:
    """Everything that schools said of these notes, in order. One query."""
    found: dict[int, list[tuple[Accuracy, str, datetime]]] = defaultdict(list)
    for note, accuracy, words, at in ContactMark.objects.filter(note_id__in=pks).values_list("note_id", "accuracy", "words", "at"):
        found[note].append((Accuracy(accuracy), words, at))
    return found


def _worked_with(viewer: Viewer) -> set[str]:
    """The schools whose package or early conversation this broker holds now, none of their own. Two queries, for brokers alone."""
    if viewer.partnership is None or viewer.person_id is None or not viewer.may(Permission.SUPPORT_BROKER):
        return set()
    held = {"partnership_id": viewer.partnership.id, "broker_id": viewer.person_id, "ended_on": None}
    packages = set(Package.objects.filter(**held).values_list("school_id", flat=True))
    talks = set(EarlyConversation.objects.filter(**held).values_list("school_id", flat=True))
    return {urn for urn in packages | talks if not viewer.sees_record(urn)}


def school_to_note(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> Member | None:
    """The member school, where this viewer may write a note of contact with it; None for any other. At most three queries."""
    if viewer.partnership is None or viewer.partnership.slug != slug:
        return None
    school = member(urn, slug=slug, viewer=viewer, at=at)
    if school is None or viewer.sees_record(urn):
        return None
    return school if standpoint(school, viewer=viewer, permission=Permission.CONTACT_NOTE, at=at) is not None else None


def schools_to_note(slug: str, *, viewer: Viewer, at: date | datetime) -> list[tuple[str, str]]:
    """URN and name of the member schools of which this viewer may write a note of contact, by name. At most three queries."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.CONTACT_NOTE):
        return []
    everywhere, areas = False, set()
    for each in viewer.holdings:
        if Permission.CONTACT_NOTE in ROLES[each.role].permissions:
            everywhere |= ROLES[each.role].held_at is HeldAt.PARTNERSHIP
            areas |= {each.authority_code} if each.authority_code else set()
    led = frozenset[str]() if everywhere else schools_led(viewer, permission=Permission.CONTACT_NOTE, at=at)
    return [
        (each.urn, each.name)
        for each in member_list(slug, viewer=viewer, at=at)
        if (everywhere or each.urn in led or each.authority_code in areas) and not viewer.sees_record(each.urn)
    ]
