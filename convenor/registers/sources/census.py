"""The January school census as the performance tables print it, and the share of free school meals of every school.

Two traps. In 2020/21 independent schools stand with noughts where other years say NA: nobody asked them about language or free school
meals, and nought would make them look like schools without any. And the share of pupils eligible today is in no census table: it is worked
out from the two counts of the same row, which for 2022/23 gives the separately published share of all 21,983 schools with pupils.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from convenor.england.marks import Vocabulary
from convenor.england.numbers import NotANumberError, percent, read_number
from convenor.registers.sources import EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Source
from convenor.registers.sources.figures import ENGLAND, Area, SchoolFigures, Speech, columns_by_lower, picks_for, year_of
from convenor.registers.sources.performance_tables import COPY, DFE

#: Rows of England stand by kind of school, whose three letters are in the place of the establishment's number.
GROUPS = {"PRI": "primary", "SEC": "secondary", "SPE": "special"}
#: Years whose file leaves out the last two values of schools without pupils of school age.
RAGGED = frozenset({"2020-21"})
NOT_ASKED = "NA"
INDEPENDENT = "Independent school"
LANGUAGES = ("NUMEAL", "NUMENGFL", "NUMUNCFL")
FSM_SHARE = "PNUMFSM"


def _recognise(header: Header) -> bool:
    return header.kind == "csv" and {"urn", "nor", "tsenelse", "numfsm", "schooltype"} <= columns_by_lower(header).keys()


def _edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    counted = "norfsmever" in columns_by_lower(file.header)
    year = year_of(
        hint, least=2021 if counted else 2014, why="the number of pupils behind free school meals in six years was first printed in 2021-22"
    )
    note = "The share of pupils eligible for free school meals is worked out from the two published counts."
    return EditionFacts(f"School census, {year}", year.census_on, year.label, note)


def england_rows(urns: list[str], establishments: list[str], mark: str) -> dict[int, Area]:
    """The rows of England, by kind of school. A row marked as England's of a kind we do not know is left to be refused."""
    return {
        index: Area("england", ENGLAND, GROUPS[establishments[index]])
        for index, urn in enumerate(urns)
        if urn == mark and establishments[index] in GROUPS
    }


def _is_nought(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.or_(pc.equal(column, "0"), pc.or_(pc.equal(column, "0%"), pc.equal(column, "0.0%")))


def not_asked(table: pa.Table) -> pa.Table:
    """The table with noughts that stand for a question not asked turned into the publisher's own NA."""
    nobody = _is_nought(table[LANGUAGES[0]])
    for name in LANGUAGES[1:]:
        nobody = pc.and_(nobody, _is_nought(table[name]))
    nobody = pc.and_(nobody, pc.invert(_is_nought(table["NOR"])))
    independent = pc.and_(nobody, pc.equal(table["SCHOOLTYPE"], INDEPENDENT))
    for name, where in (("PNUMEAL", nobody), ("NUMFSM", independent), ("PNUMFSMEVER", independent)):
        table = table.set_column(table.column_names.index(name), name, pc.if_else(where, NOT_ASKED, table[name]))
    return table


def with_share(table: pa.Table, share: str, part: str, whole: str) -> pa.Table:
    """The table with the share that one count is of another, in percent to one decimal; a mark of the part stands for the share too."""
    return table.append_column(share, pa.array(map(_share, table[part].to_pylist(), table[whole].to_pylist()), pa.string()))


def _share(part: str, whole: str) -> str:
    try:
        some, every = read_number(part), read_number(whole)
    except NotANumberError:
        return ""
    if some.value is None or every.value is None:
        return part if some.value is None else whole
    worked_out = percent(some.value, every.value)
    return "0" if worked_out is None else str(worked_out)


def _parse(file: OpenedFile, facts: EditionFacts, _known: Known) -> Parsed:
    printed = file.frame(pad_short_rows=facts.period in RAGGED)
    names = columns_by_lower(file.header)
    table = with_share(not_asked(printed.rename_columns([name.upper() if name != "_row" else name for name in printed.column_names])),
                       FSM_SHARE, "NUMFSM", "NOR")  # fmt: skip
    areas = england_rows(table["URN"].to_pylist(), table["ESTAB"].to_pylist(), "NAT")
    picks = picks_for("census", [*(name.upper() for name in names), FSM_SHARE], facts.period)
    return SchoolFigures(table, picks, urn="URN", areas=areas, speech=Speech()).parsed()


def _fsm_edition(_file: OpenedFile, hint: Hint) -> EditionFacts:
    year = year_of(hint)
    return EditionFacts(
        f"Pupils eligible for free school meals, {year}", year.census_on, year.label, "A third party's extract of four columns.", "", COPY
    )


def _fsm_parse(file: OpenedFile, facts: EditionFacts, _known: Known) -> Parsed:
    picks = picks_for("school-fsm", file.header.columns, facts.period)
    return SchoolFigures(file.frame(), picks, urn="urn", areas={}, speech=Speech(Vocabulary.STATISTICS)).parsed()


SOURCES: tuple[Source, ...] = (
    Source(
        family="census",
        publisher=DFE,
        cadence="once a year: counted in January, published with the performance tables",
        takes="pupils on roll, eligible for free school meals now (number, and share worked out) and in six years, English as an "
        "additional "
        "language, special educational needs support, education, health and care plans",
        leaves="girls and boys, English and unclassified first language",
        recognise=_recognise,
        edition=_edition,
        parse=_parse,
    ),
    Source(
        family="school-fsm",
        publisher=COPY,
        cadence="once a year in the Department's statistics; this extract does not come again",
        takes="the share of pupils eligible for free school meals",
        leaves="nothing",
        recognise=lambda header: header.kind == "csv" and header.has("urn", "fsm_prop"),
        edition=_fsm_edition,
        parse=_fsm_parse,
    ),
)
