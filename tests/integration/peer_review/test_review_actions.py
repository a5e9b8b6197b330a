"""What is done with a review before its report: success, who is refused, what is written down, and a school that closes meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from convenor.journal.models import Entry
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions import activities, expectations, preparing, steps
from convenor.peer_review.actions.activities import Planned
from convenor.peer_review.actions.dates import move_visit
from convenor.peer_review.actions.review_rows import step
from convenor.peer_review.models import Activity, Expectation, PeerReview, ReviewStep, SelfReview, TeamMember
from convenor.peer_review.queries import reviews as queries
from convenor.peer_review.queries.self_review import self_review
from convenor.peer_review.queries.steps import successor
from convenor.peer_review.rules.mirror import Expected
from convenor.peer_review.rules.refusals import ChangedMeanwhile, Missing, NotYours, NoWords, OutOfTurn, ReviewRefused, WrongDay
from convenor.peer_review.rules.states import State, Step
from convenor.post.models import Letter
from convenor.registers.models import School, SchoolLink
from tests.factories.peer_review import AT, HOST, MOMENTS, QUESTION, SLUG, VISIT_FROM_ON, World, after, review, reviewer, reviewing
from tests.factories.registers import edition, reading

pytestmark = pytest.mark.django_db
THREE = (Expected("reading", True), Expected("writing", False), Expected("staff", False))


@pytest.fixture
def here() -> World:
    return reviewing()


def known(row: PeerReview, here: World, who: str, at: datetime) -> dict[str, Any]:
    return {"slug": SLUG, "review_id": row.pk, "by": here[who], "at": at}


def last_step(row: PeerReview) -> tuple[str, bool, str]:
    step = ReviewStep.objects.filter(review=row).last()
    assert step is not None
    return step.step, step.late, step.why


#: what is done -> where the review stands, who does it, what it is told beside
DONE: dict[str, tuple[Callable[..., Any], State, str, dict[str, Any]]] = {
    "focus_agreed": (preparing.agree_focus, State.SCHEDULED, "school leader", {"questions": [QUESTION], "kind": "enquiry"}),
    "on_site": (steps.begin_visit, State.DATA_SHARED, "lead", {}),
    "fed_back": (steps.feed_back, State.ON_SITE, "lead", {}),
    "postponed": (steps.postpone, State.FOCUS_AGREED, "cluster lead", {"why": "Snow."}),
    "withdrawn": (steps.withdraw, State.FED_BACK, "head", {"why": "A death in the school."}),
}
REFUSED = {
    "focus_agreed": {"lead": NotYours, "manager": NotAllowed, "other head": NotYours, "broker": NotAllowed},
    "on_site": {"second": NotYours, "manager": NotYours, "trust lead": NotThere, "broker": NotThere, "somebody with no post": NotAllowed},
    "fed_back": {"second": NotYours, "head": NotYours, "manager": NotAllowed},
    "postponed": {"lead": NotYours, "trust lead": NotThere},
    "withdrawn": {"lead": NotYours, "manager": NotAllowed, "clerk": NotAllowed},
}


@pytest.mark.parametrize("what", DONE)
def test_a_step_is_taken_by_whoever_may_and_by_nobody_else(here: World, what: str) -> None:
    act, state, who, more = DONE[what]
    row, at = review(here, until=state), after(state)
    for other, refusal in REFUSED[what].items():
        with pytest.raises(refusal):
            act(**known(row, here, other, at), **more)
    assert PeerReview.objects.get(pk=row.pk).state == state.value
    with pytest.raises(ChangedMeanwhile):
        act(**known(row, here, who, at), **more, version=row.version + 7)
    act(**known(row, here, who, at), **more, version=row.version)
    row.refresh_from_db()
    assert (row.state, row.version, last_step(row)) == (what, 2, (what, False, more.get("why", "")))
    assert Entry.objects.filter(verb=f"review.{what}", urn=HOST).values_list("why", "detail").get() == ("", {})


def test_a_host_mends_its_questions_until_the_visit(here: World) -> None:
    row = review(here, until=State.DATA_SHARED)
    at = after(State.FOCUS_AGREED)
    with pytest.raises(NotYours):
        preparing.agree_focus(**known(row, here, "lead", at), questions=["Mine?"], kind="enquiry")
    preparing.agree_focus(**known(row, here, "head", at), questions=["Another?"], kind="thematic", themes=["writing"])
    row.refresh_from_db()
    assert (row.questions, row.kind, row.themes, row.state, row.version) == (["Another?"], "thematic", ["writing"], "data_shared", 2)


def test_a_focus_without_a_question_changes_nothing(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    with pytest.raises(Missing):
        preparing.agree_focus(**known(row, here, "head", AT), questions=[""], kind="")
    assert PeerReview.objects.get(pk=row.pk).state == "scheduled"


def test_published_figures_stand_still_from_the_day_of_sharing(here: World) -> None:
    told = edition("tables", family="census", title="Tables of 2024-25")
    school = School.objects.get(urn=HOST)
    reading(school, told, "ks2_rwm_expected", "2024-25", 52.0, cohort=30)
    reading(school, told, "ks2_reading_progress", "2024-25", None, mark="suppressed")
    row = review(here, until=State.FOCUS_AGREED)
    at = MOMENTS[State.DATA_SHARED]
    with pytest.raises(Missing):
        preparing.share_data(**known(row, here, "head", at))
    preparing.save_self_review(**known(row, here, "head", at), words={"strengths": "We read."}, was={})
    seen = self_review(SLUG, row.pk, viewer=here["head"], at=at)
    assert seen is not None
    assert [(each.key, each.value, each.cohort, bool(each.mark_says), seen.frozen_on) for each in seen.figures] == [
        ("ks2_rwm_expected", 52.0, 30, False, None), ("ks2_reading_progress", None, None, True, None),
    ]  # fmt: skip
    preparing.share_data(**known(row, here, "head", at))
    reading(
        school, edition("newer", family="census", title="Newer", as_at=date(2026, 11, 20)), "ks2_rwm_expected", "2025-26", 61.0, cohort=28
    )
    shared = self_review(SLUG, row.pk, viewer=here["lead"], at=at)
    assert shared is not None
    assert (shared.frozen_on, shared.figures, shared.may_write, shared.written) == (at.date(), seen.figures, False, True)
    assert self_review(SLUG, row.pk, viewer=here["manager"], at=at) is None


def test_sharing_late_is_taken_and_marked(here: World) -> None:
    row = review(here, until=State.FOCUS_AGREED)
    preparing.save_self_review(**known(row, here, "head", AT), words={"strengths": "We read."}, was={})
    preparing.share_data(**known(row, here, "head", datetime(2026, 11, 19, 9, 0, tzinfo=AT.tzinfo)))
    assert last_step(row) == ("data_shared", True, "")
    page = queries.review(SLUG, row.pk, viewer=here["manager"], at=datetime(2026, 11, 19, 9, 0, tzinfo=AT.tzinfo))
    assert page is not None
    assert [each.late_says for each in page.waypoints if each.late_says] == ["two days after the planned day"]


def test_the_self_review_is_written_by_the_host_until_the_visit(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    for who, refusal in (("head", OutOfTurn), ("lead", NotYours), ("clerk", NotAllowed)):
        with pytest.raises(refusal):
            preparing.save_self_review(**known(row, here, who, after(State.ON_SITE)), words={"strengths": "Late."}, was={})
    assert "Late." not in SelfReview.objects.get(review=row).words.values()


def test_what_is_the_same_is_saved_once(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    for _ in range(2):
        preparing.save_self_review(**known(row, here, "head", AT), words={"strengths": "We read."}, was={})
    assert SelfReview.objects.get(review=row).version == 1


def plan(**more: Any) -> Planned:
    given: dict[str, Any] = {"title": "Reading", "on": VISIT_FROM_ON, "starts": time(9), "ends": time(10), "host_partner": "Reading lead"}
    return Planned(**given | more)


def test_an_activity_is_planned_by_host_and_lead_alone(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    made = activities.plan_activity(**known(row, here, "lead", AT), plan=plan())
    activities.plan_activity(**known(row, here, "school leader", AT), plan=plan(starts=time(10), ends=time(11)))
    for who, refusal in (("second", NotYours), ("manager", NotYours), ("trust lead", NotThere), ("somebody with no post", NotAllowed)):
        with pytest.raises(refusal):
            activities.plan_activity(**known(row, here, who, AT), plan=plan(on=date(2026, 12, 2)))
        with pytest.raises(refusal):
            activities.remove_activity(**known(row, here, who, AT), activity_id=made.pk)
    assert Activity.objects.filter(review=row, removed_at=None).count() == 2


def test_an_activity_that_was_removed_is_not_changed(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    made = activities.plan_activity(**known(row, here, "lead", AT), plan=plan())
    with pytest.raises(ChangedMeanwhile, match="now it is “Reading”, 09:00 to 10:00, with Reading lead"):
        activities.change_activity(**known(row, here, "head", AT), activity_id=made.pk, plan=plan(), version=9)
    activities.remove_activity(**known(row, here, "head", AT), activity_id=made.pk)
    with pytest.raises(NotThere):
        activities.change_activity(**known(row, here, "head", AT), activity_id=made.pk, plan=plan())
    assert queries.activity(SLUG, row.pk, made.pk, viewer=here["head"], at=AT) is None


def test_a_suggestion_never_lies_on_a_plan_and_needs_days(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    made = activities.plan_suggested(**known(row, here, "head", AT), host_partner="Headteacher")
    assert {each.on for each in made} == {date(2026, 12, 1), date(2026, 12, 2)}
    with pytest.raises(OutOfTurn):
        activities.plan_suggested(**known(row, here, "head", AT), host_partner="Headteacher")
    other = review(here, until=State.DRAFT, school="990002")
    with pytest.raises(OutOfTurn):
        activities.plan_suggested(**known(other, here, "lead", AT), host_partner="Headteacher")
    undated = review(here, until=State.SCHEDULED, school="990004")
    PeerReview.objects.filter(pk=undated.pk).update(visit_from_on=None, visit_until_on=None)
    with pytest.raises(Missing):
        activities.plan_suggested(**known(undated, here, "lead", AT), host_partner="Headteacher")


def test_what_was_planned_moves_with_the_visit(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    for on in (date(2026, 12, 1), date(2026, 12, 2)):
        activities.plan_activity(**known(row, here, "lead", AT), plan=plan(on=on))
    move_visit(**known(row, here, "manager", AT), from_on=date(2026, 12, 8), why="A training day.", asked=True)
    row.refresh_from_db()
    assert set(Activity.objects.values_list("on", flat=True)) <= {
        date(2026, 12, 8), date(2026, 12, 9),
    }  # fmt: skip
    assert Activity.objects.filter(on__gte=row.visit_until_on).count() == 0
    same = {"was_from_on": row.visit_from_on, "was_until_on": row.visit_until_on}
    assert activities.move_agenda(row, **same, by=here["manager"], at=AT) == 0
    PeerReview.objects.filter(pk=row.pk).update(visit_from_on=None, visit_until_on=None)
    row.refresh_from_db()
    assert activities.move_agenda(row, was_from_on=None, was_until_on=None, by=here["manager"], at=AT) == 0


def test_expectations_are_each_sides_own_and_end_with_the_visit(here: World) -> None:
    row = review(here, until=State.DATA_SHARED)
    for who in ("lead", "second", "head"):
        expectations.name_expectations(**known(row, here, who, MOMENTS[State.DATA_SHARED]), findings=THREE)
    assert list(Expectation.objects.order_by("side").values_list("side", "by_id")) == [
        ("host", here["head"].person_id), ("team", here["second"].person_id),
    ]  # fmt: skip
    with pytest.raises(NotYours):
        expectations.name_expectations(**known(row, here, "manager", MOMENTS[State.DATA_SHARED]), findings=THREE)
    with pytest.raises(OutOfTurn, match="before the visit until Tuesday 1 December"):
        expectations.name_expectations(**known(row, here, "lead", MOMENTS[State.ON_SITE]), findings=THREE)
    own = queries.own_expectation(SLUG, row.pk, viewer=here["lead"], at=MOMENTS[State.ON_SITE])
    assert own is not None
    assert (own.side, own.may_name, own.by) == ("team", False, "Sol Carr")
    assert queries.own_expectation(SLUG, row.pk, viewer=here["manager"], at=AT) is None


def test_a_postponed_review_goes_on_from_where_it_stood(here: World) -> None:
    row = review(here, until=State.FOCUS_AGREED)
    with pytest.raises(NoWords):
        steps.postpone(**known(row, here, "head", after(State.FOCUS_AGREED)), why=" ")
    steps.postpone(**known(row, here, "head", after(State.FOCUS_AGREED)), why="Illness.")
    row.refresh_from_db()
    assert (row.state, row.resumes) == ("postponed", "focus_agreed")
    past = datetime(2026, 12, 7, 9, 0, tzinfo=AT.tzinfo)
    with pytest.raises(WrongDay):
        steps.resume(**known(row, here, "manager", past))
    with pytest.raises(NotYours):
        steps.resume(**known(row, here, "lead", past))
    steps.resume(**known(row, here, "manager", past), from_on=date(2026, 12, 9), asked=True)
    row.refresh_from_db()
    assert (row.state, row.resumes, row.visit_from_on) == ("focus_agreed", "", date(2026, 12, 9))
    assert list(ReviewStep.objects.filter(review=row).values_list("step", flat=True))[-3:] == ["postponed", "moved", "resumed"]


def test_after_the_visit_no_calendar_is_troubled(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    at = after(State.REPORT_FINAL)
    steps.postpone(**known(row, here, "head", at), why="The champion is ill.")
    steps.resume(**known(row, here, "head", at))
    steps.withdraw(**known(row, here, "head", at))
    row.refresh_from_db()
    assert (row.state, row.resumes) == ("withdrawn", "report_final")
    assert Letter.objects.filter(subject__startswith="Taken out of your calendar").count() == 0


def test_a_visit_that_is_put_off_leaves_calendars_until_it_goes_on(here: World) -> None:
    row = review(here, until=State.FOCUS_AGREED)
    at = after(State.FOCUS_AGREED)
    steps.postpone(**known(row, here, "head", at), why="Snow.")
    steps.resume(**known(row, here, "head", at))
    subjects = [each for each in Letter.objects.order_by("id").values_list("subject", flat=True) if "calendar" in each]
    assert subjects[0] == "Taken out of your calendar: peer review visit, Tuesday 1 December 2026"
    assert subjects[-1] == "For your calendar: peer review visit, Tuesday 1 December 2026"


def test_days_of_drafts_follow_from_their_steps(here: World) -> None:
    row = review(here, until=State.FED_BACK)
    at = after(State.FED_BACK)
    step(row, Step.REPORT_DRAFT, slug=SLUG, by=here["lead"], at=at)
    step(row, Step.REPORT_FINAL, slug=SLUG, by=here["head"], at=at + timedelta(days=2))
    step(row, Step.CLOSED, slug=SLUG, by=here["head"], at=at + timedelta(days=3))
    days = [at.date() + timedelta(days=ahead) for ahead in (0, 2, 3)]
    assert [row.draft_on, row.final_on, row.ended_on] == days


def test_a_coordinator_of_other_schools_ends_nothing_here(here: World) -> None:
    row = review(here, until=State.SCHEDULED, school="990006")
    lead = here.people["cluster lead"]
    take_post(slug=SLUG, role="reviewer", title="Peer reviewer", person_id=lead.pk, from_on=AT.date(), by="the test", at=AT)
    here.viewers["cluster lead"] = viewer_for(lead, on=AT.date())
    TeamMember.objects.create(review=row, reviewer=reviewer(here, "cluster lead"), part="reviewer", from_on=AT.date())
    closes("990006")
    with pytest.raises(NotYours):
        steps.end_for_closed_school(**known(row, here, "cluster lead", AT))
    assert PeerReview.objects.get(pk=row.pk).state == "scheduled"


def test_the_closing_of_a_school_before_its_visit_had_days_ends_its_review(here: World) -> None:
    row = review(here, until=State.DRAFT)
    closes(HOST)
    steps.end_for_closed_school(**known(row, here, "manager", AT))
    row.refresh_from_db()
    assert (row.state, row.resumes) == ("withdrawn", "draft")


def test_the_reason_of_a_host_that_withdrew_is_its_own(here: World) -> None:
    row = review(here, until=State.DATA_SHARED)
    at = after(State.DATA_SHARED)
    steps.withdraw(**known(row, here, "head", at), why="A death in the school.")
    for who, reads in (("head", "A death in the school."), ("lead", ""), ("manager", "")):
        page = queries.review(SLUG, row.pk, viewer=here[who], at=at)
        assert page is not None
        assert (page.steps[-1].step.value, page.steps[-1].why) == ("withdrawn", reads)
    for act in (steps.withdraw, steps.resume):
        with pytest.raises(OutOfTurn):
            act(**known(row, here, "head", at))


def closes(urn: str, *became: str) -> None:
    """The school closes; the register names what it became."""
    School.objects.filter(urn=urn).update(status="closed", closed_on=date(2026, 11, 1))
    told = edition(f"links-{urn}", family="links")
    for other in became:
        SchoolLink.objects.create(
            urn=urn, linked_urn=other, linked_name=f"School {other}", kind="Successor", established_on=date(2026, 11, 1),
            edition=told,
        )  # fmt: skip


def new_school(urn: str) -> School:
    old = School.objects.get(urn=HOST)
    return School.objects.create(
        urn=urn, name="Fernhollow Academy", authority=old.authority, phase="Primary", type_name="Academy converter", status="open",
        type_group="academy", fictitious=True,
    )  # fmt: skip


def test_a_review_goes_on_with_the_school_that_its_school_became(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    with pytest.raises(OutOfTurn):
        steps.follow_school(**known(row, here, "manager", AT))
    new_school("990011")
    closes(HOST, "990011")
    with pytest.raises(NotYours):
        steps.follow_school(**known(row, here, "lead", AT))
    page = queries.review(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert page is not None
    assert (page.closed_school, [each.urn for each in page.became]) == (True, ["990011"])
    steps.follow_school(**known(row, here, "manager", AT))
    row.refresh_from_db()
    assert (row.school_id, row.state, last_step(row)) == (
        "990011", "scheduled", ("followed", False, "Fernhollow Primary School became Fernhollow Academy; the review goes on with it."),
    )  # fmt: skip


def test_a_review_does_not_follow_into_a_school_that_hosts_already(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    closes(HOST, "990002")
    review(here, until=State.SCHEDULED, school="990002")
    with pytest.raises(OutOfTurn, match="hosts a review in this round already"):
        steps.follow_school(**known(row, here, "manager", AT))


def test_a_school_that_split_has_no_one_successor(here: World) -> None:
    new_school("990011")
    new_school("990012")
    closes(HOST, "990011", "990012")
    assert (successor(HOST, viewer=here["manager"], on=AT.date()), successor("no such", viewer=here["manager"], on=AT.date())) == (
        None,
        None,
    )


def test_the_review_of_a_school_that_closed_is_ended_by_the_coordinator(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    other = review(here, until=State.CLOSED, school="990002")
    for who, refusal in (("manager", OutOfTurn), ("head", NotAllowed), ("lead", NotAllowed)):
        with pytest.raises(refusal):
            steps.end_for_closed_school(**known(row, here, who, AT))
    closes(HOST)
    closes("990002")
    steps.end_for_closed_school(**known(row, here, "manager", AT))
    row.refresh_from_db()
    assert (row.state, row.ended_on, last_step(row)) == (
        "withdrawn", AT.date(), ("withdrawn", False, "The school closed, and the register names no school that it became."),
    )  # fmt: skip
    with pytest.raises(OutOfTurn, match="ended already"):
        steps.end_for_closed_school(**known(other, here, "manager", AT))


def test_only_one_of_two_at_once_takes_a_step(here: World) -> None:
    row = review(here, until=State.DATA_SHARED)
    at = after(State.DATA_SHARED)
    steps.begin_visit(**known(row, here, "lead", at), version=row.version)
    for more, refusal in (({"version": row.version}, ChangedMeanwhile), ({}, OutOfTurn)):
        with pytest.raises(refusal):
            steps.begin_visit(**known(row, here, "head", at + timedelta(minutes=1)), **more)
    assert ReviewStep.objects.filter(review=row, step="on_site").count() == 1
    assert issubclass(ChangedMeanwhile, ReviewRefused)
