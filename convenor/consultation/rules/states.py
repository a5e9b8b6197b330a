"""The words of consultation: where one stands, how a question is put, how an answer came, what a vote's silence means."""

from __future__ import annotations

from enum import StrEnum


class ConsultationState(StrEnum):
    """Where a consultation stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"


class QuestionKind(StrEnum):
    """How a question is put."""

    CLOSED = "closed"
    RANKED = "ranked"
    OPEN = "open"
    PRINCIPLES = "principles"


class Stance(StrEnum):
    """What is said of one principle."""

    AGREE = "agree"
    UNSURE = "unsure"
    DISAGREE = "disagree"


class ResponseKind(StrEnum):
    """For whom somebody answers."""

    SCHOOL = "school"
    VIEW = "view"


class ResponseState(StrEnum):
    """Where a response stands."""

    DRAFT = "draft"
    SENT = "sent"


class Came(StrEnum):
    """How a response came in."""

    WEB = "web"
    PAPER = "paper"


class Heard(StrEnum):
    """What was done about a theme."""

    DOING = "doing"
    PARTLY = "partly"
    NOT_DOING = "not-doing"
    LATER = "later"


class Silence(StrEnum):
    """What a vote that is not returned means, declared before the vote opens."""

    NOT_COUNTED = "not-counted"
    ABSTAINS = "abstains"
    CONSENTS = "consents"


class VoteState(StrEnum):
    """Where a forum vote stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Constituency(StrEnum):
    """Who votes."""

    SCHOOLS = "schools"
    SEATS = "seats"


class StepState(StrEnum):
    """Where one step of the set-up journey stands."""

    TO_DO = "to-do"
    DOING = "doing"
    DONE = "done"
    LEFT_OUT = "left-out"
