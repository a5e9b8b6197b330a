"""From columns of text to readings, whole columns at a time.

Every family of school figures is read alike: which rows are schools and which are areas, which columns hold which measure, what the marks
mean. A column has few different texts (a hundred percentages, some hundred scores), so each different text is read once and its figure is
spread over the rows: that is what makes a million figures a matter of seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenor.england.marks import Mark, Vocabulary
from convenor.england.numbers import NotANumberError, read_number
from convenor.england.regions import ENGLAND_CODE
from convenor.england.school_years import SchoolYear
from convenor.registers.rules.measures import Measure, measures_for
from convenor.registers.rules.recognise import UnknownEditionError, school_year
from convenor.registers.sources import Batch, Header, Hint, Parsed, Refusal, Refused

READING_COLUMNS = ("urn", "measure", "period", "value", "low", "high", "cohort", "mark")
AREA_COLUMNS = ("area_kind", "area_code", "measure", "period", "value", "mark")
ENGLAND = ENGLAND_CODE
#: All schools of England, independent ones too; `ENGLAND` alone is its state-funded schools.
ENGLAND_ALL_SCHOOLS = f"{ENGLAND_CODE}-all"
_URN = r"^[0-9]{5,8}$"
_REASON_LENGTH = 280
#: Up to this share of a column's numbers may be spelled unlike the rest for their rows to be thought out of place.
FEW = 0.2
OUT_OF_PLACE = "'{}' is not spelled as the column's other figures are (with or without a percent sign): the row's values are out of place"
#: Where there are no pupils, these marks say less than that.
_SILENT = pa.array([Mark.BLANK.value, Mark.NOT_APPLICABLE.value])


@dataclass(frozen=True, slots=True)
class Pick:
    """A measure and the columns of this file that hold it."""

    measure: Measure
    column: str
    period: str
    cohort: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """What an aggregate row is about. `group` is set where the row is of one kind of school only, as in `absence_overall.primary`."""

    kind: str
    code: str
    group: str = ""


@dataclass(frozen=True)
class Figures:
    """One column as read: a value or nan, the mark that stands for a missing value, which cells are neither, which have a percent sign."""

    values: np.ndarray
    marks: pa.Array
    broken: np.ndarray
    signed: np.ndarray


@dataclass
class Speech:
    """How a file speaks: whose marks, and which texts mean only that the mark was lost (`unknown`)."""

    vocabulary: Vocabulary = Vocabulary.PERFORMANCE_TABLES
    unknown: frozenset[str] = frozenset()


@dataclass
class Faults:
    """Rows that are refused, with the first reason found for each."""

    table: pa.Table
    urns: list[str]
    sheet: str = ""
    found: dict[int, Refusal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The line of the file of each row."""
        self.rows = self.table["_row"].to_numpy()

    def add(self, indices: np.ndarray, column: str, reason: str, *, quote: bool = True) -> None:
        """Refuse rows; `reason` may hold {} for the cell's text."""
        for index in indices.tolist():
            if index not in self.found:
                text = self.table[column][index].as_py()[:40] if quote and column in self.table.column_names else ""
                self.found[index] = Refusal(
                    int(self.rows[index]), reason.format(text)[:_REASON_LENGTH], self.urns[index][:20], column[:100], self.sheet
                )


def year_of(hint: Hint, content: str = "", *, least: int = 0, most: int = 9999, why: str = "") -> SchoolYear:
    """The school year of a file. `least` and `most` bound the first of its two years by what its columns allow.

    Raises `Refused`, with the remedy, when nothing says the year, when things contradict each other, or when the columns rule the year out.
    """
    try:
        year = school_year(content=content, file_name=hint.file_name, folders=hint.folders, as_at=hint.as_at)
    except UnknownEditionError as error:
        raise Refused(str(error)) from error
    if not least <= year.start_year <= most:
        raise Refused(
            f"The name or --as-at says {year.label}, but {why or 'its columns belong to other years'}. Check that it is the right file."
        )
    return year


def columns_by_lower(header: Header) -> dict[str, str]:
    """The first table's column names by their lower-case spelling: publishers change the case from year to year."""
    return {name.lower(): name for name in header.columns}


def picks_for(family: str, names: Sequence[str], period: str) -> list[Pick]:
    """Which of these columns hold measures of the family."""
    known = {name.lower(): name for name in names}

    def first(wanted: tuple[str, ...]) -> str:
        return next((known[name.lower()] for name in wanted if name.lower() in known), "")

    picks = []
    for measure in measures_for(family):
        column = first(measure.columns)
        if column:
            low, high = (first((name,)) if name else "" for name in (measure.low, measure.high))
            picks.append(Pick(measure, column, period, first(measure.cohort_columns), low, high))
    return picks


def coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column as its different texts and the place of each cell among them."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def read_column(column: pa.ChunkedArray, speech: Speech) -> Figures:
    """A column of text as figures."""
    encoded = coded(column)
    texts = encoded.dictionary.to_pylist()
    values, marks, broken = np.full(len(texts), np.nan), [""] * len(texts), np.zeros(len(texts), dtype=bool)
    signed = np.array([text.endswith("%") for text in texts], dtype=bool)
    for index, text in enumerate(texts):
        if text in speech.unknown:
            marks[index] = Mark.UNKNOWN.value
            continue
        try:
            figure = read_number(text, speech.vocabulary)
        except NotANumberError:
            broken[index] = True
            continue
        marks[index] = figure.mark
        if figure.value is not None:
            values[index] = round(figure.value, 6)
    at = encoded.indices.to_numpy()
    return Figures(values[at], pa.array(marks, pa.string()).take(encoded.indices), broken[at], signed[at])


class SchoolFigures:
    """One table of school figures, being read.

    `areas` says of each row number which area it is about, None for a school; `urn` names the column that says which school.
    """

    def __init__(
        self, table: pa.Table, picks: Sequence[Pick], *, urn: str, areas: dict[int, Area], speech: Speech, sheet: str = ""
    ) -> None:
        self.table, self.picks, self.areas, self.speech = table, picks, areas, speech
        self.urns: list[str] = table[urn].to_pylist()
        self.faults = Faults(table, self.urns, sheet)
        self._read: dict[str, Figures] = {}
        self.is_school = np.ones(table.num_rows, dtype=bool)
        self.is_school[list(areas)] = False
        self._check_urns(urn)
        self._check_areas_twice(urn)
        for pick in picks:
            self._check(pick)

    def refuse(self, rows: Sequence[int], column: str, reason: str) -> None:
        """Refuse rows for a reason of the family's own; `reason` may hold {} for the cell's text."""
        self.faults.add(np.array(rows, dtype=np.int64), column, reason)

    def figures(self, column: str) -> Figures:
        """A column, read once."""
        if column not in self._read:
            self._read[column] = read_column(self.table[column], self.speech)
        return self._read[column]

    def _check_urns(self, urn: str) -> None:
        text = self.table[urn]
        blank = pc.equal(text, "").to_numpy(zero_copy_only=False) if text.num_chunks == 1 else np.array([not u for u in self.urns])
        self.faults.add(np.flatnonzero(self.is_school & blank), urn, "the row names no school", quote=False)
        shaped = np.asarray(pc.match_substring_regex(text, _URN).combine_chunks().to_numpy(zero_copy_only=False), dtype=bool)
        self.faults.add(np.flatnonzero(self.is_school & ~shaped & ~blank), urn, "'{}' is not a URN")
        self._check_twice(urn)

    def _check_twice(self, urn: str) -> None:
        """A school that comes twice: once is enough where both rows say the same; where they differ, neither can be trusted."""
        if len(set(self.urns)) == len(self.urns):
            return
        seen: dict[str, list[int]] = {}
        for index in np.flatnonzero(self.is_school).tolist():
            seen.setdefault(self.urns[index], []).append(index)
        for indices in seen.values():
            if len(indices) > 1 and self.urns[indices[0]]:
                self._judge_repeats(indices, urn, "the file gives this URN more than once, with different figures")

    def _check_areas_twice(self, urn: str) -> None:
        """An area that comes twice, judged as a school that does."""
        if len(set(self.areas.values())) == len(self.areas):
            return
        seen: dict[Area, list[int]] = {}
        for index, area in self.areas.items():
            seen.setdefault(area, []).append(index)
        for indices in seen.values():
            if len(indices) > 1:
                self._judge_repeats(indices, urn, "the file gives this area more than once, with different figures")

    def _judge_repeats(self, indices: list[int], urn: str, differing: str) -> None:
        """Rows of one school or area: one is enough where all say the same; where they differ, none can be trusted."""
        names = [name for name in self.table.column_names if name != "_row"]
        rows = [self.table.select(names).slice(index, 1).to_pylist()[0] for index in indices]
        if all(row == rows[0] for row in rows):
            self.faults.add(np.array(indices[1:]), urn, f"the same row as row {int(self.faults.rows[indices[0]])}", quote=False)
        else:
            self.faults.add(np.array(indices), urn, differing, quote=False)

    def _check(self, pick: Pick) -> None:
        """Refuse rows whose figure is neither a number nor a mark, or is impossible."""
        measure, figures = pick.measure, self.figures(pick.column)
        self.faults.add(np.flatnonzero(figures.broken), pick.column, "'{}' is neither a number nor a mark of this publisher")
        with np.errstate(invalid="ignore"):
            outside = (figures.values < measure.least) | (figures.values > measure.most)
        words = f"'{{}}' is outside {measure.least:g} to {measure.most:g}, the bounds of this measure"
        if measure.is_share:
            words = "'{}' is not a share: a percentage lies between 0 and 100"
        self.faults.add(np.flatnonzero(outside & self.is_school), pick.column, words)
        self._check_place(pick.column, figures)
        for column in filter(None, (pick.low, pick.high)):
            self.faults.add(np.flatnonzero(self.figures(column).broken), column, "'{}' is neither a number nor a mark of this publisher")
        if pick.cohort:
            cohort = self.figures(pick.cohort)
            with np.errstate(invalid="ignore"):
                wrong = cohort.broken | (cohort.values < 0) | (cohort.values != np.floor(cohort.values)) & ~np.isnan(cohort.values)
            self.faults.add(np.flatnonzero(wrong), pick.cohort, "'{}' is not a number of pupils")

    def _check_place(self, column: str, figures: Figures) -> None:
        """Refuse the few rows that spell a number with a percent sign where all others do without, or the other way about.

        A file spells a column one way throughout. A row that does not has lost a value, and those behind it have moved up.
        """
        numbers = ~np.isnan(figures.values)
        total, signed = int(numbers.sum()), int((numbers & figures.signed).sum())
        if 0 < signed <= total * FEW:
            self.faults.add(np.flatnonzero(numbers & figures.signed), column, OUT_OF_PLACE)
        elif 0 < total - signed <= total * FEW:
            self.faults.add(np.flatnonzero(numbers & ~figures.signed), column, OUT_OF_PLACE)

    def parsed(self) -> Parsed:
        """The readings of schools, the readings of areas, the rows refused."""
        taken = self.is_school.copy()
        taken[list(self.faults.found)] = False
        rows = np.flatnonzero(taken)
        aggregates = {index: area for index, area in self.areas.items() if index not in self.faults.found}
        batches = [Batch("reading", READING_COLUMNS, table) for table in self._tables(rows)]
        if aggregates:
            batches.append(Batch("area_reading", AREA_COLUMNS, list(self._area_rows(aggregates))))
        refusals = sorted(self.faults.found.values(), key=lambda refusal: refusal.row)
        ends_with_school = bool(self.is_school.size) and bool(self.is_school[-1])
        return Parsed(batches, refusals, aggregate=len(aggregates), ends_with_school=ends_with_school)

    def _tables(self, rows: np.ndarray) -> Iterator[pa.Table]:
        """One table for each measure."""
        indices = pa.array(rows)
        urns = pa.array(self.urns, pa.string()).take(indices)
        for pick in self.picks:
            figures = self.figures(pick.column)
            values, marks = figures.values[rows], figures.marks.take(indices)
            cohort = self.figures(pick.cohort).values[rows] if pick.cohort else np.full(len(rows), np.nan)
            nobody = cohort == 0
            if nobody.any():
                silent = np.asarray(pc.is_in(marks, value_set=_SILENT).to_numpy(zero_copy_only=False), dtype=bool)
                nobody &= ~np.isnan(values) | silent
                values = np.where(nobody, np.nan, values)
                marks = pc.if_else(pa.array(nobody), Mark.NO_PUPILS.value, marks)
            low, high = (self.figures(name).values[rows] if name else np.full(len(rows), np.nan) for name in (pick.low, pick.high))
            yield pa.table(
                {
                    "urn": urns,
                    "measure": pa.repeat(pick.measure.key, len(rows)),
                    "period": pa.repeat(pick.period, len(rows)),
                    "value": _floats(values),
                    "low": _floats(np.where(np.isnan(values), np.nan, low)),
                    "high": _floats(np.where(np.isnan(values), np.nan, high)),
                    "cohort": _floats(cohort).cast(pa.int32()),
                    "mark": marks,
                }
            )

    def _area_rows(self, aggregates: dict[int, Area]) -> Iterator[tuple[str, str, str, str, float | None, str]]:
        """The figures of areas, without those left blank there."""
        for index, area in aggregates.items():
            for pick in self.picks:
                ends = {"": pick.column, ".low": pick.low, ".high": pick.high}
                for suffix, column in ends.items():
                    if not column:
                        continue
                    figures = self.figures(column)
                    value, mark = float(figures.values[index]), figures.marks[index].as_py()
                    if not (mark and (suffix or mark == Mark.BLANK)):
                        group = f".{area.group}" if area.group else ""
                        key = f"{pick.measure.key}{group}{suffix}"
                        yield area.kind, area.code, key, pick.period, None if mark else value, mark


def _floats(values: np.ndarray) -> pa.Array:
    """An array in which not-a-number is nothing."""
    return pa.array(values, pa.float64(), mask=np.isnan(values))
