"""Why a line is flagged, not flagged, or cannot be told: one plain sentence each, and what a figure is held against, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from convenor.england.marks import Mark
from convenor.england.phases import ALL_THROUGH, NURSERY, PRIMARY, PRU, SECONDARY, SIXTEEN_PLUS, SPECIAL
from convenor.intelligence.rules.indicators import INDICATORS, THRESHOLDS
from convenor.intelligence.rules.told import Why
from convenor.registers.rules.columns import MARKS
from convenor.registers.rules.measures import MEASURES, Unit

SCHOOLS_OF: Final = {
    NURSERY: "nursery schools", PRIMARY: "primary schools", SECONDARY: "secondary schools", ALL_THROUGH: "all-through schools",
    SPECIAL: "special schools", PRU: "pupil referral units", SIXTEEN_PLUS: "16 to 19 schools",
}  # fmt: skip
#: What a suppressed figure of disadvantaged pupils brings instead: a fall-back that is named, and a question.
ASK_INSTEAD: Final = "The results of all pupils stand in its place. A question for the conversation: how do these few pupils do?"


#: Where a scored indicator's points come from, by the words of `rules.scoring`; nothing need be said where they are its own figure's.
POINTS_FROM: Final[dict[str, str]] = {
    "published": "",
    "partly withheld": "A part of what makes its points is withheld. That part counts as the greater of the middle and the mean of the "
    "school's other figures.",
    "withheld": "What makes its points is withheld. It counts as the greater of the middle and the mean of the school's other figures, so "
    "that a withheld figure is never better than a middling one.",
    "not published for these schools": "Nothing that makes its points is published, or is scored, for schools of this phase; it counts as "
    "the middle for all of them.",
    "attainment stands in": "No progress is published for this phase. Attainment, in part against schools of like intake, stands in "
    "for it.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers that a sentence may need; None where there is none. `other` is the second number of `told.Told`."""

    code: str
    phase: str
    why: int
    measure: str
    period: str
    value: float | None
    low: float | None
    high: float | None
    cohort: float | None
    comparator: float | None
    other: float | None
    pooled: bool
    estimated: bool


def unit_of(code: str, measure: str) -> str:
    """The unit of a line's value: its measure's; of the change of a roll, per cent."""
    if code == "ROL":
        return "%"
    return MEASURES[measure].unit.value if measure in MEASURES else INDICATORS[code].unit


def number(value: float | None, facts: Facts) -> str:
    """A number with its unit, as it stands in a sentence."""
    if value is None:
        return "unknown"
    unit = unit_of(facts.code, facts.measure)
    places = MEASURES[facts.measure].decimals if facts.measure in MEASURES and facts.code != "ROL" else 1
    said = f"{value:.{max(1, places)}f}".replace("-", "−")
    if facts.code == "TRD":
        return f"{said} {'percentage points' if unit == Unit.PERCENT else unit}"
    return f"{said} %" if unit == Unit.PERCENT else f"{said} {unit}"


def held_against(facts: Facts) -> str:
    """What the figure is held against, in words with its size; "" where nothing is."""
    if facts.comparator is None:
        return ""
    years = " over the same years" if facts.pooled else ""
    if facts.why in (Why.BELOW_SIMILAR, Why.NOT_BELOW_SIMILAR):
        schools = f"the mean of {_count(facts.other)} similar schools{years}"
        if facts.code == "PRG":
            return "England's average" if facts.comparator == 0 else schools
        return f"{schools}, disadvantaged pupils only" if facts.code == "DIS" else schools
    if facts.why in (Why.BEYOND_WORST, Why.NOT_BEYOND_WORST):
        part = _part(THRESHOLDS.exceptional_share if facts.code == "MOB" else THRESHOLDS.worst_share)
        if facts.other is not None and facts.other > 0:
            return f"the start of the highest {part} of {_count(facts.other)} similar schools (England's starts lower)"
        schools = SCHOOLS_OF.get(facts.phase, "schools")
        return f"the start of the highest {part} of England's {schools} (that of its similar schools is no higher)"
    if facts.code == "TRD":
        return "no change against England"
    if facts.code == "ROL":
        return f"a fall of {THRESHOLDS.rolls_fall_percent:.0f} % from {_count(facts.other)} pupils within {THRESHOLDS.rolls_years} years"
    return INDICATORS[facts.code].against


