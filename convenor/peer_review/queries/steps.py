"""What a decision about a review's next step needs to know, and whom a letter tells that something waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import ChairOfGovernors, Head, Permission
from convenor.peer_review.models import AccuracyReply, Activity, AgreedPriority, PeerReview, Report, SelfReview, TeamMember
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules.gates import Facts, PlannedActivity, PriorityFacts, Who, timings_of
from convenor.peer_review.rules.states import Outcome, Part, ReviewKind, State
from convenor.peer_review.rules.ways import Way, kept_way
from convenor.registers.models import School
from convenor.registers.queries.lineage import lineage

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person and, where a letter reaches them, their address."""

    person_id: int
    name: str
    email: str


def whos(here: ReviewHere, *, viewer: Viewer) -> frozenset[Who]:
    """The parts that this viewer has in the steps of a review. A reviewer may stand in for the champion where the model asks for none."""
    found = set()
    if here.host and viewer.may(Permission.REVIEW_HOST, urn=here.urn):
        found.add(Who.HOST)
    if here.leads:
        found.add(Who.LEAD)
    if Part.CHAMPION in here.parts or (Part.REVIEWER in here.parts and not here.leads and not _champion_asked(here.round_id)):
        found.add(Who.CHAMPION)
    if here.onlooker.follows and viewer.may(Permission.ROUND_RUN):
        found.add(Who.COORDINATOR)
    return frozenset(found)


def _champion_asked(round_id: int) -> bool:
    way = PeerReview.objects.filter(round_id=round_id).values_list("round__way", flat=True).first() or {}
    return bool(way.get("champion", True))


def facts(here: ReviewHere, *, viewer: Viewer) -> Facts:
    """A review as it stands, for its gates. For decisions, never for a page: what it holds is not narrowed to what the viewer sees.

    Seven queries.
    """
    row = PeerReview.objects.select_related("round").get(pk=here.pk)
    team = list(TeamMember.objects.filter(review_id=row.pk, left_on=None).values_list("reviewer_id", "part"))
    by_part: dict[str, set[int]] = {}
    for reviewer, part in team:
        by_part.setdefault(part, set()).add(reviewer)
    lead = next(iter(by_part.get(Part.LEAD.value, ())), None)
    draft = Report.objects.filter(review_id=row.pk).order_by("-number").first()
    reply = AccuracyReply.objects.filter(report_id=draft.pk).order_by("-at", "-id").first() if draft else None
    return Facts(
        state=State(row.state),
        resumes=State(row.resumes) if row.resumes else None,
        timings=timings_of(row.round.way),
        visit_from_on=row.visit_from_on,
        visit_until_on=row.visit_until_on,
        lead=lead,
        others=frozenset(by_part.get(Part.REVIEWER.value, ())),
        champions=frozenset(by_part.get(Part.CHAMPION.value, ())),
        champion_asked=bool(row.round.way.get("champion", True)),
        questions=tuple(row.questions),
        kind=ReviewKind(row.kind) if row.kind else None,
        self_review_saved=SelfReview.objects.filter(review_id=row.pk).exclude(words={}).exists(),
        shared_on=row.shared_on,
        activities=tuple(
            PlannedActivity(title, partner)
            for title, partner in Activity.objects.filter(review_id=row.pk, removed_at=None).values_list("title", "host_partner")
        ),
        fed_back_on=day_of(row.fed_back_at) if row.fed_back_at else None,
        draft_on=day_of(draft.at) if draft else None,
        accurate=reply.accurate if reply else None,
        workshop_on=row.workshop_on,
        priorities=tuple(
            PriorityFacts(each.title, each.owner, each.by_on, each.measure, each.baseline, each.result)
            for each in AgreedPriority.objects.filter(review_id=row.pk)
        ),
        impact_on=row.impact_on,
        outcome=Outcome(row.outcome) if row.outcome else None,
    )


def way_of(here: ReviewHere, *, viewer: Viewer) -> tuple[Way, date | None]:
    """The way of review that the round keeps, and the day on which the host shared; for whoever sees the review. One query."""
    kept, key, shared_on = PeerReview.objects.values_list("round__way", "round__way_key", "shared_on").get(pk=here.pk)
    return kept_way(kept, key), shared_on


def has_closed(urn: str, *, viewer: Viewer, on: date) -> bool:
    """Whether the register says that a school has closed by a day; False for one that it does not know. Published; one query."""
    school = School.objects.filter(urn=urn).values_list("status", "closed_on").first()
    return school is not None and (school[0] == "closed" or (school[1] is not None and school[1] <= on))


def successor(urn: str, *, viewer: Viewer, on: date) -> str | None:
    """The URN of the one open school that a closed school became, by the published links; None where it stands, became none, or several.

    Published, so open to every viewer. A chain of conversions is followed to the school that stands today.
    """
    if not has_closed(urn, viewer=viewer, on=on):
        return None
    later = [each.urn for each in lineage(urn, viewer=viewer).successors]
    standing = list(School.objects.filter(urn__in=later).exclude(status="closed").exclude(closed_on__lte=on).values_list("urn", flat=True))
    return standing[0] if len(standing) == 1 else None


def host_people(here: ReviewHere, *, viewer: Viewer, at: date | datetime) -> list[Somebody]:
    """The heads and chairs of the host school today, whom a letter tells that something waits; for whoever sees the review. One query."""
    posts = Q(post__school_id=here.urn, post__role__in=(Head.key, ChairOfGovernors.key))
    rows = Tenure.objects.filter(in_force(day_of(at)), posts, partnership__slug=here.slug, person__is_active=True)
    return _people(rows.order_by("person__name", "id").values_list("person_id", "person__name", "person__email"))


def team_people(here: ReviewHere, *, viewer: Viewer, only: frozenset[Part] = frozenset()) -> list[Somebody]:
    """The people on the team now, or those in some parts of it; for whoever sees the review. One query."""
    rows = TeamMember.objects.filter(review_id=here.pk, left_on=None, reviewer__person__is_active=True)
    if only:
        rows = rows.filter(part__in=[each.value for each in only])
    named = rows.order_by("reviewer__person__name", "id")
    return _people(named.values_list("reviewer__person_id", "reviewer__person__name", "reviewer__person__email"))


def _people(rows: Any) -> list[Somebody]:
    return list({pk: Somebody(pk, name, email or "") for pk, name, email in rows}.values())
