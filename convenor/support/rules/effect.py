"""What can be said of the effect of a package of support. Only five verdicts are ever given, and none says that support caused anything.

* *too early*: no full school year of support has published figures yet.
* *not measurable*: the figures that are needed do not exist, are withheld, are of too few pupils, or may not be compared; or there are
  fewer than 19 comparators with figures in the same years, so that p could not reach 0.05.
* *better than expected*: the difference from what was expected without support is for the better, its whole 95 % interval lies on that side
  of nought, and its placebo p is at most 0.05.
* *worse than expected*: the same for the worse.
* *within chance*: anything else. It does not say that nothing came of the support: a single school's figures seldom can show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Final

import numpy as np

from convenor.england.school_years import SchoolYear
from convenor.support.rules.effect_sums import Sums, weigh
from convenor.support.rules.effect_years import Years, check_days, said, years_of
from convenor.support.rules.outcomes import Outcome
from convenor.support.rules.refusals import Conflict
from convenor.support.rules.states import Verdict

#: With fewer comparators p cannot reach 0.05: 1 / (18 + 1) is more.
FEWEST_COMPARATORS: Final = 19
#: A year with fewer pupils than this is not used: one pupil would be nine percentage points or more.
FEWEST_PUPILS: Final = 11
#: The placebo p that a verdict other than "within chance" needs.
MOST_P: Final = 0.05
#: The conditions of each verdict, as a page says them.
CONDITIONS: Final[dict[Verdict, str]] = {
    Verdict.TOO_EARLY: "No full school year of support has published figures yet.",
    Verdict.NOT_MEASURABLE: (
        "The figures needed do not exist, are withheld, are of fewer than 11 pupils a year, or may not be compared across a break in the "
        "measure; or fewer than 19 comparators have figures in the same years."
    ),
    Verdict.WITHIN_CHANCE: (
        "What came lies within what happens to comparable schools without support. It does not show that the support did nothing."
    ),
    Verdict.BETTER: (
        "The difference from what was expected is for the better, its whole 95 % interval lies on that side of nought, and at most one in "
        "twenty comparable schools stood out as much. It does not show that the support was the reason."
    ),
    Verdict.WORSE: (
        "The difference from what was expected is for the worse, its whole 95 % interval lies on that side of nought, and at most one in "
        "twenty comparable schools stood out as much. It does not show that the support was the reason."
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: its value with cohort and the ends of its 95 % interval, or `mark` in words where it is withheld."""

    value: float | None
    low: float | None = None
    high: float | None = None
    cohort: int | None = None
    mark: str = ""
    edition: str = ""

    @property
    def counts(self) -> bool:
        """Whether it may be compared: a figure of enough pupils."""
        return self.value is not None and (self.cohort is None or self.cohort >= FEWEST_PUPILS)


