"""Files opened, recognised and parsed as a load does, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from convenor.registers.sources import EditionFacts, Hint, KnownSchool, Parsed, Refusal
from convenor.registers.sources.opening import File
from convenor.registers.sources.registry import source_for


@dataclass
class Register:
    """A register of schools that a parse may ask."""

    held: tuple[KnownSchool, ...] = ()
    heads_for: frozenset[str] = frozenset()

    def schools(self) -> tuple[KnownSchool, ...]:
        return self.held


@dataclass
class Taken:
    """What was made of a file."""

    family: str
    facts: EditionFacts
    parsed: Parsed
    refusals: list[Refusal]
    rows_read: int

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows for a table, each by its columns' names."""
        found: list[dict[str, Any]] = []
        for batch in self.parsed.batches:
            if batch.table == table:
                rows = (
                    batch.rows.to_pylist()
                    if isinstance(batch.rows, pa.Table)
                    else [dict(zip(batch.columns, r, strict=True)) for r in batch.rows]
                )
                found += rows
        return found

    def reading(self, urn: str, measure: str, period: str = "") -> dict[str, Any]:
        """The one reading of a school, without its keys."""
        rows = [r for r in self.rows("reading") if (r["urn"], r["measure"]) == (urn, measure) and period in ("", r["period"])]
        (row,) = rows
        return {name: row[name] for name in ("value", "low", "high", "cohort", "mark")}

    def area(self, code: str, measure: str) -> tuple[float | None, str]:
        """The one figure of an area: value and mark."""
        ((value, mark),) = [(r["value"], r["mark"]) for r in self.rows("area_reading") if (r["area_code"], r["measure"]) == (code, measure)]
        return value, mark


def take(
    path: Path,
    *,
    known: tuple[KnownSchool, ...] = (),
    as_at: date | None = None,
    folders: tuple[str, ...] | None = None,
    heads_for: frozenset[str] = frozenset(),
) -> Taken:
    """Open, recognise, date and parse one file."""
    file = File(path)
    source = source_for(file.header)
    facts = source.edition(file, Hint(path.name, path.parts[1:-1] if folders is None else folders, as_at))
    parsed = source.parse(file, facts, Register(known, heads_for))
    return Taken(source.family, facts, parsed, sorted([*file.refusals, *parsed.refusals], key=lambda each: each.row), file.rows_read)


def figure(
    value: float | None = None, mark: str = "", *, low: float | None = None, high: float | None = None, cohort: int | None = None
) -> dict[str, Any]:
    """A reading as `Taken.reading` gives it."""
    return {"value": value, "low": low, "high": high, "cohort": cohort, "mark": mark}
