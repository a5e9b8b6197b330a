"""Results at the end of key stages 2 and 4: the Department's school performance tables, and third parties' copies of them.

The final tables have hundreds of columns and rows of four kinds: schools, the authority, all schools of England, its state-funded schools.
What the numbers of RECTYPE mean differs between the key stages. Third parties' copies have fewer columns, and most have lost the marks:
there a blank may be a figure withheld, one never published, or none at all, and is kept as not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa

from convenor.england.authorities import AUTHORITIES
from convenor.england.school_years import SchoolYear
from convenor.registers.sources import EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Source
from convenor.registers.sources.figures import (
    ENGLAND,
    ENGLAND_ALL_SCHOOLS,
    Area,
    SchoolFigures,
    Speech,
    columns_by_lower,
    picks_for,
    year_of,
)

DFE = "Department for Education"
COPY = "Department for Education, in a third party's copy"
BLANKS = "A third party's copy of some columns. A blank may be a figure withheld or never published: the copy does not say which."
SCHOOL_RECORDS = frozenset({"1", "2"})
#: What each other RECTYPE is about, by key stage.
RECORDS: dict[str, dict[str, str]] = {
    "ks2": {"3": "authority", "4": "all", "5": "state"},
    "ks4": {"4": "authority", "5": "all", "7": "state"},
}
#: Columns that repeat an earlier year's figure say which year it was: PTRWM_EXP_18 stands in the tables of 2018/19.
_EARLIER = re.compile(r"^(?:PTRWM_EXP|READPROG|TELIG|ATT8SCR|P8MEA)_(\d\d)$")
#: No school's results were published for 2019/20 and 2020/21 (nor, at key stage 2, for 2021/22), so the year after 2018/19 may be any of
#: these.
_GAP = 2019
_AFTER_THE_GAP = 2022
#: Columns of the third party's own making, or of other publishers, in the copies that carry them.
FOREIGN = frozenset(
    {"PCODE2", "OFSTEDRATING", "INSPECTIONDT", "WEB", "SCHTYPE", "GRAMMAR", "GENDER", "RELIGION", "LATITUDE", "LONGITUDE", "COLOUR1",
    "COLOUR2",
     "PHASE"}
)  # fmt: skip


def stage_of(header: Header) -> str:
    """ks2, ks4, or nothing for other tables."""
    names = columns_by_lower(header)
    if header.kind not in ("csv", "xlsx") or not {"rectype", "urn"} <= names.keys() or "cohort" in names:
        return ""
    if "readprog" in names or "ptrwm_exp" in names:
        return "ks2"
    return "ks4" if "att8scr" in names or "p8mea" in names else ""


def is_whole(header: Header) -> bool:
    """Whether it has the columns of pupils' groups, which the Department's own final files have and copies leave out."""
    names = columns_by_lower(header)
    return "ptrwm_exp_fsm6cla1a" in names or "att8scr_fsm6cla1a" in names


def is_provisional(header: Header) -> bool:
    """Key stage 4 before schools checked their figures: published with intervals, and without the groups."""
    names = columns_by_lower(header)
    return not is_whole(header) and {"p8cilow", "pt5em_94"} <= names.keys()


def is_ragged(family: str) -> bool:
    """Whether short rows are known of the family: the final tables of an authority leave out the last values of schools without results."""
    return family.endswith("-final")


def tables_year(header: Header, hint: Hint) -> SchoolYear:
    """The school year of the results: from columns that repeat earlier years, the measures of the day, the names around the file."""
    names = header.columns
    earlier = [int(found[1]) for name in names if (found := _EARLIER.match(name.upper()))]
    if earlier:
        start = 2000 + max(earlier)
        content = "" if start == _GAP else SchoolYear(start).label
        most = _AFTER_THE_GAP if start == _GAP else start
        return year_of(hint, content, least=start, most=most, why=f"its columns repeat the year that ended in {start}")
    known = columns_by_lower(header)
    if "ebaccaps" in known:
        return year_of(hint, least=2017, why="EBACCAPS was first published for 2017-18")
    if "ptl2basics_95" in known:
        return year_of(hint, least=2016, why="PTL2BASICS_95 was first published for 2016-17")
    if "ptl2basics_ll_ptq_ee" in known:
        return year_of(hint, least=2014, most=2015, why="PTL2BASICS_LL_PTQ_EE was last published for 2015-16")
    return year_of(hint, least=2015, why="these measures were first published for 2015-16")


def areas_of(records: list[str], authorities: list[str], kinds: Mapping[str, str]) -> dict[int, Area]:
    """Which rows are about an area. An authority's row without its code is left among the schools, to be refused there."""
    areas: dict[int, Area] = {}
    for index, record in enumerate(records):
        if record in SCHOOL_RECORDS:
            continue
        kind = kinds.get(record)
        if kind == "authority" and authorities[index].isdigit():
            areas[index] = Area("authority", authorities[index])
        elif kind in ("all", "state"):
            areas[index] = Area("england", ENGLAND if kind == "state" else ENGLAND_ALL_SCHOOLS)
    return areas


def _edition(file: OpenedFile, hint: Hint, *, family: str, what: str) -> EditionFacts:
    year = tables_year(file.header, hint)
    title, key = f"{what}, {year}", f"{family}-{year}"
    codes = set(file.frame(pad_short_rows=is_ragged(family))[columns_by_lower(file.header)["lea"]].to_pylist()) - {""}
    if len(codes) == 1:
        code = codes.pop()
        title, key = f"{title}, {AUTHORITIES[code].name if code in AUTHORITIES else f'authority {code}'}", f"{key}-{code}"
    return EditionFacts(title, year.ends_on, year.label, key=key)


