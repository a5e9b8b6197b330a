"""How long matching support takes: `python -m bench.support_matching [--seeds 1 2 3]`.

Areas are made from a seed (`bench/support_needs.py`): 200 needs and 500 offers, every rule biting. Each is matched as the page does it, the
sentences and gaps included; beside it, in the same run, what a person with a map would do: needs in the order in which they were asked,
each given to the nearest offer that the rules still allow. Processor time: the machine is shared.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from bench.support_needs import KINDS, make_area
from convenor.support.rules.placing import Need, Offer, Weights, barred_by, km_between, may_serve, place
from convenor.support.rules.placing_rules import costs_of
from convenor.support.rules.placing_solver import objective

Made = TypeVar("Made")
HEADER = (
    "| days | seed | status | met, ours | met, nearest first | cost, ours | cost, nearest ÷ ours | km a need, ours | km, nearest first "
    "| processor s, ours | processor s, nearest first |\n"
    "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def measured(work: Callable[[], Made]) -> tuple[Made, float]:
    """What `work` gives, and its processor seconds."""
    began = time.process_time()
    given = work()
    return given, time.process_time() - began


def nearest_first(needs: list[Need], offers: list[Offer]) -> list[tuple[int, int]]:
    """Each need in turn to the nearest offer that every rule, and the days that are left by then, allow."""
    used: Counter[int] = Counter()
    pairs = []
    for at, need in enumerate(needs):
        able = [
            (km_between(need, offer) or 0.0, number)
            for number, offer in enumerate(offers)
            if may_serve(need, offer) and used[number] + need.half_days <= offer.half_days_left
        ]
        if able:
            _, number = min(able)
            used[number] += need.half_days
            pairs.append((at, number))
    return pairs


def line(kind: str, seed: int) -> str:
    """One row of the table. Raises AssertionError where the answer breaks a rule or books more days than there are."""
    needs, offers = make_area(200, 500, kind=kind, seed=seed)
    answer, ours = measured(lambda: place(needs, offers, seed=seed))
    pairs, theirs = measured(lambda: nearest_first(needs, offers))
    need_of, offer_of = {each.id: each for each in needs}, {each.id: each for each in offers}
    used: Counter[str] = Counter()
    for each in answer.placed:
        assert not list(barred_by(need_of[each.need], offer_of[each.offer]))
        used[each.offer] += need_of[each.need].half_days
    assert all(days <= offer_of[key].half_days_left for key, days in used.items())
    weights = Weights()
    costs = {pair: costs_of(needs[pair[0]], offers[pair[1]], weights).total for pair in pairs}
    greedy = objective(pairs, needs, offers, costs, weights)
    km = sum(km_between(need_of[each.need], offer_of[each.offer]) or 0 for each in answer.placed) / len(answer.placed)
    near = sum(km_between(needs[need], offers[offer]) or 0 for need, offer in pairs) / len(pairs)
    return (
        f"| {kind} | {seed} | {answer.status} | {len(answer.placed)} | {len(pairs)} | {answer.objective:,.0f} | "
        f"{greedy / answer.objective:.2f} | {km:.1f} | {near:.1f} | {ours:.2f} | {theirs:.2f} |"
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--kinds", nargs="*", default=KINDS, choices=KINDS)
    options = parser.parse_args()
    place(*make_area(10, 20, kind="tight", seed=1))  # libraries loaded before the clock starts
    print(HEADER)
    for kind in options.kinds:
        for seed in options.seeds:
            print(line(kind, seed), flush=True)
    print(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


if __name__ == "__main__":
    main()
