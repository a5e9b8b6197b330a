"""The support of one school, for School-at-a-glance and for what is held about it: nothing at all for whoever has no part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Q

from convenor.partnership.models import Partnership
from convenor.partnership.queries.holdings import day_of
from convenor.peer_review.rules.themes import name_of
from convenor.support.models import (
    ContactNote,
    FormalStep,
    InspectionCall,
    Mentoring,
    Need,
    OtherSupport,
    Package,
    RingLink,
    SchoolAnswer,
    Supporter,
)
from convenor.support.queries.earlier import EarlierSeen, earlier_support
from convenor.support.queries.standing import parts_of
from convenor.support.queries.waiting import on_room
from convenor.support.rules.ownership import supplier_still_reads
from convenor.support.rules.package_words import said_counts, stands_in
from convenor.support.rules.states import NeedState, PackageStatus, Who

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


#: Requests for which nobody is chosen yet.
WAITING = [each.value for each in NeedState if each.waits]


@dataclass(frozen=True, slots=True)
class PackageOfSchool:
    """One package of a school as somebody sees it who has a part in it: where it stands, who supports."""

    pk: int
    stands: str
    status: PackageStatus
    supporter: str
    opened_on: date
    ended_on: date | None
    receiving: bool


@dataclass(frozen=True, slots=True)
class SupportOfSchool:
    """What the panel of a school says. `needs` are the school's own requests that wait; `own`: the viewer is of the school."""

    packages: tuple[PackageOfSchool, ...]
    needs: int
    own: bool


def support_of_school(urn: str, *, viewer: Viewer, at: date | datetime) -> SupportOfSchool | None:
    """A school's packages, newest first, as far as this viewer may know of them; None where there is nothing for them to know.

    One query, two where there is a package and for the school's own people; none outside a partnership.
    """
    if not on_room(viewer):
        return None
    assert viewer.partnership is not None
    on, own, found = day_of(at), viewer.sees_record(urn), []
    rows = Package.objects.filter(partnership_id=viewer.partnership.id, school_id=urn).select_related("supporter")
    needs = 0
    if own:
        waits = Q(support_needs__school_id=urn, support_needs__state__in=WAITING)
        counted = Count("support_needs", filter=waits, distinct=True)
        here = Partnership.objects.filter(pk=viewer.partnership.id).annotate(any=Exists(rows), needs=counted)
        any_package, needs = here.values_list("any", "needs").get()
        rows = rows if any_package else rows.none()
    for row in rows.order_by("-opened_on", "-pk"):
        who = parts_of(row, viewer=viewer)
        reads = bool(who - {Who.SUPPLYING, Who.SUPPORTER}) or (bool(who) and supplier_still_reads(row.ended_on, on))
        if reads:
            name = row.supporter.name if row.supporter is not None else ""
            stands = stands_in(row.workflow, row.state)
            found.append(PackageOfSchool(row.pk, stands, PackageStatus(row.status), name, row.opened_on, row.ended_on, own))
    return SupportOfSchool(tuple(found), needs, own) if found or own else None


@dataclass(frozen=True, slots=True)
class HeldPackage:
    """What is held of one package of a school: how many of each kind of record."""

    pk: int
    stands: str
    opened_on: date
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldSupport:
    """Everything of support that is held about a school. `kinds` are records that belong to no package; `earlier` lines of older logs."""

    packages: tuple[HeldPackage, ...]
    needs: tuple[tuple[int, str, date], ...]
    kinds: tuple[str, ...]
    earlier: tuple[EarlierSeen, ...] = ()


def held_support(urn: str, *, viewer: Viewer) -> HeldSupport | None:
    """What is held of a school's support, for its own people; None for everybody else, and where nothing is. Eleven queries at most.

    Of an inspection that was announced only those hear whom the head told; of a mentor only the two of them.
    """
    if not on_room(viewer) or not viewer.sees_record(urn):
        return None
    assert viewer.partnership is not None
    here: dict[str, Any] = {"partnership_id": viewer.partnership.id}
    rows = Package.objects.filter(school_id=urn, **here).annotate(
        aims=Count("objectives", distinct=True),
        tasked=Count("tasks", filter=~Q(tasks__values={}), distinct=True),
        visited=Count("visits", distinct=True),
        noted=Count("visits__notes", distinct=True),
        marked=Count("visits__notes__marks", distinct=True),
        looked=Count("progress_reviews", distinct=True),
        paid=Count("costs", distinct=True),
        said=Count("evaluations", distinct=True),
        studied=Count("studies", distinct=True),
    )
    packages = tuple(
        HeldPackage(row.pk, stands_in(row.workflow, row.state), row.opened_on, _kinds(row)) for row in rows.order_by("-opened_on", "-pk")
    )
    asked = Need.objects.filter(school_id=urn, **here).order_by("-asked_at", "-pk").values_list("pk", "themes", "asked_at")
    needs = tuple((pk, ", ".join(name_of(each) for each in themes), day_of(moment)) for pk, themes, moment in asked)
    kinds = _beside(urn, viewer, here)
    earlier = earlier_support(viewer.partnership.slug, urn, viewer=viewer)
    return HeldSupport(packages, needs, kinds, earlier) if packages or needs or kinds or earlier else None


def _kinds(row: Any) -> tuple[str, ...]:
    return said_counts(
        [
            (row.aims, "objective", "objectives"),
            (row.tasked, "task with something entered", "tasks with something entered"),
            (row.visited, "visit", "visits"),
            (row.noted, "note of a visit", "notes of visits"),
            (row.marked, "word of yours about a note", "words of yours about notes"),
            (row.looked, "progress review", "progress reviews"),
            (row.paid, "cost", "costs"),
            (row.said, "evaluation", "evaluations"),
            (row.studied, "outcome fixed for the review of effect", "outcomes fixed for the review of effect"),
        ]
    )


def _beside(urn: str, viewer: Viewer, here: dict[str, Any]) -> tuple[str, ...]:
    calls = InspectionCall.objects.filter(school_id=urn, ended_on=None, **here).values_list("by_id", "knows")
    known = sum(viewer.person_id in (by, *knows) or str(viewer.person_id) in knows for by, knows in calls)
    mine = Mentoring.objects.filter(Q(head_id=viewer.person_id) | Q(mentor__person_id=viewer.person_id), school_id=urn, **here)
    links = RingLink.objects.filter(Q(giver_id=urn) | Q(receiver_id=urn), ring__partnership_id=here["partnership_id"])
    return said_counts(
        [
            (ContactNote.objects.filter(school_id=urn, **here).count(), "note of contact", "notes of contact"),
            (SchoolAnswer.objects.filter(school_id=urn, **here).count(), "answer on offers and wishes", "answers on offers and wishes"),
            (OtherSupport.objects.filter(school_id=urn, **here).count(), "line on who else is in there", "lines on who else is in there"),
            (FormalStep.objects.filter(school_id=urn, **here).count(), "formal step of an authority", "formal steps of an authority"),
            (Supporter.objects.filter(school_id=urn, **here).count(), "entry in the directory", "entries in the directory"),
            (links.count(), "link of a support ring", "links of support rings"),
            (mine.count(), "mentor, known to the two of you", "mentors, each known to the two of you"),
            (known, "call before an inspection, of which you know", "calls before an inspection, of which you know"),
        ]
    )  # fmt: skip
