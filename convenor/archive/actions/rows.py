"""Rows of any table, added, altered and removed as they are: for taking a change back and for an archive that arrives, and nothing else.

The tables' own refusals (what was written down stands) and their histories are passed by knowingly: what is done here either never
should have been, or happened elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import JSONField, Value

from convenor.archive.queries.reading import AT_ONCE
from convenor.archive.queries.tables import model_of
from convenor.archive.rules.belonging import Column, Kind, Table
from convenor.archive.rules.changes import Key
from convenor.archive.rules.values import Row, read


def hold(label: str, keys: list[Key]) -> None:
    """Hold the rows of these keys until the transaction ends."""
    for start in range(0, len(keys), AT_ONCE):
        rows = model_of(label)._base_manager.filter(pk__in=keys[start : start + AT_ONCE])
        list(rows.select_for_update(of=("self",)).only("pk"))


def add(table: Table, rows: Iterable[Row]) -> int:
    """Add these rows with the keys they bear; how many. Raises values.BadValue for one that the table cannot hold."""
    model = model_of(table.label)
    made = [model(**{c.name: _value(c, row[c.name]) for c in table.columns if c.name in row}) for row in rows]
    if made:
        model._base_manager.bulk_create(made, batch_size=500)
    return len(made)


def alter(table: Table, key: Key, values: Mapping[str, Any]) -> None:
    """Set these columns of one row."""
    set_to = {each.name: _value(each, values[each.name]) for each in table.columns if each.name in values}
    model_of(table.label)._base_manager.filter(pk=key).update(**set_to)


def remove(table: Table, keys: list[Key]) -> None:
    """Remove the rows of these keys, and nothing that leans on them."""
    for start in range(0, len(keys), AT_ONCE):
        rows = model_of(table.label)._base_manager.filter(pk__in=keys[start : start + AT_ONCE])
        rows._raw_delete(rows.db)


def _value(column: Column, value: Any) -> Any:
    found = read(column, value)
    # an empty value that is itself JSON, in a column that may not be empty
    return Value(None, JSONField()) if found is None and column.kind is Kind.JSON and not column.null else found
