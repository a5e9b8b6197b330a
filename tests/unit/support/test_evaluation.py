"""Evaluations by both sides, and the lesson that the directory shows only when both agree to its words."""

from dataclasses import replace
from datetime import date

import pytest

from convenor.peer_review.rules.refusals import NoWords
from convenor.support.rules.evaluation import (
    Came,
    Lesson,
    Moment,
    Said,
    came_from,
    check_lesson,
    check_moment,
    check_said,
    lesson_of,
    opens_on,
    overall,
)
from convenor.support.rules.refusals import Missing, OutOfTurn, WrongSum
from convenor.support.rules.states import Met, Who
from tests.factories.refusals import refusal_of

CAME = (Came(1, Met.MET, "28 of 30 read daily"), Came(2, Met.NOT_MET))
SAID = Said(CAME, 4, 3, "It was worth the time.", "Begin with the parents.")
END = date(2027, 3, 31)


def test_what_the_receiving_school_says_is_kept() -> None:
    assert check_said(SAID, side=Who.RECEIVING, objectives=[1, 2], moment=Moment.END) == SAID


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"came": CAME[:1]}, Missing), ({"came": (Came(1, Met.STOPPED, "x"), CAME[1])}, Missing),
        ({"came": (Came(1, Met.PARTLY), CAME[1])}, NoWords),
        ({"useful": None}, Missing), ({"worth": None}, Missing), ({"useful": 6}, WrongSum), ({"worth": 0}, WrongSum),
        ({"words": "x" * 3001}, NoWords), ({"lesson": "x" * 1201}, NoWords),
    ],
)  # fmt: skip
def test_an_evaluation_that_is_not_whole_is_refused(changed: dict[str, object], why: type[Exception]) -> None:
    assert refusal_of(check_said, replace(SAID, **changed), side=Who.RECEIVING, objectives=[1, 2], moment=Moment.END) is why  # type: ignore[arg-type]


def test_later_no_marks_are_asked_for_again() -> None:
    later = replace(SAID, useful=None, worth=None)
    assert check_said(later, side=Who.RECEIVING, objectives=[1, 2], moment=Moment.SIX) == later


def test_the_other_side_comments_and_gives_no_marks() -> None:
    assert check_said(SAID, side=Who.SUPPLYING, objectives=[1, 2], moment=Moment.END) == replace(SAID, useful=None, worth=None)
    assert [
        refusal_of(check_said, given, side=Who.SUPPLYING, objectives=[1, 2], moment=Moment.END)
        for given in (Said(words="We learned as much."), Said())
    ] == [None, NoWords]


def test_what_came_reads_back_as_it_was_kept() -> None:
    assert [came_from(each.as_dict()) for each in CAME] == list(CAME)


@pytest.mark.parametrize(
    ("moment", "ended", "opens"),
    [
        (Moment.END, END, None), (Moment.SIX, None, None), (Moment.SIX, END, date(2027, 9, 28)), (Moment.TWELVE, END, date(2028, 3, 28)),
        (Moment.SIX, date(2027, 9, 10), date(2028, 3, 10)),
    ],
)  # fmt: skip
def test_when_somebody_is_asked_again(moment: Moment, ended: date | None, opens: date | None) -> None:
    assert opens_on(moment, ended) == opens


@pytest.mark.parametrize(
    ("moment", "closing", "ended", "today", "why"),
    [
        (Moment.END, False, None, END, OutOfTurn), (Moment.END, True, None, END, None), (Moment.END, False, END, END, None),
        (Moment.SIX, True, None, END, OutOfTurn), (Moment.SIX, True, END, date(2027, 9, 27), OutOfTurn),
        (Moment.SIX, True, END, date(2027, 9, 28), None),
    ],
)  # fmt: skip
def test_when_a_side_may_evaluate(moment: Moment, closing: bool, ended: date | None, today: date, why: type[Exception] | None) -> None:
    assert refusal_of(check_moment, moment, closing=closing, ended_on=ended, today=today) is why


def test_how_far_a_plan_came_in_all() -> None:
    met, partly, missed = Came(1, Met.MET, "x"), Came(2, Met.PARTLY, "x"), Came(3, Met.NOT_MET)
    assert [overall(each) for each in ((), (met,), (missed,), (met, missed), (partly,))] == [
        None, Met.MET, Met.NOT_MET, Met.PARTLY, Met.PARTLY,
    ]  # fmt: skip


RECEIVING, SUPPLYING = Who.RECEIVING, Who.SUPPLYING


@pytest.mark.parametrize(
    ("said_by", "lesson", "shared"),
    [
        ({}, Lesson("", frozenset()), False),
        ({RECEIVING: ("Begin with parents", False)}, Lesson("Begin with parents", frozenset()), False),
        ({RECEIVING: ("Begin with parents", True)}, Lesson("Begin with parents", frozenset({RECEIVING})), False),
        (
            {RECEIVING: ("Begin with parents", True), SUPPLYING: ("Begin with parents", True)},
            Lesson("Begin with parents", frozenset({RECEIVING, SUPPLYING})), True,
        ),
        (
            {RECEIVING: ("Begin with parents", True), SUPPLYING: ("Other words", True)},
            Lesson("Begin with parents", frozenset({RECEIVING})), False,
        ),
        ({RECEIVING: ("", False), SUPPLYING: ("Other words", True)}, Lesson("Other words", frozenset({SUPPLYING})), False),
        ({RECEIVING: ("", True), SUPPLYING: ("", True)}, Lesson("", frozenset()), False),
    ],
)  # fmt: skip
def test_the_directory_shows_a_lesson_only_in_words_that_both_agree_to(
    said_by: dict[Who, tuple[str, bool]], lesson: Lesson, shared: bool
) -> None:
    assert (lesson_of(said_by), lesson_of(said_by).shared) == (lesson, shared)


@pytest.mark.parametrize(
    ("words", "evaluated", "read", "stands", "why"),
    [
        ("Begin with parents", True, "", "", None), ("Begin with parents", False, "", "", OutOfTurn),
        ("Begin with parents", True, "Begin", "Begin again", OutOfTurn), (" ", True, "", "", NoWords),
    ],
)  # fmt: skip
def test_a_side_agrees_to_words_that_it_read(words: str, evaluated: bool, read: str, stands: str, why: type[Exception] | None) -> None:
    assert refusal_of(check_lesson, words, evaluated=evaluated, read=read, stands=stands) is why
