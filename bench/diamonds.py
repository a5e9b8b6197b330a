"""Several diamonds together: how fast, how W behaves by chance, and whether groups are found where there are none.

`python -m bench.diamonds` times the consensus and p beside plain Python; `equal` holds consensus, W and p against a computation of its own,
on random and on degenerate inputs; `points` makes the table of 95 % points; `groups` holds the opinion groups against noise and planted
groups, beside k-means with the silhouette, which always finds some (`--sets 100` for a shorter look, `--kinds 2` for the two kinds of noise
of the aims alone).
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convenor.conditions.rules.concordance import DRAWS, by_chance, kendall_w, p_value, spread_of
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
    "statements (30), -1, 0 or 1 at random": lambda chance: chance.choice([-1.0, 0.0, 1.0], (PEOPLE, 30)),
    "diamonds, one order, little difference": lambda chance: in_order(chance.permutation(9) + 0.7 * chance.normal(size=(PEOPLE, 9))),
    "diamonds, one order, much difference": lambda chance: in_order(chance.permutation(9) + 3.0 * chance.normal(size=(PEOPLE, 9))),
    "diamonds, one order, cards disputed unequally": lambda chance: in_order(
        chance.normal(size=9) + chance.uniform(0.3, 2, 9) * chance.normal(size=(PEOPLE, 9))
    ),
    "diamonds, one order, neighbours exchanged": swapped,
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


def always_some(kind: str, room: Any) -> NDArray[np.int64]:
    """The groups of the usual way: k-means for two to five, the number by the silhouette. It has no way to say that there are none."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    points = DOUBLED[room] / 2 if kind.startswith("diamonds") else room
    ways = [KMeans(k, n_init=3, random_state=1).fit_predict(points) for k in range(2, 6)]
    best: NDArray[np.int64] = max(ways, key=lambda labels: float(silhouette_score(points, labels)))
    return best


