"""How many of those who were asked have answered, by group. Not yet heard from is never a fault: it is whom to invite again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: Nobody is written to more often than this, whatever is pressed.
REST: Final = timedelta(days=7)
#: The worker reminds by itself from this long before the last day.
LAST_CALL: Final = timedelta(days=7)
#: Bands of size: fewer pupils than this, the key, the words (ours).
SIZES: Final[tuple[tuple[int, str, str], ...]] = (
    (100, "under-100", "Fewer than 100 pupils"),
    (200, "100-199", "100 to 199 pupils"),
    (400, "200-399", "200 to 399 pupils"),
    (1000, "400-999", "400 to 999 pupils"),
)
LARGEST: Final = ("1000-up", "1,000 pupils or more")
SIZE_WORDS: Final[dict[str, str]] = {key: words for _, key, words in SIZES} | dict([LARGEST]) | {"": "Size not known"}
#: The ways of grouping the schools that were asked: key, and how it is said.
GROUPINGS: Final[dict[str, str]] = {"phase": "Phase", "type": "Type", "trust": "Trust", "cluster": "Cluster", "size": "Size"}


@dataclass(frozen=True, slots=True)
class Rate:
    """How many schools of a group were asked and how many have answered. `heard` is None where it may not be told."""

    group: str
    asked: int
    heard: int | None
    rounded: bool = False

    @property
    def percent(self) -> float | None:
        """The share that has answered, 0 to 100; None where it may not be told or nobody was asked."""
        return None if self.heard is None or not self.asked else 100 * min(self.heard, self.asked) / self.asked


def size_band(pupils: int | None) -> str:
    """The key of the band of so many pupils; "" where the number is not known."""
    if pupils is None:
        return ""
    return next((key for below, key, _ in SIZES if pupils < below), LARGEST[0])


def counts(groups: Iterable[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    """For each group, how many were asked and how many answered. `groups` gives each school's group, and whether it answered."""
    found: dict[str, tuple[int, int]] = {}
    for group, heard in groups:
        asked, answered = found.get(group, (0, 0))
        found[group] = (asked + 1, answered + heard)
    return found


def in_order(of: str, found: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """The groups of a grouping as a page shows them: sizes from the smallest, others from the largest group."""
    if of == "size":
        order = list(SIZE_WORDS.values())
        return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))
    return dict(sorted(found.items(), key=lambda item: (-item[1][0], item[0])))


def may_write(*, invited_on: date | None, reminded_on: date | None, on: date) -> bool:
    """Whether a school may be written to on the day: never twice within a week."""
    last = max((each for each in (invited_on, reminded_on) if each is not None), default=None)
    return last is None or on - last >= REST


def last_call(*, invited_on: date | None, reminded_on: date | None, closes_on: date, on: date) -> bool:
    """Whether the worker reminds a school by itself on the day: once, in the last week, a week after anything else was written."""
    due = closes_on - LAST_CALL <= on <= closes_on and (reminded_on is None or reminded_on < closes_on - LAST_CALL)
    return due and may_write(invited_on=invited_on, reminded_on=reminded_on, on=on)
