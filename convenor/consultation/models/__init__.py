"""The tables of consultation, by part."""

from convenor.consultation.models.consultations import Consultation, Invitation, Proposition, Question
from convenor.consultation.models.hearing import ConsultationReport, ResultsRun
from convenor.consultation.models.responses import Coding, Response, Theme
from convenor.consultation.models.set_up import SetUpPlan, SetUpStep
from convenor.consultation.models.votes import Ballot, ForumVote

__all__ = [
    "Ballot",
    "Coding",
    "Consultation",
    "ConsultationReport",
    "ForumVote",
    "Invitation",
    "Proposition",
    "Question",
    "Response",
    "ResultsRun",
    "SetUpPlan",
    "SetUpStep",
    "Theme",
]
