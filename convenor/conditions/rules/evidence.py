"""What the platform itself holds about each of the nine conditions: lines to stand beside what members say. Pure.

A line is a fact with its day and its source; nothing is weighed, and no verdict is drawn from it. Where nothing is known the line says so
and why: an empty place is no evidence of anything. The conditions are those of Isos Partnership for the LGA (2018); which evidence stands
beside which of them is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from convenor.conditions.rules.cards import NINE_CONDITIONS

CONDITIONS: Final = tuple(card.key for card in NINE_CONDITIONS)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One fact beside a condition: what it is (`says`), its `value` in words with a `unit`, the day it holds for, and where it is kept.

    `not_known` says why there is no value. `needs` is the value of the permission by which it is seen, "" for every member.
    """

    condition: str
    says: str
    value: str
    unit: str
    as_at: date
    source: str
    not_known: str = ""
    needs: str = ""

    @property
    def shown(self) -> str:
        """The value with its unit; why it is not known where it is not."""
        return self.not_known or f"{self.value} {self.unit}".strip()


def beside(lines: Iterable[EvidenceLine]) -> dict[str, tuple[EvidenceLine, ...]]:
    """The lines of each condition in their order; every condition is there, with none where nothing is held."""
    found: dict[str, list[EvidenceLine]] = {key: [] for key in CONDITIONS}
    for line in lines:
        found.setdefault(line.condition, []).append(line)
    return {key: tuple(rows) for key, rows in found.items()}


def kept(lines: Iterable[EvidenceLine]) -> dict[str, list[dict[str, Any]]]:
    """Lines as they are kept with a self-assessment on the day it closes."""
    return {
        key: [asdict(line) | {"as_at": line.as_at.isoformat()} for line in rows] for key, rows in beside(lines).items() if rows
    }  # fmt: skip


def read(rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[EvidenceLine]:
    """Lines that were kept."""
    return [EvidenceLine(**{**row, "as_at": date.fromisoformat(row["as_at"])}) for lines in rows.values() for row in lines]


def count_of(count: int, one: str, many: str) -> str:
    """How many of what: "1 body", "no bodies"."""
    return f"{count or 'no'} {one if count == 1 else many}"
