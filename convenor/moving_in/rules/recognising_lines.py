"""A recognised sheet as lines: what each tells by field, and which lines tell nothing and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from convenor.moving_in.rules.kinds import NAME_PARTS, ROLE_NAMES, SCHOOL_FIELDS, Kind, folded, role_of_wide
from convenor.moving_in.rules.reading import Sheet
from convenor.moving_in.rules.recognising import headings

_TOTAL: Final = re.compile(r"(?:grand |sub ?|overall )?totals?\b|sum\b|count\b|average\b|number of schools\b|balance\b")
_REMARK: Final = re.compile(
    r"(?:nb|n b|note|notes|key|source|please|last updated|updated|printed|page \d|\* |correct as at|as at|end of|do not|prepared "
    "by|version)\b"
)
#: What in these columns shows that a line is of a school or a person after all, whatever it begins with.
_NAMES: Final = {
    "urn": re.compile(r"\d{5}"),
    "laestab": re.compile(r"\d{3}.?\d{4}"),
    "email": re.compile(r"@"),
    "postcode": re.compile(r"[A-Za-z]{1,2}\d"),
}
_SCHOOL_KEYS: Final = tuple(each.key for each in SCHOOL_FIELDS)
_PART_KEYS: Final = tuple(each.key for each in NAME_PARTS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet, `number` as the spreadsheet counts it; a line of a wide sheet comes once for each role."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Left:
    """A line that was left out, and why."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class LinesRead:
    """All that a sheet tells, and what was left out."""

    lines: tuple[Line, ...]
    left: tuple[Left, ...]


def lines(sheet: Sheet, kind: Kind, header_rows: tuple[int, int], columns: Mapping[str, int]) -> tuple[Line, ...]:
    """The lines below the headings that tell something; see `read_lines` for those left out."""
    return read_lines(sheet, kind, header_rows, columns).lines


def read_lines(sheet: Sheet, kind: Kind, header_rows: tuple[int, int], columns: Mapping[str, int]) -> LinesRead:
    """The lines below the headings, and those left out: totals, headings that come again, remarks, lines with more cells than headings.

    Empty lines are passed over. In a sheet of clusters without a column for them, a line with one text names the cluster of those below.
    """
    found: list[Line] = []
    left: list[Left] = []
    section = ""
    sections = kind is Kind.CLUSTERS and "cluster" not in columns
    heading = [folded(text) for text in headings(sheet, header_rows)]
    used = {key: at for key, at in columns.items() if sheet.rows and 0 <= at < len(sheet.rows[0])}
    for number, row in enumerate(sheet.rows[max(0, header_rows[1]) :], max(0, header_rows[1]) + 1):
        texts = {cell for cell in row if cell}
        if not texts:
            continue
        if sections and len(texts) == 1 and not _is_remark(next(iter(texts))) and _is_section(row, used):
            section = next(iter(texts)).strip(" :")
            continue
        why = "it has more cells than there are headings" if number in sheet.uneven else _why_left(row, heading, used)
        if why:
            left.append(Left(number, why))
            continue
        told = list(_told(row, kind, used))
        if not told:
            left.append(Left(number, "it holds nothing in the columns that were recognised"))
        found.extend(Line(number, {**values, "cluster": section} if sections and section else values) for values in told)
    return LinesRead(tuple(found), tuple(left))


def _is_section(row: tuple[str, ...], used: Mapping[str, int]) -> bool:
    """Whether the only text of a line is a heading for those below: merged across, or not where schools stand, or said to be a "
    "cluster."""
    filled = [at for at, cell in enumerate(row) if cell]
    text = row[filled[0]].lower()
    return len(filled) > 1 or filled[0] != used.get("school") or "cluster" in text or text.endswith(":")


def _is_remark(text: str) -> bool:
    return len(text) > 80 or bool(_REMARK.match(folded(text))) or text.startswith("*")


def _why_left(row: tuple[str, ...], heading: list[str], used: Mapping[str, int]) -> str:
    """Why a line is no data; empty where it is."""
    filled = [(at, cell) for at, cell in enumerate(row) if cell]
    same = sum(
        1
        for at, cell in filled
        if at < len(heading) and heading[at] and (folded(cell) == heading[at] or heading[at].endswith(f" {folded(cell)}"))
    )
    if same >= 2 and same >= len(filled) * 0.6:
        return "the headings come again"
    first = filled[0][1]
    named = any(_NAMES[key].search(row[at]) for key, at in used.items() if key in _NAMES)
    if _TOTAL.match(folded(first)) and not named:
        return "it is a total"
    if len({cell for _, cell in filled}) == 1 and len(heading) > 2 and not named:
        if _is_remark(first):
            return "it is a remark, not a line of the table"
        if len(filled) > 2:
            return "it is a heading inside the table"
    return ""


def _told(row: tuple[str, ...], kind: Kind, used: Mapping[str, int]) -> Iterator[dict[str, str]]:
    """What a line tells: once, or once for each role of a wide sheet."""
    values = {key: row[at] for key, at in used.items() if row[at]}
    parts = [values.pop(key, "") for key in _PART_KEYS]
    if parts[1] or parts[2]:
        whole = " ".join(filter(None, parts))
        values["name"] = whole if not values.get("name") else values["name"]
    wide: dict[str, dict[str, str]] = {}
    for key in list(values):
        if found := role_of_wide(key):
            wide.setdefault(found[0], {})[found[1]] = values.pop(key)
    school = {key: values[key] for key in _SCHOOL_KEYS if key in values}
    checked = {"verified": values["verified"]} if "verified" in values else {}
    for role, told in wide.items():
        yield {**school, "role": ROLE_NAMES[role], **told, **checked}
    rest = {key: value for key, value in values.items() if key not in school}
    if wide and not {"name", "email", "phone"} & rest.keys():
        return
    if rest or (values and kind is not Kind.CONTACTS):
        yield {**values, **({"role": ROLE_NAMES["other"]} if wide and "role" not in values else {})}
