"""One review as a page shows it to each viewer: where it stands, what comes next and whose turn it is, and what they may see of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.models import Activity, Expectation, PeerReview, ReviewStep, TeamMember
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.queries.steps import facts, has_closed, whos
from convenor.peer_review.rules.gates import STATE_SAYS, Facts, Next, Who, due_on, opens_on, what_next
from convenor.peer_review.rules.mirror import Expected, expected_from
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.preparing import WHILE_EXPECTING
from convenor.peer_review.rules.states import Part, ReviewKind, Side, State, Step
from convenor.peer_review.rules.telling import STEP_SAYS, Waypoint, waypoints
from convenor.registers.models import School
from convenor.registers.queries.schools import Link, links

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Steps between host and lead about a draft, which nobody else is told of.
OF_THE_DRAFT = frozenset({Step.CHECKED, Step.MENDED})


@dataclass(frozen=True, slots=True)
class OnTeam:
    """Somebody on the team: who, from which school ("" for an independent reviewer), in which parts. `why` is for themselves alone."""

    reviewer_id: int
    name: str
    school: str
    parts: tuple[Part, ...]
    own: bool = False
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step as it was written down. `why` is "" for whoever may not read it."""

    step: Step
    says: str
    at: datetime
    by: str
    late: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class ActivitySeen:
    """One activity of the visit. `reviewers` are names; empty: the whole team."""

    id: int
    title: str
    kind: str
    on: date
    starts: time
    ends: time
    place: str
    host_partner: str
    reviewers: tuple[str, ...]
    reviewer_ids: frozenset[int]
    version: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What the host asks, and what is done on the visit."""

    questions: tuple[str, ...]
    kind: ReviewKind | None
    themes: tuple[str, ...]
    scale: tuple[str, ...]
    activities: tuple[ActivitySeen, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A review for one viewer. What they may not see is None or empty.

    `coming` is the next step, `due` the day it is planned for, `turn` whether it is this viewer's and open today. `became`: the schools
    that the published links name as successors of one that closed. `named`: whether the viewer's own side has said what it expects.
    """

    here: ReviewHere
    says: str
    way_name: str
    waypoints: tuple[Waypoint, ...]
    coming: Next | None
    due: date | None
    turn: bool
    whos: frozenset[Who]
    team: tuple[OnTeam, ...]
    plan: Plan | None
    steps: tuple[StepSeen, ...]
    closed_school: bool
    became: tuple[Link, ...]
    named: bool | None
    facts: Facts

    @property
    def stands(self) -> State:
        """The state on the way, also of one that is postponed or withdrawn."""
        return self.here.resumes or self.here.state


def review(slug: str, pk: int, *, viewer: Viewer, at: datetime) -> ReviewPage | None:
    """The review as this viewer may see it; None where there is none for them. At most 20 queries, whatever it holds."""
    here = review_here(slug, pk, viewer=viewer, at=at)
    if here is None:
        return None
    known = _as_seen(facts(here, viewer=viewer), here)
    parts = whos(here, viewer=viewer)
    coming = what_next(known) if here.sees(Sight.STATES) else None
    steps = _steps(here)
    closed = has_closed(here.urn, viewer=viewer, on=day_of(at))
    return ReviewPage(
        here, STATE_SAYS[here.state], _way_name(here), waypoints(known, [(each.step, each.at, each.by, each.late) for each in steps]),
        coming, due_on(known), coming is not None and coming.who in parts and _open(known, day_of(at)), parts,
        _team(here, viewer), plan(here, viewer=viewer), steps,
        closed, tuple(each for each in links(here.urn, viewer=viewer) if not each.earlier) if closed else (), _named(here), known,
    )  # fmt: skip


def _as_seen(known: Facts, here: ReviewHere) -> Facts:
    """The facts without what the host said of the draft, for whoever does not read it: a disputed draft looks like one that waits."""
    if here.sees(Sight.DRAFT):
        return known
    return replace(known, accurate=None, draft_on=PeerReview.objects.values_list("draft_on", flat=True).get(pk=here.pk))


def _open(known: Facts, on: date) -> bool:
    """Whether the next step waits for no day that is yet to come."""
    first = opens_on(known)
    return first is None or on >= first


def _way_name(here: ReviewHere) -> str:
    way: dict[str, Any] = PeerReview.objects.values_list("round__way", flat=True).get(pk=here.pk)
    return str(way.get("name", ""))


def _steps(here: ReviewHere) -> tuple[StepSeen, ...]:
    """The steps for whoever sees states. Why the host withdrew is its own; why a date moved, whoever is concerned may read.

    That the host checked a draft, and that it was written anew, is for those who read it: it would tell that the host disputed it.
    """
    rows = ReviewStep.objects.filter(review_id=here.pk).values_list("step", "at", "by_label", "late", "why", "state")
    found = []
    for what, at, by, late, why, _state in rows:
        step = Step(what)
        if step in OF_THE_DRAFT and not here.sees(Sight.DRAFT):
            continue
        may_read = here.host or (step in (Step.POSTPONED, Step.RESUMED, Step.MOVED, Step.FOLLOWED) and here.sees(Sight.TEAM))
        found.append(StepSeen(step, STEP_SAYS[step], at, by, late, why if may_read else ""))
    return tuple(found)


