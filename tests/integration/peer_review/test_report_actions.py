"""The report written, shared, checked, mended, made final; the workshop, priorities and impact visit; what is refused to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.actions.access import let_read, take_back
from convenor.peer_review.actions.excellence import offer_excellence, take_back_excellence
from convenor.peer_review.actions.impact import close_review, hold_impact_visit
from convenor.peer_review.actions.priorities import agree_priorities
from convenor.peer_review.actions.reports import check_draft, choose_scale, make_final, save_working, share_draft
from convenor.peer_review.actions.workshop import hold_workshop
from convenor.peer_review.models import AccuracyReply, AgreedPriority, ExcellenceOffer, PeerReview, Report, ReportWorking, ReviewStep
from convenor.peer_review.queries.reports import report, working
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.priorities import Priority
from convenor.peer_review.rules.refusals import ChangedMeanwhile, Missing, NotYours, NoWords, OutOfTurn, SamePerson, TooSoon, WrongDay
from convenor.peer_review.rules.report import Finding, Writing
from convenor.peer_review.rules.scale import InspectionWord
from convenor.peer_review.rules.states import WAY, Outcome, State
from convenor.post.models import Letter
from tests.factories.peer_review import HOST, MOMENTS, SECRETS, SLUG, World, after, review, reviewing
from tests.factories.review_reports import UIDS, WHOLE, notes

pytestmark = pytest.mark.django_db
SHARED = MOMENTS[State.REPORT_DRAFT]
AGREED = Priority("Daily reading", "reading", "Reading lead", date(2027, 5, 28), "Children who read daily", "Nine of thirty")


@pytest.fixture
def here() -> World:
    return reviewing()


def seen(here: World, row: PeerReview, who: str, at: datetime) -> ReviewHere:
    found = review_here(SLUG, row.pk, viewer=here[who], at=at)
    assert found is not None
    return found


def given(row: PeerReview, **more: Any) -> dict[str, Any]:
    return {"slug": SLUG, "review_id": row.pk, **more}


def drafted(here: World) -> PeerReview:
    """A review whose draft was written and shared by its actions."""
    row = review(here, until=State.FED_BACK)
    notes(row, here)
    save_working(**given(row), writing=WHOLE, working_version=0, by=here["lead"], at=SHARED)
    share_draft(**given(row), by=here["lead"], at=SHARED)
    return row


def test_a_draft_is_saved_for_the_lead_alone_and_then_shared(here: World) -> None:
    row = review(here, until=State.FED_BACK)
    notes(row, here)
    assert save_working(**given(row), writing=WHOLE, working_version=0, by=here["lead"], at=SHARED) == 1
    assert save_working(**given(row), writing=replace(WHOLE, summary=" New. "), working_version=1, by=here["lead"], at=SHARED) == 2
    others = [working(seen(here, row, who, SHARED), viewer=here[who], at=SHARED) for who in ("second", "champion", "head", "manager")]
    assert others == [None] * 4
    own = working(seen(here, row, "lead", SHARED), viewer=here["lead"], at=SHARED)
    assert own is not None
    assert (own.writing, own.version) == (replace(WHOLE, summary="New."), 2)
    share_draft(**given(row), by=here["lead"], at=SHARED)
    kept = PeerReview.objects.get(pk=row.pk)
    assert (kept.state, kept.draft_on, ReportWorking.objects.count()) == ("report_draft", SHARED.date(), 0)
    stored = Report.objects.get(review=row)
    assert (stored.number, stored.stage, stored.summary, stored.strengths) == (1, "draft", "New.", [WHOLE.strengths[0].as_dict()])
    told = report(seen(here, row, "head", SHARED), viewer=here["head"], at=SHARED)
    assert told is not None
    assert (told.report.writing.summary, told.numbers) == ("New.", {UIDS[0]: 1, UIDS[1]: 2})


def test_two_devices_of_the_lead_never_overwrite_each_other(here: World) -> None:
    row = review(here, until=State.FED_BACK)
    save_working(**given(row), writing=Writing("One"), working_version=0, by=here["lead"], at=SHARED)
    with pytest.raises(ChangedMeanwhile) as refused:
        save_working(**given(row), writing=Writing("Two"), working_version=0, by=here["lead"], at=SHARED)
    assert (refused.value.now, ReportWorking.objects.get().content["summary"]) == (1, "One")


@pytest.mark.parametrize("who", ["second", "champion", "head", "manager", "cluster lead"])
def test_nobody_but_the_lead_writes_or_shares(here: World, who: str) -> None:
    row = review(here, until=State.FED_BACK)
    with pytest.raises((NotYours, NotAllowed, NotThere)):
        save_working(**given(row), writing=WHOLE, working_version=0, by=here[who], at=SHARED)
    with pytest.raises((NotYours, NotAllowed, NotThere)):
        share_draft(**given(row), by=here[who], at=SHARED)
    assert (ReportWorking.objects.count(), Report.objects.count()) == (0, 0)


def test_a_draft_that_rests_on_nothing_is_not_shared(here: World) -> None:
    row = review(here, until=State.FED_BACK)
    notes(row, here)
    struck = replace(WHOLE, strengths=(Finding("reading", "Well told.", (UIDS[2],)),))
    for writing in (Writing("s"), struck):
        version = ReportWorking.objects.values_list("version", flat=True).first() or 0
        save_working(**given(row), writing=writing, working_version=version, by=here["lead"], at=SHARED)
        with pytest.raises(Missing):
            share_draft(**given(row), by=here["lead"], at=SHARED)
    assert (PeerReview.objects.get().state, Report.objects.count()) == ("fed_back", 0)


def test_a_draft_after_ten_working_days_is_taken_and_marked_late(here: World) -> None:
    row = review(here, until=State.FED_BACK)
    notes(row, here)
    late = datetime(2026, 12, 17, 9, tzinfo=SHARED.tzinfo)
    save_working(**given(row), writing=WHOLE, working_version=0, by=here["lead"], at=late)
    share_draft(**given(row), by=here["lead"], at=late)
    step = ReviewStep.objects.get(step="report_draft")
    assert (step.late, step.why) == (True, "")


@pytest.mark.parametrize("until", [each for each in WAY if each not in (State.ON_SITE, State.FED_BACK)])
def test_no_draft_is_written_where_the_review_does_not_stand_there(here: World, until: State) -> None:
    row = review(here, until=until)
    with pytest.raises(OutOfTurn):
        save_working(**given(row), writing=WHOLE, working_version=0, by=here["lead"], at=MOMENTS[until])


def test_an_accurate_draft_becomes_final_at_once(here: World) -> None:
    row = drafted(here)
    at = after(State.REPORT_DRAFT)
    check_draft(**given(row), accurate=True, by=here["head"], at=at)
    kept = PeerReview.objects.get()
    assert (kept.state, kept.final_on) == ("report_final", at.date())
    final = Report.objects.get(stage="final")
    draft = Report.objects.get(stage="draft")
    assert (final.number, final.content, final.by_id) == (2, draft.content, here.people["lead"].pk)
    assert [(each.accurate, each.report_id) for each in AccuracyReply.objects.all()] == [(True, draft.pk)]


def test_corrections_are_answered_by_a_new_draft_and_checked_again(here: World) -> None:
    row = drafted(here)
    at = after(State.REPORT_DRAFT)
    with pytest.raises(NoWords):
        check_draft(**given(row), accurate=False, by=here["head"], at=at)
    check_draft(**given(row), accurate=False, words="Two hours, not one.", by=here["head"], at=at)
    with pytest.raises(OutOfTurn):
        check_draft(**given(row), accurate=True, by=here["head"], at=at)
    with pytest.raises(Missing):
        make_final(**given(row), by=here["lead"], at=at + timedelta(days=30))
    mending = working(seen(here, row, "lead", at), viewer=here["lead"], at=at)
    assert mending is not None
    assert (mending.mending, mending.writing, mending.reply.words if mending.reply else "") == (True, WHOLE, "Two hours, not one.")
    save_working(**given(row), writing=replace(WHOLE, summary="Mended."), working_version=0, by=here["lead"], at=at)
    share_draft(**given(row), by=here["lead"], at=at)
    check_draft(**given(row), accurate=True, by=here["head"], at=at)
    stages = list(Report.objects.values_list("number", "stage", "summary"))
    assert stages == [(1, "draft", WHOLE.summary), (2, "draft", "Mended."), (3, "final", "Mended.")]
    steps = list(ReviewStep.objects.order_by("id").values_list("step", flat=True))[-5:]
    assert steps == ["report_draft", "checked", "mended", "checked", "report_final"]


@pytest.mark.parametrize("who", ["lead", "second", "manager", "cluster lead", "other head", "broker", "school office"])
def test_nobody_but_the_host_checks_the_draft(here: World, who: str) -> None:
    row = drafted(here)
    with pytest.raises((NotYours, NotAllowed, NotThere)):
        check_draft(**given(row), accurate=True, by=here[who], at=SHARED)
    assert AccuracyReply.objects.count() == 0


def test_a_silent_school_has_five_working_days(here: World) -> None:
    row = drafted(here)
    for day in (8, 15):
        with pytest.raises(TooSoon):
            make_final(**given(row), by=here["lead"], at=datetime(2026, 12, day, 12, tzinfo=SHARED.tzinfo))
    with pytest.raises((NotYours, NotAllowed)):
        make_final(**given(row), by=here["second"], at=datetime(2026, 12, 16, 12, tzinfo=SHARED.tzinfo))
    make_final(**given(row), by=here["lead"], at=datetime(2026, 12, 16, 12, tzinfo=SHARED.tzinfo))
    assert PeerReview.objects.get().state == "report_final"


def test_a_review_changed_meanwhile_is_not_changed_again(here: World) -> None:
    row = drafted(here)
    version = PeerReview.objects.get().version
    with pytest.raises(ChangedMeanwhile):
        check_draft(**given(row), accurate=True, by=here["head"], at=SHARED, version=version - 1)
    assert PeerReview.objects.get().version == version


def test_a_scale_is_in_the_hosts_own_words_and_before_the_draft(here: World) -> None:
    row = review(here, until=State.FED_BACK)
    notes(row, here)
    choose_scale(**given(row), words=["Just begun", "Under way"], by=here["head"], at=SHARED)
    assert PeerReview.objects.get().scale == ["Just begun", "Under way"]
    with pytest.raises(InspectionWord):
        choose_scale(**given(row), words=["Just begun", "OUT-standing"], by=here["head"], at=SHARED)
    with pytest.raises((NotYours, NotAllowed)):
        choose_scale(**given(row), words=[], by=here["lead"], at=SHARED)
    save_working(**given(row), writing=WHOLE, working_version=0, by=here["lead"], at=SHARED)
    with pytest.raises(Missing):
        share_draft(**given(row), by=here["lead"], at=SHARED)
    save_working(**given(row), writing=replace(WHOLE, grade="Under way"), working_version=1, by=here["lead"], at=SHARED)
    share_draft(**given(row), by=here["lead"], at=SHARED)
    assert Report.objects.get().grade == "Under way"
    with pytest.raises(OutOfTurn):
        choose_scale(**given(row), words=[], by=here["head"], at=SHARED)


def test_the_workshop_is_led_by_a_champion_who_was_not_the_lead(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    at = after(State.REPORT_FINAL)
    for who in ("lead", "second", "head", "manager"):
        with pytest.raises((NotYours, NotAllowed)):
            hold_workshop(**given(row), held_on=at.date(), by=here[who], at=at)
    with pytest.raises(WrongDay):
        hold_workshop(**given(row), held_on=at.date() + timedelta(days=1), by=here["champion"], at=at)
    hold_workshop(**given(row), held_on=at.date(), words="We chose one thing.", by=here["champion"], at=at)
    kept = PeerReview.objects.get()
    assert (kept.state, kept.workshop_on, kept.workshop_words) == ("workshop_done", at.date(), "We chose one thing.")
    assert ReviewStep.objects.get(step="workshop_done").late is False


def test_a_champion_equal_to_the_lead_is_refused(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    row.team.filter(part="champion").update(reviewer=row.team.get(part="lead").reviewer)
    with pytest.raises(SamePerson):
        hold_workshop(**given(row), held_on=date(2026, 12, 15), by=here["lead"], at=after(State.REPORT_FINAL))
    assert PeerReview.objects.get().state == "report_final"


def test_a_workshop_after_fourteen_days_is_late(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    at = datetime(2026, 12, 17, 9, tzinfo=SHARED.tzinfo)
    hold_workshop(**given(row), held_on=at.date(), by=here["champion"], at=at)
    assert ReviewStep.objects.get(step="workshop_done").late is True


def test_priorities_are_agreed_and_may_be_mended_until_the_impact_visit(here: World) -> None:
    row = review(here, until=State.WORKSHOP_DONE)
    at = after(State.WORKSHOP_DONE)
    agree_priorities(**given(row), priorities=[AGREED, replace(AGREED, title="Two")], by=here["head"], at=at)
    assert PeerReview.objects.get().state == "actions_agreed"
    agree_priorities(**given(row), priorities=[replace(AGREED, title="One alone")], by=here["school leader"], at=at)
    assert list(AgreedPriority.objects.values_list("number", "title")) == [(1, "One alone")]
    steps = ReviewStep.objects.filter(step="actions_agreed").count()
    assert (PeerReview.objects.get().state, steps) == ("actions_agreed", 1)
    for who in ("lead", "champion", "manager", "other head"):
        with pytest.raises((NotYours, NotAllowed, NotThere)):
            agree_priorities(**given(row), priorities=[AGREED], by=here[who], at=at)


@pytest.mark.parametrize("until", [State.REPORT_FINAL, State.IMPACT_REVIEWED])
def test_priorities_wait_for_the_workshop_and_stand_after_the_impact_visit(here: World, until: State) -> None:
    row = review(here, until=until)
    with pytest.raises(OutOfTurn):
        agree_priorities(**given(row), priorities=[replace(AGREED, by_on=date(2027, 9, 1))], by=here["head"], at=MOMENTS[until])


def test_the_impact_visit_is_five_to_seven_months_on(here: World) -> None:
    row = review(here, until=State.ACTIONS_AGREED)
    results = {1: ("done", "All of them")}
    early, in_time = datetime(2027, 4, 30, 12, tzinfo=SHARED.tzinfo), after(State.ACTIONS_AGREED)
    with pytest.raises(TooSoon):
        hold_impact_visit(**given(row), held_on=early.date(), results=results, by=here["head"], at=early)
    with pytest.raises(WrongDay):
        hold_impact_visit(**given(row), held_on=in_time.date(), results=results, by=here["head"], at=early)
    with pytest.raises(Missing):
        hold_impact_visit(**given(row), held_on=in_time.date(), results={}, by=here["head"], at=in_time)
    assert AgreedPriority.objects.get().result == ""
    hold_impact_visit(**given(row), held_on=in_time.date(), results=results, words="Good to see.", by=here["head"], at=in_time)
    kept = PeerReview.objects.get()
    assert (kept.state, kept.impact_words, AgreedPriority.objects.get().result) == ("impact_reviewed", "Good to see.", "done")
    close_review(**given(row), outcome=Outcome.CONTINUE, by=here["head"], at=in_time)
    kept = PeerReview.objects.get()
    assert (kept.state, kept.outcome, kept.ended_on) == ("closed", "continue", in_time.date())


def test_an_impact_visit_after_seven_months_is_late(here: World) -> None:
    row = review(here, until=State.ACTIONS_AGREED)
    at = datetime(2027, 7, 9, 12, tzinfo=SHARED.tzinfo)
    hold_impact_visit(**given(row), held_on=at.date(), results={1: ("not-yet", "")}, by=here["head"], at=at)
    assert ReviewStep.objects.get(step="impact_reviewed").late is True


def test_whoever_comes_back_is_let_in_by_the_school_first(here: World) -> None:
    row = review(here, until=State.ACTIONS_AGREED)
    at, results = after(State.ACTIONS_AGREED), {1: ("partly", "Half of them")}
    for who in ("lead", "champion"):
        with pytest.raises(NotThere):
            hold_impact_visit(**given(row), held_on=at.date(), results=results, by=here[who], at=at)
    let_read(**given(row), person_id=here.people["lead"].pk, by=here["head"], at=at)
    hold_impact_visit(**given(row), held_on=at.date(), results=results, by=here["lead"], at=at)
    assert PeerReview.objects.get().state == "impact_reviewed"
    with pytest.raises((NotYours, NotAllowed)):
        close_review(**given(row), outcome=Outcome.DONE, by=here["lead"], at=at)


def test_a_named_person_reads_until_a_day_or_until_it_is_taken_back(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    at = after(State.REPORT_FINAL)
    broker = here.people["broker"].pk
    assert review_here(SLUG, row.pk, viewer=here["broker"], at=at) is None
    grant = let_read(**given(row), person_id=broker, until_on=at.date(), by=here["chair of governors"], at=at)
    assert seen(here, row, "broker", at).sights == {Sight.STATES, Sight.REPORT}
    assert review_here(SLUG, row.pk, viewer=here["broker"], at=at + timedelta(days=1)) is None
    with pytest.raises(AlreadyThere):
        let_read(**given(row), person_id=broker, by=here["head"], at=at)
    again = let_read(**given(row), person_id=broker, by=here["head"], at=at + timedelta(days=1))
    assert (again.pk != grant.pk, seen(here, row, "broker", at + timedelta(days=1)).sees(Sight.REPORT)) == (True, True)
    take_back(**given(row), grant_id=again.pk, by=here["head"], at=at + timedelta(days=1))
    assert review_here(SLUG, row.pk, viewer=here["broker"], at=at + timedelta(days=1)) is None
    with pytest.raises(NotThere):
        take_back(**given(row), grant_id=again.pk, by=here["head"], at=at + timedelta(days=1))


def test_leave_to_read_is_the_heads_or_the_chairs_to_give(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    at = after(State.REPORT_FINAL)
    for who in ("school leader", "lead", "manager", "cluster lead", "other head"):
        with pytest.raises((NotYours, NotAllowed, NotThere)):
            let_read(**given(row), person_id=here.people["broker"].pk, by=here[who], at=at)
    for person in (here.people["somebody with no post"].pk, here.people["school leader"].pk, 0, 2**63):
        with pytest.raises(NotThere):
            let_read(**given(row), person_id=person, by=here["head"], at=at)
    with pytest.raises(WrongDay):
        let_read(**given(row), person_id=here.people["broker"].pk, until_on=date(2026, 1, 1), by=here["head"], at=at)


def test_excellence_is_offered_in_the_hosts_words_and_taken_back(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    at = after(State.REPORT_FINAL)
    offer_excellence(**given(row), theme="reading", words=" Our story corner. ", by=here["head"], at=at)
    offer_excellence(**given(row), theme="reading", words="Our story corner, Tuesdays.", by=here["head"], at=at)
    assert list(ExcellenceOffer.objects.values_list("words", "withdrawn_at")) == [("Our story corner, Tuesdays.", None)]
    take_back_excellence(**given(row), by=here["head"], at=at)
    with pytest.raises(NotThere):
        take_back_excellence(**given(row), by=here["head"], at=at)
    for who in ("school leader", "lead", "manager"):
        with pytest.raises((NotYours, NotAllowed)):
            offer_excellence(**given(row), theme="reading", words="Ours.", by=here[who], at=at)
    with pytest.raises(Missing):
        offer_excellence(**given(row), theme="none such", words="Ours.", by=here["head"], at=at)
    with pytest.raises(NoWords):
        offer_excellence(**given(row), theme="reading", words=" ", by=here["head"], at=at)


def test_nothing_is_offered_before_the_report_is_final(here: World) -> None:
    row = review(here, until=State.REPORT_DRAFT)
    with pytest.raises(OutOfTurn):
        offer_excellence(**given(row), theme="reading", words="Ours.", by=here["head"], at=SHARED)


def test_no_letter_and_no_line_of_the_journal_holds_a_word_of_a_report(here: World) -> None:
    row = drafted(here)
    at = after(State.REPORT_DRAFT)
    check_draft(**given(row), accurate=True, words="Right it is.", by=here["head"], at=at)
    let_read(**given(row), person_id=here.people["broker"].pk, by=here["head"], at=at)
    hold_workshop(**given(row), held_on=at.date(), words="One thing.", by=here["champion"], at=at)
    agree_priorities(**given(row), priorities=[AGREED], by=here["head"], at=at)
    told = [*WHOLE.as_dict()["strengths"][0].values(), WHOLE.summary, "Open more books.", "Right it is.", "One thing.", AGREED.title]
    secrets = [each for each in (*told, *SECRETS.values()) if isinstance(each, str) and len(each) > 8]
    lines = [f"{each.verb} {each.subject_label} {each.why} {each.detail}" for each in Entry.objects.all()]
    letters = [f"{each.subject} {each.body}" for each in Letter.objects.all()]
    assert letters
    assert [secret for secret in secrets for line in (*lines, *letters) if secret in line] == []
    assert {each.urn for each in Entry.objects.filter(verb__startswith="review.")} == {HOST}
    assert [each for each in letters if "Fernhollow" in each] == []


def test_somebody_without_an_address_is_let_in_without_a_letter(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    here.people["broker"].email = ""
    here.people["broker"].save()
    let_read(**given(row), person_id=here.people["broker"].pk, by=here["head"], at=after(State.REPORT_FINAL))
    assert (Letter.objects.count(), seen(here, row, "broker", after(State.REPORT_FINAL)).sees(Sight.REPORT)) == (0, True)
