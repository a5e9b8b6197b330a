"""The facts that a workflow may name: what has come about in a package, whoever wrote it down and wherever it stands.

A move rests on facts as its gates; a task that is done on another page is complete when its fact holds. The names are the only thing of a
workflow that code knows, because each asks a table. Source: the requirements H4 of the field notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class Gate(StrEnum):
    """One fact about a package. A workflow's file names it by its value."""

    SUPPORTER_CHOSEN = "supporter-chosen"
    ASSURANCE_IN_DATE = "assurance-in-date"
    RECEIVING_HEAD_AGREED = "receiving-head-agreed"
    BOTH_HEADS_AGREED = "both-heads-agreed"
    COSTS_AGREED = "costs-agreed"
    OBJECTIVES_SET = "objectives-set"
    BASELINE_SET = "baseline-set"
    FIRST_CONTACT = "first-contact"
    VISIT_DELIVERED = "visit-delivered"
    NOTES_WRITTEN = "notes-written"
    NOTES_MARKED = "notes-marked"
    REVIEWED = "reviewed"
    FINAL_REVIEW = "final-review"
    EVALUATED = "evaluated"
    LOOKED_AGAIN = "looked-again"
    EFFECT_FROZEN = "effect-frozen"


#: What is missing while a fact does not hold: a sentence that says who does it.
MISSING: Final[dict[str, str]] = {
    Gate.SUPPORTER_CHOSEN: "No supporter is chosen yet. The broker chooses one.",
    Gate.ASSURANCE_IN_DATE: "The supporter’s assurance is not in date. It is renewed in the directory, or the broker chooses again.",
    Gate.RECEIVING_HEAD_AGREED: "The head of the school that is helped has not yet agreed to the plan as it stands.",
    Gate.BOTH_HEADS_AGREED: "Both heads have not yet agreed to the plan as it stands. Each does so on the page of the plan.",
    Gate.COSTS_AGREED: "What it costs and who pays is not settled. The broker enters it.",
    Gate.OBJECTIVES_SET: "There is no objective yet. The two schools set one to five.",
    Gate.BASELINE_SET: "An objective has no baseline. Say where it begins before saying where it should end.",
    Gate.FIRST_CONTACT: "The supporter has not yet been in touch with the school, or has not said so.",
    Gate.VISIT_DELIVERED: "No visit has been delivered yet.",
    Gate.NOTES_WRITTEN: "A visit has no note yet. The supporter writes it.",
    Gate.NOTES_MARKED: "A note of visit waits for the head’s word on whether it is accurate.",
    Gate.REVIEWED: "No progress review has been held yet.",
    Gate.FINAL_REVIEW: "The final progress review, which decides to finish, has not been held.",
    Gate.EVALUATED: "The receiving head has not yet said how far it came.",
    Gate.LOOKED_AGAIN: "Nobody has looked again since it ended. The receiving head says what lasted.",
    Gate.EFFECT_FROZEN: "What the review of effect compares is not fixed yet. It is fixed before support begins.",
}

#: Facts that can change with the day alone; they are asked when somebody moves, and complete no task.
OF_THE_DAY: Final = frozenset({Gate.ASSURANCE_IN_DATE})


class Day(StrEnum):
    """A day of a package from which a time limit may be counted."""

    OPENED = "opened"
    CHOSEN = "chosen"
    STARTED = "started"
    ENDED = "ended"
    REVIEWED = "reviewed"
    VISIT_WITHOUT_NOTE = "visit-without-note"
    NOTE_WITHOUT_MARK = "note-without-mark"
    WANTED_BY = "wanted-by"


@dataclass(frozen=True, slots=True)
class Facts:
    """What has come about in a package. `days` holds the days that are known: `reviewed` is the last progress review or, before one, the
    start; `visit-without-note` the oldest visit delivered of which there is no note."""

    holding: frozenset[str] = frozenset()
    days: Mapping[str, date] = field(default_factory=dict)

    def holds(self, gate: str) -> bool:
        """Whether the fact has come about."""
        return gate in self.holding
