"""The words a constitution may use: kinds of partnership, kinds of body, parts played, ways a seat is filled.

The three kinds of partnership (with the company in its two legal forms) follow Isos Partnership, "Local school improvement
systems", 7 June 2019. A partnership that needs a further kind of body or a further role declares it in its own file.
"""

from __future__ import annotations

from enum import StrEnum


class PartnershipKind(StrEnum):
    """What the partnership is in law and in scope."""

    COLLABORATIVE_PARTNERSHIP = "collaborative-partnership"
    SCHOOL_IMPROVEMENT_PARTNERSHIP = "school-improvement-partnership"
    COMPANY_LIMITED_BY_GUARANTEE = "company-limited-by-guarantee"
    CHARITABLE_COMPANY = "charitable-company"


class Status(StrEnum):
    """Whether the constitution is lived by or only put forward."""

    IN_USE = "in-use"
    PROPOSED = "proposed"
    ENDED = "ended"


class Hue(StrEnum):
    """The colour a tier keeps everywhere: one of the three tiers of the field."""

    CLUSTER = "cluster"
    ALLIANCE = "alliance"
    BOARD = "board"


class Part(StrEnum):
    """The part a seat's holder plays on the body."""

    CHAIR = "chair"
    CO_CHAIR = "co-chair"
    DEPUTY = "deputy"
    LEAD = "lead"
    MEMBER = "member"
    ADVISER = "adviser"
    OBSERVER = "observer"
    CLERK = "clerk"


class How(StrEnum):
    """How a seat is filled."""

    ELECTION = "election"
    NOMINATION = "nomination"
    SELF_NOMINATION = "self-nomination"
    APPOINTMENT = "appointment"
    EX_OFFICIO = "ex-officio"
    CO_OPTION = "co-option"
    INVITATION = "invitation"


class Chairing(StrEnum):
    """Whether a body whose seats are described must have a chair, co-chairs or a lead among them."""

    REQUIRED = "required"
    NONE = "none"
    NOT_FOUND = "not-found"


class Per(StrEnum):
    """What a cap on seats counts by."""

    SCHOOL = "school"
    TRUST = "trust"
    FEDERATION = "federation"


class Severity(StrEnum):
    """An error makes the constitution wrong; a warning is something to see to."""

    ERROR = "error"
    WARNING = "warning"


BODY_KINDS: dict[str, str] = {
    "board": "Board",
    "shadow-board": "Shadow board",
    "steering-group": "Steering group",
    "sub-group": "Sub-group",
    "committee": "Committee",
    "panel": "Panel",
    "forum": "Forum",
    "members-meeting": "Members' meeting",
    "alliance": "Alliance",
    "consortium": "Consortium",
    "area-group": "Area group",
    "cluster": "Cluster",
    "network": "Network",
    "hub": "Hub",
    "task-and-finish-group": "Task-and-finish group",
}

ROLES: dict[str, str] = {
    "headteacher": "Headteacher",
    "senior-leader": "Senior leader in a school",
    "teacher": "Teacher or other member of staff",
    "trust-leader": "Trust leader",
    "governor": "Governor or trustee",
    "chair-of-governors": "Chair of a governing board or of trustees",
    "officer": "Local authority officer",
    "councillor": "Elected member of the local authority",
    "diocese": "Diocese",
    "dfe-region": "DfE regional director's office",
    "teaching-school-hub": "Teaching school hub",
    "university": "University",
    "college": "College",
    "early-years": "Early years provider",
    "heads-association": "Headteachers' association",
    "parent": "Parent or carer",
    "business": "Business",
    "community": "Community or voluntary sector",
    "partnership-staff": "Partnership director, manager or officer",
    "independent": "Independent person",
}

ROLES_WITHIN: dict[str, frozenset[str]] = {
    "senior-leader": frozenset({"headteacher"}),
    "governor": frozenset({"chair-of-governors"}),
}

PHASES: dict[str, str] = {
    "nursery": "Nursery",
    "primary": "Primary",
    "secondary": "Secondary",
    "all-through": "All-through",
    "special": "Special",
    "alternative": "Alternative provision",
    "post-16": "Post-16",
}

SCHOOL_TYPES: dict[str, str] = {
    "maintained": "Maintained",
    "community": "Community",
    "voluntary-aided": "Voluntary aided",
    "voluntary-controlled": "Voluntary controlled",
    "foundation": "Foundation",
    "pupil-referral-unit": "Pupil referral unit",
    "maintained-nursery": "Maintained nursery",
    "academy": "Academy",
    "academy-converter": "Academy converter",
    "academy-sponsor-led": "Academy sponsor led",
    "free-school": "Free school",
    "university-technical-college": "University technical college",
    "studio-school": "Studio school",
    "city-technology-college": "City technology college",
    "further-education": "Further education",
}

TYPES_WITHIN: dict[str, frozenset[str]] = {
    "maintained": frozenset(
        {"community", "voluntary-aided", "voluntary-controlled", "foundation", "pupil-referral-unit", "maintained-nursery"}
    ),
    "academy": frozenset(
        {
            "academy-converter",
            "academy-sponsor-led",
            "free-school",
            "university-technical-college",
            "studio-school",
            "city-technology-college",
        }
    ),
}

CHAIRING_PARTS = frozenset({Part.CHAIR, Part.CO_CHAIR, Part.LEAD})
"""Parts that lead a body."""

COUNTED_PARTS = frozenset({Part.CHAIR, Part.CO_CHAIR, Part.DEPUTY, Part.LEAD, Part.MEMBER})
"""Parts that make a person a member of the body; advisers, observers and clerks attend."""

BODIES_THAT_MUST_REPORT = frozenset({"sub-group", "task-and-finish-group"})
"""Kinds of body that exist only for another body, whatever their tier."""


def phase_within(phase: str, allowed: tuple[str, ...]) -> bool:
    """Whether a school of this phase may stand for any of the allowed phases; an all-through school is primary and secondary."""
    return phase in allowed or (phase == "all-through" and ("primary" in allowed or "secondary" in allowed))


def type_within(school_type: str, allowed: tuple[str, ...]) -> bool:
    """Whether this type of school is one of those allowed, or falls under one of them (a free school is an academy)."""
    return any(school_type == each or school_type in TYPES_WITHIN.get(each, frozenset()) for each in allowed)


def role_within(role: str, allowed: tuple[str, ...]) -> bool:
    """Whether a person in this role may fill a seat open to the allowed roles (a headteacher is a senior leader)."""
    return any(role == each or role in ROLES_WITHIN.get(each, frozenset()) for each in allowed)
