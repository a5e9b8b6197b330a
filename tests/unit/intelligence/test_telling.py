"""Every computed indicator over a small England: what is flagged, what is not, and what cannot be told and why."""

import math
from dataclasses import replace

import numpy as np
import pytest

from convenor.england.marks import Mark
from convenor.intelligence.rules.cohorts import cohorts_of
from convenor.intelligence.rules.population import Population
from convenor.intelligence.rules.telling import below_similar, beyond_worst, fell_behind, rolls, tell_all
from convenor.intelligence.rules.told import Told, Why, is_silent, years_before
from convenor.registers.rules.columns import MARKS, empty
from tests.unit.intelligence.england import MANY, OURS, column, england, without_similar

RWM = "ks2_rwm_expected"
MARKED = {mark: Why.MARKED + MARKS.index(mark.value) for mark in Mark}


def ours(told: Told) -> tuple[int, int]:
    return int(told.why[OURS]), int(told.level[OURS])


def attainment(everyone: Population, code: str = "ATT") -> Told:
    return below_similar(code, everyone, [], [])


@pytest.mark.parametrize(
    ("value", "pupils", "why", "level"),
    [
        (40.0, 60.0, Why.BELOW_SIMILAR, 2),
        (50.0, 60.0, Why.NOT_BELOW_SIMILAR, 0),  # below, but within chance
        (70.0, 60.0, Why.NOT_BELOW_SIMILAR, 0),
        (40.0, 15.0, Why.NOT_BELOW_SIMILAR, 0),  # the same share of fewer pupils
        (40.0, 5.0, Why.TOO_FEW, 0),
        (40.0, 8.0, Why.TOO_FEW_ALONE, 0),
    ],
)
def test_attainment_is_flagged_only_beyond_chance(value: float, pupils: float, why: Why, level: int) -> None:
    told = attainment(england({(RWM, "2022-23"): column(60, value, our_cohort=pupils)}))
    assert ours(told) == (why, level)


def test_attainment_of_small_schools_is_pooled() -> None:
    years = {(RWM, year): column(60, value, our_cohort=9) for year, value in (("2020-21", 30), ("2021-22", 30), ("2022-23", 30))}
    told = attainment(england(years))
    assert (ours(told), told.cohort[OURS], told.years[OURS]) == ((Why.BELOW_SIMILAR, 2), 27.0, 7)


def test_year_without_national_figures_is_refused() -> None:
    told = attainment(england({(RWM, "2022-23"): column(60, 20, of=40)}))
    assert (ours(told), told.other[OURS], told.periods[told.period[OURS]]) == ((Why.NO_NATIONAL, 0), 41.0, "2022-23")
    assert math.isnan(told.value[OURS])


def test_newest_year_with_national_figures_is_used() -> None:
    told = attainment(england({(RWM, "2021-22"): column(60, 40), (RWM, "2022-23"): column(60, 20, of=40)}))
    assert (ours(told), told.periods[told.period[OURS]]) == ((Why.BELOW_SIMILAR, 2), "2021-22")


def test_figures_too_old_say_nothing() -> None:
    assert ours(attainment(england({(RWM, "2012-13"): column(60, 20)}))) == (Why.TOO_OLD, 0)


def test_nothing_loaded_is_said() -> None:
    assert ours(attainment(england({}))) == (Why.NOT_LOADED, 0)


def test_figures_of_invented_schools_alone_are_not_england() -> None:
    assert ours(attainment(england({(RWM, "2022-23"): column(None, 20)}, fictitious=True))) == (Why.NOT_LOADED, 0)


@pytest.mark.parametrize("mark", [Mark.SUPPRESSED, Mark.LOW_COVERAGE, Mark.NO_ENTRIES])
def test_withheld_figure_is_told_by_its_mark(mark: Mark) -> None:
    told = attainment(england({(RWM, "2021-22"): column(60, 70), (RWM, "2022-23"): column(60, mark=mark)}))
    assert (ours(told), math.isnan(told.value[OURS])) == ((MARKED[mark], 0), True)


def test_school_of_which_no_file_tells_is_said_so() -> None:
    assert ours(attainment(england({(RWM, "2022-23"): column(60)}))) == (Why.NO_FIGURE, 0)


def test_school_without_similar_schools_is_held_against_nobody() -> None:
    told = attainment(without_similar(england({(RWM, "2022-23"): column(60, 20)})))
    assert ours(told) == (Why.FEW_SIMILAR, 0)


