"""Pupil numbers from 2006/07 to 2016/17: one archive of three tables, of schools, of authorities, of England.

Schools stand by LAESTAB alone. A number is given to the school that bore it and was open on the day of that January's census; where an
academy has since taken the number over and its predecessor is not in the register, to the academy, whose history it is. Middle schools
stand twice in some years, once with all their pupils and once with none: the row with none is refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa

from convenor.england.marks import Vocabulary
from convenor.england.school_years import NotASchoolYearError, SchoolYear, read_school_year
from convenor.registers.rules.measures import MEASURES
from convenor.registers.sources import MATCHED, Batch, EditionFacts, Header, Hint, Known, KnownSchool, OpenedFile, Parsed, Refused, Source
from convenor.registers.sources.figures import AREA_COLUMNS, ENGLAND, READING_COLUMNS, Faults, Figures, Speech, coded, read_column
from convenor.registers.sources.performance_tables import DFE

PUPILS = "pupils_on_roll"
NO_BEARER = "no school of the register bears or bore this number"
NO_REGISTER = "This file names schools by LAESTAB, and no school of the register has one yet. Load a register of schools (GIAS or "
"Ofsted), then this."
#: Kinds of school as the areas' rows name them, and the ending of the measure's key.
GROUPS = {"total": "", "state-funded primary": ".primary", "state-funded secondary": ".secondary", "special": ".special"}
#: What is taken of the authorities' table: its characteristic and our measure.
CHARACTERISTICS = {
    "FSM_Eligible": "fsm_eligible_pupils",
    "SEN_provision_SEN_with_statement_EHC": "ehcp_pupils",
    "SEN_provision_SEN_without_statement": "sen_support_pupils",
}
SPEECH = Speech(Vocabulary.FIRST_RELEASE)
AreaRow = tuple[str, str, str, str, float | None, str]


def _sheets(header: Header) -> tuple[str | None, str | None, str | None]:
    return (
        header.sheet_with("laestab", "headcount", "level"),
        header.sheet_with("characteristic", "old_la_code", "headcount"),
        header.sheet_with("characteristic_1", "headcount"),
    )


def _edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    years = sorted(filter(None, map(_year, set(file.peek(_sheets(file.header)[0])["year"].to_pylist()))))
    if not years:
        raise Refused("No row of the table of schools names a school year. Check that it is the right file.")
    if hint.as_at and not years[0].starts_on <= hint.as_at <= years[-1].ends_on:
        raise Refused(f"The file's content is of {years[0]} to {years[-1]}, and --as-at {hint.as_at} lies outside. Leave --as-at out.")
    return EditionFacts(
        f"Pupil numbers, {years[0]} to {years[-1]}", years[-1].census_on, note="Each year's figures are of its own January census."
    )


@cache
def _year(text: str) -> SchoolYear | None:
    try:
        return read_school_year(text)
    except NotASchoolYearError:
        return None


def bearer(schools: list[KnownSchool], day: date) -> tuple[str, str]:
    """Which of the schools that bear or bore a number it meant on a day: its URN, or nothing and the reason."""
    then = [s for s in schools if (s.opened_on is None or s.opened_on <= day) and (s.closed_on is None or s.closed_on > day)]
    if len(then) == 1:
        return then[0].urn, ""
    if then:
        return "", f"{len(then)} schools of the register bore this number on {day}"
    later = sorted((s for s in schools if s.opened_on and s.opened_on > day), key=lambda s: s.opened_on or day)
    if later:
        return later[0].urn, ""
    if schools:
        return "", f"the schools that bore this number had closed by {day}"
    return "", NO_BEARER


class _Schools:
    """The rows of schools, each given to its school."""

    def __init__(self, table: pa.Table, known: tuple[KnownSchool, ...], sheet: str) -> None:
        self.table, self.figures = table, read_column(table["headcount"], SPEECH)
        self.numbers, self.years = texts(table["laestab"]), texts(table["year"])
        self.is_school = np.array([level.lower() == "school" for level in texts(table["level"])], dtype=bool)
        self.faults = Faults(table, [""] * table.num_rows, sheet)
        self._by_number: dict[str, list[KnownSchool]] = defaultdict(list)
        for school in known:
            for number in school.laestabs:
                self._by_number[number].append(school)
        self._days = {text: year.census_on for text in set(self.years) if (year := _year(text))}
        self._periods = {text: year.label for text in self._days if (year := _year(text))}

    def _bearer(self, number: str, year: str) -> tuple[str, str]:
        schools = self._by_number.get(number)
        if not schools:
            return "", NO_BEARER
        if len(schools) == 1 and schools[0].closed_on is None:
            return schools[0].urn, ""
        return bearer(schools, self._days[year])

    def batch(self) -> Batch:
        """The readings; the rows that cannot be taken go to the faults."""
        self._check()
        rows: list[int] = []
        urns: list[str] = []
        seen: dict[tuple[str, str], int] = {}
        found, numbers, years = self.faults.found, self.numbers, self.years
        for index in np.flatnonzero(self.is_school).tolist():
            if index in found:
                continue
            urn, reason = self._bearer(numbers[index], years[index])
            if urn:
                first = seen.setdefault((urn, years[index]), index)
                if first != index:
                    reason = f"the school stands in row {self.faults.rows[first]} already for this year, under its number of then"
            if reason:
                self.faults.add(np.array([index]), "laestab", f"{numbers[index]}: {reason}", quote=False)
                continue
            rows.append(index)
            urns.append(urn)
        periods = [self._periods[years[index]] for index in rows]
        return Batch("reading", READING_COLUMNS, self._readings(np.array(rows, dtype=np.int64), urns, periods))

    def _readings(self, rows: np.ndarray, urns: list[str], periods: list[str]) -> pa.Table:
        values, nothing = self.figures.values[rows], pa.nulls(len(rows), pa.float64())
        columns = {
            "urn": pa.array(urns, pa.string()),
            "measure": pa.repeat(PUPILS, len(rows)),
            "period": pa.array(periods, pa.string()),
            "value": pa.array(values, pa.float64(), mask=np.isnan(values)),
            "low": nothing,
            "high": nothing,
            "cohort": pa.nulls(len(rows), pa.int32()),
            "mark": self.figures.marks.take(pa.array(rows)),
        }
        return pa.table(columns)

    def _check(self) -> None:
        measure = MEASURES[PUPILS]
        with np.errstate(invalid="ignore"):
            wild = self.is_school & ((self.figures.values < measure.least) | (self.figures.values > measure.most))
        self.faults.add(np.flatnonzero(self.figures.broken), "headcount", "'{}' is neither a number nor a mark of this publisher")
        self.faults.add(np.flatnonzero(wild), "headcount", "'{}' is no number of pupils that a school can have")
        self.faults.add(
            np.array([i for i, year in enumerate(self.years) if year is None], dtype=np.int64), "year", "'{}' is not a school year"
        )
        short = [i for i in np.flatnonzero(self.is_school).tolist() if len(self.numbers[i]) != 7 or not self.numbers[i].isdigit()]
        self.faults.add(np.array(short, dtype=np.int64), "laestab", "'{}' is not a LAESTAB")
        self._check_twice()

    def _check_twice(self) -> None:
        """A school that stands twice in a year: the row that counts its pupils is taken; where several do, none can be."""
        keys = list(zip(self.numbers, self.years, self.is_school.tolist(), strict=True))
        twice = {key for key, times in Counter(keys).items() if times > 1 and key[2]}
        rows: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
        for index in (index for index, key in enumerate(keys) if key in twice):
            rows[keys[index]].append(index)
        for indices in rows.values():
            some = [index for index in indices if self.figures.values[index] > 0]
            if len(some) == 1:
                wrong, reason = [index for index in indices if index not in some], "and its other row counts its pupils"
            else:
                wrong, reason = indices, "and which row is right cannot be known"
            self.faults.add(np.array(wrong), "laestab", f"{{}} stands more than once in this year, {reason}")


def texts(column: pa.ChunkedArray) -> list[str]:
    """A column's cells, each different text held once: these tables are long and say little."""
    encoded = coded(column)
    words = encoded.dictionary.to_pylist()
    return [words[index] for index in encoded.indices.to_pylist()]


