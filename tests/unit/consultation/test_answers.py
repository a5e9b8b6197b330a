"""What may be answered, what is missing, and on which days it is taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.consultation.rules.answers import (
    LETTERS_AT_MOST,
    check_complete,
    checked,
    checked_all,
    missing,
    print_of,
    refuse_unless_open,
    takes_answers,
)
from convenor.consultation.rules.questions import Option, QuestionAsked
from convenor.consultation.rules.refusals import BadAnswer, NotOpen, NoWords
from convenor.consultation.rules.states import ConsultationState, QuestionKind

OPTIONS = (Option("a", "First"), Option("b", "Second"), Option("c", "Third"))
CLOSED = QuestionAsked("closed", QuestionKind.CLOSED, "Which?", OPTIONS, True)
RANKED = QuestionAsked("ranked", QuestionKind.RANKED, "In which order?", OPTIONS)
OPEN = QuestionAsked("open", QuestionKind.OPEN, "Why?")
PRINCIPLES = QuestionAsked("principles", QuestionKind.PRINCIPLES, "Agreed?", OPTIONS[:2], True)
ALL = (CLOSED, RANKED, OPEN, PRINCIPLES)
OPENS, CLOSES = date(2026, 2, 12), date(2026, 3, 6)


@pytest.mark.parametrize(
    ("question", "said", "kept"),
    [
        (CLOSED, "b", "b"),
        (CLOSED, "", None),
        (RANKED, ["c", "", "a"], ["c", "a"]),
        (RANKED, [""], None),
        (RANKED, [], None),
        (OPEN, " One\r\nTwo\x00 ", "One\nTwo"),
        (OPEN, "  ", None),
        (OPEN, "<script>alert(1)</script>", "<script>alert(1)</script>"),
        (PRINCIPLES, {"a": "agree", "b": ""}, {"a": "agree"}),
        (PRINCIPLES, {"b": "unsure", "a": "disagree"}, {"a": "disagree", "b": "unsure"}),
        (PRINCIPLES, {"a": ""}, None),
        (PRINCIPLES, None, None),
    ],
)
def test_answer_is_kept_as_it_was_meant(question: QuestionAsked, said: Any, kept: Any) -> None:
    assert checked(question, said) == kept


@pytest.mark.parametrize(
    ("question", "said", "words"),
    [
        (CLOSED, "z", "“Which?”: choose one of the answers offered. Nothing was sent."),
        (CLOSED, ["a"], "“Which?”: choose one of the answers offered. Nothing was sent."),
        (RANKED, "a", "“In which order?”: put the options in order."),
        (RANKED, ["a", "a"], "“In which order?”: each may stand once in the order, and only what is offered."),
        (RANKED, ["z"], "“In which order?”: each may stand once in the order, and only what is offered."),
        (OPEN, ["x"], "“Why?”: answer in words."),
        (PRINCIPLES, "agree", "“Agreed?”: say of each principle whether you agree."),
        (PRINCIPLES, {"a": "maybe"}, "“Agreed?”: of each principle, agree, unsure or disagree."),
        (PRINCIPLES, {"z": "agree"}, "“Agreed?”: of each principle, agree, unsure or disagree."),
    ],
)
def test_answer_that_is_none_of_those_offered_is_refused(question: QuestionAsked, said: Any, words: str) -> None:
    with pytest.raises(BadAnswer) as refused:
        checked(question, said)
    assert str(refused.value) == words


def test_too_many_words_are_refused_and_stand() -> None:
    with pytest.raises(NoWords) as refused:
        checked(OPEN, "x" * (LETTERS_AT_MOST + 1))
    assert str(refused.value) == "“Why?”: 3,001 letters are too many to read; say it in 3,000. What you wrote stands below."


def test_what_answers_no_question_is_left_out() -> None:
    assert checked_all(ALL, {"closed": "a", "moon": "x", "open": ""}) == {"closed": "a"}


def test_missing_names_what_must_be_answered_each_principle_by_itself() -> None:
    assert missing(ALL, {}) == (CLOSED, PRINCIPLES)
    assert missing(ALL, {"closed": "a", "principles": {"a": "agree"}}) == (PRINCIPLES,)
    assert missing(ALL, {"closed": "a", "principles": {"a": "agree", "b": "unsure"}}) == ()


def test_answer_is_complete_or_says_what_is_left() -> None:
    check_complete(ALL, {"closed": "a", "principles": {"a": "agree", "b": "unsure"}})
    with pytest.raises(BadAnswer, match=r"^Still to answer: Which\?; Agreed\?\. What you wrote is kept\.$"):
        check_complete(ALL, {"open": "x"})
    with pytest.raises(BadAnswer, match=r"^Nothing is answered yet"):
        check_complete((OPEN,), {})


def test_print_tells_one_answer_from_another() -> None:
    assert len({print_of(each) for each in (None, "a", "b", ["a", "b"], ["b", "a"], {"a": "agree"})}) == 6
    assert (print_of(""), print_of({"a": "1", "b": "2"})) == (print_of(None), print_of({"b": "2", "a": "1"}))


@pytest.mark.parametrize(
    ("state", "on", "taken"),
    [
        (ConsultationState.OPEN, OPENS, True),
        (ConsultationState.OPEN, CLOSES, True),
        (ConsultationState.OPEN, date(2026, 3, 7), False),
        (ConsultationState.OPEN, date(2026, 2, 11), False),
        (ConsultationState.DRAFT, OPENS, False),
        (ConsultationState.CLOSED, CLOSES, False),
    ],
)
def test_answers_are_taken_from_the_first_day_to_the_last(state: ConsultationState, on: date, taken: bool) -> None:
    assert takes_answers(state, opens_on=OPENS, closes_on=CLOSES, on=on) == taken


@pytest.mark.parametrize(
    ("state", "on", "words"),
    [
        (ConsultationState.DRAFT, OPENS, "This consultation has not opened yet."),
        (ConsultationState.OPEN, date(2026, 2, 11), "This consultation has not opened yet."),
        (ConsultationState.OPEN, date(2026, 3, 7), "The last day of answers was 6 March 2026."),
        (ConsultationState.CLOSED, CLOSES, "The last day of answers was 6 March 2026."),
    ],
)
def test_outside_its_days_it_says_so_and_that_the_draft_is_kept(state: ConsultationState, on: date, words: str) -> None:
    with pytest.raises(NotOpen) as refused:
        refuse_unless_open(state, opens_on=OPENS, closes_on=CLOSES, on=on)
    said = str(refused.value)
    assert (said[: len(words)], said.count("kept as a draft")) == (words, 1)


def test_within_its_days_nothing_is_refused() -> None:
    assert refuse_unless_open(ConsultationState.OPEN, opens_on=OPENS, closes_on=CLOSES, on=OPENS) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def refusal(question: QuestionAsked, said: Any) -> str:
    """What it is refused with; "" where it is kept, and then unchanged by a second look."""
    try:
        kept = checked(question, said)
    except (BadAnswer, NoWords) as refused:
        return str(refused)
    return "" if checked(question, kept) == kept else "changed by a second look"


@given(question=st.sampled_from(ALL), said=ANYTHING)
def test_whatever_is_sent_is_kept_unchanged_by_a_second_look_or_refused_in_words(question: QuestionAsked, said: Any) -> None:
    assert refusal(question, said)[:1] in ("", "“")
