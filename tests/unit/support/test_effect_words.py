"""An answer in words, in rows, as a picture, and as plain data; and a case as it is read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from convenor.support.rules import effect_words as words
from convenor.support.rules.effect import Figure, judge
from convenor.support.rules.effect_cases import CaseRefused, read_case
from convenor.support.rules.effect_picture import Picture, picture
from convenor.support.rules.effect_shape import never_shape, shape, too_early_shape
from convenor.support.rules.effect_studies import as_kept, fixed_over
from convenor.support.rules.outcomes import OUTCOMES
from convenor.support.rules.pooled import PackageEffect, pooled
from convenor.support.rules.states import Verdict
from tests.unit.support.effect_cases import AFTER, BEFORE, case, line

MINUS = "\N{MINUS SIGN}"
KEYS = (
    "verdict", "why", "series", "comparators", "expected_without_support", "difference_in_differences", "interval", "placebo_rank",
    "placebo_p",
)  # fmt: skip


def drawn(said: dict[str, Any], **size: float) -> Picture:
    found = picture(said, **size)
    assert found is not None
    return found


def test_shape_has_the_keys_that_other_programs_read_first() -> None:
    said = shape(judge(case()))
    assert tuple(said)[: len(KEYS)] == KEYS
    assert json.loads(json.dumps(said)) == said
    assert said["difference_in_differences"] == said["after"] - said["expected_without_support"]
    assert said["expected_without_support"] == pytest.approx(said["comparators_after"] + said["r"] * said["gap_before"])
    assert said["placebo_p"] == said["placebo_rank"] / said["placebo_of"]
    assert said["series"][1]["edition"] == "ks2"


@pytest.mark.parametrize(
    "said",
    [
        never_shape("100000", "inspection", "Never."),
        too_early_shape("100000", OUTCOMES["ks2_rwm_expected"], date(2026, 10, 1)),
        shape(judge(case(today=date(2018, 1, 1)))),
    ],
)
def test_an_answer_without_figures_has_the_same_keys(said: dict[str, Any]) -> None:
    assert set(KEYS) <= set(said)
    assert [said[key] for key in KEYS[4:]] == [None] * 5
    assert (words.sums(said), words.naive(said)) == ([], "")


def test_a_package_to_come_with_an_outcome_that_will_not_be_says_when_it_begins() -> None:
    said = too_early_shape("100000", OUTCOMES["ks4_progress8"], date(2024, 9, 1))
    assert said["why"] == "Support begins on 1 September 2024."


def test_sums_can_be_followed_line_by_line() -> None:
    assert words.sums(shape(judge(case()))) == [
        ("Before, 2016/17: the school", "30.0"),
        ("Before: 20 similar schools", "50.0"),
        ("The gap before", f"{MINUS}20.0"),
        ("How much of a gap lasts, r", "0.50, as among the similar schools themselves"),
        ("After, 2017/18: similar schools", "60.0"),
        ("Expected without support", f"60.0 {MINUS} 10.0 = 50.0"),
        ("After: the school", "52.0"),
        ("Difference from what was expected", f"+2.0 (95 % interval {MINUS}8.4 to +12.4)"),
        ("Placebo rank", "21st of 21: p = 1.000"),
    ]
    above = words.sums(shape(judge(case(before=70.0))))
    assert above[5] == ("Expected without support", "60.0 + 10.0 = 70.0")


def test_the_naive_figure_stands_beside_what_was_to_be_expected() -> None:
    assert words.naive(shape(judge(case()))) == (
        "Before and after alone say +22.0. Without support +20.0 was to be expected: similar schools changed by +10.0, and a school that "
        "stands apart in one year stands nearer in the next."
    )


def test_rows_say_what_a_year_counts_as_and_why_there_is_no_figure() -> None:
    school = line("100000", {BEFORE: 30.0, AFTER: None, "2022-23": 60.0})
    rows = words.rows(shape(judge(case(school=school, started_on=date(2017, 1, 10)))))
    assert [(row.period, row.role, row.value, row.mean, row.note) for row in rows[:3]] == [
        ("2015/16", "", "", "", "no loaded edition tells of it"),
        ("2016/17", "support began", "30.0", "50.0", ""),
        ("2017/18", "", "", "60.0", "suppressed"),
    ]
    assert rows[4].note == (
        "no loaded edition tells of it; not compared with the year before: no results were published for 2019-20 and 2020-21: tests and "
        "examinations were cancelled"
    )
    assert (rows[1].cohort, rows[0].cohort) == ("30", "")


def test_breaks_are_said_once_each() -> None:
    school = line("100000", {BEFORE: 30.0, AFTER: 52.0, "2022-23": 60.0})
    assert words.breaks(shape(judge(case(school=school)))) == [
        "Broken before 2019/20: no results were published for 2019-20 and 2020-21: tests and examinations were cancelled."
    ]


def test_comparators_are_written_as_people_write() -> None:
    others = (line("200000", {BEFORE: 40.0, AFTER: 51.0}, distance=0.5), line("200001", {BEFORE: 40.0}))
    said = shape(judge(case(comparators=others)))
    assert [(each["distance"], each["before"], each["after"]) for each in words.comparators(said)] == [
        ("0.50", "40.0", "51.0"),
        ("", "", ""),
    ]


@pytest.mark.parametrize(("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st")])
def test_places_are_said_in_words(number: int, said: str) -> None:
    assert words.ordinal(number) == said


def test_a_pool_of_few_says_not_even_how_many() -> None:
    few = pooled([PackageEffect("1", Verdict.BETTER, 3.0)])
    assert words.pool_said(few) == "Packages are counted together from 8 up that can be measured, and there are fewer."
    many = pooled(PackageEffect(str(key), Verdict.WITHIN_CHANCE, 1.0 + key) for key in range(8))
    assert words.pool_said(many) == many.why


def test_an_unknown_measure_has_one_decimal() -> None:
    said = shape(judge(case())) | {"outcome": {"key": "gone"}}
    assert words.sums(said)[0] == ("Before, 2016/17: the school", "30.0")


def test_the_picture_places_what_is_told() -> None:
    found = drawn(shape(judge(case())))
    assert [tick.text for tick in found.ticks] == ["30%", "40%", "50%", "60%", "70%"]
    assert [year.text for year in found.years] == ["15/16", "16/17", "17/18"]
    assert (len(found.dots), len(found.lines), len(found.bands), len(found.means)) == (2, 1, 1, 1)
    assert [dot.hollow for dot in found.dots] == [False, False]
    assert [dot.top for dot in found.dots] == [None, None], "no interval was given"
    assert found.expected is not None
    assert found.dots[1].y < found.expected[2], "52 stands above the expected 50"
    assert found.begins is not None
    assert found.dots[0].x < found.begins < found.dots[1].x
    assert found.says == ("2015-16: no figure; 2016-17: 30%; 2017-18: 52%; expected without support 50%.")


def test_a_break_is_drawn_as_one() -> None:
    school = line("100000", {"2014-15": 1.0, "2015-16": 40.0, "2016-17": 45.0, "2017-18": 46.0})
    asked = case(school=school, outcome=OUTCOMES["ks4_attainment8"], started_on=date(2017, 9, 1), today=date(2019, 3, 1))
    found = drawn(shape(judge(asked)))
    places = {year.text: year.x for year in found.years}
    assert found.breaks == pytest.approx(((places["14/15"] + places["15/16"]) / 2, (places["15/16"] + places["16/17"]) / 2), abs=0.1)
    assert len(found.lines) == 1, "two years of one meaning are joined, and no others"
    assert [dot.hollow for dot in found.dots] == [True, True, False, False]


def test_a_year_in_which_support_began_bears_its_line() -> None:
    figures = {"2015-16": 30.0, "2016-17": 35.0, "2017-18": 52.0}
    found = drawn(shape(judge(case(school=line("100000", figures), started_on=date(2017, 1, 10)))))
    assert found.begins == found.dots[1].x


def test_intervals_stand_above_and_below() -> None:
    asked = case()
    school = replace(asked.school, figures={BEFORE: Figure(30.0, 16.0, 48.0, 30), AFTER: Figure(52.0, 34.0, 69.0, 30)})
    found = drawn(shape(judge(replace(asked, school=school))))
    dot = found.dots[0]
    assert dot.top is not None
    assert dot.bottom is not None
    assert dot.top < dot.y < dot.bottom
    assert dot.says == "2016-17: 30% (16% to 48%)"


def test_a_single_year_of_comparators_is_a_short_stroke() -> None:
    others = tuple(line(f"20000{place}", {BEFORE: 50.0 + place}) for place in range(3))
    found = drawn(shape(judge(case(comparators=others))))
    (band,), (mean,) = found.bands, found.means
    assert (len(band.split()), len(mean.split())) == (4, 2)


def test_one_comparator_has_a_mean_and_no_spread() -> None:
    found = drawn(shape(judge(case(comparators=(line("200000", {BEFORE: 50.0, AFTER: 55.0}),)))))
    assert (found.bands, len(found.means)) == ((), 1)


def test_years_are_thinned_where_there_is_little_room() -> None:
    figures = {f"{year}-{(year + 1) % 100:02d}": 50.0 for year in range(2015, 2026)}
    asked = case(school=line("100000", figures))
    wide, narrow = drawn(shape(judge(asked))), drawn(shape(judge(asked)), width=340)
    assert (len(wide.years), len(narrow.years)) == (11, 6)
    assert narrow.years[-1].text == "25/26", "the newest year is always named"


def test_small_changes_do_not_look_large() -> None:
    asked = case(school=line("100000", {BEFORE: -0.02, AFTER: 0.01}), outcome=OUTCOMES["ks4_progress8"], comparators=())
    found = drawn(shape(judge(asked)))
    assert [tick.text for tick in found.ticks] == [f"{MINUS}0.75", f"{MINUS}0.5", f"{MINUS}0.25", "0", "0.25", "0.5"]
    assert abs(found.dots[0].y - found.dots[1].y) < 10


def test_nothing_known_is_not_drawn() -> None:
    assert picture(never_shape("100000", "inspection", "Never.")) is None
    assert picture(shape(judge(case(school=line("100000", {}), comparators=())))) is None


def test_one_year_stands_in_the_middle() -> None:
    said = shape(judge(case()))
    one = drawn(said | {"series": said["series"][1:2], "expected_without_support": None})
    assert one.dots[0].x == (one.left + one.right) / 2
    assert one.begins is None


def test_figures_that_were_fixed_stand_over_later_ones() -> None:
    then, now = line("100000", {BEFORE: 30.0}), line("100000", {BEFORE: 90.0, AFTER: 52.0})
    found = fixed_over(now, as_kept(then, [BEFORE, AFTER]))
    assert {period: figure.value for period, figure in found.figures.items()} == {BEFORE: 30.0, AFTER: 52.0}


def test_a_case_is_read() -> None:
    found = read_case(
        '{"urn": 110705, "started_on": "2016-09-01", "ended_on": null, "outcome": "PTRWM_EXP", "comparators": ["111933"], "x": 1}'
    )
    assert (found.urn, found.started_on, found.ended_on, found.comparators) == ("110705", date(2016, 9, 1), None, ("111933",))
    assert found.outcome is OUTCOMES["ks2_rwm_expected"]
    assert found.ignored == ("x",)
    never = read_case('{"urn": "110705", "started_on": "2016-09-01", "ended_on": "2017-01-01", "outcome": "Ofsted"}')
    assert (never.outcome, never.ended_on, never.comparators) == (None, date(2017, 1, 1), None)
    assert never.never.startswith("Inspection outcomes are never compared")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{", ["This is not JSON"]),
        ("[]", ["A case is written as"]),
        ("{}", ["urn: it is missing", "started_on: None is not a day", "outcome: there is none called None"]),
        (
            '{"urn": true, "started_on": 5, "ended_on": "soon", "outcome": "ks2_rwm_expected", "comparators": "all"}',
            ["urn: True is no number", "started_on: 5 is not a day", "ended_on: 'soon' is not a day", "comparators: give a list of URNs"],
        ),
        (
            '{"urn": "110705", "started_on": "2016-09-01", "outcome": "PTRWM_EXP", "comparators": ["111933", "x"]}',
            ["comparators, 2: 'x' is not a URN"],
        ),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_read_says_everything_at_once(text: str, problems: list[str]) -> None:
    with pytest.raises(CaseRefused) as refused:
        read_case(text)
    assert [said.startswith(start) for said, start in zip(refused.value.problems, problems, strict=True)] == [True] * len(problems)


def test_support_that_has_not_begun_is_said_to_begin() -> None:
    said = shape(judge(case(started_on=date(2017, 1, 10))))
    for begun, word in ((True, "support began"), (False, "support begins")):
        found = picture(said, begun=begun)
        assert found is not None
        assert (found.begun, {row.role for row in words.rows(said, begun=begun) if row.role.startswith("support")}) == (begun, {word})
