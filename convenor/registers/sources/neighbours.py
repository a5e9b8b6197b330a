"""Statistical neighbours: for each authority the ten most like it, nearest first, by the National Foundation for Educational Research."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from convenor.england.authorities import AUTHORITIES
from convenor.registers.rules.recognise import day_in
from convenor.registers.sources import AREAS, Batch, EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Refusal, Refused, Source

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_AND_YEAR = re.compile(rf"({'|'.join(_MONTHS)})[a-z]*[ _-]?(20\d{{2}})", re.IGNORECASE)
NEIGHBOURS = 10


def _header_row(header: Header) -> int | None:
    """Which line names the columns: the third, under two lines of spreadsheet letters and numbers."""
    for number, line in enumerate(header.sheets[0].top if header.sheets else ()):
        if "LA num" in line and {f"SN{each}" for each in range(1, NEIGHBOURS + 1)} <= set(line):
            return number
    return None


def _day(hint: Hint) -> date:
    """The day of the edition: given, or the month that the name or the folders hold."""
    if hint.as_at:
        return hint.as_at
    for name in (hint.file_name, *reversed(hint.folders)):
        if found := _MONTH_AND_YEAR.search(name):
            year, month = int(found[2]), _MONTHS.index(found[1][:3].lower()) + 1
            return date(year, month, monthrange(year, month)[1])
        if day := day_in(name):
            return day
    raise Refused(
        "Nothing says of when these statistical neighbours are. Put the month in the file's name (as in sn_may_2025.xlsx) "
        "or say it with --as-at 2025-05-31."
    )


def _edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    day = _day(hint)
    return EditionFacts(title=f"Statistical neighbours, {day:%B %Y}", as_at=day)


def _parse(file: OpenedFile, facts: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = file.frame(header_row=_header_row(file.header))
    places = [name for name in frame.column_names if name != "_row"]
    first = places.index("SN1")
    rows: list[tuple[str, str, int, str]] = []
    for row in frame.to_pylist():
        code = row["LA num"]
        near = [(row[places[first + 2 * n]], row[places[first + 2 * n + 1]]) for n in range(NEIGHBOURS)]
        reason = _fault(code, [each for each, _ in near], {done for done, *_ in rows})
        if reason:
            parsed.refusals.append(Refusal(row["_row"], reason, field="LA num"))
            continue
        rows.extend((code, each, rank, closeness.capitalize()) for rank, (each, closeness) in enumerate(near, start=1))
    parsed.batches.append(Batch("statistical_neighbour", ("authority_code", "neighbour_code", "rank", "closeness"), rows))
    return parsed


def _fault(code: str, near: list[str], done: set[str]) -> str:
    """Why a row is not taken; empty when it is."""
    if not code:
        return "a heading inside the table, not an authority"
    if code not in AUTHORITIES:
        return f"no authority with the code {code} is known"
    if code in done:
        return f"the authority {code} stands twice; its first row is kept"
    unknown = [each for each in near if each not in AUTHORITIES]
    if unknown:
        return f"neighbours that are no authority: {', '.join(each or 'blank' for each in unknown)}"
    if len(set(near)) < NEIGHBOURS or code in near:
        return "its neighbours are not ten different other authorities"
    return ""


SOURCES: tuple[Source, ...] = (
    Source(
        family="statistical-neighbours",
        publisher="Department for Education, model by the National Foundation for Educational Research",
        cadence="every few years",
        takes="the ten nearest neighbours of each authority, in order, with how close they are said to be",
        leaves="the sheet's own region numbers",
        recognise=lambda header: header.kind == "xlsx" and _header_row(header) is not None,
        edition=_edition,
        parse=_parse,
        stage=AREAS,
    ),
)
