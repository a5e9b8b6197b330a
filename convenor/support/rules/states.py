"""The words of support: who offers, what is asked for, who takes part in a package and what can become of it.

Where a package can stand is not written here: its states, tasks and gates are data (`rules.workflows`). What is here is what every
workflow has in common. Source: the requirements H4 of the field notes.
"""

from __future__ import annotations

from enum import StrEnum


class SupporterKind(StrEnum):
    """What a supporter is."""

    PERSON = "person"
    SCHOOL = "school"
    TRUST = "trust"
    HUB = "hub"
    SERVICE = "service"


class AssuranceKind(StrEnum):
    """What kind of evidence of quality stands behind an offer."""

    DESIGNATION = "designation"
    LOCAL_PANEL = "local-panel"
    REFERENCE = "reference"
    OUTCOME = "outcome"
    TRAINING = "training"
    EXCELLENCE = "excellence"


class SupportFormat(StrEnum):
    """How support is given."""

    COACHING = "coaching"
    VISITS = "visits"
    MODELLING = "modelling"
    TRAINING = "training"
    REVIEW = "review"
    REMOTE = "remote"
    HOSTING = "hosting"
    MENTORING = "mentoring"


class ConflictKind(StrEnum):
    """Why a supporter and a school are kept apart."""

    WORKED_THERE = "worked-there"
    FAMILY = "family"
    GOVERNOR = "governor"
    MONEY = "money"
    OTHER = "other"


class NeedOrigin(StrEnum):
    """Where a need came from; a school that asks itself is the first of all ways."""

    SCHOOL = "school"
    CONVERSATION = "conversation"
    PEER_REVIEW = "peer-review"
    PRIORITY = "priority"


class NeedState(StrEnum):
    """Where a need stands."""

    OPEN = "open"
    CHOSEN = "chosen"
    ANSWERED = "answered"
    UNMET = "unmet"
    WITHDRAWN = "withdrawn"

    @property
    def waits(self) -> bool:
        """Whether somebody is still to be found."""
        return self in (NeedState.OPEN, NeedState.UNMET)


class Who(StrEnum):
    """Who takes part in a package, and so whose a task or a move is."""

    RECEIVING = "receiving"
    SUPPLYING = "supplying"
    SUPPORTER = "supporter"
    BROKER = "broker"
    COORDINATOR = "coordinator"
    SIGN_OFF = "sign-off"


class StateKind(StrEnum):
    """What a state of a workflow means to every list and total, whatever it is called."""

    WAITING = "waiting"
    WORKING = "working"
    AFTER = "after"
    ENDED = "ended"


class TaskStatus(StrEnum):
    """Where a task stands. Derived from what was entered; nobody sets it."""

    CANNOT_START = "cannot-start"
    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    COMPLETE = "complete"
    NOT_REQUIRED = "not-required"


class PackageStatus(StrEnum):
    """What a list says of a package. Derived; nobody sets it."""

    WAITS = "waits"
    LATE = "late"
    ON_ITS_WAY = "on-its-way"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


class PackageStep(StrEnum):
    """What somebody did with a package. Each is written down with who, when and why."""

    OPENED = "opened"
    MOVED = "moved"
    TASK = "task"
    CHOSEN = "chosen"
    AGREED = "agreed"
    PLAN_CHANGED = "plan-changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    STEPPED_UP = "stepped-up"
    STEPPED_DOWN = "stepped-down"
    STOPPED = "stopped"
    VISITED = "visited"
    NOTED = "noted"
    MARKED = "marked"
    REVIEWED = "reviewed"
    EVALUATED = "evaluated"
    FOLLOWED = "followed"
    HANDED_OVER = "handed-over"
    CONCERN = "concern"
    FORMAL = "formal"


class Met(StrEnum):
    """How far what was agreed had come about when a package ended."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not-met"
    STOPPED = "stopped"


class Progress(StrEnum):
    """How an objective goes, in the meanings that `PROGRESS_MEANS` states. Of an objective, never of a school."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    NOT_YET = "not-yet"


PROGRESS_MEANS = {
    Progress.RED: "Off track. It will not come about unless the plan itself changes.",
    Progress.AMBER: "Behind, and can be brought back by something that is named here and done soon.",
    Progress.GREEN: "On track.",
    Progress.NOT_YET: "Too early to say.",
}
"""What each means, said beside it wherever it stands (after the Department's own three, in our words)."""


class ReviewDecision(StrEnum):
    """What a progress review decides."""

    CONTINUE = "continue"
    CHANGE = "change"
    EXIT = "exit"


class Payer(StrEnum):
    """Who pays."""

    FUND = "fund"
    RECEIVING = "receiving"
    SUPPLYING = "supplying"
    ELSEWHERE = "elsewhere"
    NOBODY = "nobody"


class Accuracy(StrEnum):
    """What the head says of a note about their school."""

    ACCURATE = "accurate"
    NOT_ACCURATE = "not-accurate"


class ContactKind(StrEnum):
    """How a contact with a school came about."""

    ANNUAL = "annual"
    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    MESSAGE = "message"


class OtherKind(StrEnum):
    """Who else is in there."""

    RISE = "rise"
    HUB = "hub"
    TRUST = "trust"
    DIOCESE = "diocese"
    AUTHORITY = "authority"
    OTHER = "other"


class Verdict(StrEnum):
    """All that a review of effect ever says. Never that the support caused anything."""

    TOO_EARLY = "too early"
    NOT_MEASURABLE = "not measurable"
    WITHIN_CHANCE = "within chance"
    BETTER = "better than expected"
    WORSE = "worse than expected"
