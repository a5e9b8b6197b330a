"""What the effect of support may be measured by: published outcomes as data, with the years in which each means the same.

A comparison of before and after holds only within one *run* of school years in which an outcome was measured in the same way and published
for every year. Between two runs nothing is compared: the reason stands with the run, and a page draws the line broken there. To add an
outcome, or to open or close a run, change the entries here.

Sources: the Department's quality and methodology notes on key stage 2, key stage 4 and pupil absence; the metadata of the performance
tables; for the years without Progress 8 and without primary progress, the Department's announcements of the missing starting points (no
assessments at the age of seven and eleven in 2020 and 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from convenor.england.school_years import SchoolYear
from convenor.intelligence.rules.volatility import SPREADS
from convenor.registers.rules.measures import MEASURES, Direction, Measure, measure_of_column

_CANCELLED = "no results were published for 2019-20 and 2020-21: tests and examinations were cancelled"
_NO_ABSENCE = "absence was not published for the whole of 2019-20, and that of 2020-21 left out pupils kept at home by the pandemic"
_CODES = "attendance has been recorded under other codes since August 2024"
_START = "the measure begins in {}: before, something else was measured"


@dataclass(frozen=True, slots=True)
class Run:
    """School years of one meaning, by the years in which they begin. `until` None: still so. `broken_by` says what stands before it."""

    since: int
    until: int | None
    broken_by: str

    def holds(self, year: SchoolYear) -> bool:
        """Whether a school year lies in it."""
        return self.since <= year.start_year and (self.until is None or year.start_year <= self.until)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome. `key` is that of the registers' measure.

    `runs`: oldest first. `ends_because`: why the last run ended, where it did. `settled`: month and day of the school year by which what
    the figure tells of has happened: only a year settled before the start was before it. `published`: month and day after the end of the
    year by which the figures are usually out. `caution`: what a reader should know of a comparison of years before that of `caution_from`
    with it or later ones.
    """

    key: str
    runs: tuple[Run, ...]
    settled: tuple[int, int]
    published: tuple[int, int]
    ends_because: str = ""
    caution: str = ""
    caution_from: int = 0

    @property
    def measure(self) -> Measure:
        """What the registers know of it."""
        return MEASURES[self.key]

    @property
    def name(self) -> str:
        """As a page calls it."""
        return self.measure.name

    @property
    def unit(self) -> str:
        """What a value counts in."""
        return str(self.measure.unit)

    @property
    def better(self) -> int:
        """1 where more is better for pupils, -1 where less is."""
        return -1 if self.measure.direction is Direction.LOWER else 1

    @property
    def spread(self) -> float | None:
        """The spread (standard deviation) of single pupils about their school's mean, in the unit; None for a share of pupils."""
        return SPREADS.get(self.key)

    @property
    def counts_pupils(self) -> bool:
        """Whether a figure is a share of pupils, or a mean over pupils of known spread: so that fewer pupils mean a wider swing."""
        return self.spread is not None or self.measure.cohort_columns != ()

    def caution_between(self, before: Sequence[SchoolYear], after: Sequence[SchoolYear]) -> str:
        """The caution, where a comparison of these years needs it."""
        needed = bool(before and after) and before[0].start_year < self.caution_from <= after[-1].start_year
        return self.caution if needed else ""

    def run_of(self, year: SchoolYear) -> Run | None:
        """The run in which a school year lies; None where the outcome was not published in this meaning."""
        return next((run for run in self.runs if run.holds(year)), None)

    def settled_on(self, year: SchoolYear) -> date:
        """The day by which what a year's figure tells of has happened."""
        month, day = self.settled
        return date(year.start_year + 1, month, day)

    def published_on(self, year: SchoolYear) -> date:
        """The day by which a year's figures are usually out: the first such day after the year's end."""
        month, day = self.published
        end = year.ends_on
        return date(end.year + (month <= end.month), month, day)

    def why_no_run(self, year: SchoolYear) -> str:
        """Why a school year lies in no run, in words."""
        after = next((run for run in self.runs if run.since > year.start_year), None)
        return after.broken_by if after is not None else self.ends_because

    def break_before(self, year: SchoolYear) -> str:
        """What lies between the school year before and this one, where the two are not to be compared; empty where they are."""
        here, before = self.run_of(year), self.run_of(SchoolYear(year.start_year - 1))
        if here is before:
            return ""
        return here.broken_by if here is not None else self.why_no_run(year)


def _ks2(key: str, *runs: Run, ends: str = "", caution: str = "") -> Outcome:
    return Outcome(key, runs, settled=(5, 15), published=(12, 15), ends_because=ends, caution=caution, caution_from=2017)


