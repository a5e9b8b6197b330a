"""A school's lines in words: what stands out first, each figure once, and nothing left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.indicators import INDICATORS
from convenor.intelligence.rules.lines import SOFT_SIGNAL, Assessment, Level, Line, NotAssessable, assess, silent
from convenor.intelligence.rules.showing import GROUPS, LineShown, name_of, number, period_says, shown
from convenor.intelligence.rules.weights import CURRENT


def line(code: str = "ATT", level: Level | None = None, value: float | None = 48.0, **more: object) -> Line:
    """One line of key stage 2 results, or as told."""
    given: dict[str, object] = {
        "unit": "%", "period": "2023-24", "cohort": 31, "low": 32.2, "high": 65.4, "comparator": 66.0,
        "comparator_says": "the mean of 50 similar schools", "contribution": 22.1, "maximum": 30, "edition": "ks2-2024",
        "measure": "ks2_rwm_expected", "says": "The interval lies below the mean.",
    }  # fmt: skip
    return Line(code, level, value, **(given | more))  # type: ignore[arg-type]


def of(*lines: Line, missing: tuple[NotAssessable, ...] = (), score: float = 22.1, uncertainty: float = 0.0) -> Assessment:
    """An assessment of these lines."""
    return assess(
        urn="990001", phase="Primary", lines=lines, not_assessable=missing, score=score, score_maximum=100, uncertainty=uncertainty
    )


def one(*args: object, **more: object) -> LineShown:
    """One line as it is shown."""
    return shown(of(line(*args, **more))).told[0]  # type: ignore[arg-type]


def test_lines_that_stand_out_come_first_by_their_level() -> None:
    page = shown(of(line("HD", Level.NOTE), line("ATT", Level.MEDIUM), line("INS", Level.HIGH), line("ABS")))
    assert [each.code for each in page.out] == ["INS", "ATT", "HD"]
    assert [(name, [each.code for each in some]) for name, some in page.quiet] == [("Attendance", ["ABS"])]
    assert [each.code for each in page.told] == ["INS", "ATT", "HD", "ABS"]
    assert [each.flagged for each in page.told] == [True, True, True, False]


def test_level_is_said_by_what_it_does_and_never_as_a_grade() -> None:
    assert {level: one("ATT", level).level_says for level in (*Level, None)} == {
        Level.HIGH: "suggests a conversation by itself",
        Level.MEDIUM: "three of these together suggest a conversation",
        Level.NOTE: "worth knowing, and never counts",
        None: "",
    }


def test_a_figure_is_said_with_its_pupils_its_chance_and_its_year() -> None:
    seen = one()
    assert (seen.figure, seen.pupils, seen.of_pupils, seen.interval, seen.year) == ("48%", "31 pupils", True, "32% to 65%", "2023/24")
    assert (seen.comparator, seen.comparator_says) == ("66%", "the mean of 50 similar schools")
    assert (seen.points, seen.edition, seen.entered, seen.strip) == ("22.1 of at most 30 points", "ks2-2024", False, True)


def test_what_the_sentence_says_is_not_said_again() -> None:
    seen = one(says="The whole interval lies below 66 %, the mean of 50 similar schools.")
    assert (seen.comparator, seen.comparator_says, seen.against) == ("", "", 66.0)
    assert one("AGE", value=8.4, unit="years", comparator=5, comparator_says="5 years", measure="").comparator_says == ""


def test_years_together_are_said_so() -> None:
    seen = one(pooled=True, periods=("2021-22", "2022-23", "2023-24"), cohort=24, care=True)
    assert (seen.year, seen.pupils) == ("2021/22 to 2023/24 together", "24 pupils, 3 years together")
    assert seen.care == "Fewer than 30 pupils: to be read with care."
    assert one(periods=("2023-24",)).year == "2023/24"


def test_a_share_of_sessions_is_no_share_of_pupils() -> None:
    assert {code: one(code).of_pupils for code in ("ATT", "PAB", "ABS", "TRD", "ROL")} == {
        "ATT": True, "PAB": True, "ABS": False, "TRD": False, "ROL": False,
    }  # fmt: skip


def test_pupils_on_roll_are_not_counted_twice() -> None:
    assert one("ROL", value=-4.0, measure="pupils_on_roll", cohort=180).pupils == ""
    assert one(cohort=1).pupils == "1 pupil"
    assert one(cohort=None).pupils == ""


@pytest.mark.parametrize(
    ("value", "unit", "measure", "said"),
    [
        (48.0, "%", "ks2_rwm_expected", "48%"),
        (46.82, "points", "ks4_attainment8", "46.8 points"),
        (-0.31, "grades", "ks4_progress8", "−0.31 grades"),
        (8.44, "years", "", "8.4 years"),
        (1.0, "years", "", "1 year"),
        (5.0, "years", "", "5 years"),
        (12.5, "", "", "12.5"),
        (None, "%", "", ""),
    ],
)
def test_figures_carry_their_unit(value: float | None, unit: str, measure: str, said: str) -> None:
    assert one("ATT", Level.NOTE, value, unit=unit, measure=measure).figure == said


def test_entered_lines_say_so_and_name_no_link() -> None:
    seen = one("GOV", Level.MEDIUM, None, edition="", measure="", maximum=0, says="The chair is vacant. Entered by the school.")
    assert (seen.entered, seen.link, seen.points, seen.strip) == (True, "", "", False)


def test_soft_signals_and_parts_of_the_score_have_names() -> None:
    assert [name_of(code) for code in (SOFT_SIGNAL, "ATT", *(family.code for family in CURRENT.families), "XYZ")][-1] == "XYZ"
    assert name_of(SOFT_SIGNAL) == "Soft signal"
    assert [name_of(family.code) for family in CURRENT.families if family.code not in INDICATORS] == [
        family.name for family in CURRENT.families if family.code not in INDICATORS
    ]


def test_a_line_without_a_figure_that_can_be_told_is_told() -> None:
    """An inspection is words; it stands among the lines although it has no figure and is not flagged."""
    page = shown(of(line("INS", None, None, unit="", says="Good, as judged before September 2024.", maximum=0)))
    assert [each.says for each in page.told] == ["Good, as judged before September 2024."]


def test_what_cannot_be_told_stands_with_its_reason() -> None:
    missing = (
        NotAssessable("DIS", "Suppressed by the publisher."),
        NotAssessable("GOV", "4 pupils: too few"),
        NotAssessable("XYZ", "DfE says so"),
    )
    page = shown(of(silent("DIS", unit="%", reason="x", maximum=10, contribution=5.0), silent("GOV", unit="", reason="y"), missing=missing))
    assert page.told == ()
    assert [(each.code, each.reason, each.points) for each in page.silent] == [
        ("DIS", "suppressed by the publisher", "5.0 of at most 10 points"), ("GOV", "4 pupils: too few", ""), ("XYZ", "DfE says so", ""),
    ]  # fmt: skip
    assert [each.asks != "" for each in page.silent] == [False, True, False]


def test_the_score_is_the_sum_of_its_parts_with_its_uncertainty() -> None:
    page = shown(of(line(), line("INS", maximum=0, contribution=0.0), score=22.13, uncertainty=4.0))
    assert (page.score, page.score_maximum, page.uncertainty) == ("22.1", "100", "4.0")
    assert [(part.name, part.points, part.maximum, part.share) for part in page.parts] == [("Attainment", "22.1", 30, 73.7)]
    assert shown(of(line(), uncertainty=0.0)).uncertainty == ""


def test_an_indicator_that_no_subject_holds_is_not_lost() -> None:
    page = shown(of(line("XYZ")))
    assert [(name, [each.code for each in some]) for name, some in page.quiet] == [("Other", ["XYZ"])]
    assert (page.told[0].about, page.told[0].flags) == ("", "")


def test_every_indicator_has_its_subject() -> None:
    assert set(INDICATORS) - {code for _name, codes in GROUPS for code in codes} == set()


def test_suggestion_names_its_indicators() -> None:
    page = shown(of(line("INS", Level.HIGH)))
    assert (page.suggested, page.suggested_by) == (True, ("Inspection",))


@given(
    st.lists(st.tuples(st.sampled_from(sorted(INDICATORS)), st.sampled_from([None, *Level]), st.booleans()), unique_by=lambda each: each[0])
)
def test_no_line_is_lost_and_none_is_shown_twice(chosen: list[tuple[str, Level | None, bool]]) -> None:
    quiet = {code for code, level, withheld in chosen if withheld and level is None}
    lines = [silent(code, unit="%", reason="x") if code in quiet else line(code, level) for code, level, _ in chosen]
    page = shown(of(*lines, missing=tuple(NotAssessable(code, "x") for code in sorted(quiet))))
    assert sorted([each.code for each in page.told] + [each.code for each in page.silent]) == sorted(code for code, _, _ in chosen)


@pytest.mark.parametrize(
    ("period", "said"), [("2023-24", "2023/24"), ("2018-01-17", "17 January 2018"), ("2026", "2026"), ("2026-27", "2026/27"), ("", "")]
)
def test_periods_are_said_as_people_say_them(period: str, said: str) -> None:
    assert period_says(period) == said


@pytest.mark.parametrize(("value", "places", "said"), [(1234.5, 1, "1,234.5"), (-0.31, 2, "−0.31"), (-0.01, 1, "0.0"), (0.0, 0, "0")])
def test_numbers_have_a_true_minus(value: float, places: int, said: str) -> None:
    assert number(value, places) == said


def test_a_line_without_a_year_says_none() -> None:
    assert one(period="").year == ""


def test_points_that_come_from_elsewhere_say_so() -> None:
    seen = one("PRG", points_says="Attainment stands in for it.")
    assert seen.points == "22.1 of at most 30 points. Attainment stands in for it"
