"""How true the review of effect is, on real series: schools that nobody supported, chosen because they were low, judged by the very rules.

    python -m bench.effect [../shared/data] [--draws 2000] [--seed 2026]

From the national tables of key stage 2 and key stage 4 (2015-16 to 2017-18, progress to 2018-19) and Surrey's own four years. Each draw
takes a real school and pretends that support began on 1 September of a year: nothing happened, so every "better than expected" is false.
Schools are chosen by chance; from the lowest quarter or tenth of the last year before, against their similar schools; more likely the
lower they were; or because they had fallen and were low: that is how schools come to be supported. Beside each verdict stands the naive
one (after less before, against what single pupils make of it) and the plain difference in differences. The share of intervals that hold
nought is their coverage. Then a true effect is added, of half a standard deviation between schools, sustained over the years after, and
the share that is seen is printed: for one package, and for eight and twenty pooled.

Similar schools are found as everywhere, from size, free school meals, English as an additional language and special educational needs;
those of 2018-19 stand for all years, since they are the only ones to be had by school.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convenor.intelligence.rules.similar import nearest
from convenor.registers.rules.intervals import Z_95
from convenor.support.rules.effect import FEWEST_PUPILS, MOST_P
from convenor.support.rules.effect_sums import student, weigh
from convenor.support.rules.outcomes import OUTCOMES
from convenor.support.rules.pooled import PackageEffect, pooled
from convenor.support.rules.states import Verdict

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: Mainstream, state-funded: the Department's types of establishment.
MAINSTREAM = frozenset(("CY", "VA", "VC", "FD", "ACC", "AC", "F", "FUTC", "FSS", "CTC"))
CENSUS = ("NOR", "PNUMFSMEVER", "PNUMEAL", "PSENELK", "PSENELSE")
WEIGHTS = (2, 3, 1, 1, 1)
SHORT = {"2015-16": "2015-2016", "2016-17": "2016-2017", "2017-18": "2017-2018", "2018-19": "2018-2019"}
THREE, FOUR = tuple(SHORT)[:3], tuple(SHORT)
#: The one authority of which every year is to be had with its cohorts.
SURREY = "936"


@dataclass(frozen=True)
class Asked:
    """One set of series: by which outcome, which years are before and after (places among the years), of which authority ("" for all)."""

    stage: str
    outcome: str
    column: str
    years: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    comparators: int = 50
    area: str = ""


def _surrey(stage: str, outcome: str, column: str) -> tuple[Asked, ...]:
    return (Asked(stage, outcome, column, FOUR, (0, 1), (2, 3), 30, SURREY), Asked(stage, outcome, column, FOUR, (0,), (1, 2), 30, SURREY))


RWM, MATHS, PROGRESS_8 = (
    ("ks2", "ks2_rwm_expected", "PTRWM_EXP"),
    ("ks2", "ks2_maths_progress", "MATPROG"),
    ("ks4", "ks4_progress8", "P8MEA"),
)
#: What is asked of England one by one; what is asked of Surrey together, since few schools of one area make few different draws.
ASKED: dict[str, tuple[Asked, ...]] = {
    "KS2 reading, writing and maths, one year before, two after": (Asked(*RWM, THREE, (0,), (1, 2)),),
    "KS2 reading, writing and maths, two before, one after": (Asked(*RWM, THREE, (0, 1), (2,)),),
    "KS2 maths progress, two before, two after": (Asked(*MATHS, FOUR, (0, 1), (2, 3)),),
    "KS4 Progress 8, one before, two after": (Asked(*PROGRESS_8, THREE, (0,), (1, 2)),),
    "KS4 Progress 8, two before, two after": (Asked(*PROGRESS_8, FOUR, (0, 1), (2, 3)),),
    "Surrey's four years, seven outcomes, compared within Surrey": (
        *_surrey(*RWM), *_surrey(*MATHS), *_surrey(*PROGRESS_8), *_surrey("ks2", "ks2_reading_progress", "READPROG"),
        *_surrey("ks2", "ks2_reading_average", "READ_AVERAGE"), *_surrey("ks2", "ks2_maths_average", "MAT_AVERAGE"),
        *_surrey("ks2", "ks2_gps_average", "GPS_AVERAGE"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Series:
    """Schools × years: figures and pupils; for each school its comparators' places, nearest first; and means before and after."""

    asked: Asked
    keys: tuple[str, ...]
    values: Floats
    pupils: Floats
    alike: NDArray[np.int32]
    before: Floats
    after: Floats
    few_before: Floats
    few_after: Floats
    gap: Floats

    @property
    def spread(self) -> float:
        """The standard deviation between schools in the years after."""
        return float(self.values[:, self.asked.after].std(axis=0).mean())


def number(text: str | None) -> float:
    """A cell as a number; nan for a mark or nothing."""
    try:
        return float((text or "").strip().rstrip("%"))
    except ValueError:
        return float("nan")


def rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The school rows of a file, by the authority's and the school's number, which outlive a conversion."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            authority = row.get("LEA") or row.get("LA") or ""
            if authority.isdigit() and (row.get("ESTAB") or "").isdigit():
                yield authority + row["ESTAB"], row


def tables(folder: Path, asked: Asked) -> list[dict[str, tuple[float, float, str]]]:
    """For each year the figure, the pupils and the type of every school."""
    return _tables(folder, asked.stage, asked.column, asked.years, asked.area == SURREY)


@cache
def _tables(folder: Path, stage: str, column: str, years: tuple[str, ...], surrey: bool) -> list[dict[str, tuple[float, float, str]]]:
    cohort, found = "TELIG" if stage == "ks2" else "TPUP", []
    for year in years:
        name = f"{SHORT[year]}_england_{stage}final.csv"
        path = folder / "converted" / "performance_tables" / SHORT[year] / name
        own = folder / "performance_tables" / "surrey_936" / f"{SHORT[year]}_936_{stage}final.csv"
        path = own if surrey and own.exists() else path
        found.append({key: (number(row.get(column)), number(row.get(cohort)), row.get("NFTYPE", "")) for key, row in rows(path)})
    return found


@cache
def census_of(folder: Path) -> dict[str, list[float]]:
    table = folder / "performance_tables/2018-2019/england_census.csv"
    return {key: [number(row.get(each)) for each in CENSUS] for key, row in rows(table)}


def read(folder: Path, asked: Asked) -> Series:
    """The mainstream schools that have a figure of enough pupils in every year, with their similar schools among them."""
    census, years = census_of(folder), tables(folder, asked)
    keys = sorted(set(census).intersection(*years))
    keys = [key for key in keys if key.startswith(asked.area)]
    keys = [key for key in keys if next((year[key][2] for year in reversed(years) if year[key][2]), "") in MAINSTREAM]
    values = np.array([[year[key][0] for year in years] for key in keys])
    pupils = np.array([[year[key][1] for year in years] for key in keys])
    with np.errstate(invalid="ignore"):  # the files of 2018-19 give no cohort: that of the years before stands in
        usual = np.array([np.median(each[np.isfinite(each)]) if np.isfinite(each).any() else np.nan for each in pupils])
        pupils = np.where(np.isfinite(pupils), pupils, usual[:, None])
        kept = np.isfinite(values).all(axis=1) & (pupils >= FEWEST_PUPILS).all(axis=1)
    features = np.array([census[key] for key in keys])[kept]
    with np.errstate(divide="ignore"):
        features[:, 0] = np.log(features[:, 0])
    alike, _ = nearest(features, asked.comparators, weights=WEIGHTS)
    told = (alike >= 0).all(axis=1)
    values, pupils = values[kept], pupils[kept]
    last = values[:, asked.before[-1]]
    gap = np.where(told, last - last[alike].mean(axis=1), np.nan)
    means = [values[:, each].mean(axis=1) for each in (asked.before, asked.after)]
    few = [(1 / pupils[:, each]).mean(axis=1) / len(each) for each in (asked.before, asked.after)]
    return Series(asked, tuple(np.array(keys)[kept]), values, pupils, alike, *means, *few, gap)


def chosen(series: Series, how: str) -> Floats:
    """How likely each school is to be chosen, by the ways in which schools come to be supported."""
    gap, known = series.gap, np.isfinite(series.gap)
    low = np.where(known, gap, np.inf)
    spread = float(np.nanstd(gap))
    ways = {
        "by chance": lambda: known * 1.0,
        "lowest quarter": lambda: (low <= np.nanquantile(gap, 0.25)) * 1.0,
        "lowest tenth": lambda: (low <= np.nanquantile(gap, 0.10)) * 1.0,
        "the lower the likelier": lambda: known / (1 + np.exp(np.clip(2 * (np.where(known, gap, 0.0) / spread + 1.5), -50, 50))),
        "fallen and low": lambda: known * (series.values[:, series.asked.before[-1]] < series.values[:, 0])
        * (low <= np.nanquantile(gap, 0.2)) * 1.0,
    }  # fmt: skip
    weight: Floats = ways[how]()
    return weight / weight.sum()


HOW = ("by chance", "lowest quarter", "lowest tenth", "the lower the likelier", "fallen and low")


@dataclass(frozen=True)
class Told:
    """What was said of many draws, as shares of 1. `standardised` is kept for pooling."""

    draws: int
    schools: int
    coverage: float
    better: float
    worse: float
    rose: float
    naive_better: float
    plain_better: float
    plain_coverage: float
    standardised: Floats