def test_school_without_any_number_of_pupils_cannot_be_told_from_chance() -> None:
    everyone = replace(england({(RWM, "2022-23"): column(60, 20, cohort=None)}), year_groups=np.full(MANY + 1, np.nan))
    assert ours(attainment(everyone)) == (Why.NO_COHORT, 0)


def test_invented_school_is_in_nobodys_comparison() -> None:
    figures = {(RWM, "2022-23"): column(60, 0)}
    similar_to_ours = np.full((MANY + 1, 50), OURS, dtype=np.int32)
    real = attainment(replace(england(figures), similar=similar_to_ours))
    invented = attainment(replace(england(figures, fictitious=True), similar=similar_to_ours))
    assert (real.why[0], real.comparator[0], invented.why[0]) == (Why.NOT_BELOW_SIMILAR, 0.0, Why.FEW_SIMILAR)
    assert england(figures, fictitious=True).peers(RWM, "Primary").sum() == MANY


def test_estimated_cohorts_are_said_to_be_estimates() -> None:
    figures = {(RWM, "2022-23"): column(60, 40, cohort=None), ("pupils_on_roll", "2022-23"): column(420, 420)}
    told = attainment(england(figures))
    assert (ours(told), told.cohort[OURS], bool(told.estimated[OURS])) == ((Why.BELOW_SIMILAR, 2), 60.0, True)


@pytest.mark.parametrize(
    ("figures", "cohort", "estimated"),
    [
        ({("ks2_cohort", "2022-23"): column(30, 31)}, 31.0, False),
        ({("ks2_cohort", "2021-22"): column(30, 29)}, 29.0, True),
        ({("pupils_on_roll", "2023-24"): column(210, 215)}, 30.0, True),
        ({}, math.nan, False),
    ],
)
def test_cohort_comes_from_the_nearest_published_count(figures: dict[tuple[str, str], object], cohort: float, estimated: bool) -> None:
    everyone = england({(RWM, "2022-23"): column(60, 40, cohort=None), **figures})  # type: ignore[arg-type]
    found, flags = cohorts_of(everyone, RWM, "2022-23")
    assert (found[OURS], bool(flags[OURS])) == (pytest.approx(cohort, nan_ok=True), estimated)


def test_cohort_of_disadvantaged_pupils_is_their_share_of_the_year_group() -> None:
    everyone = england(
        {
            ("ks4_attainment8_disadvantaged", "2022-23"): column(36, 30, cohort=None),
            ("ks4_cohort", "2022-23"): column(180, 150),
            ("fsm_ever6_percent", "2022-23"): column(25, 21),
        },
        phase="Secondary",
    )
    found, flags = cohorts_of(everyone, "ks4_attainment8_disadvantaged", "2022-23")
    assert (found[OURS], bool(flags[OURS])) == (31.0, True)


def test_disadvantaged_pupils_are_told_as_attainment_is() -> None:
    told = attainment(england({("ks2_rwm_expected_disadvantaged", "2022-23"): column(45, 20, our_cohort=40)}), "DIS")
    assert ours(told) == (Why.BELOW_SIMILAR, 2)


def test_suppressed_disadvantaged_pupils_are_not_fine() -> None:
    told = attainment(england({("ks2_rwm_expected_disadvantaged", "2022-23"): column(45, mark=Mark.SUPPRESSED)}), "DIS")
    assert (ours(told), is_silent(int(told.why[OURS]))) == ((MARKED[Mark.SUPPRESSED], 0), True)


@pytest.mark.parametrize(
    ("similar", "value", "low", "high", "why", "against"),
    [
        (1.0, -2.0, -3.0, -1.0, Why.BELOW_SIMILAR, 0.0),  # England's average is the nearer bound
        (1.0, 0.5, 0.2, 0.8, Why.NOT_BELOW_SIMILAR, 0.0),  # below similar schools, above England
        (-2.0, -1.5, -2.5, -0.5, Why.NOT_BELOW_SIMILAR, -2.0),  # below England, not below similar schools
    ],
)
def test_progress_must_lie_below_both(similar: float, value: float, low: float, high: float, why: Why, against: float) -> None:
    told = attainment(england({("ks2_maths_progress", "2022-23"): column(similar, value, low=low, high=high)}), "PRG")
    assert (ours(told)[0], told.comparator[OURS]) == (why, against)


