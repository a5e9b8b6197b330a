"""The plan: one to five objectives that are whole, and both heads on one version of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from convenor.peer_review.rules.refusals import NoWords
from convenor.support.rules.plan import Agreed, Goal, check_agree, check_goals, due_said, planned_says, standing_says
from convenor.support.rules.refusals import Missing, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import Who
from tests.factories.refusals import refusal_of

ON = date(2026, 11, 21)
GOAL = Goal(
    "Every child reads daily", "reading", "Reading lead", "Weekly reading log", "19 of 30 read daily", date(2026, 11, 2), 30,
    "28 of 30 read daily", date(2027, 7, 16), 6,
)  # fmt: skip


def test_whole_objectives_are_kept_in_their_order_without_those_left_empty() -> None:
    second = replace(GOAL, title="  Fewer late arrivals ", area="attendance", baseline_n=None)
    given = {1: Goal(), 3: GOAL, 2: Goal(area="reading"), 4: second}
    assert check_goals(given, stands={}, on=ON) == {3: GOAL, 4: replace(second, title="Fewer late arrivals")}


def test_an_objective_that_stands_unchanged_stands_though_its_day_has_passed() -> None:
    past = replace(GOAL, target_by_on=date(2026, 11, 20))
    assert [check_goals({1: past}, stands={1: past}, on=ON), refusal_of(check_goals, {1: past}, stands={2: past}, on=ON)] == [
        {1: past}, WrongDay,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"title": " "}, NoWords), ({"area": ""}, Missing), ({"area": "astrology"}, Missing), ({"measure": ""}, NoWords),
        ({"baseline": ""}, NoWords), ({"target": ""}, NoWords), ({"owner": ""}, NoWords), ({"title": "x" * 201}, NoWords),
        ({"baseline_on": None}, Missing), ({"baseline_on": ON + timedelta(days=1)}, WrongDay),
        ({"baseline_on": ON - timedelta(days=3 * 366 + 1)}, WrongDay), ({"target_by_on": None}, Missing), ({"target_by_on": ON}, WrongDay),
        ({"target_by_on": ON + timedelta(days=732)}, WrongDay), ({"baseline_n": 0}, WrongSum), ({"half_days": -1}, WrongSum),
        ({"half_days": 201}, WrongSum),
    ],
)  # fmt: skip
def test_an_objective_that_is_not_whole_is_refused(changed: dict[str, object], why: type[Exception]) -> None:
    assert refusal_of(check_goals, {1: replace(GOAL, **changed)}, stands={}, on=ON) is why  # type: ignore[arg-type]


@pytest.mark.parametrize("numbers", [[], [1, 2, 3, 4, 5, 6], [6], [0]])
def test_a_plan_has_one_to_five_objectives(numbers: list[int]) -> None:
    assert refusal_of(check_goals, dict.fromkeys(numbers, GOAL), stands={}, on=ON) is Missing


def test_five_objectives_with_all_the_half_days_there_are_pass() -> None:
    assert len(check_goals(dict.fromkeys(range(1, 6), replace(GOAL, half_days=40)), stands={}, on=ON)) == 5


BOTH = Agreed(2, {Who.RECEIVING: 2, Who.SUPPLYING: 2})
NEITHER = Agreed(1, {})
FIRST = Agreed(1, {Who.RECEIVING: 1})
CHANGED = Agreed(3, {Who.RECEIVING: 2, Who.SUPPLYING: 2})
AGAIN = Agreed(3, {Who.RECEIVING: 3, Who.SUPPLYING: 2})


def test_both_agree_only_on_the_plan_as_it_stands() -> None:
    assert [each.both for each in (BOTH, NEITHER, FIRST, CHANGED, AGAIN)] == [True, False, False, False, False]


def test_how_the_agreement_stands_is_said() -> None:
    assert [standing_says(each) for each in (BOTH, NEITHER, FIRST, CHANGED, AGAIN)] == [
        "Both heads agree to the plan as it stands.",
        "It waits for the school that receives and whoever lends the support to agree.",
        "It waits for whoever lends the support to agree.",
        "The plan has changed, so the school that receives and whoever lends the support are asked again.",
        "The plan has changed, so whoever lends the support is asked again.",
    ]


@pytest.mark.parametrize(
    ("side", "agreed", "read", "objectives", "costs", "why"),
    [
        (Who.RECEIVING, NEITHER, 1, 1, 1, None), (Who.SUPPLYING, FIRST, 1, 1, 1, None), (Who.RECEIVING, CHANGED, 3, 1, 1, None),
        (Who.SUPPLYING, AGAIN, 3, 1, 1, None), (Who.RECEIVING, CHANGED, 2, 1, 1, OutOfTurn), (Who.RECEIVING, NEITHER, 1, 0, 1, Missing),
        (Who.RECEIVING, NEITHER, 1, 1, 0, Missing), (Who.RECEIVING, FIRST, 1, 1, 1, OutOfTurn),
        (Who.SUPPLYING, NEITHER, 1, 1, 1, OutOfTurn),
        (Who.SUPPLYING, CHANGED, 3, 1, 1, OutOfTurn),
    ],
)  # fmt: skip
def test_who_may_agree_when(side: Who, agreed: Agreed, read: int, objectives: int, costs: int, why: type[Exception] | None) -> None:
    assert refusal_of(check_agree, side, agreed, read_version=read, objectives=objectives, costs=costs) is why


def test_a_plan_is_told_in_a_line() -> None:
    assert [planned_says([GOAL]), planned_says([GOAL, GOAL])] == ["1 objective, 6 half days", "2 objectives, 12 half days"]


def test_a_day_that_is_not_set_is_said_so() -> None:
    assert [due_said(GOAL), due_said(Goal())] == ["Friday 16 July 2027", "no day yet"]
