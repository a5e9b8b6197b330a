"""Progress reviews: how each objective goes, in stated meanings, and whether to go on, change the plan or leave.

Red, amber and green are of an objective in a plan that its head agreed, never of a school, and never stand without their meaning
(`states.PROGRESS_MEANS`). Source: the Department's three definitions in our words (field notes C) and continue, change or exit (H4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from convenor.partnership.rules.terms import said
from convenor.peer_review.rules.report import words_of
from convenor.support.rules.refusals import Missing, WrongDay
from convenor.support.rules.states import PROGRESS_MEANS, Progress, ReviewDecision

NOTHING: Final = "Nothing was changed."
#: Reviews are held each term; none waits longer than half a year.
NEXT_AT_MOST: Final = timedelta(days=183)
RATING_AT_MOST: Final = 600
WORDS_AT_MOST: Final = 3000

PROGRESS_SAYS: Final[dict[Progress, str]] = {
    Progress.GREEN: "Green: on track",
    Progress.AMBER: "Amber: behind, and can be brought back",
    Progress.RED: "Red: off track",
    Progress.NOT_YET: "Too early to say",
}
PROGRESS_NAME: Final[dict[Progress, str]] = {each: says.split(":")[0] for each, says in PROGRESS_SAYS.items()}
#: A sign beside the word, so that no reader needs the colour.
PROGRESS_SIGN: Final[dict[Progress, str]] = {Progress.GREEN: "●", Progress.AMBER: "◐", Progress.RED: "○", Progress.NOT_YET: "–"}
DECISION_SAYS: Final[dict[ReviewDecision, str]] = {
    ReviewDecision.CONTINUE: "Go on as planned",
    ReviewDecision.CHANGE: "Change the plan",
    ReviewDecision.EXIT: "Bring the support to its end",
}


@dataclass(frozen=True, slots=True)
class Rating:
    """How one objective goes, and why."""

    number: int
    progress: Progress
    words: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As a review keeps it."""
        return {"number": self.number, "progress": self.progress.value, "words": self.words}


def rating_from(raw: Mapping[str, Any]) -> Rating:
    """What was kept, read back."""
    return Rating(int(raw["number"]), Progress(raw["progress"]), str(raw.get("words", "")))


@dataclass(frozen=True, slots=True)
class Review:
    """A progress review as it is held."""

    held_on: date
    ratings: tuple[Rating, ...]
    decision: ReviewDecision
    words: str = ""
    next_on: date | None = None


def check_review(given: Review, *, baselines: Mapping[int, date], began_on: date | None, today: date) -> Review:
    """A review as it is kept. `baselines` are the days on which the objectives that run were measured, by number; `began_on` when support
    began, None where it has not.

    Raises Missing where support has not begun, there are no objectives, one is not rated, amber comes without what will be done, or there
    is no next day; WrongDay for a day to come, or one before a baseline or the beginning; NoWords for too many words.
    An objective that is off track is not left as it is: the decision is then to change or to end (Missing).
    """
    if not baselines:
        raise Missing(f"There are no objectives yet, so there is nothing to review. {NOTHING}")
    if began_on is None:
        raise Missing(f"Support has not begun yet, so there is no progress to review. {NOTHING}")
    _check_day(given.held_on, baselines, began_on, today)
    ratings = _ratings(given.ratings, baselines)
    if given.decision is ReviewDecision.CONTINUE and any(each.progress is Progress.RED for each in ratings):
        raise Missing(
            f"An objective is off track, which means that it will not come about as planned: change the plan, or bring the support to its "
            f"end. {NOTHING}"
        )
    words = words_of(given.words, "the words", WORDS_AT_MOST, needed=given.decision is not ReviewDecision.CONTINUE)
    return Review(given.held_on, ratings, given.decision, words, _next(given))


def _check_day(held_on: date, baselines: Mapping[int, date], began_on: date, today: date) -> None:
    if held_on > today:
        raise WrongDay(f"{said(held_on)} is still to come. {NOTHING}")
    late = [number for number, day in sorted(baselines.items()) if day > held_on]
    if late:
        raise WrongDay(
            f"Objective {late[0]} was measured on {said(baselines[late[0]])}, after {said(held_on)}: nothing is reviewed before its "
            f"baseline. {NOTHING}"
        )
    if held_on < began_on:
        raise WrongDay(f"Support began on {said(began_on)}; a review is held after that. {NOTHING}")


def _ratings(given: Iterable[Rating], baselines: Mapping[int, date]) -> tuple[Rating, ...]:
    by_number = {each.number: each for each in given if each.number in baselines}
    lacking = sorted(set(baselines) - set(by_number))
    if lacking:
        raise Missing(f"Say how objective {lacking[0]} goes. {NOTHING}")
    found = []
    for number in sorted(by_number):
        each = by_number[number]
        needed = each.progress in (Progress.AMBER, Progress.RED)
        what = f"what will be done about objective {number}" if each.progress is Progress.AMBER else f"what stands in the way of {number}"
        found.append(Rating(number, each.progress, words_of(each.words, what, RATING_AT_MOST, needed=needed)))
    return tuple(found)


def _next(given: Review) -> date | None:
    """When the next review is; none after the one that leaves."""
    if given.decision is ReviewDecision.EXIT:
        return None
    if given.next_on is None:
        raise Missing(f"Say when you look again. {NOTHING}")
    if not given.held_on < given.next_on <= given.held_on + NEXT_AT_MOST:
        raise WrongDay(f"The next review lies after this one and within half a year of it. {NOTHING}")
    return given.next_on


def means() -> list[tuple[str, str, str, str]]:
    """The key on every page with ratings: value, sign, name and what it means, best first."""
    order: Sequence[Progress] = (Progress.GREEN, Progress.AMBER, Progress.RED, Progress.NOT_YET)
    return [(each.value, PROGRESS_SIGN[each], PROGRESS_NAME[each], PROGRESS_MEANS[each]) for each in order]


def owes_change(decision: ReviewDecision | None, *, reviewed_at: datetime | None, plan_changed_at: datetime | None) -> bool:
    """Whether the newest review decided to change the plan, and nobody has since."""
    if decision is not ReviewDecision.CHANGE or reviewed_at is None:
        return False
    return plan_changed_at is None or plan_changed_at < reviewed_at
