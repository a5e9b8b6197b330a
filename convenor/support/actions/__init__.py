"""The actions of support, by part."""

from convenor.support.actions.answers import answer_year
from convenor.support.actions.directory import (
    add_supporter,
    change_entry,
    declare_interest,
    follow_supporter,
    give_designations,
    leave_directory,
    name_designation,
    offer_support,
    record_assurance,
    take_back_interest,
    withdraw_assurance,
)
from convenor.support.actions.taking_in import take_in

__all__ = [
    "add_supporter",
    "answer_year",
    "change_entry",
    "declare_interest",
    "follow_supporter",
    "give_designations",
    "leave_directory",
    "name_designation",
    "offer_support",
    "record_assurance",
    "take_back_interest",
    "take_in",
    "withdraw_assurance",
]
