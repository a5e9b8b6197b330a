"""The journal's verbs, in words."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "partnership.begun": "Partnership begun",
    "constitution.changed": "Constitution changed",
    "area.added": "Area added",
    "area.removed": "Area removed",
    "room.opened": "Room switched on",
    "room.closed": "Room switched off",
    "seat.filled": "Seat filled",
    "seat.left": "Seat left",
    "successor.named": "Successor named",
    "successor.unnamed": "Successor no longer named",
    "hand-over.written": "Hand-over note written",
    "call.opened": "Call opened",
    "call.nominated": "Name put forward",
    "call.decided": "Call decided",
    "call.withdrawn": "Call withdrawn",
    "post.taken": "Post taken",
    "post.left": "Post left",
    "school.joined": "School joined",
    "school.left": "School left",
    "school.placed": "School placed in a body",
    "school.moved-out": "School left a body",
    "school.attended": "School attended",
    "school.reviewed": "School reviewed",
    "school.answered": "School answered",
    "school.offered": "School offered",
    "task.given": "Colleague asked",
    "priority.set": "Priority set",
    "priority.closed": "Priority closed",
    "task-group.charged": "Task-and-finish group charged",
    "task-group.finished": "Task-and-finish group finished",
    "decision.recorded": "Decision recorded",
    "fund.recorded": "Fund recorded",
    "money.committed": "Money committed",
    "money.released": "Money released",
}


def said(verb: str) -> str:
    """A verb in words; one that is not listed is spelt out: "edition.loaded" is "Edition loaded"."""
    return WORDS.get(verb) or verb.replace(".", " ").replace("-", " ").capitalize()
