"""The actions of support, by part."""

from convenor.support.actions.answers import answer_year
from convenor.support.actions.contact import end_other, enter_other, mark_contact, write_contact
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
from convenor.support.actions.earlier import record_earlier
from convenor.support.actions.effect import read_due
from convenor.support.actions.mentors import agree_mentoring, end_mentoring, offer_mentor
from convenor.support.actions.packages import open_package
from convenor.support.actions.reminders import send_reminders
from convenor.support.actions.rings import agree_ring, end_ring, leave_ring, propose_ring, reckon_rings, say_what_came
from convenor.support.actions.taking_in import take_in
from convenor.support.actions.the_call import end_call, had_the_call, publish_outcome, tell_more, write_outcome

__all__ = [
    "add_supporter",
    "agree_mentoring",
    "agree_ring",
    "answer_year",
    "change_entry",
    "declare_interest",
    "end_call",
    "end_mentoring",
    "end_other",
    "end_ring",
    "enter_other",
    "follow_supporter",
    "give_designations",
    "had_the_call",
    "leave_directory",
    "leave_ring",
    "mark_contact",
    "name_designation",
    "offer_mentor",
    "offer_support",
    "open_package",
    "propose_ring",
    "publish_outcome",
    "read_due",
    "reckon_rings",
    "record_assurance",
    "record_earlier",
    "say_what_came",
    "send_reminders",
    "take_back_interest",
    "take_in",
    "tell_more",
    "withdraw_assurance",
    "write_contact",
    "write_outcome",
]
