"""How the engine runs, for whoever sees totals: as at the first of the month, the same for everybody, naming no school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from convenor.intelligence.rules.totals import counting_day
from convenor.partnership.models import BodySchool
from convenor.partnership.queries.holdings import LONDON, day_of, in_force
from convenor.partnership.roles import Permission
from convenor.peer_review.models import AgreedPriority, PeerReview, Reviewer, ReviewStep, TeamMember, Training
from convenor.peer_review.queries.turns import on_room
from convenor.peer_review.rules import health, keeping_time
from convenor.peer_review.rules.fairness import Met, new_faces
from convenor.peer_review.rules.gates import Facts, timings_of
from convenor.peer_review.rules.health import Measure
from convenor.peer_review.rules.keeping_time import MILESTONES, TIMED, YEAR, Course
from convenor.peer_review.rules.loads import Visited, loads, visit_days
from convenor.peer_review.rules.register import Trained, TrainingState, state_on, trained_until
from convenor.peer_review.rules.states import ActionResult, Part, State, Step, TrainingKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

NO_CLUSTER = "In no cluster"
#: The steps of which clusters are told beside the whole: those that nothing else on the page bounds. Workshops are told three ways as a
#: whole (held, in time, come so far), and by cluster as well they could be worked out.
BY_CLUSTER = frozenset({Step.DATA_SHARED, Step.REPORT_DRAFT})
#: With fewer groups than this the whole would have to be told so widely for the clusters' sake that a board learnt nothing.
FEWEST_CLUSTERS = 6
RESTS = frozenset({State.POSTPONED.value, State.WITHDRAWN.value})


@dataclass(frozen=True, slots=True)
class DaysTold:
    """Reviewer days of visits in the year up to the counting day, all rounded to five: days, by how many people, received by how many
    schools; and how many of the days independent reviewers gave. None where too few schools were visited to say."""

    days: int
    people: int
    schools: int
    independent_days: int


@dataclass(frozen=True, slots=True)
class EngineSeen:
    """What is told of the engine as at `on`; next counted on `next_on`. Each measure tells a share of schools but where it says else."""

    on: date
    next_on: date
    milestones: tuple[Measure, ...]
    resting: Measure
    in_time: tuple[Measure, ...]
    workshops: Measure
    actions_done: Measure
    actions_begun: Measure
    trained: Measure
    training_ends: Measure
    days: DaysTold | None
    new_faces: Measure


def engine(slug: str, *, viewer: Viewer, at: date | datetime) -> EngineSeen | None:
    """How a partnership's reviews run; None for whoever may not see totals. Seven queries.

    Nothing that is asked narrows it: no round, no place, no day. What is told is the same for everybody who may see it, and changes once
    a month, so that it can lie on a board's table and nothing comes of holding two of its tellings against each other.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not on_room(viewer) or not viewer.may(Permission.REVIEW_TOTALS_SEE):
        return None
    on = counting_day(day_of(at))
    courses = _courses(here.id, on)
    going = keeping_time.under_way(courses, on=on)
    visits, met, rounds = _visits(here.id, courses, on)
    faces = [{"All": (each.meetings, each.first)} for each in new_faces(met, rounds)]
    return EngineSeen(
        on=on,
        next_on=date(on.year + on.month // 12, on.month % 12 + 1, 1),
        milestones=tuple(health.measure(step.value, _whole(keeping_time.reached(going, step))) for step in MILESTONES),
        resting=health.measure("resting", _whole(keeping_time.resting(going))),
        in_time=tuple(_timed(courses, step, on) for step in TIMED),
        workshops=health.measure("workshops", _whole(keeping_time.held(courses, Step.WORKSHOP_DONE, on=on))),
        **_actions(courses, on),
        **_training(here.id, on),
        days=_days(visits),
        new_faces=health.measure("new-faces", faces[-1] if faces else {}, unit="meetings"),
    )


def _whole(counts: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """One group of all: what is told of no cluster is told more closely of the whole."""
    return {"All": (sum(of for of, _ in counts.values()), sum(count for _, count in counts.values()))}


def _timed(courses: list[Course], step: Step, on: date) -> Measure:
    """How many took a step in time; by cluster too where it is one that a cluster is told of."""
    counts = keeping_time.in_time(courses, step, on=on)
    told = step in BY_CLUSTER and len(health.together({name: of for name, (of, _) in counts.items()})) >= FEWEST_CLUSTERS
    return health.measure(step.value, counts if told else _whole(counts))


def _courses(partnership_id: int, on: date) -> list[Course]:
    """Every review of a round that was published by the day, with the steps taken by then. Three queries."""
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=LONDON)
    fields = ("pk", "school_id", "visit_from_on", "visit_until_on", "round__published_at", "timings")
    rows = PeerReview.objects.filter(partnership_id=partnership_id, round__published_at__lt=end).annotate(timings=F("round__way__timings"))
    steps: dict[int, dict[Step, tuple[date, bool]]] = {}
    stands: dict[int, str] = {}
    taken = ReviewStep.objects.filter(review__partnership_id=partnership_id, at__lt=end).order_by("at", "id")
    for review, step, state, moment, late in taken.values_list("review_id", "step", "state", "at", "late"):
        steps.setdefault(review, {}).setdefault(Step(step), (day_of(moment), late))
        stands[review] = state
    clusters = _clusters(partnership_id, on)
    found = []
    for pk, urn, first, until, published, timings in rows.values_list(*fields):
        done = steps.get(pk, {})
        found.append(
            Course(
                review=pk,
                school=urn,
                group=clusters.get(urn, NO_CLUSTER),
                published_on=day_of(published),
                facts=Facts(State.DRAFT, timings=timings_of({"timings": timings or {}}), visit_from_on=first, visit_until_on=until),
                done={step: day for step, (day, _) in done.items()},
                late=frozenset(step for step, (_, late) in done.items() if late),
                rests=stands.get(pk, "") in RESTS,
            )
        )
    return found


def _clusters(partnership_id: int, on: date) -> dict[str, str]:
    """The cluster of each school, the first by the bodies' order where it sits in several. One query."""
    sits = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership_id=partnership_id, body__tier__hue="cluster")
    return dict(sits.order_by("-body__order", "-body_id").values_list("school_id", "body__name"))


