"""The actions of conditions, by part."""

from convenor.conditions.actions.foresight import add_prediction, give_likelihood, remind_of_due, settle, tell_now

__all__ = ["add_prediction", "give_likelihood", "remind_of_due", "settle", "tell_now"]
