"""Where many reviews stand at once, and whose turn it is in each: for homes and lists. One query, however many reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from convenor.partnership.models import BodySchool, ReportingLine
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.peer_review.models import AccuracyReply, Activity, Expectation, PeerReview, Report, TeamMember
from convenor.peer_review.rules.gates import STATE_SAYS, Facts, Next, Who, due_on, timings_of, what_next
from convenor.peer_review.rules.ownership import team_still_reads
from convenor.peer_review.rules.states import WAY, Part, Side, State

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: The room that a partnership may switch off.
ROOM: Final = "peer-review"


@dataclass(frozen=True, slots=True)
class Turn:
    """One review as a list shows it: where it stands, what comes next, whose turn it is and by when.

    `mine` says whether it is this viewer's turn, `who` whose; `activities` counts those that are planned; `named` whether the viewer's own
    side has named what it expects. `reads` says whether a member of the team still reads it.
    """

    pk: int
    urn: str
    school: str
    fictitious: bool
    round_id: int
    round_name: str
    state: State
    says: str
    next: Next | None
    due_on: date | None
    visit_from_on: date | None
    visit_until_on: date | None
    final_on: date | None
    workshop_on: date | None
    impact_on: date | None
    ended_on: date | None
    host: bool
    parts: frozenset[Part]
    mine: bool
    activities: int
    named: bool
    reads: bool

    @property
    def visit_last_on(self) -> date | None:
        """The last day of the visit."""
        return self.visit_until_on - timedelta(days=1) if self.visit_until_on else None

    @property
    def who(self) -> Who | None:
        """Whose turn it is; None for a review that has ended."""
        return self.next.who if self.next else None

    def late(self, on: date) -> bool:
        """Whether the day by which the next step was planned has passed."""
        return self.due_on is not None and self.due_on < on


def on_room(viewer: Viewer) -> bool:
    """Whether the viewer works in a partnership that uses this room."""
    return viewer.partnership is not None and viewer.person_id is not None and ROOM not in viewer.partnership.rooms_off


def own_turns(*, viewer: Viewer, at: date | datetime, urns: tuple[str, ...] | None = None, ended: bool = False) -> tuple[Turn, ...]:
    """Reviews in which the viewer takes part, by visit: as one of the host's own people or as one of the team. One query.

    `urns` narrows hosts to some of their schools; without it, all whose record they may open. `ended` adds those that have ended.
    """
    if not on_room(viewer):
        return ()
    assert viewer.partnership is not None
    assert viewer.person_id is not None
    schools = [urn for urn in (viewer.urns if urns is None else urns) if viewer.sees_record(urn)]
    reviewing = viewer.may(Permission.REVIEW_OFFER)
    if not schools and not reviewing:
        return ()
    team = TeamMember.objects.filter(left_on=None, reviewer__person_id=viewer.person_id)
    own = Q(school_id__in=schools) | Q(pk__in=team.values("review_id")) if reviewing else Q(school_id__in=schools)
    rows = PeerReview.objects.filter(own, partnership_id=viewer.partnership.id)
    if not ended:
        rows = rows.exclude(state__in=(State.CLOSED.value, State.WITHDRAWN.value))
    return _turns(rows, viewer=viewer, on=day_of(at), host_of=frozenset(schools))


def followed_turns(*, viewer: Viewer, at: date | datetime, ended: bool = False) -> tuple[Turn, ...]:
    """Reviews whose states and dates the viewer follows: the partnership's for whoever runs it, else those of the bodies they lead.

    At most three queries. It tells nothing of what a school said: a correction of the draft looks like a draft that waits.
    """
    if not on_room(viewer) or not viewer.may(Permission.REVIEW_FOLLOW):
        return ()
    assert viewer.partnership is not None
    rows = PeerReview.objects.filter(partnership_id=viewer.partnership.id)
    reach = followed_reach(viewer, day_of(at))
    if reach is not None:
        rows = rows.filter(reach)
    if not ended:
        rows = rows.exclude(state__in=(State.CLOSED.value, State.WITHDRAWN.value))
    return _turns(rows, viewer=viewer, on=day_of(at), host_of=frozenset(), follows=True)


def follows_everywhere(viewer: Viewer) -> bool:
    """Whether they follow every review of the partnership: by a role that is held nowhere in particular."""
    return any(each.body_id is None and each.allows(Permission.REVIEW_FOLLOW) for each in viewer.holdings)


def followed_reach(viewer: Viewer, on: date) -> Q | None:
    """Which reviews a lead follows: of rounds of their body, or of schools that sit in it or beneath it; None for all. Two queries."""
    if follows_everywhere(viewer):
        return None
    led = set(viewer.bodies(Permission.REVIEW_FOLLOW))
    beneath = set(ReportingLine.objects.filter(in_force(on), reports_to_id__in=led).values_list("body_id", flat=True)) if led else set()
    sits = BodySchool.objects.filter(in_force(on), body_id__in=led | beneath).values("school_id")
    return Q(round__body_id__in=led) | Q(school_id__in=sits)


FIELDS: Final = (
    "pk", "school_id", "school__name", "school__fictitious", "round_id", "round__name", "state", "resumes", "visit_from_on",
    "visit_until_on", "draft_on", "final_on", "workshop_on", "impact_on", "ended_on", "timings", "champion_asked", "draft_at",
    "draft_number", "reply_number", "accurate", "leads", "reviews", "champions", "planned", "host_named", "team_named",
)  # fmt: skip


def _turns(rows: QuerySet[PeerReview], *, viewer: Viewer, on: date, host_of: frozenset[str], follows: bool = False) -> tuple[Turn, ...]:
    assert viewer.person_id is not None
    drafts = Report.objects.filter(review_id=OuterRef("pk")).order_by("-number")
    replies = AccuracyReply.objects.filter(report__review_id=OuterRef("pk")).order_by("-report__number", "-at", "-id")
    mine = TeamMember.objects.filter(review_id=OuterRef("pk"), left_on=None, reviewer__person_id=viewer.person_id)
    expected = Expectation.objects.filter(review_id=OuterRef("pk"))
    planned = Activity.objects.filter(review_id=OuterRef("pk"), removed_at=None).order_by().values("review_id")
    told = rows.annotate(
        timings=F("round__way__timings"), champion_asked=F("round__way__champion"),
        draft_at=Subquery(drafts.values("at")[:1]), draft_number=Subquery(drafts.values("number")[:1]),
        reply_number=Subquery(replies.values("report__number")[:1]), accurate=Subquery(replies.values("accurate")[:1]),
        leads=Exists(mine.filter(part=Part.LEAD.value)), reviews=Exists(mine.filter(part=Part.REVIEWER.value)),
        champions=Exists(mine.filter(part=Part.CHAMPION.value)), planned=Subquery(planned.annotate(n=Count("pk")).values("n")[:1]),
        host_named=Exists(expected.filter(side=Side.HOST.value)), team_named=Exists(expected.filter(side=Side.TEAM.value)),
    )  # fmt: skip
    ordered = told.order_by(F("visit_from_on").asc(nulls_last=True), "school__name", "pk")
    return tuple(_turn(dict(zip(FIELDS, row, strict=True)), on, host_of, follows) for row in ordered.values_list(*FIELDS))


def _turn(row: dict[str, Any], on: date, host_of: frozenset[str], follows: bool) -> Turn:
    state = State(row["state"])
    accurate = row["accurate"] if not follows and row["reply_number"] == row["draft_number"] else None
    facts = Facts(
        state=state,
        resumes=State(row["resumes"]) if row["resumes"] else None,
        timings=timings_of({"timings": row["timings"] or {}}),
        visit_from_on=row["visit_from_on"],
        visit_until_on=row["visit_until_on"],
        draft_on=row["draft_on"] if follows else day_of(row["draft_at"]) if row["draft_at"] else None,
        accurate=accurate,
        impact_on=row["impact_on"],
    )
    flags = ((Part.LEAD, "leads"), (Part.REVIEWER, "reviews"), (Part.CHAMPION, "champions"))
    parts = frozenset(part for part, name in flags if row[name])
    host, following = row["school_id"] in host_of, what_next(facts)
    return Turn(
        pk=row["pk"],
        urn=row["school_id"],
        school=row["school__name"],
        fictitious=row["school__fictitious"],
        round_id=row["round_id"],
        round_name=row["round__name"],
        state=state,
        says=STATE_SAYS[state],
        next=following,
        due_on=due_on(facts),
        visit_from_on=row["visit_from_on"],
        visit_until_on=row["visit_until_on"],
        final_on=row["final_on"],
        workshop_on=row["workshop_on"],
        impact_on=row["impact_on"],
        ended_on=row["ended_on"],
        host=host,
        parts=parts,
        mine=following is not None and following.who in _as_whom(host, parts, row["champion_asked"] is not False),
        activities=row["planned"] or 0,
        named=row["host_named"] if host else bool(parts) and row["team_named"],
        reads=bool(parts) and team_still_reads(state, row["final_on"], on),
    )


def _as_whom(host: bool, parts: frozenset[Part], champion_asked: bool) -> frozenset[Who]:
    """The parts in which somebody may take a step. Where the model asks for no champion, any reviewer but the lead may be one."""
    found = {Who.HOST} if host else set()
    if Part.LEAD in parts:
        found.add(Who.LEAD)
    if Part.CHAMPION in parts or (not champion_asked and Part.REVIEWER in parts and Part.LEAD not in parts):
        found.add(Who.CHAMPION)
    return frozenset(found)


#: The states in which a visit is still to come.
BEFORE_THE_VISIT: Final = frozenset(WAY[: WAY.index(State.ON_SITE)])
