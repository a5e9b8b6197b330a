"""The English indices of deprivation, by lower-layer super output area: rank 1 and decile 1 are the most deprived."""

from __future__ import annotations

import re
from datetime import date

from convenor.registers.sources import AREAS, Batch, EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Refusal, Refused, Source

_AREA = re.compile(r"LSOA code \((\d{4})\)")
_RANK = re.compile(r"Index of Multiple Deprivation \(IMD\) Rank")
_DECILE = re.compile(r"Index of Multiple Deprivation \(IMD\) Decile")


def _columns(names: tuple[str, ...]) -> tuple[str, str, str] | None:
    """The names of the columns that hold the area, the rank and the decile; None when one is missing."""
    found = [next((name for name in names if pattern.match(name)), "") for pattern in (_AREA, _RANK, _DECILE)]
    return (found[0], found[1], found[2]) if all(found) else None


def _sheet(header: Header) -> str | None:
    return next((sheet.name for sheet in header.sheets if _columns(sheet.columns)), None)


def _edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    sheet = _sheet(file.header) or ""
    found = re.search(r"IM?D ?(?:20)?(\d{2})$", sheet)
    year = 2000 + int(found[1]) if found else (hint.as_at.year if hint.as_at else None)
    if year is None:
        raise Refused("Neither the sheet's name nor --as-at says of which year these indices are. Say it with --as-at 2025-01-01.")
    return EditionFacts(
        title=f"English indices of deprivation {year}",
        as_at=hint.as_at or date(year, 1, 1),
        note="The day given is the first of the year of the indices; what they measure is some years older.",
    )


def _parse(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    sheet = _sheet(file.header)
    frame = file.frame(sheet)
    names = _columns(tuple(frame.column_names))
    if names is None:
        raise Refused("The sheet lost its columns between its head and its body. Fetch the file again.")
    rows, seen = [], set()
    for line, code, rank, decile in zip(*(frame[name].to_pylist() for name in ("_row", *names)), strict=True):
        if not re.fullmatch(r"E01\d{6}", code):
            parsed.refusals.append(Refusal(line, f"'{code[:20]}' is not the code of an English small area", field=names[0]))
        elif code in seen:
            parsed.refusals.append(Refusal(line, f"the area {code} stands twice; its first row is kept", field=names[0]))
        elif not (rank.isdigit() and decile.isdigit() and int(rank) > 0 and 1 <= int(decile) <= 10):
            parsed.refusals.append(Refusal(line, f"rank '{rank[:20]}' and decile '{decile[:20]}' cannot be", field=names[1]))
        else:
            seen.add(code)
            rows.append((code, int(rank), int(decile)))
    parsed.batches.append(Batch("small_area", ("lsoa_code", "imd_rank", "imd_decile"), rows))
    return parsed


SOURCES: tuple[Source, ...] = (
    Source(
        family="deprivation",
        publisher="Ministry of Housing, Communities and Local Government",
        cadence="every few years",
        takes="the rank and the decile of each small area",
        leaves="names of areas and districts",
        recognise=lambda header: header.kind == "xlsx" and _sheet(header) is not None,
        edition=_edition,
        parse=_parse,
        stage=AREAS,
    ),
)
