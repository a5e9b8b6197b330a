"""One review and how much of it this viewer may see: every page and every action about a review begins here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.agreements.queries.uses import withheld
from convenor.agreements.rules.classes import DataClass
from convenor.partnership.models import BodySchool, ReportingLine
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.peer_review.models import Grant, PeerReview, TeamMember
from convenor.peer_review.rules.ownership import Onlooker, Sight, sights
from convenor.peer_review.rules.states import Part, State

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class ReviewHere:
    """A review for one viewer on a day: which it is, where it stands, in which way they take part, and what they may see of it."""

    pk: int
    slug: str
    round_id: int
    round_name: str
    urn: str
    school: str
    state: State
    resumes: State | None
    visit_from_on: date | None
    visit_until_on: date | None
    final_on: date | None
    version: int
    onlooker: Onlooker
    parts: frozenset[Part]
    reviewer_id: int | None
    sights: frozenset[Sight]

    def sees(self, sight: Sight) -> bool:
        """Whether the viewer may see this part of the review."""
        return sight in self.sights

    @property
    def leads(self) -> bool:
        """Whether the viewer leads the team."""
        return Part.LEAD in self.parts

    @property
    def host(self) -> bool:
        """Whether the viewer is of the host school."""
        return self.onlooker.host


def review_here(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> ReviewHere | None:
    """The review as this viewer may see it today; None where there is none, or none for them: the two are told apart by nobody.

    Whoever holds no post any more that lets them review takes no part in a team, though its rows still name them. At most four queries.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None:
        return None
    rows = PeerReview.objects.filter(pk=pk, partnership__slug=slug).select_related("school", "round")
    row = rows.annotate(withheld=withheld(DataClass.REVIEWS, viewer=viewer, at=at)).first()
    if row is None:
        return None
    on = day_of(at)
    parts = {
        Part(part): reviewer
        for part, reviewer in TeamMember.objects.filter(
            review_id=pk, left_on=None, reviewer__person_id=viewer.person_id
        ).values_list("part", "reviewer_id")
        if viewer.may(Permission.REVIEW_OFFER)
    }  # fmt: skip
    looking = Onlooker(
        host=viewer.sees_record(row.school_id),
        team=bool(parts),
        granted=granted(pk, viewer=viewer, on=on),
        follows=follows(row.school_id, row.round.body_id, viewer=viewer, on=on),
    )
    state, resumes = State(row.state), State(row.resumes) if row.resumes else None
    seen = sights(looking, state=state, resumes=resumes, final_on=row.final_on, on=on, withheld=row.withheld)
    if not seen:
        return None
    return ReviewHere(
        row.pk, slug, row.round_id, row.round.name, row.school_id, row.school.name, state, resumes, row.visit_from_on, row.visit_until_on,
        row.final_on, row.version, looking, frozenset(parts), next(iter(parts.values()), None), seen,
    )  # fmt: skip


def granted(pk: int, *, viewer: Viewer, on: date) -> bool:
    """Whether the host lets this very person read the review's report today. One query, none for somebody unknown."""
    if viewer.person_id is None:
        return False
    stands = Q(withdrawn_at=None) & (Q(until_on=None) | Q(until_on__gt=on))
    return Grant.objects.filter(stands, review_id=pk, person_id=viewer.person_id).exists()


def follows(urn: str, round_body_id: int | None, *, viewer: Viewer, on: date) -> bool:
    """Whether this viewer follows states and dates of a school's review: they run the partnership, or lead the round's body or one in
    which the school sits, directly or through a body beneath it. At most two queries."""
    if any(each.body_id is None and each.allows(Permission.REVIEW_FOLLOW) for each in viewer.holdings):
        return True
    led = set(viewer.bodies(Permission.REVIEW_FOLLOW))
    if not led:
        return False
    if round_body_id in led:
        return True
    sits = BodySchool.objects.filter(in_force(on), school_id=urn, body__partnership_id=viewer.partnership.id if viewer.partnership else 0)
    bodies = set(sits.values_list("body_id", flat=True))
    above = set(ReportingLine.objects.filter(in_force(on), body_id__in=bodies).values_list("reports_to_id", flat=True))
    return bool(led & (bodies | above))
