"""A school's life under several URNs: what it was before, and what it became, through conversion, merger and split.

Source: the links of the Department's register, which stores most of them from both sides, some from one, with chains of several
conversions, mergers of many into one, splits of one into many, and a few circles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: Kinds that carry a school's history. Sixth-form centres, expansions and "other" link schools that lived side by side.
_FORWARD = ("successor", "result of amalgamation")
_BACK = ("predecessor",)


@dataclass(frozen=True, slots=True)
class Link:
    """One published link, as it stands: `linked_urn` is what `kind` says of `urn`."""

    urn: str
    linked_urn: str
    kind: str
    established_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One school before or after another: its URN, how many links away, how they are linked, and since when."""

    urn: str
    distance: int
    kind: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Lineage:
    """All that a school was and became, nearest first, each once."""

    urn: str
    predecessors: tuple[Step, ...]
    successors: tuple[Step, ...]

    @property
    def urns(self) -> tuple[str, ...]:
        """Earliest first, the school itself among them: the URNs under which its figures stand."""
        return (*(step.urn for step in reversed(self.predecessors)), self.urn, *(step.urn for step in self.successors))


def direction(kind: str) -> int:
    """Which way a link points in time: 1 where the linked school came later, -1 where it came earlier, 0 where it says neither."""
    lowered = kind.lower()
    return 1 if lowered.startswith(_FORWARD) else -1 if lowered.startswith(_BACK) else 0


def lineage(urn: str, links: Iterable[Link]) -> Lineage:
    """Everything before and after a school, followed through chains, merged from both directions, safe against circles.

    A school that a circle makes both predecessor and successor is told once, where it is nearer (as predecessor when equally near).
    """
    later: dict[str, dict[str, tuple[str, date | None]]] = defaultdict(dict)
    earlier: dict[str, dict[str, tuple[str, date | None]]] = defaultdict(dict)
    for link in links:
        way = direction(link.kind)
        if way == 0 or link.urn == link.linked_urn:
            continue
        before, after = (link.urn, link.linked_urn) if way > 0 else (link.linked_urn, link.urn)
        said = (link.kind, link.established_on)
        # The side that is dated tells more than the one that is not.
        for table, here, there in ((later, before, after), (earlier, after, before)):
            known = table[here].get(there)
            if known is None or (known[1] is None and said[1] is not None):
                table[here][there] = said
    back, forth = _walk(urn, earlier), _walk(urn, later)
    twice = back.keys() & forth.keys()
    for each in twice:
        (forth if back[each].distance <= forth[each].distance else back).pop(each)
    return Lineage(urn, _ordered(back.values()), _ordered(forth.values()))


def _walk(urn: str, table: dict[str, dict[str, tuple[str, date | None]]]) -> dict[str, Step]:
    found: dict[str, Step] = {}
    edge, distance = [urn], 0
    while edge:
        distance += 1
        nearest: dict[str, Step] = {}
        for here in edge:
            for there, (kind, on) in table.get(here, {}).items():
                if there != urn and there not in found and there not in nearest:
                    nearest[there] = Step(there, distance, kind, on)
        found |= nearest
        edge = list(nearest)
    return found


def _ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: (step.distance, step.on or date.min, step.urn)))
