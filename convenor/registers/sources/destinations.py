"""Where pupils went after key stage 4.

The tables of one year tell of pupils who left two years before: those of 2022/23 of the leavers of 2020/21. Each file repeats the overall
share of the two years' leavers before those, in columns whose number is named now after one year and now after another (COHORT_18 in the
tables of 2018/19 is of the leavers of 2015/16; COHORT_21 in those of 2022/23 of the leavers of 2019/20), so they are taken by their order.
"""

from __future__ import annotations

import re

from convenor.england.school_years import SchoolYear
from convenor.registers.rules.measures import MEASURES
from convenor.registers.sources import EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Source
from convenor.registers.sources.figures import ENGLAND, Area, Pick, SchoolFigures, Speech, columns_by_lower, picks_for, year_of
from convenor.registers.sources.performance_tables import DFE

_EARLIER = re.compile(r"^OVERALL_DESTPER_(\d\d)$")
#: The leavers of the tables' own columns left so many years before the year of the tables.
YEARS_BEFORE = 2
REPEATED = {"destinations_sustained": "", "destinations_sustained_disadvantaged": "_DIS"}


def _recognise(header: Header) -> bool:
    return header.kind == "csv" and {"rectype", "urn", "cohort", "overall_destper"} <= columns_by_lower(header).keys()


def repeated_years(header: Header) -> list[int]:
    """The two-digit numbers of the repeated columns, newest first."""
    return sorted((int(found[1]) for name in header.columns if (found := _EARLIER.match(name.upper()))), reverse=True)


def _edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    repeated = repeated_years(file.header)
    newest = 2000 + repeated[0] if repeated else 0
    least, most = (newest, newest + 1) if newest else (2012, 9999)
    year = year_of(hint, least=least, most=most, why=f"its columns repeat figures of {newest}")
    leavers = SchoolYear(year.start_year - YEARS_BEFORE)
    return EditionFacts(
        f"Key stage 4 destinations, tables of {year}", year.ends_on, leavers.label, f"Of pupils who left key stage 4 in {leavers}.",
        f"ks4-destinations-{year}",
    )  # fmt: skip


def _picks(file: OpenedFile, period: str) -> list[Pick]:
    """The measures of this file's leavers, and the overall shares of the leavers before them."""
    picks = picks_for("ks4-destinations", file.header.columns, period)
    leavers = int(period[:4])
    for before, number in enumerate(repeated_years(file.header), start=1):
        for key, group in REPEATED.items():
            column = f"OVERALL_DESTPER{group}_{number:02d}"
            if column in file.header.columns:
                picks.append(Pick(MEASURES[key], column, SchoolYear(leavers - before).label, f"COHORT{group}_{number:02d}"))
    return picks


def _parse(file: OpenedFile, facts: EditionFacts, _known: Known) -> Parsed:
    table = file.frame()
    areas = {}
    for index, record in enumerate(table["RECTYPE"].to_pylist()):
        code = table["LEA"][index].as_py() if record == "LA" else ""
        if record == "NAT" or code.isdigit():
            areas[index] = Area("england", ENGLAND) if record == "NAT" else Area("authority", code)
    return SchoolFigures(table, _picks(file, facts.period), urn="URN", areas=areas, speech=Speech()).parsed()


SOURCES: tuple[Source, ...] = (
    Source(
        family="ks4-destinations",
        publisher=DFE,
        cadence="once a year, of the pupils who left two years before",
        takes="the shares of pupils whose education, apprenticeship or work lasted, and did not; disadvantaged pupils apart; the two "
        "years before "
        "as the file repeats them; authorities and England as figures of areas",
        leaves="kinds of college, pupils who are not disadvantaged, counts",
        recognise=_recognise,
        edition=_edition,
        parse=_parse,
    ),
)
