"""Plain tables of figures and of inspection outcomes, as anybody can write them: what is taken, what is set aside, and why.

Figures: `urn,period,indicator,value,cohort,mark`, the indicator by the publisher's own column name (PTRWM_EXP, P8MEA, PERCTOT ...), the
period a school year. Outcomes: `urn,inspected_on,kind,grade`, the kind `overall` or `quality_of_education`. A table that lacks a column or
holds no row is refused whole. A row that cannot be true is set aside and counted by reason; nothing is guessed, and a withheld figure stays
withheld whatever number stands beside its mark.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import nan
from typing import Final

from convenor.england.dates import NotADateError, read_date
from convenor.england.identifiers import NotAnIdentifierError, read_urn
from convenor.england.inspections import OVERALL_GRADE_ENDED_ON, read_grade
from convenor.england.marks import Mark, Vocabulary, mark_of
from convenor.england.numbers import NotANumberError, read_number
from convenor.england.school_years import NotASchoolYearError, read_school_year
from convenor.intelligence.rules.weights import CURRENT, LIKE_INTAKE, STARTING_POINT
from convenor.registers.rules.measures import Measure, measure_of_column

FEATURE_COLUMNS: Final = ("urn", "period", "indicator", "value")  # cohort and mark may be left out, and are then not known
OUTCOME_COLUMNS: Final = ("urn", "inspected_on", "kind", "grade")
OVERALL, QUALITY_OF_EDUCATION = "overall", "quality_of_education"

#: The measures that the score may use, those it compares by, and the numbers of pupils behind them: all that a back-test reads.
USED: Final[frozenset[str]] = frozenset(
    [measure for family in CURRENT.families for slot in family.slots for measure in slot]
    + [measure for slot in (*STARTING_POINT, *LIKE_INTAKE) for measure in slot]
    + ["ks2_cohort", "ks4_cohort", "pupils_on_roll", "ehcp_percent"]
)

# Why a row of figures is set aside.
BAD_URN: Final = "the URN is not six digits"
BAD_PERIOD: Final = "the period is not a school year such as 2017-18"
BAD_VALUE: Final = "the value is no number and no mark"
IMPOSSIBLE: Final = "the value cannot be true of its indicator"
BAD_COHORT: Final = "the cohort is not a number of pupils"
UNKNOWN_MARK: Final = "the mark is none that we know"
TWICE: Final = "given twice with different values: neither is taken"
AGAIN: Final = "given twice alike: taken once"
# Why a row of outcomes is set aside.
BAD_DATE: Final = "the day of the inspection is not a date"
NOT_GRADED: Final = "a visit without grades, or of a kind that we do not use"
NO_GRADE: Final = "the grade is not 1 to 4"
QUALITY_BEFORE: Final = "quality of education before September 2024, when the overall grade counts"


class PlainTableError(ValueError):
    """A table that cannot be used at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure: its value, nan where withheld, and the pupils behind it, nan where not told."""

    value: float
    cohort: float


#: Figures by school year (its first year), measure and URN.
Readings = dict[int, dict[str, dict[str, Reading]]]


@dataclass(frozen=True)
class FeatureTable:
    """Figures ready for use. `rows` were read; `left` counts the rows of indicators that we do not use, `set_aside` the others by reason.
    `name` says where they come from."""

    name: str
    readings: Readings
    rows: int = 0
    left: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def years(self) -> list[int]:
        """The school years of which there are figures, by their first year."""
        return sorted(self.readings)


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """One graded inspection: the school as it was then, the day it began, what was graded, and the grade."""

    urn: str
    inspected_on: date
    kind: str
    grade: int

    @property
    def weak(self) -> bool:
        """Requires improvement (3) or inadequate (4): overall, or from September 2024 for the quality of education."""
        return self.grade >= 3


@dataclass(frozen=True)
class OutcomeTable:
    """Outcomes ready for use; `rows` were read, `set_aside` counts the rest by reason."""

    name: str
    outcomes: tuple[Outcome, ...]
    rows: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)


def _table(lines: Iterable[str], needed: tuple[str, ...], name: str) -> Iterator[dict[str, str]]:
    """The rows of a table by lower-case column name. Raises PlainTableError for a table without the needed columns."""
    reader = csv.reader(line.removeprefix("\ufeff").replace("\0", "") for line in lines)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        missing = [column for column in needed if column not in header]
        if missing:
            raise PlainTableError(
                f"{name} has no column {', '.join(missing)}. It needs a header line with {','.join(needed)}, in any order."
            )
        for row in reader:
            if any(cell.strip() for cell in row):
                yield dict(zip(header, [cell.strip() for cell in [*row, *[""] * len(header)]], strict=False))
    except csv.Error as error:
        raise PlainTableError(f"{name} is not a comma-separated table: {error}. Save it as CSV with UTF-8 text.") from error
    except UnicodeDecodeError as error:
        raise PlainTableError(f"{name} is not text in UTF-8. Save it as CSV with UTF-8 text.") from error


@lru_cache(maxsize=4096)
def _measure(column: str) -> Measure | None:
    """The used measure that a publisher's column holds."""
    measure = measure_of_column(column)
    return measure if measure is not None and measure.key in USED else None


