"""The tables of peer review, by part."""

from convenor.peer_review.models.dates import CalendarKey, DateProposal
from convenor.peer_review.models.evidence import EvidenceNote, EvidenceText
from convenor.peer_review.models.matching import Matching, MatchingWork
from convenor.peer_review.models.register import DeclaredInterest, Objection, Reviewer, Training
from convenor.peer_review.models.reports import AccuracyReply, AgreedPriority, ExcellenceOffer, Grant, Report, ReportWorking, RoundThemes
from convenor.peer_review.models.reviews import Activity, Expectation, PeerReview, ReviewStep, SelfReview, TeamMember
from convenor.peer_review.models.rounds import ReviewRound, RoundOffer, RoundSchool

__all__ = [
    "AccuracyReply",
    "Activity",
    "AgreedPriority",
    "CalendarKey",
    "DateProposal",
    "DeclaredInterest",
    "EvidenceNote",
    "EvidenceText",
    "ExcellenceOffer",
    "Expectation",
    "Grant",
    "Matching",
    "MatchingWork",
    "Objection",
    "PeerReview",
    "Report",
    "ReportWorking",
    "ReviewRound",
    "ReviewStep",
    "Reviewer",
    "RoundOffer",
    "RoundSchool",
    "RoundThemes",
    "SelfReview",
    "TeamMember",
    "Training",
]
