"""What may be written into a task, whose it is to do, and how rarely somebody is reminded of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from convenor.support.rules.refusals import Missing, NotYours, NoWords, OutOfTurn, SupportRefused, WrongDay, WrongSum
from convenor.support.rules.reminding import subject, to_remind
from convenor.support.rules.states import TaskStatus, Who
from convenor.support.rules.task_values import (
    beside,
    check_met,
    check_move,
    check_open,
    check_reason,
    check_task,
    cleaned,
    finished,
    met_needed,
    stepped,
)
from convenor.support.rules.tasks import Entered, TaskNow
from convenor.support.rules.workflows import Field, FieldKind, Level, Option, Task, workflow, workflow_from
from tests.unit.support.test_package_rules import standing
from tests.unit.support.test_workflows import small

DUE = date(2026, 11, 10)


def one(kind: FieldKind, value: Any) -> dict[str, str]:
    options = (Option("a", "First"), Option("b", "Second")) if kind is FieldKind.CHOICE else ()
    return cleaned(Task("t", "Task", Who.BROKER, fields=(Field("x", "This", kind, options=options),)), {"x": value})


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (FieldKind.TEXT, " Phonics ", "Phonics"),
        (FieldKind.TEXT, None, ""),
        (FieldKind.DATE, "2026-11-22", "2026-11-22"),
        (FieldKind.DATE, date(2026, 11, 22), "2026-11-22"),
        (FieldKind.DATE, "", ""),
        (FieldKind.CHOICE, "b", "b"),
        (FieldKind.YES_NO, "no", "no"),
        (FieldKind.NUMBER, "007", "7"),
        (FieldKind.PENCE, "300000", "300000"),
        (FieldKind.SCHOOL, "990001", "990001"),
    ],
)
def test_a_value_is_kept_as_text(kind: FieldKind, value: Any, kept: str) -> None:
    assert one(kind, value) == {"x": kept}


@pytest.mark.parametrize(
    ("kind", "value", "error", "says"),
    [
        (FieldKind.TEXT, "x" * 4001, NoWords, "“This” has 4001 characters; 4000 fit. Nothing was changed."),
        (FieldKind.DATE, "tomorrow", WrongDay, "“This” should be a day, such as 2026-11-22. Nothing was changed."),
        (FieldKind.DATE, "2206-11-22", WrongDay, "“This” lies in 2206; that cannot be meant. Nothing was changed."),
        (FieldKind.CHOICE, "c", NoWords, "“This” should be one of: First, Second. Nothing was changed."),
        (FieldKind.YES_NO, "maybe", NoWords, "“This” should be yes or no. Nothing was changed."),
        (FieldKind.NUMBER, "-1", WrongSum, "“This” should be a whole number from 0 to 1000000. Nothing was changed."),
        (FieldKind.PENCE, "100000001", WrongSum, "“This” should be a whole number from 0 to 100000000. Nothing was changed."),
        (FieldKind.SCHOOL, "12", NoWords, "“This” should be a school’s URN of six digits. Nothing was changed."),
    ],
)
def test_a_value_that_cannot_be_is_refused(kind: FieldKind, value: str, error: type[SupportRefused], says: str) -> None:
    with pytest.raises(error) as refused:
        one(kind, value)
    assert str(refused.value) == says


def test_a_field_that_the_task_has_not_is_refused() -> None:
    with pytest.raises(OutOfTurn) as refused:
        cleaned(Task("t", "Task", Who.BROKER, fields=(Field("x", "This"),)), {"y": "1"})
    assert str(refused.value) == "“Task” has no field “y”. Nothing was changed."


def test_a_task_without_fields_is_done_or_not() -> None:
    bare = Task("t", "Task", Who.BROKER)
    assert [cleaned(bare, values) for values in ({"done": True}, {"done": "yes"}, {})] == [{"done": "yes"}, {"done": "yes"}, {"done": ""}]


def test_a_task_is_done_by_whose_it_is_and_a_supporter_s_by_their_school_too() -> None:
    now = TaskNow("t", Task("t", "Call", Who.SUPPORTER, fields=(Field("x", "X"),)), TaskStatus.NOT_STARTED, True)
    check_task(now, frozenset({Who.SUPPORTER}))
    check_task(now, frozenset({Who.SUPPLYING}))
    with pytest.raises(NotYours) as refused:
        check_task(now, frozenset({Who.RECEIVING, Who.BROKER}))
    assert str(refused.value) == "“Call” is for the supporter to do. Nothing was changed."


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (
            TaskNow("t", Task("t", "Agree", Who.BROKER, fact="both-heads-agreed"), TaskStatus.NOT_STARTED, True),
            "“Agree” is done on a page of its own, and is complete by itself then. Nothing was changed.",
        ),
        (
            TaskNow("t", Task("t", "Call", Who.BROKER), TaskStatus.CANNOT_START, False, lacks=("Visit", "Look")),
            "“Call” cannot be done now. It waits for “Visit”. Nothing was changed.",
        ),
        (
            TaskNow("t", Task("t", "Call", Who.BROKER), TaskStatus.CANNOT_START, False),
            "“Call” cannot be done now. The package is not at that point. Nothing was changed.",
        ),
    ],
)
def test_a_task_that_cannot_be_done_now_says_why(now: TaskNow, says: str) -> None:
    with pytest.raises(OutOfTurn) as refused:
        check_task(now, frozenset({Who.BROKER}))
    assert str(refused.value) == says
    assert finished(now) is False


def test_a_move_is_refused_in_words() -> None:
    flow = workflow("lifecycle")
    move, here = flow.move("choose-again"), standing("checking")
    check_move(flow, move, here, frozenset({Who.BROKER}), why="They fell ill", offered=True)
    wrong: list[tuple[Any, Any, frozenset[Who], str, bool, str]] = [
        (OutOfTurn, move, frozenset({Who.BROKER}), "", False, "“Choose somebody else” does not follow from where the package stands."),
        (NotYours, move, frozenset({Who.RECEIVING}), "", True, "“Choose somebody else” is for the broker to do."),
        (NoWords, move, frozenset({Who.BROKER}), " ", True, "Say why, in a sentence; both schools can read it."),
        (Missing, flow.move("plan"), frozenset({Who.BROKER}), "", True,
         "“Check that it fits” is not complete. No supporter is chosen yet. The broker chooses one. The supporter’s assurance is not in "
         "date. It is renewed in the directory, or the broker chooses again."),
    ]  # fmt: skip
    for error, taken, who, why, offered, says in wrong:
        with pytest.raises(error) as refused:
            check_move(flow, taken, here, who, why=why, offered=offered)
        assert str(refused.value) == f"{says} Nothing was changed."


def test_a_reason_is_kept_and_has_its_bounds() -> None:
    assert [check_reason(" Ill ", needed=True), check_reason("", needed=False)] == ["Ill", ""]
    with pytest.raises(NoWords) as refused:
        check_reason("x" * 501, needed=False)
    assert str(refused.value) == "The reason has 501 characters; 500 fit. Nothing was changed."


def test_how_far_it_came_is_asked_where_support_that_had_begun_ends() -> None:
    flow = workflow("lifecycle")
    close, end = flow.move("close"), flow.move("end")
    assert [
        met_needed(flow, close, started=True, met=""), met_needed(flow, close, started=False, met=""),
        met_needed(flow, close, started=True, met="partly"), met_needed(flow, end, started=True, met=""),
    ] == [True, False, False, False]  # fmt: skip
    assert [check_met("partly", needed=True), check_met("met", needed=False)] == ["partly", ""]
    with pytest.raises(NoWords) as refused:
        check_met("stopped", needed=True)
    assert str(refused.value) == (
        "Say how far what was agreed came about: met, partly, or not met. None of them is a fault. Nothing was changed."
    )


def test_a_package_that_ended_stays_as_it_is() -> None:
    flow = workflow_from(small())
    check_open(flow, standing("helping"))
    for here in (standing("done"), standing("helping", stopped=True)):
        with pytest.raises(OutOfTurn) as refused:
            check_open(flow, here)
        assert str(refused.value) == "The package has ended. Nothing was changed."


def test_a_school_s_word_is_its_head_s() -> None:
    usual = (Who.RECEIVING, Who.SUPPLYING, Who.BROKER)
    assert [
        beside(usual, frozenset({Who.RECEIVING}), True, "Stopping"), beside(usual, frozenset({Who.BROKER}), False, "Stopping"),
        beside(usual, frozenset({Who.SUPPORTER, Who.SUPPLYING}), True, "Stopping"),
    ] == [Who.RECEIVING, Who.BROKER, Who.SUPPLYING]  # fmt: skip
    for who in (frozenset({Who.RECEIVING}), frozenset({Who.SUPPORTER}), frozenset({Who.COORDINATOR})):
        with pytest.raises(NotYours) as refused:
            beside(usual, who, False, "Stopping")
        assert str(refused.value) == (
            "Stopping is for the receiving school or the school that lends the supporter or the broker; a school’s word is its head’s or "
            "its chair’s. Nothing was changed."
        )


def test_levels_are_stepped_one_at_a_time() -> None:
    levels = (Level("light", "Light"), Level("close", "Close"))
    assert [stepped(levels, "light", 1).key, stepped(levels, "close", -1).key] == ["close", "light"]
    for level, by, side in (("close", 1, "above"), ("light", -1, "below"), ("", 1, "above")):
        with pytest.raises(OutOfTurn) as refused:
            stepped(levels, level, by)
        assert str(refused.value) == f"There is no level {side} this one. Nothing was changed."


@pytest.mark.parametrize(
    ("reminded_on", "days", "again"),
    [
        (None, -3, False),
        (None, -2, True),
        (DUE - timedelta(days=2), -1, False),
        (DUE - timedelta(days=2), 0, False),
        (DUE - timedelta(days=2), 1, True),
        (DUE + timedelta(days=1), 2, False),
        (DUE + timedelta(days=1), 7, False),
        (DUE + timedelta(days=1), 8, True),
    ],
)
def test_somebody_is_reminded_before_the_day_and_then_once_a_week(reminded_on: date | None, days: int, again: bool) -> None:
    assert to_remind(DUE, reminded_on, DUE + timedelta(days=days)) is again


def test_a_reminder_says_how_much_waits_and_never_what() -> None:
    assert [subject(1, 0), subject(3, 1), subject(3, 2)] == [
        "One thing waits for you in Convenor", "3 things wait for you in Convenor, 1 of them past its day",
        "3 things wait for you in Convenor, 2 of them past their day",
    ]  # fmt: skip


def test_what_is_complete_asks_nothing_more() -> None:
    assert finished(TaskNow("t", Task("t", "T", Who.BROKER), TaskStatus.COMPLETE, True, completed_on=DUE)) is True
    assert Entered().values == {}
