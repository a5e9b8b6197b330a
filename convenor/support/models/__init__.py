"""The tables of support, by part."""

from convenor.support.models.beside import ContactMark, ContactNote, InspectionCall, Mentoring, OtherSupport, Ring, RingLink, RingPlan
from convenor.support.models.deployments import Evaluation, NoteMark, NoteOfVisit, Objective, PackageCost, ProgressReview, Visit
from convenor.support.models.directory import (
    Assurance,
    CapacityYear,
    LocalDesignation,
    SchoolAnswer,
    StandingInterest,
    Supporter,
)
from convenor.support.models.earlier import EarlierSupport
from convenor.support.models.effect import EffectReading, EffectStudy
from convenor.support.models.needs import Choice, Need, SupportMatching
from convenor.support.models.packages import EngagementConcern, FormalStep, HeadAgreement, Package, PackageLog, PackageTask

__all__ = [
    "Assurance",
    "CapacityYear",
    "Choice",
    "ContactMark",
    "ContactNote",
    "EarlierSupport",
    "EffectReading",
    "EffectStudy",
    "EngagementConcern",
    "Evaluation",
    "FormalStep",
    "HeadAgreement",
    "InspectionCall",
    "LocalDesignation",
    "Mentoring",
    "Need",
    "NoteMark",
    "NoteOfVisit",
    "Objective",
    "OtherSupport",
    "Package",
    "PackageCost",
    "PackageLog",
    "PackageTask",
    "ProgressReview",
    "Ring",
    "RingLink",
    "RingPlan",
    "SchoolAnswer",
    "StandingInterest",
    "SupportMatching",
    "Supporter",
    "Visit",
]
