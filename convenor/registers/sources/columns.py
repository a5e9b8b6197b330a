"""Reading the cells of registers: references, dates, whole numbers, words that say nothing; and rows that come twice.

Pure. A cell that is not what its column promises raises `BadCellError`, and the source refuses the row by its number, field and reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa

from convenor.england import authorities
from convenor.england.dates import NotADateError, read_date
from convenor.registers.sources import Parsed, Refusal

#: Words by which publishers say that they have nothing to say.
NOTHING = frozenset({"not reported", "not recorded", "not applicable", "unknown", "n/a", "na", "none recorded", "not known", "null", "nan"})
#: What the register calls a school's state, as we keep it.
STATUSES = {
    "open": "open", "open, but proposed to close": "proposed to close", "closed": "closed", "proposed to open": "proposed",
    "open but proposed to close": "proposed to close",
}  # fmt: skip
_REFERENCE = re.compile(r"[1-9]\d{4,5}")
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?")


class BadCellError(ValueError):
    """A cell is not what its column promises."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


class Row:
    """One row of a frame, asked by the name of its column; a column that the file lacks is blank."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self._places, self._values = places, values

    def has(self, name: str) -> bool:
        """Whether the file has this column."""
        return name in self._places

    @property
    def line(self) -> int:
        """The line of the file."""
        return int(self._values[-1])

    def text(self, *names: str) -> str:
        """The first of these columns that the file has and that holds anything."""
        for name in names:
            place = self._places.get(name)
            if place is not None and self._values[place]:
                return str(self._values[place])
        return ""

    def word(self, *names: str) -> str:
        """The same, nothing for the words that say nothing."""
        text = self.text(*names)
        return "" if text.lower() in NOTHING else text

    def date(self, *names: str) -> str | None:
        """A date as ISO text, in any spelling; None for nothing. 1 January 1900 is the register's word for a day not known."""
        text = self.word(*names)
        if not text:
            return None
        try:
            day = iso(text)
        except NotADateError as error:
            raise BadCellError(names[0], str(error)) from error
        return None if day == "1900-01-01" else day

    def whole(self, *names: str, most: int = 1_000_000) -> int | None:
        """A whole number; None for nothing."""
        text = self.word(*names).replace(",", "")
        if not text:
            return None
        found = _WHOLE.fullmatch(text)
        if not found or int(found[1]) > most:
            raise BadCellError(names[0], f"'{text[:30]}' is not a whole number that can be right here")
        return int(found[1])

    def reference(self, *names: str) -> str:
        """A unique reference number: six digits, five for children's centres."""
        text = self.text(*names).removesuffix(".0")
        if not _REFERENCE.fullmatch(text):
            raise BadCellError(names[0], f"'{text[:20]}' is not a URN: a URN has six digits")
        return text


def rows(frame: pa.Table) -> Iterator[Row]:
    """The rows of a frame, one by one, a part of the frame at a time."""
    places = {name: index for index, name in enumerate(frame.column_names)}
    for part in frame.to_batches(max_chunksize=4_000):
        for values in zip(*(column.to_pylist() for column in part.columns), strict=True):
            yield Row(places, values)


@lru_cache(maxsize=65_536)
def iso(text: str) -> str:
    """A date in any spelling as ISO text. Raises NotADateError."""
    day = read_date(text)
    return day.isoformat() if day else ""


@lru_cache(maxsize=4_096)
def authority_code(text: str) -> str:
    """The Department's code of a name or code of an authority; empty when it is none."""
    try:
        return authorities.find(text) if text else ""
    except authorities.UnknownAreaError:
        return ""


def each_row(frame: pa.Table, parsed: Parsed, take: Callable[[Row], None], *, urn: str = "URN") -> None:
    """Give every row to `take`; a row that it cannot take is refused with its field and reason."""
    for row in rows(frame):
        try:
            take(row)
        except BadCellError as bad:
            parsed.refusals.append(Refusal(row.line, bad.reason, urn=row.text(urn)[:20], field=bad.field))


def without_repeats(frame: pa.Table, parsed: Parsed, key: Sequence[str], *, urn: str = "URN", conflicting: bool = True) -> pa.Table:
    """The frame without rows that come twice.

    A row that says the same as an earlier one is refused as a repeat. Where two rows of the same key say different things, neither can be
    trusted: both are refused, each naming the other (unless `conflicting` is allowed, as in lists of links).
    """
    names = [name for name in frame.column_names if name != "_row"]
    lines = frame["_row"].to_pylist()
    keys = list(zip(*(frame[name].to_pylist() for name in key), strict=True))
    if len(set(keys)) == len(keys):
        return frame
    first: dict[tuple[str, ...], list[int]] = {}
    for place, each in enumerate(keys):
        first.setdefault(each, []).append(place)
    drop: dict[int, str] = {}
    for each, places in first.items():
        if len(places) > 1 and any(each):
            _judge(frame, names, lines, places, each, drop, conflicting)
    for place in sorted(drop):
        parsed.refusals.append(
            Refusal(lines[place], drop[place], urn=str(frame[urn][place].as_py())[:20] if urn in names else "", field=key[0])
        )
    return frame.filter(pa.array([place not in drop for place in range(len(keys))]))


def _judge(
    frame: pa.Table, names: list[str], lines: list[int], places: list[int], key: tuple[str, ...], drop: dict[int, str], conflicting: bool
) -> None:
    contents = [tuple(frame[name][place].as_py() for name in names) for place in places]
    seen: dict[tuple[Any, ...], int] = {}
    different = len(set(contents)) > 1
    for place, content in zip(places, contents, strict=True):
        if content in seen:
            drop[place] = f"says the same as row {lines[seen[content]]}"
        elif different and conflicting:
            others = ", ".join(str(lines[other]) for other in places if other != place)
            drop[place] = f"{key[0]} stands in row {others} too, with other values: neither can be trusted"
        seen.setdefault(content, place)


def newest(values: Sequence[str], *, but_for: float = 0.0) -> date | None:
    """The newest of a column's dates; cells that are no dates are passed over.

    `but_for` leaves out that share of the dates, newest first: registers hold a few days to come, and slips of the pen.
    """
    found: list[str] = []
    for text in values:
        try:
            day = iso(text)
        except NotADateError:
            continue
        if day:
            found.append(day)
    found.sort()
    return date.fromisoformat(found[-1 - int(len(found) * but_for)]) if found else None


#: The columns of the records of schools that the sources of registers write.
RECORD = ("urn", "authority_code", "phase", "type_name", "status", "opened_on", "closed_on", "facts")


def facts(**values: Any) -> dict[str, Any]:
    """The other fields of a school, without those that say nothing."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def sixth_form(text: str) -> bool | None:
    """Whether a school has a sixth form, from the register's words."""
    return {"has a sixth form": True, "does not have a sixth form": False}.get(text.strip().lower())


def grid(row: Row, *names: str) -> int | None:
    """A grid reference in metres; 0 is the register's word for none."""
    return row.whole(*names, most=1_300_000) or None