@cache
def area_of(level: str, region: str, authority: str) -> tuple[str, str] | None:
    """The kind and code of the area that a row is about; None for a row that names none."""
    match level.lower():
        case "national":
            return "england", ENGLAND
        case "region":
            return ("region", region) if region.startswith("E1") else None
        case "local authority":
            return ("authority", authority) if len(authority) == 3 and authority.isdigit() else None
    return None


class _Areas:
    """The rows of areas in one of the tables."""

    def __init__(self, table: pa.Table, faults: Faults, measures: dict[str, str], characteristic: str = "") -> None:
        self.table, self.faults, self.measures, self.characteristic = table, faults, measures, characteristic
        self.count = 0

    def rows(self, indices: list[int], figures: Figures) -> Iterator[AreaRow]:
        """One figure for each row of a measure that we keep; rows that name no area go to the faults. `count` is complete afterwards."""
        names = self.table.column_names
        columns = [texts(self.table[name]) if name in names else [""] * len(figures.values)
                   for name in ("level", "region_code", "old_la_code", "school_type", "year")]  # fmt: skip
        kinds = texts(self.table[self.characteristic]) if self.characteristic else None
        for index in indices:
            level, region, authority, group, year = (column[index] for column in columns)
            area, period = area_of(level, region, authority), _year(year)
            if index in self.faults.found:
                continue
            if area is None or period is None or group.lower() not in GROUPS:
                self.faults.add(np.array([index]), "level", "'{}' row that names no area, no school year or no kind of school")
                continue
            self.count += 1
            measure = self.measures.get(kinds[index] if kinds else "", "")
            if measure:
                mark = figures.marks[index].as_py()
                value = None if mark else float(figures.values[index])
                yield (*area, measure + GROUPS[group.lower()], period.label, value, mark)