def sentence(facts: Facts) -> str:
    """Why the line is flagged or not, or why nothing can be said."""
    if facts.why >= Why.MARKED:
        return _marked(facts)
    if facts.why in _SILENT:
        return _SILENT[Why(facts.why)].format(**_words(facts))
    said = _TOLD[Why(facts.why)].format(**_words(facts))
    if facts.why == Why.NOT_BELOW_SIMILAR and facts.value is not None and facts.comparator is not None and facts.value >= facts.comparator:
        said = "Not below {comparator}, {against}.".format(**_words(facts))
    if facts.estimated:
        said += f" The file gives no number of pupils; the interval rests on an estimate of about {_count(facts.cohort)}."
    return said


def _words(facts: Facts) -> dict[str, str]:
    """The pieces of the sentences."""
    return {
        "value": number(facts.value, facts), "low": number(facts.low, facts), "high": number(facts.high, facts),
        "comparator": number(facts.comparator, facts), "against": held_against(facts), "other": _count(facts.other),
        "period": facts.period, "schools": SCHOOLS_OF.get(facts.phase, "schools"),
        "fall": f"{abs(facts.value or 0):.1f} %", "fewest": str(THRESHOLDS.fewest_similar), "hidden": str(THRESHOLDS.hidden_under),
        "name": INDICATORS[facts.code].name.lower() if facts.code in INDICATORS else facts.code,
    }  # fmt: skip


def _marked(facts: Facts) -> str:
    """A publisher's mark in words; where disadvantaged pupils' results are withheld, with the fall-back and the question."""
    mark = MARKS[facts.why - Why.MARKED]
    said = f"{facts.period}: {Mark(mark).says}." if mark in set(Mark) else f"{facts.period}: no figure."
    if mark == Mark.SUPPRESSED:
        said = f"{facts.period}: suppressed by the publisher, {Mark.SUPPRESSED.says}. A suppressed figure is not a good one."
    return f"{said} {ASK_INSTEAD}" if facts.code == "DIS" else said


def _count(value: float | None) -> str:
    return "no" if value is None else f"{value:,.0f}"


def _part(share: float) -> str:
    return {0.2: "fifth", 0.1: "tenth", 0.05: "twentieth"}.get(share, f"{100 * share:.0f} %")


_TOLD: Final = {
    Why.BELOW_SIMILAR: "The whole interval, up to {high}, lies below {comparator}, {against}.",
    Why.NOT_BELOW_SIMILAR: "Below {comparator}, {against}, but the interval reaches it: chance may be all that lies between.",
    Why.FELL_BEHIND: "Further behind England two years running, and by more than chance moves cohorts of this size.",
    Why.HELD_UP: "Not further behind England two years running.",
    Why.WITHIN_CHANCE: "Further behind England two years running, but by no more than chance moves cohorts of this size.",
    Why.BEYOND_WORST: "The whole interval, from {low}, lies beyond {comparator}, {against}.",
    Why.NOT_BEYOND_WORST: "The interval does not lie wholly beyond {comparator}, {against}.",
    Why.ROLL_FELL: "The roll fell by {fall}, from {other} pupils.",
    Why.ROLL_STANDS: "The roll was {other} pupils before; it has not fallen by a tenth.",
    Why.SAID: "",
}
_SILENT: Final = {
    Why.NOT_FOR_PHASE: "Not told of {schools}.",
    Why.NOT_LOADED: "Not loaded: no published file with these figures is here.",
    Why.NO_NATIONAL: "{period}: figures of only {other} of England's {schools} are loaded, so there is no England to hold them against.",
    Why.NO_FIGURE: "{period}: no figure of this school is in the loaded files.",
    Why.TOO_FEW: "{period}: fewer than {hidden} pupils: too few to show.",
    Why.TOO_FEW_ALONE: "{period}: {other} pupils: too few for one year, and no earlier year to add.",
    Why.NO_COHORT: "{period}: the number of pupils is not published, so chance cannot be told from difference.",
    Why.FEW_SIMILAR: "{period}: fewer than {fewest} similar schools have a figure.",
    Why.NO_THREE_YEARS: "Three successive school years of figures, up to {period}, are not loaded or not published.",
    Why.NO_EARLIER_ROLL: "{period}: no earlier roll within three years is loaded.",
    Why.NOT_ENTERED: "Not entered.",
    Why.NOT_INSPECTED: "No graded inspection with its day is in the loaded lists.",
    Why.TOO_OLD: "The newest loaded figures are too old to speak of today.",
}
