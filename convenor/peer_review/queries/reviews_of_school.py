"""The reviews of one school, for School-at-a-glance and for what is held about it: nothing at all for whoever has no part in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q

from convenor.agreements.queries.uses import withheld
from convenor.agreements.rules.classes import DataClass
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.models import Grant, PeerReview, RoundSchool, TeamMember
from convenor.peer_review.queries.standing import follows
from convenor.peer_review.queries.turns import on_room
from convenor.peer_review.rules.gates import STATE_SAYS
from convenor.peer_review.rules.ownership import Onlooker, Sight, sights
from convenor.peer_review.rules.states import ReportStage, State

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: The writings of a report that the team has shared with the school.
SHARED_STAGES = (ReportStage.DRAFT.value, ReportStage.FINAL.value)


@dataclass(frozen=True, slots=True)
class ReviewOfSchool:
    """One review of a school as somebody sees it who has a part in it: where it stands and when. `reports`: they may read its report."""

    pk: int
    round_name: str
    state: State
    says: str
    visit_from_on: date | None
    visit_last_on: date | None
    ended_on: date | None
    host: bool
    reports: bool


def reviews_of_school(urn: str, *, viewer: Viewer, at: date | datetime) -> tuple[ReviewOfSchool, ...]:
    """A school's reviews, newest first, as far as this viewer may know of them; empty for everybody else, as if there were none.

    One query; none for whoever stands in no partnership; two more for a lead where there are reviews.
    """
    if not on_room(viewer):
        return ()
    assert viewer.partnership is not None
    assert viewer.person_id is not None
    on = day_of(at)
    mine = TeamMember.objects.filter(review_id=OuterRef("pk"), left_on=None, reviewer__person_id=viewer.person_id)
    lets = Grant.objects.filter(review_id=OuterRef("pk"), person_id=viewer.person_id, withdrawn_at=None)
    rows = PeerReview.objects.filter(partnership_id=viewer.partnership.id, school_id=urn).annotate(
        mine=Exists(mine),
        lets=Exists(lets.filter(Q(until_on=None) | Q(until_on__gt=on))),
        withheld=withheld(DataClass.REVIEWS, viewer=viewer, at=at),
    )
    host, found = viewer.sees_record(urn), []
    followed: dict[int | None, bool] = {}
    for row in rows.select_related("round").order_by(F("visit_from_on").desc(nulls_first=True), "-pk"):
        body = row.round.body_id
        if body not in followed:
            followed[body] = viewer.may(Permission.REVIEW_FOLLOW) and follows(urn, body, viewer=viewer, on=on)
        looking = Onlooker(host=host, team=row.mine and viewer.may(Permission.REVIEW_OFFER), granted=row.lets, follows=followed[body])
        resumes = State(row.resumes) if row.resumes else None
        seen = sights(looking, state=State(row.state), resumes=resumes, final_on=row.final_on, on=on, withheld=row.withheld)
        if Sight.STATES in seen:
            found.append(_shown(row, host=host, reports=Sight.REPORT in seen))
    return tuple(found)


def _shown(row: PeerReview, *, host: bool, reports: bool) -> ReviewOfSchool:
    last = row.visit_until_on - timedelta(days=1) if row.visit_until_on else None
    state = State(row.state)
    return ReviewOfSchool(row.pk, row.round.name, state, STATE_SAYS[state], row.visit_from_on, last, row.ended_on, host, reports)


@dataclass(frozen=True, slots=True)
class HeldReview:
    """What is held of one review of a school: how many of each kind of record, as far as the school itself sees them yet."""

    pk: int
    round_name: str
    state: State
    says: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldReviews:
    """Everything of peer review that is held about a school: its reviews, and its answers to rounds."""

    reviews: tuple[HeldReview, ...]
    answers: tuple[tuple[str, date], ...]


def held_reviews(urn: str, *, viewer: Viewer) -> HeldReviews | None:
    """What is held of a school's peer reviews, for its own people; None for everybody else, and where nothing is. Two queries."""
    if not on_room(viewer) or not viewer.sees_record(urn):
        return None
    assert viewer.partnership is not None
    rows = PeerReview.objects.filter(partnership_id=viewer.partnership.id, school_id=urn).select_related("round")
    counted = rows.annotate(
        planned=Count("activities", filter=Q(activities__removed_at=None), distinct=True),
        writings=Count("reports", filter=Q(reports__stage__in=SHARED_STAGES), distinct=True),
        notes=Count("evidence", distinct=True),
        agreed=Count("priorities", distinct=True),
        readers=Count("grants", filter=Q(grants__withdrawn_at=None), distinct=True),
    )
    reviews = tuple(_held(row) for row in counted.order_by("-pk"))
    asked = RoundSchool.objects.filter(round__partnership_id=viewer.partnership.id, school_id=urn, answered_at__isnull=False)
    told = asked.order_by("-answered_at").values_list("round__name", "answered_at")
    answers = tuple((name, day_of(moment)) for name, moment in told if moment is not None)
    return HeldReviews(reviews, answers) if reviews or answers else None


def _held(row: PeerReview) -> HeldReview:
    """What the school sees of it yet: neither a draft nor the evidence before the draft is shared with it."""
    seen = sights(Onlooker(host=True), state=State(row.state), resumes=State(row.resumes) if row.resumes else None, final_on=row.final_on,
                  on=date.max)  # fmt: skip
    counts = [
        (len(row.questions), "enquiry question", "enquiry questions"),
        (row.planned, "activity", "activities"),  # type: ignore[attr-defined]
        (row.notes if Sight.EVIDENCE in seen else 0, "note of evidence", "notes of evidence"),  # type: ignore[attr-defined]
        (row.writings if Sight.DRAFT in seen else 0, "writing of the report", "writings of the report"),  # type: ignore[attr-defined]
        (row.agreed, "agreed priority", "agreed priorities"),  # type: ignore[attr-defined]
        (row.readers, "person whom you let read it", "people whom you let read it"),  # type: ignore[attr-defined]
    ]
    kinds = tuple(f"{count} {one if count == 1 else many}" for count, one, many in counts if count)
    return HeldReview(row.pk, row.round.name, State(row.state), STATE_SAYS[State(row.state)], kinds)
