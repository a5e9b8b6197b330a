"""A school's lines as a page says them: which stand out, which do not, of which nothing can be said, and what the score is made of. Pure.

Nothing is worked out here: a line's words, figures and edition are the assessment's own, put into the order in which a head reads them.
A frozen assessment and today's are shown by the same words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from convenor.intelligence.rules.indicators import INDICATORS, THRESHOLDS, Indicator, Origin
from convenor.intelligence.rules.lines import SELF, SOFT_SIGNAL, Assessment, Level, Line
from convenor.intelligence.rules.weights import CURRENT
from convenor.registers.rules.measures import MEASURES, Unit

#: What each level means, said beside the line.
LEVEL_SAYS: Final[dict[Level, str]] = {
    Level.HIGH: "suggests a conversation by itself",
    Level.MEDIUM: "three of these together suggest a conversation",
    Level.NOTE: "worth knowing, and never counts",
}
#: The order in which lines that do not stand out are read.
GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Results", ("ATT", "PRG", "TRD", "DIS")),
    ("Attendance", ("ABS", "PAB", "SEV", "SUS")),
    ("Inspection", ("INS", "AGE")),
    ("People and places", ("HD", "STF", "GOV", "ROL", "FIN", "CMP", "MOB", SOFT_SIGNAL, SELF)),
)
SOFT_SIGNAL_NAME: Final = "Soft signal"
#: Attendance is a matter of few per cent, results of many, and a change runs both ways: each has its scale.
_SCALES: Final = {"TRD": "change", "ROL": "change", "ABS": "sessions", "PAB": "absence", "SEV": "absence"}
#: Shares that are of sessions, or changes: their pupils are said beside the figure, which is not a share of them.
_OF_NOBODY: Final = ("ABS", "TRD", "ROL")


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line in words. `strip` says whether there is anything to draw; texts are empty where there is nothing to say, or where the line's
    own sentence says it already."""

    code: str
    name: str
    about: str
    level: Level | None
    level_says: str
    says: str
    figure: str
    figure_of: str
    pupils: str
    of_pupils: bool
    interval: str
    year: str
    comparator: str
    comparator_says: str
    points: str
    care: str
    measured: str
    flags: str
    small_numbers: str
    source: str
    link: str
    edition: str
    entered: bool
    strip: bool
    value: float | None
    low: float | None
    high: float | None
    against: float | None
    unit: str
    scale: str

    @property
    def flagged(self) -> bool:
        """Whether it stands out."""
        return self.level is not None


@dataclass(frozen=True, slots=True)
class Silent:
    """An indicator of which nothing can be said, why, and what was asked instead."""

    code: str
    name: str
    reason: str
    asks: str
    points: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: its name, and how many of its most points."""

    code: str
    name: str
    points: str
    maximum: int
    share: float


@dataclass(frozen=True, slots=True)
class Shown:
    """All lines of a school as a page has them. `quiet` is by subject."""

    out: tuple[LineShown, ...]
    quiet: tuple[tuple[str, tuple[LineShown, ...]], ...]
    silent: tuple[Silent, ...]
    suggested: bool
    suggested_by: tuple[str, ...]
    score: str
    score_maximum: str
    uncertainty: str
    parts: tuple[Part, ...]

    @property
    def told(self) -> tuple[LineShown, ...]:
        """Every line of which something can be said, those that stand out first."""
        return (*self.out, *(line for _name, lines in self.quiet for line in lines))


def name_of(code: str) -> str:
    """What an indicator, a soft signal or a part of the score is called."""
    if code in INDICATORS:
        return INDICATORS[code].name
    if code == SOFT_SIGNAL:
        return SOFT_SIGNAL_NAME
    return next((family.name for family in CURRENT.families if family.code == code), code)


def shown(assessment: Assessment) -> Shown:
    """The lines of an assessment, today's or a frozen one, as its page says them."""
    missing = {each.code for each in assessment.not_assessable}
    lines = [_line(line) for line in assessment.lines if line.told or line.code not in missing]
    out = tuple(sorted((line for line in lines if line.flagged), key=_weight))
    quiet = [line for line in lines if not line.flagged]
    grouped = [(name, tuple(line for line in quiet if line.code in codes)) for name, codes in GROUPS]
    known = {code for _name, codes in GROUPS for code in codes}
    others = tuple(line for line in quiet if line.code not in known)
    return Shown(
        out=out,
        quiet=tuple((name, found) for name, found in (*grouped, ("Other", others)) if found),
        silent=_silent(assessment),
        suggested=assessment.suggested,
        suggested_by=tuple(name_of(code) for code in assessment.suggested_by),
        score=number(assessment.score, 1),
        score_maximum=number(assessment.score_maximum, 0),
        uncertainty=number(assessment.uncertainty, 1) if assessment.uncertainty >= 0.05 else "",
        parts=_parts(assessment.lines),
    )


def _weight(line: LineShown) -> int:
    """Lines that stand out in the order of their levels; within one, in the catalogue's."""
    return list(Level).index(line.level) if line.level is not None else len(Level)