def judged(every: Sequence[Series], how: str, draws: int, chance: np.random.Generator, effect: float = 0.0) -> Told:
    """Draws schools, adds an effect (in standard deviations between schools) to their years after, and judges each by the rules."""
    share, said, schools = -(-draws // len(every)), [], set()
    for number, series in enumerate(every):
        drawn = chance.choice(len(series.before), size=share, p=chosen(series, how))
        schools |= {(number, int(school)) for school in drawn}
        said += [judge_one(series, int(school), effect * series.spread) for school in drawn]
    coverage, better, worse, change, naive, plain, plain_coverage, standardised = np.array(said[:draws]).T
    return Told(
        draws, len(schools), coverage.mean(), better.mean(), worse.mean(), (change > 0).mean(), naive.mean(), plain.mean(),
        plain_coverage.mean(), standardised,
    )  # fmt: skip


def judge_one(series: Series, school: int, effect: float = 0.0) -> tuple[float, ...]:
    """One school judged: covered, better, worse; its change; better by the naive way, by the plain difference, and whether that covered."""
    spread = OUTCOMES[series.asked.outcome].spread
    among = np.concatenate([[school], series.alike[school]])
    before, after = series.before[among], series.after[among].copy()
    after[0] += effect
    sums = weigh(before, after, series.few_before[among], series.few_after[among], spread=spread)
    if sums is None:
        sys.exit("a school’s comparators leave no line: this set cannot be measured")
    beyond, changes = sums.p <= MOST_P, (after - before)[1:]
    half = student(len(changes) - 1) * changes.std(ddof=1) * np.sqrt(1 + 1 / len(changes))
    return (
        sums.low <= effect <= sums.high, beyond and sums.low > 0, beyond and sums.high < 0, sums.change,
        sums.change > Z_95 * np.sqrt(_by_pupils(series, school, spread)), sums.plain_difference > half,
        abs(sums.plain_difference - effect) <= half, sums.difference / sums.standard_error,
    )  # fmt: skip


def _by_pupils(series: Series, school: int, spread: float | None) -> float:
    """The variance that single pupils make of a school's own change."""
    share = min(max(float(series.before[school] + series.after[school]) / 2, 0.0), 100.0)
    single = share * (100 - share) if spread is None else spread * spread
    return float(single * (series.few_before[school] + series.few_after[school]))


def pools(standardised: Floats, size: int, chance: np.random.Generator, times: int = 1000) -> float:
    """The share of pools of `size` packages that are called better than expected."""
    found = 0
    for _ in range(times):
        values = chance.choice(standardised, size=size, replace=False)
        each = [PackageEffect(str(place), Verdict.WITHIN_CHANCE, float(value)) for place, value in enumerate(values)]
        found += pooled(each).verdict is Verdict.BETTER
    return found / times


HEAD = (
    "chosen", "drawn", "95 % interval covers", "better", "worse", "naive: rose", "naive: better", "plain d-in-d: better", "plain covers",
    "8 pooled: better",
)  # fmt: skip


def report(folder: Path, draws: int, seed: int) -> None:
    """Prints every table."""
    for place, (name, asked) in enumerate(ASKED.items()):
        every = [read(folder, each) for each in asked]
        chance = np.random.default_rng([seed, place])
        print(f"\n{name}: {len(every[0].before):,} schools, {asked[0].comparators} comparators each, {draws:,} draws\n")
        print(f"| {' | '.join(HEAD)} |\n| --- |{' ---: |' * (len(HEAD) - 1)}")
        for how in HOW if all(len(each.before) > 1 for each in asked) else HOW[:-1]:
            print(_line(how, judged(every, how, draws, chance), chance))
        _power(every, draws, chance)


def _line(how: str, told: Told, chance: np.random.Generator) -> str:
    shares = (told.coverage, told.better, told.worse, told.rose, told.naive_better, told.plain_better, told.plain_coverage)
    cells = [f"{100 * share:.1f} %" for share in (*shares, pools(told.standardised, 8, chance))]
    return f"| {how} | {told.schools:,} | {' | '.join(cells)} |"


def _power(every: Sequence[Series], draws: int, chance: np.random.Generator) -> None:
    """What is seen of a true effect of half a standard deviation between schools, and of a whole one, in schools of the lowest quarter."""
    for size in (0.5, 1.0):
        told = judged(every, "lowest quarter", draws, chance, size)
        many = ", ".join(f"of {of} pooled {100 * pools(told.standardised, of, chance):.0f} %" for of in (8, 20))
        points = f" ({size * every[0].spread:.2f})" if len(every) == 1 else ""
        print(f"\nA true effect of {size:g} standard deviation{points} is seen in {100 * told.better:.1f} % of single packages, {many}.")


def main(argv: Sequence[str] | None = None) -> None:
    """Reads the folder and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default="../shared/data", type=Path)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args(argv)
    if not (asked.folder / "converted").is_dir():
        sys.exit(f"There are no published files in {asked.folder}: give the folder that holds them.")
    report(asked.folder, asked.draws, asked.seed)


if __name__ == "__main__":
    main()
