"""The Department's register of schools (Get information about schools): the full download, an R data frame of it, and a third party's join.

Names of head teachers are personal data: they are kept only for a partnership's own schools, and never written to the Parquet.
"""

from __future__ import annotations

from typing import Any

from convenor.england.identifiers import laestab
from convenor.england.phases import read_phase
from convenor.registers.rules.recognise import as_at_day
from convenor.registers.sources import REGISTERS, Batch, EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Refused, Source
from convenor.registers.sources.columns import (
    RECORD,
    STATUSES,
    BadCellError,
    Row,
    authority_code,
    each_row,
    facts,
    grid,
    newest,
    sixth_form,
    without_repeats,
)

TRUSTS = {"Supported by a multi-academy trust": "Multi-academy trust", "Supported by a single-academy trust": "Single-academy trust"}
HEADS = ("urn", "title", "first_name", "last_name", "job_title")
_HEAD_COLUMNS = ("HeadTitle (name)", "HeadFirstName", "HeadLastName", "HeadPreferredJobTitle")


def _named(*names: str) -> tuple[str, ...]:
    """A column under the names of the search download and of the full extract."""
    return tuple(each for name in names for each in (f"{name} (name)", name))


def status(row: Row, *names: str) -> str:
    """Open, closed, proposed, proposed to close; an unknown word refuses the row."""
    text = row.word(*names)
    if text and text.lower() not in STATUSES:
        raise BadCellError(names[0], f"'{text[:40]}' is not a status that the register is known to use")
    return STATUSES.get(text.lower(), "")


def _code(row: Row, column: str) -> str:
    """An authority's three digits."""
    code = row.text(column).removesuffix(".0")
    return code if authority_code(code) == code else ""


# The register itself


def _gias_recognise(header: Header) -> bool:
    some = ("EstablishmentStatus (name)", "EstablishmentStatus", "TypeOfEstablishment (name)", "TypeOfEstablishment")
    return (
        header.kind in ("csv", "xlsx", "parquet")
        and header.has("URN", "EstablishmentName", "EstablishmentNumber")
        and any(name in header.columns for name in some)
    )


def _gias_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    frame = file.peek()
    last = newest(frame["LastChangedDate"].to_pylist()) if "LastChangedDate" in frame.column_names else None
    given = hint.as_at
    if given and last and given < last:
        raise Refused(f"The register holds changes up to {last}, after --as-at {given}. Check that it is the right file.")
    warnings: tuple[str, ...] = ()
    try:
        as_at = as_at_day(file_name=hint.file_name, as_at=given)
    except ValueError:
        if given or not last:
            raise
        as_at = last
        warnings = (f"the file does not say its day; taken as that of the newest change it holds, {last}",)
    if last and as_at < last:
        raise Refused(f"The register holds changes up to {last}, and its name says {as_at}. Check that it is the right file.")
    codes = {code for code in frame["LA (code)"].to_pylist() if code} if "LA (code)" in frame.column_names else set()
    where = f" ({len(codes)} local {'authority' if len(codes) == 1 else 'authorities'})" if 0 < len(codes) < 100 else ""
    key = f"gias-{'-'.join(sorted(codes))}-{as_at}" if 0 < len(codes) < 4 else ""
    return EditionFacts(f"Get information about schools{where}, {as_at.day} {as_at:%B %Y}", as_at, key=key, warnings=warnings)


def _gias_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = without_repeats(file.frame(), parsed, ("URN",))
    records: list[tuple[Any, ...]] = []
    heads: list[tuple[str, ...]] = []
    groups: dict[str, dict[str, Any]] = {}

    def take(row: Row) -> None:
        urn = row.reference("URN")
        records.append(_gias_record(row, urn))
        groups.update(_gias_groups(row))
        if urn in known.heads_for and row.text("HeadLastName"):
            heads.append((urn, *(row.word(column) for column in _HEAD_COLUMNS)))

    each_row(frame, parsed, take)
    centres = sum(1 for record in records if "children's centre" in record[3].lower())
    if centres:
        parsed.warnings.append(
            f"{centres} children's centres stand in the register and are no schools: kept in the edition, not listed as schools"
        )
    parsed.batches = [
        Batch("group_record", ("uid", "facts"), list(groups.items())),
        Batch("school_record", RECORD, records),
        Batch("head_of_school", HEADS, heads),
    ]
    return parsed


