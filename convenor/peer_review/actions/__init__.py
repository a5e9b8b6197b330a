"""Writes of peer review."""

from convenor.peer_review.actions.answers import (
    answer_round,
    answer_with_colleagues,
    offer_reviews,
    withdraw_host,
    withdraw_offer,
)
from convenor.peer_review.actions.calendar import end_calendar_key, make_calendar_key
from convenor.peer_review.actions.dates import move_visit, propose_dates, set_visit, take_dates
from convenor.peer_review.actions.register import (
    add_new_reviewer,
    add_reviewer,
    change_reviewer,
    declare_interest,
    declare_objection,
    end_reviewer,
    join_register,
    keep_own_profile,
    record_training,
    take_back_interest,
    withdraw_objection,
)
from convenor.peer_review.actions.rounds import (
    close_answers,
    end_round,
    keep_round,
    open_round,
    remind,
    reopen_answers,
    withdraw_round,
)
from convenor.peer_review.actions.steps import postpone

__all__ = [
    "add_new_reviewer",
    "add_reviewer",
    "answer_round",
    "answer_with_colleagues",
    "change_reviewer",
    "close_answers",
    "declare_interest",
    "declare_objection",
    "end_calendar_key",
    "end_reviewer",
    "end_round",
    "join_register",
    "keep_own_profile",
    "keep_round",
    "make_calendar_key",
    "move_visit",
    "offer_reviews",
    "open_round",
    "postpone",
    "propose_dates",
    "record_training",
    "remind",
    "reopen_answers",
    "set_visit",
    "take_back_interest",
    "take_dates",
    "withdraw_host",
    "withdraw_objection",
    "withdraw_offer",
    "withdraw_round",
]
