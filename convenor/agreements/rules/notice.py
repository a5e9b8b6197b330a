"""What is held, for how long and by which authority, put together by class of record from what each table says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convenor.agreements.rules.classes import DataClass, class_of


@dataclass(frozen=True, slots=True)
class Table:
    """What a table of ours says of itself: its feature, its own name, its name in words, a sentence, what is personal in it, how long,
    why."""

    feature: str
    name: str
    words: str
    says: str
    personal: tuple[str, ...]
    period: str
    authority: str


@dataclass(frozen=True, slots=True)
class Held:
    """Records that are kept for the same time by the same authority."""

    period: str
    authority: str
    tables: tuple[Table, ...]

    @property
    def words(self) -> str:
        """Their names."""
        return ", ".join(each.words for each in self.tables)


@dataclass(frozen=True, slots=True)
class ClassHeld:
    """One class of record, or (None) how the partnership is run: what is held of it, the longest list first."""

    data_class: DataClass | None
    held: tuple[Held, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the class."""
        return tuple(each for held in self.held for each in held.tables)

    @property
    def personal(self) -> tuple[Table, ...]:
        """Those of them that hold something about a person."""
        return tuple(each for each in self.tables if each.personal)


def plural(words: str) -> str:
    """A table's name for many of them: "note of visit" is "notes of visits" nowhere, but "notes of visit"; "study" is "studies"."""
    first, of, rest = words.partition(" of ")
    if of:
        return f"{plural(first)} of {rest}"
    if first.endswith("sis"):
        return f"{first[:-2]}es"
    if first.endswith("y") and first[-2:-1] not in "aeiou":
        return f"{first[:-1]}ies"
    return f"{first}es" if first.endswith(("s", "x", "ch", "sh")) else f"{first}s"


def composed(tables: Iterable[Table]) -> tuple[ClassHeld, ...]:
    """All tables by class of record, the four classes first; every table stands in exactly one."""
    by_class: dict[DataClass | None, dict[tuple[str, str], list[Table]]] = {each: {} for each in (*DataClass, None)}
    for table in tables:
        kept = by_class[class_of(table.feature, table.name)]
        kept.setdefault((table.period, table.authority), []).append(table)
    return tuple(
        ClassHeld(each, tuple(sorted((Held(*why, tuple(some)) for why, some in kept.items()), key=lambda held: -len(held.tables))))
        for each, kept in by_class.items()
    )