def _gias_groups(row: Row) -> dict[str, dict[str, Any]]:
    """The groups that a school's row names with their UIDs."""
    found = {}
    trust, flag = row.text("Trusts (code)"), row.text("TrustSchoolFlag (name)")
    if trust and flag in TRUSTS:
        found[trust] = facts(name=row.text("Trusts (name)")[:200], kind=TRUSTS[flag])
    federation = row.text("Federations (code)")
    if federation:
        found[federation] = facts(name=row.text("Federations (name)")[:200], kind="Federation")
    return found


def _gias_record(row: Row, urn: str) -> tuple[Any, ...]:
    kind = row.text(*_named("TypeOfEstablishment"))
    code = _code(row, "LA (code)") or authority_code(row.text("LA (name)"))
    number = row.text("EstablishmentNumber")
    said = facts(
        name=row.text("EstablishmentName"),
        laestab=laestab(code, number) if code and number.isdigit() and len(number) <= 4 else "",
        ukprn=row.word("UKPRN"),
        low_age=row.whole("StatutoryLowAge", most=99),
        high_age=row.whole("StatutoryHighAge", most=99),
        gender=row.word(*_named("Gender")),
        religious_character=row.word(*_named("ReligiousCharacter")),
        diocese=row.word(*_named("Diocese")),
        admissions=row.word(*_named("AdmissionsPolicy")),
        sixth_form=sixth_form(row.text(*_named("OfficialSixthForm"))),
        pupils=row.whole("NumberOfPupils", most=20_000),
        capacity=row.whole("SchoolCapacity", most=20_000),
        mat_uid=_mat(row),
        sat_uid=row.text("Trusts (code)") if row.text("TrustSchoolFlag (name)") == "Supported by a single-academy trust" else "",
        federation_uid=row.text("Federations (code)"),
        street=row.text("Street"),
        town=row.text("Town"),
        postcode=row.text("Postcode"),
        website=row.text("SchoolWebsite"),
        telephone=row.text("TelephoneNum"),
        easting=grid(row, "Easting"),
        northing=grid(row, "Northing"),
        lsoa_code=row.word("LSOA (code)"),
        urban_rural=row.word(*_named("UrbanRural")),
    )
    phase = read_phase(row.word(*_named("PhaseOfEducation")), kind)
    state = status(row, *_named("EstablishmentStatus"))
    return (urn, code, phase, kind, state, row.date("OpenDate"), row.date("CloseDate"), said)


def _mat(row: Row) -> str:
    """The multi-academy trust's UID, where the download has the codes; '-' where it says there is none."""
    flag = row.text("TrustSchoolFlag (name)")
    if flag == "Supported by a multi-academy trust":
        return row.text("Trusts (code)")
    return "-" if flag and row.has("Trusts (code)") else ""


# An R data frame of it

_R_NEEDED = ("urn", "establishment_name", "establishment_type", "education_phase", "lsoa_code", "easting")


def _r_recognise(header: Header) -> bool:
    return header.kind in ("rda", "parquet", "csv") and header.has(*_R_NEEDED)


def _r_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    frame = file.peek()
    last = newest(frame["last_changed_date"].to_pylist()) if "last_changed_date" in frame.column_names else None
    as_at = as_at_day(file_name=hint.file_name, folders=hint.folders, as_at=hint.as_at)
    if last and last > as_at:
        raise Refused(
            f"The register holds changes up to {last}, after {as_at}, the day it is said to describe. Check its name, or --as-at."
        )
    note = (
        "A third party's extract of the Department's register: open primary, secondary and all-through schools only, without the "
        "authority's code. "
        "The authority is taken only where a district is one by itself."
    )
    return EditionFacts(f"Get information about schools, extract of {as_at:%B %Y}", as_at, note=note, key=f"gias-extract-{as_at}")


def _r_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = without_repeats(file.frame(), parsed, ("urn",), urn="urn")
    records: list[tuple[Any, ...]] = []
    heads: list[tuple[str, ...]] = []

    def take(row: Row) -> None:
        if row.text("urn") == "0":
            raise BadCellError("urn", "a placeholder of the data frame, no school")
        urn = row.reference("urn")
        records.append(_r_record(row, urn))
        if urn in known.heads_for and row.text("head_last_name"):
            heads.append((urn, *(row.word(f"head_{name}") for name in ("title", "first_name", "last_name", "preferred_job_title"))))

    each_row(frame, parsed, take, urn="urn")
    parsed.batches = [Batch("school_record", RECORD, records), Batch("head_of_school", HEADS, heads)]
    return parsed


