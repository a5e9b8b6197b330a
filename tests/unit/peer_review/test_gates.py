"""The way of a review: what follows what, what each step rests on, when it is late, and whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules import gates
from convenor.peer_review.rules.gates import (
    BESIDE,
    INTO,
    REASON_AT_MOST,
    TAKEN_BY,
    Facts,
    PlannedActivity,
    PriorityFacts,
    Who,
    check_reason,
    check_step,
    check_who,
    due_on,
    impact_window,
    months_after,
    opens_on,
    planned,
    timings_of,
    what_next,
)
from convenor.peer_review.rules.refusals import Missing, NotYours, NoWords, OutOfTurn, ReviewRefused, SamePerson, TooSoon, WrongDay
from convenor.peer_review.rules.states import WAY, Outcome, ReviewKind, State, Step
from convenor.peer_review.rules.ways import Timings

FIRST, LAST, UNTIL = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3)
PRIORITY = PriorityFacts("Reading", "Reading lead", date(2027, 5, 28), "Daily readers", "Nine of thirty", "done")
#: A review of which every gate is content, wherever it stands.
READY = Facts(
    state=State.DRAFT, visit_from_on=FIRST, visit_until_on=UNTIL, lead=1, others=frozenset({2, 3}), champions=frozenset({3}),
    questions=("How well do our youngest readers catch up?",), kind=ReviewKind.ENQUIRY, self_review_saved=True,
    shared_on=date(2026, 11, 10), activities=(PlannedActivity("Reading", "Reading lead"),), fed_back_on=LAST, draft_on=date(2026, 12, 8),
    accurate=True, priorities=(PRIORITY,), outcome=Outcome.DONE,
)  # fmt: skip
#: A day on which the step into each state is in time.
IN_TIME = {
    State.SCHEDULED: date(2026, 10, 22), State.FOCUS_AGREED: date(2026, 11, 17), State.DATA_SHARED: date(2026, 11, 17),
    State.ON_SITE: FIRST, State.FED_BACK: LAST, State.REPORT_DRAFT: date(2026, 12, 16), State.REPORT_FINAL: date(2026, 12, 15),
    State.WORKSHOP_DONE: date(2026, 12, 16), State.ACTIONS_AGREED: date(2026, 12, 16), State.IMPACT_REVIEWED: date(2027, 6, 2),
    State.CLOSED: date(2027, 6, 2),
}  # fmt: skip
#: The day after the last on which it is in time; of those for which a day is planned.
LATE_FROM = {
    State.FOCUS_AGREED: date(2026, 11, 18), State.DATA_SHARED: date(2026, 11, 18), State.ON_SITE: UNTIL, State.FED_BACK: UNTIL,
    State.REPORT_DRAFT: date(2026, 12, 17), State.REPORT_FINAL: date(2026, 12, 16), State.WORKSHOP_DONE: date(2026, 12, 17),
    State.IMPACT_REVIEWED: date(2027, 7, 3),
}  # fmt: skip


def before(state: State, **more: Any) -> Facts:
    """A ready review that stands just before this state."""
    return replace(READY, state=WAY[WAY.index(state) - 1], **more)


@pytest.mark.parametrize("state", WAY[1:])
def test_each_step_follows_where_all_is_ready_and_in_time(state: State) -> None:
    assert check_step(INTO[state], before(state), IN_TIME[state]) is False


@pytest.mark.parametrize("state", LATE_FROM)
def test_a_step_after_its_day_is_taken_and_marked_late(state: State) -> None:
    the_day_before = LATE_FROM[state] - timedelta(days=1)
    assert [check_step(INTO[state], before(state), on) for on in (the_day_before, LATE_FROM[state])] == [False, True]


@pytest.mark.parametrize("state", WAY)
@pytest.mark.parametrize("step", [*INTO.values(), Step.RESUMED])
def test_nothing_skips_and_nothing_goes_back(state: State, step: Step) -> None:
    follows = state in WAY[:-1] and INTO[WAY[WAY.index(state) + 1]] is step
    if not follows:
        with pytest.raises(OutOfTurn):
            check_step(step, replace(READY, state=state), date(2027, 6, 2))


#: step into -> what is wrong -> the refusal
REFUSED: list[tuple[State, dict[str, Any], date | None, type[ReviewRefused]]] = [
    (State.SCHEDULED, {"lead": None}, None, Missing),
    (State.SCHEDULED, {"others": frozenset()}, None, Missing),
    (State.SCHEDULED, {"others": frozenset({1})}, None, Missing),
    (State.SCHEDULED, {"others": frozenset({2, 3, 4, 5})}, None, Missing),
    (State.SCHEDULED, {"visit_from_on": None}, None, Missing),
    (State.SCHEDULED, {"visit_until_on": date(2026, 12, 5)}, None, WrongDay),
    (State.SCHEDULED, {"visit_from_on": date(2026, 12, 5), "visit_until_on": date(2026, 12, 7)}, None, WrongDay),
    (State.FOCUS_AGREED, {"questions": ()}, None, Missing),
    (State.FOCUS_AGREED, {"questions": ("", " ")}, None, Missing),
    (State.FOCUS_AGREED, {"questions": ("a", "b", "c")}, None, Missing),
    (State.FOCUS_AGREED, {"kind": None}, None, Missing),
    (State.DATA_SHARED, {"self_review_saved": False}, None, Missing),
    (State.ON_SITE, {}, date(2026, 11, 30), TooSoon),
    (State.ON_SITE, {"activities": ()}, None, Missing),
    (State.ON_SITE, {"activities": (PlannedActivity("Reading", " "),)}, None, Missing),
    (State.FED_BACK, {}, FIRST, TooSoon),
    (State.REPORT_DRAFT, {"visit_until_on": None}, None, Missing),
    (State.REPORT_FINAL, {"draft_on": None}, None, Missing),
    (State.REPORT_FINAL, {"accurate": False}, None, Missing),
    (State.REPORT_FINAL, {"accurate": None}, date(2026, 12, 15), TooSoon),
    (State.WORKSHOP_DONE, {"champions": frozenset()}, None, Missing),
    (State.WORKSHOP_DONE, {"champions": frozenset(), "champion_asked": False, "others": frozenset()}, None, Missing),
    (State.WORKSHOP_DONE, {"champions": frozenset({1})}, None, SamePerson),
    (State.WORKSHOP_DONE, {"workshop_on": FIRST}, None, WrongDay),
    (State.WORKSHOP_DONE, {"workshop_on": date(2026, 12, 17)}, None, WrongDay),
    (State.ACTIONS_AGREED, {"priorities": ()}, None, Missing),
    (State.ACTIONS_AGREED, {"priorities": (PRIORITY,) * 4}, None, Missing),
    (State.ACTIONS_AGREED, {"priorities": (PRIORITY, replace(PRIORITY, by_on=None))}, None, Missing),
    (State.IMPACT_REVIEWED, {}, date(2027, 5, 2), TooSoon),
    (State.IMPACT_REVIEWED, {"impact_on": date(2027, 5, 2)}, None, TooSoon),
    (State.IMPACT_REVIEWED, {"visit_until_on": None}, None, Missing),
    (State.IMPACT_REVIEWED, {"priorities": (replace(PRIORITY, result=""),)}, None, Missing),
    (State.CLOSED, {"outcome": None}, None, Missing),
]


@pytest.mark.parametrize(("state", "wrong", "on", "refusal"), REFUSED)
def test_what_a_step_rests_on_is_asked(state: State, wrong: dict[str, Any], on: date | None, refusal: type[ReviewRefused]) -> None:
    with pytest.raises(refusal) as refused:
        check_step(INTO[state], before(state, **wrong), on or IN_TIME[state])
    assert (type(refused.value), str(refused.value).endswith("Nothing was changed.")) == (refusal, True)


def test_a_visit_from_friday_to_monday_takes_two_days() -> None:
    over_the_weekend = before(State.SCHEDULED, visit_from_on=date(2026, 12, 4), visit_until_on=date(2026, 12, 8))
    assert check_step(Step.SCHEDULED, over_the_weekend, date(2026, 10, 22)) is False


def test_the_lead_makes_a_report_final_after_five_working_days_of_silence() -> None:
    silent = before(State.REPORT_FINAL, accurate=None)
    days = [date(2026, 12, day) for day in (15, 16, 17)]
    said = []
    for day in days:
        try:
            said.append(str(check_step(Step.REPORT_FINAL, silent, day)))
        except TooSoon as refused:
            said.append(str(refused))
    assert said == ["The school has until Tuesday 15 December to check the draft. Nothing was changed.", "False", "True"]


def test_a_missing_priority_says_what_it_lacks() -> None:
    lacking = replace(PRIORITY, owner="", by_on=None, measure="")
    with pytest.raises(Missing, match="Priority 2 still needs an owner, a day and a measure"):
        check_step(Step.ACTIONS_AGREED, before(State.ACTIONS_AGREED, priorities=(PRIORITY, lacking)), LAST)


def test_any_reviewer_but_the_lead_leads_the_workshop_where_no_champion_is_asked() -> None:
    facts = before(State.WORKSHOP_DONE, champions=frozenset(), champion_asked=False)
    assert check_step(Step.WORKSHOP_DONE, facts, date(2026, 12, 10)) is False


def test_the_impact_visit_counts_on_the_day_it_was_held() -> None:
    held = before(State.IMPACT_REVIEWED, impact_on=date(2027, 6, 1))
    planned_later = before(State.IMPACT_REVIEWED, impact_on=date(2027, 6, 25))
    assert [check_step(Step.IMPACT_REVIEWED, each, on) for each, on in ((held, date(2027, 8, 1)), (planned_later, date(2027, 6, 2)))] == [
        False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("step", BESIDE)
@pytest.mark.parametrize("state", WAY)
def test_steps_beside_the_way_have_their_states(step: Step, state: State) -> None:
    facts = replace(READY, state=state, accurate=False if step is Step.MENDED else None)
    if state in BESIDE[step]:
        assert check_step(step, facts, LAST) is False
    else:
        with pytest.raises(OutOfTurn):
            check_step(step, facts, LAST)


def test_a_draft_is_checked_once_and_mended_where_it_was_asked() -> None:
    draft = replace(READY, state=State.REPORT_DRAFT)
    with pytest.raises(OutOfTurn, match="answered this draft already"):
        check_step(Step.CHECKED, replace(draft, accurate=True), LAST)
    with pytest.raises(OutOfTurn, match="asked for no correction"):
        check_step(Step.MENDED, replace(draft, accurate=True), LAST)
    assert [check_step(Step.CHECKED, replace(draft, accurate=None), date(2026, 12, day)) for day in (15, 16)] == [False, True]


POSTPONED = replace(READY, state=State.POSTPONED, resumes=State.DATA_SHARED)


def test_a_postponed_review_is_resumed_first() -> None:
    with pytest.raises(OutOfTurn, match="resumed first"):
        check_step(Step.ON_SITE, POSTPONED, FIRST)
    with pytest.raises(OutOfTurn, match="resumed first"):
        check_step(Step.MOVED, replace(POSTPONED, resumes=State.FED_BACK), FIRST)
    beside = (Step.RESUMED, Step.MOVED, Step.WITHDRAWN, Step.TEAM_CHANGED, Step.FOLLOWED)
    assert [check_step(step, POSTPONED, FIRST) for step in beside] == [False] * 5


def test_a_visit_in_the_past_needs_a_new_day_before_it_goes_on() -> None:
    with pytest.raises(WrongDay):
        check_step(Step.RESUMED, POSTPONED, UNTIL)
    with pytest.raises(WrongDay):
        check_step(Step.RESUMED, replace(POSTPONED, visit_until_on=None), FIRST)
    assert check_step(Step.RESUMED, replace(POSTPONED, resumes=State.REPORT_FINAL), date(2027, 2, 1)) is False


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN])
def test_what_ended_stays_ended(state: State) -> None:
    for step in Step:
        with pytest.raises(OutOfTurn):
            check_step(step, replace(READY, state=state, resumes=State.ON_SITE if state is State.WITHDRAWN else None), LAST)
    assert (what_next(replace(READY, state=state)), due_on(replace(READY, state=State.WITHDRAWN))) == (None, None)


def test_whose_turn_it_is_and_by_when() -> None:
    told = {state: what_next(replace(READY, state=state)) for state in WAY[:-1]}
    assert [(each.step, each.who) for each in told.values() if each] == [
        (Step.SCHEDULED, Who.COORDINATOR), (Step.FOCUS_AGREED, Who.HOST), (Step.DATA_SHARED, Who.HOST), (Step.ON_SITE, Who.LEAD),
        (Step.FED_BACK, Who.LEAD), (Step.REPORT_DRAFT, Who.LEAD), (Step.REPORT_FINAL, Who.HOST), (Step.WORKSHOP_DONE, Who.CHAMPION),
        (Step.ACTIONS_AGREED, Who.HOST), (Step.IMPACT_REVIEWED, Who.LEAD), (Step.CLOSED, Who.HOST),
    ]  # fmt: skip
    assert [due_on(replace(READY, state=state)) for state in WAY] == [
        None, date(2026, 11, 17), date(2026, 11, 17), FIRST, LAST, date(2026, 12, 16), date(2026, 12, 15), date(2026, 12, 16), None,
        date(2027, 6, 2), None, None,
    ]  # fmt: skip
    mend = what_next(replace(READY, state=State.REPORT_DRAFT, accurate=False))
    assert mend is not None
    assert (mend.step, mend.who) == (Step.MENDED, Who.LEAD)


def test_nothing_is_due_before_there_are_days() -> None:
    undated = replace(READY, visit_from_on=None, visit_until_on=None, draft_on=None)
    assert [due_on(replace(undated, state=state)) for state in WAY] == [None] * len(WAY)
    assert (impact_window(undated), planned(State.DRAFT, READY), planned(State.ON_SITE, READY)) == (None, None, FIRST)


def test_timings_are_those_that_the_round_keeps() -> None:
    kept = timings_of({"timings": {"draft_working_days": 5, "of_no_meaning": 3}})
    assert (kept.draft_working_days, kept.check_working_days, timings_of({})) == (5, 5, Timings())


def test_some_steps_wait_for_a_day() -> None:
    assert {state: opens_on(replace(READY, state=state)) for state in WAY if opens_on(replace(READY, state=state))} == {
        State.DATA_SHARED: FIRST, State.ON_SITE: LAST, State.ACTIONS_AGREED: date(2027, 5, 3),
    }  # fmt: skip
    assert opens_on(replace(READY, state=State.ACTIONS_AGREED, visit_until_on=None)) is None


def test_the_day_of_an_impact_visit_that_was_planned_is_when_it_is_due() -> None:
    assert due_on(replace(READY, state=State.ACTIONS_AGREED, impact_on=date(2027, 5, 20))) == date(2027, 5, 20)


def test_six_months_after_the_last_of_august_is_the_last_of_february() -> None:
    assert [months_after(date(2026, 8, 31), 6), months_after(date(2027, 8, 31), 6), months_after(date(2026, 12, 2), 6)] == [
        date(2027, 2, 28), date(2028, 2, 29), date(2027, 6, 2),
    ]  # fmt: skip


def test_working_days_beyond_the_list_of_bank_holidays_are_reckoned_generously() -> None:
    beyond = replace(READY, visit_from_on=date(2028, 12, 20), visit_until_on=date(2028, 12, 21), state=State.FED_BACK)
    assert due_on(beyond) == date(2029, 1, 9)


def test_a_step_is_for_those_whose_it_is() -> None:
    assert set(TAKEN_BY) | {Step.RESUMED} == set(Step)
    check_who(Step.ON_SITE, frozenset({Who.HOST}))
    with pytest.raises(NotYours, match="That is for the school or the lead reviewer to do"):
        check_who(Step.ON_SITE, frozenset({Who.CHAMPION}))


def test_a_reason_is_short_and_where_needed_there() -> None:
    assert [check_reason(" Snow. "), check_reason("", needed=False)] == ["Snow.", ""]
    for words, needed in ((" ", True), ("x" * (REASON_AT_MOST + 1), False)):
        with pytest.raises(NoWords):
            check_reason(words, needed=needed)


def test_where_a_review_stands_on_the_way() -> None:
    assert [POSTPONED.stands, READY.stands, replace(READY, resumes=State.ON_SITE).stands] == [State.DATA_SHARED, State.DRAFT, State.DRAFT]


def test_every_state_has_its_words() -> None:
    assert (set(gates.STATE_SAYS), set(INTO)) == (set(State), set(WAY[1:]))


def moved(facts: Facts, step: Step) -> Facts:
    """The review after a step that was let through."""
    if step is Step.RESUMED:
        assert facts.resumes is not None
        return replace(facts, state=facts.resumes, resumes=None)
    if step in (Step.POSTPONED, Step.WITHDRAWN):
        return replace(facts, state=State(step.value), resumes=facts.resumes or facts.state)
    return replace(facts, state=State(step.value)) if step in INTO.values() else facts


@given(st.lists(st.tuples(st.sampled_from(list(Step)), st.integers(0, 40)), max_size=60), st.sampled_from([None, True, False]))
def test_no_sequence_of_steps_skips_a_state(tried: list[tuple[Step, int]], accurate: bool | None) -> None:
    facts, on, passed = replace(READY, accurate=accurate), date(2026, 10, 1), [State.DRAFT]
    for step, days in tried:
        on += timedelta(days=days)
        try:
            check_step(step, facts, on)
        except ReviewRefused:
            continue
        facts = moved(facts, step)
        if step in INTO.values():
            passed.append(facts.state)
    assert passed == list(WAY[: len(passed)])


@given(st.permutations(list(WAY[1:])))
def test_the_whole_way_is_walked_in_its_order_alone(order: list[State]) -> None:
    facts, taken = READY, []
    for state in order * len(WAY):
        try:
            check_step(INTO[state], facts, IN_TIME[state])
        except ReviewRefused:
            continue
        facts = moved(facts, INTO[state])
        taken.append(state)
    assert taken == list(WAY[1:])
