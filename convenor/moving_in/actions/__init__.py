"""The actions of moving in: bringing files, answering, saving all or nothing, undoing whole, and what becomes of what was set apart."""

from convenor.moving_in.actions.bringing import add_file, add_pasted, answer, begin, drop, drop_file, say_sheet
from convenor.moving_in.actions.legacy import answer_legacy, decide_legacy, forget_due
from convenor.moving_in.actions.saving import save, undo

__all__ = [
    "add_file", "add_pasted", "answer", "answer_legacy", "begin", "decide_legacy", "drop", "drop_file", "forget_due", "save", "say_sheet",
    "undo",
]  # fmt: skip