def groups(times: int, kinds: int) -> None:
    """How often groups are found in rooms of one opinion, and how well in rooms of two; ours, and k-means with the silhouette."""
    from sklearn.metrics import adjusted_rand_score

    for kind, make in list(ONE_OPINION.items())[:kinds]:
        began = time.perf_counter()
        found = sum(_look(kind, make(np.random.default_rng([number, 6]))).found for number in range(times))
        took = 1000 * (time.perf_counter() - began) / times
        usual = [
            len(set(always_some(kind, make(np.random.default_rng([number, 6]))).tolist())) > 1 for number in range(max(times // 10, 1))
        ]
        print(f"| {kind} | {found} of {times:,} | {sum(usual)} of {len(usual):,} | {took:.0f} ms |", flush=True)
    for kind, make in TWO_OPINIONS.items():
        rooms = [make(np.random.default_rng([number, 7])) for number in range(max(times // 10, 1))]
        began = time.perf_counter()
        ours = [adjusted_rand_score(TRUTH, _look(kind, room).labels) for room in rooms]
        took = 1000 * (time.perf_counter() - began) / len(rooms)
        usual_way = [adjusted_rand_score(TRUTH, always_some(kind, room)) for room in rooms]
        least = f"(least {min(ours):.2f})"
        print(f"| {kind} | {np.mean(ours):.3f} {least} over {len(rooms)} | {np.mean(usual_way):.3f} | {took:.0f} ms |", flush=True)


PLACES = (1, 2, 2, 3, 3, 3, 4, 4, 5)
RANKS = {1: Fraction(1), 2: Fraction(5, 2), 3: Fraction(5), 4: Fraction(15, 2), 5: Fraction(9)}


def own_consensus(entries: Sequence[Sequence[int]]) -> tuple[int, set[tuple[int, ...]]]:
    """The least total distance and every diamond that has it, by plain loops over the 15,120 found another way. An entry's distance is
    kept by the rows of each pair of cards, so that each is worked out once."""
    pairs = [(i, j) for i in range(9) for j in range(i)]

    def relation(one: int, other: int) -> int:
        return (one < other) - (one > other)

    costs = {(i, j, v): sum(abs(v - relation(entry[i], entry[j])) for entry in entries) for i, j in pairs for v in (-1, 0, 1)}
    totals = {board: sum(costs[i, j, relation(board[i], board[j])] for i, j in pairs) for board in set(permutations(PLACES))}
    least = min(totals.values())
    return least, {board for board, total in totals.items() if total == least}


def own_w(entries: Sequence[Sequence[int]]) -> Fraction:
    """Kendall's W with its correction for ties, from its textbook formula, in exact fractions."""
    m, n = len(entries), 9
    sums = [sum(RANKS[entry[card]] for entry in entries) for card in range(n)]
    mean = Fraction(sum(sums), n)
    ties = sum(entry.count(row) ** 3 - entry.count(row) for entry in map(list, entries) for row in range(1, 6))
    return 12 * sum((each - mean) ** 2 for each in sums) / Fraction(m * m * (n**3 - n) - m * ties)


def own_p(entries: Sequence[Sequence[int]], draws: int = 2_000) -> float:
    """p by draws of its own: shuffled boards, plain sums."""
    chance, doubled = random.Random(len(entries)), [0, 2, 5, 10, 15, 18]

    def spread(boards: Sequence[Sequence[int]]) -> int:
        return sum((sum(doubled[board[card]] for board in boards) - 10 * len(boards)) ** 2 for card in range(9))

    seen = spread(entries)
    return (1 + sum(spread([chance.sample(PLACES, 9) for _ in entries]) >= seen for _ in range(draws))) / (1 + draws)


def _inputs() -> dict[str, list[list[Sequence[int]]]]:
    """Random rooms of several sizes, and degenerate ones."""
    chance = random.Random(6)

    def any_board() -> list[int]:
        return chance.sample(PLACES, 9)

    def turned(board: Sequence[int]) -> list[int]:
        return [6 - row for row in board]

    boards = [any_board() for _ in range(4)]
    one_swap = [2, 1, 2, 3, 3, 3, 4, 4, 5]
    return {
        "random, 2 to 9 entries": [[any_board() for _ in range(size)] for size in range(2, 10)],
        "random, 20 to 60 entries": [[any_board() for _ in range(size)] for size in (20, 40, 60)],
        "one entry": [[board] for board in boards],
        "identical entries": [[board] * size for board, size in zip(boards, (2, 5, 12, 30), strict=True)],
        "a diamond and the same upside down": [[board, turned(board)] * size for board, size in zip(boards, (1, 2, 3, 5), strict=True)],
        "two that tie": [[list(PLACES), one_swap] * size for size in (1, 3)],
    }


def equal() -> None:
    """Consensus (every optimal diamond and their distance), W and p beside a computation of their own."""
    for kind, rooms in _inputs().items():
        same = {"consensus": 0, "W": 0, "p": 0}
        for room in rooms:
            rows = np.array(room, dtype=np.int8)
            ours, (least, boards) = consensus_of(rows), own_consensus(room)
            same["consensus"] += ours.total_distance == least and {tuple(each) for each in ours.optimal.tolist()} == boards
            same["W"] += abs(kendall_w(rows) - float(own_w(room))) < 1e-12
            p = p_value(rows)
            if p is None:
                same["p"] += len(room) == 1
                continue
            other = own_p(room)
            same["p"] += abs(p - other) <= 4 * (max(other * (1 - other), 1e-3) * (1 / 2_000 + 1 / DRAWS)) ** 0.5
        print(f"| {kind} | {len(rooms)} | {same['consensus']} | {same['W']} | {same['p']} |", flush=True)


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
    asked = argparse.ArgumentParser(description="Several diamonds together, measured.")
    asked.add_argument("what", nargs="?", default="speed", choices=["speed", "equal", "points", "groups"])
    asked.add_argument("--sets", type=int, default=1_000, help="sets of each kind of noise; a tenth of as many planted")
    asked.add_argument("--kinds", type=int, default=len(ONE_OPINION), help="so many kinds of noise; the first two are those of the aims")
    given = asked.parse_args()
    match given.what:
        case "points":
            print(", ".join(f"{entries}: {point}" for entries, point in points().items()))
        case "groups":
            groups(given.sets, given.kinds)
        case "equal":
            equal()
        case _:
            speed()


if __name__ == "__main__":
    main()
