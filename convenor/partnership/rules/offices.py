"""Seats that go with an office: whether a part played on one body brings a seat on another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def brings_office(office: Mapping[str, Any] | None, *, part: str, body: str, kind: str, tier: str, under: str) -> bool:
    """Whether somebody who plays `part` on a body holds, by right, a seat described as an office.

    `office` is the seat's ex-officio rule as the constitution file writes it: `part` and `bodies`, which are
    ids, or "kind:sub-group", "tier:alliance", "under:board". A chair's seat takes in co-chairs.
    """
    if not office:
        return False
    parts = set(_several(office.get("part", "chair")))
    if "chair" in parts:
        parts.add("co-chair")
    if part not in parts:
        return False
    own = {body, f"kind:{kind}", f"tier:{tier}", f"under:{under}"}
    return any(each in own for each in _several(office.get("bodies", ())))


def _several(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
