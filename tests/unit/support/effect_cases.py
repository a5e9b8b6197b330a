"""Schools whose sums can be done by hand: twenty comparators on a line of slope one half, each four points off it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from convenor.support.rules.effect import Case, Figure, Line
from convenor.support.rules.outcomes import OUTCOMES

#: Before and after of four schools; five of each make twenty comparators: means 50 and 60, r one half, four points off the line.
FOUR = ((40.0, 51.0), (40.0, 59.0), (60.0, 61.0), (60.0, 69.0))
BEFORE, AFTER = "2016-17", "2017-18"


def line(urn: str, figures: dict[str, float | None], cohort: int | None = 30, **more: Any) -> Line:
    """A school with these figures; None is a withheld one."""
    return Line(
        urn,
        f"School {urn}",
        {
            year: Figure(value, cohort=cohort, edition="ks2") if value is not None else Figure(None, mark="suppressed")
            for year, value in figures.items()
        },
        **more,
    )


def comparators(number: int = 20, cohort: int | None = 30) -> tuple[Line, ...]:
    """As many comparators, in turn from the four."""
    return tuple(line(f"{200000 + place}", {BEFORE: FOUR[place % 4][0], AFTER: FOUR[place % 4][1]}, cohort) for place in range(number))


def case(before: float | None = 30.0, after: float | None = 52.0, **changed: Any) -> Case:
    """A primary school supported from September 2017, its expected standard before and after, and twenty comparators."""
    plain = Case(
        OUTCOMES["ks2_rwm_expected"], date(2017, 9, 1), None, date(2019, 1, 1), line("100000", {BEFORE: before, AFTER: after}),
        comparators(),
    )  # fmt: skip
    return replace(plain, **changed)