def _withheld(mark: str) -> bool:
    """Whether a mark says that a figure is withheld. Raises KeyError for a mark that is none."""
    if not mark:
        return False
    known = {each.value for each in Mark}
    if mark.lower() in known or mark_of(mark) is not None or mark_of(mark, Vocabulary.STATISTICS) is not None:
        return True
    raise KeyError(mark)


def _reading(row: Mapping[str, str], measure: Measure) -> Reading | str:
    """The figure of a row, or why it cannot be taken."""
    try:
        withheld = _withheld(row.get("mark", ""))
    except KeyError:
        return UNKNOWN_MARK
    try:
        value = read_number(row["value"]).value
    except NotANumberError:
        return BAD_VALUE
    if value is not None and not measure.least <= value <= measure.most:
        return IMPOSSIBLE
    try:
        cohort = read_number(row.get("cohort", "")).value
    except NotANumberError:
        return BAD_COHORT
    if cohort is not None and cohort < 0:
        return BAD_COHORT
    return Reading(nan if withheld or value is None else value, cohort if cohort else nan)


def _alike(one: Reading, other: Reading) -> bool:
    """Whether two readings say the same, missing parts included."""
    return all(a == b or (a != a and b != b) for a, b in ((one.value, other.value), (one.cohort, other.cohort)))


def read_features(lines: Iterable[str], name: str = "the table of figures") -> FeatureTable:
    """The figures of a plain table. Raises PlainTableError for a table that lacks a column, is no table, or holds nothing we can use."""
    readings: Readings = {}
    set_aside: Counter[str] = Counter()
    rows = left = 0
    clashing: set[tuple[int, str, str]] = set()
    for row in _table(lines, FEATURE_COLUMNS, name):
        rows += 1
        measure = _measure(row["indicator"])
        if measure is None:
            left += 1
            continue
        try:
            urn, year = read_urn(row["urn"]), read_school_year(row["period"]).start_year
        except NotAnIdentifierError:
            set_aside[BAD_URN] += 1
            continue
        except NotASchoolYearError:
            set_aside[BAD_PERIOD] += 1
            continue
        found = _reading(row, measure)
        if isinstance(found, str):
            set_aside[found] += 1
            continue
        here = readings.setdefault(year, {}).setdefault(measure.key, {})
        if urn not in here:
            here[urn] = found
        elif (year, measure.key, urn) in clashing or not _alike(here[urn], found):
            set_aside[TWICE] += 1 if (year, measure.key, urn) in clashing else 2
            clashing.add((year, measure.key, urn))
            here[urn] = Reading(nan, nan)
        else:
            set_aside[AGAIN] += 1
    if not readings:
        why = (
            "; ".join(f"{number} rows: {reason}" for reason, number in set_aside.items()) or f"{left} rows of indicators that we do not use"
        )
        raise PlainTableError(f"{name} holds no figure that we can use ({why if rows else 'no rows'}).")
    return FeatureTable(name, readings, rows, left, dict(set_aside))


def _outcome(row: Mapping[str, str]) -> Outcome | str:
    """The outcome of a row, or why it cannot be taken."""
    try:
        urn, day = read_urn(row["urn"]), read_date(row["inspected_on"])
    except NotAnIdentifierError:
        return BAD_URN
    except NotADateError:
        return BAD_DATE
    if day is None:
        return BAD_DATE
    kind = row["kind"].lower().replace(" ", "_")
    if kind not in (OVERALL, QUALITY_OF_EDUCATION):
        return NOT_GRADED
    if kind == QUALITY_OF_EDUCATION and day < OVERALL_GRADE_ENDED_ON:
        return QUALITY_BEFORE
    grade = read_grade(row["grade"])
    return Outcome(urn, day, kind, int(grade)) if grade else NO_GRADE


def read_outcomes(lines: Iterable[str], name: str = "the table of outcomes") -> OutcomeTable:
    """The outcomes of a plain table, oldest first. Raises PlainTableError as `read_features` does."""
    found: dict[tuple[str, date, str], Outcome] = {}
    clashing: set[tuple[str, date, str]] = set()
    set_aside: Counter[str] = Counter()
    rows = 0
    for row in _table(lines, OUTCOME_COLUMNS, name):
        rows += 1
        outcome = _outcome(row)
        if isinstance(outcome, str):
            set_aside[outcome] += 1
            continue
        key = (outcome.urn, outcome.inspected_on, outcome.kind)
        if key in clashing:
            set_aside[TWICE] += 1
        elif key not in found:
            found[key] = outcome
        elif found[key] == outcome:
            set_aside[AGAIN] += 1
        else:
            del found[key]
            clashing.add(key)
            set_aside[TWICE] += 2
    if not found:
        why = "; ".join(f"{number} rows: {reason}" for reason, number in set_aside.items()) or "no rows"
        raise PlainTableError(f"{name} holds no outcome that we can use ({why}).")
    ordered = sorted(found.values(), key=lambda each: (each.inspected_on, each.urn, each.kind))
    return OutcomeTable(name, tuple(ordered), rows, dict(set_aside))
