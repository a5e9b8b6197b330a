"""The actions of consultation, by part. `run_due` is what the worker calls at each of its looks."""

from convenor.consultation.actions.consultations import (
    add_question,
    change_consultation,
    change_proposition,
    close_consultation,
    drop_question,
    may_open,
    open_consultation,
    run_due,
    start_consultation,
    withdraw_consultation,
    write_sections,
)
from convenor.consultation.actions.invitations import remind
from convenor.consultation.actions.responses import enter_paper, save_draft, send_response, send_view

__all__ = [
    "add_question", "change_consultation", "change_proposition", "close_consultation", "drop_question", "enter_paper", "may_open",
    "open_consultation", "remind", "run_due", "save_draft", "send_response", "send_view", "start_consultation", "withdraw_consultation",
    "write_sections",
]  # fmt: skip
