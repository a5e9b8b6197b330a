"""What became different between two photographs of a partnership, and what would have to be so for it to be taken back.

A photograph holds every row, as JSON can say it, by table and key. The difference is kept with the rows as they were and as they became,
so that it can be taken back long afterwards - whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from convenor.archive.rules.belonging import PERSON
from convenor.archive.rules.values import Row

#: Key of a row: what its key column holds.
Key = int | str


@dataclass(frozen=True, slots=True)
class Photograph:
    """Every row of a partnership at one moment, by table and key."""

    slug: str
    rows: Mapping[str, Mapping[Key, Row]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(each) for each in self.rows.values())


class Verb(StrEnum):
    """What happened to a row."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """One row that became different: `before` is None for one that was not there, `after` for one that is there no longer."""

    table: str
    key: Key
    before: Row | None
    after: Row | None

    @property
    def verb(self) -> Verb:
        """What happened to it."""
        if self.before is None:
            return Verb.NEW
        return Verb.GONE if self.after is None else Verb.CHANGED

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that became different, of a row that was there before and after."""
        if self.before is None or self.after is None:
            return ()
        return tuple(name for name in self.after if self.before.get(name) != self.after[name])


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that became different in one partnership, by table and key."""

    slug: str
    changes: tuple[Change, ...] = ()

    def __len__(self) -> int:
        return len(self.changes)

    def of(self, verb: Verb) -> tuple[Change, ...]:
        """Those to which this happened."""
        return tuple(each for each in self.changes if each.verb is verb)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each table are new, changed and gone."""
        found: dict[str, dict[str, int]] = {}
        for each in self.changes:
            here = found.setdefault(each.table, {verb.value: 0 for verb in Verb})
            here[each.verb.value] += 1
        return found

    def as_json(self) -> dict[str, Any]:
        """The same, as JSON can keep it."""
        return {"slug": self.slug, "changes": [[each.table, each.key, each.before, each.after] for each in self.changes]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Changes:
        """What `as_json` kept."""
        return cls(kept["slug"], tuple(Change(table, key, before, after) for table, key, before, after in kept["changes"]))


def changes_between(before: Photograph, after: Photograph) -> Changes:
    """Every row that is in one and not in the other, or differs, by table and key. Two photographs of two partnerships: ValueError."""
    if before.slug != after.slug:
        raise ValueError(f"These are photographs of two partnerships, {before.slug} and {after.slug}.")
    found = []
    for table in sorted({*before.rows, *after.rows}):
        was, now = before.rows.get(table, {}), after.rows.get(table, {})
        for key in sorted({*was, *now}):
            if was.get(key) != now.get(key):
                found.append(Change(table, key, was.get(key), now.get(key)))
    return Changes(after.slug, tuple(found))


#: Columns that say nothing of what a row tells, and change by themselves: when somebody last signed in.
BESIDE: Mapping[str, frozenset[str]] = {PERSON: frozenset({"last_login"})}


def altered(change: Change, now: Row | None) -> bool:
    """Whether a row is no longer as the change left it, `now` being the row that stands (None for none).

    That somebody signed in since is no alteration of a person who was known before; of one who came with the change, it is.
    """
    if change.after is None or now is None:
        return change.after is not now
    beside = BESIDE.get(change.table, frozenset()) if change.verb is Verb.CHANGED else frozenset()
    return any(now.get(name) != value for name, value in change.after.items() if name not in beside)
