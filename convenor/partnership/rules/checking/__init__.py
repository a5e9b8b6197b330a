"""Checking a constitution: every broken rule named, on any date."""

from __future__ import annotations

from datetime import date

from convenor.partnership.rules.checking.bodies import body_problems
from convenor.partnership.rules.checking.file import file_problems
from convenor.partnership.rules.checking.known import RULES, Rule
from convenor.partnership.rules.checking.people import people_problems
from convenor.partnership.rules.checking.schools import school_problems
from convenor.partnership.rules.checking.seats import seat_problems
from convenor.partnership.rules.constitution import Constitution, Problem
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.vocabulary import Severity

__all__ = ["RULES", "Rule", "check", "has_errors"]


def check(constitution: Constitution, on: date) -> list[Problem]:
    """Every rule the constitution breaks, errors first, then in the order of the file.

    What the file says of itself (names, references, dates) is judged whatever the date; who sits where, and what reports to what, is
    judged as it stands on the day. An empty list means that nothing is broken.
    """
    roll = Roll(constitution)
    problems = [
        *file_problems(roll),
        *body_problems(roll, on),
        *seat_problems(roll, on),
        *people_problems(roll, on),
        *school_problems(roll, on),
    ]
    return sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)


def has_errors(problems: list[Problem]) -> bool:
    """Whether any of the problems is an error rather than a warning."""
    return any(problem.severity is Severity.ERROR for problem in problems)
