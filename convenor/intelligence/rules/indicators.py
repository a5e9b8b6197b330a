"""The indicators: one entry of data each. To add one, add an entry; to change a threshold, change it here, with its year.

They follow the lists that English authorities use in public (Gloucestershire's criteria for schools causing concern; Surrey's eight risk
areas) and the Department's way of showing every contribution beside its maximum. Ethnicity and religion are never used. Deprivation only
decides against whom a school is held, and gives no points. No entry is about a person's health or absence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from convenor.england.phases import ALL_THROUGH, NURSERY, PHASES, PRIMARY, PRU, SECONDARY, SPECIAL
from convenor.intelligence.rules.lines import Level


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every threshold of the rules, and the year in which the set came into use.

    `hidden_under`: a cohort under it is never shown. `pooled_under`: below it only the sum of several years is shown. `care_under`: below
    it a figure is shown with a word of care. `pooled_years`: how many school years are summed. `worst_share` and `exceptional_share`: the
    share of schools beyond a bound. Ages are in years, shares in per cent.
    """

    year: str
    hidden_under: int
    pooled_under: int
    care_under: int
    pooled_years: int
    worst_share: float
    exceptional_share: float
    similar_schools: int
    fewest_similar: int
    fewest_schools: int
    age_years: int
    rolls_fall_percent: float
    rolls_years: int
    suspensions_events: int
    places_unfilled_percent: float
    governor_vacancies_percent: float
    complaints_in_year: int
    recovery_years: int
    head_changes: int


THRESHOLDS: Final = Thresholds(
    year="2026",
    hidden_under=6,
    pooled_under=11,
    care_under=30,
    pooled_years=3,
    worst_share=0.2,
    exceptional_share=0.05,
    similar_schools=50,
    fewest_similar=10,
    fewest_schools=100,
    age_years=5,
    rolls_fall_percent=10.0,
    rolls_years=3,
    suspensions_events=10,
    places_unfilled_percent=25.0,
    governor_vacancies_percent=25.0,
    complaints_in_year=3,
    recovery_years=3,
    head_changes=2,
)


class Origin(StrEnum):
    """Where an indicator's figures come from."""

    COMPUTED = "worked out from what is published"
    ENTERED = "entered by the school, a cluster lead or an officer"
    EITHER = "worked out from what is published where it is loaded, else entered"


class Better(StrEnum):
    """Which way is better for pupils."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    NEITHER = "neither is better"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    `measures` names, for each phase, keys of the registers' catalogue in order of preference. `level` is what a flagged line weighs;
    inspection and headship have more than one level, and `flags` says which. `asks` is the question that an entered one puts; an indicator
    that is published asks nothing.
    """

    code: str
    name: str
    says: str
    unit: str
    better: Better
    origin: Origin
    phases: tuple[str, ...]
    measures: dict[str, tuple[str, ...]]
    against: str
    flags: str
    small_numbers: str
    level: Level
    years: str
    source: str
    link: str
    asks: str = ""


MAINSTREAM: Final = (PRIMARY, SECONDARY, ALL_THROUGH)
STATUTORY_AGE: Final = (PRIMARY, SECONDARY, ALL_THROUGH, SPECIAL, PRU)
INSPECTED: Final = (NURSERY, PRIMARY, SECONDARY, ALL_THROUGH, SPECIAL, PRU)
#: Indicators that tell of pupils' results: chance alone may suggest a conversation by these for one school in twenty at most.
RESULTS: Final = ("ATT", "PRG", "TRD", "DIS", "ABS", "PAB", "SEV")

_RESULTS_SMALL = (
    f"Fewer than {THRESHOLDS.hidden_under} pupils: not shown. {THRESHOLDS.hidden_under} to {THRESHOLDS.pooled_under - 1}: only "
    f"{THRESHOLDS.pooled_years} years together. {THRESHOLDS.pooled_under} to {THRESHOLDS.care_under - 1}: to be read with care."
)
_COUNTED = "Counted, so chance has no part in it."
_TABLES = "https://www.find-school-performance-data.service.gov.uk/download-data"
_ABSENCE = "https://explore-education-statistics.service.gov.uk/find-statistics/pupil-absence-in-schools-in-england"
_SUSPENSIONS = "https://explore-education-statistics.service.gov.uk/find-statistics/suspensions-and-permanent-exclusions-in-england"
_PUPILS = "https://explore-education-statistics.service.gov.uk/find-statistics/school-pupils-and-their-characteristics"
_OFSTED = "https://www.gov.uk/government/statistical-data-sets/monthly-management-information-ofsteds-school-inspections-outcomes"
_CRITERIA = (
    "https://www.gloucestershire.gov.uk/education-and-learning/school-improvement-strategy/"
    "schools-causing-concern-eligibility-for-intervention/"
)
_SURREY = "https://schoolsallianceforexcellence.co.uk/Supporting-Schools/School-Improvement/Monitoring-and-Risk-Assessment"
_DEFICITS = "https://www.hants.gov.uk/educationandlearning/education-financial-services/deficit-procedures"

