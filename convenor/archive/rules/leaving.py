"""What a row looks like when it leaves: without whatever opens something; and how a spreadsheet may show it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from convenor.archive.rules.belonging import Kind, Table
from convenor.archive.rules.values import Row
from convenor.conditions.rules.joining import code_by
from convenor.papers.rules import never_run

#: What stands in an archive where something would open a door; empty stays empty.
MADE_ANEW: Final = "(made anew where it arrives)"
#: What stands where a letter held an address of this site: some open a door without a key.
LINK: Final = "(link)"
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+")
#: Columns whose words may hold such an address.
LETTERS: Final = frozenset({"post.letter.body", "post.letter.calendar"})
#: No hash comes out as this, so no password fits it.
NO_PASSWORD: Final = "!"  # noqa: S105 - the very opposite
PASSWORD_LENGTH, DIGEST_LENGTH = 40, 64

Pick = Callable[[str], str]


def leaves(table: Table, row: Mapping[str, Any]) -> bool:
    """Whether this very row leaves. A letter that has not been sent stays where it can be, or it would be sent twice."""
    return table.label != "post.letter" or row["sent_at"] is not None


def without_keys(table: Table, row: Row) -> Row:
    """The row as it leaves: nothing in it opens anything."""
    found = dict(row)
    for column in table.columns:
        value = found[column.name]
        if column.private_key and value:
            found[column.name] = MADE_ANEW
        elif f"{table.label}.{column.name}" in LETTERS and isinstance(value, str):
            found[column.name] = _ADDRESS.sub(LINK, value)
    return found


def with_new_keys(table: Table, row: Row, pick: Callable[[Any], str]) -> Row:
    """The row as it arrives: a password that nothing fits, a digest that no phone holds, a code that nobody was told.

    `pick` takes one of several, by chance.
    """
    if not any(each.private_key for each in table.columns):
        return row
    found = dict(row)
    for column in table.columns:
        if column.private_key and found[column.name]:
            found[column.name] = _made(column.name, pick)
    return found


def same(table: Table, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows are the same but for what opens something and when somebody last signed in."""
    aside = {each.name for each in table.columns if each.private_key} | {"last_login"}
    return all(one.get(each.name) == other.get(each.name) for each in table.columns if each.name not in aside)


def _made(name: str, pick: Callable[[Any], str]) -> str:
    if name == "password":
        return NO_PASSWORD + "".join(pick("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(PASSWORD_LENGTH))
    if name == "join_code":
        return code_by(pick)
    return "".join(pick("0123456789abcdef") for _ in range(DIGEST_LENGTH))


def cell(kind: Kind, value: Any) -> str:
    """A value as it may stand in a spreadsheet: text that would be run as a formula gets an apostrophe first."""
    if value is None:
        return ""
    if kind is Kind.YES_NO:
        return "yes" if value else "no"
    if kind in {Kind.WHOLE, Kind.REAL} and type(value) in {int, float}:
        return str(value)
    return never_run(json.dumps(value, ensure_ascii=False) if kind is Kind.JSON else str(value))
