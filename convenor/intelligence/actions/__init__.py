"""What is done about early identification; each action says who and when."""

from convenor.intelligence.actions.conversation_words import answer, reply, review, triage
from convenor.intelligence.actions.conversations import (
    hand_over,
    let_cluster_lead_see,
    refer_self,
    share,
    step_aside,
    take_up,
    withdraw,
)

__all__ = [
    "answer",
    "hand_over",
    "let_cluster_lead_see",
    "refer_self",
    "reply",
    "review",
    "share",
    "step_aside",
    "take_up",
    "triage",
    "withdraw",
]
