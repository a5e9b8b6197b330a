"""Who gives days to others and who receives them: by school and by trust. Pure.

A reviewer day is one person of a team on one day of a visit. It is given by the school the person comes from and received by the host;
an independent reviewer's day is received and given by no school. The improvement champion's workshop is not counted: it is not a day of
the visit, and who leads it is told elsewhere. The number of days that a person may give a year is data of the register (15 by the
field's practice for system leaders' days).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: Giving and receiving are called balanced within so many days: one visit of one person, more or less, says nothing.
WITHIN_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Visited:
    """One person's part in one visit: at which host (its trust "" for none), from which school ("" for an independent), how many days."""

    review: int
    host: str
    host_trust: str
    reviewer: int
    home: str
    home_trust: str
    days: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one school or trust gave and received, in reviewer days. `people` are those who gave; `schools` those that gave or received."""

    key: str
    given_days: int
    received_days: int
    people: int
    schools: int

    @property
    def balance_days(self) -> int:
        """Days given beyond those received; negative where more was received."""
        return self.given_days - self.received_days

    @property
    def balanced(self) -> bool:
        """Whether giving and receiving are as good as even."""
        return abs(self.balance_days) <= WITHIN_DAYS

    @property
    def says(self) -> str:
        """The balance in words that blame nobody: receiving more is what a round is for."""
        if self.balanced:
            return "about even"
        count = abs(self.balance_days)
        return f"{count} days more {'given than received' if self.balance_days > 0 else 'received than given'}"


@dataclass(frozen=True, slots=True)
class Loads:
    """All days of some visits. Schools and trusts stand in the order of their keys; independent reviewers give `independent_days`."""

    days: int
    independent_days: int
    people: int
    schools: tuple[Load, ...]
    trusts: tuple[Load, ...]


def visit_days(from_on: date, until_on: date) -> int:
    """The days of a visit, Monday to Friday, from its first to the day before `until_on`."""
    return sum((from_on + timedelta(days=n)).weekday() < 5 for n in range((until_on - from_on).days))


def loads(visits: Iterable[Visited]) -> Loads:
    """The days that each school and each trust gave and received. A person counts once in a visit, whatever parts they had in it.

    What a trust's people give inside their own trust (where that rule was waived) counts on both sides.
    """
    rows = list({(each.review, each.reviewer): each for each in visits}.values())
    school_of = {urn: urn for each in rows for urn in (each.host, each.home)}
    trust_of = {each.host: each.host_trust for each in rows} | {each.home: each.home_trust for each in rows}
    return Loads(
        days=sum(each.days for each in rows),
        independent_days=sum(each.days for each in rows if not each.home),
        people=len({each.reviewer for each in rows}),
        schools=_sum(rows, school_of),
        trusts=_sum(rows, trust_of),
    )


def _sum(rows: Iterable[Visited], group_of: Mapping[str, str]) -> tuple[Load, ...]:
    """The loads of groups of schools, by the group's key; schools of no group ("") are left out, as is an independent's home."""
    given: dict[str, int] = defaultdict(int)
    received: dict[str, int] = defaultdict(int)
    people: dict[str, set[int]] = defaultdict(set)
    schools: dict[str, set[str]] = defaultdict(set)
    for each in rows:
        home, host = group_of.get(each.home, ""), group_of.get(each.host, "")
        if home:
            given[home] += each.days
            people[home].add(each.reviewer)
            schools[home].add(each.home)
        if host:
            received[host] += each.days
            schools[host].add(each.host)
    return tuple(Load(key, given[key], received[key], len(people[key]), len(schools[key])) for key in sorted(schools))
