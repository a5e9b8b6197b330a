"""Matching: which people review which school, at the least cost that every rule allows, proved; or why it cannot be done."""

from convenor.peer_review.rules.matching.answering import Answer, Impossible, match, shape
from convenor.peer_review.rules.matching.checking import Broken, check
from convenor.peer_review.rules.matching.costs import TeamCost, second_reviews, team_cost, total_cost
from convenor.peer_review.rules.matching.explaining import Reason, why
from convenor.peer_review.rules.matching.reading import RoundRefusedError, read_round, round_from
from convenor.peer_review.rules.matching.replanning import Replanned, changes_between, replan
from convenor.peer_review.rules.matching.round import Led, Person, Round, Rule, School, Team, Weights
from convenor.peer_review.rules.matching.solving import NoTeamsError, Solution, UndecidedError, Work, solve

__all__ = [
    "Answer",
    "Broken",
    "Impossible",
    "Led",
    "NoTeamsError",
    "Person",
    "Reason",
    "Replanned",
    "Round",
    "RoundRefusedError",
    "Rule",
    "School",
    "Solution",
    "Team",
    "TeamCost",
    "UndecidedError",
    "Weights",
    "Work",
    "changes_between",
    "check",
    "match",
    "read_round",
    "replan",
    "round_from",
    "second_reviews",
    "shape",
    "solve",
    "team_cost",
    "total_cost",
    "why",
]
