"""Writes of peer review."""

from convenor.peer_review.actions.calendar import end_calendar_key, make_calendar_key
from convenor.peer_review.actions.dates import move_visit, propose_dates, set_visit, take_dates

__all__ = [
    "end_calendar_key",
    "make_calendar_key",
    "move_visit",
    "propose_dates",
    "set_visit",
    "take_dates",
]
