"""The tables of conditions, by part."""

from convenor.conditions.models.assessments import DiagnosisReading, SelfAssessment, SelfAssessmentAnswer
from convenor.conditions.models.foresight import Likelihood, Prediction
from convenor.conditions.models.workshops import CanvasNote, CardPick, DiamondNine, Participant, Workshop, WorkshopPriority

__all__ = [
    "CanvasNote",
    "CardPick",
    "DiagnosisReading",
    "DiamondNine",
    "Likelihood",
    "Participant",
    "Prediction",
    "SelfAssessment",
    "SelfAssessmentAnswer",
    "Workshop",
    "WorkshopPriority",
]
