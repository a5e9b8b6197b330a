"""Checking a constitution: every broken rule named, on any date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from convenor.partnership.rules.checking.bodies import body_problems
from convenor.partnership.rules.checking.file import file_problems
from convenor.partnership.rules.checking.known import RULES, Rule, in_words
from convenor.partnership.rules.checking.people import people_problems
from convenor.partnership.rules.checking.schools import school_problems
from convenor.partnership.rules.checking.seats import seat_problems
from convenor.partnership.rules.constitution import Constitution, Dated, Problem
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.vocabulary import Severity

__all__ = ["RULES", "Rule", "check", "check_ahead", "has_errors"]


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


def check_ahead(constitution: Constitution, after: date) -> list[tuple[date, Problem]]:
    """Errors that the constitution will make on a later day, each with the first day on which it does, and as a warning.

    Every day after `after` on which something begins or ends is judged. What is an error on `after` already is not told again,
    and warnings of later days (a term that ends) are left to those days.
    """
    told = {_said(each, after) for each in check(constitution, after)}
    found = []
    for day in sorted({day for thing in _dated(constitution) for day in (thing.from_on, thing.until_on) if day and day > after}):
        for problem in check(constitution, day):
            if problem.severity is Severity.ERROR and _said(problem, day) not in told:
                told.add(_said(problem, day))
                message = f"From {in_words(day)}: {problem.message}"
                found.append((day, replace(problem, severity=Severity.WARNING, message=message)))
    return found


def _said(problem: Problem, on: date) -> tuple[str, str, str]:
    """A problem as it would be said on any day."""
    return problem.body, problem.rule, problem.message.replace(in_words(on), "")


def _dated(constitution: Constitution) -> Iterator[Dated]:
    """Everything in a constitution that begins or ends."""
    yield constitution
    yield from constitution.areas
    yield from constitution.caps
    yield from constitution.belongings
    yield from constitution.members
    yield from constitution.appointments
    for body in constitution.bodies:
        yield body
        yield from body.reporting_lines
        yield from body.seats


def has_errors(problems: list[Problem]) -> bool:
    """Whether any of the problems is an error rather than a warning."""
    return any(problem.severity is Severity.ERROR for problem in problems)
