"""Absence over a school year, as the performance tables print it.

Persistent absence is missing a tenth of possible sessions from 2015/16; the column's name says so (PPERSABS10).
"""

from __future__ import annotations

from convenor.registers.sources import EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Source
from convenor.registers.sources.census import england_rows
from convenor.registers.sources.figures import SchoolFigures, Speech, columns_by_lower, picks_for, year_of
from convenor.registers.sources.performance_tables import DFE


def _recognise(header: Header) -> bool:
    names = columns_by_lower(header).keys()
    return header.kind == "csv" and {"la", "estab", "urn", "perctot", "ppersabs10"} <= names and "att8scr" not in names


def _edition(_file: OpenedFile, hint: Hint) -> EditionFacts:
    year = year_of(hint, least=2015, why="persistent absence of a tenth of sessions was first published for 2015-16")
    return EditionFacts(f"Absence, {year}", year.ends_on, year.label)


def _parse(file: OpenedFile, facts: EditionFacts, _known: Known) -> Parsed:
    table, names = file.frame(), columns_by_lower(file.header)
    areas = england_rows(table[names["la"]].to_pylist(), table[names["estab"]].to_pylist(), "NAT")
    picks = picks_for("absence", file.header.columns, facts.period)
    return SchoolFigures(table, picks, urn=names["urn"], areas=areas, speech=Speech()).parsed()


SOURCES: tuple[Source, ...] = (
    Source(
        family="absence",
        publisher=DFE,
        cadence="once a year, in March, for the school year before",
        takes="overall and persistent absence of every school; England by kind of school as figures of an area",
        leaves="nothing",
        recognise=_recognise,
        edition=_edition,
        parse=_parse,
    ),
)
