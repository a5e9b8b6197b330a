"""How long it takes to find everybody's similar schools, beside comparing every pair; and how much they tell of results.

    python -m bench.similar                         simulated schools, as many and as alike as England's
    python -m bench.similar --database FOLDER       a data directory in which the published files are loaded

Each way runs in a process of its own, so that its memory is its own. The baseline compares every pair in blocks (SciPy's `cdist`, then the
50 smallest of each row), the quickest plain way in the stack. Aim: all 50 nearest of 17,000 primary schools in under 0.5 s on two cores.

With a database it also says what share of the differences between schools in results and absence the mean of a school's similar schools
tells, by our method, by the Department's, and by as many schools of the phase drawn by lot: similar schools that tell nothing would be no
comparison. Last, how long one page's reading takes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

PRIMARIES = 17_000
RUNS = 7
OUTCOMES = (
    ("Primary", "ks2_rwm_expected"), ("Primary", "absence_overall"), ("Secondary", "ks4_attainment8"), ("Secondary", "ks4_progress8"),
    ("Secondary", "absence_overall"),
)  # fmt: skip


def simulated() -> tuple[Any, list[float]]:
    """Schools as England's primaries lie: correlated, skewed, one in twenty figures missing."""
    draw = np.random.default_rng(1)
    mixed = draw.standard_normal((PRIMARIES, 6)) @ (np.eye(6) + 0.35 * draw.uniform(size=(6, 6)))
    features = np.column_stack([mixed[:, :2], np.exp(mixed[:, 2:])])
    features[draw.uniform(size=features.shape) < 0.05] = np.nan
    return features, [2, 3, 1, 1, 1, 2]


def by_tree(features: Any, weights: list[float]) -> Any:
    """Our way."""
    from convenor.intelligence.rules.similar import nearest

    return nearest(features, weights=weights)[1]


def by_pairs(features: Any, weights: list[float]) -> Any:
    """Every pair, a block of schools at a time: the distances only."""
    from scipy.spatial.distance import cdist

    from convenor.intelligence.rules.similar import KEPT, on_axes, scale_of

    scales = np.array([scale_of(column) for column in features.T])
    points = on_axes(features, scales[:, 0], scales[:, 1]) * np.sqrt(np.array(weights) / sum(weights))
    told = (~np.isnan(features)) @ np.array(weights) >= sum(weights) / 2
    points, found = points[told], np.full((len(features), KEPT), np.nan)
    rows = np.flatnonzero(told)
    for start in range(0, len(points), 1_000):
        apart = cdist(points[start : start + 1_000], points)
        apart[np.arange(len(apart)), np.arange(start, start + len(apart))] = np.inf
        found[rows[start : start + 1_000]] = np.sort(np.partition(apart, KEPT - 1, axis=1)[:, :KEPT], axis=1)
    return found


WAYS = {"tree": by_tree, "pairs": by_pairs}


def one_way(way: str, file: str) -> None:
    """In a process of its own: the median time, the processor's, the growth of memory, and the distances for comparison."""
    held = np.load(file)
    features, weights = held["features"], held["weights"].tolist()
    WAYS[way](features[:200], weights)  # imports
    before = _peak_kb()
    walls, processor = [], []
    for _ in range(RUNS if way == "tree" else 3):
        began, used = time.perf_counter(), time.process_time()
        distances = WAYS[way](features, weights)
        walls.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    grown = (_peak_kb() - before) / 1024
    np.save(f"{file}.{way}.npy", distances)
    print(f"{statistics.median(walls):.3f} {statistics.median(processor):.3f} {grown:.0f}")


def _peak_kb() -> int:
    """The most memory that this process has held, in kilobytes."""
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))


