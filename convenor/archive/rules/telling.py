"""What is said of a row to somebody who does not know tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convenor.archive.rules.changes import Change, Verb
from convenor.archive.rules.values import Row

#: The columns by which people would know a row, the most telling first.
NAMED = ("name", "title", "label", "subject", "short_name", "key", "role", "from_on", "on", "school_id", "urn", "year", "id")


def said_of(row: Mapping[str, Any]) -> str:
    """What tells a row from its like: "Ada Example", "headteacher", or its number where it has nothing else."""
    return next((str(row[name])[:80] for name in NAMED if row.get(name) not in (None, "")), "")


def altered_since(name: str, change: Change, now: Row | None) -> str:
    """What happened to a row after the change, in words."""
    what = f"{name} “{said_of(change.after or change.before or {})}”"
    if change.after is None:
        return f"{what}: another stands in its place now"
    if now is None:
        return f"{what}: it has been removed since" if change.verb is Verb.NEW else f"{what}: it is no longer there"
    return f"{what}: it has been changed since"


def leans_on_it(other: str, said: str, name: str) -> str:
    """A later row that would be left without what it points to."""
    return f"{name} “{said}”: a later {other} rests on it"
