"""How long it takes to propose the dates of a county's visits, and how many more are placed than one after another by hand.

    python -m bench.dates                 250 visits of one, two and three days over a term of 60 school days, and larger rounds
    python -m bench.dates --seed 3        other draws

Rounds are drawn, in clusters of six: every school hosts, sends three leaders, and each team is of three from other schools of the cluster.
Of hosts and of people a share can on any school day; the others named some days each. "free" offers many days, "tight" few.

The baseline, in the same run, is what a coordinator does with a list: visits in the order of their names, or those with the fewest days
first, each on the first day on which all can. It keeps the same rules. What a choice costs counts visits in weeks at the edge of a term and
crowded weeks; the figures are `rules.placing`'s own. Aim: 250 visits × 60 school days in a few seconds on one core, proved.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from convenor.peer_review.rules.placing import (
    CROWDED,
    EDGE_WEEK,
    VERY_CROWDED,
    Person,
    Visit,
    Wanted,
    commitments,
    days_of,
    place,
    shares,
    starts,
    week_of,
)

CLUSTER, LEADERS, TEAM = 6, 3, 3
MONDAY = date(2027, 1, 11)
RUNS = 3
#: How tight a round is: the share of hosts and of people who can on any day, and of days that the others named.
TIGHTNESS = {"free": (0.6, 0.5, 0.5, 0.4), "tight": (0.3, 0.25, 0.3, 0.25)}


def drawn(visits: int, school_days: int, length: int, tightness: str, seed: int) -> Wanted:
    """A round by chance."""
    chance = random.Random(f"{visits} {school_days} {length} {tightness} {seed}")
    hosts_any, hosts_share, people_any, people_share = TIGHTNESS[tightness]
    window = [MONDAY + timedelta(weeks=day // 5, days=day % 5) for day in range(school_days)]
    edges = frozenset(window[:5] + window[-5:])

    def days(any_day: float, share: float) -> frozenset[date] | None:
        return None if chance.random() < any_day else frozenset(day for day in window if chance.random() < share)

    people = {
        f"{school}-{number}": Person(f"{school}-{number}", str(school), days(people_any, people_share))
        for school in range(visits)
        for number in range(LEADERS)
    }
    load: Counter[str] = Counter()
    found = []
    for school in range(visits):
        first = school // CLUSTER * CLUSTER
        others = [other for other in range(first, min(first + CLUSTER, visits)) if other != school]
        team = [
            min((f"{other}-{number}" for number in range(LEADERS)), key=lambda key: (load[key], key))
            for other in chance.sample(others, min(TEAM, len(others)))
        ]
        load.update(team)
        own = days(hosts_any, hosts_share)
        found.append(Visit(f"{school:04}", str(school), length, tuple(team), frozenset(window) if own is None else own, edges))
    return Wanted(tuple(found), people)


def one_after_another(wanted: Wanted, order: Iterable[Visit]) -> dict[str, date]:
    """The baseline: each visit on the first day on which all can and nobody is taken."""
    taken_up: dict[str, list[str]] = {visit.key: [] for visit in wanted.visits}
    for person, keys in commitments(wanted).items():
        for key in keys:
            taken_up[key].append(person)
    busy: set[tuple[str, date]] = set()
    found = {}
    for visit in order:
        for first in starts(visit, wanted):
            needed = {(person, day) for person in taken_up[visit.key] for day in days_of(first, visit.length_days)}
            if not needed & busy:
                busy |= needed
                found[visit.key] = first
                break
    return found


def weight(wanted: Wanted, first_days: dict[str, date]) -> float:
    """What dates cost beside the visits that have none."""
    by_key, share = {visit.key: visit for visit in wanted.visits}, shares(wanted.visits)
    at_edge = sum(first in by_key[key].edges for key, first in first_days.items())
    weeks = Counter(week_of(first) for key, first in first_days.items() if first not in by_key[key].edges)
    over = {week: max(0, many - share.get(week, 0)) for week, many in weeks.items()}
    crowded = sum(min(many, share[week] // 2) * CROWDED + max(0, many - share[week] // 2) * VERY_CROWDED for week, many in over.items())
    return at_edge * EDGE_WEEK + crowded


def measure(visits: int, school_days: int, length: int, tightness: str, seed: int) -> None:
    """One line of the table."""
    wanted = drawn(visits, school_days, length, tightness, seed)
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        ours = place(wanted)
        seconds.append(time.perf_counter() - began)
    could = {visit.key: len(starts(visit, wanted)) for visit in wanted.visits}
    began = time.perf_counter()
    by_name = one_after_another(wanted, wanted.visits)
    baseline_seconds = time.perf_counter() - began
    fewest_first = one_after_another(wanted, sorted(wanted.visits, key=lambda visit: (could[visit.key], visit.key)))
    alone = sum(1 for many in could.values() if many)
    print(
        f"| {visits} | {school_days} | {length} | {tightness} | {alone} | {len(ours.first_days)} | {ours.status} | "
        f"{weight(wanted, dict(ours.first_days)):.0f} | {statistics.median(seconds):.2f} | {len(by_name)} | {len(fewest_first)} | "
        f"{weight(wanted, fewest_first):.0f} | {baseline_seconds:.2f} |"
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    print(
        "| visits | school days | days each | days offered | could, alone | placed | status | cost | s | placed by name | "
        "fewest days first | its cost | its s |"
    )
    print("| ---: | ---: | ---: | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for visits, school_days, length, tightness in (
        (60, 60, 1, "free"), (250, 60, 1, "free"), (250, 60, 2, "free"), (250, 60, 3, "free"), (250, 60, 1, "tight"), (250, 15, 1, "free"),
        (600, 60, 1, "free"),
    ):  # fmt: skip
        measure(visits, school_days, length, tightness, seed)


if __name__ == "__main__":
    main()
