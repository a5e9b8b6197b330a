"""What schools and reviewers answer: days with the fewest taps, kept one way; at most three themes; so many reviews."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules.answers import (
    AnswerRefused,
    Days,
    Which,
    as_marked,
    check_focus,
    check_reviews,
    days_of,
    weeks_of,
)

MONDAY = date(2027, 1, 11)
TWO_WEEKS = tuple(MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11))


def test_any_day_needs_no_mark():
    assert days_of(Which.ANY, [MONDAY], TWO_WEEKS) == Days()
    assert days_of(Which.NOT, [], TWO_WEEKS) == Days()
    assert Days().suits(date(2030, 1, 1)) is True


def test_marked_days_are_left_out_or_kept():
    assert days_of(Which.NOT, TWO_WEEKS[2:], TWO_WEEKS) == Days(False, TWO_WEEKS[:2])
    kept = days_of(Which.ONLY, TWO_WEEKS[:1], TWO_WEEKS)
    assert (kept, kept.suits(MONDAY), kept.suits(TWO_WEEKS[1])) == (Days(False, (MONDAY,)), True, False)


@pytest.mark.parametrize(
    ("which", "marked", "says"),
    [
        (Which.ONLY, (), "Mark at least one day, or choose any school day. Nothing was changed."),
        (Which.NOT, TWO_WEEKS, "You marked every day, so none is left. Mark fewer, or say not this time. Nothing was changed."),
        (
            Which.ONLY,
            (date(2027, 1, 16),),
            "A day you marked is no school day of this round any more. Look at the days again. Nothing was changed.",
        ),
    ],
)
def test_days_that_cannot_be_are_refused(which, marked, says):
    with pytest.raises(AnswerRefused) as refusal:
        days_of(which, marked, TWO_WEEKS)
    assert (str(refusal.value), refusal.value.field) == (says, "days")


@given(st.sets(st.sampled_from(TWO_WEEKS), min_size=1))
def test_an_answer_shown_again_and_sent_unchanged_is_the_same(suit):
    kept = Days(False, tuple(sorted(suit)))
    which, marked = as_marked(kept, TWO_WEEKS)
    again = days_of(which, marked, TWO_WEEKS)
    assert {day for day in TWO_WEEKS if again.suits(day)} == suit
    assert len(marked) <= len(TWO_WEEKS) // 2


def test_any_day_is_shown_as_any_day():
    assert as_marked(Days(), TWO_WEEKS) == (Which.ANY, ())


def test_weeks_hold_their_school_days():
    assert [(each.monday, each.days) for each in weeks_of(TWO_WEEKS)] == [
        (MONDAY, TWO_WEEKS[:5]),
        (MONDAY + timedelta(days=7), TWO_WEEKS[5:]),
    ]


def test_focus_is_at_most_three_known_themes():
    assert check_focus(["writing", "reading"]) == ("reading", "writing")
    for keys in (["latin"], ["reading", "writing", "science", "mathematics"]):
        with pytest.raises(AnswerRefused) as refusal:
            check_focus(keys)
        assert refusal.value.field == "focus"


def test_reviews_are_from_none_to_six():
    assert [check_reviews(each) for each in (0, 6)] == [0, 6]
    for each in (-1, 7):
        with pytest.raises(AnswerRefused):
            check_reviews(each)
