"""The Department's Local Authority Interactive Tool: hundreds of measures of each authority, region and England, and what they mean.

The tool prints one dash for every kind of gap; nothing finer than "not available" can be said of it, and it is never zero.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from convenor.england.authorities import AUTHORITIES
from convenor.england.dates import NotADateError, read_date
from convenor.england.marks import Mark, Vocabulary, mark_of
from convenor.england.regions import ENGLAND_CODE, ENGLAND_TOOL_CODE, REGIONS
from convenor.registers.sources import AREAS, Batch, EditionFacts, Hint, Known, OpenedFile, Parsed, Refusal, Refused, Source
from convenor.registers.sources.geography import DFE, authority_rows, newest_change

if TYPE_CHECKING:
    import pyarrow as pa

#: Codes of areas that are no single authority: kind and the code we keep. Inner and Outer London are parts of a region.
AREA_OF: dict[str, tuple[str, str]] = (
    {region.tool_code: ("region", region.code) for region in REGIONS.values()}
    | {ENGLAND_TOOL_CODE: ("england", ENGLAND_CODE), "987": ("region", "E13000001"), "988": ("region", "E13000002")}
    | {code: ("authority", code) for code in AUTHORITIES}
    # England by an older count: kept apart, under the tool's own code.
    | {"1000": ("england", "1000")}
)
READING_COLUMNS = ("area_kind", "area_code", "measure", "period", "value", "mark")
_LONG = ("Short Desc", "Years", "LA and Regions", "Values", "LA Number", "Region")
_YEARS = re.compile(r"20\d{2}")


def _long_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    import pyarrow.compute as pc

    years = [int(year) for text in pc.unique(file.peek()["Years"]).to_pylist() for year in _YEARS.findall(text)]
    if not years:
        raise Refused("The tool's figures name no year.")
    return EditionFacts(
        title=f"Local Authority Interactive Tool, figures to {max(years)}",
        as_at=hint.as_at or date(max(years), 1, 1),
        note="The file does not say its own day; unless the operator gave one, the day is the first of the newest year in it.",
    )


def _long(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    """640,000 rows, so whole columns at a time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    frame = file.frame()
    parsed = Parsed()
    kinds = _mapped(frame["LA Number"], {code: area[0] for code, area in AREA_OF.items()})
    codes = _mapped(frame["LA Number"], {code: area[1] for code, area in AREA_OF.items()})
    dash = {text: mark.value for text in ("-", "", "na", "NA", "c", "x") if (mark := mark_of(text, Vocabulary.AREA_TOOL))}
    marks = _mapped(frame["Values"], dash)
    plain = pc.replace_substring(frame["Values"], ",", "")
    numeric = pc.match_substring_regex(plain, r"^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
    values = pc.cast(pc.if_else(numeric, plain, None), pa.float64())
    faults = (
        ("LA Number", pc.equal(codes, ""), "no authority, region or country has this code"),
        ("Values", pc.and_(pc.invert(numeric), pc.equal(marks, "")), "neither a number nor a mark that the tool uses"),
        ("Years", pc.invert(pc.match_substring(frame["Years"], "20")), "the row names no year"),
        ("Short Desc", pc.equal(frame["Short Desc"], ""), "the row names no measure"),
    )
    good = None
    for field, wrong, reason in faults:
        lines, cells = frame["_row"].filter(wrong).to_pylist(), frame[field].filter(wrong).to_pylist()
        parsed.refusals.extend(Refusal(line, f"{reason} ('{cell[:20]}')", field=field) for line, cell in zip(lines, cells, strict=True))
        good = pc.invert(wrong) if good is None else pc.and_(good, pc.invert(wrong))
    table = pa.table([kinds, codes, frame["Short Desc"], frame["Years"], values, marks], names=list(READING_COLUMNS)).filter(good)
    _refuse_repeats(table, frame["_row"].filter(good), parsed)
    return parsed


def _mapped(column: pa.ChunkedArray, meaning: dict[str, str]) -> pa.ChunkedArray:
    """Each text's meaning, or the empty text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    places = pc.index_in(column, value_set=pa.array(list(meaning)))
    return pc.fill_null(pc.take(pa.array(list(meaning.values())), places), "")


def _refuse_repeats(table: pa.Table, lines: pa.ChunkedArray, parsed: Parsed) -> None:
    """Put the rows into a batch, refusing those whose area, measure and period came before."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    key = pc.binary_join_element_wise(table["area_code"], table["measure"], table["period"], "\t").combine_chunks()
    codes = key.dictionary_encode().indices.to_numpy()
    _, firsts = np.unique(codes, return_index=True)
    first = np.zeros(len(codes), dtype=bool)
    first[firsts] = True
    if not first.all():
        again = pa.array(~first)
        for line, text in zip(lines.filter(again).to_pylist(), key.filter(again).to_pylist(), strict=True):
            parsed.refusals.append(Refusal(line, f"{text.replace(chr(9), ', ')} stands twice; its first row is kept", field="Values"))
        table = table.filter(pa.array(first))
    parsed.batches.append(Batch("area_reading", READING_COLUMNS, table))


# What the measures mean

_DICTIONARY = ("Measure_code", "Topic", "Measure", "Measure_short", "Polarity", "y_axis_name", "Description", "Last Update")
#: Which way is better, in the words that a page prints; the dictionary's dash means neither.
_POLARITY = {"high": "higher is better", "low": "lower is better", "-": "neither", "na": "neither", "": "neither"}


def _dictionary_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    days = []
    for cell in file.peek()["Last Update"].to_pylist():
        try:
            days.append(read_date(cell))
        except NotADateError:
            continue  # a few are words, such as "TBC"
    newest = max((day for day in days if day), default=None)
    if newest is None and hint.as_at is None:
        raise Refused("No measure says when it was last updated. Say of which day the dictionary is with --as-at.")
    return EditionFacts(title="Local Authority Interactive Tool, dictionary of measures", as_at=hint.as_at or newest or date.min)


def _dictionary(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    parsed, seen, rows = Parsed(), set(), []
    for row in file.frame().to_pylist():
        key = row["Measure_short"]
        if not key or key in seen:
            reason = f"the measure {key} stands twice; its first row is kept" if key else "the row names no measure"
            parsed.refusals.append(Refusal(row["_row"], reason, field="Measure_short"))
            continue
        seen.add(key)
        polarity = _POLARITY.get(row["Polarity"].lower(), "neither")
        source = row.get("Data Owner (DO) /Supplier and Contact Details", "")
        rows.append((key, row["Measure"], row["Topic"], row["y_axis_name"], polarity, row["Description"], _without_contact(source)))
    columns = ("key", "name", "topic", "unit", "polarity", "description", "source")
    parsed.batches.append(Batch("area_measure", columns, rows))
    return parsed


def _without_contact(text: str) -> str:
    """The owner of a measure without e-mail addresses, which are nothing to keep; a stray nought means that none is named."""
    return "" if text == "0" else " ".join(re.sub(r"\S+@\S+", "", text).replace("()", "").split())[:300]


# The tool's list of areas

_LIST = ("LA Number", "LA Name", "Region", "Type")


def _list_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    return EditionFacts(
        title="Local Authority Interactive Tool, list of authorities",
        as_at=hint.as_at or newest_change(),
        note="The list does not say its own day; it describes England as it has been since the day given.",
    )


def _list(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    parsed, codes = Parsed(), set()
    for row in file.frame().to_pylist():
        code = row["LA Number"]
        if code in AUTHORITIES:
            codes.add(code)
        elif code in AREA_OF:
            parsed.aggregate += 1
        else:
            parsed.refusals.append(Refusal(row["_row"], f"no area with the code {code} is known", field="LA Number"))
    parsed.batches.append(authority_rows(codes))
    return parsed


# Exclusions by reason

_EXCLUSIONS = ("time_period", "geographic_level", "region_code", "old_la_code", "school_type", "perm_physical_pupils", "fixed_other")
_LEVELS = {"national": "england", "regional": "region", "local authority": "authority"}


def _exclusions_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    from convenor.england.school_years import NotASchoolYearError, read_school_year

    try:
        years = sorted({read_school_year(text) for text in set(file.peek()["time_period"].to_pylist())})
    except NotASchoolYearError as error:
        raise Refused(f"The exclusions are of no school year that can be read: {error}.") from error
    first, last = years[0], years[-1]
    title = f"Permanent and fixed-period exclusions by reason, {first} to {last}"
    return EditionFacts(title=title, as_at=last.ends_on, period=last.label)


def _exclusions(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    from convenor.england.numbers import NotANumberError, read_number
    from convenor.england.school_years import read_school_year

    parsed, frame = Parsed(), file.frame()
    measures = [name for name in frame.column_names if name.startswith(("perm_", "fixed_"))]
    rows: list[tuple[str, str, str, str, float | None, str]] = []
    for row in frame.to_pylist():
        kind = _LEVELS.get(row["geographic_level"].lower(), "")
        code = {"england": ENGLAND_CODE, "region": row["region_code"], "authority": row["old_la_code"], "": ""}[kind]
        if not code or (kind == "authority" and code not in AUTHORITIES):
            where = row["old_la_code"] or row["geographic_level"]
            parsed.refusals.append(Refusal(row["_row"], f"no area is known for '{where}'", field="old_la_code"))
            continue
        period, group = read_school_year(row["time_period"]).label, row["school_type"].lower()
        try:
            figures = [read_number(row[name], Vocabulary.FIRST_RELEASE) for name in measures]
        except NotANumberError as error:
            parsed.refusals.append(Refusal(row["_row"], str(error)))
            continue
        rows.extend((kind, code, f"{name}:{group}", period, each.value, each.mark) for name, each in zip(measures, figures, strict=True))
    parsed.batches.append(Batch("area_reading", READING_COLUMNS, rows))
    parsed.warnings.append(f"'x' is kept as: {Mark.SUPPRESSED.says}")
    return parsed


SOURCES: tuple[Source, ...] = (
    Source(
        family="area-measures",
        publisher=DFE,
        cadence="several times a year",
        takes="every figure of every authority, region and England, with its period; a dash is kept as not available",
        leaves="the names of areas, which our own list gives",
        recognise=lambda header: header.has(*_LONG),
        edition=_long_edition,
        parse=_long,
        stage=AREAS,
    ),
    Source(
        family="area-measure-dictionary",
        publisher=DFE,
        cadence="several times a year",
        takes="each measure's name, topic, unit, direction, description and owner",
        leaves="methodology, links, dates of update and contact addresses",
        recognise=lambda header: header.has(*_DICTIONARY),
        edition=_dictionary_edition,
        parse=_dictionary,
        stage=AREAS,
    ),
    Source(
        family="area-list",
        publisher=DFE,
        cadence="when authorities change",
        takes="which authorities the tool knows, checked against our list",
        leaves="the kind of authority",
        recognise=lambda header: set(header.columns) == set(_LIST),
        edition=_list_edition,
        parse=_list,
        stage=AREAS,
    ),
    Source(
        family="exclusions-by-reason",
        publisher=DFE,
        cadence="yearly",
        takes="each count of exclusions by reason and type of school, for authorities, regions and England",
        leaves="names of areas",
        recognise=lambda header: header.kind == "csv" and header.has(*_EXCLUSIONS),
        edition=_exclusions_edition,
        parse=_exclusions,
        stage=AREAS,
    ),
)