_KS2, _KS4 = ("ks2_rwm_expected",), ("ks4_attainment8", "ks4_basics_95", "ks4_basics_94")
_KS2_PROGRESS = ("ks2_maths_progress", "ks2_reading_progress", "ks2_writing_progress")
_KS2_DIS, _KS4_DIS = ("ks2_rwm_expected_disadvantaged",), ("ks4_attainment8_disadvantaged", "ks4_basics_95_disadvantaged")


def _same(*measures: str, phases: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(phases, measures)


_ATTENDANCE_FLAGS = (
    "Flagged when the school's whole 95 % interval lies in the highest fifth both of England's schools of its phase and of its similar "
    "schools. Overall, persistent and severe absence count once together."
)

INDICATORS: Final[dict[str, Indicator]] = {
    each.code: each
    for each in (
        Indicator(
            "ATT", "Attainment", "How pupils do at the end of primary or secondary school, against schools with a similar intake.",
            "%", Better.HIGHER, Origin.COMPUTED, MAINSTREAM,
            {PRIMARY: _KS2, SECONDARY: _KS4, ALL_THROUGH: (*_KS4, *_KS2)}, "the mean of similar schools",
            "Flagged when the school's 95 % interval lies wholly below the mean of its similar schools. Attainment and progress count once "
            "together.",
            _RESULTS_SMALL, Level.MEDIUM, "since 2015-16; none for 2019-20 and 2020-21, none for key stage 2 in 2021-22",
            "Department for Education, school performance tables", _TABLES,
        ),
        Indicator(
            "PRG", "Progress", "How far pupils came, against pupils across England with the same start.",
            "points", Better.HIGHER, Origin.COMPUTED, MAINSTREAM,
            {PRIMARY: _KS2_PROGRESS, SECONDARY: ("ks4_progress8",), ALL_THROUGH: ("ks4_progress8",)},
            "England's average, 0, and the mean of similar schools",
            "Flagged when the school's 95 % interval lies wholly below both England's average and the mean of its similar schools. "
            "Attainment and progress count once together.",
            _RESULTS_SMALL, Level.MEDIUM, "key stage 2: to 2022-23 but 2019-20 to 2020-21; Progress 8: to 2023-24 but those years",
            "Department for Education, school performance tables", _TABLES,
        ),
        Indicator(
            "TRD", "Trend", "Whether results have drifted away from England's over three school years.",
            "points", Better.HIGHER, Origin.COMPUTED, MAINSTREAM,
            {PRIMARY: _KS2, SECONDARY: _KS4, ALL_THROUGH: (*_KS4, *_KS2)}, "no change against England",
            "Flagged when the gap to England grew in two successive years and the whole change is beyond what chance does to cohorts of "
            "this size.",
            _RESULTS_SMALL, Level.MEDIUM, "where three successive years are published, in the same measure",
            "Department for Education, school performance tables", _TABLES,
        ),
        Indicator(
            "DIS", "Disadvantaged pupils", "How disadvantaged pupils do, against disadvantaged pupils in similar schools.",
            "%", Better.HIGHER, Origin.COMPUTED, MAINSTREAM,
            {PRIMARY: _KS2_DIS, SECONDARY: _KS4_DIS, ALL_THROUGH: (*_KS4_DIS, *_KS2_DIS)},
            "the mean of disadvantaged pupils in similar schools",
            "Flagged as attainment is. Where the figure is suppressed nothing is concluded: the results of all pupils stand in its place, "
            "with a question to ask.",
            _RESULTS_SMALL, Level.MEDIUM, "as attainment", "Department for Education, school performance tables", _TABLES,
        ),
        Indicator(
            "ABS", "Overall absence", "The share of possible sessions that pupils missed.",
            "%", Better.LOWER, Origin.COMPUTED, STATUTORY_AGE, _same("absence_overall", phases=STATUTORY_AGE),
            "the highest fifth of England's schools of the phase, and of similar schools", _ATTENDANCE_FLAGS, _RESULTS_SMALL, Level.MEDIUM,
            "each school year but 2019-20", "Department for Education, pupil absence in schools", _ABSENCE,
        ),
        Indicator(
            "PAB", "Persistent absence", "The share of pupils who missed a tenth or more of their sessions.",
            "%", Better.LOWER, Origin.COMPUTED, STATUTORY_AGE, _same("absence_persistent", phases=STATUTORY_AGE),
            "the highest fifth of England's schools of the phase, and of similar schools", _ATTENDANCE_FLAGS, _RESULTS_SMALL, Level.MEDIUM,
            "since 2015-16 in this meaning, but 2019-20", "Department for Education, pupil absence in schools", _ABSENCE,
        ),
        Indicator(
            "SEV", "Severe absence", "The share of pupils who missed half or more of their sessions.",
            "%", Better.LOWER, Origin.COMPUTED, STATUTORY_AGE, _same("absence_severe", phases=STATUTORY_AGE),
            "the highest fifth of England's schools of the phase, and of similar schools", _ATTENDANCE_FLAGS, _RESULTS_SMALL, Level.MEDIUM,
            "since 2019-20", "Department for Education, pupil absence in schools", _ABSENCE,
        ),
        Indicator(
            "SUS", "Suspensions and exclusions", "How many suspensions and permanent exclusions there were.",
            "suspensions", Better.LOWER, Origin.ENTERED, STATUTORY_AGE, {}, "the school three years ago",
            f"Flagged when they doubled over three years and there were at least {THRESHOLDS.suspensions_events}.",
            f"Under {THRESHOLDS.suspensions_events} suspensions nothing is flagged.", Level.MEDIUM, "each school year",
            "The school's own count; the Department publishes it by school", _SUSPENSIONS,
            "How many suspensions and exclusions were there in the last school year, and three years before?",
        ),
        Indicator(
            "INS", "Inspection", "What the latest inspection found, in the words of its day.",
            "", Better.NEITHER, Origin.COMPUTED, INSPECTED, {}, "",
            "High: a category of concern, safeguarding not met, or any urgent improvement. Medium: any area that needs attention; "
            "where that is leadership and governance and the inspection before was below good, the line says that the school may be "
            "stuck. Grades of earlier frameworks are shown and never converted.",
            "None are needed.", Level.HIGH, "every inspection; report cards since 10 November 2025",
            "Ofsted, management information on state-funded schools", _OFSTED,
        ),
        Indicator(
            "AGE", "Time since inspection", "How long ago the last graded inspection was, as far as the newest list of inspections tells.",
            "years", Better.LOWER, Origin.COMPUTED, INSPECTED, {}, f"{THRESHOLDS.age_years} years",
            f"Flagged when the last graded inspection is more than {THRESHOLDS.age_years} years ago.",
            "None are needed.", Level.MEDIUM, "every year", "Ofsted, management information on state-funded schools", _OFSTED,
        ),
        Indicator(
            "HD", "Headship", "Whether the school has a permanent headteacher, and for how long: a matter for help.",
            "", Better.NEITHER, Origin.ENTERED, PHASES, {}, "",
            "Medium, as a matter for help: a vacancy, an acting or interim head, or "
            f"{THRESHOLDS.head_changes} or more changes in three years. A head's first year is a note: it brings an offer of support. Why "
            "somebody is away is never asked or kept.",
            "None are needed.", Level.MEDIUM, "now", "The school", _CRITERIA,
            "Is the headship filled for good, and is this the head's first year?",
        ),
        Indicator(
            "STF", "Staffing", "Whether teaching posts are filled and teachers stay.",
            "", Better.NEITHER, Origin.ENTERED, PHASES, {}, "",
            "Flagged when core teaching posts are unfilled, or far more teachers left than usual.",
            "None are needed.", Level.MEDIUM, "this school year", "The school", _CRITERIA,
            "Are core teaching posts unfilled this term?",
        ),
        Indicator(
            "GOV", "Governance", "Whether the governing board or trustees are complete and can decide.",
            "", Better.NEITHER, Origin.ENTERED, PHASES, {}, "",
            f"Flagged when the chair is vacant, more than {THRESHOLDS.governor_vacancies_percent:.0f} % of places are vacant, or a meeting "
            "within the year could not decide.",
            "None are needed.", Level.MEDIUM, "this school year", "The school", _CRITERIA,
            "Is the chair filled, how many places are vacant, and did every meeting have a quorum?",
        ),
        Indicator(
            "ROL", "Rolls", "Whether the school is losing pupils.",
            "%", Better.HIGHER, Origin.EITHER, PHASES, _same("pupils_on_roll", phases=PHASES), "its own roll three years before",
            f"Flagged when the roll fell by {THRESHOLDS.rolls_fall_percent:.0f} % or more within {THRESHOLDS.rolls_years} years; or, where "
            f"entered, when more than {THRESHOLDS.places_unfilled_percent:.0f} % of places are unfilled or first preferences fell two "
            "years running.",
            _COUNTED, Level.MEDIUM, "each January", "Department for Education, school census", _PUPILS,
            "How many places are unfilled, and are first preferences falling?",
        ),
        Indicator(
            "FIN", "Finance", "Whether the school's budget stands.",
            "", Better.NEITHER, Origin.ENTERED, PHASES, {}, "",
            f"Flagged when there is a deficit, an in-year deficit two years running, or a plan that needs more than "
            f"{THRESHOLDS.recovery_years} years to balance.",
            "None are needed.", Level.MEDIUM, "this financial year", "The school or its trust", _DEFICITS,
            "Is there a deficit, and does the plan balance within three years?",
        ),
        Indicator(
            "CMP", "Complaints", "How many complaints were upheld: the number and the kind, never what or whom they were about.",
            "complaints", Better.LOWER, Origin.ENTERED, PHASES, {}, "",
            f"Flagged when {THRESHOLDS.complaints_in_year} or more were upheld within twelve months, or the number is rising.",
            "None are needed.", Level.MEDIUM, "the last twelve months", "The school or the local authority", _CRITERIA,
            "How many complaints were upheld in the last twelve months?",
        ),
        Indicator(
            "MOB", "Pupil movement", "How many of the oldest pupils joined in their last two years. There is often a good reason.",
            "%", Better.NEITHER, Origin.COMPUTED, (SECONDARY, ALL_THROUGH),
            _same("ks4_non_mobile_percent", phases=(SECONDARY, ALL_THROUGH)),
            "the highest twentieth of England's schools of the phase, and of similar schools",
            "Flagged when the school's whole 95 % interval lies in the highest twentieth both of England's schools of its phase and of its "
            "similar schools. The school's explanation stands beside it.",
            _RESULTS_SMALL, Level.MEDIUM, "since 2015-16", "Department for Education, school performance tables", _TABLES,
        ),
        Indicator(
            "SELF", "The school's own view", "The school's own request or its own view of eight areas. It counts in the school's favour.",
            "", Better.NEITHER, Origin.ENTERED, PHASES, {}, "",
            "Suggests a conversation by itself and adds nothing to any score.",
            "None are needed.", Level.NOTE, "this school year", "The school", _SURREY,
            "Would a conversation help, and in which areas?",
        ),
    )
}  # fmt: skip

#: Codes in the order in which a page shows them.
CODES: Final = tuple(INDICATORS)
#: Those that people may enter.
ENTERED: Final = tuple(each.code for each in INDICATORS.values() if each.origin is not Origin.COMPUTED)

#: Why a measure has no figures of a school year, for the years that a head would look for.
NOT_PUBLISHED: Final[dict[tuple[str, str], str]] = {
    **{
        (stage, year): "no results were published: examinations were cancelled"
        for stage in ("ks2", "ks4")
        for year in ("2019-20", "2020-21")
    },
    ("ks2", "2021-22"): "no school's key stage 2 results were published for this year",
    ("absence", "2019-20"): "no school's absence was published for the whole year",
}


def why_unpublished(measure: str, period: str) -> str:
    """Why no figure of a measure was published for a school year, as "2020-21"; empty where none is known."""
    return NOT_PUBLISHED.get((measure.partition("_")[0], period), "")


def measures_of(code: str, phase: str) -> tuple[str, ...]:
    """The measures that an indicator looks for at a school of this phase, in order of preference; none where it does not apply."""
    return INDICATORS[code].measures.get(phase, ())


def applies(code: str, phase: str) -> bool:
    """Whether an indicator is told of schools of this phase. Of a school of unknown phase, only what is told of all."""
    return phase in INDICATORS[code].phases or INDICATORS[code].phases == PHASES
