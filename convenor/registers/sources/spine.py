"""The list of schools that the performance tables rest on (their "spine")."""

from __future__ import annotations

from typing import Any

from convenor.england.phases import ALL_THROUGH, PRIMARY, SECONDARY, SIXTEEN_PLUS, read_phase
from convenor.registers.rules.recognise import school_year
from convenor.registers.sources import REGISTERS, Batch, EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Source
from convenor.registers.sources.columns import RECORD, Row, authority_code, each_row, facts, newest, without_repeats

_NEEDED = ("URN", "LAESTAB", "SCHNAME", "ICLOSE", "NFTYPE", "ISPRIMARY", "ISSECONDARY", "ISPOST16", "OPENDATE", "CLOSEDATE")
#: What the number means here. 3 is not explained by its publisher: it says nothing to us.
_STATUS = {"1": "open", "2": "closed"}


def _recognise(header: Header) -> bool:
    return header.kind in ("csv", "xlsx", "parquet") and header.sheet_with(*_NEEDED) is not None


def _edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    frame = file.peek(file.header.sheet_with(*_NEEDED))
    year = school_year(file_name=hint.file_name, folders=hint.folders)
    last = max((day for day in (newest(frame[name].to_pylist()) for name in ("OPENDATE", "CLOSEDATE")) if day), default=year.ends_on)
    as_at = hint.as_at or max(last, year.ends_on)
    note = f"The school list of the performance tables {year.label}, as it was kept up to {as_at}: that is the newest date it holds."
    return EditionFacts(f"School list of the performance tables {year.label}", as_at, period=year.label, note=note)


def _parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = without_repeats(file.frame(file.header.sheet_with(*_NEEDED)), parsed, ("URN",))
    records: list[tuple[Any, ...]] = []

    def take(row: Row) -> None:
        urn, kind, code = row.reference("URN"), row.text("NFTYPE"), authority_code(row.text("LA"))
        said = facts(
            name=row.text("SCHNAME"),
            laestab=row.text("LAESTAB"),
            low_age=row.whole("AGEL", most=99),
            high_age=row.whole("AGEH", most=99),
            gender=row.word("GENDER").title(),
            religious_character=row.word("RELDENOM"),
            admissions=row.word("ADMPOL"),
            street=row.text("STREET"),
            town=row.text("TOWN"),
            postcode=row.text("POSTCODE"),
            telephone=row.text("TELNUM"),
        )
        records.append(
            (urn, code, _phase(row, kind), kind, _STATUS.get(row.text("ICLOSE"), ""), row.date("OPENDATE"), row.date("CLOSEDATE"), said)
        )

    each_row(frame, parsed, take)
    parsed.batches = [Batch("school_record", RECORD, records)]
    return parsed


def _phase(row: Row, kind: str) -> str:
    """The phase from the type where that tells it, else from the flags of what is taught."""
    found = read_phase("", kind)
    if found:
        return found
    primary, secondary, post = (row.text(name) == "1" for name in ("ISPRIMARY", "ISSECONDARY", "ISPOST16"))
    if primary and secondary:
        return ALL_THROUGH
    return PRIMARY if primary else SECONDARY if secondary else SIXTEEN_PLUS if post else ""


SOURCES = (
    Source(
        family="pt-spine",
        publisher="Department for Education",
        stage=REGISTERS,
        cadence="yearly, with the performance tables",
        takes="Schools and colleges of the tables: name, LAESTAB, type, what is taught, ages, character, address, and whether open "
        "or closed "
        "(1 and 2 of ICLOSE; 3 is not explained and says nothing).",
        leaves="Codes of new and re-brokered academies; the linked URN (the register's own links are taken).",
        recognise=_recognise,
        edition=_edition,
        parse=_parse,
    ),
)