@dataclass(frozen=True, slots=True)
class Line:
    """One school with its figures by school year, as 2017-18. `note`: in words, where it closed, converted or came of another.

    `unbroken` False: it merged or was split, so that its figures before and after are not of one school.
    """

    urn: str
    name: str
    figures: Mapping[str, Figure]
    distance: float | None = None
    note: str = ""
    unbroken: bool = True

    def of(self, year: SchoolYear) -> Figure | None:
        """Its figure of a school year."""
        return self.figures.get(year.label)


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked: the school, since when it was supported, by which outcome, beside which schools, and on which day."""

    outcome: Outcome
    started_on: date
    ended_on: date | None
    today: date
    school: Line
    comparators: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparator: whether it was used, and why not; its means before and after."""

    line: Line
    rank: int
    used: bool
    why_not: str = ""
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class YearSeen:
    """One year as it is drawn: the school's figure, what the year counts as, and the comparators' mean and spread (standard deviation).

    `break_before`: why it is not to be compared with the year before it, where that is so.
    """

    year: SchoolYear
    role: str
    figure: Figure | None
    comparators: int
    mean: float | None
    spread: float | None
    break_before: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is said. `sums` is None where there is nothing to reckon with. `before` and `after` are the years that were used."""

    case: Case
    verdict: Verdict
    why: str
    years: Years
    before: tuple[SchoolYear, ...]
    after: tuple[SchoolYear, ...]
    series: tuple[YearSeen, ...]
    comparators: tuple[Compared, ...]
    sums: Sums | None = None
    notes: tuple[str, ...] = field(default=())


def check_comparators(urn: str, comparators: Sequence[str], same_school: Sequence[str] = ()) -> None:
    """Refuses a set that holds a school twice, or the school itself (under an earlier or later number too). Raises Conflict."""
    twice = sorted({each for each in comparators if comparators.count(each) > 1})
    if twice:
        raise Conflict(f"{_list(twice)} stands among the comparators more than once. Name each school once.")
    own = [each for each in comparators if each == urn or each in same_school]
    if own:
        other = "" if own[0] == urn else f" ({own[0]} is an earlier or later number of {urn})"
        raise Conflict(f"The school cannot be compared with itself{other}. Take it out of the comparators.")


def _list(urns: Sequence[str]) -> str:
    return urns[0] if len(urns) == 1 else f"{', '.join(urns[:-1])} and {urns[-1]}"


def judge(case: Case) -> Answer:
    """What can be said on a day. Raises WrongDay and Conflict for a case that cannot be asked."""
    check_days(case.started_on, case.ended_on, case.today)
    check_comparators(case.school.urn, [each.urn for each in case.comparators])
    years = years_of(case.outcome, case.started_on, case.ended_on)
    before = tuple(each for each in years.before if _counts(case.school, each))
    out = tuple(each for each in years.after if case.outcome.published_on(each) <= case.today)
    after = tuple(each for each in out if _counts(case.school, each))
    before, after, dropped = _shared_years(case, before, after)
    compared = _compared(case, before, after)
    series = _series(case, years)
    notes = tuple(each for each in (case.school.note, *dropped, case.outcome.caution_between(before, after)) if each)
    blocked = _blocked(case, years, before, out, after)
    if blocked is not None:
        return Answer(case, *blocked, years, before, after, series, compared, None, notes)
    used = [each for each in compared if each.used]
    sums = _sums(case, before, after, [each.line for each in used])
    verdict, why = _verdict(case, sums, len(used))
    return Answer(case, verdict, why, years, before, after, series, compared, sums, notes)


def _shared_years(
    case: Case, before: tuple[SchoolYear, ...], after: tuple[SchoolYear, ...]
) -> tuple[tuple[SchoolYear, ...], tuple[SchoolYear, ...], list[str]]:
    """The years that the school has in common with enough comparators, and in words which were given up for that.

    A year of which only few comparators have a figure (a file of one area, say) is given up, the rarest first, as long as fewer than 19
    have all, and one year stays on either side.
    """
    dropped: list[str] = []
    if len(case.comparators) < FEWEST_COMPARATORS:
        return before, after, dropped
    while sum(all(_counts(line, year) for year in (*before, *after)) for line in case.comparators) < FEWEST_COMPARATORS:
        spare = [year for side in (before, after) if len(side) > 1 for year in side]
        rarest = min(spare, key=lambda year: sum(_counts(line, year) for line in case.comparators), default=None)
        if rarest is None:
            break
        have = sum(_counts(line, rarest) for line in case.comparators)
        dropped.append(f"{rarest} is not used: {have} of {len(case.comparators)} comparators have a figure of it.")
        before, after = (tuple(year for year in side if year != rarest) for side in (before, after))
    return before, after, dropped


def _counts(line: Line, year: SchoolYear) -> bool:
    figure = line.of(year)
    return figure is not None and figure.counts


def _blocked(
    case: Case, years: Years, before: Sequence[SchoolYear], out: Sequence[SchoolYear], after: Sequence[SchoolYear]
) -> tuple[Verdict, str] | None:
    """What keeps a case from being reckoned, with the reason; None where nothing does."""
    if years.why:
        return Verdict.NOT_MEASURABLE, years.why
    if not case.school.unbroken:
        return Verdict.NOT_MEASURABLE, f"{case.school.note} Its figures before and after are not of one school."
    if not before:
        return Verdict.NOT_MEASURABLE, f"There is no figure of the school to begin from: {_missing(case.school, years.before)}."
    if not out:
        first = years.after[0]
        when = said(case.outcome.published_on(first))
        return Verdict.TOO_EARLY, f"The first full school year of support is {first}. Its figures are usually out by {when}."
    if not after:
        closed = f"{case.school.note} " if case.school.note else ""
        return Verdict.NOT_MEASURABLE, f"{closed}There is no figure of the school since support began: {_missing(case.school, out)}."
    return None


def _missing(line: Line, years: Sequence[SchoolYear]) -> str:
    """Why there is no figure of each of the years."""
    told = []
    for year in years:
        figure = line.of(year)
        if figure is None:
            told.append(f"no loaded edition tells of {year}")
        elif figure.value is None:
            told.append(f"{year} {figure.mark or 'not known'}")
        else:
            told.append(f"{year} only {figure.cohort} pupils")
    return "; ".join(told)


def _compared(case: Case, before: Sequence[SchoolYear], after: Sequence[SchoolYear]) -> tuple[Compared, ...]:
    """The comparators in the order given; used are those that have a figure in every year that is used."""
    found = []
    for rank, line in enumerate(case.comparators, start=1):
        lacking = [year for year in (*before, *after) if not _counts(line, year)]
        if not line.unbroken:
            found.append(Compared(line, rank, False, line.note))
        elif lacking:
            found.append(Compared(line, rank, False, f"{line.note} {_missing(line, lacking)}".strip()))
        else:
            found.append(Compared(line, rank, True, "", _mean(line, before), _mean(line, after)))
    return tuple(found)


def _mean(line: Line, years: Sequence[SchoolYear]) -> float | None:
    """The plain mean of the years' figures; None where there is no year."""
    values = [figure.value for year in years if (figure := line.of(year)) is not None and figure.value is not None]
    return sum(values) / len(values) if values else None


