"""What is said of an effect, and what keeps it from being said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from convenor.england.school_years import SchoolYear
from convenor.support.rules.effect import CONDITIONS, Figure, Line, check_comparators, judge
from convenor.support.rules.effect_years import first_after, years_of
from convenor.support.rules.outcomes import OUTCOMES
from convenor.support.rules.refusals import Conflict, WrongDay
from convenor.support.rules.states import Verdict
from tests.unit.support.effect_cases import AFTER, BEFORE, case, comparators, line

RWM, P8 = OUTCOMES["ks2_rwm_expected"], OUTCOMES["ks4_progress8"]


def test_a_difference_that_chance_may_make_is_within_chance() -> None:
    found = judge(case())
    assert found.verdict is Verdict.WITHIN_CHANCE
    assert found.why == (
        "52.0 against an expected 50.0: a difference of +2.0 (95 % interval \N{MINUS SIGN}8.4 to +12.4); placebo rank 21 of 21, p = 1.000."
    )


@pytest.mark.parametrize(
    ("after", "verdict", "word"), [(75.0, Verdict.BETTER, "better than an expected"), (25.0, Verdict.WORSE, "worse than an expected")]
)
def test_a_difference_beyond_chance_is_named_by_its_side(after: float, verdict: Verdict, word: str) -> None:
    found = judge(case(after=after))
    assert found.verdict is verdict
    assert word in found.why
    assert found.sums is not None
    assert (found.sums.rank, found.sums.p) == (1, 1 / 21)


def test_of_absence_less_is_better() -> None:
    asked = case(after=75.0, outcome=OUTCOMES["absence_overall"], started_on=date(2017, 9, 1), today=date(2019, 6, 1))
    assert judge(asked).verdict is Verdict.WORSE
    assert judge(replace(asked, school=line("100000", {BEFORE: 30.0, AFTER: 25.0}))).verdict is Verdict.BETTER


def test_a_wide_interval_needs_a_low_p_as_well() -> None:
    odd = tuple(line(f"{300000 + place}", {BEFORE: 40.0, AFTER: 51.0 + (60.0 if place < 2 else 0.0)}) for place in range(2))
    found = judge(case(after=75.0, comparators=(*comparators(18), *odd)))
    assert found.sums is not None
    assert found.sums.p > 0.05
    assert found.verdict is Verdict.WITHIN_CHANCE


def test_a_year_that_is_not_out_is_too_early() -> None:
    found = judge(case(today=date(2018, 11, 1)))
    assert found.verdict is Verdict.TOO_EARLY
    assert found.why == "The first full school year of support is 2017-18. Its figures are usually out by 15 December 2018."
    assert found.sums is None
    assert judge(case(today=date(2018, 12, 15))).verdict is Verdict.WITHIN_CHANCE


def test_a_break_in_the_measure_stops_a_comparison() -> None:
    found = judge(case(started_on=date(2019, 9, 1), today=date(2026, 1, 1)))
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == (
        "The first full school year of support is 2019-20, and no results were published for 2019-20 and 2020-21: tests and examinations "
        "were cancelled."
    )
    across = judge(case(started_on=date(2021, 9, 1), today=date(2026, 1, 1)))
    assert across.verdict is Verdict.NOT_MEASURABLE
    assert across.why == (
        "Nothing before the beginning can be compared with 2021-22: no results were published for 2019-20 and 2020-21: tests and "
        "examinations were cancelled."
    )


def test_progress_8_has_no_figure_of_two_years() -> None:
    found = judge(case(outcome=P8, started_on=date(2024, 9, 1), today=date(2026, 11, 1)))
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == (
        "The first full school year of support is 2024-25, and there is no Progress 8 for 2024-25 and 2025-26: those pupils took no tests "
        "at the age of eleven."
    )


def test_absence_under_other_codes_is_not_compared() -> None:
    found = judge(case(outcome=OUTCOMES["absence_persistent"], started_on=date(2024, 9, 2), today=date(2026, 6, 1)))
    assert found.why == (
        "Nothing before the beginning can be compared with 2024-25: attendance has been recorded under other codes since August 2024."
    )


def test_no_figure_to_begin_from_is_not_measurable() -> None:
    found = judge(case(before=None))
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == "There is no figure of the school to begin from: no loaded edition tells of 2015-16; 2016-17 suppressed."


def test_few_pupils_are_not_compared() -> None:
    few = line("100000", {BEFORE: 30.0, AFTER: 52.0}, 10)
    found = judge(case(school=few))
    assert found.why == "There is no figure of the school to begin from: no loaded edition tells of 2015-16; 2016-17 only 10 pupils."


def test_a_withheld_figure_since_is_not_measurable_and_never_nought() -> None:
    found = judge(case(after=None))
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == "There is no figure of the school since support began: 2017-18 suppressed."


def test_a_school_that_closed_is_said_to_have_closed() -> None:
    closed = line("100000", {BEFORE: 30.0}, note="The school closed on 31 August 2018.")
    found = judge(case(school=closed))
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == (
        "The school closed on 31 August 2018. There is no figure of the school since support began: no loaded edition tells of 2017-18."
    )
    assert found.notes == ("The school closed on 31 August 2018.",)


def test_a_school_that_merged_is_not_the_same_school() -> None:
    merged = line("100000", {BEFORE: 30.0, AFTER: 52.0}, note="The school was merged on 1 September 2017.", unbroken=False)
    found = judge(case(school=merged))
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == "The school was merged on 1 September 2017. Its figures before and after are not of one school."


def test_fewer_than_nineteen_comparators_decide_nothing() -> None:
    found = judge(case(after=75.0, comparators=comparators(18)))
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == "18 of 18 comparators have figures in the same years, and at least 19 are needed: p could not fall below 0.05."
    assert found.sums is not None, "the sums are shown all the same"


def test_one_comparator_or_none_is_said_in_words() -> None:
    assert judge(case(comparators=comparators(1))).why.startswith("1 of 1 comparators has figures")
    assert judge(case(comparators=())).why == (
        "0 of 0 comparators have figures in the same years, and at least 19 are needed: there is nothing to compare with."
    )


def test_comparators_without_a_year_are_left_out_and_said() -> None:
    lost = (line("300001", {BEFORE: 40.0}), line("300002", {BEFORE: 40.0, AFTER: None}, note="It closed on 1 May 2018."),
            line("300003", {BEFORE: 40.0, AFTER: 50.0}, note="It was merged.", unbroken=False))  # fmt: skip
    found = judge(case(comparators=(*comparators(), *lost)))
    assert found.sums is not None
    assert found.sums.comparators == 20
    assert [each.why_not for each in found.comparators if not each.used] == [
        "no loaded edition tells of 2017-18", "It closed on 1 May 2018. 2017-18 suppressed", "It was merged.",
    ]  # fmt: skip
    assert (found.comparators[0].before, found.comparators[0].after) == (40.0, 51.0)


def test_comparators_that_do_not_differ_measure_nothing() -> None:
    alike = tuple(line(f"{200000 + place}", {BEFORE: 50.0, AFTER: 60.0}) for place in range(20))
    found = judge(case(comparators=alike))
    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.why == "The comparators’ figures do not differ, so that what is usual cannot be told from them."


def test_comparators_twice_are_refused() -> None:
    with pytest.raises(Conflict, match="200000 and 200001 stands among the comparators more than once"):
        check_comparators("100000", ["200000", "200001", "200000", "200001"])


def test_the_school_itself_is_no_comparator() -> None:
    with pytest.raises(Conflict, match=r"The school cannot be compared with itself\. Take it out of the comparators\."):
        check_comparators("100000", ["200000", "100000"])
    with pytest.raises(Conflict, match=r"itself \(100009 is an earlier or later number of 100000\)"):
        check_comparators("100000", ["200000", "100009"], ["100009"])


def test_a_review_before_its_beginning_is_refused() -> None:
    with pytest.raises(WrongDay, match="The package begins on 1 September 2017, and the review would be of 31 August 2017"):
        judge(case(today=date(2017, 8, 31)))


def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(WrongDay, match="would end on 1 July 2017, before it began on 1 September 2017"):
        judge(case(ended_on=date(2017, 7, 1)))


@pytest.mark.parametrize(
    ("started", "first"),
    [(date(2017, 9, 1), 2017), (date(2017, 9, 30), 2017), (date(2017, 10, 1), 2018), (date(2018, 6, 1), 2018), (date(2017, 8, 31), 2017)],
)
def test_the_first_year_after_is_the_first_full_one(started: date, first: int) -> None:
    assert first_after(started) == SchoolYear(first)


def test_a_year_in_the_middle_of_which_support_began_counts_for_nothing() -> None:
    years = years_of(RWM, date(2017, 1, 10))
    assert [each.label for each in years.before] == ["2015-16"]
    assert [each.label for each in years.neither] == ["2016-17"]
    assert [each.label for each in years.after] == ["2017-18", "2018-19"], "2019-20 has no figures"
    assert [years.role(SchoolYear(year)) for year in (2014, 2015, 2016, 2017)] == ["", "before", "began", "after"]


def test_a_year_whose_tests_were_sat_before_is_before() -> None:
    assert [each.label for each in years_of(RWM, date(2017, 6, 10)).before] == ["2015-16", "2016-17"]


def test_three_years_count_at_most_and_one_after_the_end() -> None:
    years = years_of(RWM, date(2025, 9, 1))
    assert [each.label for each in years.before] == ["2022-23", "2023-24", "2024-25"]
    assert [each.label for each in years.after] == ["2025-26", "2026-27", "2027-28"]
    assert [each.label for each in years_of(RWM, date(2025, 9, 1), date(2025, 12, 1)).after] == ["2025-26", "2026-27"]
    assert [each.label for each in years_of(RWM, date(2025, 10, 15), date(2025, 11, 1)).after] == ["2026-27"]


def test_the_series_shows_every_year_with_its_breaks() -> None:
    school = line("100000", {"2015-16": 35.0, BEFORE: 30.0, AFTER: 52.0, "2022-23": 60.0})
    found = judge(case(school=school))
    assert [(each.year.label, each.role) for each in found.series] == [
        ("2015-16", "before"), ("2016-17", "before"), ("2017-18", "after"), ("2018-19", "after"), ("2019-20", ""), ("2020-21", ""),
        ("2021-22", ""), ("2022-23", ""),
    ]  # fmt: skip
    assert [each.year.label for each in found.series if each.break_before] == ["2019-20", "2021-22"]
    assert (found.series[1].mean, found.series[1].comparators) == (50.0, 20)
    assert found.series[1].spread == pytest.approx((2000 / 19) ** 0.5)
    assert (found.series[0].mean, found.series[0].spread, found.series[0].comparators) == (None, None, 0)
    assert [each.label for each in found.before] == ["2016-17"]
    assert found.notes == ("2015-16 is not used: 0 of 20 comparators have a figure of it.", RWM.caution)


def test_years_without_any_figure_are_drawn_too() -> None:
    found = judge(case(school=line("100000", {}), comparators=()))
    assert [each.year.label for each in found.series] == ["2015-16", "2016-17", "2017-18"]
    nothing = judge(case(school=line("100000", {}), comparators=(), outcome=P8, started_on=date(2024, 9, 1), today=date(2026, 1, 1)))
    assert nothing.series == ()


def test_unknown_numbers_of_pupils_are_no_bar() -> None:
    found = judge(case(school=line("100000", {BEFORE: 30.0, AFTER: 52.0}, None), comparators=comparators(cohort=None)))
    assert found.sums is not None
    assert (found.verdict, found.sums.widened) == (Verdict.WITHIN_CHANCE, 1.0)


def test_a_figure_counts_from_eleven_pupils() -> None:
    assert [Figure(50.0, cohort=pupils).counts for pupils in (10, 11, None)] == [False, True, True]
    assert not Figure(None, mark="suppressed").counts


def test_every_verdict_states_its_conditions() -> None:
    assert set(CONDITIONS) == set(Verdict)
    assert [words for words in CONDITIONS.values() if "caused" in words] == []


def test_a_year_that_few_comparators_have_is_given_up_and_said() -> None:
    more = case(school=line("100000", {BEFORE: 30.0, AFTER: 52.0, "2018-19": 90.0}), today=date(2020, 1, 1))
    few = tuple(
        replace(each, figures={**each.figures, **({"2018-19": Figure(60.0)} if place < 7 else {})})
        for place, each in enumerate(comparators())
    )
    found = judge(replace(more, comparators=few))
    assert found.notes == ("2018-19 is not used: 7 of 20 comparators have a figure of it.", RWM.caution)
    assert (found.verdict, [each.label for each in found.after]) == (Verdict.WITHIN_CHANCE, [AFTER])


def test_a_caution_stands_only_beside_years_that_need_it() -> None:
    assert judge(case()).notes == (RWM.caution,)
    assert RWM.caution_between([SchoolYear(2015)], [SchoolYear(2016)]) == ""
    assert RWM.caution_between([], [SchoolYear(2017)]) == ""
    assert OUTCOMES["ks4_attainment8"].caution_between([SchoolYear(2021)], [SchoolYear(2022)]).startswith("Grading was more generous")


def test_a_year_without_a_number_of_pupils_has_the_middle_of_the_others() -> None:
    def told(cohort: int | None) -> Line:
        figures = {BEFORE: Figure(30.0, cohort=24), AFTER: Figure(52.0, cohort=cohort)}
        return Line("100000", "School", figures)

    unknown, known = (judge(case(school=told(cohort))).sums for cohort in (None, 24))
    assert unknown == known
