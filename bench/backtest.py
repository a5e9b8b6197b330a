"""The back-test and everything said of it, from the published files themselves.

    python -m bench.backtest ../shared/data            the back-test, its controls and how it travels to other years
    python -m bench.backtest ../shared/data --tune     the sets of weights that were tried, on the tuning year and nothing else
    python -m bench.backtest ../shared/data --ship     also writes what the demonstration shows (sample/backtest-2022-23.json)

Loads the files it needs into a passing database; says so and stops where the folder is not to be had. The tuning reads the figures of
2022-23 and the inspections of 2024-25 and has no way to see those of 2023-24.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "sample" / "backtest-2022-23.json"
TABLES = "performance_tables"
FILES = (
    f"{TABLES}/2022-2023/england_abs.csv", f"{TABLES}/2022-2023/england_census.csv",
    f"{TABLES}/2022-2023/england_filtered_ks4_abs_census_info.csv", "ofsted/ofsted_mi_latest_inspections_2025-08-31.parquet",
    "gias/links_edubasealldata20250422.csv", "geography/las.csv", f"{TABLES}/2018-2019/england_abs.csv",
    f"{TABLES}/2018-2019/england_census.csv", f"{TABLES}/2018-2019/england_ks4provisional.csv", f"{TABLES}/2020-2021/england_census.csv",
)  # fmt: skip
#: For the years before: converted files, read here as plain tables, since the project does not republish them.
CONVERTED = "converted/performance_tables"
OUTCOMES_2018 = "ofsted/2017-2018_england_ofsted-schools_2018-07-31.xlsx"
HEADER = "urn,period,indicator,value,cohort,mark"


def load(folder: Path) -> None:
    """The needed files into the passing database of this process."""
    convenor = [sys.executable, "-m", "convenor"]
    subprocess.run([*convenor, "migrate", "--verbosity", "0"], check=True, cwd=ROOT)
    subprocess.run(
        [*convenor, "load", *(str(folder / name) for name in FILES)],
        check=False,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    import django

    django.setup()


def line(name: str, said: dict[str, Any]) -> str:
    """One row of the tables in README.md."""
    cells = [name, f"{said['n']:,}", f"{said['positives']:,}", f"{said['base_rate']:.1%}" if said["n"] else "–"]
    if said["auc"] is None:
        return "| " + " | ".join([*cells, said["why"], "–", "–", "–"]) + " |"
    low, high = said["auc_interval"]
    tenth = said["at"][1]
    lift = f"{tenth['lift']:.2f} ({tenth['lift_interval'][0]:.2f} to {tenth['lift_interval'][1]:.2f})"
    ratio = f"{said['ratio']:.3f}" if said["ratio"] else "–"
    yardstick = f"{said['reference_auc']:.3f}" if said["reference_auc"] else "–"
    return "| " + " | ".join([*cells, f"{said['auc']:.3f} ({low:.3f} to {high:.3f})", yardstick, ratio, lift]) + " |"


def table(said: dict[str, Any], name: str = "all") -> Iterator[str]:
    """All schools, then each phase."""
    yield line(name, said)
    for phase, each in said["phases"].items():
        yield line(f"{name}: {phase.lower()}" if name != "all" else phase.lower(), each)


def main_test() -> dict[str, Any]:
    """Figures of 2022-23 on the inspections of 2023-24, by the command itself."""
    command = [sys.executable, "-m", "convenor", "backtest", "--features", "2022-23", "--outcomes", "2023-24", "--controls", "--json"]
    said: dict[str, Any] = json.loads(subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout)
    print("\n".join(table(said)))
    for phase in ("Primary", "Secondary"):
        for each in said["phases"][phase]["singles"][:4]:
            apart = each.get("difference_interval")
            print(
                f"  {phase}, {each['indicator']} alone on {each['n']}: {each['auc']:.3f}, the score there {each['score_auc']:.3f}", end=""
            )
            print(f", difference {each['difference']:+.4f} ({apart[0]:+.4f} to {apart[1]:+.4f})" if apart else "")
    print("  best single figure of all:", said["best_single"])
    print("  controls:", json.dumps(said["controls"], indent=1))
    print("  left out:", said["excluded"])
    return said


def ship(said: dict[str, Any]) -> None:
    """What the demonstration shows, with what made it."""
    from convenor.registers.models import Edition

    version = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], check=True, cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    editions = Edition.objects.filter(key__in=said["editions"]).order_by("key")
    kept = {
        "features": said["features"],
        "outcomes": said["outcomes"],
        "computed_on": datetime.now(UTC).date().isoformat(),
        "code": version,
        "editions": [
            {"key": each.key, "title": each.title, "as_at": each.as_at.isoformat(), "rows": each.rows_loaded, "sha256": each.digest}
            for each in editions
        ],
        "result": said,
    }
    SHIPPED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"  written: {SHIPPED.relative_to(ROOT)}")


def tune() -> None:
    """Every set of weights in steps of ten points, on figures of 2022-23 and the quality-of-education grades of 2024-25."""
    import numpy as np

    from convenor.england.school_years import SchoolYear
    from convenor.intelligence.queries.backtests import figures_of, known_schools, outcomes_of
    from convenor.intelligence.rules.backtesting import judged
    from convenor.intelligence.rules.discrimination import auc
    from convenor.intelligence.rules.weights import CURRENT

    known, figures, outcomes = (
        known_schools(viewer=None),
        figures_of(SchoolYear(2022), viewer=None),
        outcomes_of(SchoolYear(2024), viewer=None),
    )
    if figures is None or outcomes is None:
        raise SystemExit("The tuning year's files did not load.")
    found = []
    for points in itertools.product(range(0, 80, 10), range(0, 80, 10), range(0, 60, 10), range(0, 60, 10)):
        if sum(points) != 100:
            continue
        weights = replace(CURRENT, families=tuple(replace(f, maximum=m) for f, m in zip(CURRENT.families, points, strict=True)))
        rows = judged(figures[0], outcomes[0], phases=known.phases, before=known.before, not_counted=known.not_counted, weights=weights)
        part = {phase: auc(rows.weak[rows.phases == phase], rows.scores[rows.phases == phase]) for phase in ("Primary", "Secondary")}
        with_p8 = ~np.isnan(rows.values["ks4_progress8"])
        beside = auc(rows.weak[with_p8], rows.scores[with_p8]) - auc(rows.weak[with_p8], -rows.values["ks4_progress8"][with_p8])
        found.append((auc(rows.weak, rows.scores), part["Primary"], part["Secondary"], beside, points))
    found.sort(reverse=True)
    best = found[0][0]
    near = sum(best - each[0] <= 0.003 for each in found)
    print(f"{len(found)} sets, {near} of them within 0.003 of the best; attainment-progress-absence-persistent:")
    named = [each for each in found[12:] if each[4] in ((20, 50, 20, 10), (30, 40, 20, 10))]
    for whole, primary, secondary, beside, points in [*found[:12], *named]:
        words = f"all {whole:.4f}, primary {primary:.4f}, secondary {secondary:.4f}, against Progress 8 alone {beside:+.4f}"
        print(f"  {'-'.join(map(str, points)):<14} {words}")


# How it travels: other years, other figures. Looked at and reported, never fitted to.


def plain(folder: Path, years: Iterable[int], *, drop: frozenset[str] = frozenset(), more: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    """The converted national files of some years, and other files with their school year, as a plain table."""
    yield HEADER
    files = [
        (f"{CONVERTED}/{y}-{y + 1}/{y}-{y + 1}_england_{stage}final.csv", f"{y}-{(y + 1) % 100:02d}")
        for y in years
        for stage in ("ks2", "ks4")
    ]
    for name, period in [*files, *more]:
        with (folder / name).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                urn, cohort = (row.get("URN") or "").strip(), row.get("TELIG") or row.get("TPUP") or ""
                if not urn.isdigit():
                    continue
                for column, value in row.items():
                    if column and column.isupper() and column not in drop and column not in ("URN", "LEA", "ESTAB", "RECTYPE"):
                        value = (value or "").replace(",", "") if isinstance(value, str) else ""
                        yield f"{urn},{period},{column},{value.strip()},{cohort if cohort.isdigit() else ''},"


def outcomes_2018(folder: Path, start: int) -> Iterator[str]:
    """Ofsted's list of July 2018: the latest visit's day and the latest grade, which stood through short visits."""
    import openpyxl

    sheet = openpyxl.load_workbook(folder / OUTCOMES_2018, read_only=True).worksheets[0]
    rows = sheet.iter_rows(values_only=True)
    head = next(rows)
    yield "urn,inspected_on,kind,grade"
    for cells in rows:
        row = dict(zip(head, cells, strict=False))
        day = row["Inspection date"]
        if isinstance(day, datetime) and date(start, 9, 1) <= day.date() <= date(start + 1, 8, 31):
            yield f"{row['URN']},{day.date()},overall,{row['Overall effectiveness']}"


def travels(folder: Path) -> None:
    """Each era as a plain table, scored as it comes."""
    from convenor.england.school_years import SchoolYear
    from convenor.intelligence.queries.backtests import known_schools, outcomes_of
    from convenor.intelligence.rules.backtest_results import result
    from convenor.intelligence.rules.backtesting import judged
    from convenor.intelligence.rules.plain_tables import read_features, read_outcomes

    known = known_schools(viewer=None)
    absence, census = (f"{TABLES}/2018-2019/england_{name}.csv" for name in ("abs", "census"))
    both = ((absence, "2018-19"), (census, "2018-19"))
    no_progress = frozenset(("READPROG", "WRITPROG", "MATPROG", "P8MEA"))
    # The only census of those years is of 2018-19: it says which schools are alike, and adds no points.
    eras: list[tuple[str, Iterator[str], Any]] = [
        ("results of 2015-16 on 2016-17", plain(folder, [2015]), outcomes_2018(folder, 2016)),
        ("results of 2016-17 on 2017-18", plain(folder, [2016]), outcomes_2018(folder, 2017)),
        ("the same without progress", plain(folder, [2016], drop=no_progress, more=[(census, "2016-17")]), outcomes_2018(folder, 2017)),
        ("results of 2015-16 on 2017-18", plain(folder, [2015]), outcomes_2018(folder, 2017)),
        *((f"all of 2018-19 on {SchoolYear(y).label}", plain(folder, [2017, 2018], more=both), y) for y in (2019, 2021, 2022)),
        ("absence and census of 2018-19 on 2021-22", plain(folder, [], more=both), 2021),
        (
            "absence of 2018-19, census of 2020-21 on 2022-23",
            plain(folder, [], more=[both[0], (f"{TABLES}/2020-2021/england_census.csv", "2020-21")]),
            2022,
        ),
    ]  # fmt: skip
    ratios = []
    for name, figures, when in eras:
        inspected = outcomes_of(SchoolYear(when), viewer=None) if isinstance(when, int) else (read_outcomes(when), [])
        if inspected is None:
            continue
        features = read_features(figures)
        for words, phases in ((name, known.phases), (f"{name}; no register", {})):
            rows = judged(
                features, inspected[0], phases=phases, before=known.before, not_counted=known.not_counted if phases else frozenset()
            )
            said = result(rows, features=name, outcomes="")
            ratios.append(said["ratio"])
            print("\n".join(list(table(said, words))[: None if phases else 1]), flush=True)
    print(f"  {len(ratios)} trials: ratio from {min(ratios):.3f} to {max(ratios):.3f}, mean {sum(ratios) / len(ratios):.3f}")


def main() -> None:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT.parent / "shared" / "data")
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--ship", action="store_true")
    options = parser.parse_args()
    if not (options.folder / FILES[0]).exists():
        print(f"{options.folder} does not hold the published files: nothing was measured.")
        return
    with tempfile.TemporaryDirectory() as passing:
        os.environ |= {
            "CONVENOR_DATA_DIR": passing,
            "CONVENOR_SECRET_KEY": secrets.token_urlsafe(60),
            "DJANGO_SETTINGS_MODULE": "convenor.settings",
        }
        load(options.folder)
        if options.tune:
            tune()
            return
        said = main_test()
        if options.ship:
            ship(said)
        travels(options.folder)


if __name__ == "__main__":
    main()
