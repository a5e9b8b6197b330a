"""How packages are listed: by how long they run, and what each thing is called on a page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.support.rules.gates import Gate
from convenor.support.rules.states import Met, PackageStatus, PackageStep, TaskStatus, Who


class Age(StrEnum):
    """How long ago a package was opened."""

    MONTH = "month"
    TERM = "term"
    HALF_YEAR = "half-year"
    YEAR = "year"
    OLDER = "older"


#: The days between which each lies: at least, and fewer than.
AGES: Final[dict[Age, tuple[int, int]]] = {
    Age.MONTH: (0, 31),
    Age.TERM: (31, 92),
    Age.HALF_YEAR: (92, 183),
    Age.YEAR: (183, 366),
    Age.OLDER: (366, 36_600),
}
AGE_SAYS: Final[dict[Age, str]] = {
    Age.MONTH: "under a month",
    Age.TERM: "1 to 3 months",
    Age.HALF_YEAR: "3 to 6 months",
    Age.YEAR: "6 to 12 months",
    Age.OLDER: "over a year",
}
STATUS_SAYS: Final[dict[PackageStatus, str]] = {
    PackageStatus.WAITS: "Being prepared",
    PackageStatus.LATE: "Past a planned day",
    PackageStatus.ON_ITS_WAY: "On its way",
    PackageStatus.PAUSED: "Paused",
    PackageStatus.STOPPED: "Stopped",
    PackageStatus.ENDED: "Ended",
}
TASK_SAYS: Final[dict[TaskStatus, str]] = {
    TaskStatus.CANNOT_START: "Not yet",
    TaskStatus.NOT_STARTED: "To do",
    TaskStatus.IN_PROGRESS: "Begun",
    TaskStatus.COMPLETE: "Done",
    TaskStatus.NOT_REQUIRED: "Not needed",
}
MET_SAYS: Final[dict[Met, str]] = {
    Met.MET: "what was agreed came about",
    Met.PARTLY: "what was agreed came about in part",
    Met.NOT_MET: "what was agreed did not come about",
    Met.STOPPED: "it was stopped",
}
STEP_SAYS: Final[dict[PackageStep, str]] = {
    PackageStep.OPENED: "Opened",
    PackageStep.MOVED: "Went on",
    PackageStep.TASK: "A task was written into",
    PackageStep.CHOSEN: "A supporter was chosen",
    PackageStep.AGREED: "A head agreed, or took that back",
    PackageStep.PLAN_CHANGED: "The plan was changed",
    PackageStep.PAUSED: "Paused",
    PackageStep.RESUMED: "Went on after a pause",
    PackageStep.STEPPED_UP: "Stepped up",
    PackageStep.STEPPED_DOWN: "Stepped down",
    PackageStep.STOPPED: "Stopped",
    PackageStep.VISITED: "A visit was planned, moved, held or cancelled",
    PackageStep.NOTED: "A note of visit was written",
    PackageStep.MARKED: "The head marked a note",
    PackageStep.REVIEWED: "Progress was reviewed",
    PackageStep.EVALUATED: "It was evaluated",
    PackageStep.FOLLOWED: "Went on with the school that this one became",
    PackageStep.HANDED_OVER: "Handed over to another broker",
    PackageStep.CONCERN: "A concern about taking part was written down or resolved",
    PackageStep.FORMAL: "A formal step of an authority was recorded",
}
#: How each side is named on a page, and how it is to whoever stands on that side.
WHO_NAMED: Final[dict[Who, tuple[str, str]]] = {
    Who.RECEIVING: ("the school", "your school"),
    Who.SUPPLYING: ("the school that lends the supporter", "your school"),
    Who.SUPPORTER: ("the supporter", "you"),
    Who.BROKER: ("the broker", "you"),
    Who.COORDINATOR: ("the partnership’s manager", "you"),
    Who.SIGN_OFF: ("whoever signs off", "you"),
}
#: The page on which each fact comes about.
FACT_PAGES: Final[dict[str, str]] = {
    Gate.SUPPORTER_CHOSEN: "support-need",
    Gate.OBJECTIVES_SET: "support-plan",
    Gate.BASELINE_SET: "support-plan",
    Gate.RECEIVING_HEAD_AGREED: "support-plan",
    Gate.BOTH_HEADS_AGREED: "support-plan",
    Gate.COSTS_AGREED: "support-money",
    Gate.FIRST_CONTACT: "support-visits",
    Gate.VISIT_DELIVERED: "support-visits",
    Gate.NOTES_WRITTEN: "support-visits",
    Gate.NOTES_MARKED: "support-visits",
    Gate.REVIEWED: "support-progress",
    Gate.FINAL_REVIEW: "support-progress",
    Gate.EVALUATED: "support-evaluation",
    Gate.LOOKED_AGAIN: "support-evaluation",
    Gate.EFFECT_FROZEN: "support-effect",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list somebody asks for; empty: all. `state` is "workflow:state"; `broker` a person's key, or 0 for none."""

    status: PackageStatus | None = None
    state: str = ""
    age: Age | None = None
    broker: int | None = None
    page: int = 1


def opened_between(age: Age, on: date) -> tuple[date, date]:
    """The days of opening that an age means today: after the first, up to and with the second."""
    least, most = AGES[age]
    return on - timedelta(days=most), on - timedelta(days=least)


def named(who: Who, mine: frozenset[Who]) -> str:
    """How a side is named to somebody who takes some parts."""
    other, own = WHO_NAMED[who]
    return own if who in mine else other


def age_said(opened_on: date, on: date) -> str:
    """How old a package is, in the words of whoever counts in weeks and months."""
    days = (on - opened_on).days
    if days < 1:
        return "today"
    if days < 14:
        return "1 day" if days == 1 else f"{days} days"
    if days < 92:
        return f"{days // 7} weeks"
    months = days * 12 // 365
    return f"{months} months" if months < 24 else f"{months // 12} years"
