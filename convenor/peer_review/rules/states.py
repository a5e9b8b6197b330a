"""The words of a peer review: where a round and a review can stand, what can be done, and who takes part in which way.

States and gates of a review follow the requirements H2 of the field notes; timings marked there as proposed are data of the
model of review (`rules.ways`), not of this file.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class RoundState(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    OPEN = "open"
    MATCHING = "matching"
    PUBLISHED = "published"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Reach(StrEnum):
    """How far the people of a team may come from."""

    CLUSTER = "cluster"
    ALLIANCE = "alliance"
    AREA = "area"


class State(StrEnum):
    """Where one school's review stands, in their order; the last two are side exits."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    FOCUS_AGREED = "focus_agreed"
    DATA_SHARED = "data_shared"
    ON_SITE = "on_site"
    FED_BACK = "fed_back"
    REPORT_DRAFT = "report_draft"
    REPORT_FINAL = "report_final"
    WORKSHOP_DONE = "workshop_done"
    ACTIONS_AGREED = "actions_agreed"
    IMPACT_REVIEWED = "impact_reviewed"
    CLOSED = "closed"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self not in (State.CLOSED, State.WITHDRAWN)


#: The way that nothing skips.
WAY: Final = tuple(each for each in State if each not in (State.POSTPONED, State.WITHDRAWN))


class Step(StrEnum):
    """What somebody did with a review. Those that bear the name of a state lead into it."""

    SCHEDULED = "scheduled"
    FOCUS_AGREED = "focus_agreed"
    DATA_SHARED = "data_shared"
    ON_SITE = "on_site"
    FED_BACK = "fed_back"
    REPORT_DRAFT = "report_draft"
    REPORT_FINAL = "report_final"
    WORKSHOP_DONE = "workshop_done"
    ACTIONS_AGREED = "actions_agreed"
    IMPACT_REVIEWED = "impact_reviewed"
    CLOSED = "closed"
    POSTPONED = "postponed"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    TEAM_CHANGED = "team_changed"
    CHECKED = "checked"
    MENDED = "mended"
    FOLLOWED = "followed"


class ReviewKind(StrEnum):
    """What the host asks of the visit."""

    WHOLE_SCHOOL = "whole-school"
    ENQUIRY = "enquiry"
    PLAN = "plan-validation"
    THEMATIC = "thematic"


class Part(StrEnum):
    """In which part somebody belongs to a team. The improvement champion leads the workshop and was not the lead."""

    LEAD = "lead"
    REVIEWER = "reviewer"
    CHAMPION = "champion"


class Side(StrEnum):
    """Whose expectation it is."""

    HOST = "host"
    TEAM = "team"


class ReportStage(StrEnum):
    """Which writing of the report."""

    DRAFT = "draft"
    FINAL = "final"


class Outcome(StrEnum):
    """How a review ends."""

    DONE = "done"
    CONTINUE = "continue"
    BROKERAGE = "brokerage"


class ActionResult(StrEnum):
    """What had come of an agreed priority at the impact visit."""

    DONE = "done"
    PARTLY = "partly"
    NOT_YET = "not-yet"
    STOPPED = "stopped"


class TrainingKind(StrEnum):
    """Which training."""

    INITIAL = "initial"
    REFRESHER = "refresher"
    CHAMPION = "champion"


class Interest(StrEnum):
    """Why somebody should not review a school. Which one is asked only so that it can end by itself."""

    WORKED_THERE = "worked-there"
    FAMILY = "family"
    GOVERNOR = "governor"
    PAID_SUPPORT = "paid-support"
    OTHER = "other"


class MatchingKind(StrEnum):
    """How a proposal of teams came about."""

    SOLVED = "solved"
    REPLANNED = "replanned"
    BY_HAND = "by-hand"
