"""One peer review in Fernshire, at any point of its way: the school that hosts it, its team, and everything that its gates ask for.

The rows are written directly, so that a test of one step depends on no other. `review(here, until=State.X)` stands in X;
`MOMENTS[X]` is when it came there, and `after(X)` a moment at which the next step is in time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from convenor.partnership.gate import viewer_for
from convenor.peer_review.models import (
    AccuracyReply,
    Activity,
    AgreedPriority,
    Expectation,
    PeerReview,
    Report,
    Reviewer,
    ReviewRound,
    ReviewStep,
    SelfReview,
    TeamMember,
    Training,
)
from convenor.peer_review.rules.states import WAY, ActionResult, Outcome, Part, Reach, ReportStage, ReviewKind, RoundState, Side, State
from convenor.peer_review.rules.ways import way
from tests.factories.partnership import AT, ON, SLUG, World, someone, world
from tests.factories.remembered import remembered

__all__ = [
    "AT", "HOST", "LEAD_SCHOOL", "MOMENTS", "NEIGHBOUR", "ON", "QUESTION", "SECRETS", "SLUG", "VISIT_FROM_ON", "VISIT_LAST_ON",
    "VISIT_UNTIL_ON", "World", "after", "review", "review_round", "reviewer", "reviewers", "reviewing",
]  # fmt: skip

#: The host school: its people are "head", "school leader", "chair of governors".
HOST = "990001"
#: Another school of the same cluster, whose head leads that cluster.
NEIGHBOUR = "990002"
#: The school of the head who leads the team.
LEAD_SCHOOL = "990005"
VISIT_FROM_ON, VISIT_UNTIL_ON = date(2026, 12, 1), date(2026, 12, 3)
VISIT_LAST_ON = date(2026, 12, 2)
#: Words that only some may read: a leak test looks for each.
QUESTION = "How well do our youngest readers catch up?"
SECRETS = {
    "question": QUESTION,
    "self-review": "We know that year 2 lags behind.",
    "evidence": "Three of four readers could retell the story.",
    "draft": "Reading is taught with real care.",
    "correction": "We have two reading hours, not one.",
    "priority": "Daily reading for every child in year 2",
    "baseline": "Nine of thirty read daily",
    "workshop": "We chose one thing and dropped two.",
    "impact": "Most children now choose a book by themselves.",
    "host expects": "Phonics will be praised by all",
    "team expects": "Marking may take too long",
}

#: When the review came to each state, so that every step was in time.
MOMENTS: dict[State, datetime] = {
    State.DRAFT: datetime(2026, 10, 20, 9, 0, tzinfo=UTC),
    State.SCHEDULED: datetime(2026, 10, 22, 9, 0, tzinfo=UTC),
    State.FOCUS_AGREED: datetime(2026, 11, 4, 9, 0, tzinfo=UTC),
    State.DATA_SHARED: datetime(2026, 11, 10, 9, 0, tzinfo=UTC),
    State.ON_SITE: datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
    State.FED_BACK: datetime(2026, 12, 2, 15, 0, tzinfo=UTC),
    State.REPORT_DRAFT: datetime(2026, 12, 8, 9, 0, tzinfo=UTC),
    State.REPORT_FINAL: datetime(2026, 12, 11, 9, 0, tzinfo=UTC),
    State.WORKSHOP_DONE: datetime(2026, 12, 15, 16, 0, tzinfo=UTC),
    State.ACTIONS_AGREED: datetime(2026, 12, 17, 9, 0, tzinfo=UTC),
    State.IMPACT_REVIEWED: datetime(2027, 6, 2, 9, 0, tzinfo=UTC),
    State.CLOSED: datetime(2027, 6, 4, 9, 0, tzinfo=UTC),
}
#: The way of review that the round keeps.
WAY_KEPT: dict[str, Any] = way("clusters").as_dict()


def after(state: State) -> datetime:
    """A moment at which the step after this state is in time: when the state that follows was come to."""
    return MOMENTS[WAY[min(WAY.index(state) + 1, len(WAY) - 1)]]


@remembered
def reviewing() -> World:
    """Fernshire with the people of one review: "lead" (Dele Stone, head of 990005), "second" (Sol Carr, system leader at 990003),
    "champion" (Rae Holt, of no school), "third" (Una Fell), who is on the register and on no team, all with training in date."""
    here = world()
    here.people["lead"], here.viewers["lead"] = here.people["other head"], here.viewers["other head"]
    here.people["second"], here.viewers["second"] = here.people["system leader"], here.viewers["system leader"]
    here.people["champion"], here.viewers["champion"] = here.people["reviewer"], here.viewers["reviewer"]
    return here


def reviewer(here: World, who: str, *, school: str | None = None, trained: bool = True, **more: Any) -> Reviewer:
    """Somebody of `here.people` on the register of reviewers; once. Training counts from 2026-01-12 for two years."""
    given: dict[str, Any] = {"can_lead": True, "can_champion": True, "from_on": date(2025, 9, 1), "expertise": ["reading"]}
    row, made = Reviewer.objects.get_or_create(
        partnership=here.partnership, person=here.people[who], defaults={"school_id": school} | given | more
    )
    if made and trained:
        Training.objects.create(
            reviewer=row, kind="initial", trained_on=date(2026, 1, 12), valid_until_on=date(2028, 1, 11), by_whom="The alliance",
            recorded_at=AT, recorded_by="the test",
        )  # fmt: skip
    return row


def reviewers(here: World) -> dict[str, Reviewer]:
    """The register: lead, second, champion, and a third who is on no team."""
    if "third" not in here.people:
        here.people["third"] = someone("Una Fell")
        here.viewers["third"] = viewer_for(here.people["third"], on=ON)
    return {
        "lead": reviewer(here, "lead", school=LEAD_SCHOOL),
        "second": reviewer(here, "second", school="990003"),
        "champion": reviewer(here, "champion"),
        "third": reviewer(here, "third"),
    }


def review_round(here: World, **more: Any) -> ReviewRound:
    """A published round of the whole partnership, with visits from 9 November to 18 December 2026."""
    given: dict[str, Any] = {
        "name": "Autumn 2026", "way_key": "clusters", "way": WAY_KEPT, "state": RoundState.PUBLISHED.value, "reach": Reach.AREA.value,
        "answers_by_on": date(2026, 10, 9), "visits_from_on": date(2026, 11, 9), "visits_until_on": date(2026, 12, 19),
        "opened_at": datetime(2026, 9, 14, 9, 0, tzinfo=UTC), "published_at": MOMENTS[State.DRAFT],
    }  # fmt: skip
    return ReviewRound.objects.create(partnership=here.partnership, **given | more)


def review(
    here: World, *, until: State = State.SCHEDULED, school: str = HOST, round: ReviewRound | None = None, resumes: State | None = None,
    expectations: bool = False,
) -> PeerReview:  # fmt: skip
    """A review that stands in a state of the way, with everything that brought it there; or POSTPONED or WITHDRAWN, kept in `resumes`."""
    stands = resumes or until if until not in WAY else until
    assert stands in WAY, "say in `resumes` where a postponed or withdrawn review stood"
    team = reviewers(here)
    row = PeerReview.objects.create(
        partnership=here.partnership, round=round or ReviewRound.objects.first() or review_round(here), school_id=school,
        state=State.DRAFT.value,
    )  # fmt: skip
    for who, part in (("lead", Part.LEAD), ("second", Part.REVIEWER), ("champion", Part.REVIEWER), ("champion", Part.CHAMPION)):
        TeamMember.objects.create(
            review=row, reviewer=team[who], part=part.value, from_on=date(2026, 10, 20), why=["You know early reading well."]
        )
    for state in WAY[: WAY.index(stands) + 1]:
        _come_to(row, state, here)
    if expectations:
        expected(row, here)
    if until not in WAY:
        row.state, row.resumes = until.value, stands.value
        row.ended_on = after(stands).date() if until is State.WITHDRAWN else None
        _written(row, until, after(stands) - timedelta(hours=1), "head", here)
    row.save()
    return row


def expected(row: PeerReview, here: World) -> None:
    """What host and team each expect to find."""
    for side, who in ((Side.HOST, "head"), (Side.TEAM, "lead")):
        words = SECRETS[f"{side.value} expects"]
        Expectation.objects.create(
            review=row, side=side.value, by=here.people[who], named_at=MOMENTS[State.DATA_SHARED],
            findings=[{"theme": key, "strength": key == "reading", "words": words} for key in ("reading", "writing", "mathematics")],
        )  # fmt: skip


def _come_to(row: PeerReview, state: State, here: World) -> None:
    """What was written down on the way into a state, and the step."""
    at, on = MOMENTS[state], MOMENTS[state].date()
    head, lead = here.people["head"], here.people["lead"]
    row.state = state.value
    if state is State.SCHEDULED:
        row.visit_from_on, row.visit_until_on = VISIT_FROM_ON, VISIT_UNTIL_ON
    elif state is State.FOCUS_AGREED:
        row.questions, row.kind, row.themes = [QUESTION], ReviewKind.ENQUIRY.value, ["reading"]
    elif state is State.DATA_SHARED:
        row.shared_on = on
        first = WAY_KEPT["self_review"][0]["key"]
        SelfReview.objects.create(review=row, words={first: SECRETS["self-review"]}, saved_at=at, saved_by="Ada Example")
        Activity.objects.create(
            review=row, title="Reading with year 2", kind="pupils", on=VISIT_FROM_ON, starts=time(9, 30), ends=time(10, 15), place="Room 3",
            host_partner="Reading lead",
        )  # fmt: skip
    elif state is State.FED_BACK:
        row.fed_back_at = at
    elif state in (State.REPORT_DRAFT, State.REPORT_FINAL):
        number = 1 if state is State.REPORT_DRAFT else 2
        setattr(row, "draft_on" if number == 1 else "final_on", on)
        report = Report.objects.create(
            review=row, number=number, stage=ReportStage.DRAFT.value if number == 1 else ReportStage.FINAL.value, summary=SECRETS["draft"],
            strengths=[{"theme": "reading", "words": SECRETS["draft"], "evidence": []}],
            even_better=[{"theme": "writing", "words": "Write for a reader.", "evidence": []}], at=at, by=lead,
        )  # fmt: skip
        if number == 2:
            AccuracyReply.objects.create(report=report, accurate=True, words=SECRETS["correction"], at=at, by=head)
    elif state is State.WORKSHOP_DONE:
        row.workshop_on, row.workshop_words = on, SECRETS["workshop"]
    elif state is State.ACTIONS_AGREED:
        AgreedPriority.objects.create(
            review=row, number=1, title=SECRETS["priority"], theme="reading", owner="Reading lead", by_on=date(2027, 5, 28),
            measure="Children who read daily", baseline=SECRETS["baseline"],
        )  # fmt: skip
    elif state is State.IMPACT_REVIEWED:
        row.impact_on, row.impact_words = on, SECRETS["impact"]
        AgreedPriority.objects.filter(review=row).update(result=ActionResult.DONE.value, result_words=SECRETS["impact"])
    elif state is State.CLOSED:
        row.outcome, row.ended_on = Outcome.DONE.value, on
    row.save()
    if state is not State.DRAFT:
        _written(row, state, at, _TAKEN_BY.get(state, "head"), here)


#: Who of the world took each step; the head where it is not said.
_TAKEN_BY = {
    State.SCHEDULED: "manager", State.ON_SITE: "lead", State.FED_BACK: "lead", State.REPORT_DRAFT: "lead", State.WORKSHOP_DONE: "champion",
    State.IMPACT_REVIEWED: "lead",
}  # fmt: skip


def _written(row: PeerReview, state: State, at: datetime, who: str, here: World) -> None:
    """The step into a state, as it stands in the list of steps."""
    viewer = here[who]
    ReviewStep.objects.create(
        review=row, step=state.value, state=state.value, at=at, by_key=str(viewer.person_id), by_label=viewer.label[:200]
    )