def _r_record(row: Row, urn: str) -> tuple[Any, ...]:
    kind, code, number = (
        row.word("establishment_type"),
        authority_code(row.word("administrative_district")),
        row.text("establishment_number"),
    )
    said = facts(
        name=row.text("establishment_name"), laestab=laestab(code, number) if code and number else "",
        low_age=row.whole("statutory_low_age", most=99), high_age=row.whole("statutory_high_age", most=99), gender=row.word("gender"),
        religious_character=row.word("religious_character"), admissions=row.word("admissions_policy"), street=row.text("street"),
        town=row.text("town"), postcode=row.text("postcode"), website=row.text("school_website"), telephone=row.text("telephone_num"),
        easting=grid(row, "easting"), northing=grid(row, "northing"), lsoa_code=row.word("lsoa_code"),
        urban_rural=row.word("urban_rural_indicator"),
    )  # fmt: skip
    phase = read_phase(row.word("education_phase"), kind)
    return (urn, code, phase, kind, status(row, "establishment_status"), row.date("open_date"), row.date("close_date"), said)


# A third party's join of secondaries

_JOIN_NEEDED = ("URN", "la_code", "establishment_name", "establishment_status", "phase_of_education", "lsoa_code", "ks4_attainment8")


def _join_recognise(header: Header) -> bool:
    return header.kind in ("csv", "parquet") and header.has(*_JOIN_NEEDED)


def _join_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    as_at = as_at_day(file_name=hint.file_name, folders=hint.folders, as_at=hint.as_at)
    note = (
        "A third party's join of several publishers' files, secondaries only. Only the columns of the Department's register are "
        "taken, and none of "
        "the third party's own; figures whose year the file does not state are left."
    )
    return EditionFacts(f"Secondary schools of the register, {as_at:%B %Y}", as_at, note=note, key=f"gias-secondaries-{as_at}")


def _join_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = without_repeats(file.frame(), parsed, ("URN",))
    records: list[tuple[Any, ...]] = []

    def take(row: Row) -> None:
        urn, kind = row.reference("URN"), row.text("type_of_establishment")
        said = facts(
            name=row.text("establishment_name"),
            laestab=row.text("laestab").removesuffix(".0"),
            low_age=row.whole("statutory_low_age", most=99),
            high_age=row.whole("statutory_high_age", most=99),
            gender=row.word("gender"),
            religious_character=row.word("religious_character"),
            admissions=row.word("admissions_policy"),
            sixth_form=sixth_form(row.text("official_sixth_form")),
            pupils=row.whole("number_of_pupils", most=20_000),
            capacity=row.whole("school_capacity", most=20_000),
            postcode=row.text("postcode"),
            easting=grid(row, "easting"),
            northing=grid(row, "northing"),
            lsoa_code=row.word("lsoa_code"),
            urban_rural=row.word("urban_rural"),
        )
        phase = read_phase(row.word("phase_of_education"), kind)
        records.append((urn, _code(row, "la_code"), phase, kind, status(row, "establishment_status"), None, None, said))

    each_row(frame, parsed, take)
    parsed.batches = [Batch("school_record", RECORD, records)]
    return parsed


DFE = "Department for Education"
SOURCES = (
    Source(
        family="gias",
        publisher=DFE,
        stage=REGISTERS,
        cadence="daily",
        takes="Every establishment: identity, type, phase, status, dates, ages, character, pupils and capacity, groups where the "
        "download gives their codes, "
        "address, grid reference, small area. The head's name only for a partnership's own schools.",
        leaves="Special needs provision, places and boarding, inspectorates, proprietors, wards and constituencies, "
        "further-education identifiers, "
        "and the register's copy of Ofsted's rating (Ofsted's own list is taken).",
        recognise=_gias_recognise,
        edition=_gias_edition,
        parse=_gias_parse,
        personal_columns=frozenset({*_HEAD_COLUMNS, "PropsName"}),
    ),
    Source(
        family="gias-extract",
        publisher=DFE,
        stage=REGISTERS,
        cadence="once: a third party's extract of the register",
        takes="The same of open primary, secondary and all-through schools; grid reference and small area of nearly every one.",
        leaves="Wards, constituency, the register's copy of Ofsted's rating.",
        recognise=_r_recognise,
        edition=_r_edition,
        parse=_r_parse,
        personal_columns=frozenset({"head_title", "head_first_name", "head_last_name", "head_preferred_job_title"}),
    ),
    Source(
        family="gias-secondaries",
        publisher=DFE,
        stage=REGISTERS,
        cadence="once: a third party's join",
        takes="The columns of the register for open secondary schools.",
        leaves="The third party's own analysis; Ofsted's columns (Ofsted's own list of August 2025 is taken); results, capacity "
        "survey, workforce and "
        "deprivation, whose year the file does not state.",
        recognise=_join_recognise,
        edition=_join_edition,
        parse=_join_parse,
    ),
)
