"""The actions of conditions, by part."""

from convenor.conditions.actions.assessments import answer, close_assessment, close_ended, open_assessment, remind_of_assessments
from convenor.conditions.actions.diagnosis import send_reading
from convenor.conditions.actions.entries import take_from_phone
from convenor.conditions.actions.foresight import add_prediction, give_likelihood, remind_of_due, settle, tell_now
from convenor.conditions.actions.priorities import bottom_three_to_priorities, hide_comment

__all__ = [
    "add_prediction",
    "answer",
    "bottom_three_to_priorities",
    "close_assessment",
    "close_ended",
    "give_likelihood",
    "hide_comment",
    "open_assessment",
    "remind_of_assessments",
    "remind_of_due",
    "send_reading",
    "settle",
    "take_from_phone",
    "tell_now",
]