def compared(features: Any, weights: list[float]) -> None:
    """Both ways on the same schools, their ratio, and whether they agree."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "schools.npz")
        np.savez(file, features=features, weights=np.array(weights, dtype=float))
        told = {}
        for way in WAYS:
            command = [sys.executable, "-m", "bench.similar", "--way", way, "--file", file]
            told[way] = [float(each) for each in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]
        same = np.allclose(np.load(f"{file}.tree.npy"), np.load(f"{file}.pairs.npy"), atol=1e-9, equal_nan=True)
    print(f"{len(features):,} schools, {features.shape[1]} variables, the 50 nearest of each")
    for way, (wall, processor, grown) in told.items():
        print(f"  {way:<6} {wall:7.3f} s wall   {processor:7.3f} s processor   {grown:6.0f} MB more")
    walls, processors = (told["pairs"][place] / told["tree"][place] for place in (0, 1))
    agree = "the distances agree" if same else "THE DISTANCES DIFFER"
    print(f"  every pair ÷ the tree: {walls:.1f} in wall time, {processors:.1f} in processor time; {agree}")


def with_database() -> None:
    """The primaries as they are loaded; all England by both methods; what similar schools tell; one page's reading."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
    django.setup()
    from convenor.intelligence.queries import gathering
    from convenor.intelligence.rules import similar as rules
    from convenor.intelligence.rules.similar_dfe import similar_dfe

    what = gathering.basis(viewer=None)
    if what is None:
        sys.exit("No published file is loaded there: convenor load FILE")
    began = time.perf_counter()
    gathered = gathering.gather(what, viewer=None, on=datetime.now(UTC).date())
    listed, whole = gathered.listed, gathered.newest
    print(f"reading the figures of {len(listed):,} schools and finding whom each is like: {time.perf_counter() - began:.1f} s")
    rows = (listed.phases == "Primary") & listed.counts
    features, basis = rules.lay_out("Primary", {key: each[rows] for key, each in whole.values.items()}, np.ones(rows.sum(), dtype=bool))
    compared(features, [axis.weight for axis in basis.axes])
    began, used = time.perf_counter(), time.process_time()
    ours = rules.similar_schools(listed.urns, listed.phases, whole.values, listed.counts)
    between, so_far = time.perf_counter(), time.process_time()
    theirs = similar_dfe(listed.urns, listed.phases, whole.regions, whole.values, listed.counts)
    after, in_all = time.perf_counter(), time.process_time()
    print(f"all England by our method: {between - began:.2f} s, {so_far - used:.2f} s of the processor")
    print(f"all England by the Department's: {after - between:.2f} s, {in_all - so_far:.2f} s of the processor")
    tells(whole, ours.indices[:, :29], theirs.indices)
    reads(listed.urns)


def tells(whole: Any, ours: Any, theirs: Any) -> None:
    """What share of the differences between schools the mean of 29 similar schools tells."""
    draw = np.random.default_rng(2)
    print("share of the differences between schools that the mean of 29 similar schools tells: ours, DfE 30, by lot")
    for phase, measure in OUTCOMES:
        values, rows = whole.values.get(measure), np.flatnonzero((whole.listed.phases == phase) & whole.listed.counts)
        if values is None or np.isnan(values[rows]).all():
            continue
        lot = np.zeros_like(ours)
        lot[rows] = draw.choice(rows, size=(len(rows), ours.shape[1]))
        shares = [told_share(values, each, rows) for each in (ours, theirs, lot)]
        print(f"  {phase:<10} {measure:<20} {'   '.join(f'{100 * share:5.1f} %' for share in shares)}")


def told_share(values: Any, indices: Any, rows: Any) -> float:
    """One less the variance left after taking the mean of the similar schools away, over the variance there was."""
    near = np.where(indices[rows] >= 0, values[indices[rows]], np.nan)
    known = (~np.isnan(near)).sum(axis=1) >= 5
    mean = np.full(len(rows), np.nan)
    mean[known] = np.nanmean(near[known], axis=1)
    both = ~np.isnan(values[rows]) & ~np.isnan(mean)
    own = values[rows][both]
    return float(1 - np.var(own - mean[both]) / np.var(own))


def reads(urns: list[str]) -> None:
    """One school's set as its page reads it, two hundred times."""
    from convenor.intelligence.queries.similar import similar_to

    took = []
    for urn in urns[:: max(1, len(urns) // 200)]:
        began = time.perf_counter()
        similar_to(urn, viewer=None)
        took.append(1000 * (time.perf_counter() - began))
    print(f"one school's similar schools, read: p50 {statistics.median(took):.1f} ms, p95 {statistics.quantiles(took, n=20)[-1]:.1f} ms")


def main() -> None:
    """Measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", metavar="FOLDER", help="a data directory in which the published files are loaded")
    parser.add_argument("--way", choices=tuple(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        one_way(asked.way, asked.file)
    elif asked.database:
        os.environ["CONVENOR_DATA_DIR"] = asked.database
        with_database()
    else:
        compared(*simulated())


if __name__ == "__main__":
    main()
