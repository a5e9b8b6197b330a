"""A review told in words: what each step is called, and the way so far as a line of states with who and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from convenor.peer_review.rules.gates import INTO, STATE_SAYS, Facts, planned, said
from convenor.peer_review.rules.states import WAY, Part, State, Step

STEP_SAYS: Final[dict[Step, str]] = {
    Step.SCHEDULED: "The days of the visit were set",
    Step.FOCUS_AGREED: "The school asked its questions",
    Step.DATA_SHARED: "The school shared its self-review",
    Step.ON_SITE: "The visit began",
    Step.FED_BACK: "The team told the school what it found",
    Step.REPORT_DRAFT: "The draft report was shared with the school",
    Step.REPORT_FINAL: "The report became final",
    Step.WORKSHOP_DONE: "The improvement workshop was held",
    Step.ACTIONS_AGREED: "Priorities were agreed",
    Step.IMPACT_REVIEWED: "The impact visit was held",
    Step.CLOSED: "The review ended",
    Step.POSTPONED: "Postponed",
    Step.RESUMED: "Went on",
    Step.WITHDRAWN: "Taken back by the school",
    Step.MOVED: "The visit moved to other days",
    Step.TEAM_CHANGED: "The team changed",
    Step.CHECKED: "The school checked the draft",
    Step.MENDED: "A new draft answered the school’s corrections",
    Step.FOLLOWED: "The school became another, and the review went on with it",
}
#: The states as headings of the way, short enough for a phone.
WAYPOINT: Final[dict[State, str]] = {
    State.DRAFT: "Team made",
    State.SCHEDULED: "Days set",
    State.FOCUS_AGREED: "Questions asked",
    State.DATA_SHARED: "Self-review shared",
    State.ON_SITE: "Visit",
    State.FED_BACK: "Feedback before leaving",
    State.REPORT_DRAFT: "Draft report",
    State.REPORT_FINAL: "Final report",
    State.WORKSHOP_DONE: "Improvement workshop",
    State.ACTIONS_AGREED: "Priorities agreed",
    State.IMPACT_REVIEWED: "Impact visit",
    State.CLOSED: "Ended",
}
PART_SAYS: Final[dict[Part, str]] = {Part.LEAD: "lead reviewer", Part.REVIEWER: "reviewer", Part.CHAMPION: "improvement champion"}
#: Steps that lead along the way, and are told by it.
STEP_STATES: Final = frozenset(INTO.values())
_SMALL: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Waypoint:
    """One state of the way: when and by whom it was come to, or the day for which it is planned. `now` marks where the review stands.

    `late_says` is how late it was, in quiet words; "" where it was in time or no day was set.
    """

    state: State
    says: str
    on: date | None = None
    by: str = ""
    planned_on: date | None = None
    late_says: str = ""
    now: bool = False


def waypoints(facts: Facts, steps: Iterable[tuple[Step, datetime, str, bool]]) -> tuple[Waypoint, ...]:
    """The way of a review, from the days set to its end. `steps` are what was done, when, by whom and whether late, in order."""
    taken = {step: (at, by, late) for step, at, by, late in steps}
    stands = WAY.index(facts.stands) if facts.stands in WAY else 0
    found = []
    for number, state in enumerate(WAY[1:], 1):
        at, by, late = taken.get(INTO[state], (None, "", False)) if number <= stands else (None, "", False)
        due = planned(state, facts)
        on = at.date() if at is not None else None
        found.append(Waypoint(state, WAYPOINT[state], on, by, due, late_by(due, on) if late else "", number == stands))
    return tuple(found)


def late_by(due: date | None, on: date | None) -> str:
    """How much later than planned something was done, quietly: "two days after the planned day"; "" where it was not."""
    if due is None or on is None or on <= due:
        return ""
    return f"{_days(due, on)} after the planned day"


def days_said(from_on: date | None, until_on: date | None) -> str:
    """The days of a visit in words: "1 December 2026", "1 and 2 December 2026", "30 November to 2 December 2026"; "not set yet"."""
    if from_on is None or until_on is None:
        return "not set yet"
    last = until_on - timedelta(days=1)
    if last == from_on:
        return f"{last.day} {last:%B %Y}"
    begin = f"{from_on.day}" if (from_on.month, from_on.year) == (last.month, last.year) else f"{from_on.day} {from_on:%B}"
    joined = "and" if (last - from_on).days == 1 else "to"
    return f"{begin} {joined} {last.day} {last:%B %Y}"


def due_said(due: date | None, today: date, *, opens: date | None = None) -> str:
    """When the next step is planned, quietly: "By Tuesday 1 December.", "Planned for 1 December, two days ago."; "" for no day.

    `opens`: the first day on which it can be taken; where that is to come, "On" or "From" that day.
    """
    if opens is not None and opens > today:
        return f"{'On' if opens == due else 'From'} {_said(opens, today)}."
    if due is None:
        return ""
    if due == today:
        return "Today."
    if due > today:
        return f"By {_said(due, today)}."
    return f"Planned for {due.day} {due:%B}, {_days(due, today)} ago."


def _said(day: date, today: date) -> str:
    """A day in a sentence, with its year where that is another than today's."""
    return said(day) if day.year == today.year else f"{said(day)} {day.year}"


def _days(first: date, last: date) -> str:
    days = (last - first).days
    return f"{_SMALL[days] if days < len(_SMALL) else days} day{'s' if days != 1 else ''}"


def count_said(activities: int) -> str:
    """How many activities an agenda has: "nothing planned yet", "one activity", "7 activities"."""
    if activities == 0:
        return "nothing planned yet"
    return "one activity" if activities == 1 else f"{activities} activities"


def stands_says(facts: Facts, own: bool) -> str:
    """Where a review stands, as a sentence; `own` for the host's own people."""
    words = STATE_SAYS[facts.state].replace("the school", "your school") if own else STATE_SAYS[facts.state]
    return f"{words[:1].upper()}{words[1:]}"
