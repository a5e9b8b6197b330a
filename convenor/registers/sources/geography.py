"""Lists of authorities, regions and districts, and their outlines.

Lists of codes carry no date of their own, so their edition's day is what their content tells: the newest day, or the first day of
the last year, that it names.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from convenor.england.authorities import AUTHORITIES, OVERSEAS, REORGANISATIONS, code_for, find, of_joined
from convenor.england.dates import NotADateError, read_date
from convenor.registers.rules import recognise
from convenor.registers.rules.boundaries import BrokenTopologyError, arcs_of, made_since, outlines
from convenor.registers.sources import (
    AREAS,
    Batch,
    EditionFacts,
    Header,
    Hint,
    Known,
    OpenedFile,
    Parsed,
    Refusal,
    Refused,
    Source,
)

if TYPE_CHECKING:
    import pyarrow as pa

DFE, ONS = "Department for Education", "Office for National Statistics"
AUTHORITY_COLUMNS = ("code", "gss_code", "name", "region", "region_code", "opened_on", "closed_on")
LAYERS = ("UTLA", "LTLA", "RGN", "CAUTH", "CTRY")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)|(20\d{2})(?=UK)")


def authority_rows(codes: set[str]) -> Batch:
    """The authorities of these codes as our own list of England describes them: names and dates agree whichever list came first."""
    rows = []
    for code in sorted(codes):
        each = AUTHORITIES[code]
        opened, closed = (day.isoformat() if day else None for day in (each.opened_on, each.closed_on))
        gss = each.gss_codes[0] if each.gss_codes else ""
        rows.append((code, gss, each.name, each.region, each.region_code, opened, closed))
    return Batch("local_authority", AUTHORITY_COLUMNS, rows)


def newest_change() -> date:
    """The day since which England's authorities are as they are."""
    return max(change.on for change in REORGANISATIONS)


# The register of local authorities

_LAS = ("new_la_code", "la_name", "date_of_operation", "date_of_termination", "parent_geography_code", "status", "old_la_code")


def _las_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    days = []
    for cell in file.peek()["date_of_operation"].to_pylist():
        try:
            days.append(read_date(cell))
        except NotADateError:
            continue  # the row is refused when it is parsed
    known = [day for day in days if day]
    if not known:
        raise Refused("The list of authorities names no day on which any of them began, so it cannot be told how old it is.")
    return EditionFacts(
        title="Local authorities and their codes",
        as_at=hint.as_at or max(known),
        note="The list does not say its own day; the day given is that of the newest authority in it, unless the operator gave one.",
    )


