"""Words that the tables, plans and pages of moving in share."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

#: Working days for which a school alone sees what was set apart of it; without its word it is then deleted.
SHOWN_WORKING_DAYS: Final = 10
#: Days after which the cells of a move-in that was saved or undone are deleted.
CELLS_KEPT_DAYS: Final = 30


class State(StrEnum):
    """Where a move-in stands. One that was undone may be saved again as long as its cells are kept."""

    OPEN = "open"
    SAVED = "saved"
    UNDONE = "undone"
    DROPPED = "dropped"


class Verb(StrEnum):
    """What a line does to what stands."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    LEFT = "left"


class Legacy(StrEnum):
    """What is done with a rating or a note of concern of an old file."""

    SHOW = "show"
    DELETE = "delete"


class OfSchool(StrEnum):
    """What a school does with what was set apart of it."""

    REPLY = "reply"
    KEEP = "keep"
    DELETE = "delete"