def _ks4(key: str, *runs: Run, ends: str = "", caution: str = "") -> Outcome:
    return Outcome(key, runs, settled=(6, 30), published=(1, 31), ends_because=ends, caution=caution, caution_from=2022)


def _absence(key: str) -> Outcome:
    first = Run(2015, 2018, _START.format("2015-16"))
    return Outcome(key, (first, Run(2021, 2023, _NO_ABSENCE), Run(2024, None, _CODES)), settled=(7, 20), published=(3, 31))


_TESTS = (Run(2015, 2018, _START.format("2015-16")), Run(2021, None, _CANCELLED))
_WRITING = "From 2017-18 teachers judge writing by another framework. Comparators changed with the school, so the comparison stands."
_NO_PROGRESS = "there is no primary progress for 2023-24 and 2024-25: those pupils were not assessed at the age of seven"
_ANOTHER_START = "from 2027-28 primary progress is counted from another beginning, the first weeks of reception"
_NO_PROGRESS_8 = "there is no Progress 8 for 2024-25 and 2025-26: those pupils took no tests at the age of eleven"
_PRIMARY_PROGRESS = (Run(2015, 2018, _START.format("2015-16")), Run(2021, 2022, _CANCELLED), Run(2025, 2026, _NO_PROGRESS))
_PROGRESS_8 = (Run(2015, 2018, _START.format("2015-16")), Run(2021, 2023, _CANCELLED), Run(2026, None, _NO_PROGRESS_8))
_GRADES = "grades 9 to 1 replaced letters in English and maths in 2016-17, and the points changed"
_GENEROUS = "Grading was more generous in 2021-22 than since. Comparators were graded alike, so the comparison stands."

OUTCOMES: Final[dict[str, Outcome]] = {
    each.key: each
    for each in (
        _ks2("ks2_rwm_expected", *_TESTS, caution=_WRITING),
        _ks2("ks2_rwm_higher", *_TESTS, caution=_WRITING),
        _ks2("ks2_reading_expected", *_TESTS),
        _ks2("ks2_maths_expected", *_TESTS),
        _ks2("ks2_gps_expected", *_TESTS),
        _ks2("ks2_reading_average", *_TESTS),
        _ks2("ks2_maths_average", *_TESTS),
        _ks2("ks2_gps_average", *_TESTS),
        _ks2("ks2_reading_progress", *_PRIMARY_PROGRESS, ends=_ANOTHER_START),
        _ks2("ks2_maths_progress", *_PRIMARY_PROGRESS, ends=_ANOTHER_START),
        _ks2("ks2_rwm_expected_disadvantaged", *_TESTS, caution=_WRITING),
        _ks4("ks4_progress8", *_PROGRESS_8),
        _ks4("ks4_attainment8", Run(2015, 2015, _START.format("2015-16")), Run(2016, 2018, _GRADES), Run(2021, None, _CANCELLED),
             caution=_GENEROUS),
        _ks4("ks4_basics_95", Run(2016, 2018, _GRADES), Run(2021, None, _CANCELLED), caution=_GENEROUS),
        _ks4("ks4_basics_94", Run(2016, 2018, _GRADES), Run(2021, None, _CANCELLED), caution=_GENEROUS),
        _ks4("ks4_attainment8_disadvantaged", Run(2016, 2018, _GRADES), Run(2021, None, _CANCELLED), caution=_GENEROUS),
        _absence("absence_overall"),
        _absence("absence_persistent"),
    )
}  # fmt: skip

_OFSTED = (
    "Inspection outcomes are never compared before and after: the words of inspections to August 2024, of those to November 2025 and of "
    "report cards since are three vocabularies, and none is converted into another."
)
#: Asked for now and then, and never measured; why.
NEVER: Final[dict[str, str]] = dict.fromkeys(
    ("inspection", "ofsted", "overall_effectiveness", "quality_of_education", "report_card", "ofstedrating"), _OFSTED
)


def outcome_called(text: str) -> Outcome | None:
    """The outcome of a key, or of a publisher's column such as PTRWM_EXP, whatever its case; None where there is none."""
    wanted = text.strip()
    found = OUTCOMES.get(wanted.lower())
    if found is None and wanted:
        measure = measure_of_column(wanted)
        found = OUTCOMES.get(measure.key) if measure is not None else None
    return found


def never_measured(text: str) -> str:
    """Why an outcome is never compared before and after; empty for any other."""
    return NEVER.get(text.strip().lower().replace(" ", "_").replace("-", "_"), "")


def outcomes_for(phase: str) -> tuple[Outcome, ...]:
    """The outcomes that a school of this phase (Ofsted's word) may have, in the order in which a page offers them."""
    return tuple(each for each in OUTCOMES.values() if phase in each.measure.phases)
