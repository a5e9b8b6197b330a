"""The early conversation's machine: no step out of turn, ten working days for the school, a review within a term."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.england.school_years import school_year_of
from convenor.england.working_days import is_working_day, working_days_between
from convenor.intelligence.rules import conversation as rules
from convenor.intelligence.rules.conversation import (
    NotYours,
    NoWords,
    Origin,
    Outcome,
    OutOfTurn,
    ReplyKind,
    Standing,
    State,
    Step,
    TooSoon,
    WrongDay,
)
from convenor.intelligence.rules.lines import suggested_by
from tests.factories.refusals import refusal_of

ON = date(2026, 11, 2)  # a Monday
TENTH = date(2026, 11, 16)


def standing(state: State = State.SHARED, **more: object) -> Standing:
    given_: dict[str, object] = {"origin": Origin.RUN, "opened_on": ON, "shared_on": ON, "broker_id": 7}
    return Standing(state, **(given_ | more))  # type: ignore[arg-type]


def test_the_whole_way_is_walked_step_by_step() -> None:
    walked, now = [], State.SUGGESTED
    for step in (Step.TAKEN_UP, Step.SHARED, Step.REPLIED, Step.TRIAGED, Step.REVIEWED, Step.TRIAGED, Step.REVIEWED, Step.CLOSED):
        now = rules.step_to(standing(now), step)
        walked.append(now.value)
    assert walked == ["suggested", "shared", "replied", "triaged", "reviewed", "triaged", "reviewed", "closed"]


@pytest.mark.parametrize(
    ("state", "step", "remedy"),
    [
        (State.SUGGESTED, Step.TRIAGED, "it is shared with the school first."),
        (State.SHARED, Step.REVIEWED, "the school replies next."),
        (State.REPLIED, Step.REVIEWED, "what comes next is agreed first."),
        (State.TRIAGED, Step.CLOSED, "it is reviewed next."),
        (State.REVIEWED, Step.SHARED, "agree what comes next, or end it."),
        (State.CLOSED, Step.REPLIED, "what is said now stands beside the school’s lines; a new run may open a new conversation."),
        (State.WITHDRAWN, Step.TAKEN_UP, "the school may ask again whenever it likes."),
    ],
)
def test_a_step_out_of_turn_is_refused_and_says_what_comes_first(state: State, step: Step, remedy: str) -> None:
    with pytest.raises(OutOfTurn) as refused:
        rules.step_to(standing(state), step)
    assert str(refused.value) == f"The conversation is {state.says}: {remedy} Nothing was changed."


@given(st.sampled_from(State), st.sampled_from(Step))
def test_nothing_leads_out_of_the_end_and_no_state_is_skipped(state: State, step: Step) -> None:
    order = [State.SUGGESTED, State.SHARED, State.REPLIED, State.TRIAGED, State.REVIEWED, State.CLOSED]
    try:
        after = rules.step_to(standing(state), step)
    except OutOfTurn:
        return
    assert state.open
    if after in (State.WITHDRAWN, state):
        return
    forward = order.index(after) - order.index(state)
    # the one step of two: silence after the ten days, which check_triage guards; the one step back: agreeing anew after a review
    assert forward == 1 or (state, after) in {(State.SHARED, State.TRIAGED), (State.REVIEWED, State.TRIAGED)}


def test_a_reply_moves_only_what_was_just_shared() -> None:
    kept = {state: rules.step_to(standing(state), Step.REPLIED) for state in (State.SUGGESTED, State.SHARED, State.TRIAGED)}
    assert kept == {State.SUGGESTED: State.SUGGESTED, State.SHARED: State.REPLIED, State.TRIAGED: State.TRIAGED}


def test_every_word_is_there() -> None:
    assert [len(each) for each in (rules.STATE_WORDS, rules.OUTCOME_WORDS, rules.STEP_WORDS, rules.REPLY_WORDS)] == [
        len(State), len(Outcome), len(Step), len(ReplyKind),
    ]  # fmt: skip
    assert [State.SHARED.says_to_school, State.TRIAGED.says_to_school] == ["shared with you", "agreed what comes next"]
    said = [State.SHARED.says, Outcome.SUPPORT.says, Step.TAKEN_UP.says, ReplyKind.DISPUTE.says]
    assert said == ["shared with the school", "Support from other schools", "A broker took it up", "Dispute"]


def test_a_school_has_ten_working_days_to_itself() -> None:
    assert rules.school_alone_until(ON) == TENTH
    shared = standing()
    assert [rules.alone(shared, day) for day in (ON, TENTH, TENTH + timedelta(days=1))] == [True, True, False]
    assert rules.alone(standing(State.SUGGESTED, shared_on=None), date(2027, 11, 2)) is True


@given(st.dates(date(2015, 1, 1), date(2060, 1, 1)))
def test_ten_days_never_come_early(shown_on: date) -> None:
    last = rules.school_alone_until(shown_on)
    if last.year <= 2028:
        assert working_days_between(shown_on, last) >= 10
    else:
        assert (last - shown_on).days >= 14


def test_a_school_that_asked_itself_was_shown_when_it_asked() -> None:
    asked = standing(State.SUGGESTED, origin=Origin.SCHOOL, shared_on=None)
    assert (asked.shown_on, standing(State.SUGGESTED, shared_on=None).shown_on, standing().shown_on) == (ON, None, ON)


def test_a_broker_takes_up_what_is_suggested_and_nobody_holds() -> None:
    waiting = standing(State.SUGGESTED, broker_id=None, shared_on=None)
    asked = [(waiting, False), (None, True)]
    said = [refusal_of(rules.check_take_up, now, person_id=7, own_school=False, suggested=suggested) for now, suggested in asked]
    assert said == [None, None]


@pytest.mark.parametrize(
    ("now", "own", "suggested", "error", "says"),
    [
        (None, False, False, OutOfTurn, "No conversation is suggested for this school."),
        (None, True, True, NotYours, "You act for this school: its broker is somebody else."),
        (standing(), False, True, NotYours, "You hold this conversation already."),
        (standing(broker_id=8), False, True, NotYours, "Another broker has taken this conversation up: a school has one."),
        (
            standing(State.CLOSED, broker_id=None), False, True, OutOfTurn,
            "The conversation is ended: what is said now stands beside the school’s lines; a new run may open a new conversation.",
        ),
    ],
)  # fmt: skip
def test_a_broker_does_not_take_up_anything_else(
    now: Standing | None, own: bool, suggested: bool, error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as refused:
        rules.check_take_up(now, person_id=7, own_school=own, suggested=suggested)
    assert str(refused.value) == f"{says} Nothing was changed."


def test_only_the_named_broker_holds_it() -> None:
    rules.check_holder(standing(), person_id=7, own_school=False)
    for person, own in ((8, False), (None, False), (7, True)):
        with pytest.raises(NotYours):
            rules.check_holder(standing(), person_id=person, own_school=own)


def test_a_conversation_is_handed_to_another_broker_alone() -> None:
    rules.check_successor(standing(), to_id=8, is_broker=True, own_school=False)
    for to_id, broker, own in ((8, False, False), (8, True, True), (7, True, False)):
        with pytest.raises(NotYours):
            rules.check_successor(standing(), to_id=to_id, is_broker=broker, own_school=own)
    with pytest.raises(OutOfTurn):
        rules.check_successor(standing(State.CLOSED), to_id=8, is_broker=True, own_school=False)


def test_only_what_a_school_asked_for_is_taken_back() -> None:
    assert rules.check_withdrawal(standing(State.TRIAGED, origin=Origin.SCHOOL)) is State.WITHDRAWN
    for now in (standing(), standing(State.CLOSED, origin=Origin.SCHOOL)):
        with pytest.raises(OutOfTurn):
            rules.check_withdrawal(now)


def test_words_are_needed_and_not_too_many() -> None:
    assert rules.check_words("  We know. ", "why") == "We know."
    with pytest.raises(NoWords) as none:
        rules.check_words(" \n", "why")
    with pytest.raises(NoWords) as many:
        rules.check_words("x" * 4001, "why")
    assert [str(none.value), str(many.value)] == [
        "Say why. Nothing was changed.", "At most 4,000 characters, please; these are 4,001. Nothing was changed.",
    ]  # fmt: skip


def test_a_correction_names_the_line_and_where_the_right_figure_stands() -> None:
    assert rules.check_reply(ReplyKind.CORRECTION, words="It is 61", line="ATT", source="The June census") == "It is 61"
    assert rules.check_reply(ReplyKind.DISPUTE, words="One cohort", line="", source="") == "One cohort"
    for line, source in (("", "The June census"), ("ATT", " ")):
        with pytest.raises(NoWords):
            rules.check_reply(ReplyKind.CORRECTION, words="It is 61", line=line, source=source)


def test_what_comes_next_waits_for_a_reply_or_the_ten_days() -> None:
    with pytest.raises(TooSoon) as soon:
        rules.check_triage(standing(), Outcome.SUPPORT, on=TENTH, watch_until_on=None)
    assert str(soon.value) == (
        "The school has until 16 November 2026 to reply. Agree what comes next after that, or once it has. Nothing was changed."
    )
    asked = standing(origin=Origin.SCHOOL)
    due = [
        rules.check_triage(standing(), Outcome.SUPPORT, on=TENTH + timedelta(days=1), watch_until_on=None),
        rules.check_triage(standing(State.REPLIED), Outcome.NO_ACTION, on=ON, watch_until_on=None),
        rules.check_triage(asked, Outcome.FORMAL_ROUTE, on=ON, watch_until_on=None),
    ]
    assert due == [date(2027, 3, 19), date(2027, 3, 4), date(2027, 3, 4)]


def test_looking_again_is_within_a_term() -> None:
    replied = standing(State.REPLIED)
    assert rules.check_triage(replied, Outcome.WATCH, on=ON, watch_until_on=date(2027, 1, 20)) == date(2027, 1, 20)
    for day in (None, ON, date(2027, 3, 5)):
        with pytest.raises(WrongDay):
            rules.check_triage(replied, Outcome.WATCH, on=ON, watch_until_on=day)


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 9, 1), date(2026, 12, 31)),  # New Year's Day is a bank holiday: the working day before
        (date(2026, 12, 18), date(2027, 3, 25)),  # the last working day before Easter
        (date(2027, 2, 1), date(2027, 4, 28)),
        (date(2027, 5, 10), date(2027, 10, 14)),
        (date(2027, 8, 31), date(2027, 12, 31)),
        (date(2035, 11, 5), date(2036, 3, 6)),
    ],
)
def test_a_review_falls_as_far_into_the_next_term(on: date, due: date) -> None:
    assert rules.review_due(on) == due


@given(st.dates(date(2015, 9, 1), date(2040, 1, 1)))
def test_a_review_is_within_one_term_and_on_a_working_day(on: date) -> None:
    due = rules.review_due(on)
    terms = [term for year in (on.year - 1, on.year, on.year + 1) for term in school_year_of(date(year, 10, 1)).terms]
    here = next(number for number, term in enumerate(terms) if term.starts_on <= on < term.ends_before)
    assert on < due < terms[here + 1].ends_before
    assert due.weekday() < 5
    assert due.year > 2028 or is_working_day(due)


def test_a_schools_own_request_is_a_line_that_suggests_and_gives_no_points() -> None:
    line = rules.own_request(ON)
    assert (line.code, line.period, line.contribution, line.maximum) == ("SELF", "on 2 November 2026", 0.0, 0)
    assert suggested_by([(line.code, line.level)]) == ("SELF",)


def test_topics_are_ours_each_once_and_in_our_order() -> None:
    assert rules.check_topics(["money", "teaching", "money", "gossip"]) == ["teaching", "money"]
    assert rules.check_topics([]) == []