def _parse(file: OpenedFile, _facts: EditionFacts, known: Known) -> Parsed:
    of_schools, of_authorities, of_england = _sheets(file.header)
    register = known.schools()
    if not any(school.laestabs for school in register):
        raise Refused(NO_REGISTER)
    schools = _Schools(file.frame(of_schools), register, of_schools or "")
    parsed = Parsed([schools.batch()])
    areas = _Areas(schools.table, schools.faults, {"": PUPILS})
    rows = list(areas.rows(np.flatnonzero(~schools.is_school).tolist(), schools.figures))
    parsed.refusals += schools.faults.found.values()
    parsed.aggregate += areas.count
    for sheet, column in ((of_authorities, "characteristic"), (of_england, "characteristic_1")):
        if sheet:
            table = file.frame(sheet)
            faults, figures = Faults(table, [""] * table.num_rows, sheet), read_column(table["headcount"], SPEECH)
            faults.add(np.flatnonzero(figures.broken), "headcount", "'{}' is neither a number nor a mark of this publisher")
            areas = _Areas(table, faults, CHARACTERISTICS if sheet == of_authorities else {}, column)
            rows += areas.rows(list(range(table.num_rows)), figures)
            parsed.refusals += faults.found.values()
            parsed.aggregate += areas.count
    parsed.batches.append(Batch("area_reading", AREA_COLUMNS, rows))
    return parsed


SOURCES: tuple[Source, ...] = (
    Source(
        family="headcounts",
        publisher=DFE,
        cadence="does not come again in this form: eleven years in one archive",
        takes="pupils on roll of every school by LAESTAB, of authorities, regions and England; of authorities also pupils eligible for "
        "free school meals and with special educational needs",
        leaves="age, ethnicity, year groups, and the national table's characteristics",
        recognise=lambda header: header.kind in ("zip", "csv") and _sheets(header)[0] is not None,
        edition=_edition,
        parse=_parse,
        stage=MATCHED,
    ),
)
