"""The rules a constitution is checked against: code, severity, meaning. The how-to's table of messages follows this list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from convenor.partnership.rules.constitution import Problem
from convenor.partnership.rules.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable code, how grave a breach is, and what it asks."""

    code: str
    severity: Severity
    asks: str


def _rules(severity: Severity, asked: dict[str, str]) -> list[Rule]:
    return [Rule(code, severity, asks) for code, asks in asked.items()]


_ERRORS = _rules(
    Severity.ERROR,
    {
        "partnership-empty": "A partnership has at least one body in force.",
        "id-repeated": "Every tier, body, source and area, and every seat of one body, has a name of its own.",
        "tier-unknown": "A body stands in a tier that the file lists.",
        "body-unknown": "A body that is named elsewhere in the file is described in it.",
        "seat-unknown": "A person is appointed to a seat that the file describes.",
        "source-unknown": "A source that is cited is listed.",
        "reports-to-unknown": "A body reports to a body that the file describes.",
        "reports-to-ended": "A body reports to a body that is in force on the day.",
        "reports-to-lower-tier": "A body reports within its own tier or to a higher one.",
        "reports-in-a-circle": "Following the reporting lines upward comes to an end.",
        "two-reporting-lines": "A body has one reporting line at a time.",
        "dates-reversed": "What begins ends later than it begins.",
        "dates-outside": "Dates lie within one another: a body in the partnership, a seat in the body, an appointment in the seat.",
        "places-reversed": "The least number is not more than the most.",
        "end-date-missing": "A task-and-finish group has a date on which it ends.",
        "chair-missing": "A body whose seats are described has a chair, co-chairs or a lead among them, unless it says that it has none.",
        "two-chairs": "A body has one chair, or co-chairs, not both and not two chairs.",
        "co-chairs-too-few": "Co-chairs are at least two.",
        "deputy-without-chair": "A deputy has a chair, co-chair or lead to stand in for.",
        "quorum-too-large": "A quorum is not more than the body can have members.",
        "quorum-twice": "A quorum is a number or a percentage, not both.",
        "too-many-holders": "A seat has no more holders than places.",
        "members-too-many": "A body has no more members than it says.",
        "appointments-overlap": "Appointments to a seat never exceed its places on any day; nobody is appointed twice to one seat at once.",
        "ex-officio-source-missing": "A seat held by right of office says which office brings it, on bodies that the file describes.",
        "ex-officio-by-hand": "Nobody is appointed by hand to a seat that an office on another body brings.",
        "role-not-allowed": "The holder is one of those who may fill the seat.",
        "phase-not-allowed": "The holder comes from a phase for which the seat stands.",
        "type-not-allowed": "The holder comes from a type of school for which the seat stands.",
        "cap-broken": "A body has no more people of one school, trust or federation than its cap allows.",
        "not-independent": "An independent seat is not held by someone of a member school or its trust or federation.",
        "not-a-member": "An office held among members is held by someone with a seat on the body.",
        "two-seats-one-person": "A person holds one seat on a body.",
        "term-too-long": "An appointment lasts no longer than the seat's term.",
        "too-many-terms": "Nobody serves more terms running than the seat allows.",
        "member-repeated": "A school has one membership at a time.",
        "too-many-of-a-kind": "A school belongs to no more bodies of a kind than the partnership allows.",
        "schools-too-many": "A body has no more schools than it says.",
    },
)
_WARNINGS = _rules(
    Severity.WARNING,
    {
        "partnership-not-in-force": "The partnership is in force on the day asked about.",
        "no-reporting-line": "A body below the top tier, and any sub-group or task-and-finish group, reports to another.",
        "review-date-missing": "A body without an end date has a review date, of its own or the partnership's.",
        "review-overdue": "A review date lies ahead.",
        "vacancy": "A seat has its least number of holders.",
        "members-too-few": "A body has its least number of members.",
        "chair-empty": "Somebody chairs, co-chairs or leads each body.",
        "quorum-out-of-reach": "A body has enough members in post to reach its quorum.",
        "ex-officio-source-empty": "The offices that bring a seat are held by somebody.",
        "nobody-sits": "A body whose seats ask for nobody in particular has somebody.",
        "cannot-tell": "What decides who may hold a seat is written with the appointment.",
        "filled-another-way": "A seat is filled in the way it says.",
        "term-ended": "A term that is over is renewed or its holder followed.",
        "term-ending": "A term that ends within six months has a successor named.",
        "schools-too-few": "A body has at least as many schools as it says.",
        "in-none-of-a-kind": "A school belongs to as many bodies of a kind as the partnership asks.",
        "phase-not-served": "A school belongs to bodies that serve its phase.",
        "member-of-ended-body": "A school belongs to bodies that are in force.",
        "urn-not-six-figures": "A school's URN has six figures.",
        "spelt-almost-alike": "A trust or federation is spelt alike wherever it is named.",
        "until-a-day-early": "What lasts for whole years has the first day after them as its until.",
    },
)

RULES: dict[str, Rule] = {rule.code: rule for rule in (*_ERRORS, *_WARNINGS)}
"""Every rule by its code."""


def broken(rule: str, body: str, message: str) -> Problem:
    """A breach of a known rule, with its severity."""
    return Problem(body, rule, RULES[rule].severity, message)


def in_words(day: date) -> str:
    """A day as people write it: 1 September 2026."""
    return f"{day.day} {day:%B %Y}"


def people(number: int) -> str:
    """1 person, 2 people."""
    return f"{number} person" if number == 1 else f"{number} people"
