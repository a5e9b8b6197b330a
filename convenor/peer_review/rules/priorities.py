"""What a school agrees to do after a review, and what had come of it six months later.

One to three priorities, each with an owner by role, a day, a measure and where it stands now. Source: the requirements H2 of
the field notes; the longest day and the lengths are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.peer_review.rules.gates import PRIORITIES_AT_MOST
from convenor.peer_review.rules.refusals import Missing, WrongDay
from convenor.peer_review.rules.report import NOTHING, words_of
from convenor.peer_review.rules.states import ActionResult, Outcome
from convenor.peer_review.rules.themes import THEMES

#: A priority is done within two years, or it is a plan.
LONGEST: Final = timedelta(days=731)
TITLE_AT_MOST: Final = 200
OWNER_AT_MOST: Final = 120
MEASURE_AT_MOST: Final = 300
#: The longest word on a workshop, on an impact visit, or on what came of a priority, in characters.
WORDS_AT_MOST: Final = 3000

RESULT_SAYS: Final[dict[ActionResult, str]] = {
    ActionResult.DONE: "Done",
    ActionResult.PARTLY: "Partly done",
    ActionResult.NOT_YET: "Not yet",
    ActionResult.STOPPED: "Stopped, because something else mattered more",
}
OUTCOME_SAYS: Final[dict[Outcome, str]] = {
    Outcome.DONE: "Done: what we agreed is part of how we work",
    Outcome.CONTINUE: "We go on with it by ourselves",
    Outcome.BROKERAGE: "We would like help from other schools",
}


@dataclass(frozen=True, slots=True)
class Priority:
    """One priority as the school agrees it. `owner` is a role, never a name; `baseline` says where it stands now."""

    title: str = ""
    theme: str = ""
    owner: str = ""
    by_on: date | None = None
    measure: str = ""
    baseline: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing at all was filled in."""
        return not (self.title.strip() or self.owner.strip() or self.by_on or self.measure.strip() or self.baseline.strip())


def check_priorities(given: Sequence[Priority], *, on: date) -> tuple[Priority, ...]:
    """The priorities as they are kept, in their order; those left quite empty are none.

    Raises Missing without any, for more than three, or for one that is not whole; WrongDay for a day that is past or more than
    two years ahead; NoWords for one too long.
    """
    chosen = [each for each in given if not each.empty]
    if not 1 <= len(chosen) <= PRIORITIES_AT_MOST:
        raise Missing(f"The school agrees one to three priorities. {NOTHING}")
    return tuple(_checked(each, number, on) for number, each in enumerate(chosen, 1))


def _checked(each: Priority, number: int, on: date) -> Priority:
    title = words_of(each.title, f"what priority {number} is", TITLE_AT_MOST, needed=True)
    owner = words_of(each.owner, f"who sees to priority {number}, by role", OWNER_AT_MOST, needed=True)
    measure = words_of(each.measure, f"how you will know of priority {number}", MEASURE_AT_MOST, needed=True)
    baseline = words_of(each.baseline, f"where priority {number} stands now", MEASURE_AT_MOST, needed=True)
    if each.by_on is None:
        raise Missing(f"Say by when priority {number} is done. {NOTHING}")
    if not on < each.by_on <= on + LONGEST:
        raise WrongDay(f"Priority {number} is done by a day after today and within two years. {NOTHING}")
    return Priority(title, each.theme if each.theme in THEMES else "", owner, each.by_on, measure, baseline)


def check_results(numbers: Sequence[int], given: Mapping[int, tuple[str, str]]) -> dict[int, tuple[ActionResult, str]]:
    """What had come of each priority: its number to the result and words on it. Raises Missing where one is not said of."""
    found = {}
    for number in numbers:
        result, words = given.get(number, ("", ""))
        if result not in {each.value for each in ActionResult}:
            raise Missing(f"Say what came of priority {number}. {NOTHING}")
        found[number] = (ActionResult(result), words_of(words, f"the words on priority {number}", WORDS_AT_MOST))
    return found