def test_published_interval_stands_for_a_single_year_only() -> None:
    one = {("ks2_maths_progress", "2022-23"): column(0, -2, our_cohort=20, low=-4.5, high=0.5)}
    more = one | {("ks2_maths_progress", "2021-22"): column(0, -2, our_cohort=20, low=-4.5, high=0.5)}
    alone, pooled = attainment(england(one), "PRG"), attainment(england(more), "PRG")
    assert (alone.high[OURS], round(float(pooled.high[OURS]), 2)) == (0.5, round(-2 + 1.959963984540054 * 5.6 / math.sqrt(40), 2))


@pytest.mark.parametrize(
    ("values", "pupils", "why"),
    [
        ((80.0, 65.0, 50.0), 60.0, Why.FELL_BEHIND),
        ((62.0, 61.0, 60.0), 60.0, Why.WITHIN_CHANCE),
        ((50.0, 60.0, 55.0), 60.0, Why.HELD_UP),
        ((80.0, 65.0, 50.0), 9.0, Why.TOO_FEW_ALONE),
        ((80.0, 65.0, 50.0), 5.0, Why.TOO_FEW),
    ],
)
def test_trend_needs_two_worse_years_and_more_than_chance(values: tuple[float, ...], pupils: float, why: Why) -> None:
    years = ("2020-21", "2021-22", "2022-23")
    told = fell_behind(
        england({(RWM, year): column(60, value, our_cohort=pupils) for year, value in zip(years, values, strict=True)}), [], []
    )
    assert (ours(told)[0], ours(told)[1]) == (why, 2 if why is Why.FELL_BEHIND else 0)


def test_trend_of_means_uses_the_stated_spread() -> None:
    figures = {
        ("ks4_attainment8", year): column(46, value, our_cohort=200) for year, value in (("2020-21", 52), ("2021-22", 48), ("2022-23", 42))
    }
    assert ours(fell_behind(england(figures, phase="Secondary"), [], [])) == (Why.FELL_BEHIND, 2)


def test_trend_needs_three_successive_national_years() -> None:
    figures = {(RWM, "2020-21"): column(60, 80), (RWM, "2022-23"): column(60, 50)}
    assert ours(fell_behind(england(figures), [], [])) == (Why.NO_THREE_YEARS, 0)


def test_trend_needs_the_schools_own_three_years() -> None:
    figures = {(RWM, "2020-21"): column(60), (RWM, "2021-22"): column(60, 65), (RWM, "2022-23"): column(60, 50)}
    assert ours(fell_behind(england(figures), [], [])) == (Why.NO_THREE_YEARS, 0)


def test_trend_without_figures_says_so() -> None:
    assert ours(fell_behind(england({}), [], [])) == (Why.NOT_LOADED, 0)


@pytest.mark.parametrize(
    ("value", "pupils", "why", "level"),
    [
        (40.0, 400.0, Why.BEYOND_WORST, 2),
        (26.0, 400.0, Why.NOT_BEYOND_WORST, 0),  # the point lies beyond, the interval does not
        (10.0, 400.0, Why.NOT_BEYOND_WORST, 0),
        (40.0, 8.0, Why.TOO_FEW_ALONE, 0),
        (60.0, 4.0, Why.TOO_FEW, 0),
    ],
)
def test_absence_needs_the_whole_interval_in_the_highest_fifth(value: float, pupils: float, why: Why, level: int) -> None:
    figures = {
        ("absence_persistent", "2022-23"): column(20, value, cohort=None, spread=5),
        ("pupils_on_roll", "2022-23"): column(400, pupils),
    }
    told = beyond_worst("PAB", england(figures), [], [])
    assert ours(told) == (why, level)


def test_absence_must_lie_beyond_similar_schools_too() -> None:
    figures = {("absence_overall", "2022-23"): column(8, 12, cohort=None, spread=6), ("pupils_on_roll", "2022-23"): column(400, 900)}
    low, high = england(figures), england(figures)
    high = replace(high, similar=np.tile(np.arange(70, 120, dtype=np.int32), (MANY + 1, 1)))
    national, similar = beyond_worst("ABS", low, [], []), beyond_worst("ABS", high, [], [])
    assert (national.other[OURS], similar.other[OURS]) == (-1.0, 50.0)
    assert (ours(national)[0], ours(similar)[0]) == (Why.NOT_BEYOND_WORST, Why.NOT_BEYOND_WORST)
    assert national.comparator[OURS] < similar.comparator[OURS]


