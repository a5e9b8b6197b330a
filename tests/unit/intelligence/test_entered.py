"""What people enter of a school: which answers can be, what they weigh, how long they stand, and which of two sources counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.entered import (
    AREAS,
    QUESTIONS,
    Answer,
    AnswerRefused,
    Given,
    expires_on,
    fresh,
    judge,
    lines_of,
    read_answer,
)
from convenor.intelligence.rules.indicators import ENTERED
from convenor.intelligence.rules.lines import Level, suggested_by

ON = date(2026, 11, 2)


def answer(code: str, *ticks: str, **numbers: int) -> Answer:
    return read_answer(code, ticks=ticks, numbers=numbers)


def given_by(code: str, *ticks: str, own: bool = True, on: date = ON, disputed: bool = False, **numbers: int) -> Given:
    return Given(answer(code, *ticks, **numbers), on, "the school" if own else "officer", own, disputed)


def test_every_question_is_of_an_indicator_that_is_entered() -> None:
    assert set(QUESTIONS) == set(ENTERED)
    assert next(each.name for each in QUESTIONS.values()) == "Headship"
    assert (len(AREAS), QUESTIONS["SELF"].own) == (8, True)


@pytest.mark.parametrize(
    ("code", "ticks", "numbers", "level", "says"),
    [
        ("HD", ["settled"], {}, None, "A permanent head, more than a year in post."),
        ("HD", ["first-year"], {}, Level.NOTE, "A permanent head, in their first year."),
        ("HD", ["acting", "changes"], {}, Level.MEDIUM,
         "An acting or interim head. The headship changed 2 times or more in the last three years."),
        ("HD", ["first-year", "changes"], {}, Level.MEDIUM,
         "A permanent head, in their first year. The headship changed 2 times or more in the last three years."),
        ("STF", ["none"], {}, None, "Neither of these."),
        ("GOV", [], {"empty": 3, "places": 12}, None, "3 of 12 places on the board are empty."),
        ("GOV", [], {"empty": 4, "places": 12}, Level.MEDIUM, "4 of 12 places on the board are empty."),
        ("GOV", ["chair"], {}, Level.MEDIUM, "The chair is vacant."),
        ("ROL", [], {"unfilled": 60, "places": 210}, Level.MEDIUM, "60 of 210 places are unfilled."),
        ("ROL", ["preferences"], {}, Level.MEDIUM, "First preferences fell two years running."),
        ("FIN", ["deficit"], {}, Level.MEDIUM, "There is a cumulative deficit."),
        ("CMP", ["send"], {}, None, ""),
        ("CMP", ["send"], {"upheld": 2}, None, "2 upheld in twelve months."),
        ("CMP", [], {"upheld": 3}, Level.MEDIUM, "3 upheld in twelve months."),
        ("SUS", [], {"latest": 9, "before": 4}, None, "9 in the last school year, 4 three years before."),
        ("SUS", [], {"latest": 10, "before": 5}, Level.MEDIUM, "10 in the last school year, 5 three years before."),
        ("SUS", [], {"latest": 19, "before": 10}, None, "19 in the last school year, 10 three years before."),
        ("SUS", [], {}, None, ""),
        ("SELF", ["none"], {}, None, "In none at present."),
        ("SELF", ["finance"], {}, Level.NOTE, "Finance."),
    ],
)  # fmt: skip
def test_an_answer_weighs_what_the_threshold_says(
    code: str, ticks: list[str], numbers: dict[str, int], level: Level | None, says: str
) -> None:
    judged = judge(answer(code, *ticks, **numbers))
    assert (judged.level, judged.says) == (level, says)


def test_a_number_is_held_against_its_threshold() -> None:
    judged = judge(answer("GOV", empty=4, places=12))
    assert (judged.value, judged.unit, judged.comparator, judged.comparator_says) == (33.3, "%", 25.0, "25 %, our threshold")


@pytest.mark.parametrize(
    ("code", "ticks", "numbers", "field", "message"),
    [
        ("ATT", [], {}, "ATT", "ATT is not something that is entered: it is worked out from what is published. Nothing was changed."),
        ("HD", ["off-sick"], {}, "HD", "Headship has no such answer. Nothing was changed."),
        ("HD", ["settled", "vacant"], {}, "HD",
         "“A permanent head, more than a year in post” cannot stand together with another answer. Untick one. Nothing was changed."),
        ("GOV", [], {"empty": 13, "places": 12}, "GOV.empty", "Places empty now: 13 of 12 cannot be. Nothing was changed."),
        ("GOV", [], {"empty": 0, "places": 0}, "GOV.empty", "Places empty now: 0 of 0 cannot be. Nothing was changed."),
        ("GOV", [], {"empty": 1}, "GOV.empty", "Places empty now: a share needs both numbers. Give both or neither. Nothing was changed."),
        ("GOV", [], {"places": 1}, "GOV.empty", "Places empty now: a share needs both numbers. Give both or neither. Nothing was changed."),
        ("CMP", [], {"upheld": -1}, "CMP.upheld",
         "Complaints upheld in the last twelve months: enter a whole number from 0 to 500. Nothing was changed."),
        ("CMP", [], {"upheld": 501}, "CMP.upheld",
         "Complaints upheld in the last twelve months: enter a whole number from 0 to 500. Nothing was changed."),
        ("HD", [], {"heads": 1}, "HD", "Headship asks for no such number. Nothing was changed."),
        ("SUS", [], {"latest": 9}, "SUS.before",
         "One year alone says nothing about a change. Give both years or neither. Nothing was changed."),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_so_is_refused(code: str, ticks: list[str], numbers: dict[str, int], field: str, message: str) -> None:
    with pytest.raises(AnswerRefused) as told:
        read_answer(code, ticks=ticks, numbers=numbers)
    assert (told.value.field, str(told.value)) == (field, message)


@given(st.integers(-5, 80), st.integers(-5, 80))
def test_a_share_is_never_over_a_hundred_per_cent(empty: int, places: int) -> None:
    try:
        judged = judge(answer("GOV", empty=empty, places=places))
    except AnswerRefused:
        assert empty > places or min(empty, places) < 0 or max(empty, places) > 60 or places == 0
    else:
        assert judged.value is not None
        assert 0 <= judged.value <= 100
        assert judged.level is (Level.MEDIUM if 4 * empty > places else None)


@pytest.mark.parametrize(
    ("day", "ends"), [(date(2025, 3, 1), date(2026, 3, 1)), (date(2024, 2, 29), date(2025, 3, 1)), (date(2023, 2, 28), date(2024, 2, 28))]
)
def test_what_was_so_stands_for_a_year(day: date, ends: date) -> None:
    assert expires_on(day) == ends
    assert (fresh(day, on=ends - timedelta(days=1)), fresh(day, on=ends), fresh(day, on=day - timedelta(days=1))) == (True, False, False)


def said(*given_: Given) -> list[tuple[str, Any, str]]:
    return [(each.code, each.level, each.says) for each in lines_of(given_, on=ON)]


def test_lines_come_in_the_catalogues_order_and_empty_answers_say_nothing() -> None:
    lines = lines_of([given_by("FIN", "deficit"), given_by("HD", "vacant"), given_by("SUS")], on=ON)
    assert [(each.code, each.level, each.maximum, each.contribution, each.period) for each in lines] == [
        ("HD", Level.MEDIUM, 0, 0.0, "on 2 November 2026"), ("FIN", Level.MEDIUM, 0, 0.0, "on 2 November 2026"),
    ]  # fmt: skip


def test_an_old_answer_is_set_aside() -> None:
    assert said(given_by("FIN", "deficit", on=date(2025, 11, 2))) == []
    assert len(said(given_by("FIN", "deficit", on=date(2025, 11, 3)))) == 1


def test_the_newest_answer_of_a_source_counts() -> None:
    before, now = given_by("HD", "vacant", on=date(2026, 9, 1)), given_by("HD", "first-year")
    assert said(now, before) == [("HD", Level.NOTE, "A permanent head, in their first year. Entered by the school.")]


def test_anothers_word_stands_alone_where_the_school_has_said_nothing() -> None:
    assert said(given_by("HD", "vacant", own=False)) == [
        ("HD", Level.MEDIUM, "The post is vacant, or will be by the end of term. Entered by officer.")
    ]


def test_what_the_school_answered_since_makes_anothers_word_a_note() -> None:
    other = given_by("HD", "vacant", own=False, on=date(2026, 9, 1))
    assert said(other, given_by("HD", "settled")) == [
        ("HD", None, "A permanent head, more than a year in post. Entered by the school."),
        (
            "HD",
            Level.NOTE,
            "The post is vacant, or will be by the end of term. Entered by officer. The school has answered otherwise since.",
        ),
    ]


def test_what_another_says_later_counts_until_the_school_answers() -> None:
    own, other = given_by("HD", "settled", on=date(2026, 9, 1)), given_by("HD", "vacant", own=False)
    assert [level for _, level, _ in said(own, other)] == [None, Level.MEDIUM]


def test_another_that_says_the_same_adds_no_line() -> None:
    assert len(said(given_by("HD", "vacant"), given_by("HD", "acting", own=False))) == 1
    assert len(said(given_by("HD", "vacant"), given_by("HD", "settled", own=False))) == 1


def test_a_disputed_word_of_another_is_a_note_with_the_dispute_beside_it() -> None:
    assert said(given_by("FIN", "deficit", own=False, disputed=True)) == [
        ("FIN", Level.NOTE, "There is a cumulative deficit. Entered by officer. The school disputes this.")
    ]


def test_the_schools_own_view_suggests_by_itself() -> None:
    lines = lines_of([given_by("SELF", "finance", "staffing")], on=ON)
    assert suggested_by((each.code, each.level) for each in lines) == ("SELF",)
    assert [(each.contribution, each.maximum) for each in lines] == [(0.0, 0)]
