"""Many rows into the tables at once: prepared statements on SQLite, COPY on PostgreSQL.

Private to this feature's actions: what is written, and whether, is decided in `loading`, `withdrawing` and `projecting`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.db import IntegrityError, connection, models

from convenor.registers.sources import Batch

CHUNK = 20_000
ROWS_TOGETHER = 50
#: The order in which the rows of great tables go in: that of their index, so that each of its pages is visited once a file.
ORDER = {"reading": ("urn", "measure", "period"), "area_reading": ("area_code", "measure")}


def model_of(table: str) -> type[models.Model]:
    """The model that a batch names in snake case."""
    return apps.get_model("registers", table.replace("_", ""))


def write_batch(batch: Batch, *, edition_id: int) -> int:
    """Write the rows of a batch under an edition; how many there were."""
    model = model_of(batch.table)
    return write_rows(model, batch.columns, rows_of(batch), constants={"edition_id": edition_id})


def gathered(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Batches with the tables of Arrow that go into one great table made one, so that they can go in in the order of its index."""
    tables: dict[tuple[str, tuple[str, ...]], list[pa.Table]] = {}
    for batch in batches:
        if batch.table in ORDER and isinstance(batch.rows, pa.Table):
            tables.setdefault((batch.table, tuple(batch.columns)), []).append(batch.rows.select(list(batch.columns)))
        else:
            yield batch
    for (name, columns), parts in tables.items():
        yield Batch(name, columns, pa.concat_tables(parts, promote_options="permissive") if len(parts) > 1 else parts[0])


def rows_of(batch: Batch) -> Iterator[tuple[Any, ...]]:
    """The rows of a batch as tuples, a chunk at a time."""
    if isinstance(batch.rows, pa.Table):
        table = batch.rows.select(list(batch.columns))
        if order := ORDER.get(batch.table):
            table = table.sort_by([(name, "ascending") for name in order])
        for part in table.to_batches(max_chunksize=CHUNK):
            yield from zip(*(column.to_pylist() for column in part.columns), strict=True)
    else:
        yield from batch.rows


def write_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]], *, constants: dict[str, Any]) -> int:
    """Insert rows into a model's table. Fields not named get their empty value; `constants` are the same in every row."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    unknown = [name for name in columns if name not in fields]
    if unknown:
        raise TypeError(f"{model.__name__} has no field {', '.join(unknown)}")
    given = {*columns, *constants}
    rest = {**constants, **{name: empty_value(field) for name, field in fields.items() if name not in given and not field.primary_key}}
    as_json = [index for index, name in enumerate(columns) if isinstance(fields[name], models.JSONField)]
    if as_json:
        rows = _with_json(rows, as_json)
    names = [str(fields[name].column) for name in (*columns, *rest)]
    if connection.vendor == "postgresql":
        return _copy(model._meta.db_table, names, rows, tuple(rest.values()))
    return _insert(model._meta.db_table, names, rows, len(columns), tuple(rest.values()))


def empty_value(field: models.Field[Any, Any]) -> Any:
    """What a field holds when nothing is said."""
    if isinstance(field, models.JSONField):
        return json.dumps(field.get_default())
    if field.has_default():
        return field.get_default()
    return None if field.null else ""


def _with_json(rows: Iterable[tuple[Any, ...]], places: list[int]) -> Iterator[tuple[Any, ...]]:
    """Objects as JSON text."""
    dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    if len(places) == 1:
        place = places[0]
        for row in rows:
            value = row[place]
            yield row if isinstance(value, str) else (*row[:place], dumps(value), *row[place + 1 :])
        return
    for row in rows:
        values = list(row)
        for place in places:
            if not isinstance(values[place], str):
                values[place] = dumps(values[place])
        yield tuple(values)


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _literal(value: Any) -> str:
    """A constant inside the statement, so that it need not travel with every row."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def _insert(table: str, names: list[str], rows: Iterable[tuple[Any, ...]], width: int, rest: tuple[Any, ...]) -> int:
    """Many rows to a statement: half the work of one row to a statement."""
    row = f"({', '.join([*['?'] * width, *map(_literal, rest)])})"
    head = f'INSERT INTO "{table}" ({", ".join(_quoted(names))}) VALUES '  # noqa: S608 - names are our own fields
    together = head + ", ".join([row] * ROWS_TOGETHER)
    count = 0
    with connection.cursor():  # opens the connection, where it is not yet
        cursor = connection.connection.cursor(sqlite3.Cursor)
    try:
        for chunk in _chunks(rows):
            whole = len(chunk) - len(chunk) % ROWS_TOGETHER
            for start in range(0, whole, ROWS_TOGETHER):
                cursor.execute(together, [value for values in chunk[start : start + ROWS_TOGETHER] for value in values])
            if whole < len(chunk):
                cursor.executemany(head + row, chunk[whole:])
            count += len(chunk)
    except sqlite3.IntegrityError as error:
        raise IntegrityError(str(error)) from error
    finally:
        cursor.close()
    return count


def _copy(table: str, names: list[str], rows: Iterable[tuple[Any, ...]], rest: tuple[Any, ...]) -> int:
    count = 0
    statement = f'COPY "{table}" ({", ".join(_quoted(names))}) FROM STDIN'
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((*row, *rest))
            count += 1
    return count


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def upsert(model: type[models.Model], key: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]], *, unless: str = "") -> None:
    """Insert rows, or update those whose key is there already. `unless` names a flag that protects a row from being changed.

    Columns not named get their empty value in a new row, and stay as they are in an old one.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = [str(fields[name].column) for name in columns]
    rest = {str(field.column): empty_value(field) for name, field in fields.items() if name not in columns}
    table = model._meta.db_table
    values = ", ".join([*["%s"] * len(names), *(_literal_or_flag(value) for value in rest.values())])
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name != fields[key].column)
    guard = f' WHERE NOT "{table}"."{unless}"' if unless else ""
    statement = (
        f'INSERT INTO "{table}" ({", ".join(_quoted(chain(names, rest)))}) VALUES ({values}) '  # noqa: S608 - names are our own fields
        f'ON CONFLICT ("{fields[key].column}") DO UPDATE SET {changes}{guard}'
    )
    with connection.cursor() as cursor:
        for chunk in _chunks(rows):
            cursor.executemany(statement, chunk)


def _literal_or_flag(value: Any) -> str:
    if isinstance(value, bool) and connection.vendor == "postgresql":
        return "TRUE" if value else "FALSE"
    return _literal(value)
