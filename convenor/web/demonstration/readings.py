"""Readings of realistic shape for invented schools: cohorts as small as villages make them, gaps where nothing was published,
figures withheld where there are too few pupils. Pure, from a seed."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from convenor.web.demonstration.schools import InventedSchool

#: The years in which key stage 2 and 4 results were published for schools; between them tests were cancelled or not published.
RESULT_YEARS: Final = ("2015-16", "2016-17", "2017-18", "2018-19", "2022-23", "2023-24")
CENSUS_YEARS: Final = ("2015-16", "2016-17", "2017-18", "2018-19", "2020-21", "2021-22", "2022-23", "2023-24", "2024-25")
ABSENCE_YEARS: Final = ("2016-17", "2017-18", "2018-19", "2022-23", "2023-24")
#: Below this number of pupils the Department withholds a school's results.
PUBLISHED_FROM: Final = 6
#: What has become of a school that slipped, by 2022: results, in standard deviations, and absence, in percentage points.
SLIPPED_FROM: Final = "2022"
SLIPPED_STRENGTH, SLIPPED_ABSENCE = 2.3, 3.4


@dataclass(frozen=True, slots=True)
class InventedReading:
    """One figure that was made up. Shares are in percentage points."""

    urn: str
    measure: str
    period: str
    value: float | None
    cohort: int | None = None
    low: float | None = None
    high: float | None = None
    mark: str = ""


def readings(school: InventedSchool) -> Iterator[InventedReading]:
    """Everything made up about one school, year after year."""
    chance = Random(f"readings {school.urn}")
    drift = chance.gauss(0, 0.16)
    yield from _census(school, chance)
    yield from _absence(school, chance)
    for number, year in enumerate(RESULT_YEARS):
        strength = school.strength - 2.2 * (school.disadvantage - 0.24) + drift * (number - 3)
        if school.slipping:
            strength = min(strength, 0.3) - (SLIPPED_STRENGTH if year >= SLIPPED_FROM else 0.0)
        if school.phase == "Primary" or (school.phase == "Secondary" and school.low_age < 11):
            yield from _key_stage_2(school, year, strength, chance)
        if school.phase == "Secondary":
            yield from _key_stage_4(school, year, strength, chance)


def _census(school: InventedSchool, chance: Random) -> Iterator[InventedReading]:
    slope = chance.gauss(-0.012, 0.025)
    english_additional, support = chance.betavariate(1.2, 9) * 100, chance.uniform(8, 19)
    for number, year in enumerate(CENSUS_YEARS):
        pupils = max(12, round(school.pupils * (1 + slope * (number - len(CENSUS_YEARS) + 1)) + chance.gauss(0, 2)))
        eligible = max(0, round(pupils * school.disadvantage * (0.62 + 0.05 * number)))
        yield InventedReading(school.urn, "pupils_on_roll", year, pupils)
        yield InventedReading(school.urn, "fsm_eligible_pupils", year, eligible, pupils)
        yield InventedReading(school.urn, "fsm_eligible_percent", year, round(100 * eligible / pupils, 1), pupils)
        yield InventedReading(
            school.urn, "fsm_ever6_percent", year, round(min(95.0, 100 * school.disadvantage + chance.gauss(0, 1.5)), 1), pupils
        )
        yield InventedReading(school.urn, "eal_percent", year, round(english_additional, 1), pupils)
        yield InventedReading(school.urn, "sen_support_percent", year, round(support + chance.gauss(0, 0.8), 1), pupils)


def _absence(school: InventedSchool, chance: Random) -> Iterator[InventedReading]:
    if school.phase == "Nursery":
        return
    base = (4.0 if school.phase == "Primary" else 5.4 if school.phase == "Secondary" else 9.5) + 4.5 * (school.disadvantage - 0.24)
    for year in ABSENCE_YEARS:
        since = (1.75 + (SLIPPED_ABSENCE if school.slipping else 0.0)) if year >= SLIPPED_FROM else 0.0
        overall = max(2.2, base + since - 0.35 * school.strength + chance.gauss(0, 0.45))
        yield InventedReading(school.urn, "absence_overall", year, round(overall, 1))
        yield InventedReading(school.urn, "absence_persistent", year, round(max(2.0, 3.1 * overall - 4.6 + chance.gauss(0, 1.4)), 1))


def _key_stage_2(school: InventedSchool, year: str, strength: float, chance: Random) -> Iterator[InventedReading]:
    years_of_pupils = 7 if school.low_age >= 4 and school.high_age <= 11 else 13
    cohort = max(2, round(school.pupils / years_of_pupils + chance.gauss(0, math.sqrt(school.pupils / years_of_pupils) / 2)))
    yield InventedReading(school.urn, "ks2_cohort", year, cohort)
    few = cohort < PUBLISHED_FROM
    for measure, level in (("ks2_rwm_expected", 0.53), ("ks2_reading_expected", 1.05), ("ks2_maths_expected", 1.1)):
        share = 1 / (1 + math.exp(-(level + 0.42 * strength)))
        met = sum(chance.random() < share for _ in range(cohort))
        value = None if few else float(round(100 * met / cohort))
        yield InventedReading(school.urn, measure, year, value, cohort, mark="suppressed" if few else "")
    if year < "2023":  # no progress measure for the years without a key stage 1 to start from
        half = 11.5 / math.sqrt(cohort)
        value = chance.gauss(1.9 * school.strength, 5.6 / math.sqrt(cohort))
        yield _with_interval(school.urn, "ks2_maths_progress", year, value, half, cohort, few, 1)


def _key_stage_4(school: InventedSchool, year: str, strength: float, chance: Random) -> Iterator[InventedReading]:
    cohort = max(8, round(school.pupils / 5.6 + chance.gauss(0, 6)))
    yield InventedReading(school.urn, "ks4_cohort", year, cohort)
    yield InventedReading(school.urn, "ks4_attainment8", year, round(46.8 + 5.4 * strength + chance.gauss(0, 1.2), 1), cohort)
    share = 1 / (1 + math.exp(-(-0.28 + 0.5 * strength)))
    yield InventedReading(school.urn, "ks4_basics_95", year, float(round(100 * share + chance.gauss(0, 2))), cohort)
    half = 2.5 / math.sqrt(cohort)
    yield _with_interval(school.urn, "ks4_progress8", year, chance.gauss(0.36 * school.strength, 0.09), half, cohort, False, 2)


def _with_interval(urn: str, measure: str, year: str, value: float, half: float, cohort: int, few: bool, places: int) -> InventedReading:
    if few:
        return InventedReading(urn, measure, year, None, cohort, mark="suppressed")
    return InventedReading(
        urn, measure, year, round(value, places), cohort, round(value - half, places), round(value + half, places)
    )  # fmt: skip
