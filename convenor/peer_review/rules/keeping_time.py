"""Which reviews kept their days: what fell due in a year, what was done in time, and how far the reviews have come. Pure.

A step counts once it has fallen due, whether or not it was done: leaving out what never happened would make lateness look like time
kept. Reviews that are postponed or were taken back owe nothing meanwhile. Each school counts once, with its newest review to which the
question applies, so that "21 to 25 of 42 schools" means schools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.peer_review.rules.gates import Facts, due_on, impact_window
from convenor.peer_review.rules.states import State, Step

#: What is looked back on: a year.
YEAR: Final = timedelta(days=365)
#: A review is still told among those under way so long after its round was published: a round and its impact visits.
UNDER_WAY: Final = timedelta(days=548)

#: The steps that have a day, each with the state before it.
TIMED: Final[dict[Step, State]] = {
    Step.DATA_SHARED: State.FOCUS_AGREED,
    Step.FED_BACK: State.ON_SITE,
    Step.REPORT_DRAFT: State.FED_BACK,
    Step.WORKSHOP_DONE: State.REPORT_FINAL,
    Step.IMPACT_REVIEWED: State.ACTIONS_AGREED,
}
#: How far a review has come, in the order of the way.
MILESTONES: Final = (Step.SCHEDULED, Step.FED_BACK, Step.REPORT_FINAL, Step.WORKSHOP_DONE, Step.ACTIONS_AGREED, Step.IMPACT_REVIEWED)


@dataclass(frozen=True, slots=True)
class Course:
    """One review as it stood on the counting day. `group` is its school's cluster; `done` and `late` are the steps taken by then, the
    first of each kind with its day. `rests`: postponed or taken back. `published_on` is the day of its round's teams."""

    review: int
    school: str
    group: str
    published_on: date
    facts: Facts
    done: Mapping[Step, date]
    late: frozenset[Step]
    rests: bool = False


def due(course: Course, step: Step) -> date | None:
    """The last day on which a timed step is in time; None where the visit has no days."""
    facts = Facts(TIMED[step], timings=course.facts.timings, visit_from_on=course.facts.visit_from_on,
                  visit_until_on=course.facts.visit_until_on)  # fmt: skip
    if step is Step.IMPACT_REVIEWED:
        window = impact_window(facts)
        return window[1] if window else None
    return due_on(facts)


def fell_due(courses: Iterable[Course], step: Step, *, on: date) -> list[Course]:
    """For each school its newest review in which the step fell due in the year up to a day."""
    return _newest(
        each for each in courses if not each.rests and (day := due(each, step)) is not None and on - YEAR < day <= on
    )  # fmt: skip


def in_time(courses: Iterable[Course], step: Step, *, on: date) -> dict[str, tuple[int, int]]:
    """By cluster: how many schools' step fell due in the year up to the day, and how many of those took it in time."""
    return _counted((each.group, step in each.done and step not in each.late) for each in fell_due(courses, step, on=on))


def held(courses: Iterable[Course], step: Step, *, on: date) -> dict[str, tuple[int, int]]:
    """The same, counting those that took the step by the day, late or not."""
    return _counted((each.group, step in each.done) for each in fell_due(courses, step, on=on))


def under_way(courses: Iterable[Course], *, on: date) -> list[Course]:
    """For each school its newest review of a round published within eighteen months up to the day."""
    return _newest(each for each in courses if on - UNDER_WAY < each.published_on <= on)


def reached(courses: Iterable[Course], step: Step) -> dict[str, tuple[int, int]]:
    """By cluster: of how many schools, how many have come as far as a milestone, whether or not they rest now."""
    return _counted((each.group, step in each.done) for each in courses)


def resting(courses: Iterable[Course]) -> dict[str, tuple[int, int]]:
    """By cluster: of how many schools, how many have put their review off or taken it back. Both are the school's right."""
    return _counted((each.group, each.rests) for each in courses)


def _newest(courses: Iterable[Course]) -> list[Course]:
    """One for each school: that of the round published last."""
    found: dict[str, Course] = {}
    for each in sorted(courses, key=lambda one: (one.published_on, one.review)):
        found[each.school] = each
    return list(found.values())


def _counted(rows: Iterable[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for group, yes in rows:
        of, count = found.get(group, (0, 0))
        found[group] = (of + 1, count + yes)
    return found
