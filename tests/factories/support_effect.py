"""A school of Fernshire beside twenty-four similar ones, with key stage 2 results that can be reckoned by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.intelligence.actions import compute_similar
from convenor.registers.models import School
from tests.factories.intelligence_similar import census, small_england
from tests.factories.partnership import AT
from tests.factories.registers import edition, reading
from tests.factories.support import RECEIVER

RWM = "ks2_rwm_expected"
#: Means before and after of four schools: r one half, four points off the line; six of each are the comparators: 50 and 60 on the whole.
FOUR = ((40.0, 51.0), (40.0, 59.0), (60.0, 61.0), (60.0, 69.0))
BEFORE = ("2023-24", "2024-25", "2025-26")
#: The first full year of a package that begins in October 2026.
AFTER = "2027-28"


def results(school: School | str, figures: dict[str, float | None], *, cohort: int = 30, **more: Any) -> None:
    """Key stage 2 results of a school by school year; None is a withheld one. Each year's edition is of its last day."""
    urn = school if isinstance(school, str) else school.urn
    for period, value in figures.items():
        told_by = edition(f"ks2-{period}-{urn}", family="ks2-final", period=period, as_at=date(int(period[:4]) + 1, 8, 31))
        mark = "" if value is not None else "suppressed"
        reading(School(urn=urn), told_by, RWM, period, value, cohort=cohort, mark=mark, **more)


def england_before(*, own: float | None = 30.0, schools: int = 24) -> list[School]:
    """The package's school and its similar schools with their results of the three years before, and everybody's similar schools."""
    others = small_england(schools)
    told_by = edition("census-own", family="census", period="2023-24")
    census(School(urn=RECEIVER), told_by, 5)
    results(RECEIVER, dict.fromkeys(BEFORE, own))
    for place, each in enumerate(others):
        results(each, dict.fromkeys(BEFORE, FOUR[place % 4][0]))
    compute_similar(by="the test", at=AT)
    return others


def england_after(others: list[School], own: float | None) -> None:
    """The results of the first full year."""
    results(RECEIVER, {AFTER: own})
    for place, each in enumerate(others):
        results(each, {AFTER: FOUR[place % 4][1]})
