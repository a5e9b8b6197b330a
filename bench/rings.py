"""Support rings: `python -m bench.rings [--small 400]`: exact beside greedy, on invented areas of schools that offer and want themes.

The greedy baseline is what a careful person does with a list: take every pair that can help each other, then rings of three, then of four,
always the first school by URN that still fits. The exact answer says whether it is proved that no rings serve more. Processor time first.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Iterator
from itertools import permutations

from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules.ring_packing import pack
from convenor.support.rules.rings import Arc, Member, RingLink, links_of

#: schools, most themes that each offers and wants, kilometres that a link may be long
AREAS = ((40, 2, 25.0), (127, 1, 25.0), (127, 2, 25.0), (127, 3, 25.0), (301, 1, 25.0), (301, 2, 15.0), (301, 2, 25.0))


def area(schools: int, themes: int, seed: int) -> list[Member]:
    """An invented area of 60 by 60 km: half of its schools in trusts of about eight, each school with one to `themes` themes each way."""
    chance, known = random.Random(seed), list(THEMES)
    return [
        Member(
            f"{99_0000 + number}",
            tuple(chance.sample(known, chance.randint(1, themes))),
            tuple(chance.sample(known, chance.randint(1, themes))),
            trust=f"T{chance.randint(0, schools // 8)}" if chance.random() < 0.5 else "",
            easting=400_000 + chance.randint(0, 60_000),
            northing=100_000 + chance.randint(0, 60_000),
        )
        for number in range(schools)
    ]


def greedy(links: dict[Arc, RingLink]) -> int:
    """How many schools are served by taking pairs, then threes, then fours, as they come."""
    after: dict[str, list[str]] = {}
    for giver, receiver in sorted(links):
        after.setdefault(giver, []).append(receiver)
    taken: set[str] = set()
    for size in (2, 3, 4):
        for first in sorted(after):
            found = next(around(first, size, after, taken), None) if first not in taken else None
            taken |= set(found or ())
    return len(taken)


def around(first: str, size: int, after: dict[str, list[str]], taken: set[str]) -> Iterator[tuple[str, ...]]:
    """The rings of this size through a school and others that are still free, in order."""

    def go(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if len(path) == size:
            if first in after.get(path[-1], ()):
                yield path
            return
        for each in after.get(path[-1], ()):
            if each not in taken and each not in path:
                yield from go((*path, each))

    yield from go((first,))


def tried(members: list[Member], links: dict[Arc, RingLink]) -> int:
    """The most schools that rings serve, by trying everything: for few schools."""
    urns = sorted(each.urn for each in members)
    rings = {
        frozenset(some)
        for size in (2, 3, 4)
        for some in permutations(urns, size)
        if all(arc in links for arc in zip(some, (*some[1:], some[0]), strict=True))
    }
    known: dict[frozenset[str], int] = {frozenset(): 0}

    def most(left: frozenset[str]) -> int:
        if left not in known:
            first = min(left)
            known[left] = max([most(left - {first}), *(len(each) + most(left - each) for each in rings if first in each and each <= left)])
        return known[left]

    return most(frozenset(urns))


def main() -> None:
    """Prints the table of the documentation."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--small", type=int, default=400, help="how many small areas to hold against trying everything")
    given = asked.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    equal = ahead = 0
    for seed in range(given.small):
        members = area(10, 2, seed)
        links = links_of(members, far_km=100)
        answer = pack(members, far_km=100, seed=seed)
        best = tried(members, links)
        equal += answer.served == best and answer.optimal
        ahead += best > greedy(links)
    print(f"small areas of 10 schools: {equal} of {given.small} equal trying everything; greedy served fewer in {ahead}\n")
    print("| schools | themes each way | km | links | served, exact | proved | processor s | served, greedy | processor s | more served |")
    print("| ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |")
    for schools, themes, km in AREAS:
        members = area(schools, themes, 7)
        begun = time.process_time()
        answer = pack(members, far_km=km)
        exact_s = time.process_time() - begun
        links = links_of(members, far_km=km)
        begun = time.process_time()
        careful = greedy(links)
        greedy_s = time.process_time() - begun
        more = 100 * (answer.served / careful - 1) if careful else 0.0
        proved = "yes" if answer.optimal else f"no: at most {answer.bound}"
        print(
            f"| {schools} | {themes} | {km:.0f} | {len(links)} | {answer.served} | {proved} "
            f"| {exact_s:.2f} | {careful} | {greedy_s:.2f} | {more:.0f} % |",
            flush=True,
        )
    print(f"\nload after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
