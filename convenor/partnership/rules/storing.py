"""A piece of a constitution as plain rows: what a file would say of it, with days as text, and back without loss."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from convenor.partnership.rules.kinds_of_value import Day
from convenor.partnership.rules.schema import PARTNERSHIP, Table, tables
from convenor.partnership.rules.vocabulary import BODY_KINDS, ROLES


@cache
def layout(kinds: tuple[tuple[str, str], ...] = (), roles: tuple[tuple[str, str], ...] = ()) -> dict[str, Table]:
    """The tables of a file, given the further kinds of body and roles it declares; "partnership" and "seat" among them."""
    found = dict(tables(BODY_KINDS | dict(kinds), ROLES | dict(roles)))
    inside = found["body"].inside or {}
    return found | {name: table for name, (_, table) in inside.items()} | {"partnership": PARTNERSHIP}


def to_row(thing: Any, table: Table) -> dict[str, Any]:
    """What a file would say of a thing, key by key; what stands at its default is left out. Days become text as 2026-09-01."""
    defaults = {name: field.default for name, field in type(thing).__dataclass_fields__.items()}
    row: dict[str, Any] = {}
    for key in table.keys:
        value = getattr(thing, key.held_as)
        if value != defaults[key.held_as]:
            written = key.kind.write(value)
            row[key.name] = written.isoformat() if isinstance(written, date) else written
    return row


def from_row(row: Mapping[str, Any], table: Table, **instead: Any) -> Any:
    """The thing that `to_row` described; `instead` gives fields that are known better from elsewhere.

    Raises ValueError when a value is not what the table asks, which a row made by `to_row` never is.
    """
    values: dict[str, Any] = {}
    for key in table.keys:
        if key.name in row and key.held_as not in instead:
            value = row[key.name]
            values[key.held_as] = key.kind.read(date.fromisoformat(value) if isinstance(key.kind, Day) else value)
    assert table.makes is not None, f"{table.called} is not a thing of its own"
    return table.makes(**values, **instead)
