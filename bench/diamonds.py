"""Several diamonds together: how fast, how W behaves by chance, and whether groups are found where there are none.

`python -m bench.diamonds` times the consensus and p beside plain Python; `points` makes the table of 95 % points; `groups` holds the
opinion groups against noise and against planted groups (`groups 100` for a shorter look).
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convenor.conditions.rules.concordance import DRAWS, by_chance, p_value, spread_of
from convenor.conditions.rules.consensus import consensus_of
from convenor.conditions.rules.diamonds import DIAMONDS, DOUBLED, SHAPE, Rows, all_diamonds
from convenor.conditions.rules.opinion_groups import OpinionGroups, groups_in_answers, groups_in_diamonds
from convenor.conditions.rules.results import together

MILLION = 1_000_000
PEOPLE = 60
TRUTH = np.repeat([0, 1], PEOPLE // 2)
TOLD = (*range(2, 51), 60, 70, 80, 90, 100, 150, 200, 250, 300)


def point_of(spreads: NDArray[np.int64]) -> int:
    """The least value that at most one in twenty reaches."""
    values, times = np.unique(spreads, return_counts=True)
    reach = times[::-1].cumsum()[::-1]
    return int(values[np.argmax(reach * 20 <= len(spreads))])


def exact_points() -> dict[int, int]:
    """For 2 and 3 entries every set counts: the first diamond may stand for any, since renaming the cards changes nothing."""
    ranks = DOUBLED[all_diamonds()].astype(np.int16)
    two = ranks[0] + ranks
    counts: dict[int, int] = {}
    for third in ranks:
        values, times = np.unique(np.square(two + third - 30, dtype=np.int32).sum(axis=1), return_counts=True)
        for value, many in zip(values.tolist(), times.tolist(), strict=True):
            counts[value] = counts.get(value, 0) + many
    reach, three = 0, max(counts)
    for value in sorted(counts, reverse=True):
        reach += counts[value]
        if reach * 20 > DIAMONDS**2:
            break
        three = value
    return {2: point_of(spread_of(two.astype(np.int64), 2)), 3: three}


def points() -> dict[int, int]:
    """The 95 % points of four times S: exact for 2 and 3 entries, a million drawn sets for the others, one entry added at a time."""
    found = exact_points()
    chance = np.random.default_rng(57)
    ranks = DOUBLED[all_diamonds()].astype(np.int32)
    sums = np.zeros((MILLION, 9), dtype=np.int32)
    for entries in range(1, max(TOLD) + 1):
        sums += ranks[chance.integers(0, DIAMONDS, MILLION)]
        if entries in TOLD and entries not in found:
            found[entries] = point_of(spread_of(sums.astype(np.int64), entries))
    return found


Rooms = dict[str, Callable[[np.random.Generator], Any]]


def in_order(feelings: NDArray[np.float64]) -> Rows:
    """The diamonds of people who feel so about nine cards, the least at the top."""
    rows = np.empty(feelings.shape, dtype=np.int8)
    places = np.repeat(np.arange(1, 6, dtype=np.int8), SHAPE)
    np.put_along_axis(rows, np.argsort(feelings, axis=1), np.broadcast_to(places, feelings.shape), axis=1)
    return rows


def swapped(chance: np.random.Generator) -> Rows:
    """One order, each person exchanging some neighbours in it."""
    feelings = np.tile(np.arange(9.0), (PEOPLE, 1))
    for person in feelings:
        for place in chance.integers(0, 8, chance.poisson(4)):
            person[[place, place + 1]] = person[[place + 1, place]]
    return in_order(feelings[:, chance.permutation(9)])


#: Rooms in which there is one opinion, or none.
ONE_OPINION: Rooms = {
    "diamonds, wholly at random": lambda chance: all_diamonds()[chance.integers(0, DIAMONDS, PEOPLE)],
    "diamonds, one order, little difference": lambda chance: in_order(chance.permutation(9) + 0.7 * chance.normal(size=(PEOPLE, 9))),
    "diamonds, one order, much difference": lambda chance: in_order(chance.permutation(9) + 3.0 * chance.normal(size=(PEOPLE, 9))),
    "diamonds, one order, cards disputed unequally": lambda chance: in_order(
        chance.normal(size=9) + chance.uniform(0.3, 2, 9) * chance.normal(size=(PEOPLE, 9))
    ),
    "diamonds, one order, neighbours exchanged": swapped,
    "statements (30), -1, 0 or 1 at random": lambda chance: chance.choice([-1.0, 0.0, 1.0], (PEOPLE, 30)),
    "statements (30), some popular, some not": lambda chance: np.where(chance.random((PEOPLE, 30)) < chance.random(30), 1.0, -1.0),
}


def planted_answers(chance: np.random.Generator) -> NDArray[np.float64]:
    """Two opinions on 30 statements, each answer turned with a chance of 0.15."""
    answers: NDArray[np.float64] = chance.choice([-1.0, 1.0], (2, 30))[TRUTH] * np.where(chance.random((PEOPLE, 30)) < 0.15, -1, 1)
    return answers


#: Rooms in which there are two opinions, of 30 people each.
TWO_OPINIONS: Rooms = {
    "statements (30), each answer turned with 0.15": planted_answers,
    "diamonds, places moved by about 1": lambda chance: in_order(_orders(chance) + 1.0 * chance.normal(size=(PEOPLE, 9))),
    "diamonds, places moved by about 2": lambda chance: in_order(_orders(chance) + 2.0 * chance.normal(size=(PEOPLE, 9))),
}


def _orders(chance: np.random.Generator) -> NDArray[np.int64]:
    return np.stack([chance.permutation(9), chance.permutation(9)])[TRUTH]


def _look(kind: str, room: Any) -> OpinionGroups:
    return groups_in_diamonds(room) if kind.startswith("diamonds") else groups_in_answers(room)


def groups(times: int) -> None:
    """How often groups are found in rooms of one opinion, and how well in rooms of two."""
    from sklearn.metrics import adjusted_rand_score

    for kind, make in ONE_OPINION.items():
        began = time.perf_counter()
        found = sum(_look(kind, make(np.random.default_rng([number, 6]))).found for number in range(times))
        print(f"| {kind} | {found} of {times} | {1000 * (time.perf_counter() - began) / times:.0f} ms |", flush=True)
    for kind, make in TWO_OPINIONS.items():
        began = time.perf_counter()
        rooms = [_look(kind, make(np.random.default_rng([number, 7]))) for number in range(max(times // 10, 1))]
        alike = [adjusted_rand_score(TRUTH, room.labels) for room in rooms]
        took = 1000 * (time.perf_counter() - began) / len(rooms)
        print(f"| {kind} | {np.mean(alike):.3f} (least {min(alike):.2f}) over {len(rooms)} | {took:.0f} ms |", flush=True)


def plain_consensus(entries: list[list[int]]) -> tuple[int, int]:
    """The least total distance and how many diamonds have it, by plain loops over every 20th diamond."""
    pairs = [(i, j) for i in range(9) for j in range(i)]
    totals = [
        sum(abs((u[i] < u[j]) - (u[i] > u[j]) - (v[i] < v[j]) + (v[i] > v[j])) for v in entries for i, j in pairs)
        for u in all_diamonds()[::20].tolist()
    ]
    return min(totals), totals.count(min(totals))


def plain_p(entries: list[list[int]]) -> float:
    """p by plain loops, over a hundredth of the draws."""
    ranks, chance = [0, 2, 5, 10, 15, 18], random.Random(1)

    def spread(boards: list[list[int]]) -> int:
        return sum((sum(ranks[board[card]] for board in boards) - 10 * len(boards)) ** 2 for card in range(9))

    seen, places = spread(entries), [1, 2, 2, 3, 3, 3, 4, 4, 5]
    return sum(spread([chance.sample(places, 9) for _ in entries]) >= seen for _ in range(DRAWS // 100)) / 100


def _seconds(what: Callable[[], object], times: int = 1) -> float:
    """The middle of several times."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        what()
        took.append(time.perf_counter() - began)
    return sorted(took)[times // 2]


def speed() -> None:
    """The consensus, p and all results of rooms of several sizes, beside plain loops (of which only a part is run, and scaled up)."""
    cold = _seconds(lambda: consensus_of(all_diamonds()[:300]))
    print(f"first consensus of a process, diamonds made: {1000 * cold:.1f} ms")
    for entries in (20, 200, 300):
        rows = all_diamonds()[np.random.default_rng(entries).integers(0, DIAMONDS, entries)]
        ours = _seconds(lambda rows=rows: consensus_of(rows), 21)
        plain = 20 * _seconds(lambda rows=rows: plain_consensus(rows.tolist()[:20])) * entries / 20
        by_chance.cache_clear()
        p = _seconds(lambda rows=rows: p_value(rows))
        plain_of_p = 100 * _seconds(lambda rows=rows: plain_p(rows.tolist()))
        by_chance.cache_clear()
        whole = _seconds(lambda rows=rows: together(rows))
        again = _seconds(lambda rows=rows: together(rows), 5)
        print(
            f"| {entries} | {1000 * ours:.2f} ms | 1 : {plain / ours:,.0f} | {1000 * p:.0f} ms | 1 : {plain_of_p / p:,.0f} "
            f"| {1000 * whole:.0f} ms | {1000 * again:.1f} ms |"
        )


def main() -> None:
    """Prints what was asked for."""
    match sys.argv[1:]:
        case ["points"]:
            print(", ".join(f"{entries}: {point}" for entries, point in points().items()))
        case ["groups", *times]:
            groups(int(times[0]) if times else 1000)
        case _:
            speed()


if __name__ == "__main__":
    main()