def test_absence_without_a_roll_cannot_be_told_from_chance() -> None:
    told = beyond_worst("ABS", england({("absence_overall", "2022-23"): column(8, 30, cohort=None)}), [], [])
    assert ours(told) == (Why.NO_COHORT, 0)


def test_absence_without_similar_schools_is_held_against_nobody() -> None:
    figures = {("absence_overall", "2022-23"): column(8, 30, cohort=None), ("pupils_on_roll", "2022-23"): column(400, 400)}
    assert ours(beyond_worst("ABS", without_similar(england(figures)), [], [])) == (Why.FEW_SIMILAR, 0)


def test_severe_absence_that_nobody_has_loaded_is_said_so() -> None:
    assert ours(beyond_worst("SEV", england({}), [], [])) == (Why.NOT_LOADED, 0)


def test_movement_is_what_non_mobile_pupils_leave() -> None:
    figures = {("ks4_non_mobile_percent", "2022-23"): column(92, 60, our_cohort=150, spread=4)}
    told = beyond_worst("MOB", england(figures, phase="Secondary"), [], [])
    assert (ours(told), told.value[OURS]) == ((Why.BEYOND_WORST, 2), 40.0)


@pytest.mark.parametrize(
    ("rolls_by_year", "why", "value", "bits"),
    [
        ({"2022-23": 180, "2019-20": 210}, Why.ROLL_FELL, -14.29, 9),
        ({"2022-23": 190, "2019-20": 200, "2021-22": 230}, Why.ROLL_STANDS, -5.0, 9),  # the oldest of the three years counts
        ({"2022-23": 180, "2021-22": 200}, Why.ROLL_FELL, -10.0, 3),
        ({"2021-22": 180, "2019-20": 210}, Why.ROLL_FELL, -14.29, 5),  # a school's own newest year
        ({"2022-23": 180, "2017-18": 300}, Why.NO_EARLIER_ROLL, math.nan, 2),
        ({"2022-23": 5, "2021-22": 20}, Why.TOO_FEW, math.nan, 3),
    ],
)
def test_rolls_are_held_against_three_years_before(rolls_by_year: dict[str, int], why: Why, value: float, bits: int) -> None:
    told = rolls(england({("pupils_on_roll", year): column(200, number) for year, number in rolls_by_year.items()}), [], [])
    assert (ours(told)[0], round(float(told.value[OURS]), 2)) == (why, pytest.approx(value, nan_ok=True))
    if why in (Why.ROLL_FELL, Why.ROLL_STANDS):
        assert told.years[OURS] == bits


def test_rolls_that_nobody_has_loaded_are_said_so() -> None:
    assert (ours(rolls(england({}), [], [])), ours(rolls(england({("pupils_on_roll", "2022-23"): column(200)}), [], []))) == (
        (Why.NOT_LOADED, 0), (Why.NO_FIGURE, 0),
    )  # fmt: skip


def test_results_are_not_told_of_special_schools() -> None:
    told = tell_all(england({(RWM, "2022-23"): column(60, 20)}, phase="Special"), [], [])
    assert [code for code, each in told.items() if ours(each)[0] == Why.NOT_FOR_PHASE] == ["ATT", "PRG", "TRD", "DIS", "MOB"]


def test_all_through_schools_are_secondaries_at_key_stage_4() -> None:
    everyone = england({("ks4_attainment8", "2022-23"): column(46, 30, our_cohort=150)}, phase="Secondary")
    phases = everyone.phases.astype("<U16").copy()
    phases[OURS] = "All-through"
    assert ours(attainment(replace(everyone, phases=phases))) == (Why.BELOW_SIMILAR, 2)


def test_impossible_share_is_never_flagged() -> None:
    assert ours(attainment(england({(RWM, "2022-23"): column(60, -20)}))) == (Why.NO_COHORT, 0)


def test_column_of_which_no_edition_tells_is_empty() -> None:
    everyone = england({})
    assert everyone.column(RWM, "2022-23") is everyone.column("absence_overall", "1999-00")
    assert np.isnan(empty(3).value).all()


def test_years_before_run_back() -> None:
    assert years_before("2000-01", 3) == ("2000-01", "1999-00", "1998-99")
