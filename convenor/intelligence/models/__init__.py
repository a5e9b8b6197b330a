"""The tables of earlier identification, by part."""

from convenor.intelligence.models.backtests import BacktestResult, BacktestStands
from convenor.intelligence.models.categories import CategoryJudgement, ModerationDraw, SchemeInUse
from convenor.intelligence.models.conversations import ConversationStep, EarlyConversation, Reply
from convenor.intelligence.models.entered import EnteredFigure, Response, SoftSignal
from convenor.intelligence.models.runs import Run, RunSchool, RunStands
from convenor.intelligence.models.similar import FrozenSet, PhaseBound, SimilarBasis, SimilarSet

__all__ = [
    "BacktestResult",
    "BacktestStands",
    "CategoryJudgement",
    "ConversationStep",
    "EarlyConversation",
    "EnteredFigure",
    "FrozenSet",
    "ModerationDraw",
    "PhaseBound",
    "Reply",
    "Response",
    "Run",
    "RunSchool",
    "RunStands",
    "SchemeInUse",
    "SimilarBasis",
    "SimilarSet",
    "SoftSignal",
]
