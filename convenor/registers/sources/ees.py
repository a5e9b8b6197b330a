"""Files in the form of Explore Education Statistics: one row a school, the period and the level in columns, marks of small letters."""

from __future__ import annotations

from convenor.england.marks import Vocabulary
from convenor.registers.sources import EditionFacts, Hint, Known, OpenedFile, Parsed, Refused, Source
from convenor.registers.sources.figures import SchoolFigures, Speech, picks_for, year_of
from convenor.registers.sources.performance_tables import DFE


def period_said(file: OpenedFile, column: str) -> str:
    """The one period that a column of the file holds. Raises `Refused` when the file holds several years, which it then joins wrongly."""
    periods = set(file.peek()[column].to_pylist()) - {""}
    if len(periods) > 1:
        raise Refused(f"The file mixes {len(periods)} periods ({', '.join(sorted(periods)[:3])}). Load each year's file by itself.")
    return periods.pop() if periods else ""


def _edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    year = year_of(hint, period_said(file, "time_period"))
    return EditionFacts(f"Key stage 4: schools and their pupils, {year}", year.ends_on, year.label)


def _parse(file: OpenedFile, facts: EditionFacts, _known: Known) -> Parsed:
    table = file.frame()
    figures = SchoolFigures(
        table, picks_for("ks4-schools", file.header.columns, facts.period), urn="school_urn", areas={}, speech=Speech(Vocabulary.STATISTICS)
    )
    others = [index for index, level in enumerate(table["geographic_level"].to_pylist()) if level != "School"]
    figures.refuse(others, "geographic_level", "'{}' is a level that this file does not have: it is of schools only")
    return figures.parsed()


SOURCES: tuple[Source, ...] = (
    Source(
        family="ks4-schools",
        publisher=DFE,
        cadence="once a year, with the key stage 4 statistics",
        takes="pupils on roll and at the end of key stage 4, where they started, disadvantaged and non-mobile pupils",
        leaves="addresses and telephone numbers, first language, special educational needs of the year group, gaps and bands",
        recognise=lambda header: header.kind == "csv" and header.has("time_period", "geographic_level", "school_urn", "pt_disadvantaged"),
        edition=_edition,
        parse=_parse,
    ),
)