def _las(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    parsed, codes = Parsed(), set()
    for row in file.frame().to_pylist():
        if " / " in row["old_la_code"]:
            parsed.aggregate += 1
            continue
        code = row["old_la_code"] if row["old_la_code"] in AUTHORITIES else code_for(row["new_la_code"])
        reason = _las_fault(row, code)
        if reason:
            parsed.refusals.append(Refusal(row["_row"], reason[1], field=reason[0]))
        else:
            codes.add(code)
    if parsed.aggregate:
        parsed.warnings.append(f"{parsed.aggregate} rows join two authorities that have rows of their own; they are counted, not kept")
    parsed.batches.append(authority_rows(codes))
    return parsed


def _las_fault(row: dict[str, Any], code: str) -> tuple[str, str] | None:
    """The field and the reason why a row of the list of authorities is not taken; None when it is."""
    if not code:
        return "old_la_code", f"no authority with the codes {row['old_la_code']} and {row['new_la_code']} is known"
    for field in ("date_of_operation", "date_of_termination"):
        try:
            read_date(row[field])
        except NotADateError as error:
            return field, str(error)
    return None


# Regions and their authorities

_HIERARCHY = ("region_code", "region_name", "old_la_code", "la_name", "new_la_code")
#: Values that the list allows for data about nowhere in England; they are no authorities.
_NOWHERE = {"x", "z", ""}


def _hierarchy_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    return EditionFacts(
        title="Regions of England and their local authorities",
        as_at=hint.as_at or newest_change(),
        note="The list does not say its own day; it describes England as it has been since the day given.",
    )


def _hierarchy(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    parsed, codes = Parsed(), set()
    for row in file.frame().to_pylist():
        code = row["old_la_code"] if row["old_la_code"] in AUTHORITIES else code_for(row["new_la_code"])
        if code and row["region_code"] not in {AUTHORITIES[code].region_code, "z", "x"}:
            parsed.refusals.append(Refusal(row["_row"], f"{row['la_name']} does not lie in {row['region_name']}", field="region_code"))
        elif code:
            codes.add(code)
        elif of_joined(row["old_la_code"]) or row["region_code"] in _NOWHERE or row["old_la_code"] in _NOWHERE:
            parsed.aggregate += 1
        else:
            parsed.refusals.append(Refusal(row["_row"], f"no authority with the code {row['old_la_code']} is known", field="old_la_code"))
    if parsed.aggregate:
        parsed.warnings.append(
            f"{parsed.aggregate} rows stand for joined authorities, or for nowhere in England; they are counted, not kept"
        )
    parsed.batches.append(authority_rows(codes))
    return parsed


# Codes as the performance tables use them

_LEA = ("LEA", "LA Name", "REGION", "REGION NAME")


def _lea_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    try:
        year = recognise.school_year(file_name=hint.file_name, folders=hint.folders, as_at=hint.as_at)
    except ValueError as error:
        raise Refused(str(error)) from error
    return EditionFacts(title=f"Codes of authorities in the performance tables, {year}", as_at=year.starts_on, period=year.label)


def _lea(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    parsed, codes = Parsed(), set()
    for row in file.frame().to_pylist():
        code = row["LEA"]
        if code not in AUTHORITIES:
            parsed.refusals.append(Refusal(row["_row"], f"no authority with the code {code} is known", field="LEA"))
            continue
        codes.add(code)
        try:
            same = find(row["LA Name"]) == code
        except ValueError:
            same = False
        if not same:
            parsed.warnings.append(
                f"row {row['_row']} calls {code} '{row['LA Name']}'; the Department's register, and so we, call it {AUTHORITIES[code].name}"
            )
    parsed.batches.append(authority_rows(codes - {OVERSEAS}))
    return parsed


# Districts

_WARDS = ("first_available_year_included", "most_recent_year_included", "ward_code", "lad_code", "lad_name", "new_la_code")


def _wards_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    years = [year for year in file.peek()["most_recent_year_included"].to_pylist() if re.fullmatch(r"20\d\d", year)]
    if not years:
        raise Refused("The list of wards names no year that it covers.")
    return EditionFacts(title=f"Wards, districts and authorities to {max(years)}", as_at=hint.as_at or date(int(max(years)), 1, 1))


def _wards(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    spans: dict[tuple[str, str, str], tuple[int, int]] = {}
    frame = file.frame()
    names = ("_row", "lad_code", "lad_name", "new_la_code", "first_available_year_included", "most_recent_year_included")
    for line, code, name, authority, first, last in zip(*(frame[each].to_pylist() for each in names), strict=True):
        if not (first.isdigit() and last.isdigit() and first <= last):
            parsed.refusals.append(Refusal(line, f"'{first}' to '{last}' is no span of years", field=names[4]))
        elif not re.fullmatch(r"[ENSW]\d{8}", code):
            parsed.refusals.append(Refusal(line, f"'{code}' is not a district's code", field="lad_code"))
        else:
            key = (code, name, authority)
            start, end = spans.get(key, (int(first), int(last)))
            spans[key] = (min(start, int(first)), max(end, int(last)))
    columns = ("code", "name", "authority_gss_code", "first_year", "last_year")
    parsed.batches.append(Batch("district", columns, [(*key, *span) for key, span in sorted(spans.items())]))
    parsed.warnings.append(f"each row is a ward; {len(spans)} districts were made of them")
    return parsed


# Outlines


def _boundaries_recognise(header: Header) -> bool:
    layers = set(header.sheets[0].top[0]) if header.kind == "topojson" and header.sheets[0].top else set()
    return {"UTLA", "LTLA"} <= layers


def _boundaries_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    found = _YEAR.search(hint.file_name)
    if not found and hint.as_at is None:
        raise Refused(
            "Nothing says of which year these boundaries are. Put the year in the file's name, or say it with --as-at 2022-12-31."
        )
    as_at = hint.as_at or date(int((found[1] or found[2]) if found else 0), 1, 1)
    return EditionFacts(
        title=f"Boundaries of authorities, districts and regions, {as_at.year}",
        as_at=as_at,
        note="Contains OS data © Crown copyright and database right. Outlines are simplified by their publisher: for maps of areas.",
    )


def _boundaries(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    topology = file.json()
    parsed = Parsed(rows_read=0)
    try:
        arcs = arcs_of(topology)
        layers = {layer: outlines(topology, layer, arcs) for layer in LAYERS if layer in topology["objects"]}
    except BrokenTopologyError as error:
        raise Refused(f"The boundaries cannot be drawn: {error}. Fetch the file again.") from error
    drawn = [outline for outlined in layers.values() for outline in outlined]
    parsed.rows_read = len(drawn)
    districts = {outline.code: outline for outline in layers["LTLA"]}
    made = made_since(districts, (outline.code for outline in layers["UTLA"]))
    columns = ("layer", "code", "name", "geometry", "note")
    rows = [(each.layer, each.code, each.name, each.geometry, each.note) for each in [*drawn, *made]]
    parsed.batches.append(Batch("boundary", columns, rows))
    left = sorted(set(topology["objects"]) - set(LAYERS))
    parsed.warnings.append(
        f"English outlines of {', '.join(layers)} are kept; outlines outside England and the layers {', '.join(left)} are left"
    )
    if made:
        names = ", ".join(each.name for each in made)
        parsed.warnings.append(f"{len(made)} authorities made since were drawn from their districts: {names}")
    parsed.keep = _kept(rows, columns)
    return parsed


def _kept(rows: list[tuple[Any, ...]], columns: tuple[str, ...]) -> pa.Table:
    """The outlines as a table of text, for the edition's Parquet."""
    import json

    import pyarrow as pa

    data = [[json.dumps(value) if isinstance(value, dict) else value for value in column] for column in zip(*rows, strict=True)]
    return pa.table(dict(zip(columns, data, strict=True)))


SOURCES: tuple[Source, ...] = (
    Source(
        family="authorities",
        publisher=DFE,
        cadence="when authorities change",
        takes="each authority's codes, name, region and the days it began and ended",
        leaves="the kind of authority; rows that join two authorities",
        recognise=lambda header: header.kind == "csv" and header.has(*_LAS),
        edition=_las_edition,
        parse=_las,
        stage=AREAS,
    ),
    Source(
        family="regions",
        publisher=DFE,
        cadence="when authorities change",
        takes="which authority lies in which region, checked against our list",
        leaves="the codes for joined authorities and for places outside England",
        recognise=lambda header: header.kind == "csv" and set(header.columns) == set(_HIERARCHY),
        edition=_hierarchy_edition,
        parse=_hierarchy,
        stage=AREAS,
    ),
    Source(
        family="performance-tables-authorities",
        publisher=DFE,
        cadence="yearly",
        takes="the authorities of the year's tables, checked against our list",
        leaves="the tables' own division of regions in parts",
        recognise=lambda header: header.kind == "csv" and set(header.columns) == set(_LEA),
        edition=_lea_edition,
        parse=_lea,
        stage=AREAS,
    ),
    Source(
        family="districts",
        publisher=f"{DFE}, from the {ONS}",
        cadence="yearly",
        takes="each district, its authority, and the years in which it was so",
        leaves="wards and constituencies, which stay in the edition's Parquet",
        recognise=lambda header: header.kind == "csv" and header.has(*_WARDS),
        edition=_wards_edition,
        parse=_wards,
        stage=AREAS,
    ),
    Source(
        family="boundaries",
        publisher=ONS,
        cadence="when boundaries change",
        takes="English outlines of upper and lower authorities, combined authorities, regions and England",
        leaves="outlines of Scotland, Wales and Northern Ireland; statistical regions; counties, which are upper authorities too",
        recognise=_boundaries_recognise,
        edition=_boundaries_edition,
        parse=_boundaries,
        stage=AREAS,
    ),
)