def _sums(case: Case, before: Sequence[SchoolYear], after: Sequence[SchoolYear], used: Sequence[Line]) -> Sums | None:
    lines = [case.school, *used]
    means = [np.array([_mean(line, years) for line in lines], dtype=float) for years in (before, after)]
    pupils = [np.array([_one_over(line, years) for line in lines], dtype=float) for years in (before, after)]
    if not case.outcome.counts_pupils:
        return weigh(means[0], means[1])
    return weigh(means[0], means[1], pupils[0], pupils[1], spread=case.outcome.spread)


def _one_over(line: Line, years: Sequence[SchoolYear]) -> float:
    """The mean of one over the number of pupils, divided by the number of years; a year whose number is not known has the middle one of the
    others. nan where none is known."""
    known = [figure.cohort for figure in line.figures.values() if figure.cohort]
    if not known:
        return float("nan")
    cohorts = [figure.cohort or median(known) for year in years if (figure := line.of(year)) is not None]
    return sum(1 / each for each in cohorts) / len(cohorts) ** 2


def _verdict(case: Case, sums: Sums | None, used: int) -> tuple[Verdict, str]:
    """The verdict on what was reckoned."""
    if used < FEWEST_COMPARATORS:
        least = f"p could not fall below {1 / (used + 1):.2f}" if used else "there is nothing to compare with"
        return Verdict.NOT_MEASURABLE, (
            f"{used} of {len(case.comparators)} comparators {'has' if used == 1 else 'have'} figures in the same years, and at least "
            f"{FEWEST_COMPARATORS} are needed: {least}."
        )
    if sums is None:
        return Verdict.NOT_MEASURABLE, "The comparators’ figures do not differ, so that what is usual cannot be told from them."
    way = case.outcome.better
    if sums.p <= MOST_P and min(way * sums.low, way * sums.high) > 0:
        return Verdict.BETTER, _said(case, sums, "better")
    if sums.p <= MOST_P and max(way * sums.low, way * sums.high) < 0:
        return Verdict.WORSE, _said(case, sums, "worse")
    return Verdict.WITHIN_CHANCE, _said(case, sums, "")


def _said(case: Case, sums: Sums, which: str) -> str:
    """The reason in one sentence."""
    decimals = max(case.outcome.measure.decimals, 1)
    place = f"placebo rank {sums.rank} of {sums.comparators + 1}, p = {sums.p:.3f}"
    between = f"{_number(sums.difference, decimals)} (95 % interval {_number(sums.low, decimals)} to {_number(sums.high, decimals)})"
    stood = f"{which} than" if which else "against"
    return f"{sums.after:.{decimals}f} {stood} an expected {sums.expected:.{decimals}f}: a difference of {between}; {place}."


def _number(value: float, decimals: int) -> str:
    """A change with its sign, as people write it."""
    return f"{value:+.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def _series(case: Case, years: Years) -> tuple[YearSeen, ...]:
    """Every year from the first to the last that any of the schools has, or that is before; and the first after, figure or not."""
    known = {label for line in (case.school, *case.comparators) for label, figure in line.figures.items() if figure.value is not None}
    starts = {int(label[:4]) for label in known} | {year.start_year for year in (*years.before, *years.after[:1])}
    seen = []
    for year in (SchoolYear(start) for start in range(min(starts), max(starts) + 1)) if starts else ():
        values = [figure.value for line in case.comparators if (figure := line.of(year)) is not None and figure.value is not None]
        mean = sum(values) / len(values) if values else None
        spread = float(np.std(values, ddof=1)) if len(values) > 1 else None
        broken = case.outcome.break_before(year) if year.start_year > min(starts) else ""
        seen.append(YearSeen(year, years.role(year), case.school.of(year), len(values), mean, spread, broken))
    return tuple(seen)
