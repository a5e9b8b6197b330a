"""The tables of earlier identification, by part."""

from convenor.intelligence.models.conversations import ConversationStep, EarlyConversation, Reply

__all__ = [
    "ConversationStep",
    "EarlyConversation",
    "Reply",
]
