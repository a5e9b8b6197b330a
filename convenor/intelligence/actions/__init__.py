"""What is done about early identification; each action says who and when."""

from convenor.intelligence.actions.backtesting import record_backtest
from convenor.intelligence.actions.categories import draw_moderation, judge_category, switch_categories_off, switch_categories_on
from convenor.intelligence.actions.conversation_words import answer, reply, review, triage
from convenor.intelligence.actions.conversations import (
    hand_over,
    let_cluster_lead_see,
    refer_self,
    share,
    step_aside,
    take_up,
    withdraw,
)
from convenor.intelligence.actions.entered import answer_figure, enter_figures, renew_figure, withdraw_figure
from convenor.intelligence.actions.running import compute_run, compute_similar, withdraw_runs
from convenor.intelligence.actions.similar import freeze_set
from convenor.intelligence.actions.soft_signals import answer_signal, note_signal, renew_signal, withdraw_signal

__all__ = [
    "answer",
    "answer_figure",
    "answer_signal",
    "compute_run",
    "compute_similar",
    "draw_moderation",
    "enter_figures",
    "freeze_set",
    "hand_over",
    "judge_category",
    "let_cluster_lead_see",
    "note_signal",
    "record_backtest",
    "refer_self",
    "renew_figure",
    "renew_signal",
    "reply",
    "review",
    "share",
    "step_aside",
    "switch_categories_off",
    "switch_categories_on",
    "take_up",
    "triage",
    "withdraw",
    "withdraw_figure",
    "withdraw_runs",
    "withdraw_signal",
]
