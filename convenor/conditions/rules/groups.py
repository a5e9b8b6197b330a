"""The groups of a room: what people may say of themselves when they join, without a name.

Each may be left out. The words are those that a head would use of the people at the table; the keys are kept, the words may change. What
is told of a group, and from how many entries, is for `rules.telling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: What somebody does.
ROLES_IN_ROOM: Final[Mapping[str, str]] = {
    "head": "Head of a school",
    "school-leader": "Senior leader in a school",
    "governor": "Governor or trustee",
    "trust": "Trust leader",
    "officer": "Local authority officer",
    "system-leader": "System leader or teaching school hub",
    "diocese": "Diocese",
    "regional": "DfE regional director’s team",
    "partner": "Another partner",
}
#: The phase of their school.
PHASES_IN_ROOM: Final[Mapping[str, str]] = {
    "nursery": "Nursery",
    "primary": "Primary",
    "secondary": "Secondary",
    "all-through": "All-through",
    "special": "Special",
    "alternative": "Alternative provision",
    "post-16": "Post-16",
}
#: The level of partnership in which they mostly work.
TIERS_IN_ROOM: Final[Mapping[str, str]] = {
    "cluster": "School-level cluster",
    "alliance": "Local area or district alliance",
    "board": "Strategic partnership",
}
#: The type of their school.
TYPES_IN_ROOM: Final[Mapping[str, str]] = {
    "maintained": "Maintained by the local authority",
    "single-academy": "Academy on its own",
    "trust-academy": "Academy in a trust of several",
    "independent": "Independent",
    "college": "College",
}
#: The question of each group, as the field of a participant that holds it.
QUESTIONS: Final[Mapping[str, str]] = {
    "role": "What do you do?",
    "phase": "Your school’s phase",
    "tier": "Where in the partnership do you mostly work?",
    "type": "Your school’s type",
}
#: The answers to each question.
ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "role": ROLES_IN_ROOM,
    "phase": PHASES_IN_ROOM,
    "tier": TIERS_IN_ROOM,
    "type": TYPES_IN_ROOM,
}


def group_words(question: str, key: str) -> str:
    """An answer in words; "not told" where it was left out, the key itself where it was answered in a year with other answers."""
    return ANSWERS[question].get(key, key) if key else "not told"


def known(question: str, key: str) -> bool:
    """Whether somebody may answer so. Leaving a question out is always an answer."""
    return not key or key in ANSWERS[question]
