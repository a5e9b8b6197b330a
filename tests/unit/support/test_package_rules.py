"""Where a package and its tasks stand follows from what was entered: nobody sets a status."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.support.rules.gates import MISSING, OF_THE_DAY, Facts, Gate
from convenor.support.rules.states import Met, PackageStatus, StateKind, TaskStatus, Who
from convenor.support.rules.tasks import (
    Entered,
    PackageNow,
    Standing,
    TaskNow,
    complete,
    filled,
    lacking,
    met_of,
    moves_now,
    package_now,
    said_on,
)
from convenor.support.rules.timers import add_months, add_school_days, anchored_on, due_on
from convenor.support.rules.workflows import Due, Field, FieldKind, Task, Unit, Workflow, workflow, workflow_from
from tests.unit.support.test_workflows import small

MONDAY = date(2026, 9, 7)


def always(day: date) -> bool:
    return day.weekday() < 5


def standing(state: str = "asked", *, facts: tuple[str, ...] = (), days: dict[str, date] | None = None, **more: Any) -> Standing:
    given: dict[str, Any] = {"states": {state: MONDAY}, "entered": {}}
    return Standing(state, facts=Facts(frozenset(facts), days or {}), **given | more)


def now(flow: Workflow, here: Standing) -> PackageNow:
    return package_now(flow, here, always)


def task(flow: Workflow, here: Standing, key: str) -> TaskNow:
    return next(each for each in now(flow, here).tasks if each.key == key)


# Days


def test_hours_become_whole_days_rounded_up() -> None:
    assert [due_on(Due("state:a", count, Unit.HOURS), MONDAY, always) for count in (1, 24, 48, 49)] == [
        date(2026, 9, 8), date(2026, 9, 8), date(2026, 9, 9), date(2026, 9, 10)
    ]  # fmt: skip


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    assert due_on(Due("state:a", 5, Unit.WORKING_DAYS), date(2026, 12, 22), always) == date(2026, 12, 31)


def test_working_days_beyond_the_list_are_counted_in_weeks() -> None:
    assert due_on(Due("state:a", 5, Unit.WORKING_DAYS), date(2031, 1, 6), always) == date(2031, 1, 13)


def test_days_and_months_are_counted_by_the_calendar() -> None:
    assert due_on(Due("state:a", 7, Unit.DAYS), MONDAY, always) == date(2026, 9, 14)
    assert due_on(Due("state:a", 8, Unit.MONTHS), MONDAY, always) == date(2027, 5, 7)
    assert [add_months(date(2026, 10, 31), 1), add_months(date(2026, 1, 31), 13)] == [date(2026, 11, 30), date(2027, 2, 28)]


def test_school_days_leave_out_the_holidays() -> None:
    holidays = {date(2026, 10, day) for day in range(26, 31)}
    assert due_on(Due("state:a", 3, Unit.SCHOOL_DAYS), date(2026, 10, 22), lambda day: always(day) and day not in holidays) == date(
        2026, 11, 3
    )


def test_school_days_that_nobody_knows_are_calendar_days() -> None:
    assert add_school_days(MONDAY, 3, lambda day: False) == date(2026, 9, 10)


def test_a_limit_whose_beginning_has_not_come_has_no_day() -> None:
    due = Due("task:call", 3, Unit.DAYS)
    assert anchored_on(due, states={}, tasks={}, days={}) is None
    assert anchored_on(due, states={}, tasks={"call": MONDAY}, days={}) == MONDAY


# Fields and tasks


def test_a_false_tick_completes_nothing_that_must_be_yes() -> None:
    must, plain = Field("a", "A", FieldKind.YES_NO, must=True), Field("a", "A", FieldKind.YES_NO)
    assert [filled(must, "no"), filled(must, "yes"), filled(plain, "no"), filled(plain, ""), filled(plain, None)] == [
        False, True, True, False, False
    ]  # fmt: skip


def test_a_task_is_complete_by_its_required_fields_its_fact_or_a_word() -> None:
    nothing = Facts()
    asked = Task("a", "A", Who.BROKER, fields=(Field("x", "X"), Field("y", "Y", required=False)))
    assert [complete(asked, {"y": "1"}, nothing), complete(asked, {"x": "1"}, nothing)] == [False, True]
    loose = Task("a", "A", Who.BROKER, fields=(Field("y", "Y", required=False),))
    assert [complete(loose, {}, nothing), complete(loose, {"y": "1"}, nothing)] == [False, True]
    assert [complete(Task("a", "A", Who.BROKER), values, nothing) for values in ({}, {"done": "yes"})] == [False, True]
    fact = Task("a", "A", Who.BROKER, fact="evaluated")
    assert [complete(fact, {}, nothing), complete(fact, {}, Facts(frozenset({"evaluated"})))] == [False, True]


def test_a_task_waits_for_its_state_and_for_the_tasks_it_needs() -> None:
    flow = workflow("lifecycle")
    here = standing("asked")
    visit, diagnosis, fit = (task(flow, here, key) for key in ("visit-to-understand", "diagnosis", "fit"))
    assert (visit.status, visit.open, visit.due_on) == (TaskStatus.NOT_STARTED, True, date(2026, 10, 5))
    assert (diagnosis.status, diagnosis.open, diagnosis.lacks) == (
        TaskStatus.CANNOT_START, False, ("Visit the school to understand the need",)
    )  # fmt: skip
    assert (fit.status, fit.lacks) == (TaskStatus.CANNOT_START, ())


def test_a_task_half_filled_is_in_progress_wherever_the_package_goes() -> None:
    flow = workflow("lifecycle")
    half = {"diagnosis": Entered({"found": "Phonics"}), "visit-to-understand": Entered({"on": "2026-09-15"}, date(2026, 9, 15))}
    assert task(flow, standing(entered=half), "diagnosis").status is TaskStatus.IN_PROGRESS
    later = task(flow, standing("matching", entered=half), "diagnosis")
    assert (later.status, later.open, later.waits) == (TaskStatus.IN_PROGRESS, False, False)


def test_a_limit_after_a_task_begins_when_that_is_complete() -> None:
    flow = workflow("lifecycle")
    done = {"visit-to-understand": Entered({"on": "2026-09-15"}, date(2026, 9, 15))}
    assert task(flow, standing(), "diagnosis").due_on is None
    assert task(flow, standing(entered=done), "diagnosis").due_on == date(2026, 9, 22)


def test_an_answer_can_make_tasks_needless() -> None:
    flow = workflow("targeted")
    decided = {"decision": Entered({"decision": "review"})}
    found = now(flow, standing("watching", entered=decided)).tasks
    assert sum(each.status is TaskStatus.NOT_REQUIRED for each in found) == 13


def test_a_repeated_task_comes_again_once_it_is_complete() -> None:
    flow = workflow("east-sussex")
    first = {"up-to-date": Entered({"done": "Two visits"}, date(2026, 11, 2))}
    here = standing("work", entered=first)
    assert [(each.key, each.status, each.due_on) for each in now(flow, here).tasks if each.task.key == "up-to-date"] == [
        ("up-to-date", TaskStatus.COMPLETE, date(2026, 11, 7)), ("up-to-date#2", TaskStatus.NOT_STARTED, date(2027, 1, 2))
    ]  # fmt: skip
    ended = replace(here, state="signed-off")
    assert [each.key for each in now(flow, ended).tasks if each.task.key == "up-to-date"] == ["up-to-date"]
    again = replace(here, state="signed-off", entered=first | {"up-to-date#2": Entered({"done": "One more"})})
    assert [each.key for each in now(flow, again).tasks if each.task.key == "up-to-date"] == ["up-to-date", "up-to-date#2"]


def test_the_last_word_of_a_repeated_task_decides() -> None:
    flow = workflow("targeted")
    once = {"term-review": Entered({"on": "2027-01-10", "overall": "complete", "another": "no"}, date(2027, 1, 10))}
    twice = once | {"term-review#2": Entered({"on": "2027-05-10", "overall": "not-yet", "another": "yes"}, date(2027, 5, 10))}
    offered = [[each.move.key for each in moves_now(flow, standing("improving", entered=entered))] for entered in (once, twice)]
    assert offered == [["complete", "leave"], ["leave"]]


def test_an_optional_task_keeps_nobody_waiting() -> None:
    flow = workflow("lifecycle")
    here = standing("agreeing", facts=("supporter-chosen", "baseline-set", "costs-agreed", "receiving-head-agreed", "both-heads-agreed"),
                    entered={"contact": Entered({"on": "2026-09-25"}, date(2026, 9, 25))})  # fmt: skip
    found = now(flow, here)
    assert (task(flow, here, "effect").waits, found.turns(), found.next_due_on) == (True, frozenset(), None)


# The package


def test_what_is_due_next_is_the_first_of_tasks_and_timers() -> None:
    flow = workflow("lifecycle")
    here = standing("active", facts=("supporter-chosen",), states={"active": date(2026, 10, 12)},
                    days={"reviewed": date(2026, 10, 12), "visit-without-note": date(2026, 10, 14), "chosen": date(2026, 9, 1)},
                    entered={"contact": Entered({"on": "2026-09-02"}, date(2026, 9, 2))})  # fmt: skip
    found = now(flow, here)
    assert [(each.timer.key, each.due_on) for each in found.timers] == [("note", date(2026, 10, 21)), ("review", date(2027, 2, 12))]
    assert found.next_due_on == date(2026, 10, 21)
    assert found.turns() == {Who.SUPPORTER, Who.RECEIVING}  # the school has its plan to agree to anew
    assert now(flow, replace(here, state="after", states={"after": MONDAY})).timers == ()


def test_a_timer_ends_with_its_fact() -> None:
    timer = {"key": "t", "name": "T", "who": "broker", "until": "evaluated", "due": {"after": "day:opened", "days": 3}}
    flow = workflow_from(small(timers=[timer]))
    days = {"opened": MONDAY}
    assert [len(now(flow, standing(days=days, facts=facts)).timers) for facts in ((), ("evaluated",))] == [1, 0]


@pytest.mark.parametrize(
    ("more", "status", "kind"),
    [
        ({}, PackageStatus.WAITS, StateKind.WAITING),
        ({"state": "helping"}, PackageStatus.ON_ITS_WAY, StateKind.WORKING),
        ({"state": "done"}, PackageStatus.ENDED, StateKind.ENDED),
        ({"paused": True}, PackageStatus.PAUSED, StateKind.WAITING),
        ({"stopped": True}, PackageStatus.STOPPED, StateKind.ENDED),
        ({"stopped": True, "paused": True}, PackageStatus.STOPPED, StateKind.ENDED),
    ],
)
def test_a_package_has_the_status_that_follows(more: dict[str, Any], status: PackageStatus, kind: StateKind) -> None:
    found = now(workflow_from(small()), standing(**more))
    assert (found.status, found.kind) == (status, kind)


@pytest.mark.parametrize("more", [{"paused": True}, {"stopped": True}, {"state": "done"}])
def test_a_package_that_rests_asks_nothing_of_anybody(more: dict[str, Any]) -> None:
    timer = {"key": "t", "name": "T", "who": "broker", "due": {"after": "day:opened", "days": 3}}
    found = now(workflow_from(small(timers=[timer])), standing(days={"opened": MONDAY}, **more))
    assert (found.next_due_on, found.turns(), [each.key for each in found.tasks if each.waits]) == (None, frozenset(), [])


def test_a_pause_lengthens_every_limit_that_ran() -> None:
    flow = workflow_from(small())
    due = date(2026, 9, 14)
    assert task(flow, standing(), "call").due_on == due
    rest = (date(2026, 9, 9), date(2026, 9, 19))
    assert task(flow, standing(pauses=(rest,)), "call").due_on == due + timedelta(days=10)
    before, over = (date(2026, 9, 1), date(2026, 9, 5)), (date(2026, 10, 1), date(2026, 10, 5))
    assert task(flow, standing(pauses=(before, over)), "call").due_on == due


def test_late_is_said_by_the_day_and_never_kept() -> None:
    assert [said_on(status, date(2026, 9, 10), date(2026, 9, 11)) for status in PackageStatus] == [
        PackageStatus.LATE, PackageStatus.LATE, PackageStatus.LATE, PackageStatus.PAUSED, PackageStatus.STOPPED, PackageStatus.ENDED
    ]  # fmt: skip
    assert said_on(PackageStatus.WAITS, date(2026, 9, 11), date(2026, 9, 11)) is PackageStatus.WAITS
    assert said_on(PackageStatus.WAITS, None, date(2026, 9, 11)) is PackageStatus.WAITS
    waiting = task(workflow_from(small()), standing(), "call")
    assert [waiting.late(date(2026, 9, day)) for day in (14, 15)] == [False, True]


# Moves


def test_a_move_says_everything_it_still_rests_on() -> None:
    flow = workflow("lifecycle")
    begin = flow.move("begin")
    assert lacking(flow, begin, standing("agreeing", facts=("costs-agreed", "baseline-set"))) == (
        "“Be in touch with the school” is not complete.", MISSING[Gate.BOTH_HEADS_AGREED], MISSING[Gate.ASSURANCE_IN_DATE]
    )  # fmt: skip
    everything = tuple(each.value for each in Gate)
    done = {"contact": Entered({"on": "2026-09-25"})}
    assert lacking(flow, begin, standing("agreeing", facts=everything, entered=done)) == ()


def test_a_move_whose_condition_does_not_hold_is_not_offered() -> None:
    flow = workflow("lifecycle")
    offered = [
        [each.move.key for each in moves_now(flow, standing(entered={"diagnosis": Entered({"decision": decision})}))]
        for decision in ("", "match", "monitor")
    ]
    assert offered == [[], ["match"], ["other-way"]]


@pytest.mark.parametrize("more", [{"paused": True}, {"stopped": True}])
def test_a_package_that_rests_offers_no_move(more: dict[str, Any]) -> None:
    assert moves_now(workflow_from(small()), standing(**more)) == ()


def test_every_gate_says_what_is_missing() -> None:
    assert set(MISSING) == {each.value for each in Gate}
    assert {Gate.ASSURANCE_IN_DATE} == OF_THE_DAY


def test_how_far_it_came_is_read_or_nothing() -> None:
    assert [met_of("partly"), met_of("")] == [Met.PARTLY, None]


# Properties

VALUES = st.dictionaries(st.sampled_from(["on", "how", "found", "decision", "capacity", "willing", "interest", "read"]),
                         st.sampled_from(["", "yes", "no", "match", "2026-09-15"]), max_size=4)  # fmt: skip
DAYS = st.dates(date(2026, 9, 1), date(2027, 8, 31))


@st.composite
def anywhere(draw: st.DrawFn) -> tuple[Workflow, Standing]:
    flow = workflow(draw(st.sampled_from(["lifecycle", "east-sussex", "targeted"])))
    keys = draw(st.lists(st.sampled_from([each.key for each in flow.tasks]), max_size=6))
    return flow, Standing(
        state=draw(st.sampled_from([each.key for each in flow.states])),
        states=draw(st.dictionaries(st.sampled_from([each.key for each in flow.states]), DAYS, max_size=4)),
        entered={key: Entered(draw(VALUES), draw(st.none() | DAYS)) for key in keys},
        facts=Facts(frozenset(draw(st.lists(st.sampled_from([each.value for each in Gate])))),
                    draw(st.dictionaries(st.sampled_from(["reviewed", "chosen", "visit-without-note"]), DAYS))),
        paused=draw(st.booleans()), stopped=draw(st.booleans()),
    )  # fmt: skip


@given(anywhere())
def test_property_only_an_open_task_waits_and_it_lacks_nothing(asked: tuple[Workflow, Standing]) -> None:
    flow, here = asked
    found = now(flow, here)
    assert [each.key for each in found.tasks if each.open and (each.lacks or here.paused or here.stopped)] == []
    assert [each.key for each in found.tasks if each.status is TaskStatus.CANNOT_START and each.open] == []
    days = [each.due_on for each in found.tasks if each.waits and not each.task.optional and each.due_on]
    assert found.next_due_on == min([*days, *(each.due_on for each in found.timers)], default=None)


@given(anywhere(), DAYS)
def test_property_what_was_written_never_becomes_less_by_a_move(asked: tuple[Workflow, Standing], on: date) -> None:
    flow, here = asked
    before = {each.key for each in now(flow, here).tasks if each.status in (TaskStatus.COMPLETE, TaskStatus.IN_PROGRESS)}
    for move in moves_now(flow, here):
        there = replace(here, state=move.move.to, states={**here.states, move.move.to: on})
        after = {each.key for each in now(flow, there).tasks if each.status in (TaskStatus.COMPLETE, TaskStatus.IN_PROGRESS)}
        assert after == before
