"""Writing a constitution back as a file a manager can read and change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from convenor.partnership.rules.constitution import Constitution
from convenor.partnership.rules.schema import FIELD_OF_TABLE, PARTNERSHIP, Table, tables
from convenor.partnership.rules.vocabulary import BODY_KINDS, ROLES

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_toml(constitution: Constitution) -> str:
    """The constitution as a TOML file; what is left at its default is left out. ``parse`` of the text gives an equal constitution."""
    lines = ["[partnership]", *_lines_of(constitution, PARTNERSHIP)]
    for heading, words in (("kinds", constitution.kinds), ("roles", constitution.roles)):
        if words:
            lines += ["", f"[{heading}]", *(f"{key} = {_value(title)}" for key, title in words)]
    layout = tables(BODY_KINDS | dict(constitution.kinds), ROLES | dict(constitution.roles))
    for name, field in FIELD_OF_TABLE.items():
        lines += _rows(getattr(constitution, field), layout[name], name)
    return "\n".join(lines) + "\n"


def _rows(things: Iterable[Any], table: Table, heading: str) -> list[str]:
    lines: list[str] = []
    for thing in things:
        lines += ["", f"[[{heading}]]", *_lines_of(thing, table)]
        for name, (field, inner) in (table.inside or {}).items():
            lines += _rows(getattr(thing, field), inner, f"{heading}.{name}")
    return lines


def _lines_of(thing: Any, table: Table) -> list[str]:
    """One line for each key whose value differs from the default."""
    defaults = {name: field.default for name, field in type(thing).__dataclass_fields__.items()}
    lines = []
    for key in table.keys:
        value = getattr(thing, key.held_as)
        if value != defaults[key.held_as]:
            lines.append(f"{key.name} = {_value(key.kind.write(value))}")
    return lines


def _value(value: Any) -> str:
    """A value in TOML's own spelling."""
    if isinstance(value, str):
        return '"' + "".join(_ESCAPES.get(char, char if _plain(char) else f"\\u{ord(char):04X}") for char in value) + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    return str(value)


def _plain(char: str) -> bool:
    return char >= " " and char != "\x7f"
