"""Writes of the partnership: each asks whether they may, asks the rule, writes, records and posts.

Every one takes `by` (a Viewer, or the name of an operator at the command line) and `at` (the moment), and names the
partnership by its slug. Each raises NotAllowed when they may not, and a named refusal (`rules.refusals`) when the
partnership's own rules do not allow it; either way nothing is changed.
"""

from convenor.partnership.actions.asking import ask_colleague
from convenor.partnership.actions.calls import decide_call, nominate, open_call, withdraw_call
from convenor.partnership.actions.constitution import add_area, load_constitution, remove_area, switch_room
from convenor.partnership.actions.engagement import record_engagement
from convenor.partnership.actions.membership import join, leave, place_in_body, take_out_of_body
from convenor.partnership.actions.posts import give_post, leave_post, take_post
from convenor.partnership.actions.seats import appoint, end_appointment, name_successor, write_hand_over
from convenor.partnership.actions.terms import set_terms

__all__ = [
    "add_area", "appoint", "ask_colleague", "decide_call", "end_appointment", "give_post", "join", "leave", "leave_post",
    "load_constitution", "name_successor", "nominate", "open_call", "place_in_body", "record_engagement", "remove_area", "set_terms",
    "switch_room", "take_out_of_body", "take_post", "withdraw_call", "write_hand_over",
]  # fmt: skip
