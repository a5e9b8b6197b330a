"""Taking part: which schools attended, reviewed, answered or offered, and how it may be told without naming a school.

Membership is open and equal, and taking part is never a duty: a school that has not been heard from is one to invite. Only
the manager and the lead of its own cluster are shown its name; everyone else sees shares, made so that no single school can
be worked out from them. Nobody ever sees who signed in or who read what: that is not recorded here at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST_SCHOOLS = 5
"""A group of fewer schools is never told apart from others (ours; the field's practice for small cohorts)."""

ROUNDED_TO = 5
"""Counts shown in aggregate are rounded to the nearest five, so that one school more or less does not show (ours)."""


class Kind(StrEnum):
    """How a school took part."""

    ATTENDED = "attended"
    REVIEWED = "reviewed"
    ANSWERED = "answered"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Group:
    """Schools of one phase, type, trust or cluster: how many there are, and how many took part.

    `took_part` is exact or, where `rounded`, to the nearest five. `names` lists what was put together because each was too
    small to be told apart; it is empty for a group that stands alone.
    """

    name: str
    schools: int
    took_part: int
    rounded: bool
    names: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """The share that took part, 0 to 100; of a rounded count, itself to the nearest five."""
        share = 100 * min(self.took_part, self.schools) / self.schools if self.schools else 0.0
        return 5.0 * round(share / 5) if self.rounded else share


@dataclass(frozen=True, slots=True)
class Told:
    """One way of grouping the schools. `took_part` is None where the whole would let a part be worked out."""

    groups: tuple[Group, ...]
    schools: int
    took_part: int | None


def exact(counts: Mapping[str, tuple[int, int]]) -> Told:
    """The groups as they are, largest first: for those who may see which schools are meant. `counts`: name to (schools, took part)."""
    groups = tuple(Group(name, schools, took, rounded=False) for name, (schools, took) in _ordered(counts))
    return Told(groups, sum(group.schools for group in groups), sum(group.took_part for group in groups))


def guarded(counts: Mapping[str, tuple[int, int]]) -> Told:
    """The groups as anyone else may see them: small ones put together, counts rounded, the whole held back where it would tell.

    `counts` maps a group's name to its schools and how many of them took part. Whatever is shown, no group's true count
    can be told from its neighbours: at least two counts always fit. With fewer than five schools in all, nothing is shown.
    """
    merged = _merged(counts)
    if not merged:
        return Told((), sum(schools for schools, _ in counts.values()), None)
    groups = tuple(Group(name, schools, rounded(took, schools), rounded=True, names=names) for name, names, schools, took in merged)
    everyone = sum(group.schools for group in groups)
    total = rounded(sum(took for _, _, _, took in merged), everyone)
    return Told(groups, everyone, None if tells(groups, total) else total)


def rounded(count: int, schools: int) -> int:
    """To the nearest five, never more than there are schools: of 20, 2 is 0, 3 is 5, 7 is 5, 8 is 10.

    Where only "all of them" would round up to a five of its own, it is shown as the five below: 8 of 8 is 5, as 7 of 8 is.
    """
    nearest = _nearest(count)
    if nearest - HALF == schools:
        nearest -= ROUNDED_TO
    return min(nearest, schools)


def possible(shown: int, schools: int) -> range:
    """The true counts that would be shown as this, among so many schools."""
    nearest = _nearest(shown)
    upto = nearest + HALF
    if upto + 1 == schools:
        upto = schools
    return range(max(0, nearest - HALF), min(schools, upto) + 1)


HALF = ROUNDED_TO // 2


def _nearest(count: int) -> int:
    return ROUNDED_TO * ((count + HALF) // ROUNDED_TO)


def tells(groups: Sequence[Group], total: int) -> bool:
    """Whether showing the rounded total beside the rounded groups would pin any one group's count."""
    ranges = [possible(group.took_part, group.schools) for group in groups]
    everyone = possible(total, sum(group.schools for group in groups))
    least, most = sum(each[0] for each in ranges), sum(each[-1] for each in ranges)
    for each in ranges:
        low = max(each[0], everyone[0] - (most - each[-1]))
        high = min(each[-1], everyone[-1] - (least - each[0]))
        if low >= high:
            return True
    return False


def took_part_counts(schools: Iterable[tuple[str, Iterable[str]]], heard: frozenset[str]) -> dict[str, tuple[int, int]]:
    """For each group: schools and how many were heard from. `schools` gives each URN with the names of its groups."""
    counts: dict[str, tuple[int, int]] = {}
    for urn, names in schools:
        for name in names:
            there, took = counts.get(name, (0, 0))
            counts[name] = (there + 1, took + (urn in heard))
    return counts


def _ordered(counts: Mapping[str, tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    return sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))


def _merged(counts: Mapping[str, tuple[int, int]]) -> list[tuple[str, tuple[str, ...], int, int]]:
    """(name, names put together, schools, took part): small groups become one, and it takes the next smallest until it is large enough."""
    ordered = [(name, schools, took) for name, (schools, took) in _ordered(counts)]
    alone = [each for each in ordered if each[1] >= FEWEST_SCHOOLS]
    small = [each for each in ordered if each[1] < FEWEST_SCHOOLS]
    while small and alone and sum(each[1] for each in small) < FEWEST_SCHOOLS:
        small.insert(0, alone.pop())
    found: list[tuple[str, tuple[str, ...], int, int]] = [(name, (), schools, took) for name, schools, took in alone]
    together = sum(each[1] for each in small)
    if together >= FEWEST_SCHOOLS:
        names = tuple(each[0] for each in small)
        found.append((f"{len(names)} groups too small to tell apart", names, together, sum(each[2] for each in small)))
    return found