def _silent(assessment: Assessment) -> tuple[Silent, ...]:
    """Each indicator of which nothing can be said, with its reason and its question."""
    lines = {line.code: line for line in assessment.lines}
    found = []
    for each in assessment.not_assessable:
        line, entry = lines.get(each.code), INDICATORS.get(each.code)
        points = _points(line) if line is not None else ""
        found.append(Silent(each.code, name_of(each.code), _inside(each.reason), entry.asks if entry else "", points))
    return tuple(found)


def _inside(reason: str) -> str:
    """A sentence as it stands after a colon: with a small letter, without its full stop."""
    small = reason[:1].lower() + reason[1:] if reason[1:3].islower() else reason
    return small.rstrip(".")


def _parts(lines: Iterable[Line]) -> tuple[Part, ...]:
    return tuple(
        Part(
            line.code, name_of(line.code), number(line.contribution, 1), line.maximum,
            round(100 * line.contribution / line.maximum, 1),
        )
        for line in lines
        if line.maximum
    )  # fmt: skip


def _line(line: Line) -> LineShown:
    """One line in words."""
    entry = INDICATORS.get(line.code)
    measure = MEASURES.get(line.measure)
    entered = not line.edition and not line.measure and (entry is None or entry.origin is not Origin.COMPUTED)
    interval = line.value is not None and line.low is not None and line.high is not None
    said = bool(line.comparator_says) and line.comparator_says in line.says
    return LineShown(
        code=line.code,
        name=name_of(line.code),
        about=entry.says if entry else "",
        level=line.level,
        level_says=LEVEL_SAYS[line.level] if line.level is not None else "",
        says=line.says,
        figure=_figure(line, line.value),
        figure_of=measure.name if measure is not None else "",
        pupils=_pupils(line),
        of_pupils=line.unit == "%" and line.code not in _OF_NOBODY,
        interval=f"{_figure(line, line.low)} to {_figure(line, line.high)}" if interval else "",
        year=_years(line),
        comparator="" if said else _figure(line, line.comparator),
        comparator_says="" if said or line.comparator_says == _figure(line, line.comparator) else line.comparator_says,
        points=_points(line),
        care=f"Fewer than {THRESHOLDS.care_under} pupils: to be read with care." if line.care else "",
        measured=measure.says if measure is not None else "",
        flags=entry.flags if entry else "",
        small_numbers=entry.small_numbers if entry else "",
        source=_source(entry, line),
        link=entry.link if entry and not entered else "",
        edition=line.edition,
        entered=entered,
        strip=interval or (line.value is not None and line.comparator is not None),
        value=line.value,
        low=line.low,
        high=line.high,
        against=line.comparator,
        unit=line.unit,
        scale=_SCALES.get(line.code, line.unit),
    )


def _source(entry: Indicator | None, line: Line) -> str:
    if line.measure in MEASURES:
        return MEASURES[line.measure].source
    return entry.source if entry else ""


def _years(line: Line) -> str:
    """2023/24, or 2021/22 to 2023/24 together."""
    years = [period_says(period) for period in (line.periods or (line.period,)) if period]
    if not years:
        return ""
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}{' together' if line.pooled else ''}"


def period_says(period: str) -> str:
    """2023/24 of a school year, 30 September 2026 of a day; anything else as it stands."""
    try:
        day = date.fromisoformat(period)
    except ValueError:
        return period.replace("-", "/") if len(period) == len("2023-24") else period
    return f"{day.day} {day:%B %Y}"


def _pupils(line: Line) -> str:
    """How many pupils a figure is about, where it is about a cohort."""
    measure = MEASURES.get(line.measure)
    if line.cohort is None or (measure is not None and measure.unit is Unit.PUPILS):
        return ""
    count = f"{line.cohort:,} pupil{'' if line.cohort == 1 else 's'}"
    return f"{count}, {len(line.periods)} years together" if line.pooled and len(line.periods) > 1 else count


def _points(line: Line) -> str:
    """ "12.4 of at most 30 points", and where they come from if not from its own figure; empty for what adds no points."""
    if not line.maximum:
        return ""
    return f"{number(line.contribution, 1)} of at most {line.maximum} points" + (
        f". {line.points_says}".rstrip(".") if line.points_says else ""
    )


def _figure(line: Line, value: float | None) -> str:
    """A value with its unit: 52%, 46.8 points, 6.2 years."""
    if value is None:
        return ""
    measure = MEASURES.get(line.measure)
    places = measure.decimals if measure is not None else 1
    if line.unit != "%" and value == int(value):
        places = 0
    text = number(value, places)
    if line.unit in ("", "%"):
        return f"{text}{line.unit}"
    return f"{text} {line.unit[:-1] if value == 1 and line.unit.endswith('s') else line.unit}"


def number(value: float, places: int) -> str:
    """A number as a page writes it, with a true minus sign."""
    text = f"{value:,.{places}f}"
    return (text.lstrip("-") if not text.strip("-0.,") else text).replace("-", "\N{MINUS SIGN}")
