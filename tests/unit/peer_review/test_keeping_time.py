"""What fell due in a year, what was done in time, and how far reviews have come: each school once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from convenor.peer_review.rules.gates import Facts
from convenor.peer_review.rules.keeping_time import Course, due, fell_due, held, in_time, reached, resting, under_way
from convenor.peer_review.rules.states import State, Step

#: A visit on 1 and 2 December 2026, its data due on 17 November.
VISIT = Facts(State.DRAFT, visit_from_on=date(2026, 12, 1), visit_until_on=date(2026, 12, 3))
ON = date(2027, 1, 1)


def course(school: str = "A", group: str = "North", *, facts: Facts = VISIT, late: frozenset[Step] = frozenset(), rests: bool = False,
           review: int = 1, published: date = date(2026, 10, 1), **done: date) -> Course:  # fmt: skip
    """A review with the steps named, by the days on which they were taken."""
    return Course(review, school, group, published, facts, {Step(key): day for key, day in done.items()}, late, rests)


@pytest.mark.parametrize(
    ("step", "last_on"),
    [
        (Step.DATA_SHARED, date(2026, 11, 17)),
        (Step.FED_BACK, date(2026, 12, 2)),
        (Step.REPORT_DRAFT, date(2026, 12, 16)),
        (Step.WORKSHOP_DONE, date(2026, 12, 16)),
        (Step.IMPACT_REVIEWED, date(2027, 7, 2)),
    ],
)
def test_step_is_in_time_until_its_planned_day(step: Step, last_on: date) -> None:
    assert due(course(), step) == last_on


@pytest.mark.parametrize("step", [Step.DATA_SHARED, Step.IMPACT_REVIEWED])
def test_visit_without_days_owes_nothing(step: Step) -> None:
    assert due(course(facts=Facts(State.DRAFT)), step) is None
    assert fell_due([course(facts=Facts(State.DRAFT))], step, on=ON) == []


def test_step_counts_from_the_day_it_falls_due_for_a_year() -> None:
    one = course()
    days = [date(2026, 11, 16), date(2026, 11, 17), date(2027, 11, 16), date(2027, 11, 17)]
    assert [fell_due([one], Step.DATA_SHARED, on=day) for day in days] == [[], [one], [one], []]


def test_step_that_was_due_and_never_taken_is_not_in_time() -> None:
    courses = [course("A", data_shared=date(2026, 11, 10)), course("B"), course("C", "South", data_shared=date(2026, 11, 20))]
    late = [*courses[:2], course("C", "South", late=frozenset({Step.DATA_SHARED}), data_shared=date(2026, 11, 20))]
    assert in_time(late, Step.DATA_SHARED, on=ON) == {"North": (2, 1), "South": (1, 0)}
    assert held(late, Step.DATA_SHARED, on=ON) == {"North": (2, 1), "South": (1, 1)}


def test_review_that_rests_owes_nothing_and_is_told_among_those_that_rest() -> None:
    courses = [course("A", rests=True), course("B", "South", scheduled=date(2026, 10, 2))]
    assert in_time(courses, Step.DATA_SHARED, on=ON) == {"South": (1, 0)}
    assert resting(courses) == {"North": (1, 1), "South": (1, 0)}
    assert reached(courses, Step.SCHEDULED) == {"North": (1, 0), "South": (1, 1)}


def test_school_counts_once_with_its_newest_review() -> None:
    first = course("A", review=1, published=date(2026, 2, 1), data_shared=date(2026, 3, 1))
    second = course("A", review=2, published=date(2026, 10, 1))
    assert fell_due([second, first], Step.DATA_SHARED, on=ON) == [second]
    assert under_way([second, first], on=ON) == [second]
    assert under_way([second, first], on=date(2026, 6, 1)) == [first]


def test_review_is_under_way_for_eighteen_months_after_its_teams() -> None:
    one = course(published=date(2026, 1, 1))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=547), date(2026, 1, 1) + timedelta(days=548)]
    assert [under_way([one], on=day) for day in days] == [[], [one], [one], []]
