"""A small England of primary schools with published figures, for similar schools and what rests on them."""

from __future__ import annotations

from typing import Any

from convenor.registers.models import Edition, School
from tests.factories.registers import authority, edition, reading, school

CENSUS = ("pupils_on_roll", "fsm_ever6_percent", "eal_percent", "sen_support_percent", "ehcp_percent", "fsm_eligible_percent")
PERIOD = "2023-24"


def census(of: School, told_by: Edition, number: int, *, period: str = PERIOD, without: tuple[str, ...] = ()) -> None:
    """The census figures of the school of this number: 100 pupils and 20 more for each number, shares that rise and fall."""
    values = (100.0 + 20 * number, 5.0 + 3 * (number % 7), 2.0 * (number % 5), 10.0 + number % 4, 1.0 + number % 3, 4.0 + 2 * (number % 6))
    for measure, value in zip(CENSUS, values, strict=True):
        if measure in without:
            reading(of, told_by, measure, period, None, mark="suppressed")
        else:
            reading(of, told_by, measure, period, value)


def small_england(schools: int = 12, *, phase: str = "Primary", first_urn: int = 100_001, **facts: Any) -> list[School]:
    """So many schools of a phase with figures, URNs in order, in Wigan."""
    told_by = edition(f"census-{phase.lower()}-{first_urn}", family="census", period=PERIOD)
    made = [school(urn=str(first_urn + number), phase=phase, area=authority(), **facts) for number in range(schools)]
    for number, one in enumerate(made):
        census(one, told_by, number)
    return made
