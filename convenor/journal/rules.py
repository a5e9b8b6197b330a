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
    "figure.entered": "Fact or figure entered",
    "figure.renewed": "Fact or figure said to be still so",
    "figure.withdrawn": "Fact or figure taken back",
    "figure.answered": "School answered what was entered",
    "signal.noted": "Soft signal noted",
    "signal.renewed": "Soft signal said to be still so",
    "signal.withdrawn": "Soft signal taken back",
    "signal.answered": "School answered a soft signal",
    "category.judged": "Category judged",
    "categories.switched-on": "Categories switched on",
    "categories.switched-off": "Categories switched off",
    "moderation.drawn": "Schools drawn to be moderated",
    "conversation.referred": "Conversation asked for by the school",
    "conversation.taken-up": "Conversation taken up by a broker",
    "conversation.shared": "Lines shared with the school",
    "conversation.replied": "Conversation replied to",
    "conversation.said": "School’s word added",
    "conversation.answered": "School’s word answered",
    "conversation.triaged": "What comes next agreed",
    "conversation.reviewed": "Conversation reviewed",
    "conversation.closed": "Conversation ended",
    "conversation.withdrawn": "Conversation taken back by the school",
    "conversation.handed-over": "Conversation handed over",
    "conversation.stepped-aside": "Broker stepped aside",
    "conversation.cluster-invited": "Cluster lead let in by the school",
    "conversation.cluster-asked-out": "Cluster lead asked out by the school",
}

#: How the verbs begin whose rows are for the school alone: by them the readers of the partnership's journal would learn of it.
CONFIDENTIAL: tuple[str, ...] = ("conversation.", "figure.", "signal.", "category.")


def said(verb: str) -> str:
    """A verb in words; one that is not listed is spelt out: "edition.loaded" is "Edition loaded"."""
    return WORDS.get(verb) or verb.replace(".", " ").replace("-", " ").capitalize()
