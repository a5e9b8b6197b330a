"""How long matching takes: `python -m bench.matching [--schools 60 300 600] [--plain-seconds 60]`.

Each round is made from a seed (`bench/rounds.py`), read from its JSON text and matched as `convenor match` does it; then the same round,
person by person, is handed whole to the same solver as it comes, with a limit of seconds. Processor time first: the machine is shared.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import numpy as np

from bench.rounds import KINDS, make_round
from convenor.peer_review.rules.matching import Round, check, match, read_round
from convenor.peer_review.rules.matching.columns import Wishes, columns_of
from convenor.peer_review.rules.matching.rows import Rows, model_of
from convenor.peer_review.rules.matching.whole import with_pairs_and_swaps

HEADER = (
    "| schools | kind | seed | status | cost | gap % | processor s | wall s | plain: gap % | plain: processor s | plain: wall s |\n"
    "| ---: | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def measured(work: Any) -> tuple[Any, float, float]:
    """What `work` gives, its processor seconds and its wall seconds."""
    processor, wall = time.process_time(), time.perf_counter()
    given = work()
    return given, time.process_time() - processor, time.perf_counter() - wall


def plain(found: Round, seconds: float) -> float | None:
    """The gap, percent, that the solver as it comes leaves on the whole model; None where it finds no teams."""
    import highspy

    columns = columns_of(found, wishes=Wishes(apart=frozenset(person.id for person in found.people)))
    rows, everything = Rows(columns, 10_000.0), np.arange(columns.count)
    slots, extra = with_pairs_and_swaps(columns, rows.of_column, everything, rows.starts["end"])
    model = model_of(rows, everything, slots, extra, whole=True)
    # No empty seats: the model as one would write it down.
    ends = np.array(model.col_upper_)
    ends[rows.slack_count - 2 * len(columns.hosts) : rows.slack_count] = 0
    model.col_upper_ = ends
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.passModel(model)
    highs.run()
    info = highs.getInfo()
    if not np.isfinite(info.objective_function_value) or info.primal_solution_status != 2:
        return None
    return 100 * max(0.0, info.objective_function_value - info.mip_dual_bound) / info.objective_function_value


def line(schools: int, kind: str, seed: int, plain_seconds: float) -> str:
    """One row of the table. Raises AssertionError where the answer breaks a rule."""
    text = json.dumps(make_round(schools, kind=kind, seed=seed))
    answer, processor, wall = measured(lambda: match(read_round(text)))
    said = f"| {schools} | {kind} | {seed} | {answer.status} |"
    if answer.solution is None:
        return f"{said} – | – | {processor:.2f} | {wall:.2f} | | | |"
    assert check(answer.found, answer.solution.teams) == []
    gap = 100 * (answer.solution.cost - answer.solution.bound) / answer.solution.cost
    said += f" {answer.solution.cost:,.1f} | {gap:.4f} | {processor:.2f} | {wall:.2f} |"
    if not plain_seconds:
        return f"{said} | | |"
    left, processor, wall = measured(lambda: plain(answer.found, plain_seconds))
    return f"{said} {'no teams' if left is None else f'{left:.4f}'} | {processor:.1f} | {wall:.1f} |"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, nargs="*", default=[60, 300, 600])
    parser.add_argument("--kinds", nargs="*", default=KINDS, choices=KINDS)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--plain-seconds", type=float, default=60.0, help="limit for the solver as it comes; 0 leaves it out")
    options = parser.parse_args()
    print(HEADER)
    measured(lambda: match(read_round(json.dumps(make_round(12, kind="scattered", seed=1)))))  # libraries loaded before the clock starts
    for schools in options.schools:
        for kind in options.kinds:
            for seed in options.seeds:
                print(line(schools, kind, seed, options.plain_seconds), flush=True)


if __name__ == "__main__":
    main()