def _team(here: ReviewHere, viewer: Viewer) -> tuple[OnTeam, ...]:
    if not here.sees(Sight.TEAM):
        return ()
    rows = TeamMember.objects.filter(review_id=here.pk, left_on=None).order_by("reviewer__person__name", "id")
    found: dict[int, OnTeam] = {}
    named = rows.values_list("reviewer_id", "reviewer__person_id", "reviewer__person__name", "reviewer__school__name", "part", "why")
    for pk, person, name, school, part, why in named:
        own = person == viewer.person_id
        before = found.get(pk)
        parts = (*(before.parts if before else ()), Part(part))
        said = dict.fromkeys((*(before.why if before else ()), *(why if own else ())))
        found[pk] = OnTeam(pk, name, school or "", tuple(sorted(parts, key=list(Part).index)), own, tuple(said))
    return tuple(sorted(found.values(), key=lambda each: (list(Part).index(each.parts[0]), each.name)))


def plan(here: ReviewHere, *, viewer: Viewer) -> Plan | None:
    """The host's questions and the activities, for whoever sees the plan. Three queries."""
    if not here.sees(Sight.PLAN):
        return None
    row = PeerReview.objects.get(pk=here.pk)
    return Plan(
        tuple(row.questions),
        ReviewKind(row.kind) if row.kind else None,
        tuple(row.themes),
        tuple(row.scale),
        activities(here, viewer=viewer),
    )


def activities(here: ReviewHere, *, viewer: Viewer) -> tuple[ActivitySeen, ...]:
    """What is done on the visit, in its order, for whoever sees the plan. Two queries."""
    if not here.sees(Sight.PLAN):
        return ()
    names = dict(TeamMember.objects.filter(review_id=here.pk).values_list("reviewer_id", "reviewer__person__name"))
    return tuple(
        ActivitySeen(
            each.pk, each.title, each.kind, each.on, each.starts, each.ends, each.place, each.host_partner,
            tuple(sorted(names[int(key)] for key in each.reviewers if int(key) in names)), frozenset(int(key) for key in each.reviewers),
            each.version,
        )
        for each in Activity.objects.filter(review_id=here.pk, removed_at=None)
    )  # fmt: skip


def activity(slug: str, pk: int, activity_id: int, *, viewer: Viewer, at: datetime) -> ActivitySeen | None:
    """One activity of a review, for whoever sees its plan."""
    here = review_here(slug, pk, viewer=viewer, at=at)
    seen = activities(here, viewer=viewer) if here is not None else ()
    return next((each for each in seen if each.id == activity_id), None)


def team_names(here: ReviewHere, *, viewer: Viewer) -> dict[int, str]:
    """The names of the team by key, for whoever sees the team. One query."""
    if not here.sees(Sight.TEAM):
        return {}
    rows = TeamMember.objects.filter(review_id=here.pk, left_on=None).order_by("reviewer__person__name")
    return dict(rows.values_list("reviewer_id", "reviewer__person__name"))


def _side(here: ReviewHere) -> Side | None:
    """The side on which the viewer says what they expect: their school's, or their team's."""
    if not here.sees(Sight.OWN_EXPECTATION):
        return None
    return Side.HOST if here.host else Side.TEAM


def _named(here: ReviewHere) -> bool | None:
    side = _side(here)
    return Expectation.objects.filter(review_id=here.pk, side=side.value).exists() if side else None


@dataclass(frozen=True, slots=True)
class OwnExpectation:
    """What the viewer's own side expects: three findings, or none named yet. The other side's is never here."""

    here: ReviewHere
    side: Side
    findings: tuple[Expected, ...]
    by: str
    named_at: datetime | None
    may_name: bool


def own_expectation(slug: str, pk: int, *, viewer: Viewer, at: datetime) -> OwnExpectation | None:
    """What this viewer's own side expects of a review, and whether it may still say so; None for whoever is on neither side."""
    here = review_here(slug, pk, viewer=viewer, at=at)
    side = _side(here) if here is not None else None
    if here is None or side is None:
        return None
    row = Expectation.objects.filter(review_id=pk, side=side.value).select_related("by").first()
    before_visit = here.state in WHILE_EXPECTING and (here.visit_from_on is None or day_of(at) < here.visit_from_on)
    may = before_visit and (side is Side.TEAM or viewer.may(Permission.REVIEW_HOST, urn=here.urn))
    return OwnExpectation(
        here, side, expected_from(row.findings) if row else (), row.by.name if row else "", row.named_at if row else None, may
    )


def authority_of(here: ReviewHere, *, viewer: Viewer) -> str:
    """The name of the host school's local authority, "" where the register does not say. Published; one query."""
    return School.objects.filter(urn=here.urn).values_list("authority__name", flat=True).first() or ""
