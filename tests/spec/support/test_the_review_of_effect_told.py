"""The review of effect.

Schools are supported when they are low, and schools that are low in one year stand higher in the next with nobody's help. So what came is
never held against what was, only against what was to be expected. What is compared is fixed before support begins: the outcome, the most
similar schools, the years before. Five verdicts are given and no other, and none of them says that support was the reason. No effect is a
result.

In these examples twenty similar schools stand beside the school. Before, ten of them had 40 % and ten 60 %; after, those with 40 % had 51 %
or 59 %, half of them each, and those with 60 % had 61 % or 69 %. So their means are 50 % and 60 %; a gap of 20 points before is one of 10
after, and half of a gap lasts: r is 0.5. Each lies four points off what its own past led to expect.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from convenor.support.rules.effect import Line, judge
from convenor.support.rules.effect_years import years_of
from convenor.support.rules.outcomes import outcome_called
from convenor.support.rules.pooled import PackageEffect, pooled
from convenor.support.rules.states import Verdict
from tests.spec.telling import day, table
from tests.unit.support.effect_cases import AFTER, BEFORE, case, comparators, line

MEASURE = {
    "reading, writing and maths at 11": "ks2_rwm_expected",
    "Progress 8": "ks4_progress8",
    "Attainment 8": "ks4_attainment8",
    "maths progress at 11": "ks2_maths_progress",
    "persistent absence": "absence_persistent",
}


def number(text: str) -> float:
    """A figure as it is written."""
    return float(text.removesuffix(" %"))


def test_what_came_is_held_against_what_was_to_be_expected() -> None:
    """What came is held against what was to be expected.

    Expected is the similar schools' mean after, plus r times the gap before. A plain look at before and after would praise every one of
    these schools but the last. The 95 % interval is that of one school about the line of the others, 9.9 points to either side and more the
    further it stood from them.
    """
    rows = table("""
        | before | gap | expected | came | before and after alone | difference | verdict              |
        | 30 %   | -20 | 50 %     | 52 % | +22                    | +2         | within chance        |
        | 30 %   | -20 | 50 %     | 58 % | +28                    | +8         | within chance        |
        | 30 %   | -20 | 50 %     | 75 % | +45                    | +25        | better than expected |
        | 30 %   | -20 | 50 %     | 35 % | +5                     | -15        | worse than expected  |
        | 50 %   | 0   | 60 %     | 66 % | +16                    | +6         | within chance        |
        | 70 %   | 20  | 70 %     | 66 % | -4                     | -4         | within chance        |
    """)
    for row in rows:
        found = judge(case(before=number(row["before"]), after=number(row["came"])))
        sums = found.sums
        assert sums is not None
        assert (sums.gap_before, sums.r, sums.expected) == pytest.approx((number(row["gap"]), 0.5, number(row["expected"])))
        assert (sums.change, sums.difference) == pytest.approx((number(row["before and after alone"]), number(row["difference"])))
        assert found.verdict.value == row["verdict"]


def test_a_small_school_swings_more() -> None:
    """A school with fewer pupils than the others has a wider interval.

    Single pupils make part of the spread, and the fewer there are the more each of them weighs. The same difference that stands out in a
    school of thirty pupils a year may be chance in one of twelve.
    """
    rows = table("""
        | pupils a year | came | verdict              |
        | 30            | 63 % | better than expected |
        | 12            | 63 % | within chance        |
        | 10            | 63 % | not measurable       |
    """)
    for row in rows:
        school = line("100000", {BEFORE: 30.0, AFTER: number(row["came"])}, int(row["pupils a year"]))
        asked = case(school=school, comparators=comparators(40))
        assert judge(asked).verdict.value == row["verdict"]


def test_so_many_similar_schools_are_needed() -> None:
    """Nineteen similar schools are the fewest.

    Each of them is taken in turn as if it had been supported, and all are ranked. Standing out most among twenty happens by chance once in
    twenty times, and with fewer it means less: p is never below one over their number and the school itself.
    """
    rows = table("""
        | similar schools | smallest p | came | verdict              |
        | 40              | 0.024      | 90 % | better than expected |
        | 20              | 0.048      | 90 % | better than expected |
        | 19              | 0.050      | 90 % | better than expected |
        | 18              | 0.053      | 90 % | not measurable       |
        | 5               | 0.167      | 90 % | not measurable       |
    """)
    for row in rows:
        found = judge(case(after=number(row["came"]), comparators=comparators(int(row["similar schools"]))))
        assert found.sums is not None
        assert (found.sums.rank, round(found.sums.p, 3)) == (1, float(row["smallest p"]))
        assert found.verdict.value == row["verdict"]


def test_which_years_count() -> None:
    """Which years count as before and which as after.

    Before are the latest three years whose tests were sat before support began. The first year after is the first full one: a package that
    begins in September has that year. A package that ended counts to the year after its end.
    """
    rows = table("""
        | began           | ended           | before                    | neither | after                     |
        | 1 September 2025 |                 | 2022-23, 2023-24, 2024-25 |         | 2025-26, 2026-27, 2027-28 |
        | 12 October 2026 |                 | 2023-24, 2024-25, 2025-26 | 2026-27 | 2027-28, 2028-29, 2029-30 |
        | 12 October 2026 | 28 May 2027     | 2023-24, 2024-25, 2025-26 | 2026-27 | 2027-28                   |
        | 10 June 2026    |                 | 2023-24, 2024-25, 2025-26 |         | 2026-27, 2027-28, 2028-29 |
        | 1 September 2017 |                 | 2015-16, 2016-17          |         | 2017-18, 2018-19          |
    """)
    outcome = outcome_called("ks2_rwm_expected")
    assert outcome is not None
    for row in rows:
        years = years_of(outcome, day(row["began"]), day(row["ended"]) if row["ended"] else None)
        told = {name: ", ".join(each.label for each in getattr(years, name)) for name in ("before", "neither", "after")}
        assert told == {name: row[name] for name in told}


def test_a_break_stops_a_comparison() -> None:
    """A break in the measure stops a comparison.

    Nothing is compared across the two years without results, nor where the points, the codes or the starting points changed; and
    inspections are never compared at all.
    """
    rows = table("""
        | outcome | began | verdict | because |
        | reading, writing and maths at 11 | 1 September 2019 | not measurable | no results were published for 2019-20 and 2020-21 |
        | reading, writing and maths at 11 | 1 September 2021 | not measurable | no results were published for 2019-20 and 2020-21 |
        | Progress 8 | 1 September 2024 | not measurable | there is no Progress 8 for 2024-25 and 2025-26 |
        | maths progress at 11 | 1 September 2023 | not measurable | there is no primary progress for 2023-24 and 2024-25 |
        | Attainment 8 | 1 September 2016 | not measurable | grades 9 to 1 replaced letters in English and maths in 2016-17 |
        | persistent absence | 1 September 2024 | not measurable | attendance has been recorded under other codes since August 2024 |
    """)
    for row in rows:
        outcome = outcome_called(MEASURE[row["outcome"]])
        assert outcome is not None
        found = judge(case(outcome=outcome, started_on=day(row["began"]), today=date(2029, 1, 1)))
        assert found.verdict.value == row["verdict"]
        assert found.why.count(row["because"]) == 1


def test_when_it_is_too_early() -> None:
    """Two terms on it is too early.

    A verdict waits until the figures of the first full year are out: for tests at eleven, usually by 15 December.
    """
    rows = table("""
        | asked on         | verdict       |
        | 1 March 2018     | too early     |
        | 14 December 2018 | too early     |
        | 15 December 2018 | within chance |
    """)
    for row in rows:
        assert judge(case(today=day(row["asked on"]))).verdict.value == row["verdict"]


def test_what_becomes_of_a_school_that_changes() -> None:
    """A school that converts is one school; one that closed or merged is not measurable.

    A figure that is withheld is never taken for nought, and none is put in its place.
    """
    rows = table("""
        | what happened                        | its figure after | verdict        |
        | nothing                              | 52 %             | within chance  |
        | it became an academy                 | 52 %             | within chance  |
        | its figure was withheld              |                  | not measurable |
        | it closed                            |                  | not measurable |
        | it was merged into another           | 52 %             | not measurable |
    """)
    for row in rows:
        after = number(row["its figure after"]) if row["its figure after"] else None
        school: Line = line("100000", {BEFORE: 30.0, AFTER: after})
        school = replace(school, unbroken=row["what happened"] != "it was merged into another")
        assert judge(case(school=school)).verdict.value == row["verdict"]


def test_packages_together() -> None:
    """Packages are looked at together from eight up, stopped ones among them.

    Each brings its difference in its own standard errors. If support changed nothing, each would lie above or below by the toss of a coin;
    every way in which the signs could fall is counted. A package that stopped counts as it stands: without the bad ones any support looks
    good.
    """
    rows = table("""
        | packages, in standard errors (s: stopped) | verdict              |
        | 1, 2, 3, 1, 2, 3, 1                       | not measurable       |
        | 1, 2, 3, 1, 2, 3, 1, 2                    | better than expected |
        | 1, 2, 3, 1, 2, 3, 1, -4s                  | within chance        |
        | 1, -1, 2, -2, 1, -1, 2, -2                | within chance        |
        | -1, -2, -3, -1, -2s, -3, -1, -2           | worse than expected  |
    """)
    for row in rows:
        given = row["packages, in standard errors (s: stopped)"].split(", ")
        found = pooled(
            PackageEffect(str(place), Verdict.WITHIN_CHANCE, number(each.removesuffix("s")), each.endswith("s"))
            for place, each in enumerate(given)
        )
        assert found.verdict.value == row["verdict"]
        assert found.stopped == sum(each.endswith("s") for each in given)
