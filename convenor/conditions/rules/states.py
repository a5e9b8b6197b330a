"""The words of workshops, self-assessments and predictions.

What a workshop's agenda is made of is data (`rules.agendas`); what is here is what every agenda has in common.
"""

from __future__ import annotations

from enum import StrEnum


class WorkshopState(StrEnum):
    """Where a workshop stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What a room does in one step of an agenda."""

    TALK = "talk"
    PICK = "pick"
    DIAMOND = "diamond"
    CANVAS = "canvas"
    FORESIGHT = "foresight"
    CLOSE = "close"


class Way(StrEnum):
    """Who makes one entry."""

    ALONE = "alone"
    PAIR = "pair"
    TABLE = "table"


class Came(StrEnum):
    """How an entry came in."""

    PHONE = "phone"
    PAPER = "paper"


class Outcome(StrEnum):
    """What became of a prediction."""

    CAME_TRUE = "came-true"
    DID_NOT = "did-not"
    CANNOT_TELL = "cannot-tell"


class AssessmentState(StrEnum):
    """Where a self-assessment stands."""

    OPEN = "open"
    CLOSED = "closed"


class Reading(StrEnum):
    """The two sides that read the system, kept side by side."""

    HEADS = "heads"
    OFFICERS = "officers"
