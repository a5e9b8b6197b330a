"""An answer as other programs read it, and as it is kept: the shape of `convenor impact`. More keys may be added, none taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from convenor.support.rules.effect import CONDITIONS, MOST_P, Answer, Compared, YearSeen
from convenor.support.rules.effect_years import said, years_of
from convenor.support.rules.outcomes import Outcome
from convenor.support.rules.states import Verdict


def shape(answer: Answer) -> dict[str, Any]:
    """The answer as plain data. Figures are in the outcome's unit and not rounded."""
    case, sums, outcome = answer.case, answer.sums, answer.case.outcome
    return {
        "verdict": answer.verdict.value,
        "why": answer.why,
        "series": [_year(each) for each in answer.series],
        "comparators": [_comparator(each) for each in answer.comparators],
        "expected_without_support": sums.expected if sums else None,
        "difference_in_differences": sums.difference if sums else None,
        "interval": [sums.low, sums.high] if sums else None,
        "placebo_rank": sums.rank if sums else None,
        "placebo_p": sums.p if sums else None,
        "urn": case.school.urn,
        "name": case.school.name,
        "outcome": {
            "key": outcome.key, "name": outcome.name, "unit": outcome.unit, "column": outcome.measure.column,
            "better": "higher" if outcome.better > 0 else "lower", "source": outcome.measure.source, "says": outcome.measure.says,
        },
        "started_on": case.started_on.isoformat(),
        "ended_on": case.ended_on.isoformat() if case.ended_on else None,
        "today": case.today.isoformat(),
        "means": CONDITIONS[answer.verdict],
        "notes": list(answer.notes),
        "years": {"before": [each.label for each in answer.before], "after": [each.label for each in answer.after]},
        "placebo_of": sums.comparators + 1 if sums else None,
        "smallest_p": sums.smallest_p if sums else None,
        "most_p": MOST_P,
        "before": sums.before if sums else None,
        "after": sums.after if sums else None,
        "comparators_used": sums.comparators if sums else 0,
        "comparators_before": sums.comparators_before if sums else None,
        "comparators_after": sums.comparators_after if sums else None,
        "gap_before": sums.gap_before if sums else None,
        "r": sums.r if sums else None,
        "change_by_regression_to_the_mean": sums.by_itself if sums else None,
        "before_and_after": sums.change if sums else None,
        "comparators_change": sums.comparators_change if sums else None,
        "plain_difference_in_differences": sums.plain_difference if sums else None,
        "standard_error": sums.standard_error if sums else None,
        "variance_ratio_by_pupils": sums.widened if sums else None,
    }  # fmt: skip


def never_shape(urn: str, asked: str, why: str) -> dict[str, Any]:
    """The answer to what is never measured."""
    return _without(Verdict.NOT_MEASURABLE, urn, why, {"key": asked})


def too_early_shape(urn: str, outcome: Outcome, started_on: date) -> dict[str, Any]:
    """The answer of a package whose beginning is still to come."""
    first = years_of(outcome, started_on).after
    why = f"Support begins on {said(started_on)}." + (f" The first full school year is {first[0]}." if first else "")
    return _without(Verdict.TOO_EARLY, urn, why, {"key": outcome.key, "name": outcome.name, "unit": outcome.unit})


def standing(said: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without the day on which it was asked for: what must differ for it to be another."""
    return {key: value for key, value in said.items() if key != "today"}


def _without(verdict: Verdict, urn: str, why: str, outcome: dict[str, Any]) -> dict[str, Any]:
    """An answer without a figure."""
    empty: dict[str, Any] = dict.fromkeys(
        ("expected_without_support", "difference_in_differences", "interval", "placebo_rank", "placebo_p"), None
    )
    return {"verdict": verdict.value, "why": why, "series": [], "comparators": [], **empty, "urn": urn, "outcome": outcome,
            "means": CONDITIONS[verdict], "notes": []}  # fmt: skip


def _year(seen: YearSeen) -> dict[str, Any]:
    figure = seen.figure
    return {
        "period": seen.year.label,
        "role": seen.role,
        "value": figure.value if figure else None,
        "low": figure.low if figure else None,
        "high": figure.high if figure else None,
        "cohort": figure.cohort if figure else None,
        "mark": figure.mark if figure else "no loaded edition tells of it",
        "edition": figure.edition if figure else "",
        "comparators": seen.comparators,
        "comparators_mean": seen.mean,
        "comparators_spread": seen.spread,
        "break_before": seen.break_before,
    }


def _comparator(each: Compared) -> dict[str, Any]:
    return {
        "urn": each.line.urn,
        "name": each.line.name,
        "rank": each.rank,
        "distance": each.line.distance,
        "used": each.used,
        "why_not": each.why_not,
        "before": each.before,
        "after": each.after,
    }