def _actions(courses: Iterable[Course], on: date) -> dict[str, Measure]:
    """What had come of agreed priorities at the impact visits of the year. One query."""
    seen = [each for each in courses if on - YEAR < each.done.get(Step.IMPACT_REVIEWED, date.min) <= on]
    rows = list(AgreedPriority.objects.filter(review_id__in=[each.review for each in seen]).values_list("result", flat=True))
    schools, agreed = len({each.school for each in seen}), len(rows)
    done = sum(row == ActionResult.DONE for row in rows)
    begun = done + sum(row == ActionResult.PARTLY for row in rows)
    return {
        "actions_done": health.actions("actions-done", done=done, agreed=agreed, schools=schools),
        "actions_begun": health.actions("actions-begun", done=begun, agreed=agreed, schools=schools),
    }


def _training(partnership_id: int, on: date) -> dict[str, Measure]:
    """Reviewers of the register whose training is in date, and those whose ends within three months. Two queries."""
    register = Reviewer.objects.filter(in_force(on), partnership_id=partnership_id)
    trained: dict[int, list[Trained]] = {pk: [] for pk in register.values_list("pk", flat=True)}
    rows = Training.objects.filter(reviewer__partnership_id=partnership_id, trained_on__lte=on)
    for pk, kind, trained_on, until in rows.values_list("reviewer_id", "kind", "trained_on", "valid_until_on"):
        if pk in trained:
            trained[pk].append(Trained(TrainingKind(kind), trained_on, until))
    states = [state_on(trained_until(each), on) for each in trained.values()]
    soon = sum(state is TrainingState.ENDS_SOON for state in states)
    in_date = soon + sum(state is TrainingState.IN_DATE for state in states)
    return {
        "trained": health.people("trained", count=in_date, of=len(states)),
        "training_ends": health.people("training-ends", count=soon, of=len(states)),
    }


def _visits(partnership_id: int, courses: Iterable[Course], on: date) -> tuple[list[Visited], list[Met], list[int]]:
    """Who was at which host: the visits held in the year, and every meeting with the rounds in order, the earliest first. One query."""
    held = {each.review: each for each in courses if Step.FED_BACK in each.done}
    rows = TeamMember.objects.filter(review__partnership_id=partnership_id, left_on=None, part__in=(Part.LEAD.value, Part.REVIEWER.value))
    fields = ("review_id", "review__round_id", "review__school_id", "reviewer_id", "reviewer__school_id", "part")
    visits, met, rounds = [], [], {}
    for review, round_id, host, who, home, part in rows.order_by("pk").values_list(*fields):
        course = held.get(review)
        if course is None or course.facts.visit_from_on is None or course.facts.visit_until_on is None:
            continue
        rounds[round_id] = course.published_on
        met.append(Met(round_id, review, host, who, home or "", part == Part.LEAD))
        if on - YEAR < course.facts.visit_from_on <= on:
            days = visit_days(course.facts.visit_from_on, course.facts.visit_until_on)
            visits.append(Visited(review, host, "", who, home or "", "", days))
    return visits, met, sorted(rounds, key=lambda pk: (rounds[pk], pk))


def _days(visits: list[Visited]) -> DaysTold | None:
    """All days of the year, to the nearest five; None where fewer than five schools were visited."""
    found = loads(visits)
    received = sum(each.received_days > 0 for each in found.schools)
    if received < health.FEWEST:
        return None
    return DaysTold(*(5 * round(each / 5) for each in (found.days, found.people, received, found.independent_days)))
