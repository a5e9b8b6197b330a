"""How a value of a table is written as JSON, and read from it again, the very same."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from convenor.archive.rules.belonging import Column, Kind, Table

#: A row as JSON can say it: the columns' names and their values, in the order of the table.
Row = dict[str, Any]


class BadValue(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """A value that no column of its kind can hold."""


def write(column: Column, value: Any) -> Any:
    """The value as JSON can say it: days and times in ISO's order, moments in UTC to the microsecond."""
    if value is None or column.kind is Kind.JSON:
        return value
    if column.kind is Kind.MOMENT:
        moment: datetime = value
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if column.kind in {Kind.DAY, Kind.CLOCK}:
        return value.isoformat()
    if column.kind is Kind.UID:
        return str(value)
    return value


def read(column: Column, value: Any) -> Any:
    """The value as the table holds it. Raises BadValue for one that is not of the column's kind."""
    if value is None:
        if not column.null and column.kind is not Kind.JSON:
            raise BadValue(f"{column.name} is never empty")
        return None
    try:
        return _READ[column.kind](value)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadValue(f"{column.name} holds {str(value)[:60]!r}, which is no {column.kind.value}") from error


def row_of(table: Table, values: tuple[Any, ...]) -> Row:
    """One row, from its values in the order of the columns."""
    return {column.name: write(column, value) for column, value in zip(table.columns, values, strict=True)}


def _exactly(kind: type) -> Any:
    def checked(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError
        return value

    return checked


def _real(value: Any) -> float:
    if type(value) not in {int, float}:
        raise TypeError
    return float(value)


def _text(value: Any) -> str:
    if type(value) is not str or "\x00" in value:
        raise TypeError
    value.encode()  # half a character cannot be stored
    return value


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(_text(value))
    if found.tzinfo is None:
        raise TypeError
    return found.astimezone(UTC)


_READ: dict[Kind, Any] = {
    Kind.WHOLE: _exactly(int),
    Kind.REAL: _real,
    Kind.TEXT: _text,
    Kind.YES_NO: _exactly(bool),
    Kind.DAY: lambda value: date.fromisoformat(_text(value)),
    Kind.MOMENT: _moment,
    Kind.CLOCK: lambda value: time.fromisoformat(_text(value)),
    Kind.JSON: lambda value: value,
    Kind.UID: lambda value: UUID(_text(value)),
}