def _copy_edition(file: OpenedFile, hint: Hint, *, family: str, what: str) -> EditionFacts:
    year = tables_year(file.header, hint)
    key = f"{family}-{year}"
    if FOREIGN & set(file.header.columns):
        return EditionFacts(
            f"{what}, {year} (a third party's copy with places)", year.ends_on, year.label, key=f"{key}-places", publisher=COPY,
            note=f"{BLANKS} Its own columns (coordinates, colours, inspections) are left out.",
        )  # fmt: skip
    return EditionFacts(f"{what}, {year} (a third party's copy)", year.ends_on, year.label, BLANKS, key, COPY)


def _parse(file: OpenedFile, facts: EditionFacts, *, family: str, copy: bool) -> Parsed:
    table = file.frame(pad_short_rows=is_ragged(family))
    names = columns_by_lower(file.header)
    records = table[names["rectype"]].to_pylist()
    authorities = table[names["lea"]].to_pylist() if "lea" in names else [""] * len(records)
    areas = areas_of(records, authorities, RECORDS[family[:3]])
    figures = SchoolFigures(
        table,
        picks_for(family, file.header.columns, facts.period),
        urn=names["urn"],
        areas=areas,
        speech=Speech(unknown=frozenset({""}) if copy else frozenset()),
    )
    strange = [index for index, record in enumerate(records) if record not in SCHOOL_RECORDS and index not in areas]
    figures.refuse(strange, names["rectype"], "'{}' is a kind of record that this table does not have, or an authority without its code")
    parsed = figures.parsed()
    foreign = FOREIGN & set(table.column_names)
    if foreign:
        parsed.keep = table.drop_columns(sorted(foreign))
    return parsed


def _join_edition(_file: OpenedFile, hint: Hint) -> EditionFacts:
    year = year_of(hint, least=2015, why="Progress 8 was first published for 2015-16")
    note = (
        "A lecturer's join of key stage 4 results, absence, census and school information; marks are lost, so a blank is not known. Its "
        "inspection "
        "grades are of a later day than its results and are never taken."
    )
    return EditionFacts(
        f"Key stage 4 results with absence and census, {year} (a third party's join)", year.ends_on, year.label, note, "", COPY
    )


def _join_parse(file: OpenedFile, facts: EditionFacts, _known: Known) -> Parsed:
    table = file.frame()
    picks = picks_for("ks4-join", file.header.columns, facts.period)
    parsed = SchoolFigures(table, picks, urn="URN", areas={}, speech=Speech(unknown=frozenset({"", "NA"}))).parsed()
    parsed.keep = without(table, "OFSTEDRATING")
    return parsed


def without(table: pa.Table, *columns: str) -> pa.Table:
    """The table less some columns."""
    return table.drop_columns([name for name in columns if name in table.column_names])


def _final(stage: str, number: int) -> Source:
    family, what = f"{stage}-final", f"Key stage {number} final results"
    return Source(
        family=family,
        publisher=DFE,
        cadence="once a year, revised in January to March and final by summer",
        takes="headline results of every school with their cohorts and published intervals, disadvantaged and other pupils apart; the "
        "rows of "
        "the authority and of England as figures of areas",
        leaves="some three hundred columns of other groups, subjects and earlier years: they stay in the edition's Parquet",
        recognise=lambda header: stage_of(header) == stage and is_whole(header),
        edition=lambda file, hint: _edition(file, hint, family=family, what=what),
        parse=lambda file, facts, _known: _parse(file, facts, family=family, copy=False),
    )


def _copied(stage: str, number: int) -> Source:
    family, what = f"{stage}-final-extract", f"Key stage {number} final results"
    return Source(
        family=family,
        publisher=COPY,
        cadence="does not come again: for past years whose own files are not to be had",
        takes="the Department's own columns of headline results; used only where the Department's own file says nothing",
        leaves="coordinates, colours, web addresses and inspection grades that third parties added",
        recognise=lambda header: stage_of(header) == stage and not is_whole(header) and not is_provisional(header),
        edition=lambda file, hint: _copy_edition(file, hint, family=family, what=what),
        parse=lambda file, facts, _known: _parse(file, facts, family=family, copy=True),
    )


SOURCES: tuple[Source, ...] = (
    _final("ks2", 2),
    _final("ks4", 4),
    _copied("ks2", 2),
    _copied("ks4", 4),
    Source(
        family="ks4-provisional",
        publisher=DFE,
        cadence="once a year, in October; the revised and final tables take its place",
        takes="Attainment 8, Progress 8 with its interval, English and maths, English Baccalaureate; used only until final figures are "
        "loaded",
        leaves="figures unadjusted for extreme scores, and the five-subject measure",
        recognise=lambda header: stage_of(header) == "ks4" and is_provisional(header),
        edition=lambda file, hint: _edition(file, hint, family="ks4-provisional", what="Key stage 4 provisional results"),
        parse=lambda file, facts, _known: _parse(file, facts, family="ks4-provisional", copy=False),
    ),
    Source(
        family="ks4-join",
        publisher=COPY,
        cadence="does not come again",
        takes="Attainment 8 and Progress 8 with disadvantaged and other pupils apart, absence, first language, free school meals in six "
        "years",
        leaves="inspection grades, which are of a later day than the results and would tell the outcome beforehand; places; school "
        "information",
        recognise=lambda header: header.kind == "csv" and header.has("URN", "SCHNAME.x", "ATT8SCR", "P8MEA"),
        edition=_join_edition,
        parse=_join_parse,
    ),
)
